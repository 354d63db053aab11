//! The dimensions: what clicks are filtered and broken down by, one row each.

use model::{Class, Click, LinkId, Outcome};

use crate::{
    social,
    value::{Borrowed, Value},
};

/// Something that a click has a value of, or none where it is not known.
#[derive(Debug)]
pub struct Dimension {
    /// The name on the wire.
    pub name: &'static str,
    /// What people read.
    pub label: &'static str,
    pub kind: Kind,
    pub source: Source,
}

/// What the values of a dimension are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    /// A number on which every dialect has a spelling of its own.
    Id,
    Flag,
}

/// Where a dimension's values come from.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// A column of its own: how it is read from a click, and how it is put back.
    ///
    /// Those that are put back later may rely on those before them in the table.
    Column { read: Read, write: Write },
    /// What the texts of another dimension are told by; no block keeps it.
    Derived { of: &'static str, read: fn(&str) -> Option<&'static str> },
    /// The time, in the zone that the question names.
    Clock(Clock),
    /// What the click's link has now. Nothing here knows links: whoever does asks for the clicks of
    /// each value's links, and puts the [answers together](crate::Answer::by_links); and makes
    /// [filters by links](crate::Filter::by_links) of those by what links have.
    Link,
}

pub type Read = for<'a> fn(&'a Click<'_>) -> Option<Borrowed<'a>>;
pub type Write = for<'a> fn(&mut Click<'a>, Borrowed<'a>);

/// What a clock on the wall tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// 0 to 23.
    Hour,
    /// 1 is Monday, 7 is Sunday.
    Weekday,
}

/// Every dimension; a block keeps one column for each that has one of its own.
pub static DIMENSIONS: &[Dimension] = &[
    id("link", "Link", |c| number(c.link), |c, v| set_number(&mut c.link, v)),
    text("outcome", "Outcome", |c| Some(Borrowed::Text(c.outcome.name())), set_outcome),
    id("rule", "Rule", |c| c.outcome.rule().map(|(rule, _)| Borrowed::Number(rule)), set_rule),
    number_of("variant", "Variant", |c| c.outcome.variant().map(wide), set_variant),
    number_of(
        "revision",
        "Revision",
        |c| number(c.revision),
        |c, v| set_number(&mut c.revision, v),
    ),
    text("class", "Class", |c| Some(Borrowed::Text(c.class.name())), set_class),
    text("reason", "Bot", |c| c.reason.map(Borrowed::Text), |c, v| c.reason = text_of(v)),
    text("country", "Country", read_country, set_country),
    text("region", "Region", |c| c.region.map(Borrowed::Text), |c, v| c.region = text_of(v)),
    text("city", "City", |c| c.city.map(Borrowed::Text), |c, v| c.city = text_of(v)),
    number_of("asn", "Network number", |c| c.asn.map(wide), |c, v| c.asn = narrow(v)),
    text("isp", "Provider", |c| c.isp.map(Borrowed::Text), |c, v| c.isp = text_of(v)),
    flag("vpn", "VPN", |c| c.network.vpn.map(Borrowed::Flag), |c, v| c.network.vpn = flag_of(v)),
    flag(
        "proxy",
        "Proxy",
        |c| c.network.proxy.map(Borrowed::Flag),
        |c, v| c.network.proxy = flag_of(v),
    ),
    flag("tor", "Tor", |c| c.network.tor.map(Borrowed::Flag), |c, v| c.network.tor = flag_of(v)),
    flag(
        "datacenter",
        "Data centre",
        |c| c.network.datacenter.map(Borrowed::Flag),
        |c, v| c.network.datacenter = flag_of(v),
    ),
    text("device", "Device", |c| c.device.map(Borrowed::Text), |c, v| c.device = text_of(v)),
    text("os", "System", |c| c.os.map(Borrowed::Text), |c, v| c.os = text_of(v)),
    text(
        "osVersion",
        "System version",
        |c| c.os_version.map(Borrowed::Text),
        |c, v| c.os_version = text_of(v),
    ),
    text("browser", "Browser", |c| c.browser.map(Borrowed::Text), |c, v| c.browser = text_of(v)),
    text(
        "browserVersion",
        "Browser version",
        |c| c.browser_version.map(Borrowed::Text),
        |c, v| c.browser_version = text_of(v),
    ),
    text("brand", "Brand", |c| c.brand.map(Borrowed::Text), |c, v| c.brand = text_of(v)),
    text(
        "language",
        "Language",
        |c| c.language.map(Borrowed::Text),
        |c, v| c.language = text_of(v),
    ),
    text(
        "referrer",
        "Referrer",
        |c| c.referrer.map(Borrowed::Text),
        |c, v| c.referrer = text_of(v),
    ),
    text(
        "referrerDomain",
        "Source",
        |c| c.referrer_domain.map(Borrowed::Text),
        |c, v| c.referrer_domain = text_of(v),
    ),
    Dimension {
        name: "social",
        label: "Social site",
        kind: Kind::Text,
        source: Source::Derived { of: "referrerDomain", read: social::site },
    },
    text(
        "utmSource",
        "UTM source",
        |c| c.utm.source.map(Borrowed::Text),
        |c, v| c.utm.source = text_of(v),
    ),
    text(
        "utmMedium",
        "UTM medium",
        |c| c.utm.medium.map(Borrowed::Text),
        |c, v| c.utm.medium = text_of(v),
    ),
    text(
        "utmCampaign",
        "UTM campaign",
        |c| c.utm.campaign.map(Borrowed::Text),
        |c, v| c.utm.campaign = text_of(v),
    ),
    text("utmTerm", "UTM term", |c| c.utm.term.map(Borrowed::Text), |c, v| c.utm.term = text_of(v)),
    text(
        "utmContent",
        "UTM content",
        |c| c.utm.content.map(Borrowed::Text),
        |c, v| c.utm.content = text_of(v),
    ),
    flag("qr", "QR code", |c| Some(Borrowed::Flag(c.qr)), |c, v| c.qr = flag_of(v) == Some(true)),
    flag(
        "returning",
        "Returning",
        |c| c.returning.map(Borrowed::Flag),
        |c, v| c.returning = flag_of(v),
    ),
    number_of(
        "decisionMicroseconds",
        "Decision, in microseconds",
        |c| c.took.map(wide),
        |c, v| c.took = narrow(v),
    ),
    clock("hour", "Hour", Clock::Hour),
    clock("dayOfWeek", "Day of the week", Clock::Weekday),
];

/// The dimensions of links: of a click they tell what its link has now.
pub static LINK_DIMENSIONS: &[Dimension] =
    &[of_link("domain", "Domain"), of_link("tag", "Tag"), of_link("folder", "Folder")];

/// The word for "not known" where a value stands on the wire.
pub const UNKNOWN: &str = "unknown";

impl Dimension {
    pub fn named(name: &str) -> Option<&'static Dimension> {
        DIMENSIONS.iter().find(|dimension| dimension.name == name)
    }

    pub(crate) fn country() -> &'static Dimension {
        Dimension::named("country").expect("countries are in the table")
    }

    pub(crate) fn city() -> &'static Dimension {
        Dimension::named("city").expect("cities are in the table")
    }

    /// A dimension of clicks or of their links.
    pub fn of_any(name: &str) -> Option<&'static Dimension> {
        let of_links = || LINK_DIMENSIONS.iter().find(|dimension| dimension.name == name);
        Dimension::named(name).or_else(of_links)
    }

    /// Whether links have it, and not clicks.
    pub fn is_of_links(&self) -> bool {
        matches!(self.source, Source::Link)
    }

    /// Whether a block has a column for it.
    pub fn has_column(&self) -> bool {
        matches!(self.source, Source::Column { .. })
    }

    /// The clock that it is read off, where it is.
    pub(crate) fn clock(&self) -> Option<Clock> {
        if let Source::Clock(clock) = self.source { Some(clock) } else { None }
    }

    /// Its place in the table.
    pub(crate) fn index(&self) -> usize {
        let place = DIMENSIONS.iter().position(|dimension| dimension.name == self.name);
        place.expect("there is no dimension outside of the table")
    }

    /// Reads a value from the wire; the error says what would be one.
    pub fn parse(&self, text: &str) -> Result<Value, &'static str> {
        match self.kind {
            Kind::Text if text.is_empty() => Err("a text, or `unknown`"),
            Kind::Text => Ok(Value::Text(text.into())),
            Kind::Number => text.parse().map(Value::Number).map_err(|_| "a whole number"),
            // Ids of rules and links are spelled alike.
            Kind::Id => LinkId::parse(text).map(|id| Value::Number(id.number())).ok_or("an id"),
            Kind::Flag => text.parse().map(Value::Flag).map_err(|_| "`true` or `false`"),
        }
    }

    /// The value that a click has; none too where only a clock could tell.
    pub fn read<'a>(&self, click: &'a Click<'_>) -> Option<Borrowed<'a>> {
        match self.source {
            Source::Column { read, .. } => read(click),
            Source::Derived { of, read } => {
                let of = Dimension::named(of)?.read(click).and_then(text_of)?;
                read(of).map(Borrowed::Text)
            }
            Source::Clock(_) | Source::Link => None,
        }
    }
}

const fn text(name: &'static str, label: &'static str, read: Read, write: Write) -> Dimension {
    Dimension { name, label, kind: Kind::Text, source: Source::Column { read, write } }
}

const fn number_of(name: &'static str, label: &'static str, read: Read, write: Write) -> Dimension {
    Dimension { name, label, kind: Kind::Number, source: Source::Column { read, write } }
}

const fn id(name: &'static str, label: &'static str, read: Read, write: Write) -> Dimension {
    Dimension { name, label, kind: Kind::Id, source: Source::Column { read, write } }
}

const fn flag(name: &'static str, label: &'static str, read: Read, write: Write) -> Dimension {
    Dimension { name, label, kind: Kind::Flag, source: Source::Column { read, write } }
}

const fn clock(name: &'static str, label: &'static str, clock: Clock) -> Dimension {
    Dimension { name, label, kind: Kind::Number, source: Source::Clock(clock) }
}

const fn of_link(name: &'static str, label: &'static str) -> Dimension {
    Dimension { name, label, kind: Kind::Text, source: Source::Link }
}

/// A click says 0 where there is no link and no revision.
fn number<'a>(number: i64) -> Option<Borrowed<'a>> {
    (number != 0).then_some(Borrowed::Number(number))
}

fn wide<'a>(number: u32) -> Borrowed<'a> {
    Borrowed::Number(number.into())
}

fn read_country<'a>(click: &'a Click<'_>) -> Option<Borrowed<'a>> {
    std::str::from_utf8(click.country.as_ref()?).ok().map(Borrowed::Text)
}

fn text_of(value: Borrowed<'_>) -> Option<&str> {
    if let Borrowed::Text(text) = value { Some(text) } else { None }
}

fn flag_of(value: Borrowed<'_>) -> Option<bool> {
    if let Borrowed::Flag(flag) = value { Some(flag) } else { None }
}

fn narrow(value: Borrowed<'_>) -> Option<u32> {
    if let Borrowed::Number(number) = value { number.try_into().ok() } else { None }
}

fn set_number(number: &mut i64, value: Borrowed<'_>) {
    if let Borrowed::Number(value) = value {
        *number = value;
    }
}

fn set_country<'a>(click: &mut Click<'a>, value: Borrowed<'a>) {
    click.country = text_of(value).and_then(|text| text.as_bytes().try_into().ok());
}

fn set_class<'a>(click: &mut Click<'a>, value: Borrowed<'a>) {
    click.class = text_of(value).and_then(Class::named).unwrap_or_default();
}

/// The shape alone: the rule and the variant are columns after this one.
fn set_outcome<'a>(click: &mut Click<'a>, value: Borrowed<'a>) {
    let shapes = [
        Outcome::Destination,
        Outcome::Split { variant: 0 },
        Outcome::Rule { rule: 0, variant: None },
        Outcome::Blocked { rule: 0 },
        Outcome::NotFound,
        Outcome::Expired,
        Outcome::Gone,
        Outcome::Password,
        Outcome::Card,
        Outcome::Stayed,
    ];
    let shape = shapes.into_iter().find(|shape| Some(shape.name()) == text_of(value));
    click.outcome = shape.unwrap_or_default();
}

fn set_rule<'a>(click: &mut Click<'a>, value: Borrowed<'a>) {
    if let Outcome::Rule { rule, .. } | Outcome::Blocked { rule } = &mut click.outcome {
        set_number(rule, value);
    }
}

fn set_variant<'a>(click: &mut Click<'a>, value: Borrowed<'a>) {
    match &mut click.outcome {
        Outcome::Split { variant } => *variant = narrow(value).unwrap_or_default(),
        Outcome::Rule { variant, .. } => *variant = narrow(value),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_is_found_by_its_name_and_none_twice() {
        for (place, dimension) in DIMENSIONS.iter().enumerate() {
            assert_eq!(Dimension::named(dimension.name).map(Dimension::index), Some(place));
        }
    }

    #[test]
    fn names_are_words_of_the_wire() {
        for Dimension { name, label, .. } in DIMENSIONS.iter().chain(LINK_DIMENSIONS) {
            assert!(Dimension::of_any(name).is_some_and(|found| found.label == *label), "{name}");
            assert!(name.bytes().all(|b| b.is_ascii_alphabetic()), "{name}");
            assert!(name.starts_with(|c: char| c.is_ascii_lowercase()), "{name}");
            assert!(!label.is_empty(), "{name}");
        }
    }
}
