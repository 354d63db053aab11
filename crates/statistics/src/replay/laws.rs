//! What holds of every replay: it tells what the redirect would do, and changes nothing where nothing
//! is changed.

mod people;

use model::{CLASSES, ClickId, Id, Outcome, Plan};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value as Json, json};

use self::people::{Decided, Person, Ruled, people};
use super::*;
use crate::Builder;

/// Conditions; those before [`HIDDEN`] ask for nothing but facts that every click keeps.
fn tests() -> Vec<Json> {
    let test = |field: &str, operator: &str, value: Json| json!({"field": field, "operator": operator, "value": value});
    vec![
        test("country", "equals", json!("US")),
        test("country", "not_in", json!(["DE", "EU"])),
        test("continent", "equals", json!("EU")),
        test("deviceType", "equals", json!("mobile")),
        test("osVersion", "greater_than", json!("17")),
        test("referrerDomain", "equals", json!("a.example")),
        test("utmSource", "exists", Json::Null),
        test("query.utm_source", "contains", json!("ai")),
        test("bot", "is_true", Json::Null),
        test("vpn", "is_false", Json::Null),
        json!({"field": "hour", "operator": "between", "value": [6, 17], "timezone": "Asia/Tokyo"}),
        // From here on hidden.
        test("hour", "less_than", json!(12)),
        test("isReturning", "is_true", Json::Null),
        test("language", "equals", json!("de")),
        test("header.x-app", "equals", json!("beta")),
        test("header.x-app", "not_equals", json!("beta")),
        test("ip", "in", json!("10.0.0.0/8")),
        test("percentile", "less_than", json!(50)),
    ]
}

const HIDDEN: usize = 11;

/// A rule of an id, with conditions below a number, which never splits where only kept facts count.
fn rule(id: i64, tests_below: usize) -> impl Strategy<Value = Json> {
    let pick = move || (0..tests_below).prop_map(|nth| tests()[nth].clone());
    let when = prop_oneof![
        3 => pick(),
        1 => pick().prop_map(|not| json!({"not": not})),
        2 => vec(pick(), 1..4).prop_map(|all| json!({"all": all})),
        2 => vec(pick(), 1..4).prop_map(|any| json!({"any": any})),
    ];
    let to = |n: u32| format!("https://example.com/{n}");
    let splits = if HIDDEN < tests_below { 2 } else { 0 };
    let action = prop_oneof![
        4 => (0_u32..3).prop_map(move |n| json!({"redirect": to(n)})),
        1 => Just(json!({"block": 404})),
        splits => (1_u32..4, 0_u32..4).prop_map(move |(a, b)| {
            json!({"split": [{"weight": a, "redirect": to(0)}, {"weight": b, "redirect": to(1)}]})
        }),
    ];
    (when, action, 0..5).prop_map(move |(when, action, enabled)| {
        json!({
            "id": format!("{}", 1_000 + id), "name": "", "priority": id, "enabled": enabled != 0,
            "when": when, "action": action,
        })
    })
}

fn plan(rules: &[Json], split: bool) -> Plan {
    let split = split.then(|| {
        json!([{"weight": 1, "redirect": "https://example.com/a"},
               {"weight": 2, "redirect": "https://example.com/b"}])
    });
    let body =
        json!({"destination": "https://example.com/", "defaultSplit": split, "rules": rules});
    Plan::read(&body.to_string()).unwrap()
}

/// Two plans, of which the later has some rules of the earlier.
fn plans(tests_below: usize) -> impl Strategy<Value = (Plan, Plan)> {
    let rules =
        |from: i64| (0..4_i64).map(move |i| rule(from + i, tests_below)).collect::<Vec<_>>();
    let splits = HIDDEN < tests_below;
    (rules(0), rules(2), any::<u8>(), any::<[bool; 2]>()).prop_map(
        move |(old, new, keeps, split)| {
            let mut later: Vec<Json> = (0..4)
                .map(|i| if keeps >> i & 1 == 1 { &old[i] } else { &new[i] }.clone())
                .collect();
            later.rotate_left(usize::from(keeps >> 4 & 3));
            let mut seen = BTreeSet::new();
            later.retain(|rule| seen.insert(rule["id"].to_string()));
            (plan(&old, splits && split[0]), plan(&later, splits && split[1]))
        },
    )
}

/// The clicks of people by a plan, and the question about all of them.
fn stored(old: &Plan, people: &[Person]) -> (Vec<Columns>, Query) {
    let (mut batches, ruled) = (Vec::new(), Ruled::new(old));
    for (nth, people) in people.chunks(16).enumerate() {
        let mut builder = Builder::default();
        for (place, person) in people.iter().enumerate() {
            let id = ClickId { segment: nth as u128, offset: place as u64 };
            builder.push(&person.click(&person.meets(&ruled)), Some(id));
        }
        // Half of them as blocks.
        let columns = builder.columns();
        let sealed = columns.encode().unwrap();
        batches.push(if nth % 2 == 0 { columns } else { Columns::decode(sealed).unwrap() });
    }
    let query = Query {
        classes: CLASSES.iter().map(|row| row.0).collect(),
        ..Query::total(Id::new(1).unwrap(), 0, 5_000_000_000_000)
    };
    (batches, query)
}

/// Each click's verdict.
fn replayed(old: &Plan, new: &Plan, people: &[Person]) -> Vec<Verdict> {
    let (batches, query) = stored(old, people);
    assert_eq!(Replay::revisions(&query, &batches, 2).unwrap(), [1]);
    let watch = Watch::default();
    let replay = Replay::new(new, [(1, old)], false, people.len());
    let found = replay.run(&query, &batches, 2, &watch).unwrap();
    assert_eq!(watch.progress(), (people.len() as u64, people.len() as u64));
    assert_eq!(found.total().all(), people.len() as u64);
    let sum = |rows: Vec<(_, Counts)>| rows.iter().map(|(_, n)| n.all()).sum::<u64>();
    assert_eq!(sum(found.countries()), people.len() as u64);
    assert_eq!(sum(found.devices()), people.len() as u64);
    let of = |bucket| found.samples(bucket, |_| true, people.len());
    let mut samples: Vec<_> =
        [Bucket::Same, Bucket::Changed, Bucket::Untold].into_iter().flat_map(of).collect();
    samples.sort_by_key(|sample| sample.id);
    samples.into_iter().map(|sample| sample.verdict.clone()).collect()
}

proptest! {
    // Each case compiles rules and seals clicks.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_told_is_what_deciding_anew_gives(
        (old, new) in plans(tests().len()), people in people(),
    ) {
        let (before, after) = (Ruled::new(&old), Ruled::new(&new));
        for (person, verdict) in people.iter().zip(replayed(&old, &new, &people)) {
            let (then, now) = (person.meets(&before), person.meets(&after));
            let way = |decided: &Decided| Way {
                rule: decided.outcome.rule().map(|(rule, _)| rule),
                goes: decided.goes.clone(),
            };
            match verdict {
                Verdict::Told { from, to } => {
                    prop_assert_eq!(from, way(&then));
                    prop_assert_eq!(to, way(&now), "{:?}", person);
                }
                Verdict::Untold { from, missing } => {
                    prop_assert_eq!(from, Some(way(&then)));
                    prop_assert!(!missing.is_empty());
                }
                Verdict::Closed | Verdict::Asked(_) => prop_assert!(false, "no link was closed"),
            }
        }
    }

    #[test]
    fn a_rule_takes_those_whom_it_is_the_first_to_hold_for(
        (old, new) in plans(tests().len()), people in people(), every in 1_usize..3,
    ) {
        let (batches, query) = stored(&old, &people);
        let replay = Replay::asking(&new, [(1, &old)], false, every);
        let found = replay.run(&query, &batches, 2, &Watch::default()).unwrap();
        let asked = found.asked(&replay);
        let looked_at: usize = people.chunks(16).map(|batch| batch.len().div_ceil(every)).sum();
        prop_assert_eq!((asked.clicks, asked.closed), (looked_at as u64, 0));
        let after = Ruled::new(&new);
        let took = |it: &Person| it.meets(&after).outcome.rule().map(|(rule, _)| rule);
        let took: Vec<Option<i64>> = people.iter().map(took).collect();
        let ids = new.rules.iter().map(|rule| Some(rule.id.number())).chain([None]);
        for (id, met) in ids.zip(asked.rules.iter().chain([&asked.otherwise])) {
            let took = took.iter().filter(|by| **by == id).count() as u64;
            prop_assert!(met.takes <= took);
            prop_assert!(every != 1 || took <= met.takes + met.may_take, "{id:?} {asked:?}");
        }
        for (nth, rule) in new.rules.iter().enumerate() {
            prop_assert!(rule.enabled || asked.rules[nth] == Met::default());
        }
        for outcomes in &asked.conditions {
            let Outcomes { holds, fails, unknown, untold } = outcomes;
            prop_assert_eq!(holds + fails + unknown + untold, asked.clicks);
        }
    }

    #[test]
    fn nothing_is_left_open_where_all_facts_are_kept((old, new) in plans(HIDDEN), people in people()) {
        let (batches, query) = stored(&old, &people);
        let replay = Replay::asking(&new, [(1, &old)], false, 1);
        let asked = replay.run(&query, &batches, 2, &Watch::default()).unwrap().asked(&replay);
        prop_assert!(asked.rules.iter().chain([&asked.otherwise]).all(|met| met.may_take == 0));
        prop_assert!(asked.conditions.iter().all(|outcomes| outcomes.untold == 0));
    }

    #[test]
    fn all_is_told_where_all_facts_are_kept((old, new) in plans(HIDDEN), people in people()) {
        for verdict in replayed(&old, &new, &people) {
            prop_assert!(verdict.bucket() != Bucket::Untold, "{verdict:?}");
        }
    }

    #[test]
    fn the_same_rules_change_nothing_and_leave_nothing_open(
        (plan, _) in plans(tests().len()), people in people(),
    ) {
        for verdict in replayed(&plan, &plan, &people) {
            prop_assert!(matches!(&verdict, Verdict::Told { from, to } if from == to), "{verdict:?}");
        }
    }
}

#[test]
fn whoever_met_no_rule_changes_nothing() {
    let new = plan(
        &[json!({
            "id": "1000", "name": "", "priority": 1, "when": tests()[0],
            "action": {"redirect": "https://example.com/1"},
        })],
        false,
    );
    let none = plan(&[], false);
    let decide = |went, stays| {
        let replay = Replay::new(&new, [(1, &none)], stays, 1);
        replay.decide(1, went, &[], &|_| Some(targeting::Outcome::True))
    };
    for went in [Outcome::Expired, Outcome::Gone, Outcome::NotFound, Outcome::Card] {
        assert_eq!(decide(went, false), Verdict::Closed, "{went:?}");
    }
    assert_eq!(decide(Outcome::Stayed, false), Verdict::Closed);
    assert_eq!(decide(Outcome::Stayed, true).bucket(), Bucket::Changed);
    assert_eq!(decide(Outcome::Destination, false).bucket(), Bucket::Changed);
    let unknown = Outcome::Rule { rule: 77, variant: None };
    let expected = Verdict::Untold { from: None, missing: [REVISION.into()].into() };
    assert_eq!(decide(unknown, false), expected);
}
