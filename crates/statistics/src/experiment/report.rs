//! What an experiment shows, in numbers and in plain words. It never names a winner: whether a
//! difference is worth having is not for numbers to say.

use super::{Counts, Interval, Ratio, difference};

/// What was seen of one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub weight: u32,
    pub counts: Counts,
    /// Visitors who are not known to have come before: each was given their way by a draw of its own,
    /// which those who come again were not.
    pub drawn: u64,
}

/// What that says.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// In the order of the ways.
    pub ways: Vec<Judged>,
    pub ratio: Ratio,
    /// What the ratio says, in a sentence.
    pub ratio_says: &'static str,
    /// What the differences say, in sentences.
    pub finding: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    pub rate: Option<f64>,
    pub interval: Interval,
    /// By how much the rate lies above that of the first way; none of the first itself.
    pub difference: Option<Interval>,
}

/// The chance that an interval ever fails to hold; all differences of an experiment share one.
const ALPHA: f64 = 0.05;

impl Report {
    pub fn of(seen: &[Seen]) -> Report {
        let others = seen.len().saturating_sub(1).max(1);
        let first = seen.first().map(|way| way.counts);
        let ways = (0..).zip(seen).map(|(place, way)| Judged {
            rate: way.counts.rate(),
            interval: way.counts.interval(ALPHA),
            difference: first
                .filter(|_| 0 < place)
                .map(|first| difference(first, way.counts, ALPHA / others as f64)),
        });
        let ways: Vec<Judged> = ways.collect();
        let drawn: Vec<u64> = seen.iter().map(|way| way.drawn).collect();
        let weights: Vec<u32> = seen.iter().map(|way| way.weight).collect();
        let ratio = Ratio::of(&drawn, &weights);
        let ratio_says = match ratio.is_off() {
            true => {
                "The visitors do not come to the variants as the weights say: by chance alone that \
                 is ever so in fewer than 1 of 100 experiments."
            }
            false => "As far as can be told, the visitors come to the variants as the weights say.",
        };
        let finding = finding(&ways, ratio);
        Report { ways, ratio, ratio_says, finding }
    }
}

fn finding(ways: &[Judged], ratio: Ratio) -> String {
    if ratio.is_off() {
        return "The variants are not seen by the same kind of people, so nothing can be read from \
                their rates: look for what keeps visitors of one variant from being counted."
            .to_owned();
    }
    let shown: Vec<String> = (0..).zip(ways).filter_map(sentence).collect();
    if shown.is_empty() {
        return "The interval of every difference includes 0: nothing is shown yet.".to_owned();
    }
    shown.join(" ")
}

/// What a way's difference says, where it is not none.
fn sentence((place, way): (usize, &Judged)) -> Option<String> {
    let difference = way.difference.filter(|difference| !difference.holds(0.0))?;
    let (least, most) = (difference.low.abs(), difference.high.abs());
    let (least, most) = (100.0 * least.min(most), 100.0 * least.max(most));
    let more = if 0.0 < difference.low { "more" } else { "fewer" };
    Some(format!(
        "Of 100 visitors, between {least:.2} and {most:.2} {more} convert by variant {place} than by \
         variant 0."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(weight: u32, visitors: u64, conversions: u64) -> Seen {
        Seen { weight, counts: Counts { visitors, conversions }, drawn: visitors }
    }

    #[track_caller]
    fn check(ways: &[Seen], expected: &str) {
        let found = Report::of(ways).finding;
        assert!(found.starts_with(expected), "{found}");
        assert!(!found.contains("win") && !found.contains("best"), "{found}");
    }

    #[test]
    fn a_difference_is_said_once_it_is_shown() {
        let nothing = "The interval of every difference includes 0: nothing is shown yet.";
        check(&[], nothing);
        check(&[seen(1, 0, 0), seen(1, 0, 0)], nothing);
        check(&[seen(1, 1_000, 50), seen(1, 1_010, 60)], nothing);
        let ways = [seen(1, 5_000, 250), seen(1, 5_010, 500), seen(1, 4_990, 260)];
        check(&ways, "Of 100 visitors, between 2.");
        let report = Report::of(&ways);
        assert!(report.finding.ends_with("more convert by variant 1 than by variant 0."));
        assert_eq!(report.ways[0].difference, None);
        let turned = [ways[1], ways[0]];
        assert!(Report::of(&turned).finding.contains(" fewer convert by variant 1 "));
    }

    #[test]
    fn all_differences_of_an_experiment_hold_together() {
        let way = |more: u64| seen(1, 4_000, 200 + more);
        let two = Report::of(&[way(0), way(60)]).ways[1].difference.unwrap();
        let three = Report::of(&[way(0), way(60), way(0)]).ways[1].difference.unwrap();
        assert!(three.low < two.low && two.high < three.high, "{two:?} {three:?}");
    }

    #[test]
    fn nothing_is_read_from_a_ratio_that_is_off() {
        let ways = [seen(1, 6_000, 100), seen(1, 4_000, 900)];
        check(&ways, "The variants are not seen by the same kind of people");
        assert!(Report::of(&ways).ratio_says.starts_with("The visitors do not come"));
    }
}
