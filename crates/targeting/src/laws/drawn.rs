//! Visitors, conditions and JSON, drawn at random for the laws.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::{Timestamp, tz::TimeZone};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value as Json, json};

use crate::{
    Agent, Arity, Country, Described, FIELDS, Field, Kind, Network, OPERATORS, OperatorRow, Place,
    Region, Version, Visitor, When, names,
};

/// A visitor that owns what a [`Visitor`] borrows.
#[derive(Clone, Debug)]
pub(super) struct Person {
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
    pub(super) fn ask<T>(&self, ask: impl FnOnce(&Visitor<'_>) -> T) -> T {
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
pub(super) fn value(field: &'static Field) -> BoxedStrategy<Json> {
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

pub(super) fn condition() -> impl Strategy<Value = When> {
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

pub(super) fn test(
    field: &'static Field,
    operator: &'static OperatorRow,
) -> impl Strategy<Value = When> {
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

pub(super) fn person() -> impl Strategy<Value = Person> {
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

pub(super) fn described() -> impl Strategy<Value = Described> {
    let fact = select(FIELDS.iter().collect::<Vec<_>>()).prop_flat_map(|field| {
        let value = if field.name == "ip" { Just(json!("10.1.2.3")).boxed() } else { value(field) };
        (Just(field.name.replace('*', "a")), prop_oneof![value, Just(Json::Null)])
    });
    vec(fact, 1..4).prop_filter_map("a region of another country", |facts| {
        Described::parse(&Json::Object(facts.into_iter().collect())).ok()
    })
}

pub(super) fn json() -> impl Strategy<Value = Json> {
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
