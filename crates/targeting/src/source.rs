//! What has to be learnt about a visitor before a field can be read.

use std::fmt;

use serde::Serialize;

/// Where a field's value comes from; each is gathered as a whole or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// The address, headers and query that came with the click.
    Request,
    /// The moment of the click.
    Clock,
    /// The `User-Agent` and Client Hints, parsed.
    Agent,
    /// The country and continent of the address.
    Country,
    /// City, region and coordinates of the address.
    Place,
    /// The time zone of the address, which a map may have to be asked for.
    Zone,
    /// The provider of the address and its autonomous system.
    Provider,
    /// The lists of VPN, proxy, Tor and datacenter networks.
    Ranges,
    /// Whether the visitor came before.
    History,
    /// The visitor's stable dice.
    Seed,
}

/// A set of sources.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Needs(u16);

impl Source {
    pub const ALL: [Source; 10] = [
        Source::Request,
        Source::Clock,
        Source::Agent,
        Source::Country,
        Source::Place,
        Source::Zone,
        Source::Provider,
        Source::Ranges,
        Source::History,
        Source::Seed,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Source::Request => "request",
            Source::Clock => "clock",
            Source::Agent => "agent",
            Source::Country => "country",
            Source::Place => "place",
            Source::Zone => "zone",
            Source::Provider => "provider",
            Source::Ranges => "ranges",
            Source::History => "history",
            Source::Seed => "seed",
        }
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl Needs {
    pub fn has(self, source: Source) -> bool {
        self.0 & source.bit() != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub fn with(self, source: Source) -> Needs {
        Needs(self.0 | source.bit())
    }

    #[must_use]
    pub fn and(self, other: Needs) -> Needs {
        Needs(self.0 | other.0)
    }

    pub fn iter(self) -> impl Iterator<Item = Source> {
        Source::ALL.into_iter().filter(move |source| self.has(*source))
    }
}

impl FromIterator<Source> for Needs {
    fn from_iter<I: IntoIterator<Item = Source>>(sources: I) -> Needs {
        sources.into_iter().fold(Needs::default(), Needs::with)
    }
}

impl fmt::Debug for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in() {
        let needs = Needs::default().with(Source::Seed).and(Needs::from_iter([Source::Agent]));
        assert!(needs.has(Source::Seed) && needs.has(Source::Agent));
        assert!(!needs.has(Source::Request) && !needs.is_empty());
        assert_eq!(needs.iter().collect::<Vec<_>>(), [Source::Agent, Source::Seed]);
    }

    #[test]
    fn each_source_is_listed_once_and_in_order() {
        assert!(Source::ALL.is_sorted_by(|a, b| a < b));
        assert_eq!(Source::ALL.into_iter().collect::<Needs>().iter().count(), Source::ALL.len());
    }
}
