//! What a geo source can tell, and which sources are loaded.

use std::fmt;

use jiff::Timestamp;

use super::record::Record;

/// A fact about an address, in the order in which a source's use is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    City,
    Region,
    Country,
    Coordinates,
    Timezone,
    Isp,
    Asn,
    Connection,
    /// All of vpn, proxy, tor and datacenter: an absent flag means no.
    Anonymity,
}

impl Fact {
    pub(super) const ALL: [Fact; 9] = [
        Fact::City,
        Fact::Region,
        Fact::Country,
        Fact::Coordinates,
        Fact::Timezone,
        Fact::Isp,
        Fact::Asn,
        Fact::Connection,
        Fact::Anonymity,
    ];

    /// As the dashboard and explanations write it.
    pub fn name(self) -> &'static str {
        match self {
            Fact::City => "city",
            Fact::Region => "region",
            Fact::Country => "country",
            Fact::Coordinates => "coordinates",
            Fact::Timezone => "timezone",
            Fact::Isp => "isp",
            Fact::Asn => "asn",
            Fact::Connection => "connection",
            Fact::Anonymity => "anonymity",
        }
    }

    pub(super) fn is_in(self, record: &Record<'_>) -> bool {
        match self {
            Fact::City => record.city().is_some(),
            Fact::Region => record.region().is_some(),
            Fact::Country => record.country().is_some(),
            Fact::Coordinates => record.coordinates().is_some(),
            Fact::Timezone => record.timezone().is_some(),
            Fact::Isp => record.isp().is_some(),
            Fact::Asn => record.asn().is_some(),
            Fact::Connection => record.connection().is_some(),
            Fact::Anonymity => record.has_flags(),
        }
    }
}

/// A source that is asked for facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file's name, or the name of the built-in table.
    pub name: String,
    /// What it calls itself, such as `GeoLite2-City`.
    pub kind: String,
    pub knows: Vec<Fact>,
    /// None where it does not say.
    pub built: Option<Timestamp>,
}

/// One line for the log.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let knows: Vec<&str> = self.knows.iter().map(|fact| fact.name()).collect();
        write!(f, "{} ({}): {}", self.name, self.kind, knows.join(", "))?;
        self.built.map_or(Ok(()), |built| write!(f, ", built {}", built.strftime("%Y-%m-%d")))
    }
}

/// One line for the log.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = if self.kept { "; its earlier content stays in use" } else { "" };
        write!(f, "{}: {}{kept}", self.file, self.error)
    }
}

/// What a database's licence wants to be read where its data are shown, by the beginning of its
/// kind.
const ATTRIBUTIONS: &[(&str, &str)] = &[
    ("DBIP", "IP geolocation by DB-IP, https://db-ip.com"),
    ("GeoLite2", "Includes GeoLite data created by MaxMind, https://www.maxmind.com"),
    ("ipinfo", "IP address data by IPinfo, https://ipinfo.io"),
];

impl Source {
    pub fn attribution(&self) -> Option<&'static str> {
        let row = ATTRIBUTIONS.iter().find(|(beginning, _)| self.kind.starts_with(beginning));
        row.map(|(_, attribution)| *attribution)
    }
}

/// A file of the geo folder that is not in use as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    /// One line.
    pub error: String,
    /// Whether the file's earlier content stays in use.
    pub kept: bool,
}
