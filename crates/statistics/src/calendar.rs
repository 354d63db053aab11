//! The calendar of a question: its time cut into pieces in which everything that is asked of a
//! clock stays the same, so that no click's time is ever converted.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::{
    dimension::Clock,
    query::Unanswerable,
    series::{DAY, hours, timestamp},
    times::Times,
    value::Value,
};

/// Pieces without a gap between them, from one UTC midnight to another.
#[derive(Debug)]
pub(crate) struct Calendar {
    /// Ascending; a piece ends where the next begins.
    starts: Vec<i64>,
    pub(crate) pieces: Vec<Piece>,
}

/// What the clocks say during a piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The UTC day since 1970, by which visitors are counted.
    pub(crate) day: i64,
    /// Which point of the series.
    pub(crate) point: usize,
    /// The hour and the day of the week (1 is Monday) in the zone; 0 where nobody asks.
    pub(crate) hour: u8,
    pub(crate) weekday: u8,
}

impl Piece {
    pub(crate) fn tell(&self, clock: Clock) -> Value {
        Value::Number(match clock {
            Clock::Hour => self.hour.into(),
            Clock::Weekday => self.weekday.into(),
        })
    }
}

/// The clocks of all inhabited places go by quarters of an hour.
const QUARTER: i64 = 15 * 60 * 1_000;

/// More quarters than 28 years have are not looked up in a table.
const QUARTERS: i64 = 1 << 20;

impl Calendar {
    /// Cuts `from..to` at UTC midnights, at the points of a series, and at the hours of the zone
    /// where those are asked for.
    pub(crate) fn new(
        from: i64,
        to: i64,
        points: &[i64],
        hourly: Option<&TimeZone>,
    ) -> Result<Calendar, Unanswerable> {
        let from = from.div_euclid(DAY) * DAY;
        let mut starts: BTreeSet<i64> = (from..to).step_by(DAY as usize).collect();
        starts.extend(points.iter().filter(|point| from < **point && **point < to));
        if let Some(zone) = hourly {
            starts.extend(hours(from, to, zone)?.into_iter().filter(|hour| from < *hour));
        }
        let starts: Vec<i64> = starts.into_iter().collect();
        let piece = |&start: &i64| {
            let mut piece = Piece {
                day: start.div_euclid(DAY),
                point: points.partition_point(|point| *point <= start).saturating_sub(1),
                ..Piece::default()
            };
            if let Some(zone) = hourly {
                let local = zone.to_datetime(timestamp(start)?);
                piece.hour = local.hour() as u8;
                piece.weekday = local.weekday().to_monday_one_offset() as u8;
            }
            Ok(piece)
        };
        let pieces = starts.iter().map(piece).collect::<Result<_, Unanswerable>>()?;
        Ok(Calendar { starts, pieces })
    }

    /// Prepares to find the pieces of clicks between two times.
    pub(crate) fn lookup(&self, first: i64, last: i64) -> Lookup<'_> {
        let (Some(start), Some(end)) = (self.starts.first(), self.starts.last()) else {
            return Lookup::Search(&self.starts);
        };
        let (first, last) = (first.max(*start), last.min(end + DAY));
        let base = first.div_euclid(QUARTER) * QUARTER;
        let (from, to) = (self.piece(first), self.piece(last));
        let even = self.starts[from..=to].iter().all(|start| start % QUARTER == 0);
        if !even || last < first || QUARTERS < (last - base) / QUARTER {
            return Lookup::Search(&self.starts);
        }
        let (mut table, mut piece) = (Vec::new(), from);
        for quarter in (base..=last).step_by(QUARTER as usize) {
            while self.starts.get(piece + 1).is_some_and(|next| *next <= quarter) {
                piece += 1;
            }
            table.push(piece as u32);
        }
        Lookup::Quarters { base, table }
    }

    fn piece(&self, at: i64) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }
}

/// How the piece of a time is found.
pub(crate) enum Lookup<'a> {
    /// By the quarter of an hour since `base`.
    Quarters { base: i64, table: Vec<u32> },
    /// By halving, where clocks went by minutes and seconds, as they did long ago.
    Search(&'a [i64]),
}

impl Lookup<'_> {
    /// The piece of each of the clicks from `place` on, as many as there is room for. Of a click
    /// outside of the calendar it finds any.
    pub(crate) fn find_all(&self, times: &Times, place: usize, pieces: &mut [u32]) {
        match times {
            Times::Near { first, after } => {
                self.find_each(
                    after[place..].iter().map(|after| first + i64::from(*after)),
                    pieces,
                );
            }
            Times::Far(times) => self.find_each(times[place..].iter().copied(), pieces),
        }
    }

    /// The piece of each that is kept of the clicks from `place` on.
    pub(crate) fn find(&self, times: &Times, place: usize, kept: &[u32], pieces: &mut [u32]) {
        match times {
            Times::Near { first, after } => {
                let after = &after[place..];
                let time = |click: &u32| first + i64::from(after[*click as usize]);
                self.find_each(kept.iter().map(time), pieces);
            }
            Times::Far(times) => {
                let times = &times[place..];
                self.find_each(kept.iter().map(|click| times[*click as usize]), pieces);
            }
        }
    }

    fn find_each(&self, times: impl Iterator<Item = i64>, pieces: &mut [u32]) {
        match self {
            Lookup::Quarters { base, table } => {
                let last = table.len() as u64 - 1;
                for (piece, at) in pieces.iter_mut().zip(times) {
                    let quarter = at.wrapping_sub(*base) as u64 / QUARTER as u64;
                    *piece = table[quarter.min(last) as usize];
                }
            }
            Lookup::Search(starts) => {
                for (piece, at) in pieces.iter_mut().zip(times) {
                    let after = starts.partition_point(|start| *start <= at);
                    *piece = after.saturating_sub(1) as u32;
                }
            }
        }
    }
}
