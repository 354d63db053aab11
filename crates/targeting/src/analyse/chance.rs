//! Rules and visitors by chance, so few in their values that they meet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value as Json, json};

use crate::{
    Agent, Arity, Continent, Country, FIELDS, Field, Kind, Network, Place, Region, Version,
    Visitor, When,
};

const COUNTRIES: &[&str] = &["US", "DE", "FR"];
const REGIONS: &[&str] = &["US-NY", "US-CA", "DE-BY", "DE-BE", "FR-IDF", "FR-75C"];
const TEXTS: &[&str] = &["ab", "abc", "bc", "B", "", "größe"];
const DOMAINS: &[&str] = &["google.com", "news.google.com", "com", "bing.com"];
const LANGUAGES: &[&str] = &["en", "en-US", "de", "de-CH-1996"];
const VERSIONS: &[&str] = &["17", "17.4", "17.4.1", "18", "9.0.1"];
const ZONES: &[&str] = &["Europe/Berlin", "America/New_York", "Asia/Kathmandu"];
const ADDRESSES: &[&str] = &["10.1.2.3", "10.200.0.1", "192.0.2.7", "2001:db8::1", "::1"];

/// A row of numbers that look like chance (SplitMix64): thousands of visitors would take a strategy
/// far too long.
pub(super) struct Dice(pub(super) u64);

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
        "region" => json!(dice.pick(&["US-NY", "CA", "Bavaria", "DE-BE", "FR-IDF", "FR-75C"])),
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
        "time" => json!(dice.pick(&["00:00", "09:30", "17:05", "23:59"])),
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
    let flag = matches!(field.kind, Kind::Flag);
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
pub(super) fn rules(dice: &mut Dice) -> Vec<When> {
    // Some that hang together, and then any.
    const GROUPS: &[&[&str]] = &[
        &["country", "region", "continent"],
        &["deviceType", "bot", "isCrawler"],
        &["date", "dayOfWeek", "hour", "time"],
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
pub(super) fn visit<T>(dice: &mut Dice, ask: impl FnOnce(&Visitor<'_>) -> T) -> T {
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
            connection: dice.maybe(|dice| dice.pick(&["cellular", "corporate"])),
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
