//! Whether visitors came to the ways of a split in the ratio of their weights.
//!
//! Where they did not, something loses visitors on one way (a page that is counted later, a bot that
//! follows one of them), and the rates are of different people. The test is that of M. Lindon and
//! A. Malek, "Anytime-valid inference for multinomial count data" (2022): with the shares θ that the
//! weights say, the counts n and a Dirichlet mixture of all shares around them,
//!
//! ```text
//! E = B(α + n) / B(α) / ∏ θᵢ^nᵢ,   α = K θ,
//! ```
//!
//! is 1 on average as long as the shares are θ, after every visitor.

use super::gamma::ln_gamma;

/// What the counts say against the weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// How much better other shares than the weights' explain the counts; 1 on average where the
    /// weights are right.
    pub e_value: f64,
    /// The chance of seeing as much at any look although the weights are right, at most.
    pub p_value: f64,
}

/// Below this chance it is an alarm. One in a hundred experiments that are right has one, ever.
pub const SRM_LEVEL: f64 = 0.01;

/// How far the mixture looks: it expects shares that are some percent off, and gives up little where
/// they are further.
const CONCENTRATION: f64 = 100.0;
/// An e-value beyond this says nothing that a larger one would not.
const MOST: f64 = 1e12;

impl Ratio {
    /// Compares counts with weights, way by way. A way of weight 0 has nobody who counts.
    pub fn of(counts: &[u64], weights: &[u32]) -> Ratio {
        let all: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
        let ways = counts.iter().zip(weights).filter(|(_, weight)| **weight != 0);
        let (mut ln, mut visitors) = (0.0, 0.0);
        for (&count, &weight) in ways {
            let (count, share) = (count as f64, f64::from(weight) / all);
            let alpha = CONCENTRATION * share;
            ln += ln_gamma(alpha + count) - ln_gamma(alpha) - count * share.ln();
            visitors += count;
        }
        ln += ln_gamma(CONCENTRATION) - ln_gamma(CONCENTRATION + visitors);
        let e_value = ln.exp().min(MOST);
        Ratio { e_value, p_value: (1.0 / e_value).min(1.0) }
    }

    /// Whether the counts cannot be believed to follow the weights.
    pub fn is_off(self) -> bool {
        self.p_value <= SRM_LEVEL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_says_nothing() {
        let ratio = Ratio::of(&[0, 0], &[1, 1]);
        assert!((ratio.e_value - 1.0).abs() < 1e-9 && !ratio.is_off(), "{ratio:?}");
        assert!(!Ratio::of(&[1_000], &[5]).is_off());
        assert!(!Ratio::of(&[1_000, 7], &[5, 0]).is_off());
    }

    /// The average over all that can happen is 1, whatever the weights.
    #[test]
    fn it_is_one_on_average() {
        for weights in [[1, 1], [9, 1], [60, 40]] {
            let share = f64::from(weights[0]) / f64::from(weights[0] + weights[1]);
            let visitors = 40_u64;
            let mut average = 0.0;
            for first in 0..=visitors {
                let ways = ln_gamma(41.0)
                    - ln_gamma(first as f64 + 1.0)
                    - ln_gamma((visitors - first) as f64 + 1.0);
                let chance = ways
                    + first as f64 * share.ln()
                    + (visitors - first) as f64 * (1.0 - share).ln();
                average += chance.exp() * Ratio::of(&[first, visitors - first], &weights).e_value;
            }
            assert!((average - 1.0).abs() < 1e-9, "{weights:?}: {average}");
        }
    }

    #[test]
    fn what_is_far_off_is_told() {
        assert!(!Ratio::of(&[5_050, 4_950], &[50, 50]).is_off());
        assert!(Ratio::of(&[5_300, 4_700], &[50, 50]).is_off());
        assert!(!Ratio::of(&[9_000, 1_000], &[90, 10]).is_off());
        assert!(Ratio::of(&[8_000, 1_000, 1_000], &[90, 5, 5]).is_off());
        assert!(Ratio::of(&[5_000_000, 0], &[50, 50]).p_value <= 1e-12);
    }
}
