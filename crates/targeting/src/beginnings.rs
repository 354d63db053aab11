//! Sets of ranges that are each told by their leading bits, as networks are.

use std::{
    cmp::Ordering,
    collections::HashMap,
    hash::Hash,
    ops::{BitAnd, BitOr, BitXor, Not},
};

use crate::hash::BuildMixed;

/// Numbers whose leading bits are those of one in a set.
///
/// A look-up halves the lengths that beginnings have, and not their number: thousands of networks of
/// 15 lengths take at most four steps. Where shorter beginnings are asked first, each longer one has
/// left a mark (Waldvogel et al., "Scalable High Speed IP Routing Lookups", SIGCOMM 1997).
#[derive(Debug)]
pub(crate) struct Beginnings<T> {
    /// From the shortest to the longest.
    levels: Box<[Level<T>]>,
}

/// The beginnings of one length.
#[derive(Debug)]
struct Level<T> {
    /// Ones where the beginning is.
    mask: T,
    /// Those in the set, and false for those of which only a longer one is.
    known: HashMap<T, bool, BuildMixed>,
}

/// Bits of a machine's numbers.
pub(crate) trait Bits:
    Copy
    + Ord
    + Hash
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
{
}

impl Bits for u64 {}
impl Bits for u128 {}

impl<T: Bits> Beginnings<T> {
    /// The numbers in any of these ranges, each from a first to a last that are all zeros and all
    /// ones after their common beginning.
    pub(crate) fn new(mut ranges: Vec<(T, T)>) -> Beginnings<T> {
        // Such ranges hold one another or lie apart, so one that starts inside the one before it
        // adds nothing. That none lies in another is also what makes marks lead nobody astray.
        ranges.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        ranges.dedup_by(|next, kept| next.0 <= kept.1);
        let mask = |(first, last): &(T, T)| !(*first ^ *last);
        let mut masks: Vec<T> = ranges.iter().map(mask).collect();
        masks.sort_unstable();
        masks.dedup();
        let level = |mask: &T| Level { mask: *mask, known: HashMap::default() };
        let mut levels: Box<[Level<T>]> = masks.iter().map(level).collect();
        for range in &ranges {
            let own = masks.binary_search(&mask(range));
            let own = own.expect("every range's mask was collected");
            // The way that a look-up of the range's numbers goes.
            let (mut low, mut high) = (0, levels.len());
            while low < high {
                let middle = low.midpoint(high);
                let Level { mask, known } = &mut levels[middle];
                match middle.cmp(&own) {
                    Ordering::Less => {
                        known.entry(range.0 & *mask).or_insert(false);
                        low = middle + 1;
                    }
                    Ordering::Equal => {
                        known.insert(range.0, true);
                        break;
                    }
                    Ordering::Greater => high = middle,
                }
            }
        }
        levels.iter_mut().for_each(|level| level.known.shrink_to_fit());
        Beginnings { levels }
    }

    // Apart, so that the many sets of other kinds need not make room for it.
    #[inline(never)]
    pub(crate) fn contains(&self, number: T) -> bool {
        let (mut low, mut high) = (0, self.levels.len());
        while low < high {
            let middle = low.midpoint(high);
            let level = &self.levels[middle];
            match level.known.get(&(number & level.mask)) {
                Some(true) => return true,
                Some(false) => low = middle + 1,
                None => high = middle,
            }
        }
        false
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// The first and the last number, if they are one range.
    pub(crate) fn as_range(&self) -> Option<(T, T)> {
        let [Level { mask, known }] = &*self.levels else { return None };
        let first = known.keys().next().filter(|_| known.len() == 1)?;
        Some((*first, *first | !*mask))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All numbers that begin as one does, up to so many bits before the end.
    fn range((number, bits): (u64, u32)) -> (u64, u64) {
        (number >> bits << bits, number | ((1 << bits) - 1))
    }

    fn set(ranges: &[(u64, u32)]) -> Beginnings<u64> {
        Beginnings::new(ranges.iter().copied().map(range).collect())
    }

    proptest! {
        #[test]
        fn a_number_has_one_of_many_beginnings_if_it_lies_in_a_range(
            ranges in prop::collection::vec((0_u64..4_096, 0_u32..12), 0..20), number in 0_u64..4_096,
        ) {
            let lies_in = |it: &(u64, u32)| it.0 >> it.1 == number >> it.1;
            let expected = ranges.iter().any(lies_in);
            prop_assert_eq!(set(&ranges).contains(number), expected);
            // As high up as there are bits.
            let wide = |(first, last)| (u128::from(first) << 64, u128::from(last) << 64 | u128::from(u64::MAX));
            let wide: Vec<_> = ranges.into_iter().map(range).map(wide).collect();
            prop_assert_eq!(Beginnings::new(wide).contains(u128::from(number) << 64 | 7), expected);
        }
    }

    #[test]
    fn a_set_of_one_range_is_told_from_others() {
        assert_eq!(set(&[(12, 2)]).as_range(), Some((12, 15)));
        assert_eq!(set(&[(12, 2), (13, 0)]).as_range(), Some((12, 15)));
        assert_eq!(set(&[(12, 2), (16, 2)]).as_range(), None);
        assert_eq!(set(&[(12, 2), (16, 3)]).as_range(), None);
        assert_eq!(set(&[]).as_range(), None);
        assert!(set(&[]).is_empty());
    }

    #[test]
    fn everything_is_one_beginning() {
        let set = Beginnings::new(vec![(0, u128::MAX), (1, 1)]);
        assert!(set.contains(0) && set.contains(u128::MAX));
    }
}
