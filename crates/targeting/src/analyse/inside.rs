//! What one rule's conditions say of each other.

use std::collections::BTreeMap;

use super::{
    finding::{Finding, FindingKind, Proof, Severity},
    sentence::{capital, quoted},
    set::Set,
    term::{MOST_TERMS, Term, World},
    tree::{Part, Tree},
};

/// Ways in which a rule could hold, of which a proof names so many.
const MOST_WAYS: usize = 16;

/// What it takes to look at one rule.
pub(super) struct Inside<'a> {
    rule: usize,
    always: &'a World<'a>,
    apart: &'a World<'a>,
    sentences: BTreeMap<&'a str, &'a str>,
    findings: Vec<Finding>,
}

/// The rule can never match; said by what is always or by what is usually so.
pub(super) fn contradiction(
    rule: usize,
    tree: &Tree,
    always: &World<'_>,
    usual: &World<'_>,
) -> Option<Finding> {
    let is_dead = |world: &World<'_>| tree.terms(world).is_some_and(|terms| terms.is_empty());
    let certain = is_dead(always);
    let usually = || usual.proves_more() && is_dead(usual);
    if !certain && !usually() {
        return None;
    }
    let ways = ways(tree, if certain { always } else { usual });
    let sentences = tree.sentences();
    let message = match (ways.as_slice(), certain) {
        ([way], true) => match named(way, &sentences).as_slice() {
            [one] => format!("{} never holds, so this rule can never match.", quoted(&[one])),
            several => format!(
                "This rule can never match: {} cannot hold together.",
                quoted(several)
            ),
        },
        ([way], false) => format!(
            "This rule may never match: by the countries that each continent usually has, {} do not hold together.",
            quoted(&named(way, &sentences))
        ),
        (_, true) => {
            "This rule can never match: each way in which it could hold contradicts itself."
                .to_owned()
        }
        (_, false) => {
            "This rule may never match: by the countries that each continent usually has, no way is left in which it could hold."
                .to_owned()
        }
    };
    Some(Finding {
        rule,
        at: String::new(),
        severity: Severity::Warning,
        kind: FindingKind::NeverMatches,
        message,
        proof: Proof::Contradiction { conditions: ways },
        certain,
    })
}

/// What is idle in a rule that can match.
pub(super) fn idle(
    rule: usize,
    tree: &Tree,
    always: &World<'_>,
    apart: &World<'_>,
) -> Vec<Finding> {
    let mut inside =
        Inside { rule, always, apart, sentences: tree.sentences(), findings: Vec::new() };
    inside.look(tree, &[Term::default()]);
    inside.findings
}

impl<'a> Inside<'a> {
    /// Looks at a part that decides where all of `given` holds.
    fn look(&mut self, tree: &'a Tree, given: &[Term]) {
        match &tree.part {
            Part::Test(_) => self.everyone(tree),
            Part::All(parts) => self.all(parts, given),
            Part::Any(parts) => {
                self.everyone(tree);
                self.any(parts, given);
            }
            // What is idle under a negation decides all the same whether it is known.
            Part::Not(_) => self.everyone(tree),
        }
    }

    fn all(&mut self, parts: &'a [Tree], given: &[Term]) {
        // From the last on, so that of two that say the same the later one is idle.
        let mut kept: Vec<&Tree> = parts.iter().collect();
        for (i, part) in parts.iter().enumerate().rev() {
            let is_this = |other: &&Tree| std::ptr::eq(*other, part);
            if let Some(same) = parts[..i].iter().find(|other| other.same(part)) {
                self.duplicate(part, same);
                kept.retain(|other| !is_this(other));
                continue;
            }
            let others = kept.iter().copied().filter(|other| !is_this(other));
            let Some(rest) = together(given, others, self.apart) else { continue };
            if self.follows(part, &[Term::default()]) {
                self.everyone(part);
                kept.retain(|other| !is_this(other));
            } else if self.follows(part, &rest) {
                self.always_true(part, &rest);
                kept.retain(|other| !is_this(other));
            }
        }
        for part in &kept {
            let others = kept.iter().copied().filter(|other| !std::ptr::eq(*other, *part));
            if let Some(rest) = together(given, others, self.apart) {
                self.look(part, &rest);
            }
        }
    }

    fn any(&mut self, parts: &'a [Tree], given: &[Term]) {
        let mut kept: Vec<&Tree> = parts.iter().collect();
        for (i, part) in parts.iter().enumerate().rev() {
            let is_this = |other: &&Tree| std::ptr::eq(*other, part);
            if let Some(same) = parts[..i].iter().find(|other| other.same(part)) {
                self.duplicate(part, same);
                kept.retain(|other| !is_this(other));
                continue;
            }
            let Some(terms) = part.terms(self.always) else { continue };
            let Some(met) = product(given, &terms, self.always) else { continue };
            if met.is_empty() {
                self.never_true(part, given);
                kept.retain(|other| !is_this(other));
                continue;
            }
            let others = kept.iter().filter(|other| !is_this(other));
            let others: Option<Vec<_>> = others.map(|other| other.terms(self.always)).collect();
            let Some(others) = others.map(|terms| terms.concat()) else { continue };
            if self.always.minus(&terms, &others).is_some_and(|left| left.is_empty()) {
                self.adds_nothing(part);
                kept.retain(|other| !is_this(other));
            }
        }
        for part in kept {
            self.look(part, given);
        }
    }

    /// Whether a part is true wherever terms hold, each field for itself.
    fn follows(&self, part: &Tree, given: &[Term]) -> bool {
        let left = part.terms(self.apart).and_then(|terms| self.apart.minus(given, &terms));
        left.is_some_and(|left| left.is_empty())
    }

    /// Says where a part is true for everyone, or for everyone of whom it is known.
    fn everyone(&mut self, part: &Tree) {
        let name = self.name(part);
        if self.follows(part, &[Term::default()]) {
            let message = format!("{name} is true for everyone, so it decides nothing.");
            let proof = Proof::Given { conditions: Vec::new() };
            self.push(part, Severity::Note, FindingKind::AlwaysTrue, &message, proof);
            return;
        }
        let Part::Test(condition) = &part.part else { return };
        let all = Set::of(self.apart.variables.universe(condition.variable).all());
        if !condition.exists && self.follows(part, &[Term::of("", condition.variable, &all)]) {
            let label = condition.field.field().label;
            let message =
                format!("{name} may decide nothing: it is true wherever “{label}” is known.");
            let proof = Proof::Given { conditions: Vec::new() };
            self.push(part, Severity::Note, FindingKind::AlwaysTrue, &message, proof);
            if let Some(finding) = self.findings.last_mut() {
                finding.certain = false;
            }
        }
    }

    fn always_true(&mut self, part: &Tree, given: &[Term]) {
        let places = match (given, &part.part) {
            ([given], Part::Test(condition)) => {
                let outside =
                    condition.yes.outside(self.apart.variables.universe(condition.variable));
                let against = outside.iter().map(|set| Term::of("", condition.variable, set));
                places(against.flat_map(|against| self.apart.core(given, &against)).map(|it| it.at))
            }
            _ => places(given.iter().flat_map(|term| &term.made_of).map(|piece| &piece.at)),
        };
        let name = self.name(part);
        let message = match named(&places, &self.sentences).as_slice() {
            [] => format!("{name} is always true here."),
            names => format!("{name} is always true here, since {} holds too.", quoted(names)),
        };
        let proof = Proof::Given { conditions: places };
        self.push(part, Severity::Note, FindingKind::AlwaysTrue, &message, proof);
    }

    fn never_true(&mut self, part: &Tree, given: &[Term]) {
        let terms = part.all_terms().unwrap_or_default();
        let pairs = terms.iter().flat_map(|term| given.iter().map(move |given| given.and(term)));
        let ways = pairs.take(MOST_WAYS).map(|term| {
            places(self.always.core(&term, &Term::default()).into_iter().map(|piece| piece.at))
        });
        let mut ways: Vec<_> = ways.collect();
        ways.sort();
        ways.dedup();
        let message = match ways.as_slice() {
            [way] => match named(way, &self.sentences).as_slice() {
                [one] => format!("{} never holds, so this part has no effect.", quoted(&[one])),
                several => {
                    format!("{} cannot hold together, so this part has no effect.", quoted(several))
                }
            },
            _ => "This part can hold for nobody, so it has no effect.".to_owned(),
        };
        let proof = Proof::Contradiction { conditions: ways };
        self.push(part, Severity::Warning, FindingKind::NeverTrue, &message, proof);
    }

    fn adds_nothing(&mut self, part: &Tree) {
        let message =
            format!("{} adds nothing: the other parts hold wherever it does.", self.name(part));
        let proof = Proof::Given { conditions: Vec::new() };
        self.push(part, Severity::Note, FindingKind::AddsNothing, &message, proof);
    }

    fn duplicate(&mut self, part: &Tree, same: &Tree) {
        let message = format!("{} stands here twice.", self.name(part));
        let proof = Proof::SameAs { rule: self.rule, at: same.at.clone() };
        self.push(part, Severity::Note, FindingKind::DuplicateCondition, &message, proof);
    }

    fn name(&self, part: &Tree) -> String {
        match &part.part {
            Part::Test(condition) => quoted(&[&condition.sentence]),
            _ => "This group".to_owned(),
        }
    }

    fn push(
        &mut self,
        part: &Tree,
        severity: Severity,
        kind: FindingKind,
        message: &str,
        proof: Proof,
    ) {
        let (rule, at, message) = (self.rule, part.at.clone(), capital(message));
        self.findings.push(Finding { rule, at, severity, kind, message, proof, certain: true });
    }
}

/// The terms of parts that hold together with others; none where there would be too many.
fn together<'t>(
    given: &[Term],
    parts: impl Iterator<Item = &'t Tree>,
    world: &World<'_>,
) -> Option<Vec<Term>> {
    let mut terms = given.to_vec();
    for part in parts {
        terms = product(&terms, &part.terms(world)?, world)?;
    }
    Some(terms)
}

pub(super) fn product(some: &[Term], others: &[Term], world: &World<'_>) -> Option<Vec<Term>> {
    if MOST_TERMS < some.len().saturating_mul(others.len()) {
        return None;
    }
    let pairs = some.iter().flat_map(|term| others.iter().map(move |other| term.and(other)));
    Some(pairs.filter(|term| !world.is_empty(term)).collect())
}

/// The conditions of each way in which a rule could hold that contradict each other.
fn ways(tree: &Tree, world: &World<'_>) -> Vec<Vec<String>> {
    let terms = tree.all_terms().unwrap_or_default();
    let cores = terms
        .iter()
        .take(MOST_WAYS)
        .map(|term| places(world.core(term, &Term::default()).into_iter().map(|piece| piece.at)));
    let mut ways: Vec<_> = cores.collect();
    ways.sort();
    ways.dedup();
    ways
}

/// Each place once, in the order of the conditions.
pub(super) fn places(places: impl Iterator<Item = impl AsRef<str>>) -> Vec<String> {
    let mut places: Vec<String> = places.map(|place| place.as_ref().to_owned()).collect();
    places.sort();
    places.dedup();
    places
}

fn named<'s>(places: &[String], sentences: &BTreeMap<&str, &'s str>) -> Vec<&'s str> {
    places.iter().filter_map(|place| sentences.get(&**place).copied()).collect()
}
