//! Everything that a condition can test, one row each.
//!
//! This table is the only place that knows the fields. Reading and checking rules, the rule
//! editor, explanations and the documentation all walk it, so a new field is one new row.
//!
//! `example.rs` has one for visitors who ask their browser to save data, whole. Its kind brings the
//! operators, the reading of a rule's values and of stated facts, and what is said of wrong ones;
//! its source has the redirect gather the headers. The tests that walk the table try it at once.

use std::borrow::Cow;

use jiff::civil::DateTime;

use crate::{
    Continent, Country, Field, Group, Kind, Languages, Slot, Source, Value, Visitor, names,
    numbers, request, zone,
};

pub static FIELDS: &[Field] = &[
    Field {
        name: "country",
        label: "Country",
        help: "Where the visitor's address is, as an ISO 3166-1 code such as `FR` or a group such as `EU`.",
        group: Group::Location,
        kind: Kind::Country,
        source: Source::Country,
        example: "US",
        read: |visitor, _| country(visitor).map_or(Value::Unknown, Value::Country),
    },
    Field {
        name: "region",
        label: "Region",
        help: "The subdivision that the visitor's address is in, or one around it (`GB-ENG` around \
               `GB-WBK`), as `NY`, `US-NY` or the English name.",
        group: Group::Location,
        kind: Kind::Region,
        source: Source::Place,
        example: "US-NY",
        read: |visitor, _| visitor.place.region.map_or(Value::Unknown, Value::Region),
    },
    Field {
        name: "city",
        label: "City",
        help: "The English name of the city that the visitor's address is in.",
        group: Group::Location,
        kind: Kind::Text,
        source: Source::Place,
        example: "Berlin",
        read: |visitor, _| Value::text(visitor.place.city),
    },
    Field {
        name: "continent",
        label: "Continent",
        help: "The continent that the visitor's address is on, as a code such as `EU` or its English name.",
        group: Group::Location,
        kind: Kind::Continent,
        source: Source::Country,
        example: "EU",
        read: |visitor, _| continent(visitor).map_or(Value::Unknown, Value::Continent),
    },
    Field {
        name: "timezone",
        label: "Time zone",
        help: "The IANA name of the time zone that the visitor's address is in.",
        group: Group::Location,
        kind: Kind::Text,
        source: Source::Zone,
        example: "Europe/Berlin",
        read: |visitor, _| Value::text(visitor.place.timezone),
    },
    Field {
        name: "isp",
        label: "Provider",
        help: "The name of the company that provides the visitor's address.",
        group: Group::Location,
        kind: Kind::Text,
        source: Source::Provider,
        example: "Deutsche Telekom AG",
        read: |visitor, _| Value::text(visitor.place.isp),
    },
    Field {
        name: "asn",
        label: "AS number",
        help: "The autonomous system that the visitor's address belongs to, as `13335` or `AS13335`.",
        group: Group::Location,
        kind: Kind::Number(&numbers::ASN),
        source: Source::Provider,
        example: "13335",
        read: |visitor, _| Value::number(visitor.place.asn.map(f64::from)),
    },
    Field {
        name: "connectionType",
        label: "Connection",
        help: "How the visitor's network is connected: `cellular`, `cable/dsl`, `corporate`, `dialup` or `satellite`.",
        group: Group::Location,
        kind: Kind::Name(&names::CONNECTIONS),
        source: Source::Provider,
        example: "cellular",
        read: |visitor, _| Value::text(visitor.place.connection),
    },
    Field {
        name: "latitude",
        label: "Latitude",
        help: "How far north the visitor's address is, in degrees from -90 to 90.",
        group: Group::Location,
        kind: Kind::Number(&numbers::LATITUDE),
        source: Source::Place,
        example: "52.5",
        read: |visitor, _| Value::number(visitor.place.latitude),
    },
    Field {
        name: "longitude",
        label: "Longitude",
        help: "How far east the visitor's address is, in degrees from -180 to 180.",
        group: Group::Location,
        kind: Kind::Number(&numbers::LONGITUDE),
        source: Source::Place,
        example: "13.4",
        read: |visitor, _| Value::number(visitor.place.longitude),
    },
    Field {
        name: "deviceType",
        label: "Device",
        help: "What the visitor holds: `mobile`, `tablet`, `desktop`, `tv`, `console` or `bot`.",
        group: Group::Device,
        kind: Kind::Name(&names::DEVICES),
        source: Source::Agent,
        example: "mobile",
        read: |visitor, _| Value::text(visitor.agent.device),
    },
    Field {
        name: "os",
        label: "Operating system",
        help: "The system that the visitor's browser runs on, such as `iOS` or `Windows`.",
        group: Group::Device,
        kind: Kind::Name(&names::SYSTEMS),
        source: Source::Agent,
        example: "iOS",
        read: |visitor, _| Value::text(visitor.agent.os),
    },
    Field {
        name: "osVersion",
        label: "System version",
        help: "The version of the visitor's system, compared to the precision of the rule's value.",
        group: Group::Device,
        kind: Kind::Version,
        source: Source::Agent,
        example: "17.4",
        read: |visitor, _| Value::version(visitor.agent.os_version),
    },
    Field {
        name: "browser",
        label: "Browser",
        help: "The visitor's browser, such as `Chrome` or `Safari`.",
        group: Group::Device,
        kind: Kind::Name(&names::BROWSERS),
        source: Source::Agent,
        example: "Chrome",
        read: |visitor, _| Value::text(visitor.agent.browser),
    },
    Field {
        name: "browserVersion",
        label: "Browser version",
        help: "The version of the visitor's browser, compared to the precision of the rule's value.",
        group: Group::Device,
        kind: Kind::Version,
        source: Source::Agent,
        example: "127",
        read: |visitor, _| Value::version(visitor.agent.browser_version),
    },
    Field {
        name: "deviceBrand",
        label: "Device brand",
        help: "The maker of the visitor's device, such as `Apple` or `Samsung`.",
        group: Group::Device,
        kind: Kind::Text,
        source: Source::Agent,
        example: "Apple",
        read: |visitor, _| Value::text(visitor.agent.brand),
    },
    Field {
        name: "language",
        label: "Language",
        help: "Any of the languages that the visitor's browser asks for, where `en` stands for `en-US` too.",
        group: Group::Device,
        kind: Kind::Languages,
        source: Source::Request,
        example: "en",
        read: |visitor, _| Value::Languages(Languages(header(visitor, "accept-language"))),
    },
    Field {
        name: "vpn",
        label: "VPN",
        help: "Whether the visitor's address belongs to a known VPN.",
        group: Group::Network,
        kind: Kind::Flag,
        source: Source::Ranges,
        example: "true",
        read: |visitor, _| Value::flag(visitor.network.vpn),
    },
    Field {
        name: "proxy",
        label: "Proxy",
        help: "Whether the visitor's address belongs to a known open proxy.",
        group: Group::Network,
        kind: Kind::Flag,
        source: Source::Ranges,
        example: "true",
        read: |visitor, _| Value::flag(visitor.network.proxy),
    },
    Field {
        name: "tor",
        label: "Tor",
        help: "Whether the visitor's address is a known exit of the Tor network.",
        group: Group::Network,
        kind: Kind::Flag,
        source: Source::Ranges,
        example: "true",
        read: |visitor, _| Value::flag(visitor.network.tor),
    },
    Field {
        name: "datacenter",
        label: "Datacenter",
        help: "Whether the visitor's address belongs to a datacenter and not to a household.",
        group: Group::Network,
        kind: Kind::Flag,
        source: Source::Ranges,
        example: "true",
        read: |visitor, _| Value::flag(visitor.network.datacenter),
    },
    Field {
        name: "bot",
        label: "Bot",
        help: "Whether the visitor is any program that visits by itself.",
        group: Group::Network,
        kind: Kind::Flag,
        source: Source::Agent,
        example: "true",
        read: |visitor, _| Value::flag(visitor.agent.bot),
    },
    Field {
        name: "isCrawler",
        label: "Crawler",
        help: "Whether the visitor is a program that collects pages, such as a search engine's.",
        group: Group::Network,
        kind: Kind::Flag,
        source: Source::Agent,
        example: "true",
        read: |visitor, _| Value::flag(visitor.agent.crawler),
    },
    Field {
        name: "ip",
        label: "IP address",
        help: "The visitor's address, compared with addresses or networks such as `10.0.0.0/8`.",
        group: Group::Network,
        kind: Kind::Address,
        source: Source::Request,
        example: "192.0.2.0/24",
        read: |visitor, _| {
            visitor.address.map_or(Value::Unknown, |ip| Value::Address(ip.to_canonical()))
        },
    },
    Field {
        name: "referrer",
        label: "Referrer",
        help: "The whole address of the page that the visitor comes from, empty where none was sent.",
        group: Group::Traffic,
        kind: Kind::Text,
        source: Source::Request,
        example: "https://news.example.com/",
        read: |visitor, _| Value::text(Some(header(visitor, "referer"))),
    },
    Field {
        name: "referrerDomain",
        label: "Referrer's domain",
        help: "The host of the page that the visitor comes from, where `google.com` stands for `news.google.com` too.",
        group: Group::Traffic,
        kind: Kind::Domain,
        source: Source::Request,
        example: "google.com",
        read: |visitor, _| referrer_domain(visitor),
    },
    Field {
        name: "utmSource",
        label: "UTM source",
        help: "The `utm_source` parameter of the clicked address, empty where there is none.",
        group: Group::Traffic,
        kind: Kind::Text,
        source: Source::Request,
        example: "newsletter",
        read: |visitor, _| parameter(visitor, "utm_source"),
    },
    Field {
        name: "utmMedium",
        label: "UTM medium",
        help: "The `utm_medium` parameter of the clicked address, empty where there is none.",
        group: Group::Traffic,
        kind: Kind::Text,
        source: Source::Request,
        example: "email",
        read: |visitor, _| parameter(visitor, "utm_medium"),
    },
    Field {
        name: "utmCampaign",
        label: "UTM campaign",
        help: "The `utm_campaign` parameter of the clicked address, empty where there is none.",
        group: Group::Traffic,
        kind: Kind::Text,
        source: Source::Request,
        example: "spring",
        read: |visitor, _| parameter(visitor, "utm_campaign"),
    },
    Field {
        name: "utmTerm",
        label: "UTM term",
        help: "The `utm_term` parameter of the clicked address, empty where there is none.",
        group: Group::Traffic,
        kind: Kind::Text,
        source: Source::Request,
        example: "shoes",
        read: |visitor, _| parameter(visitor, "utm_term"),
    },
    Field {
        name: "utmContent",
        label: "UTM content",
        help: "The `utm_content` parameter of the clicked address, empty where there is none.",
        group: Group::Traffic,
        kind: Kind::Text,
        source: Source::Request,
        example: "header",
        read: |visitor, _| parameter(visitor, "utm_content"),
    },
    Field {
        name: "query.*",
        label: "Query parameter",
        help: "A parameter of the clicked address, such as `query.ref`, empty where there is none.",
        group: Group::Traffic,
        kind: Kind::Text,
        source: Source::Request,
        example: "partner",
        read: |visitor, slot| parameter(visitor, &slot.parameter),
    },
    Field {
        name: "header.*",
        label: "Header",
        help: "A header of the visitor's request, such as `header.x-app`, empty where it was not sent.",
        group: Group::Traffic,
        kind: Kind::Text,
        source: Source::Request,
        example: "beta",
        read: |visitor, slot| Value::text(Some(header(visitor, &slot.parameter))),
    },
    Field {
        name: "cookie.*",
        label: "Cookie",
        help: "A cookie of the visitor's request, such as `cookie.plan`, empty where it was not sent.",
        group: Group::Traffic,
        kind: Kind::Text,
        source: Source::Request,
        example: "pro",
        read: |visitor, slot| cookie(visitor, &slot.parameter),
    },
    Field {
        name: "hour",
        label: "Hour",
        help: "The hour of the click, from 0 to 23, in the rule's time zone or else the visitor's.",
        group: Group::Time,
        kind: Kind::Number(&numbers::HOUR),
        source: Source::Clock,
        example: "9",
        read: |visitor, slot| Value::Number(f64::from(moment(visitor, slot).hour())),
    },
    Field {
        name: "time",
        label: "Time of day",
        help: "The minute of the click, as `09:30` or counted from midnight, in the rule's time zone or else the visitor's.",
        group: Group::Time,
        kind: Kind::Number(&numbers::MINUTE),
        source: Source::Clock,
        example: "09:30",
        read: |visitor, slot| {
            let moment = moment(visitor, slot);
            Value::Number(f64::from(moment.hour()) * 60.0 + f64::from(moment.minute()))
        },
    },
    Field {
        name: "dayOfWeek",
        label: "Day of the week",
        help: "The day of the click, from 0 for Sunday to 6 or by its English name, in the rule's time zone or else the visitor's.",
        group: Group::Time,
        kind: Kind::Number(&numbers::DAY),
        source: Source::Clock,
        example: "1",
        read: |visitor, slot| {
            let weekday = moment(visitor, slot).weekday();
            Value::Number(f64::from(weekday.to_sunday_zero_offset()))
        },
    },
    Field {
        name: "date",
        label: "Date",
        help: "The date of the click, such as `2026-11-21`, in the rule's time zone or else the visitor's.",
        group: Group::Time,
        kind: Kind::Date,
        source: Source::Clock,
        example: "2026-11-21",
        read: |visitor, slot| Value::Date(moment(visitor, slot).date()),
    },
    Field {
        name: "isNewVisitor",
        label: "New visitor",
        help: "Whether the visitor never clicked this link before.",
        group: Group::Visitor,
        kind: Kind::Flag,
        source: Source::History,
        example: "true",
        read: |visitor, _| Value::flag(returning(visitor).map(|returning| !returning)),
    },
    Field {
        name: "isReturning",
        label: "Returning visitor",
        help: "Whether the visitor clicked this link before.",
        group: Group::Visitor,
        kind: Kind::Flag,
        source: Source::History,
        example: "true",
        read: |visitor, _| Value::flag(returning(visitor)),
    },
    Field {
        name: "percentile",
        label: "Share of visitors",
        help: "A number from 0 to 99 that stays the same for one visitor of one link.",
        group: Group::Visitor,
        kind: Kind::Number(&numbers::PERCENTILE),
        source: Source::Seed,
        example: "50",
        read: |visitor, _| Value::number(visitor.seed.map(percentile)),
    },
    #[cfg(test)]
    crate::example::SAVES_DATA,
];

fn header<'v>(visitor: &Visitor<'v>, name: &str) -> &'v str {
    (visitor.header)(name).unwrap_or_default()
}

fn parameter<'v>(visitor: &Visitor<'v>, name: &str) -> Value<'v> {
    Value::Text(request::parameter(visitor.query, name).unwrap_or_default())
}

fn cookie<'v>(visitor: &Visitor<'v>, name: &str) -> Value<'v> {
    Value::text(Some(request::cookie(header(visitor, "cookie"), name).unwrap_or_default()))
}

fn referrer_domain<'v>(visitor: &Visitor<'v>) -> Value<'v> {
    match visitor.stated("referrer") {
        Some(Value::Text(referrer)) => Value::Text(Cow::Owned(request::host(&referrer).to_owned())),
        Some(_) => Value::Unknown,
        None => Value::text(Some(request::host(header(visitor, "referer")))),
    }
}

fn country(visitor: &Visitor<'_>) -> Option<Country> {
    match visitor.stated("region") {
        Some(Value::Region(region)) => Some(region.country()),
        _ => visitor.place.country,
    }
}

fn continent(visitor: &Visitor<'_>) -> Option<Continent> {
    match visitor.stated("country") {
        Some(Value::Country(country)) => Some(country.continent()),
        Some(_) => None,
        None => visitor.place.continent.or_else(|| country(visitor).map(Country::continent)),
    }
}

fn returning(visitor: &Visitor<'_>) -> Option<bool> {
    match (visitor.stated("isReturning"), visitor.stated("isNewVisitor")) {
        (Some(Value::Flag(returning)), _) => Some(returning),
        (None, Some(Value::Flag(new))) => Some(!new),
        (None, None) => visitor.returning,
        _ => None,
    }
}

/// The clock on the wall: in the condition's zone, else the visitor's, else the link's.
fn moment(visitor: &Visitor<'_>, slot: &Slot) -> DateTime {
    if let Some(zone) = &slot.zone {
        return zone.to_datetime(visitor.now);
    }
    let name = match visitor.stated("timezone") {
        Some(Value::Text(name)) => Some(name),
        Some(_) => None,
        None => visitor.place.timezone.map(Cow::Borrowed),
    };
    match name.and_then(|name| zone::named(&name)) {
        Some(zone) => zone.to_datetime(visitor.now),
        None => visitor.zone.to_datetime(visitor.now),
    }
}

/// Splits the 64-bit dice into a hundred equal parts.
fn percentile(seed: u64) -> f64 {
    f64::from(((u128::from(seed) * 100) >> 64) as u8)
}
