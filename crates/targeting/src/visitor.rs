//! What is known of one visitor at one click.

use std::net::IpAddr;

use jiff::{Timestamp, tz::TimeZone};

use crate::{Continent, Country, Described, Region, Version};

/// Everything that a condition can read.
///
/// The parts that cost something to learn are gathered only where
/// [`Rules::needs`](crate::Rules::needs) asks for them. What was not or could not be learnt is
/// none, and reads as unknown.
#[derive(Clone, Copy)]
pub struct Visitor<'r> {
    /// The moment of the click.
    pub now: Timestamp,
    /// The zone of `hour`, `dayOfWeek` and `date` where neither the rule nor the visitor's place
    /// names one.
    pub zone: &'r TimeZone,
    /// The client's address; none for a described visitor without one.
    pub address: Option<IpAddr>,
    /// Looks a request header up by its lower-case name; none where it was not sent.
    pub header: &'r dyn Fn(&str) -> Option<&'r str>,
    /// The query of the clicked address, as sent, without its `?`.
    pub query: &'r str,
    pub place: Place<'r>,
    pub network: Network,
    pub agent: Agent<'r>,
    /// Whether the visitor came before; none where nobody may know (no cookie because of GPC).
    pub returning: Option<bool>,
    /// Stable for one visitor of one link, evenly spread over all of its 64 bits: the dice of
    /// `percentile` and of splits.
    pub seed: Option<u64>,
    /// Facts that somebody stated, by field; they go before everything above.
    pub described: Option<&'r Described>,
}

impl<'r> Visitor<'r> {
    /// Somebody of whom nothing is known.
    pub fn nobody(now: Timestamp, zone: &'r TimeZone) -> Visitor<'r> {
        Visitor {
            now,
            zone,
            address: None,
            header: &|_| None,
            query: "",
            place: Place::default(),
            network: Network::default(),
            agent: Agent::default(),
            returning: None,
            seed: None,
            described: None,
        }
    }
}

/// Where the visitor's address is, as far as the loaded geo sources can tell.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'r> {
    pub country: Option<Country>,
    /// The narrowest subdivision, such as `US-NY`; known only with its country.
    pub region: Option<Region>,
    pub continent: Option<Continent>,
    /// The English name.
    pub city: Option<&'r str>,
    /// An IANA name such as `Europe/Berlin`.
    pub timezone: Option<&'r str>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// The provider's name; where no source has it, the name of the autonomous system.
    pub isp: Option<&'r str>,
    pub asn: Option<u32>,
    /// How the address is connected, in the words of [`names::CONNECTIONS`](crate::names).
    pub connection: Option<&'r str>,
}

/// What the network ranges say of the visitor's address.
#[derive(Clone, Copy, Debug, Default)]
pub struct Network {
    pub vpn: Option<bool>,
    pub proxy: Option<bool>,
    pub tor: Option<bool>,
    pub datacenter: Option<bool>,
}

/// What the visitor's `User-Agent` and Client Hints say, in the canonical names of
/// [`names`](crate::names).
#[derive(Clone, Copy, Debug, Default)]
pub struct Agent<'r> {
    /// `mobile`, `tablet`, `desktop`, `tv`, `console` or `bot`.
    pub device: Option<&'r str>,
    /// `iOS`, `Android`, `Windows`, `macOS`, `Linux`, ...
    pub os: Option<&'r str>,
    pub os_version: Option<Version>,
    /// `Chrome`, `Safari`, `Firefox`, `Edge`, ...
    pub browser: Option<&'r str>,
    pub browser_version: Option<Version>,
    /// `Apple`, `Samsung`, ...
    pub brand: Option<&'r str>,
    /// Any program that visits by itself: crawlers, previews, monitors, HTTP libraries. True of
    /// every `bot` device and of no other one; the analysis of rules relies on it.
    pub bot: Option<bool>,
    /// Those bots that collect pages: search engines, AI crawlers, archives.
    pub crawler: Option<bool>,
}
