//! What a list of rules says that its author may not have meant.
//!
//! Each condition becomes the set of values on which it is true and the set on which it is false;
//! "unknown" is a value of its own, in neither. So a rule is a union of boxes in the space of all
//! fields ([`term`]), "never" is an empty union, and "an earlier rule takes everyone" is an empty
//! difference. Where that is not proven, or would take too long, nothing is said.
//!
//! **Invariant:** a finding that is certain holds for every visitor whose facts are gathered;
//! [`lore`] lists what that takes for granted.

#[cfg(test)]
mod chance;
mod condition;
mod finding;
mod inside;
mod known;
#[cfg(test)]
mod laws;
mod lore;
mod order;
mod ordinal;
mod ranges;
mod sentence;
mod set;
mod term;
#[cfg(test)]
mod tests;
mod texts;
mod tree;
mod variable;

use crate::{Field, When, compile::compile};

use self::{order::Live, term::World, tree::Tree, variable::Variables};

pub use finding::{Because, Finding, FindingKind, Proof, Severity};
pub use known::Known;

/// A rule as the analysis takes it; rules stand in the order in which they are tried.
#[derive(Clone, Copy, Debug)]
pub struct Analysed<'r> {
    pub when: &'r When,
    /// The IANA zone that the rule names.
    pub timezone: Option<&'r str>,
    /// 0 for rules that somebody wrote; others have a fixed shape.
    pub tier: u8,
    pub enabled: bool,
}

/// A rule that could be read.
struct Rule {
    index: usize,
    tier: u8,
    enabled: bool,
    tree: Tree,
}

/// Everything worth saying of a list of rules, in their order. A rule with mistakes is passed over.
pub fn analyse(rules: &[Analysed<'_>], known: &Known) -> Vec<Finding> {
    let mut variables = Variables::default();
    let read = rules.iter().enumerate().filter_map(|(index, rule)| {
        compile(rule.when, rule.timezone).ok()?;
        let tree = Tree::read(rule.when, rule.timezone, &mut variables)?;
        Some(Rule { index, tier: rule.tier, enabled: rule.enabled, tree })
    });
    let rules: Vec<Rule> = read.collect();
    let always = World::new(&variables);
    let (usual, apart) = (World::usual(&variables), World::apart(&variables));
    let (mut findings, mut live) = (Vec::new(), Vec::new());
    for rule in &rules {
        let dead = inside::contradiction(rule.index, &rule.tree, &always, &usual);
        let certain = dead.as_ref().is_some_and(|finding| finding.certain);
        findings.extend(dead);
        if certain {
            continue;
        }
        findings.extend(inside::idle(rule.index, &rule.tree, &always, &apart));
        if !rule.enabled {
            continue;
        }
        let Some(terms) = rule.tree.terms(&always) else { continue };
        findings.extend(missing(rule, &terms, known));
        let this = Live { rule, terms };
        findings.extend(order::shadows(&this, &live, &always, &usual));
        live.push(this);
    }
    findings.sort_by_key(|finding| (finding.rule, finding.severity));
    findings
}

/// Facts that a rule asks for and no loaded source can tell, each field once.
fn missing(rule: &Rule, terms: &[term::Term], known: &Known) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut named: Vec<&str> = Vec::new();
    let tests = rule.tree.tests();
    let unknown: Vec<_> =
        tests.iter().filter(|(_, test)| !known.tells(test.field.field())).collect();
    let is_unknown = |variable| unknown.iter().any(|(_, test)| test.variable == variable);
    let for_nobody = terms
        .iter()
        .all(|term| term.sets.iter().any(|(variable, set)| is_unknown(*variable) && !set.unknown));
    for (at, test) in &unknown {
        let Field { name, label, source, .. } = *test.field.field();
        if named.contains(&name) {
            continue;
        }
        named.push(name);
        let then = if for_nobody {
            "so this rule matches nobody"
        } else {
            "so it is unknown for everyone"
        };
        let needs = known::cure(source);
        findings.push(Finding {
            rule: rule.index,
            at: (*at).to_owned(),
            severity: if for_nobody { Severity::Warning } else { Severity::Note },
            kind: FindingKind::Unknowable,
            message: format!("“{label}” needs {needs} and none is loaded, {then}."),
            proof: Proof::Missing { field: test.field.name().into_owned(), source },
            certain: true,
        });
    }
    findings
}
