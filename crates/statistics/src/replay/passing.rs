//! One batch of clicks on its way through a replay.

use std::collections::{HashMap, hash_map::Entry};

use foldhash::fast::RandomState;
use jiff::Timestamp;
use model::{Click, Outcome as Went};
use targeting::{Again, Outcome};

use super::{Replay, Watch, kept::Kept, replayed::Found};
use crate::{
    block::Broken,
    codes::{Codes, NONE},
    column::Column,
    columns::Columns,
    dimension::{Dimension, Source},
    times::Times,
    value::Value,
};

/// A batch, and what the thread that goes through it has found.
pub(crate) struct Passing<'a> {
    replay: &'a Replay,
    watch: &'a Watch,
    found: &'a mut Found,
    times: &'a Times,
    /// The columns of what was decided, in the order of [`DECIDED`].
    decided: Vec<(&'static Dimension, &'a Column)>,
    traces: &'a Column<Box<[u8]>>,
    facts: Facts<'a>,
    /// Those of the breakdowns.
    by: [Tallied<'a>; 2],
    /// The verdict on all clicks whose key is the same: the codes of what was decided, then what is
    /// known of the inquiries, two bits each.
    verdicts: HashMap<Box<[u64]>, u32, RandomState>,
    key: Vec<u64>,
}

/// What tells how a click was decided.
const DECIDED: [&str; 4] = ["revision", "outcome", "rule", "variant"];

/// What replays are broken down by, beside the rules.
pub(super) const BY: [&str; 2] = ["country", "device"];

/// What is known by facts of the inquiries that any fact tells.
struct Facts<'a> {
    of: Vec<(usize, Fact<'a>)>,
    /// The minute that the clocks were read in last, and what they said.
    minute: Option<i64>,
    clocks: Vec<u64>,
}

enum Fact<'a> {
    /// For each code of a column the outcome's number; 0 where it cannot be told.
    Column(&'a Codes, Vec<u8>),
    /// A clock whose zone is named.
    Clock,
}

/// The clicks of each value in each bucket, by the code of the value.
struct Tallied<'a> {
    column: &'a Column,
    counts: Vec<[u64; 3]>,
}

impl<'a> Passing<'a> {
    pub(crate) fn new(
        replay: &'a Replay,
        watch: &'a Watch,
        batch: &'a Columns,
        found: &'a mut Found,
    ) -> Result<Passing<'a>, Broken> {
        let column = |name| {
            let dimension = Dimension::named(name).ok_or(Broken::Absent)?;
            Ok((dimension, batch.dimension(dimension)?))
        };
        let tallied = |name| {
            let (_, column): (_, &Column) = column(name)?;
            Ok::<_, Broken>(Tallied { column, counts: vec![[0; 3]; column.values.len() + 1] })
        };
        Ok(Passing {
            replay,
            watch,
            found,
            times: batch.times()?,
            decided: DECIDED.into_iter().map(column).collect::<Result<_, Broken>>()?,
            traces: batch.traces()?,
            facts: Facts::new(replay, batch)?,
            by: [tallied(BY[0])?, tallied(BY[1])?],
            verdicts: HashMap::default(),
            key: Vec::new(),
        })
    }

    /// Decides those that are kept of the clicks from `place` on.
    pub(crate) fn pass(&mut self, place: usize, kept: &[u32]) {
        if self.watch.is_stopped() {
            return;
        }
        for &click in kept.iter().step_by(self.replay.every) {
            let click = place + click as usize;
            let verdict = self.verdict(click);
            let bucket = self.found.meet(verdict, self.times.get(click), click);
            for Tallied { column, counts } in &mut self.by {
                counts[column.codes.get(click) as usize][bucket] += 1;
            }
        }
    }

    /// Adds the batch's codes up to the values that they stand for.
    pub(crate) fn finish(self) {
        for (nth, Tallied { column, counts }) in self.by.into_iter().enumerate() {
            let values = std::iter::once(None).chain(column.values.iter().map(Some));
            for (value, counts) in values.zip(counts).filter(|(_, counts)| *counts != [0; 3]) {
                self.found.count(nth, value, counts);
            }
        }
    }

    fn verdict(&mut self, click: usize) -> u32 {
        self.key.clear();
        let [revision, outcome, rule, variant] =
            std::array::from_fn(|nth| u64::from(self.decided[nth].1.codes.get(click)));
        // A batch has fewer clicks than 2³² values, and outcomes are few.
        self.key.push(revision << 32 | u64::from(self.traces.codes.get(click)));
        self.key.push(rule << 32 | variant << 8 | outcome);
        self.facts.tell(self.replay, click, self.times.get(click), &mut self.key);
        if let Some(verdict) = self.verdicts.get(self.key.as_slice()) {
            return *verdict;
        }
        let verdict = self.decide(click);
        match self.verdicts.entry(self.key.as_slice().into()) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => *new.insert(verdict),
        }
    }

    #[cold]
    fn decide(&mut self, click: usize) -> u32 {
        let mut was = Click::default();
        for (dimension, column) in &self.decided {
            if let (Source::Column { write, .. }, Some(value)) =
                (&dimension.source, column.value(click))
            {
                write(&mut was, value.borrowed());
            }
        }
        let went: Went = was.outcome;
        let trace = self.traces.value(click).map_or(&[][..], |trace| trace);
        let told = |inquiry| {
            let place = self.facts.of.iter().position(|(of, _)| *of == inquiry)?;
            let word = self.key[2 + place / FACTS];
            outcome(word >> (place % FACTS * 2) & 3)
        };
        let verdict = self.replay.decide(was.revision, went, trace, &told);
        self.found.verdict(verdict)
    }
}

/// What is known of so many inquiries fits one word.
const FACTS: usize = 32;

impl<'a> Facts<'a> {
    fn new(replay: &Replay, batch: &'a Columns) -> Result<Facts<'a>, Broken> {
        let again = replay.again();
        let mut of = Vec::new();
        for (inquiry, asked) in again.inquiries().iter().enumerate() {
            if asked.field().zone().is_some() {
                of.push((inquiry, Fact::Clock));
            } else if let Some(kept) = Kept::of(asked.field()) {
                let column = batch.dimension(kept.column().ok_or(Broken::Absent)?)?;
                let tell = |value: Option<&Value>| {
                    kept.tell(again, inquiry, value).map_or(0, |outcome| outcome as u8)
                };
                let values = std::iter::once(None).chain(column.values.iter().map(Some));
                of.push((inquiry, Fact::Column(&column.codes, values.map(tell).collect())));
            }
        }
        Ok(Facts { of, minute: None, clocks: Vec::new() })
    }

    /// Writes what is known of the inquiries of a click.
    fn tell(&mut self, replay: &Replay, click: usize, at: i64, key: &mut Vec<u64>) {
        let minute = at.div_euclid(MINUTE);
        if self.minute != Some(minute) {
            self.minute = Some(minute);
            self.clocks = self.read_clocks(replay.again(), minute);
        }
        let from = key.len();
        key.extend(&self.clocks);
        for (place, (_, fact)) in self.of.iter().enumerate() {
            if let Fact::Column(codes, told) = fact {
                let told = told[codes.get(click) as usize];
                key[from + place / FACTS] |= u64::from(told) << (place % FACTS * 2);
            }
        }
    }

    /// What the clocks say during a minute; no zone of these days is off by less.
    fn read_clocks(&self, again: &Again, minute: i64) -> Vec<u64> {
        let mut words = vec![0; self.of.len().div_ceil(FACTS)];
        let Ok(moment) = Timestamp::from_millisecond(minute * MINUTE) else { return words };
        for (place, (inquiry, fact)) in self.of.iter().enumerate() {
            if let Fact::Clock = fact {
                let outcome = again.outcome(*inquiry, None, moment);
                words[place / FACTS] |= (outcome as u64) << (place % FACTS * 2);
            }
        }
        words
    }
}

const MINUTE: i64 = 60_000;

fn outcome(number: u64) -> Option<Outcome> {
    [Outcome::True, Outcome::False, Outcome::Unknown]
        .into_iter()
        .find(|outcome| *outcome as u64 == number)
}

const _: () = assert!(NONE == 0, "the first of a row of values by code is what is not known");
