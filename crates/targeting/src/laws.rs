//! What holds for every rule and every visitor, whatever they are.

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use jiff::{Timestamp, tz::TimeZone};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value as Json, json};

use crate::{
    Again, Agent, Arity, Country, Described, Explained, FIELDS, Field, Kind, Network, OPERATORS,
    OperatorRow, Outcome, Part, Place, Possible, Region, Rules, Trace, Version, Visitor, When,
    names, reference,
};

/// A visitor that owns what a [`Visitor`] borrows.
#[derive(Clone, Debug)]
struct Person {
    now: Timestamp,
    address: Option<IpAddr>,
    header: Option<String>,
    query: String,
    country: Option<Country>,
    region: Option<Region>,
    city: Option<String>,
    timezone: Option<String>,
    degrees: Option<f64>,
    asn: Option<u32>,
    network: Network,
    device: Option<&'static str>,
    os: Option<&'static str>,
    version: Option<Version>,
    flag: Option<bool>,
    seed: Option<u64>,
    described: Option<Described>,
}

impl Person {
    fn ask<T>(&self, ask: impl FnOnce(&Visitor<'_>) -> T) -> T {
        let header = |_: &str| self.header.as_deref();
        let place = Place {
            country: self.country,
            region: self.region,
            continent: None,
            city: self.city.as_deref(),
            timezone: self.timezone.as_deref(),
            latitude: self.degrees,
            longitude: self.degrees,
            isp: self.city.as_deref(),
            connection: self.city.as_deref(),
            asn: self.asn,
        };
        let agent = Agent {
            device: self.device,
            os: self.os,
            os_version: self.version,
            browser: self.os,
            browser_version: self.version,
            brand: self.city.as_deref(),
            bot: self.flag,
            crawler: self.flag,
        };
        ask(&Visitor {
            now: self.now,
            zone: &TimeZone::UTC,
            address: self.address,
            header: &header,
            query: &self.query,
            place,
            network: self.network,
            agent,
            returning: self.flag,
            seed: self.seed,
            described: self.described.as_ref(),
        })
    }
}

/// Values that a rule or a statement may give, so few that rules and visitors meet.
fn value(field: &'static Field) -> BoxedStrategy<Json> {
    let own = Just(json!(field.example));
    let others: Vec<Json> = match field.kind {
        Kind::Country => vec![json!("US"), json!("uk"), json!("DE")],
        Kind::Continent => vec![json!("Europe"), json!("NA")],
        Kind::Region => vec![json!("DE-BE"), json!("GB-WBK"), json!("GB-ENG")],
        Kind::Name(names) => names.all().map(Json::from).collect(),
        Kind::Text | Kind::Domain | Kind::Languages => {
            vec![json!("en"), json!("B"), json!("größe"), json!("example.com"), json!(7)]
        }
        Kind::Flag => vec![json!(true), json!("false")],
        Kind::Number(_) => vec![json!(0), json!(1), json!("2"), json!(6)],
        Kind::Version => vec![json!(17), json!("17.4"), json!("9.0.1")],
        Kind::Address => vec![json!("10.1.2.3"), json!("2001:db8::1")],
        Kind::Date => vec![json!("1970-01-01"), json!("2030-06-30")],
    };
    prop_oneof![own, select(others)].boxed()
}

fn condition() -> impl Strategy<Value = When> {
    let fitting = FIELDS
        .iter()
        .flat_map(|field| field.kind.operators().map(move |operator| (field, operator)))
        .collect::<Vec<_>>();
    let test = select(fitting).prop_flat_map(|(field, operator)| test(field, operator));
    test.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(|all| When::All { all }),
            vec(inner.clone(), 1..4).prop_map(|any| When::Any { any }),
            inner.prop_map(|not| When::Not { not: Box::new(not) }),
        ]
    })
}

fn test(field: &'static Field, operator: &'static OperatorRow) -> impl Strategy<Value = When> {
    let name = field.name.replace('*', "a");
    let values = vec(value(field), 3);
    (values, 1_usize..4).prop_map(move |(values, count)| {
        let given = match operator.arity {
            Arity::None => Json::Null,
            Arity::One => values[0].clone(),
            Arity::Many => json!(values[..count]),
            // Of two random values either may be the lower one.
            Arity::Two => json!([values[0], values[0]]),
        };
        When::test(&name, operator.name, given)
    })
}

fn person() -> impl Strategy<Value = Person> {
    let text = || prop_oneof![Just("en".to_owned()), Just("Größe".to_owned()), "\\PC{0,24}"];
    let regions = ["DE-BE", "US-NY", "GB-WBK"].map(|code| Region::parse(code).unwrap());
    let countries = ["DE", "US", "GB", "BR"].map(|code| Country::parse(code).unwrap());
    let zones = ["Europe/Berlin", "Pacific/Apia", "Mars/Base", ""].map(str::to_owned);
    let address = prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits))),
        any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits))),
        Just("::ffff:10.1.2.3".parse().unwrap()),
    ];
    let query = prop_oneof!["\\PC{0,24}", "a=[ -~]{0,9}&utm_source=[a-z%+]{0,9}", "a=en|a=%ff"];
    let version = select(vec!["17", "17.4.1", "9.0.1.2", "0"]).prop_map(Version::parse);
    let now = prop_oneof![
        Just(Timestamp::MIN),
        Just(Timestamp::MAX),
        (0_i64..4_000_000_000).prop_map(|second| Timestamp::from_second(second).unwrap()),
    ];
    let degrees = prop_oneof![Just(f64::NAN), Just(f64::NEG_INFINITY), -180.0..180.0_f64];
    let flags = || option::of(any::<bool>());
    let network = (flags(), flags(), flags(), flags())
        .prop_map(|(vpn, proxy, tor, datacenter)| Network { vpn, proxy, tor, datacenter });
    let place = (
        option::of(select(countries.to_vec())),
        option::of(select(regions.to_vec())),
        option::of(text()),
        option::of(select(zones.to_vec())),
        option::of(degrees),
        option::of(0_u32..9),
    );
    let agent = (
        option::of(select(names::DEVICES.all().collect::<Vec<_>>())),
        option::of(select(vec!["iOS", "Chrome", "TempleOS", ""])),
        version,
        flags(),
    );
    let request = (now, option::of(address), option::of(text()), query);
    (request, place, agent, network, option::of(any::<u64>()), option::of(described())).prop_map(
        |(request, place, agent, network, seed, described)| {
            let (now, address, header, query) = request;
            let (country, region, city, timezone, degrees, asn) = place;
            let (device, os, version, flag) = agent;
            Person {
                now,
                address,
                header,
                query,
                country,
                region,
                city,
                timezone,
                degrees,
                asn,
                network,
                device,
                os,
                version,
                flag,
                seed,
                described,
            }
        },
    )
}

fn described() -> impl Strategy<Value = Described> {
    let fact = select(FIELDS.iter().collect::<Vec<_>>()).prop_flat_map(|field| {
        let value = if field.name == "ip" { Just(json!("10.1.2.3")).boxed() } else { value(field) };
        (Just(field.name.replace('*', "a")), prop_oneof![value, Just(Json::Null)])
    });
    vec(fact, 1..4).prop_filter_map("a region of another country", |facts| {
        Described::parse(&Json::Object(facts.into_iter().collect())).ok()
    })
}

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

fn json() -> impl Strategy<Value = Json> {
    let word = || {
        let names = FIELDS.iter().map(|field| field.name);
        let words = names.chain(OPERATORS.iter().map(|operator| operator.name)).chain([
            "all",
            "any",
            "not",
            "field",
            "operator",
            "value",
            "timezone",
            "query.x",
            "Asia/Tokyo",
        ]);
        prop_oneof![9 => select(words.collect::<Vec<_>>()).prop_map(str::to_owned), 1 => "\\PC{0,9}"]
    };
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        word().prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 40, 5, move |inner| {
        let test = (word(), word(), inner.clone()).prop_map(|(field, operator, value)| {
            json!({"field": field, "operator": operator, "value": value})
        });
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Json::from),
            vec((word(), inner.clone()), 0..5)
                .prop_map(|pairs| Json::Object(pairs.into_iter().collect())),
            vec(test.clone(), 0..5).prop_map(|all| json!({ "all": all })),
            test,
        ]
    })
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
