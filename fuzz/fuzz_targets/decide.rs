//! Deciding: no rules and no visitor panic, and deciding, explaining and recalling agree.

#![no_main]

use std::net::IpAddr;

use arbitrary::{Arbitrary, Result, Unstructured};
use jiff::{Timestamp, tz::TimeZone};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value as Json, json};
use targeting::{
    Agent, Arity, Country, Described, FIELDS, Field, Network, Place, Region, Rules, Trace, Version,
    Visitor, When,
};

/// Everything of a click that somebody else chooses.
#[derive(Arbitrary, Debug)]
struct Input<'a> {
    second: i64,
    address: Option<IpAddr>,
    header: Option<&'a str>,
    query: &'a str,
    texts: [Option<&'a str>; 4],
    degrees: Option<f64>,
    asn: Option<u32>,
    flags: [Option<bool>; 4],
    seed: Option<u64>,
    country: &'a str,
    region: &'a str,
    version: &'a str,
    described: Option<&'a str>,
    rules: Conditions,
}

/// Trees of tests whose operators fit their fields, most of them with values that fit too.
#[derive(Debug)]
struct Conditions(Vec<Json>);

impl<'a> Arbitrary<'a> for Conditions {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Conditions> {
        let count = u.int_in_range(1..=6)?;
        (0..count).map(|_| condition(u, 4)).collect::<Result<_>>().map(Conditions)
    }
}

fn condition(u: &mut Unstructured<'_>, depth: u8) -> Result<Json> {
    let kind = if depth == 0 { 0 } else { u.int_in_range(0..=5)? };
    Ok(match kind {
        0..=2 => test(u)?,
        3 => json!({ "not": condition(u, depth - 1)? }),
        _ => {
            let count = u.int_in_range(1..=4)?;
            let parts: Vec<Json> =
                (0..count).map(|_| condition(u, depth - 1)).collect::<Result<_>>()?;
            if kind == 4 { json!({ "all": parts }) } else { json!({ "any": parts }) }
        }
    })
}

fn test(u: &mut Unstructured<'_>) -> Result<Json> {
    let field = u.choose(FIELDS)?;
    let operators: Vec<_> = field.kind.operators().collect();
    let operator = u.choose(&operators)?;
    let value = match operator.arity {
        Arity::None => Json::Null,
        Arity::One => scalar(u, field)?,
        Arity::Many => {
            let count = u.int_in_range(1..=12)?;
            (0..count).map(|_| scalar(u, field)).collect::<Result<_>>()?
        }
        Arity::Two => json!([scalar(u, field)?, scalar(u, field)?]),
    };
    let name = field.name.replace('*', "a");
    let mut test = json!({"field": name, "operator": operator.name, "value": value});
    if field.is_zoned() && u.ratio(1, 3)? {
        test["timezone"] = json!(*u.choose(&["Asia/Tokyo", "America/Lima"])?);
    }
    Ok(test)
}

fn scalar(u: &mut Unstructured<'_>, field: &Field) -> Result<Json> {
    Ok(match u.int_in_range(0..=5)? {
        0 | 1 => json!(field.example),
        2 => json!(u.int_in_range(0..=40)?),
        3 => json!(format!("{}.{}", u.int_in_range(0..=40)?, u.int_in_range(0..=9)?)),
        4 => json!(u.arbitrary::<bool>()?),
        _ => json!(u.arbitrary::<&str>()?),
    })
}

fuzz_target!(|input: Input<'_>| {
    let Ok(whens) = input.rules.0.iter().map(When::parse).collect::<std::result::Result<Vec<_>, _>>()
    else {
        return;
    };
    // Rules that are refused are left out, so that the rest can be asked.
    let right: Vec<&When> = whens.iter().filter(|when| when.check(None).is_empty()).collect();
    let rules = Rules::compile(right.iter().map(|when| (*when, None))).expect("each was checked");
    let described = input.described.and_then(|text| serde_json::from_str(text).ok());
    let described = described.and_then(|json| Described::parse(&json).ok());
    let header = |_: &str| input.header;
    let [city, timezone, os, browser] = input.texts;
    let [vpn, proxy, bot, returning] = input.flags;
    let visitor = Visitor {
        now: Timestamp::from_second(input.second).unwrap_or(Timestamp::MAX),
        zone: &TimeZone::UTC,
        address: input.address,
        header: &header,
        query: input.query,
        place: Place {
            country: Country::parse(input.country),
            region: Region::parse(input.region),
            continent: None,
            city,
            timezone,
            latitude: input.degrees,
            longitude: input.degrees,
            isp: city,
            connection: city,
            asn: input.asn,
        },
        network: Network { vpn, proxy, tor: vpn, datacenter: proxy },
        agent: Agent {
            device: os,
            os,
            os_version: Version::parse(input.version),
            browser,
            browser_version: Version::parse(input.version),
            brand: browser,
            bot,
            crawler: bot,
        },
        returning,
        seed: input.seed,
        described: described.as_ref(),
    };
    let mut trace = Trace::default();
    let decided = rules.decide(&visitor);
    assert_eq!(rules.decide_traced(&visitor, &mut trace), decided);
    let explanation = rules.explain(&visitor).beside(right);
    assert_eq!(explanation.winner, decided);
    if !trace.truncated() {
        let kept = Trace::from_bytes(trace.as_bytes());
        assert_eq!(rules.recall(&kept).winner, decided);
    }
    for field in FIELDS {
        if let Some(reference) = Field::parse(&field.name.replace('*', "a")) {
            drop(reference.text(&visitor));
        }
    }
});
