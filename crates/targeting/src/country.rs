//! Countries by their ISO 3166-1 code, and the groups of countries that a rule may name.

use std::fmt;

use crate::Continent;

/// An ISO 3166-1 alpha-2 code such as `FR`, or `XK` for Kosovo.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// Many countries, as one bit for each pair of letters: a look-up costs the same for any number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Countries([u64; PAIRS.div_ceil(64)]);

/// How many codes two letters can spell.
const PAIRS: usize = 26 * 26;

const KOSOVO: Country = Country(*b"XK");

/// The continent of each pair of letters.
static CONTINENTS: [Option<Continent>; PAIRS] =
    continents(include_bytes!("../../../data/continents/continents.txt"));

/// The member states of the European Union.
const MEMBER_STATES: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Short.io's codes for whole continents.
const CONTINENT_GROUPS: &[(&str, Continent)] = &[
    ("QF", Continent::Africa),
    ("QS", Continent::Asia),
    ("QE", Continent::Europe),
    ("QO", Continent::Oceania),
    ("QN", Continent::NorthAmerica),
    ("QT", Continent::SouthAmerica),
];

/// What everyone calls a country, where ISO's own short name reads like a treaty.
const EVERYDAY_NAMES: &[(&str, &str)] = &[
    ("BO", "Bolivia"),
    ("BQ", "Caribbean Netherlands"),
    ("CD", "DR Congo"),
    ("CG", "Republic of the Congo"),
    ("FK", "Falkland Islands"),
    ("FM", "Micronesia"),
    ("GB", "United Kingdom"),
    ("IR", "Iran"),
    ("KP", "North Korea"),
    ("KR", "South Korea"),
    ("LA", "Laos"),
    ("MD", "Moldova"),
    ("MF", "Saint Martin"),
    ("NL", "Netherlands"),
    ("PS", "Palestine"),
    ("RU", "Russia"),
    ("SH", "Saint Helena"),
    ("SX", "Sint Maarten"),
    ("SY", "Syria"),
    ("TW", "Taiwan"),
    ("TZ", "Tanzania"),
    ("US", "United States"),
    ("VE", "Venezuela"),
    ("VG", "British Virgin Islands"),
    ("VI", "US Virgin Islands"),
    ("VN", "Vietnam"),
    ("XK", "Kosovo"),
];

impl Country {
    /// Reads a code in any case; `UK` is read as `GB`.
    pub fn parse(code: &str) -> Option<Country> {
        let country = Country(<[u8; 2]>::try_from(code.as_bytes()).ok()?.map(up));
        if country.0 == *b"UK" {
            return Some(Country(*b"GB"));
        }
        let listed = country == KOSOVO || rust_iso3166::ALPHA2_MAP.contains_key(country.as_str());
        listed.then_some(country)
    }

    /// Every country, in the order of the codes' English names; Kosovo last.
    pub fn all() -> impl Iterator<Item = Country> {
        let listed = rust_iso3166::ALL_ALPHA2.iter();
        listed.filter_map(|code| code.as_bytes().try_into().ok().map(Country)).chain([KOSOVO])
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Where most of it lies; Cyprus, Turkey and the Caucasus are in Asia, Russia is in Europe.
    pub fn continent(self) -> Continent {
        CONTINENTS[self.index()].unwrap_or(Continent::Antarctica)
    }

    /// The English name.
    pub fn name(self) -> &'static str {
        let code = self.as_str();
        if let Some((_, name)) = EVERYDAY_NAMES.iter().find(|(listed, _)| *listed == code) {
            return name;
        }
        rust_iso3166::ALPHA2_MAP.get(code).map_or("", |country| country.name)
    }

    /// A number below [`PAIRS`]: a country is always two capital letters.
    pub(crate) fn index(self) -> usize {
        pair(self.0[0], self.0[1])
    }
}

impl Countries {
    /// The countries of a code that stands for several: `EU`, `QF`, `QS`, `QE`, `QO`, `QN`, `QT`.
    pub(crate) fn group(code: &str) -> Option<Countries> {
        if code.eq_ignore_ascii_case("EU") {
            return Some(MEMBER_STATES.iter().filter_map(|code| Country::parse(code)).collect());
        }
        let found = CONTINENT_GROUPS.iter().find(|(listed, _)| code.eq_ignore_ascii_case(listed));
        let (_, continent) = found?;
        Some(Country::all().filter(|country| country.continent() == *continent).collect())
    }

    pub(crate) fn contains(&self, country: Country) -> bool {
        self.holds(country.index() as u64)
    }

    /// Whether the set holds the country of an [`index`](Country::index).
    pub(crate) fn holds(&self, index: u64) -> bool {
        let bits = self.0.get((index / 64) as usize);
        bits.is_some_and(|bits| bits >> (index % 64) & 1 == 1)
    }

    /// The only country of a set that holds one.
    pub(crate) fn single(&self) -> Option<Country> {
        let mut countries = Country::all().filter(|country| self.contains(*country));
        countries.next().filter(|_| countries.next().is_none())
    }

    fn insert(&mut self, country: Country) {
        let index = country.index();
        self.0[index / 64] |= 1 << (index % 64);
    }

    pub(crate) fn merge(&mut self, other: &Countries) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine |= theirs;
        }
    }
}

impl FromIterator<Country> for Countries {
    fn from_iter<I: IntoIterator<Item = Country>>(countries: I) -> Countries {
        let mut set = Countries::default();
        for country in countries {
            set.insert(country);
        }
        set
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn up(byte: u8) -> u8 {
    byte.to_ascii_uppercase()
}

const fn pair(first: u8, second: u8) -> usize {
    (first - b'A') as usize * 26 + (second - b'A') as usize
}

/// Reads lines of a continent's code and its countries' codes.
const fn continents(file: &[u8]) -> [Option<Continent>; PAIRS] {
    let mut table = [None; PAIRS];
    let mut continent = None;
    let mut at = 0;
    while at + 2 <= file.len() {
        let (first, second) = (file[at], file[at + 1]);
        if at == 0 || file[at - 1] == b'\n' {
            continent = Continent::from_letters(first, second);
        } else {
            table[pair(first, second)] = continent;
        }
        at += 3;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_iso_code_is_a_country_and_so_is_kosovo() {
        assert_eq!(Country::all().count(), 250);
        for country in Country::all() {
            assert_eq!(Country::parse(&country.as_str().to_lowercase()), Some(country));
            assert!(!country.name().is_empty(), "{country} has no name");
        }
    }

    #[test]
    fn every_country_lies_on_a_continent_and_nothing_else_does() {
        for country in Country::all() {
            assert!(CONTINENTS[country.index()].is_some(), "{country} lies nowhere");
        }
        assert_eq!(CONTINENTS.iter().flatten().count(), 250);
        assert_eq!(KOSOVO.continent(), Continent::Europe);
        assert_eq!(Country::parse("zw").map(Country::continent), Some(Continent::Africa));
    }

    #[test]
    fn uk_means_gb_and_an_unlisted_code_is_no_country() {
        assert_eq!(Country::parse("uk"), Country::parse("GB"));
        for code in ["", "U", "USA", "ZZ", "EU", "QS", "é", "1A"] {
            assert_eq!(Country::parse(code), None, "{code}");
        }
    }

    #[test]
    fn a_group_holds_its_countries_and_no_others() {
        let country = |code| Country::parse(code).unwrap();
        let union = Countries::group("eu").unwrap();
        assert_eq!(Country::all().filter(|country| union.contains(*country)).count(), 27);
        assert!(union.contains(country("FR")) && !union.contains(country("GB")));
        assert!(Countries::group("QT").unwrap().contains(country("BR")));
        assert!(!Countries::group("QN").unwrap().contains(country("BR")));
        assert_eq!(Countries::group("FR"), None);
    }

    #[test]
    fn names_are_the_everyday_ones() {
        let name = |code| Country::parse(code).unwrap().name();
        assert_eq!(name("GB"), "United Kingdom");
        assert_eq!(name("FR"), "France");
        assert_eq!(name("CI"), "Côte d'Ivoire");
    }
}
