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

/// What some lists add to a name and others leave out.
const SORTS: &[&str] = &[
    "autonomous",
    "canton",
    "city",
    "county",
    "department",
    "district",
    "governorate",
    "krai",
    "kray",
    "municipality",
    "oblast",
    "of",
    "parish",
    "prefecture",
    "province",
    "region",
    "republic",
    "state",
    "voivodeship",
];

type Names = HashMap<(Country, Box<str>), Region>;

/// Some 6,000 names in half a megabyte, made at the first use.
static REGIONS: LazyLock<Regions> = LazyLock::new(Regions::new);

struct Regions {
    by_name: Names,
    /// By what is left of a name without its sort, where that is one region's alone.
    by_core: Names,
}

impl Regions {
    fn new() -> Regions {
        let lines = NAMES.iter().flat_map(|text| text.lines());
        let rows = lines.filter_map(|line| {
            let (code, name) = line.split_once('\t')?;
            Some((Region::parse(code)?, name))
        });
        // ISO's own names go first, so that the others replace them where both claim one.
        let iso = Country::all().flat_map(Region::of).map(|region| (region, region.name()));
        let mut by_name = Names::new();
        let mut by_core: HashMap<_, Option<Region>> = HashMap::new();
        for (region, name) in iso.chain(rows) {
            by_name.insert((region.country(), folded(name).into()), region);
            let only = by_core.entry((region.country(), core(name))).or_insert(Some(region));
            *only = only.filter(|only| *only == region);
        }
        let by_core = by_core.into_iter().filter_map(|(key, only)| Some((key, only?))).collect();
        Regions { by_name, by_core }
    }
}

pub(super) fn named(country: Country, name: &str) -> Option<Region> {
    let key = (country, folded(name).into_boxed_str());
    let whole = REGIONS.by_name.get(&key);
    whole.or_else(|| REGIONS.by_core.get(&(country, core(name)))).copied()
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

/// A name without the words that say what sort of region it is: `Berlin` for `State of Berlin`.
fn core(name: &str) -> Box<str> {
    let is_sort = |word: &&str| SORTS.iter().any(|sort| word.eq_ignore_ascii_case(sort));
    let words: Vec<&str> = name.split_whitespace().filter(|word| !is_sort(word)).collect();
    folded(&words.concat()).into()
}

/// Letters and digits alone, without case and accents: lists differ most in apostrophes, hyphens
/// and how much they transcribe.
fn folded(name: &str) -> String {
    if name.is_ascii() {
        let kept = name.bytes().filter(u8::is_ascii_alphanumeric);
        return kept.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    let bare = name.nfd().filter(|letter| !is_combining_mark(*letter) && letter.is_alphanumeric());
    bare.flat_map(char::to_lowercase).map(without_stroke).collect()
}

/// The letters that Unicode does not take apart.
fn without_stroke(letter: char) -> char {
    match letter {
        'đ' | 'ð' => 'd',
        'ə' => 'e',
        'ħ' => 'h',
        'ı' => 'i',
        'ł' => 'l',
        'ø' => 'o',
        _ => letter,
    }
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
        check("PL", "Lodz", Some("PL-10"));
        check("US", "Bavaria", None);
        check("US", "", None);
    }

    #[test]
    fn the_sort_of_a_region_may_be_left_out_or_added() {
        check("DE", "State of Berlin", Some("DE-BE"));
        check("NP", "Bagmati Province", Some("NP-P3"));
        check("RU", "Novosibirsk Oblast", Some("RU-NVS"));
        check("SA", "Riyadh Region", Some("SA-01"));
        // The capital, and the land around it that is named after it.
        check("RU", "Moscow", Some("RU-MOW"));
        check("RU", "Moscow Oblast", Some("RU-MOS"));
        check("US", "State of", None);
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
