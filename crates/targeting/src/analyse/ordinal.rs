//! Values as whole numbers in the order in which rules compare them.

use std::{net::IpAddr, sync::LazyLock};

use ipnet::IpNet;
use jiff::civil::Date;

use crate::{Continent, Country, Region, Version};

/// Every region, in order; those of one country lie together.
static REGIONS: LazyLock<Box<[Region]>> = LazyLock::new(|| {
    let mut regions: Vec<Region> = Region::all().collect();
    regions.sort_unstable();
    regions.dedup();
    regions.into_boxed_slice()
});

/// IPv4 addresses stand where IPv6 maps them.
const MAPPED: (u128, u128) = (0xffff_0000_0000, 0xffff_ffff_ffff);

pub(super) fn country(country: Country) -> u128 {
    country.as_str().bytes().fold(0, |number, byte| number << 8 | u128::from(byte))
}

pub(super) fn continent(continent: Continent) -> u128 {
    continent as u128
}

/// None for no region that ISO lists.
pub(super) fn region(region: Region) -> Option<u128> {
    REGIONS.binary_search(&region).ok().map(|i| i as u128)
}

/// The last region of all.
pub(super) fn last_region() -> u128 {
    REGIONS.len() as u128 - 1
}

/// The first and the last region of a country; none where it has none.
pub(super) fn regions_of(country: Country) -> Option<(u128, u128)> {
    let start = REGIONS.partition_point(|region| region.country() < country);
    let end = REGIONS.partition_point(|region| region.country() <= country);
    (start < end).then(|| (start as u128, end as u128 - 1))
}

/// A whole number as itself, any other by the bits of its double, which have its order.
pub(super) fn number(number: f64, whole: bool) -> u128 {
    const SIGN: u64 = 1 << 63;
    if whole {
        return number as u128;
    }
    // The sum makes -0 a 0, which it is equal to.
    let bits = (number + 0.0).to_bits();
    u128::from(if bits & SIGN == 0 { bits | SIGN } else { !bits })
}

/// Days after the first day of the calendar.
pub(super) fn date(date: Date) -> u128 {
    let days = date.duration_since(Date::MIN).as_hours() / 24;
    u128::try_from(days).unwrap_or_default()
}

/// From the day of an ordinal; 0 is Sunday.
pub(super) fn weekday(day: u128) -> u128 {
    let first = Date::MIN.weekday().to_sunday_zero_offset();
    (day + first.unsigned_abs() as u128) % 7
}

/// All versions that are equal to a rule's.
pub(super) fn versions(version: Version) -> (u128, u128) {
    version.span()
}

/// The addresses of a network; one of IPv6 holds no mapped addresses of IPv4.
pub(super) fn addresses(net: IpNet) -> [(u128, u128); 2] {
    let ordinal = |address: IpAddr| match address {
        IpAddr::V4(address) => MAPPED.0 | u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    };
    let (first, last) = (ordinal(net.network()), ordinal(net.broadcast()));
    let holds_mapped = first < MAPPED.0 && MAPPED.1 < last;
    if matches!(net, IpNet::V6(_)) && holds_mapped {
        return [(first, MAPPED.0 - 1), (MAPPED.1 + 1, last)];
    }
    // The second is no range.
    [(first, last), (1, 0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_have_the_order_of_what_they_stand_for() {
        let numbers = [-180.0, -1.5, -1e-300, 0.0, 1e-300, 1.5, 180.0];
        assert!(numbers.map(|n| number(n, false)).is_sorted_by(|a, b| a < b));
        assert_eq!(number(-0.0, false), number(0.0, false));
        let day = |text: &str| date(text.parse().unwrap());
        assert_eq!(day("2026-03-01"), day("2026-02-28") + 1);
        assert_eq!(weekday(day("2026-11-22")), 0);
        assert_eq!(weekday(day("2026-11-25")), 3);
        assert_eq!(weekday(day("-000400-02-29")), {
            let date: Date = "-000400-02-29".parse().unwrap();
            date.weekday().to_sunday_zero_offset() as u128
        });
    }

    #[test]
    fn a_countrys_regions_lie_together() {
        for place in Country::all() {
            let range = regions_of(place);
            for part in Region::of(place) {
                let (first, last) = range.unwrap();
                assert!((first..=last).contains(&region(part).unwrap()), "{part}");
            }
        }
    }

    #[test]
    fn networks_of_both_families_lie_apart() {
        let range = |net: &str| addresses(net.parse().unwrap());
        assert_eq!(range("::/0")[0].1 + 1, range("0.0.0.0/0")[0].0);
        assert_eq!(range("::/0")[1].0 - 1, range("0.0.0.0/0")[0].1);
        assert_eq!(range("10.0.0.0/8")[0].1 - range("10.0.0.0/8")[0].0, (1 << 24) - 1);
        let [first, second] = range("2001:db8::/32");
        assert!(first.0 < first.1 && second.1 < second.0);
    }
}
