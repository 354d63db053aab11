//! Sets of whole numbers, as which the analysis sees everything that has an order or can be listed.

use std::rc::Rc;

/// Ranges with both ends, in order and apart from each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ranges(Rc<[(u128, u128)]>);

impl Ranges {
    pub(super) fn none() -> Ranges {
        Ranges(Rc::new([]))
    }

    /// From a first to a last number; none where the last stands before the first.
    pub(super) fn span(first: u128, last: u128) -> Ranges {
        [(first, last)].into_iter().collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many ranges there are: what one pass over them costs.
    pub(super) fn size(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u128, u128)> {
        self.0.iter().copied()
    }

    /// Whether any number from a first to a last is in the set.
    pub(super) fn meets(&self, first: u128, last: u128) -> bool {
        let i = self.0.partition_point(|range| range.1 < first);
        self.0.get(i).is_some_and(|range| range.0 <= last)
    }

    pub(super) fn contains(&self, number: u128) -> bool {
        self.meets(number, number)
    }

    pub(super) fn and(&self, other: &Ranges) -> Ranges {
        let (mut i, mut j, mut both) = (0, 0, Vec::new());
        while let (Some(mine), Some(theirs)) = (self.0.get(i), other.0.get(j)) {
            let (first, last) = (mine.0.max(theirs.0), mine.1.min(theirs.1));
            if first <= last {
                both.push((first, last));
            }
            if mine.1 <= theirs.1 {
                i += 1;
            } else {
                j += 1;
            }
        }
        Ranges(both.into())
    }

    pub(super) fn minus(&self, other: &Ranges) -> Ranges {
        self.and(&other.outside())
    }

    fn outside(&self) -> Ranges {
        let (mut gaps, mut next) = (Vec::with_capacity(self.0.len() + 1), Some(0));
        for (first, last) in self.0.iter().copied() {
            let before = first.checked_sub(1);
            gaps.extend(next.zip(before).filter(|(start, end)| start <= end));
            next = last.checked_add(1);
        }
        gaps.extend(next.map(|start| (start, u128::MAX)));
        Ranges(gaps.into())
    }
}

impl FromIterator<(u128, u128)> for Ranges {
    fn from_iter<I: IntoIterator<Item = (u128, u128)>>(ranges: I) -> Ranges {
        let mut ranges: Vec<_> = ranges.into_iter().filter(|range| range.0 <= range.1).collect();
        ranges.sort_unstable();
        ranges.dedup_by(|next, kept| {
            let joins = kept.1.checked_add(1).is_none_or(|after| next.0 <= after);
            if joins {
                kept.1 = kept.1.max(next.1);
            }
            joins
        });
        Ranges(ranges.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn ranges() -> impl Strategy<Value = Ranges> {
        // Both ends of the numbers, where sums would overflow.
        let number = prop_oneof![0_u128..12, (0_u128..4).prop_map(|n| u128::MAX - n)];
        vec((number.clone(), number), 0..6).prop_map(|ranges| ranges.into_iter().collect())
    }

    proptest! {
        #[test]
        fn sets_say_of_every_number_what_logic_says(a in ranges(), b in ranges()) {
            for number in (0..16).chain((0..8).map(|n| u128::MAX - n)) {
                let (in_a, in_b) = (a.contains(number), b.contains(number));
                prop_assert_eq!(a.and(&b).contains(number), in_a && in_b);
                prop_assert_eq!(a.minus(&b).contains(number), in_a && !in_b);
            }
        }

        #[test]
        fn equal_sets_look_alike(a in ranges(), b in ranges()) {
            prop_assert!(a.minus(&a).is_empty());
            prop_assert_eq!(a.and(&b), b.and(&a));
            prop_assert_eq!(a.minus(&b), a.minus(&a.and(&b)));
            let again: Ranges = a.minus(&b).iter().chain(a.and(&b).iter()).collect();
            prop_assert_eq!(again, a);
        }
    }
}
