//! Rates and their differences, as confidence sequences.
//!
//! Of n visitors s converted. Were p the true rate, the mixture over Beta(½, ½) of all rates against p,
//!
//! ```text
//! M(p) = B(s + ½, n − s + ½) / B(½, ½) / (p^s (1 − p)^(n − s)),
//! ```
//!
//! would be 1 on average, whatever n; so p is left out once M(p) reaches 1/α. That is the
//! beta-binomial confidence sequence of H. Robbins, "Statistical methods related to the law of the
//! iterated logarithm" (1970), section 5; see also S. Howard and others, "Time-uniform, nonparametric,
//! nonasymptotic confidence sequences" (2021). It is exact for every n, not only for many.
//!
//! Two ways have visitors of their own, so the product of their mixtures is 1 on average too. The
//! pairs of rates at which it is below 1/α hold the true pair at all looks, and the differences of
//! these pairs hold the true difference.

use super::gamma::ln_beta;

/// What a way brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub visitors: u64,
    /// Visitors of these who converted.
    pub conversions: u64,
}

/// From where to where something lies, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// The weights of the mixture: Jeffreys' prior, which favours no rate.
const PRIOR: f64 = 0.5;
/// Halvings after which a double has no digits left to gain.
const HALVINGS: usize = 60;
/// The share that a golden section keeps, and how often it is cut: to a billionth.
const GOLDEN: f64 = 0.618_033_988_749_894_9;
const CUTS: usize = 44;

impl Counts {
    /// The share of visitors who converted; none without visitors.
    pub fn rate(self) -> Option<f64> {
        (self.visitors != 0).then(|| self.conversions as f64 / self.visitors as f64)
    }

    /// Where the true rate lies with a chance of 1 − `alpha`, at all looks at once.
    pub fn interval(self, alpha: f64) -> Interval {
        let (mixture, most) = (Mixture::of(self), -alpha.ln());
        let holds = |p: f64| mixture.against(p) < most;
        let rate = self.rate().unwrap_or(0.5);
        Interval { low: edge(rate, 0.0, holds), high: edge(rate, 1.0, holds) }
    }
}

/// By how much the true rate of `other` lies above that of `first` with a chance of 1 − `alpha`, at
/// all looks at once.
pub fn difference(first: Counts, other: Counts, alpha: f64) -> Interval {
    let holds = |by: f64| may_be(first, other, by, alpha);
    let found = other.rate().unwrap_or(0.5) - first.rate().unwrap_or(0.5);
    Interval { low: edge(found, -1.0, holds), high: edge(found, 1.0, holds) }
}

impl Interval {
    pub fn holds(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// Whether the rates may differ by so much: whether any two rates that do are not left out.
pub(super) fn may_be(first: Counts, other: Counts, by: f64, alpha: f64) -> bool {
    let (first, other) = (Mixture::of(first), Mixture::of(other));
    let (low, high) = ((-by).max(0.0), (1.0 - by).min(1.0));
    // Each logarithm is convex in its rate, and so is their sum.
    let least = least(low, high, |p| first.against(p) + other.against((p + by).clamp(0.0, 1.0)));
    least < -alpha.ln()
}

/// All rates together against one of them.
struct Mixture {
    successes: f64,
    failures: f64,
    ln: f64,
}

impl Mixture {
    fn of(counts: Counts) -> Mixture {
        let successes = counts.conversions as f64;
        let failures = counts.visitors.saturating_sub(counts.conversions) as f64;
        let ln = ln_beta(successes + PRIOR, failures + PRIOR) - ln_beta(PRIOR, PRIOR);
        Mixture { successes, failures, ln }
    }

    /// ln M(p); infinite where p cannot be.
    fn against(&self, p: f64) -> f64 {
        let part = |count: f64, p: f64| if count == 0.0 { 0.0 } else { count * p.ln() };
        self.ln - part(self.successes, p) - part(self.failures, 1.0 - p)
    }
}

/// How far from `inside` towards `end` something holds that holds at once or not at all.
fn edge(inside: f64, end: f64, holds: impl Fn(f64) -> bool) -> f64 {
    if holds(end) {
        return end;
    }
    let (mut inside, mut outside) = (inside, end);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (inside + outside);
        if holds(middle) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    // Outwards, so that what is left out is left out.
    outside
}

/// The least value of a convex function, by golden sections.
fn least(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_left, mut at_right) = (f(left), f(right));
    let mut least = at_left.min(at_right).min(f(low)).min(f(high));
    for _ in 0..CUTS {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - GOLDEN * (high - low);
            at_left = f(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + GOLDEN * (high - low);
            at_right = f(right);
        }
        least = least.min(at_left).min(at_right);
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(visitors: u64, conversions: u64) -> Counts {
        Counts { visitors, conversions }
    }

    #[test]
    fn nobody_says_nothing() {
        assert_eq!(counts(0, 0).rate(), None);
        assert_eq!(counts(0, 0).interval(0.05), Interval { low: 0.0, high: 1.0 });
        let all = Interval { low: -1.0, high: 1.0 };
        assert_eq!(difference(counts(0, 0), counts(0, 0), 0.05), all);
    }

    /// By hand: without a conversion p^0 falls away, and (1 − p)^n = α B(½, n + ½) / B(½, ½) is
    /// solved for p.
    #[test]
    fn without_conversions_the_end_is_known_in_closed_form() {
        for n in [1, 10, 1_000] {
            let found = counts(n, 0).interval(0.05);
            let ln = ln_beta(0.5, n as f64 + 0.5) - ln_beta(0.5, 0.5) + 0.05_f64.ln();
            let expected = 1.0 - (ln / n as f64).exp();
            assert_eq!(found.low, 0.0);
            assert!((found.high - expected).abs() < 1e-9, "{n}: {found:?} {expected}");
            let all = counts(n, n).interval(0.05);
            assert!((all.low - (1.0 - expected)).abs() < 1e-9 && all.high == 1.0, "{all:?}");
        }
    }

    #[test]
    fn more_visitors_say_more() {
        let mut before = 1.0;
        for n in [10, 100, 1_000, 10_000, 1_000_000] {
            let Interval { low, high } = counts(n, n / 10).interval(0.05);
            assert!(low < 0.1 && 0.1 < high && high - low < before, "{n}: {low} {high}");
            before = high - low;
        }
        assert!(before < 0.003, "{before}");
    }

    #[test]
    fn a_difference_is_narrower_than_its_rates_and_turns_round() {
        let (a, b) = (counts(5_000, 250), counts(4_000, 320));
        let found = difference(a, b, 0.05);
        let turned = difference(b, a, 0.05);
        assert!((found.low + turned.high).abs() < 1e-6 && (found.high + turned.low).abs() < 1e-6);
        assert!(found.holds(0.03) && !found.holds(0.0), "{found:?}");
        let (of_a, of_b) = (a.interval(0.025), b.interval(0.025));
        assert!(of_b.low - of_a.high < found.low && found.high < of_b.high - of_a.low);
        let same = difference(a, a, 0.05);
        assert!(same.holds(0.0) && (same.low + same.high).abs() < 1e-6, "{same:?}");
    }
}
