use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn insert(visitors: &mut Visitors, hash: u64) {
    visitors.meet(Mark::of(hash), || hash as u32);
}

fn of(hashes: impl IntoIterator<Item = u64>) -> Visitors {
    let mut visitors = Visitors::default();
    hashes.into_iter().for_each(|hash| insert(&mut visitors, hash));
    visitors
}

fn settled(hashes: impl IntoIterator<Item = u64>) -> Visitors {
    let mut visitors = of(hashes);
    visitors.settle();
    visitors
}

/// The finaliser of splitmix64, so that numbers become hashes.
fn hash(number: u64) -> u64 {
    let mut x = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (x ^ (x >> 31)).max(1)
}

#[test]
fn the_estimate_of_many_is_within_four_standard_errors() {
    for (seed, count) in [(1, 1_025), (2, 2_000), (3, 5_000), (4, 20_000), (5, 500_000)] {
        let visitors = settled((0..count).map(|n| hash((seed << 40) + n)));
        let off = visitors.count() as f64 / count as f64 - 1.0;
        assert!(off.abs() < 4.0 * 1.04 / (REGISTERS as f64).sqrt(), "{count}: {off}");
    }
}

/// The registers that so many visitors would leave, each drawn by how likely it is to be that high.
#[test]
fn four_bits_of_a_register_are_enough_for_a_hundred_million() {
    for millions in [1, 10, 30, 100] {
        let visitors = f64::from(millions) * 1e6;
        let mut registers = [0; REGISTERS];
        for (register, seed) in registers.iter_mut().zip(0..) {
            let chance = hash(seed << 20 | millions as u64) as f64 / 2_f64.powi(64);
            let is_below = |height: i32| {
                (-visitors / REGISTERS as f64 * 0.5_f64.powi(height - 1)).exp() <= chance
            };
            *register = (1..=HIGHEST as i32).filter(|height| is_below(*height)).count() as u8;
        }
        let off = estimate(&registers) as f64 / visitors - 1.0;
        assert!(off.abs() < 4.0 * 1.04 / (REGISTERS as f64).sqrt(), "{millions}: {off}");
    }
}

#[test]
fn who_is_nobody_leaves_no_mark() {
    let mut visitors = settled((0..2_000).map(hash));
    let before = visitors.count();
    insert(&mut visitors, 0);
    assert_eq!(visitors.count(), before);
    assert!(settled([0]).is_empty());
}

#[test]
fn where_an_estimate_would_not_do_many_are_counted_exactly_too() {
    let mut visitors = Visitors::exact();
    for n in 0..150_000 {
        insert(&mut visitors, hash(n % 60_000));
    }
    let mut sum = Visitors::default();
    sum.merge(visitors);
    let mut others = Visitors::exact();
    (50_000..70_000).for_each(|n| insert(&mut others, hash(n)));
    sum.merge(others);
    assert_eq!(sum.count(), 70_000);
}

proptest! {
    #[test]
    fn few_are_counted_exactly(numbers in prop::collection::vec(0..2_000_u64, 0..FEW)) {
        let different = numbers.iter().collect::<HashSet<_>>().len() as u64;
        prop_assert_eq!(settled(numbers.into_iter().map(hash)).count(), different);
    }

    #[test]
    fn merging_is_counting_at_once(a in 0..3_000_u64, b in 0..3_000_u64, c in 0..3_000_u64) {
        let mut merged = of((0..a).map(hash));
        merged.merge(of((b..b + c).map(hash)));
        let at_once = settled((0..a).chain(b..b + c).map(hash));
        prop_assert_eq!(merged.count(), at_once.count());
        prop_assert_eq!(
            matches!(merged, Visitors::Few(_)),
            matches!(at_once, Visitors::Few(_))
        );
    }
}
