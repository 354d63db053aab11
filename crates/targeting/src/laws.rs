//! What holds for every rule and every visitor, whatever they are.

mod drawn;

use std::borrow::Cow;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value as Json, json};

use self::drawn::{Person, condition, json, person, value};
use crate::{
    Again, Described, Explained, FIELDS, Field, OPERATORS, Outcome, Part, Possible, Rules, Trace,
    When, reference,
};

fn compile(whens: &[When]) -> Rules {
    Rules::compile(whens.iter().map(|when| (when, None))).unwrap()
}

fn outcome(when: &When, person: &Person) -> Outcome {
    let rules = compile(std::slice::from_ref(when));
    person.ask(|visitor| rules.explain(visitor).rules[0].outcome).unwrap()
}

/// The same tree with its groups' members turned round and rotated.
fn reordered(when: &When) -> When {
    let turned = |parts: &[When]| {
        let mut parts: Vec<When> = parts.iter().rev().map(reordered).collect();
        parts.rotate_left(1);
        parts
    };
    match when {
        When::All { all } => When::All { all: turned(all) },
        When::Any { any } => When::Any { any: turned(any) },
        When::Not { not } => When::Not { not: Box::new(reordered(not)) },
        When::Test(_) => when.clone(),
    }
}

/// The outcomes of the tests that the decision looked at.
fn looked_at(explained: &Explained, outcomes: &mut Vec<Outcome>) {
    match &explained.part {
        Part::All { all: parts } | Part::Any { any: parts } => {
            parts.iter().for_each(|part| looked_at(part, outcomes));
        }
        Part::Not { not } => looked_at(not, outcomes),
        Part::Test(_) if explained.looked_at => outcomes.extend(explained.outcome),
        Part::Test(_) => (),
    }
}

proptest! {
    #[test]
    fn the_compiled_program_decides_and_sees_what_a_plain_walk_does(
        whens in vec(condition(), 0..9), person in person(),
    ) {
        let rules = compile(&whens);
        person.ask(|visitor| {
            let (expected, seen) = reference::decide(&whens, visitor);
            let mut trace = Trace::default();
            prop_assert_eq!(rules.decide_traced(visitor, &mut trace), expected);
            prop_assert_eq!(rules.decide(visitor), expected);
            prop_assert_eq!(trace.iter().collect::<Vec<_>>(), seen);
            Ok(())
        })?;
    }

    #[test]
    fn explaining_tells_the_decision_that_is_made(
        whens in vec(condition(), 0..5), person in person(),
    ) {
        let rules = compile(&whens);
        person.ask(|visitor| {
            let mut trace = Trace::default();
            let decided = rules.decide(visitor);
            prop_assert_eq!(rules.decide_traced(visitor, &mut trace), decided);
            let explanation = rules.explain(visitor);
            prop_assert_eq!(explanation.winner, decided);
            let mut outcomes = Vec::new();
            explanation.rules.iter().for_each(|rule| looked_at(rule, &mut outcomes));
            prop_assert_eq!(&outcomes, &trace.iter().collect::<Vec<_>>());
            let recalled = rules.recall(&Trace::from_bytes(trace.as_bytes()));
            prop_assert_eq!(recalled.winner, decided);
            for (then, now) in recalled.rules.iter().zip(&explanation.rules) {
                prop_assert_eq!(then.outcome, now.outcome.filter(|_| now.looked_at));
            }
            Ok(())
        })?;
    }

    #[test]
    fn deciding_again_tells_what_a_trace_tells_and_never_a_rule_that_did_not_hold(
        whens in vec(condition(), 0..6), others in vec(condition(), 0..3), person in person(),
        hidden in any::<u64>(),
    ) {
        // Of the new rules some are old ones, in another order.
        let kept = whens.iter().rev().step_by(2).cloned();
        let changed: Vec<When> = others.into_iter().chain(kept).collect();
        let again = |whens: &[When]| Again::compile(whens.iter().map(|when| (when, None))).unwrap();
        let (old, new) = (again(&whens), again(&changed));
        person.ask(|visitor| {
            let mut trace = Trace::default();
            let decided = old.rules().decide_traced(visitor, &mut trace);
            let told = old.recall(&trace);
            let unchanged = old.decide(&|inquiry| told[inquiry]);
            prop_assert_eq!(unchanged, Possible { rules: vec![decided], missing: Vec::new() });

            let mut whole = Trace::default();
            let expected = new.rules().decide_traced(visitor, &mut whole);
            let now = new.recall(&whole);
            let mut open = |inquiry: usize| {
                let then = old.inquiries().iter().position(|it| *it == new.inquiries()[inquiry]);
                let by_trace = then.and_then(|then| told[then]);
                if let (Some(then), Some(now)) = (by_trace, now[inquiry]) {
                    assert_eq!(then, now, "one inquiry has one outcome");
                }
                let is_kept = hidden >> (inquiry % 64) & 1 == 0;
                by_trace.or(now[inquiry].filter(|_| is_kept))
            };
            let outcomes: Vec<_> = (0..new.inquiries().len()).map(&mut open).collect();
            let possible = new.decide(&|inquiry| outcomes[inquiry]);
            prop_assert!(possible.rules.contains(&expected), "{possible:?} without {expected:?}");
            prop_assert_eq!(possible.rules.len() == 1, possible.missing.is_empty());
            let seen = new.decide(&|inquiry| now[inquiry]);
            prop_assert_eq!(seen, Possible { rules: vec![expected], missing: Vec::new() });
            Ok(())
        })?;
    }

    #[test]
    fn order_inside_a_group_never_matters(when in condition(), person in person()) {
        prop_assert_eq!(outcome(&when, &person), outcome(&reordered(&when), &person));
    }

    #[test]
    fn a_negated_operator_is_the_negation(when in condition(), person in person()) {
        let negation = When::Not { not: Box::new(when.clone()) };
        prop_assert_eq!(outcome(&negation, &person), !outcome(&when, &person));
        if let When::Test(test) = &when {
            let opposite = OPERATORS.iter().find(|row| {
                let own = OPERATORS.iter().find(|row| row.name == test.operator).unwrap();
                row.comparison == own.comparison && row.arity == own.arity
                    && row.negated != own.negated
            });
            if let Some(opposite) = opposite {
                let mut test = test.clone();
                test.operator = opposite.name.to_owned();
                prop_assert_eq!(outcome(&When::Test(test), &person), !outcome(&when, &person));
            }
        }
    }

    #[test]
    fn a_list_says_what_any_of_its_values_says(
        (field, values) in select(FIELDS.iter().collect::<Vec<_>>())
            .prop_flat_map(|field| (Just(field), vec(value(field), 1..6))),
        person in person(),
    ) {
        prop_assume!(field.kind.operators().any(|operator| operator.name == "in"));
        let name = field.name.replace('*', "a");
        let each = values.iter().map(|value| When::test(&name, "equals", value.clone())).collect();
        let list = When::test(&name, "in", json!(values));
        prop_assert_eq!(outcome(&list, &person), outcome(&When::Any { any: each }, &person));
    }

    #[test]
    fn a_tree_is_echoed_and_means_the_same_when_read_again(when in condition()) {
        let json = serde_json::to_value(&when).unwrap();
        prop_assert_eq!(When::parse(&json).unwrap(), when);
    }

    #[test]
    fn reading_never_panics_and_always_says_why(json in json()) {
        match When::parse(&json) {
            Ok(when) => {
                prop_assert_eq!(serde_json::to_string(&when).unwrap(), json.to_string());
                let problems = when.check(Some("Europe/Berlin"));
                prop_assert!(problems.iter().all(|problem| !problem.why.is_empty()));
                prop_assert_eq!(problems.is_empty(), Rules::compile([(&when, None)]).is_ok());
            }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
        if let Err(problems) = Described::parse(&json) {
            prop_assert!(!problems.is_empty());
        }
    }

    #[test]
    fn every_field_has_a_text_or_is_unknown(person in person()) {
        for field in FIELDS {
            let reference = Field::parse(&field.name.replace('*', "a")).unwrap();
            let exists = When::test(&reference.name(), "exists", Json::Null);
            let text = person.ask(|visitor| reference.text(visitor).map(Cow::into_owned));
            let holds = outcome(&exists, &person) == Outcome::True;
            prop_assert_eq!(text.is_some_and(|text| !text.is_empty()), holds, "{}", field.name);
        }
    }
}
