//! The subdivisions of countries by their ISO 3166-2 code.

mod names;
mod parts;

use std::{fmt, sync::LazyLock};

use rust_iso3166::iso3166_2::{self, Subdivision};

use crate::Country;

/// A subdivision that ISO 3166-2 lists, such as `US-NY`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    country: Country,
    code: RegionCode,
}

/// Every region in the order of the parts of the codes after the hyphen.
static BY_CODE: LazyLock<Box<[Region]>> = LazyLock::new(|| {
    let mut regions: Vec<Region> = Region::all().collect();
    regions.sort_unstable_by_key(|region| (region.code, region.country));
    regions.into_boxed_slice()
});

/// The part of an ISO 3166-2 code after the hyphen: one to three capital letters or digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct RegionCode([u8; 3]);

impl Region {
    /// How many bytes a code has at most.
    pub const LONGEST: usize = 6;

    /// Reads a whole code such as `US-NY`, in any case.
    pub fn parse(code: &str) -> Option<Region> {
        let (country, code) = code.split_once('-')?;
        Region::coded(Country::parse(country)?, code)
    }

    /// A region of a country by the part of its code after the hyphen, in any case.
    pub fn coded(country: Country, code: &str) -> Option<Region> {
        let region = Region { country, code: RegionCode::read(code)? };
        region.listed().map(|_| region)
    }

    /// Finds a region of a country by its name in CLDR's English, in ISO's list or in a geo
    /// database. Case, accents and the word for its sort (`State of Berlin`) do not matter.
    pub fn named(country: Country, name: &str) -> Option<Region> {
        names::find(country, name)
    }

    /// Every region of a country, in the list's order.
    pub fn of(country: Country) -> impl Iterator<Item = Region> {
        subdivisions(country).filter_map(Region::from_row)
    }

    /// Every region of the world.
    pub(crate) fn all() -> impl Iterator<Item = Region> {
        Country::all().flat_map(Region::of)
    }

    pub fn country(self) -> Country {
        self.country
    }

    /// The code within its country, such as `NY`.
    pub fn code(&self) -> &str {
        self.code.as_str()
    }

    /// The whole code, such as `US-NY`, without a memory of its own.
    pub fn write<'b>(&self, buffer: &'b mut [u8; Region::LONGEST]) -> &'b str {
        let code = self.code().as_bytes();
        let end = 3 + code.len();
        buffer[..2].copy_from_slice(self.country.as_str().as_bytes());
        buffer[2] = b'-';
        buffer[3..end].copy_from_slice(code);
        std::str::from_utf8(&buffer[..end]).unwrap_or_default()
    }

    /// The usual English name, such as `Bavaria`; where CLDR has none, the one in ISO's list.
    pub fn name(self) -> &'static str {
        names::english(self).unwrap_or_else(|| self.iso_name())
    }

    /// The name in ISO's list: English where the country uses it, else the local one (`Bayern`).
    fn iso_name(self) -> &'static str {
        self.listed().map_or("", |row| row.name)
    }

    /// The regions that a rule's value names: `US-NY`, `NY` of any country, or a name.
    pub(crate) fn meant_by(text: &str) -> Vec<Region> {
        let text = text.trim();
        if let Some(region) = Region::parse(text) {
            return vec![region];
        }
        let mut regions: Vec<Region> = names::find_all(text).collect();
        if let Some(code) = RegionCode::read(text) {
            let start = BY_CODE.partition_point(|region| region.code < code);
            regions.extend(BY_CODE[start..].iter().take_while(|region| region.code == code));
        }
        regions
    }

    /// A number of its own.
    pub(crate) fn word(self) -> u64 {
        let [a, b, c] = self.code.0;
        (self.country.index() as u64) << 32 | u64::from(u32::from_be_bytes([0, a, b, c]))
    }

    fn listed(self) -> Option<Subdivision> {
        iso3166_2::from_code(self.write(&mut [0; Region::LONGEST]))
    }

    fn from_row(row: &Subdivision) -> Option<Region> {
        let country = Country::parse(row.country_code)?;
        Some(Region { country, code: RegionCode::read(row.region_code)? })
    }
}

impl RegionCode {
    fn read(text: &str) -> Option<RegionCode> {
        let fits = (1..=3).contains(&text.len());
        if !fits || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let mut code = [0; 3];
        code[..text.len()].copy_from_slice(text.as_bytes());
        Some(RegionCode(code.map(|byte| byte.to_ascii_uppercase())))
    }

    fn as_str(&self) -> &str {
        let len = self.0.iter().position(|byte| *byte == 0).unwrap_or(3);
        std::str::from_utf8(&self.0[..len]).unwrap_or_default()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.write(&mut [0; Region::LONGEST]))
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn subdivisions(country: Country) -> impl Iterator<Item = &'static Subdivision> {
    let rows = iso3166_2::SUBDIVISION_COUNTRY_MAP.get(country.as_str()).copied();
    rows.unwrap_or_default().iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn country(code: &str) -> Country {
        Country::parse(code).unwrap()
    }

    #[test]
    fn every_listed_code_is_a_region() {
        let mut count = 0;
        for region in Region::all() {
            assert_eq!(Region::parse(&region.to_string()), Some(region));
            assert!(!region.name().is_empty(), "{region} has no name");
            count += 1;
        }
        assert_eq!(count, 5_046);
    }

    #[test]
    fn a_region_knows_its_parts() {
        let region = Region::parse("us-ny").unwrap();
        assert_eq!(region.to_string(), "US-NY");
        assert_eq!((region.country(), region.code()), (country("US"), "NY"));
        assert_eq!(region.name(), "New York");
        assert_eq!(Region::of(country("US")).count(), 57);
    }

    #[test]
    fn names_are_english_and_lead_back() {
        for (code, name) in [("US-NY", "New York"), ("DE-BY", "Bavaria"), ("IT-25", "Lombardy")] {
            let region = Region::parse(code).unwrap();
            assert_eq!(
                (region.name(), Region::named(region.country(), name)),
                (name, Some(region))
            );
        }
    }

    #[test]
    fn codes_are_found_in_their_country() {
        let coded = |code, part| Region::coded(country(code), part).map(|r| r.to_string());
        assert_eq!(coded("GB", "wbk").as_deref(), Some("GB-WBK"));
        for part in ["WBK", "", "NEWYORK"] {
            assert_eq!(coded("US", part), None);
        }
    }

    #[test]
    fn a_value_may_mean_several_regions() {
        let meant = |text| Region::meant_by(text);
        let spelled = |text| meant(text).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(spelled("us-ny"), ["US-NY"]);
        assert!(spelled("ny").contains(&"US-NY".to_owned()));
        assert_eq!(spelled(" new york "), ["US-NY"]);
        assert_eq!(spelled("Limburg"), ["BE-VLI", "NL-LI"]);
        assert_eq!(spelled("Bavaria"), ["DE-BY"]);
        assert_eq!(spelled("bayern"), ["DE-BY"]);
        assert_eq!(spelled("Atlantis"), [""; 0]);
    }

    #[test]
    fn an_unlisted_code_is_no_region() {
        for code in ["", "NY", "US-", "US-ZZ", "ZZ-NY", "US-NYNY", "US-N Y", "US-é"] {
            assert_eq!(Region::parse(code), None, "{code}");
        }
    }
}
