//! The rules and the visitor that the benches measure, by name.

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use targeting::{Agent, Country, Network, Place, Region, Rules, Version, Visitor, When};

/// Rules that are worth measuring.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// The visitor's.
    address: &'static str,
    whens: fn() -> Vec<Json>,
}

/// Every scenario; in each only the last rule holds, so that all are tried.
pub(crate) static ALL: &[Scenario] = &[
    Scenario { name: "one rule", address: V4, whens: || ten()[9..].to_vec() },
    Scenario { name: "four rules of places", address: V4, whens: four_of_places },
    Scenario { name: "ten rules", address: V4, whens: ten },
    Scenario { name: "ten rules of the request", address: V4, whens: ten_of_the_request },
    Scenario { name: "hundred rules", address: V4, whens: hundred },
    Scenario { name: "hundred countries", address: V4, whens: hundred_countries },
    Scenario { name: "city in 5", address: V4, whens: || list("city", &cities(5)) },
    Scenario { name: "city in 5,000", address: V4, whens: || list("city", &cities(5_000)) },
    Scenario { name: "asn in 5", address: V4, whens: || list("asn", &numbers(5)) },
    Scenario { name: "asn in 5,000", address: V4, whens: || list("asn", &numbers(5_000)) },
    Scenario { name: "ip in 5", address: V4, whens: || list("ip", &networks(5)) },
    Scenario { name: "ip in 5,000", address: V4, whens: || list("ip", &networks(5_000)) },
    Scenario { name: "ip of 16 lengths in 16", address: V4, whens: || list("ip", &mixed(16)) },
    Scenario {
        name: "ip of 16 lengths in 5,000",
        address: V4,
        whens: || list("ip", &mixed(5_000)),
    },
    Scenario { name: "IPv6 in 5", address: V6, whens: || list("ip", &networks_v6(5)) },
    Scenario { name: "IPv6 in 5,000", address: V6, whens: || list("ip", &networks_v6(5_000)) },
    Scenario { name: "osVersion in 5", address: V4, whens: || list("osVersion", &versions(5)) },
    Scenario {
        name: "osVersion in 5,000",
        address: V4,
        whens: || list("osVersion", &versions(5_000)),
    },
    Scenario { name: "country in 5", address: V4, whens: || list("country", &countries(5)) },
    Scenario { name: "country in 249", address: V4, whens: || list("country", &countries(249)) },
];

const V4: &str = "192.0.2.7";
const V6: &str = "2001:db8::7";

impl Scenario {
    /// A Parisian on an iPhone, of whom everything is known.
    pub(crate) fn visitor<'v>(&self) -> Visitor<'v> {
        Visitor { address: self.address.parse().ok(), ..visitor() }
    }

    /// The conditions of its rules.
    pub(crate) fn parsed(&self) -> Vec<When> {
        let parse = |json: &Json| When::parse(json).expect("a bench's rule is a tree");
        (self.whens)().iter().map(parse).collect()
    }

    pub(crate) fn rules(&self) -> Rules {
        let whens = self.parsed();
        let rules = Rules::compile(whens.iter().map(|when| (when, None)));
        rules.expect("the rules of a bench are right")
    }
}

fn list(field: &str, values: &[Json]) -> Vec<Json> {
    vec![json!({"field": field, "operator": "in", "value": values})]
}

/// Ten rules over what is known of place, network and agent, with 19 tests on the way to the last.
fn ten() -> Vec<Json> {
    let test = |field: &str, operator: &str, value: Json| json!({"field": field, "operator": operator, "value": value});
    let all = |all: &[Json]| json!({ "all": all });
    let any = |any: &[Json]| json!({ "any": any });
    vec![
        all(&[
            test("deviceType", "equals", json!("mobile")),
            test("country", "in", json!(["US", "CA"])),
        ]),
        all(&[test("os", "equals", json!("iOS")), test("osVersion", "greater_than", json!("18"))]),
        test("bot", "is_true", Json::Null),
        any(&[test("vpn", "is_true", Json::Null), test("tor", "is_true", Json::Null)]),
        all(&[
            test("continent", "equals", json!("EU")),
            test("browser", "in", json!(["Firefox", "Opera", "Brave"])),
        ]),
        any(&[
            test("region", "in", json!(["FR-NOR", "FR-BRE"])),
            test("city", "equals", json!("Lyon")),
        ]),
        all(&[
            test("asn", "in", json!([3215, 5410])),
            json!({"not": {"any": [
                test("deviceType", "equals", json!("tablet")),
                test("os", "equals", json!("iOS"))]}}),
        ]),
        test("country", "equals", json!("DE")),
        all(&[
            test("browser", "equals", json!("Safari")),
            test("browserVersion", "less_than", json!("17")),
        ]),
        all(&[test("country", "equals", json!("FR")), test("datacenter", "is_false", Json::Null)]),
    ]
}

/// Four rules as somebody writes them for a campaign in some countries.
fn four_of_places() -> Vec<Json> {
    let test = |field: &str, operator: &str, value: Json| json!({"field": field, "operator": operator, "value": value});
    vec![
        json!({"all": [
            test("country", "in", json!(["US", "CA"])),
            test("os", "equals", json!("iOS"))]}),
        test("region", "in", json!(["FR-NOR", "FR-BRE"])),
        json!({"all": [
            test("continent", "equals", json!("EU")),
            test("deviceType", "equals", json!("tablet"))]}),
        test("country", "equals", json!("FR")),
    ]
}

/// Ten rules over what the visitor sent, and when, each of which has to be found in the request.
fn ten_of_the_request() -> Vec<Json> {
    let test = |field: &str, operator: &str, value: Json| json!({"field": field, "operator": operator, "value": value});
    vec![
        test("utmSource", "equals", json!("newsletter")),
        test("utmSource", "equals", json!("social")),
        test("utmCampaign", "starts_with", json!("spring")),
        test("language", "equals", json!("de")),
        test("language", "in", json!(["es", "pt"])),
        test("referrerDomain", "in", json!(["bing.com", "yahoo.com"])),
        test("referrer", "contains", json!("/shop/")),
        test("hour", "between", json!([9, 17])),
        test("dayOfWeek", "in", json!(["Saturday", "Sunday"])),
        test("referrerDomain", "equals", json!("google.com")),
    ]
}

/// The ten rules ten times over; none but the hundredth holds.
fn hundred() -> Vec<Json> {
    let nine = ten()[..9].to_vec();
    let mut rules: Vec<Json> = nine.iter().cycle().take(99).cloned().collect();
    rules.push(ten()[9].clone());
    rules
}

/// A rule for each of a hundred countries, as Short.io's scripts make them; the visitor's is last.
fn hundred_countries() -> Vec<Json> {
    let test = |code: Json| json!({"field": "country", "operator": "equals", "value": code});
    let others = countries(250).into_iter().filter(|code| code != "FR").take(99);
    others.chain([json!("FR")]).map(test).collect()
}

fn cities(count: usize) -> Vec<Json> {
    let others = (1..count).map(|i| json!(format!("Springfield {i}")));
    others.chain([json!("Paris")]).collect()
}

fn numbers(count: usize) -> Vec<Json> {
    (1..count).map(|i| json!(i * 7 + 10_000)).chain([json!(3_215)]).collect()
}

fn networks(count: usize) -> Vec<Json> {
    let others = (1..count).map(|i| json!(format!("{}.{}.0.0/17", 11 + i / 250, i % 250)));
    others.chain([json!("192.0.2.0/24")]).collect()
}

/// Of lengths from 17 to 32.
fn mixed(count: usize) -> Vec<Json> {
    let other = |i: usize| json!(format!("{}.{}.0.0/{}", 11 + i / 250, i % 250, 17 + i % 16));
    (1..count).map(other).chain([json!("192.0.2.0/24")]).collect()
}

/// Of the five lengths that providers give and get.
fn networks_v6(count: usize) -> Vec<Json> {
    let other = |i: usize| json!(format!("2a00:{i:x}::/{}", [32, 40, 48, 56, 64][i % 5]));
    (1..count).map(other).chain([json!("2001:db8::/32")]).collect()
}

fn versions(count: usize) -> Vec<Json> {
    let others = (1..count).map(|i| json!(format!("{}.{}", 20 + i / 50, i % 50)));
    others.chain([json!("17.4")]).collect()
}

fn countries(count: usize) -> Vec<Json> {
    let others = Country::all().filter(|country| country.as_str() != "FR").take(count - 1);
    others.map(|country| json!(country.as_str())).chain([json!("FR")]).collect()
}

fn visitor<'v>() -> Visitor<'v> {
    static UTC: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::UTC);
    let region = Region::parse("FR-IDF");
    Visitor {
        now: "2026-01-05T19:30:00Z".parse().expect("a moment"),
        zone: &UTC,
        address: None,
        header: &|name| header(name),
        query: "ref=mail+42&flag&utm_source=News%20Letter&utm_campaign=winter",
        place: Place {
            country: region.map(Region::country),
            region,
            // Whoever gathers a country gathers its continent.
            continent: region.map(|region| region.country().continent()),
            city: Some("Paris"),
            timezone: Some("Europe/Paris"),
            latitude: Some(48.85),
            longitude: Some(2.35),
            isp: Some("Orange S.A."),
            connection: Some("cellular"),
            asn: Some(3_215),
        },
        network: Network {
            vpn: Some(false),
            proxy: Some(false),
            tor: Some(false),
            datacenter: Some(false),
        },
        agent: Agent {
            device: Some("mobile"),
            os: Some("iOS"),
            os_version: Version::parse("17.4.1"),
            browser: Some("Safari"),
            browser_version: Version::parse("17.4"),
            brand: Some("Apple"),
            bot: Some(false),
            crawler: Some(false),
        },
        returning: Some(true),
        seed: Some(u64::MAX / 2),
        described: None,
    }
}

/// What a small map of headers would find.
fn header(name: &str) -> Option<&'static str> {
    match name {
        "accept-language" => Some("fr-FR,fr;q=0.9, en;q=0.8"),
        "cookie" => Some("plan=Pro; sid=1"),
        "referer" => Some("https://www.News.google.com/article?id=1"),
        _ => None,
    }
}
