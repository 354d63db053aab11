//! What a replay found.

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use foldhash::fast::RandomState;
use model::{CLASSES, ClickId};

use super::{Goes, Replay, Verdict, passing::BY};
use crate::{answer::Unread, block::Broken, columns::Columns, newest::Newest, value::Value};

/// What became of all clicks.
#[derive(Debug)]
pub struct Replayed {
    /// Each verdict with its clicks, the most frequent first.
    verdicts: Vec<(Verdict, u64, Vec<Sample>)>,
    /// By country and by device.
    by: [HashMap<Option<Value>, Counts, RandomState>; 2],
    /// Clicks that were not asked about, by the number of their class.
    pub left_out: [u64; CLASSES.len()],
    /// What was to be decided too and could not be read: whoever brings the clicks knows.
    pub unread: Vec<Unread>,
}

/// Clicks in each bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub same: u64,
    pub changed: u64,
    /// Those that cannot be told.
    pub untold: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bucket {
    Same,
    Changed,
    Untold,
}

/// A click that explains others of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Milliseconds since 1970 in UTC.
    pub at: i64,
    pub id: ClickId,
    pub verdict: Verdict,
}

/// What one thread has found so far.
#[derive(Default)]
pub(crate) struct Found {
    verdicts: Vec<(Verdict, u64, Newest)>,
    known: HashMap<Verdict, u32, RandomState>,
    by: [HashMap<Option<Value>, [u64; 3], RandomState>; 2],
    nth: usize,
    samples: usize,
}

impl Verdict {
    pub fn bucket(&self) -> Bucket {
        match self {
            Verdict::Closed | Verdict::Asked(_) => Bucket::Same,
            Verdict::Told { from, to } if from.goes == to.goes => Bucket::Same,
            Verdict::Told { .. } => Bucket::Changed,
            Verdict::Untold { .. } => Bucket::Untold,
        }
    }
}

impl Counts {
    pub fn all(&self) -> u64 {
        self.same + self.changed + self.untold
    }

    fn add(&mut self, bucket: Bucket, clicks: u64) {
        *match bucket {
            Bucket::Same => &mut self.same,
            Bucket::Changed => &mut self.changed,
            Bucket::Untold => &mut self.untold,
        } += clicks;
    }
}

impl Replayed {
    /// All clicks that were asked about.
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        self.verdicts.iter().for_each(|(verdict, clicks, _)| total.add(verdict.bucket(), *clicks));
        total
    }

    /// From where to where clicks change, the most frequent first.
    pub fn transitions(&self) -> Vec<(&Goes, &Goes, u64)> {
        let mut clicks: BTreeMap<_, u64> = BTreeMap::new();
        for (verdict, n, _) in self.of(Bucket::Changed) {
            if let Verdict::Told { from, to } = verdict {
                *clicks.entry((&from.goes, &to.goes)).or_default() += n;
            }
        }
        let mut rows: Vec<_> = clicks.into_iter().map(|((from, to), n)| (from, to, n)).collect();
        rows.sort_by_key(|(.., clicks)| Reverse(*clicks));
        rows
    }

    /// By which rule clicks went and by which they would go, if by one; the most frequent first. Those
    /// that cannot be told have no second.
    pub fn rules(&self) -> Vec<(Option<i64>, Option<Option<i64>>, Counts)> {
        let mut rows: BTreeMap<_, Counts> = BTreeMap::new();
        for (verdict, clicks, _) in &self.verdicts {
            let rules = match verdict {
                Verdict::Told { from, to } => (from.rule, Some(to.rule)),
                Verdict::Untold { from: Some(from), .. } => (from.rule, None),
                Verdict::Closed | Verdict::Asked(_) | Verdict::Untold { from: None, .. } => {
                    continue;
                }
            };
            rows.entry(rules).or_default().add(verdict.bucket(), *clicks);
        }
        let mut rows: Vec<_> = rows.into_iter().map(|((from, to), n)| (from, to, n)).collect();
        rows.sort_by_key(|(.., counts)| Reverse(counts.all()));
        rows
    }

    /// By country, the most changed first.
    pub fn countries(&self) -> Vec<(Option<&Value>, Counts)> {
        rows(&self.by[0])
    }

    /// By device, the most changed first.
    pub fn devices(&self) -> Vec<(Option<&Value>, Counts)> {
        rows(&self.by[1])
    }

    /// For how many clicks each fact is missing, the most missed first; a click may miss several.
    pub fn missing(&self) -> Vec<(&str, u64)> {
        let mut clicks: BTreeMap<&str, u64> = BTreeMap::new();
        for (verdict, n, _) in &self.verdicts {
            if let Verdict::Untold { missing, .. } = verdict {
                missing.iter().for_each(|name: &Cow<'_, str>| {
                    *clicks.entry(name).or_default() += n;
                });
            }
        }
        let mut rows: Vec<_> = clicks.into_iter().collect();
        rows.sort_by_key(|(_, clicks)| Reverse(*clicks));
        rows
    }

    /// The newest clicks of a bucket whose verdicts pass, newest first.
    pub fn samples(
        &self,
        bucket: Bucket,
        passes: impl Fn(&Verdict) -> bool,
        most: usize,
    ) -> Vec<&Sample> {
        let kinds = self.of(bucket).filter(|(verdict, ..)| passes(verdict));
        let mut samples: Vec<&Sample> = kinds.flat_map(|(.., samples)| samples).collect();
        samples.sort_by_key(|sample| Reverse((sample.at, sample.id)));
        samples.truncate(most);
        samples
    }

    /// Each verdict with its clicks.
    pub(super) fn verdicts(&self) -> impl Iterator<Item = (&Verdict, u64)> {
        self.verdicts.iter().map(|(verdict, clicks, _)| (verdict, *clicks))
    }

    fn of(&self, bucket: Bucket) -> impl Iterator<Item = &(Verdict, u64, Vec<Sample>)> {
        self.verdicts.iter().filter(move |(verdict, ..)| verdict.bucket() == bucket)
    }
}

fn rows(counts: &HashMap<Option<Value>, Counts, RandomState>) -> Vec<(Option<&Value>, Counts)> {
    let mut rows: Vec<_> = counts.iter().map(|(value, counts)| (value.as_ref(), *counts)).collect();
    rows.sort_by_key(|(value, counts)| (Reverse((counts.changed, counts.all())), *value));
    rows
}

impl Found {
    /// From now on clicks are those of the `nth` batch.
    pub(crate) fn begin(&mut self, nth: usize, replay: &Replay) {
        (self.nth, self.samples) = (nth, replay.samples);
    }

    /// The number of a verdict.
    pub(super) fn verdict(&mut self, verdict: Verdict) -> u32 {
        let next = self.verdicts.len() as u32;
        let number = *self.known.entry(verdict.clone()).or_insert(next);
        if number == next {
            self.verdicts.push((verdict, 0, Newest::default()));
        }
        number
    }

    /// Counts a click; the number of its bucket.
    pub(super) fn meet(&mut self, verdict: u32, at: i64, place: usize) -> usize {
        let (verdict, clicks, newest) = &mut self.verdicts[verdict as usize];
        *clicks += 1;
        newest.begin(self.nth, self.samples);
        newest.meet(at, place);
        verdict.bucket() as usize
    }

    pub(super) fn count(&mut self, by: usize, value: Option<&Value>, counts: [u64; 3]) {
        let sum = self.by[by].entry(value.cloned()).or_default();
        sum.iter_mut().zip(counts).for_each(|(sum, clicks)| *sum += clicks);
    }

    pub(crate) fn merge(&mut self, other: Found) {
        for (verdict, clicks, newest) in other.verdicts {
            let number = self.verdict(verdict) as usize;
            let (_, sum, ours) = &mut self.verdicts[number];
            *sum += clicks;
            ours.merge(newest);
        }
        for (nth, values) in other.by.into_iter().enumerate() {
            values.into_iter().for_each(|(value, counts)| self.count(nth, value.as_ref(), counts));
        }
    }

    pub(crate) fn finish(
        self,
        left_out: [u64; CLASSES.len()],
        batches: &[&Columns],
    ) -> Result<Replayed, Broken> {
        let mut verdicts = Vec::with_capacity(self.verdicts.len());
        for (verdict, clicks, newest) in self.verdicts {
            let mut samples = Vec::new();
            for (batch, place) in newest.places() {
                let Some(id) = batches[batch].id(place)? else { continue };
                let at = batches[batch].times()?.get(place);
                samples.push(Sample { at, id, verdict: verdict.clone() });
            }
            verdicts.push((verdict, clicks, samples));
        }
        verdicts.sort_by_key(|(_, clicks, _)| Reverse(*clicks));
        let counts = |[same, changed, untold]: [u64; 3]| Counts { same, changed, untold };
        let by = self.by.map(|values| values.into_iter().map(|(v, n)| (v, counts(n))).collect());
        Ok(Replayed { verdicts, by, left_out, unread: Vec::new() })
    }
}

// Buckets number the counts of a value, and breakdowns are the two of `Replayed`.
const _: () = assert!(Bucket::Untold as usize == 2 && BY.len() == 2);
