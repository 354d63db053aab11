//! Every certain finding is held against thousands of visitors and the engine's own decisions.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::{
    Agent, Arity, Continent, Country, Explained, FIELDS, Network, Outcome, Part, Place, Region,
    Rules, Version, Visitor,
};

/// How many visitors one list of rules is held against.
const VISITORS: usize = 400;

const COUNTRIES: &[&str] = &["US", "DE", "FR"];
const REGIONS: &[&str] = &["US-NY", "US-CA", "DE-BY", "DE-BE", "FR-IDF"];
const TEXTS: &[&str] = &["ab", "abc", "bc", "B", "", "größe"];
const DOMAINS: &[&str] = &["google.com", "news.google.com", "com", "bing.com"];
const LANGUAGES: &[&str] = &["en", "en-US", "de", "de-CH-1996"];
const VERSIONS: &[&str] = &["17", "17.4", "17.4.1", "18", "9.0.1"];
const ZONES: &[&str] = &["Europe/Berlin", "America/New_York", "Asia/Kathmandu"];
const ADDRESSES: &[&str] = &["10.1.2.3", "10.200.0.1", "192.0.2.7", "2001:db8::1", "::1"];

/// A row of numbers that look like chance (SplitMix64): thousands of visitors would take a strategy
/// far too long.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((number ^ (number >> 31)) % sides as u64) as usize
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.roll(items.len())]
    }

    /// Some of it, three times in four.
    fn maybe<T>(&mut self, some: impl FnOnce(&mut Dice) -> T) -> Option<T> {
        (self.roll(4) != 0).then(|| some(self))
    }

    fn flag(&mut self) -> bool {
        self.roll(2) == 0
    }
}

/// A rule's value, so few that rules meet each other and the visitors.
fn value(field: &str, dice: &mut Dice) -> Json {
    match field {
        "country" => json!(dice.pick(&["US", "DE", "FR", "EU", "QN"])),
        "continent" => json!(dice.pick(&["EU", "NA"])),
        "region" => json!(dice.pick(&["US-NY", "CA", "Bavaria", "DE-BE", "FR-IDF"])),
        "timezone" => json!(dice.pick(ZONES)),
        "referrerDomain" => json!(dice.pick(DOMAINS)),
        "referrer" => json!(dice.pick(&["https://google.com/", "google", "bing"])),
        "language" => json!(dice.pick(LANGUAGES)),
        "deviceType" => json!(dice.pick(&["mobile", "phone", "desktop", "bot"])),
        "os" => json!(dice.pick(&["iOS", "ios", "Android"])),
        "browser" => json!(dice.pick(&["Chrome", "Safari", "mobile safari"])),
        "osVersion" | "browserVersion" => json!(dice.pick(VERSIONS)),
        "ip" => {
            json!(dice.pick(&["10.0.0.0/8", "10.1.0.0/16", "192.0.2.7", "::/0", "2001:db8::/32"]))
        }
        "hour" => json!(dice.pick(&[0, 1, 9, 17, 22, 23])),
        "dayOfWeek" => json!(dice.pick(&[0, 1, 3, 6])),
        "date" => json!(dice.pick(&["2026-11-21", "2026-11-22", "2026-11-24"])),
        "percentile" => json!(dice.pick(&[0, 10, 50, 99])),
        "asn" => json!(dice.pick(&[0, 1, 3])),
        "latitude" | "longitude" => json!(dice.pick(&[-10.0, 0.0, 10.5])),
        _ => json!(dice.pick(&TEXTS[..4])),
    }
}

/// A test of one of a few fields, in any operator that fits.
fn test(fields: &[&'static Field], dice: &mut Dice) -> Json {
    let field = dice.pick(fields);
    let operators: Vec<_> = field.kind.operators().collect();
    let operator = dice.pick(&operators);
    let name = field.name.replace('*', "a");
    let flag = matches!(field.kind, crate::Kind::Flag);
    let mut value = || if flag { json!(dice.flag()) } else { value(field.name, dice) };
    let given = match operator.arity {
        Arity::None => Json::Null,
        Arity::One => value(),
        Arity::Many => json!([value(), value(), value()]),
        Arity::Two => json!([value(), value()]),
    };
    let mut test = json!({"field": name, "operator": operator.name, "value": given});
    if field.is_zoned() && dice.roll(3) == 0 {
        test["timezone"] = dice.pick(ZONES).into();
    }
    test
}

fn condition(fields: &[&'static Field], levels: usize, dice: &mut Dice) -> Json {
    let shape = if levels == 0 { 9 } else { dice.roll(10) };
    let count = 2 + dice.roll(2);
    let mut parts = || {
        let parts: Vec<_> = (0..count).map(|_| condition(fields, levels - 1, dice)).collect();
        json!(parts)
    };
    match shape {
        0..3 => json!({ "all": parts() }),
        3..6 => json!({ "any": parts() }),
        6 => json!({ "not": condition(fields, levels - 1, dice) }),
        _ => test(fields, dice),
    }
}

/// Rules about two or three fields, so that they get in each other's way.
fn rules(dice: &mut Dice) -> Vec<When> {
    // Some that hang together, and then any.
    const GROUPS: &[&[&str]] = &[
        &["country", "region", "continent"],
        &["deviceType", "bot", "isCrawler"],
        &["date", "dayOfWeek", "hour"],
        &["utmSource", "query.*", "language"],
        &["isNewVisitor", "isReturning", "percentile"],
    ];
    let all: Vec<&Field> = FIELDS.iter().collect();
    let mut fields = vec![dice.pick(&all), dice.pick(&all)];
    if dice.flag() {
        let group = dice.pick(GROUPS);
        fields = FIELDS.iter().filter(|field| group.contains(&field.name)).collect();
    }
    let wanted = 2 + dice.roll(5);
    let mut whens = Vec::new();
    while whens.len() < wanted {
        let levels = dice.roll(3);
        let when = When::parse(&condition(&fields, levels, dice)).unwrap();
        // Of two random values either may be the lower one.
        if when.check(None).is_empty() {
            whens.push(when);
        }
    }
    whens
}

/// Asks about a visitor as the server would gather one.
fn visit<T>(dice: &mut Dice, ask: impl FnOnce(&Visitor<'_>) -> T) -> T {
    let text = |dice: &mut Dice| dice.pick(TEXTS);
    let country = dice.maybe(|dice| Country::parse(dice.pick(COUNTRIES)).unwrap());
    let region = country.and_then(|country| {
        let own = REGIONS.iter().filter_map(|code| Region::parse(code));
        let own: Vec<_> = own.filter(|region| region.country() == country).collect();
        dice.maybe(|dice| dice.pick(&own))
    });
    // A database's continent may be another one than ours.
    let own = if dice.roll(4) == 0 { Some(dice.pick(&Continent::ALL)) } else { None };
    let bot = dice.flag();
    let person = ["mobile", "tablet", "desktop"];
    let device = dice.maybe(|dice| if bot { "bot" } else { dice.pick(&person) });
    let now = 1_795_200_000 + dice.roll(6 * 24) as i64 * 3_600;
    let address: IpAddr = if dice.flag() {
        dice.pick(ADDRESSES).parse().unwrap()
    } else if dice.flag() {
        Ipv4Addr::from_bits((10 << 24) + dice.roll(1 << 24) as u32).into()
    } else {
        Ipv6Addr::from_bits(dice.roll(1 << 20) as u128).into()
    };
    let languages = format!("{},{};q=0.5", dice.pick(LANGUAGES), dice.pick(LANGUAGES));
    let referrer = format!("https://www.{}/a", dice.pick(DOMAINS));
    let (x, cookie) = (text(dice), format!("a={}", text(dice)));
    let (sends, query) = (dice.roll(16), format!("a={}&utm_source={}", text(dice), text(dice)));
    let header = |name: &str| {
        let (sent, value) = match name {
            "accept-language" => (1, &*languages),
            "referer" => (2, &*referrer),
            "cookie" => (4, &*cookie),
            "a" => (8, x),
            _ => return None,
        };
        (sends & sent != 0).then_some(value)
    };
    let degrees = [-90.0, -10.0, -0.0, 0.0, 10.0, 10.5, 45.0];
    ask(&Visitor {
        now: Timestamp::from_second(now).unwrap(),
        zone: &TimeZone::UTC,
        address: dice.maybe(|_| address),
        header: &header,
        query: &query,
        place: Place {
            country,
            region,
            continent: own.filter(|_| country.is_some()),
            city: dice.maybe(text),
            timezone: dice.maybe(|dice| dice.pick(ZONES)),
            latitude: dice.maybe(|dice| dice.pick(&degrees)),
            longitude: dice.maybe(|dice| dice.pick(&degrees)),
            isp: dice.maybe(text),
            asn: dice.maybe(|dice| dice.roll(4) as u32),
        },
        network: Network {
            vpn: dice.maybe(Dice::flag),
            proxy: dice.maybe(Dice::flag),
            tor: dice.maybe(Dice::flag),
            datacenter: dice.maybe(Dice::flag),
        },
        agent: Agent {
            device,
            os: dice.maybe(|dice| dice.pick(&["iOS", "Android", "Windows"])),
            os_version: dice.maybe(|dice| Version::parse(dice.pick(VERSIONS)).unwrap()),
            browser: dice.maybe(|dice| dice.pick(&["Chrome", "Safari", "Firefox"])),
            browser_version: dice.maybe(|dice| Version::parse(dice.pick(VERSIONS)).unwrap()),
            brand: dice.maybe(text),
            bot: Some(bot),
            crawler: Some(bot && dice.flag()),
        },
        returning: dice.maybe(Dice::flag),
        seed: dice.maybe(|dice| (dice.roll(100) as u64) * (u64::MAX / 100) + 1),
        described: None,
    })
}

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
    fn is_refuted(&self, explained: &crate::Explanation, visitor: &Visitor<'_>) -> bool {
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
    #![proptest_config(ProptestConfig::with_cases(200))]

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
    for trial in (0..150).map(|i| trial(i * 7_919)) {
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
