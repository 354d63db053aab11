//! Every certain finding is held against thousands of visitors and the engine's own decisions.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::{
    chance::{Dice, rules, visit},
    *,
};
use crate::{Explained, Explanation, Outcome, Part, Rules, Visitor};

/// How many visitors one list of rules is held against.
const VISITORS: usize = 400;

/// The condition at a place such as `all[1].not`.
fn part_at<'e>(explained: &'e Explained, at: &str) -> &'e Explained {
    let Some((name, rest)) = at.split_once(['[', '.']).or((!at.is_empty()).then_some((at, "")))
    else {
        return explained;
    };
    match (&explained.part, name) {
        (Part::Not { not }, "not") => part_at(not, rest),
        (Part::All { all: parts }, "all") | (Part::Any { any: parts }, "any") => {
            let (index, rest) = rest.split_once(']').unwrap();
            let part = &parts[index.parse::<usize>().unwrap()];
            part_at(part, rest.strip_prefix('.').unwrap_or(rest))
        }
        _ => panic!("no {at}"),
    }
}

fn outcome_at(explained: &Explained, at: &str) -> Outcome {
    part_at(explained, at).outcome.unwrap()
}

/// What a test must say for the conditions that it stands in to hold.
fn wanted(at: &str) -> Outcome {
    let turned = at.split('.').filter(|part| *part == "not").count() % 2 == 1;
    if turned { Outcome::False } else { Outcome::True }
}

/// The authored condition at a place.
fn authored<'w>(when: &'w When, at: &str) -> &'w When {
    let Some((name, rest)) = at.split_once(['[', '.']).or((!at.is_empty()).then_some((at, "")))
    else {
        return when;
    };
    if name == "not" {
        return authored(&when.parts()[0], rest);
    }
    let (index, rest) = rest.split_once(']').unwrap();
    let part = &when.parts()[index.parse::<usize>().unwrap()];
    authored(part, rest.strip_prefix('.').unwrap_or(rest))
}

/// A finding, with a rule for each listed value that it speaks of.
struct Claim {
    finding: Finding,
    values: Rules,
}

impl Claim {
    fn new(finding: Finding, whens: &[When]) -> Claim {
        let values = match (&finding.proof, authored(&whens[finding.rule], &finding.at)) {
            (Proof::Taken { values, .. }, When::Test(test)) => values
                .iter()
                .map(|value| {
                    let (operator, value) = ("equals".to_owned(), Some(json!(value)));
                    When::Test(crate::Test { operator, value, ..test.clone() })
                })
                .collect(),
            _ => Vec::new(),
        };
        let values = Rules::compile(values.iter().map(|when| (when, None))).unwrap();
        Claim { finding, values }
    }

    /// Whether a visitor shows that it is wrong.
    fn is_refuted(&self, explained: &Explanation, visitor: &Visitor<'_>) -> bool {
        let Claim { finding, values } = self;
        let rule = &explained.rules[finding.rule];
        let here = outcome_at(rule, &finding.at) == Outcome::True;
        let matches = rule.outcome == Some(Outcome::True);
        let wins = explained.winner == Some(finding.rule);
        match (finding.kind, &finding.proof) {
            (FindingKind::NeverMatches, _) => matches,
            (FindingKind::Shadowed | FindingKind::DuplicateRule, _) => wins,
            (FindingKind::PartlyShadowed, _) if values.is_empty() => wins && here,
            (FindingKind::PartlyShadowed, _) => wins && values.decide(visitor).is_some(),
            (FindingKind::NeverTrue, _) => matches && here,
            (FindingKind::AlwaysTrue, Proof::Given { conditions }) => {
                !here && conditions.iter().all(|at| outcome_at(rule, at) == wanted(at))
            }
            (FindingKind::AddsNothing, _) => {
                let (parent, _) = finding.at.rsplit_once("any[").unwrap();
                let Part::Any { any } = &part_at(rule, parent.trim_end_matches('.')).part else {
                    panic!("{} stands in no any", finding.at)
                };
                // The group holds without it.
                here && 2 > any.iter().filter(|part| part.outcome == Some(Outcome::True)).count()
            }
            (FindingKind::DuplicateCondition, Proof::SameAs { at, .. }) => {
                outcome_at(rule, at) != outcome_at(rule, &finding.at)
            }
            (FindingKind::Overridden | FindingKind::Unknowable, _) => false,
            (kind, proof) => panic!("{kind:?} is proven by {proof:?}"),
        }
    }
}

/// What came of one list of rules.
struct Trial {
    findings: Vec<Finding>,
    refuted: Option<String>,
    /// The rules of which nothing was said, and how many of those decided for somebody.
    free: usize,
    winners: usize,
}

fn trial(seed: u64) -> Trial {
    let mut dice = Dice(seed);
    let whens = rules(&mut dice);
    let compiled = Rules::compile(whens.iter().map(|when| (when, None))).unwrap();
    let analysed = whens.iter().zip([0, 0, 0, 2, 2, 3, 4]);
    let analysed = analysed
        .map(|(when, tier)| Analysed { when, timezone: None, tier, enabled: true })
        .collect::<Vec<_>>();
    let findings = analyse(&analysed, &Known::everything());
    let certain = findings.iter().filter(|finding| finding.certain).cloned();
    let claims: Vec<Claim> = certain.map(|finding| Claim::new(finding, &whens)).collect();
    let (mut refuted, mut winners) = (None, vec![false; whens.len()]);
    for _ in 0..VISITORS {
        visit(&mut dice, |visitor| {
            let explained = compiled.explain(visitor);
            assert_eq!(explained.winner, compiled.decide(visitor));
            if let Some(winner) = explained.winner {
                winners[winner] = true;
            }
            if let Some(claim) = claims.iter().find(|claim| claim.is_refuted(&explained, visitor)) {
                let rules = serde_json::to_string_pretty(&whens).unwrap();
                refuted = Some(format!("{:#?}\nof {rules}", claim.finding));
            }
        });
    }
    let silent = |i: &usize| {
        let idle = |kind| {
            matches!(
                kind,
                FindingKind::NeverMatches | FindingKind::Shadowed | FindingKind::DuplicateRule
            )
        };
        !findings.iter().any(|finding| finding.rule == *i && idle(finding.kind))
    };
    let free: Vec<usize> = (0..whens.len()).filter(silent).collect();
    let winners = free.iter().filter(|i| winners[**i]).count();
    Trial { findings, refuted, free: free.len(), winners }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_visitor_refutes_a_certain_finding(seed: u64) {
        if let Some(refuted) = trial(seed).refuted {
            prop_assert!(false, "{refuted}");
        }
    }
}

/// The law above says little unless there are findings of every kind, and visitors who would
/// notice a wrong one.
#[test]
fn the_trials_are_hard() {
    let (mut kinds, mut free, mut winners) = (BTreeMap::new(), 0, 0);
    for trial in (0..100).map(|i| trial(i * 7_919)) {
        assert_eq!(trial.refuted, None);
        for finding in trial.findings.iter().filter(|finding| finding.certain) {
            *kinds.entry(finding.kind).or_insert(0) += 1;
        }
        free += trial.free;
        winners += trial.winners;
    }
    for kind in [
        FindingKind::NeverMatches,
        FindingKind::NeverTrue,
        FindingKind::AlwaysTrue,
        FindingKind::AddsNothing,
        FindingKind::DuplicateCondition,
        FindingKind::DuplicateRule,
        FindingKind::Shadowed,
        FindingKind::PartlyShadowed,
    ] {
        let count = kinds.get(&kind).copied().unwrap_or(0);
        assert!(5 <= count, "{kind:?} was found {count} times: {kinds:?}");
    }
    // Had one of these been called dead, its visitor would have said no.
    assert!(free * 4 <= winners * 5, "only {winners} of {free} rules were met");
}
