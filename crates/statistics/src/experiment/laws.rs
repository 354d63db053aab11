//! What is promised of experiments, held against thousands of them with known truth.

use super::{Counts, Ratio, SRM_LEVEL, difference, rate::may_be};

const RUNS: u64 = 2_000;
/// Visitors between two looks, and looks of a run.
const STEP: u64 = 50;
const LOOKS: u64 = 40;
const ALPHA: f64 = 0.05;

/// Numbers from 0 to 1: SplitMix64, the same on every machine.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Lets visitors come to two ways in equal shares; true where `is_bad` was so at any look.
fn ever(run: u64, rates: [f64; 2], is_bad: impl Fn([Counts; 2]) -> bool) -> bool {
    let mut dice = Dice(run);
    let mut ways = [Counts { visitors: 0, conversions: 0 }; 2];
    (0..LOOKS).any(|_| {
        for _ in 0..STEP {
            let way = usize::from(dice.throw() < 0.5);
            ways[way].visitors += 1;
            ways[way].conversions += u64::from(dice.throw() < rates[way]);
        }
        is_bad(ways)
    })
}

fn share(runs: u64, is_bad: impl Fn(u64) -> bool) -> f64 {
    (0..runs).filter(|run| is_bad(*run)).count() as f64 / runs as f64
}

#[test]
fn an_interval_holds_the_rate_at_every_look_in_95_of_100_runs() {
    for rate in [0.01, 0.1, 0.5] {
        let missed =
            share(RUNS, |run| ever(run, [rate, rate], |ways| !ways[0].interval(ALPHA).holds(rate)));
        assert!(missed <= ALPHA, "{rate}: {missed}");
    }
}

#[test]
fn no_difference_shows_at_any_look_where_there_is_none_in_95_of_100_runs() {
    for rate in [0.02, 0.3] {
        let missed = share(RUNS, |run| {
            ever(run, [rate, rate], |[first, other]| !may_be(first, other, 0.0, ALPHA))
        });
        assert!(missed <= ALPHA, "{rate}: {missed}");
    }
}

#[test]
fn an_interval_holds_a_difference_that_there_is() {
    let rates = [0.10, 0.16];
    let missed = share(RUNS / 4, |run| {
        ever(run, rates, |[first, other]| !may_be(first, other, 0.06, ALPHA))
    });
    assert!(missed <= ALPHA, "{missed}");
}

#[test]
fn a_difference_that_there_is_shows() {
    let found = share(200, |run| {
        ever(run, [0.05, 0.15], |[first, other]| !may_be(first, other, 0.0, ALPHA))
    });
    assert!(0.9 <= found, "{found}");
    let [first, other] = [(2_000, 100), (2_000, 300)]
        .map(|(visitors, conversions)| Counts { visitors, conversions });
    let interval = difference(first, other, ALPHA);
    assert!(0.05 < interval.low && interval.high < 0.15 && interval.holds(0.1), "{interval:?}");
}

/// An ordinary interval of 95 %, looked at as often, misses far more: that is what all this is for.
#[test]
fn an_ordinary_interval_would_show_a_difference_that_there_is_not() {
    let ordinary = |[first, other]: [Counts; 2]| {
        let (Some(p), Some(q)) = (first.rate(), other.rate()) else { return false };
        let variance =
            p * (1.0 - p) / first.visitors as f64 + q * (1.0 - q) / other.visitors as f64;
        0.0 < variance && 1.96 * variance.sqrt() < (p - q).abs()
    };
    let wrong = share(RUNS, |run| ever(run, [0.3, 0.3], ordinary));
    assert!(0.2 < wrong, "{wrong}");
}

/// The share of runs in which visitors come with these chances and the test ever says that they do
/// not come by the weights.
fn alarms(runs: u64, shares: &[f64], weights: &[u32]) -> f64 {
    share(runs, |run| {
        let mut dice = Dice(run);
        let mut counts = vec![0; shares.len()];
        (0..LOOKS).any(|_| {
            for _ in 0..STEP {
                let mut throw = dice.throw();
                let way = shares.iter().position(|share| {
                    throw -= share;
                    throw < 0.0
                });
                counts[way.unwrap_or(0)] += 1;
            }
            Ratio::of(&counts, weights).is_off()
        })
    })
}

#[test]
fn a_ratio_that_is_right_is_called_wrong_as_seldom_as_is_said() {
    for (shares, weights) in
        [(&[0.5, 0.5][..], &[1, 1][..]), (&[0.9, 0.1], &[90, 10]), (&[0.2, 0.3, 0.5], &[2, 3, 5])]
    {
        let wrong = alarms(RUNS, shares, weights);
        assert!(wrong <= SRM_LEVEL, "{weights:?}: {wrong}");
    }
}

#[test]
fn a_ratio_that_is_wrong_is_found() {
    let found = alarms(200, &[0.58, 0.42], &[1, 1]);
    assert!(0.95 <= found, "{found}");
}
