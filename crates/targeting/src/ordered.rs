//! Comparing what has an order: numbers, versions, dates.

use std::cmp::Ordering;

use jiff::civil::Date;

use crate::Version;

/// A rule's side of a comparison.
pub(crate) trait Ordered: Copy {
    /// How a visitor's value compares with a rule's.
    fn order(self, rule: Self) -> Ordering;
    /// How two values of a rule compare, all of them.
    fn sort(self, other: Self) -> Ordering;
}

/// What a rule asks of a value that has an order.
#[derive(Debug)]
pub(crate) enum OrderCheck<T> {
    /// Sorted, and no visitor's value is equal to two of them.
    OneOf(Box<[T]>),
    Above(T),
    Below(T),
    Between(T, T),
}

impl<T: Ordered> OrderCheck<T> {
    pub(crate) fn one_of(mut values: Vec<T>) -> OrderCheck<T> {
        values.sort_by(|a, b| a.sort(*b));
        // After sorting, `17.4` follows `17`, which has said all that it could say.
        values.dedup_by(|next, kept| next.order(*kept).is_eq());
        OrderCheck::OneOf(values.into_boxed_slice())
    }

    pub(crate) fn holds(&self, value: T) -> bool {
        match self {
            OrderCheck::OneOf(values) => {
                values.binary_search_by(|rule| value.order(*rule).reverse()).is_ok()
            }
            OrderCheck::Above(bound) => value.order(*bound).is_gt(),
            OrderCheck::Below(bound) => value.order(*bound).is_lt(),
            OrderCheck::Between(low, high) => {
                value.order(*low).is_ge() && value.order(*high).is_le()
            }
        }
    }
}

impl Ordered for f64 {
    fn order(self, rule: f64) -> Ordering {
        // Neither side is ever NaN: rules' numbers are parsed and visitors' are filtered.
        self.partial_cmp(&rule).unwrap_or(Ordering::Less)
    }

    fn sort(self, other: f64) -> Ordering {
        self.order(other)
    }
}

impl Ordered for Date {
    fn order(self, rule: Date) -> Ordering {
        self.cmp(&rule)
    }

    fn sort(self, other: Date) -> Ordering {
        self.cmp(&other)
    }
}

impl Ordered for Version {
    fn order(self, rule: Version) -> Ordering {
        Version::order(self, rule)
    }

    fn sort(self, other: Version) -> Ordering {
        self.cmp(&other)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version() -> impl Strategy<Value = Version> {
        let text = prop::collection::vec(0_u32..4, 1..5)
            .prop_map(|parts| parts.iter().map(u32::to_string).collect::<Vec<_>>().join("."));
        text.prop_map(|text| Version::parse(&text).unwrap())
    }

    proptest! {
        #[test]
        fn one_of_many_versions_is_any_single_one(
            rules in prop::collection::vec(version(), 1..12), visitor in version(),
        ) {
            let expected = rules.iter().any(|rule| visitor.order(*rule).is_eq());
            prop_assert_eq!(OrderCheck::one_of(rules).holds(visitor), expected);
        }

        #[test]
        fn one_of_many_numbers_is_any_single_one(
            rules in prop::collection::vec(-9_i8..9, 1..12), visitor in -9_i8..9,
        ) {
            let expected = rules.contains(&visitor);
            let check = OrderCheck::one_of(rules.into_iter().map(f64::from).collect());
            prop_assert_eq!(check.holds(f64::from(visitor)), expected);
        }

        #[test]
        fn a_value_is_above_below_or_equal(rule in version(), visitor in version()) {
            let holds = [
                OrderCheck::one_of(vec![rule]),
                OrderCheck::Above(rule),
                OrderCheck::Below(rule),
            ].map(|check| check.holds(visitor));
            prop_assert_eq!(holds.iter().filter(|holds| **holds).count(), 1);
            prop_assert_eq!(OrderCheck::Between(rule, rule).holds(visitor), holds[0]);
        }
    }
}
