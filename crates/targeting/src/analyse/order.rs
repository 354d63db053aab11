//! What the rules of one list take from each other.

use super::{
    Rule,
    finding::{Because, Finding, FindingKind, Proof, Severity},
    inside::{places, product},
    sentence::{capital, list, quoted, rules as spelled},
    term::{Term, World},
    tree::{Part, Tree},
};

/// Ways in which a rule could hold, of which a proof explains so many.
const MOST_WAYS: usize = 8;

/// A rule that may match, with the ways in which it can.
pub(super) struct Live<'r> {
    pub(super) rule: &'r Rule,
    pub(super) terms: Vec<Term>,
}

/// What there is to say of a rule that stands after others.
pub(super) fn shadows(
    live: &Live<'_>,
    earlier: &[Live<'_>],
    always: &World<'_>,
    usual: &World<'_>,
) -> Vec<Finding> {
    if let Some(same) = earlier.iter().find(|other| other.rule.tree.same(&live.rule.tree)) {
        return vec![duplicate(live, same)];
    }
    let left = rest(&live.terms, earlier, always);
    if let Some(rules) = covering(&live.terms, left.as_deref(), earlier, always) {
        return vec![shadowed(live, earlier, &rules, always, true)];
    }
    if usual.proves_more() {
        let left = rest(&live.terms, earlier, usual);
        if let Some(rules) = covering(&live.terms, left.as_deref(), earlier, usual) {
            return vec![shadowed(live, earlier, &rules, usual, false)];
        }
    }
    let mut findings = Vec::new();
    if let Some(left) = left {
        partly(live, &live.rule.tree, &left, earlier, always, &mut findings);
    }
    findings.extend(overridden(live, earlier, always));
    findings
}

/// What earlier rules leave of some terms; none where it falls into too many pieces.
fn rest<'r>(
    terms: &[Term],
    earlier: impl IntoIterator<Item = &'r Live<'r>>,
    world: &World<'_>,
) -> Option<Vec<Term>> {
    let mut earlier = earlier.into_iter();
    earlier.try_fold(terms.to_vec(), |left, other| world.minus(&left, &other.terms))
}

/// Earlier rules that together take everyone who meets some terms, and none of which could be left
/// out; none where that is not proven. `left` is what all of them leave, where that is known.
fn covering(
    terms: &[Term],
    left: Option<&[Term]>,
    earlier: &[Live<'_>],
    world: &World<'_>,
) -> Option<Vec<usize>> {
    if left.is_some_and(|left| !left.is_empty()) {
        return None;
    }
    let cover = |others: &[&Live<'_>]| {
        let left = rest(terms, others.iter().copied(), world);
        left.is_some_and(|left| left.is_empty())
    };
    if let Some(one) = earlier.iter().find(|other| cover(&[other])) {
        return Some(vec![one.rule.index]);
    }
    let mut kept: Vec<&Live<'_>> = earlier.iter().collect();
    if !cover(&kept) {
        return None;
    }
    let mut i = kept.len();
    while 0 < i {
        i -= 1;
        let removed = kept.remove(i);
        if !cover(&kept) {
            kept.insert(i, removed);
        }
    }
    Some(kept.iter().map(|other| other.rule.index).collect())
}

fn duplicate(live: &Live<'_>, same: &Live<'_>) -> Finding {
    let earlier = spelled(&[same.rule.index]);
    Finding {
        rule: live.rule.index,
        at: String::new(),
        severity: Severity::Warning,
        kind: FindingKind::DuplicateRule,
        message: format!("This rule is never reached: {earlier} has the same conditions."),
        proof: Proof::SameAs { rule: same.rule.index, at: String::new() },
        certain: true,
    }
}

fn shadowed(
    live: &Live<'_>,
    earlier: &[Live<'_>],
    rules: &[usize],
    world: &World<'_>,
    certain: bool,
) -> Finding {
    let takes = if rules.len() == 1 { "already takes" } else { "already take" };
    let who = spelled(rules);
    let message = if certain {
        let together = if rules.len() == 1 { "" } else { " together" };
        format!("This rule is never reached: {who}{together} {takes} everyone who meets it.")
    } else {
        format!(
            "This rule may never be reached: by the countries that each continent usually has, {who} {takes} everyone who meets it."
        )
    };
    let because = match rules {
        [one] => earlier
            .iter()
            .find(|other| other.rule.index == *one)
            .map_or_else(Vec::new, |other| because(live, other, world)),
        _ => Vec::new(),
    };
    Finding {
        rule: live.rule.index,
        at: String::new(),
        severity: Severity::Warning,
        kind: FindingKind::Shadowed,
        message,
        proof: Proof::CoveredBy { rules: rules.to_vec(), because },
        certain,
    }
}

/// Why each condition of an earlier rule holds wherever a later rule does.
fn because(live: &Live<'_>, earlier: &Live<'_>, world: &World<'_>) -> Vec<Because> {
    let mut reasons = Vec::new();
    for term in live.terms.iter().take(MOST_WAYS) {
        let takes = |other: &&Term| {
            let left = world.minus(std::slice::from_ref(term), std::slice::from_ref(other));
            left.is_some_and(|left| left.is_empty())
        };
        let Some(taken_by) = earlier.terms.iter().find(takes) else { continue };
        for piece in &taken_by.made_of {
            let outside = piece.set.outside(world.variables.universe(piece.variable));
            let against = outside.iter().map(|set| Term::of("", piece.variable, set));
            let cores = against.flat_map(|against| world.core(term, &against));
            let given = places(cores.map(|core| core.at));
            let reason = Because { condition: piece.at.to_string(), given };
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    reasons
}

/// Says which listed values and which parts under `any` nobody gets to, though others get to the
/// rule.
fn partly(
    live: &Live<'_>,
    tree: &Tree,
    left: &[Term],
    earlier: &[Live<'_>],
    world: &World<'_>,
    findings: &mut Vec<Finding>,
) {
    // The earlier rules that take all of those of a rule who meet some terms, where any do.
    let taken_by = |some: &[Term]| -> Option<Vec<usize>> {
        let is_left = product(left, some, world).is_none_or(|left| !left.is_empty());
        if is_left {
            return None;
        }
        let own = product(&live.terms, some, world).filter(|own| !own.is_empty())?;
        covering(&own, None, earlier, world)
    };
    let finding = |at: &str, message: String, values: Vec<String>, rules: Vec<usize>| Finding {
        rule: live.rule.index,
        at: at.to_owned(),
        severity: Severity::Warning,
        kind: FindingKind::PartlyShadowed,
        message,
        proof: Proof::Taken { values, rules },
        certain: true,
    };
    match &tree.part {
        Part::Not(_) => (),
        Part::All(parts) => {
            for part in parts {
                partly(live, part, left, earlier, world, findings);
            }
        }
        Part::Any(parts) => {
            for part in parts {
                let rules = part.terms(world).and_then(|terms| taken_by(&terms));
                let Some(rules) = rules else {
                    partly(live, part, left, earlier, world, findings);
                    continue;
                };
                let name = match &part.part {
                    Part::Test(condition) => quoted(&[&condition.sentence]),
                    _ => "what this part lets through".to_owned(),
                };
                let message = format!(
                    "{} already {} everyone of whom {name} holds, so this part is never reached.",
                    capital(&spelled(&rules)),
                    if rules.len() == 1 { "takes" } else { "take" },
                );
                findings.push(finding(&part.at, message, Vec::new(), rules));
            }
        }
        Part::Test(condition) => {
            let (mut values, mut rules) = (Vec::new(), Vec::new());
            for (value, set) in &condition.listed {
                if let Some(by) = taken_by(&[Term::of("", condition.variable, set)]) {
                    values.push(value.clone());
                    rules.extend(by);
                }
            }
            if !values.is_empty() {
                rules.sort_unstable();
                rules.dedup();
                let message = format!(
                    "Of what “{}” lists, {} already {} {}, so nobody of those gets here.",
                    condition.field.field().label,
                    spelled(&rules),
                    if rules.len() == 1 { "takes" } else { "take" },
                    list(&values),
                );
                findings.push(finding(&tree.at, message, values, rules));
            }
        }
    }
}

/// Rules that somebody wrote and that may take visitors from one of a fixed shape, other than by
/// picking out some of its own.
fn overridden(live: &Live<'_>, earlier: &[Live<'_>], world: &World<'_>) -> Option<Finding> {
    if live.rule.tier == 0 {
        return None;
    }
    let overrides = |other: &&Live<'_>| {
        let meets = product(&live.terms, &other.terms, world).is_some_and(|both| !both.is_empty());
        let left = world.minus(&other.terms, &live.terms);
        meets && left.is_some_and(|left| !left.is_empty())
    };
    let written = earlier.iter().filter(|other| other.rule.tier == 0);
    let rules: Vec<usize> = written.filter(overrides).map(|other| other.rule.index).collect();
    if rules.is_empty() {
        return None;
    }
    let comes = if rules.len() == 1 { "comes" } else { "come" };
    let message = format!(
        "{} {comes} before this {}, whatever the priorities, so it may not get everyone who meets it.",
        capital(&spelled(&rules)),
        tier_name(live.rule.tier),
    );
    Some(Finding {
        rule: live.rule.index,
        at: String::new(),
        severity: Severity::Note,
        kind: FindingKind::Overridden,
        message,
        proof: Proof::Before { rules, tier: live.rule.tier },
        certain: false,
    })
}

/// What the rules of a tier are, by Short.io's words.
fn tier_name(tier: u8) -> &'static str {
    match tier {
        1 => "region target",
        2 => "country target",
        3 => "platform target",
        4 => "split",
        _ => "rule",
    }
}
