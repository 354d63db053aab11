//! Regions by the English names that geo databases write, where they give no code.

use std::{collections::HashMap, sync::LazyLock};

use targeting::{Country, Region};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// CLDR's names, and after them the spellings that only geo databases use; each line is
/// `US-NY<tab>New York`.
static NAMES: [&str; 2] = [
    include_str!("../../../../../data/subdivisions/names.tsv"),
    include_str!("../../../../../data/subdivisions/other-names.tsv"),
];

/// By country and folded name. Some 5,000 entries, half a megabyte, made at the first use.
static REGIONS: LazyLock<HashMap<(Country, Box<str>), Region>> = LazyLock::new(|| {
    let lines = NAMES.iter().flat_map(|text| text.lines());
    let rows = lines.filter_map(|line| {
        let (code, name) = line.split_once('\t')?;
        Some((Region::parse(code)?, name))
    });
    // ISO's own names go first, so that the others replace them where both claim one.
    let iso = Country::all().flat_map(Region::of).map(|region| (region, region.name()));
    let rows = iso.chain(rows);
    rows.map(|(region, name)| ((region.country(), folded(name).into()), region)).collect()
});

pub(super) fn named(country: Country, name: &str) -> Option<Region> {
    let key = (country, folded(name).into_boxed_str());
    REGIONS.get(&key).copied()
}

/// A region by the part of its code after the hyphen.
pub(super) fn coded(country: Country, code: &str) -> Option<Region> {
    if code.is_empty() || 3 < code.len() || !code.is_ascii() {
        return None;
    }
    let mut text = *b"__-___";
    text[..2].copy_from_slice(country.as_str().as_bytes());
    text[3..3 + code.len()].copy_from_slice(code.as_bytes());
    Region::parse(std::str::from_utf8(&text[..3 + code.len()]).ok()?)
}

/// Letters and digits alone, without case and accents, so that `Al Bāḩah` is `al-baha`; apostrophes
/// and hyphens differ most between the lists.
fn folded(name: &str) -> String {
    if name.is_ascii() {
        let kept = name.bytes().filter(u8::is_ascii_alphanumeric);
        return kept.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    let bare = name.nfd().filter(|letter| !is_combining_mark(*letter) && letter.is_alphanumeric());
    bare.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(country: &str, name: &str, expected: Option<&str>) {
        let region = named(Country::parse(country).unwrap(), name);
        assert_eq!(region.map(|region| region.to_string()).as_deref(), expected, "{name}");
    }

    #[test]
    fn english_names_are_found() {
        check("US", "California", Some("US-CA"));
        check("DE", "Bavaria", Some("DE-BY"));
        check("DE", "Bayern", Some("DE-BY"));
        check("FR", "Ile-de-France", Some("FR-IDF"));
        check("GB", "England", Some("GB-ENG"));
        check("IT", "Lombardy", Some("IT-25"));
        check("US", "Bavaria", None);
        check("US", "", None);
    }

    #[test]
    fn spellings_of_geo_databases_are_found() {
        for line in NAMES[1].lines() {
            let (code, name) = line.split_once('\t').unwrap();
            check(&code[..2], name, Some(code));
        }
    }

    #[test]
    fn codes_are_found_in_their_country() {
        let coded = |country, code| coded(Country::parse(country).unwrap(), code);
        assert_eq!(coded("GB", "WBK").map(|r| r.to_string()).as_deref(), Some("GB-WBK"));
        assert_eq!(coded("US", "WBK"), None);
        assert_eq!(coded("US", ""), None);
        assert_eq!(coded("US", "NEWYORK"), None);
    }
}
