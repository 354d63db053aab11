//! Sharing visitors out by weight.

/// How visitors are shared out between variants.
#[derive(Clone, Copy, Debug)]
pub struct Split;

impl Split {
    /// The variant of a visitor, by weighted rendezvous hashing: every variant draws a number of
    /// its own from the visitor's seed, and the one whose exponential of its weight's rate comes
    /// first wins.
    ///
    /// So each variant gets its weight's share of all seeds; and since a draw depends on nothing
    /// but the seed and the variant's index, a variant whose weight grows only takes visitors from
    /// the others, one whose weight shrinks only gives some away, a new one at the end only takes,
    /// and nobody else moves. A weight of 0 gets nobody; where all are 0, or there are none, the
    /// answer is 0.
    pub fn pick(weights: impl IntoIterator<Item = u32>, seed: u64) -> usize {
        let mut first = (f64::INFINITY, 0);
        for (i, weight) in weights.into_iter().enumerate() {
            let arrival = arrival(seed, i) / f64::from(weight);
            if arrival < first.0 {
                first = (arrival, i);
            }
        }
        first.1
    }

    /// Whether a visitor who got a variant by some weights gets it by others too, whoever they are:
    /// where no other variant's weight has grown by more than this one's.
    ///
    /// Where that is false, nobody can say without the seed.
    pub fn keeps(variant: usize, before: &[u32], after: &[u32]) -> bool {
        let weight = |weights: &[u32], i: usize| u64::from(weights.get(i).copied().unwrap_or(0));
        let (was, is) = (weight(before, variant), weight(after, variant));
        if was == 0 || is == 0 {
            return before == after;
        }
        let others = (0..before.len().max(after.len())).filter(|i| *i != variant);
        others.into_iter().all(|i| weight(after, i) * was <= weight(before, i) * is)
    }
}

/// When a variant of weight 1 would come: exponentially distributed, above 0.
fn arrival(seed: u64, variant: usize) -> f64 {
    // The 53 bits that a double holds, and a half so that the logarithm's argument lies between
    // 0 and 1.
    let draw = mix(seed ^ mix(variant as u64)) >> 11;
    -((draw as f64 + 0.5) / (1_u64 << 53) as f64).ln()
}

/// The finaliser of SplitMix64 after one step of its sequence: a permutation in which every bit of
/// the input moves half of the output's.
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seeds as a salted hash would give them.
    fn seeds() -> impl Iterator<Item = u64> {
        (0..100_000).map(|i| mix(mix(i) ^ 0x5eed))
    }

    /// How far the counts of 100,000 visitors lie from the weights.
    fn chi_square(weights: &[u32]) -> f64 {
        let mut counts = vec![0_u32; weights.len()];
        for seed in seeds() {
            counts[Split::pick(weights.iter().copied(), seed)] += 1;
        }
        let total: u32 = weights.iter().sum();
        let deviation = |(count, weight): (&u32, &u32)| {
            let expected = 100_000.0 * f64::from(*weight) / f64::from(total);
            (f64::from(*count) - expected).powi(2) / expected
        };
        counts.iter().zip(weights).map(deviation).sum()
    }

    #[test]
    fn shares_are_the_weights() {
        // The bounds that chance passes once in a thousand, by degrees of freedom.
        for (weights, bound) in [
            (&[50, 50][..], 10.83),
            (&[60, 40], 10.83),
            (&[1, 99], 10.83),
            (&[70, 20, 10], 13.82),
            (&[1, 2, 3, 4, 5], 18.47),
            (&[u32::MAX / 4, u32::MAX / 2, u32::MAX / 4], 13.82),
        ] {
            let distance = chi_square(weights);
            assert!(distance < bound, "{weights:?}: {distance}");
        }
    }

    #[test]
    fn a_changed_weight_moves_only_those_who_must_move() {
        let mut moved = 0;
        for seed in seeds() {
            let (before, after) =
                (Split::pick([50, 30, 20], seed), Split::pick([80, 30, 20], seed));
            assert!(before == after || after == 0, "{before} became {after}");
            moved += u32::from(before != after);
            let with_a_fourth = Split::pick([50, 30, 20, 10], seed);
            assert!(with_a_fourth == before || with_a_fourth == 3);
        }
        // From 50 of 100 to 80 of 130.
        let expected = 100_000.0 * (80.0 / 130.0 - 0.5);
        assert!((f64::from(moved) - expected).abs() < 500.0, "{moved} moved, not {expected}");
    }

    #[test]
    fn who_keeps_a_variant_is_told_without_the_seed() {
        let cases: &[(&[u32], &[u32])] = &[
            (&[50, 50], &[50, 50]),
            (&[50, 50], &[1, 1]),
            (&[50, 30, 20], &[80, 30, 20]),
            (&[50, 30, 20], &[50, 30, 20, 10]),
            (&[50, 30, 20], &[50, 30]),
            (&[50, 0], &[50, 10]),
            (&[0, 0], &[0, 0]),
            (&[0, 0], &[0, 1]),
            (&[u32::MAX, 1], &[1, u32::MAX]),
        ];
        for (before, after) in cases {
            for seed in seeds().take(2_000) {
                let got = Split::pick(before.iter().copied(), seed);
                let gets = Split::pick(after.iter().copied(), seed);
                assert!(!Split::keeps(got, before, after) || gets == got, "{before:?} {after:?}");
            }
        }
        assert!(Split::keeps(0, &[50, 30, 20], &[80, 30, 20]));
        assert!(!Split::keeps(1, &[50, 30, 20], &[80, 30, 20]));
        assert!(Split::keeps(1, &[50, 50], &[2, 2]));
        assert!(!Split::keeps(0, &[50, 50], &[50, 50, 1]));
        assert!(Split::keeps(0, &[50, 30, 20], &[50, 30]));
    }

    #[test]
    fn no_weight_gets_nobody() {
        assert!(seeds().take(1_000).all(|seed| Split::pick([0, 1, 0], seed) == 1));
        assert_eq!(Split::pick([], 7), 0);
        assert_eq!(Split::pick([0, 0], 7), 0);
        assert_eq!(Split::pick([u32::MAX], u64::MAX), 0);
    }
}
