//! Which regions lie in which: West Berkshire in England, Ain in Auvergne-Rhône-Alpes.

use std::{collections::BTreeMap, sync::LazyLock};

use super::Region;

/// Each line is a region that has parts, and their codes: `IE-C<tab>G LM MO RN SO`.
static TABLE: &str = include_str!("../../../../data/subdivisions/parts.tsv");

static PARTS: LazyLock<BTreeMap<Region, Box<[Region]>>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter_map(|line| {
        let (whole, codes) = line.split_once('\t')?;
        let whole = Region::parse(whole)?;
        let parts = codes.split(' ').filter_map(|code| Region::coded(whole.country, code));
        Some((whole, parts.collect()))
    });
    rows.collect()
});

impl Region {
    /// The regions that lie in this one. ISO nests no deeper: they have no parts themselves.
    pub fn parts(self) -> &'static [Region] {
        PARTS.get(&self).map_or(&[], |parts| parts)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{Place, Rules, Visitor, When, fixture};

    fn region(code: &str) -> Region {
        Region::parse(code).unwrap()
    }

    #[test]
    fn counties_lie_in_their_nation_and_departments_in_their_region() {
        for (whole, part) in [
            ("GB-ENG", "GB-WBK"),
            ("FR-IDF", "FR-75C"),
            ("IT-25", "IT-MI"),
            ("ES-CT", "ES-B"),
            ("IE-L", "IE-D"),
            ("BE-VLG", "BE-VAN"),
        ] {
            assert!(region(whole).parts().contains(&region(part)), "{whole} {part}");
            assert_eq!(region(part).parts(), []);
        }
        assert!(!region("GB-SCT").parts().contains(&region("GB-WBK")));
        assert_eq!(region("US-NY").parts(), []);
    }

    #[test]
    fn every_line_is_read_and_every_part_lies_in_one_region_that_is_no_part() {
        let listed: usize = TABLE.lines().map(|line| line.split(['\t', ' ']).count() - 1).sum();
        let all: Vec<Region> = PARTS.values().flatten().copied().collect();
        let distinct: BTreeSet<Region> = all.iter().copied().collect();
        assert_eq!(
            (all.len(), distinct.len(), PARTS.len()),
            (listed, listed, TABLE.lines().count())
        );
        assert_eq!(PARTS.keys().find(|whole| distinct.contains(*whole)), None);
    }

    #[test]
    fn a_rule_for_a_region_is_one_for_all_that_lies_in_it() {
        let holds = |wanted: Region, region: Region| {
            let when = When::test("region", "equals", wanted.to_string());
            let place = Place { region: Some(region), ..Place::default() };
            let visitor = Visitor { place, ..fixture::nobody() };
            Rules::compile([(&when, None)]).unwrap().decide(&visitor).is_some()
        };
        for (whole, parts) in &*PARTS {
            for part in parts {
                assert!(holds(*whole, *part), "{whole} {part}");
                assert!(!holds(*part, *whole), "{part} {whole}");
            }
            assert!(holds(*whole, *whole) && !holds(*whole, region("US-NY")), "{whole}");
        }
    }
}
