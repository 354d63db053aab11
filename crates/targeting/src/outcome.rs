//! True, false and unknown, and how they combine.

use std::ops::Not;

use serde::Serialize;

/// What a condition says of a visitor, in Kleene's logic: an unknown might be either of the
/// others. The numbers are those of a [`Trace`](crate::Trace).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    True = 1,
    False = 2,
    Unknown = 3,
}

impl Outcome {
    /// What `all` of these say: false if one is, else unknown if one is. Stops at the first false.
    pub fn all(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
        settle(Outcome::False, outcomes)
    }

    /// What `any` of these says: true if one is, else unknown if one is. Stops at the first true.
    pub fn any(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
        settle(Outcome::True, outcomes)
    }
}

fn settle(decisive: Outcome, outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
    let mut settled = !decisive;
    for outcome in outcomes {
        if outcome == decisive {
            return decisive;
        }
        if outcome == Outcome::Unknown {
            settled = Outcome::Unknown;
        }
    }
    settled
}

impl Not for Outcome {
    type Output = Outcome;

    fn not(self) -> Outcome {
        match self {
            Outcome::True => Outcome::False,
            Outcome::False => Outcome::True,
            Outcome::Unknown => Outcome::Unknown,
        }
    }
}

impl From<Option<bool>> for Outcome {
    fn from(holds: Option<bool>) -> Outcome {
        holds.map_or(Outcome::Unknown, Outcome::from)
    }
}

impl From<bool> for Outcome {
    fn from(holds: bool) -> Outcome {
        if holds { Outcome::True } else { Outcome::False }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use Outcome::{False, True, Unknown};

    fn outcome() -> impl Strategy<Value = Outcome> {
        prop_oneof![Just(True), Just(False), Just(Unknown)]
    }

    #[test]
    fn kleenes_tables() {
        for (a, b, both, either) in [
            (True, True, True, True),
            (True, False, False, True),
            (True, Unknown, Unknown, True),
            (False, False, False, False),
            (False, Unknown, False, Unknown),
            (Unknown, Unknown, Unknown, Unknown),
        ] {
            assert_eq!(Outcome::all([a, b]), both, "{a:?} and {b:?}");
            assert_eq!(Outcome::any([a, b]), either, "{a:?} or {b:?}");
        }
    }

    proptest! {
        #[test]
        fn kleenes_laws(a in outcome(), b in outcome(), c in outcome()) {
            let (all, any) = (|x, y| Outcome::all([x, y]), |x, y| Outcome::any([x, y]));
            prop_assert_eq!(!!a, a);
            prop_assert_eq!(!all(a, b), any(!a, !b));
            prop_assert_eq!(!any(a, b), all(!a, !b));
            prop_assert_eq!(all(a, a), a);
            prop_assert_eq!(all(a, any(a, b)), a);
            prop_assert_eq!(any(a, all(a, b)), a);
            prop_assert_eq!(all(a, any(b, c)), any(all(a, b), all(a, c)));
            prop_assert_eq!(any(a, all(b, c)), all(any(a, b), any(a, c)));
            prop_assert_eq!(all(all(a, b), c), Outcome::all([a, b, c]));
            prop_assert_eq!(any(any(a, b), c), Outcome::any([a, b, c]));
        }

        #[test]
        fn order_never_matters(
            (outcomes, shuffled) in prop::collection::vec(outcome(), 0..9)
                .prop_flat_map(|outcomes| (Just(outcomes.clone()), Just(outcomes).prop_shuffle())),
        ) {
            prop_assert_eq!(Outcome::all(outcomes.clone()), Outcome::all(shuffled.clone()));
            prop_assert_eq!(Outcome::any(outcomes), Outcome::any(shuffled));
        }

        #[test]
        fn an_unknown_that_becomes_known_never_overturns_what_was_known(
            a in outcome(), b in outcome(), known in prop::bool::ANY,
        ) {
            let learnt = |x| if x == Unknown { Outcome::from(known) } else { x };
            for combine in [|x, y| Outcome::all([x, y]), |x, y| Outcome::any([x, y])] {
                let before = combine(a, b);
                prop_assert!(before == Unknown || combine(learnt(a), learnt(b)) == before);
            }
        }
    }
}
