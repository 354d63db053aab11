//! The visitor that the unit tests ask about.

use std::sync::LazyLock;

use jiff::tz::TimeZone;

use crate::{Agent, Network, Place, Region, Version, Visitor, names};

/// The zone of a link whose owner lives far from everyone.
static AUCKLAND: LazyLock<TimeZone> =
    LazyLock::new(|| crate::zone::named("Pacific/Auckland").unwrap());

/// A Parisian on an iPhone, Monday 2026-01-05 at 23:30 UTC: Tuesday half past midnight in Paris,
/// and half past noon in Auckland.
pub(crate) fn parisian<'v>() -> Visitor<'v> {
    let region = Region::parse("FR-IDF");
    Visitor {
        now: "2026-01-05T23:30:00Z".parse().unwrap(),
        zone: &AUCKLAND,
        address: Some("2001:db8::7".parse().unwrap()),
        header: &|name| header(name),
        query: "ref=Mail+42&flag&utm_source=News%20Letter&utm_source=other",
        place: Place {
            country: region.map(Region::country),
            region,
            continent: None,
            city: Some("Paris"),
            timezone: Some("Europe/Paris"),
            latitude: Some(48.85),
            longitude: Some(2.35),
            isp: Some("Orange S.A."),
            connection: Some("cellular"),
            asn: Some(3_215),
        },
        network: Network { vpn: Some(false), proxy: None, tor: Some(false), datacenter: None },
        agent: Agent {
            device: Some("mobile"),
            os: Some(names::os("iPhone OS")),
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

/// Somebody of whom nothing could be learnt.
pub(crate) fn nobody<'v>() -> Visitor<'v> {
    let parisian = parisian();
    Visitor::nobody(parisian.now, parisian.zone)
}

fn header(name: &str) -> Option<&'static str> {
    match name {
        "accept-language" => Some("fr-FR,fr;q=0.9, en;q=0.8"),
        "cookie" => Some("plan=Pro; sid=1"),
        "referer" => Some("https://www.News.google.com/article?id=1"),
        "x-app" => Some("beta"),
        _ => None,
    }
}
