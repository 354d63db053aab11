//! The calendar of a question: its time cut into pieces in which everything that is asked of a
//! clock stays the same, so that no click's time is ever converted.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::{
    block::Broken,
    columns::Columns,
    dimension::Clock,
    query::Unanswerable,
    series::{DAY, hours, timestamp},
    times::{QUARTER, Times},
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

    /// Prepares to find the pieces of a batch's clicks.
    pub(crate) fn lookup<'a>(&'a self, batch: &'a Columns) -> Result<Lookup<'a>, Broken> {
        let search = || Ok(Lookup::Search { times: batch.times()?, starts: &self.starts });
        let (Some((first, last)), Some(quarters)) = (batch.span(), batch.quarters()?) else {
            return search();
        };
        let (from, to) = (self.piece(first), self.piece(last));
        let starts = self.starts.get(from..=to).unwrap_or_default();
        if starts.is_empty() || starts.iter().any(|start| start % QUARTER != 0) {
            return search();
        }
        let (mut pieces, mut piece) = (Vec::new(), from);
        for quarter in (quarters.start..=last).step_by(QUARTER as usize) {
            while self.starts.get(piece + 1).is_some_and(|next| *next <= quarter) {
                piece += 1;
            }
            pieces.push(piece as u32);
        }
        Ok(Lookup::Quarters { after: &quarters.after, pieces })
    }

    fn piece(&self, at: i64) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }
}

/// How the pieces of a batch's clicks are found.
pub(crate) enum Lookup<'a> {
    /// By the quarter of an hour.
    Quarters { after: &'a [u16], pieces: Vec<u32> },
    /// By halving, where clocks went by minutes and seconds, as they did long ago.
    Search { times: &'a Times, starts: &'a [i64] },
}

impl Lookup<'_> {
    /// The piece of each of the clicks from `place` on, as many as there is room for. Of a click
    /// outside of the calendar it finds any.
    pub(crate) fn find_all(&self, place: usize, found: &mut [u32]) {
        match self {
            Lookup::Quarters { after, pieces } => {
                for (found, quarter) in found.iter_mut().zip(&after[place..]) {
                    *found = pieces[usize::from(*quarter)];
                }
            }
            Lookup::Search { times, starts } => {
                for (found, click) in found.iter_mut().zip(place..) {
                    *found = search(starts, times.get(click));
                }
            }
        }
    }

    /// The piece of each that is kept of the clicks from `place` on.
    pub(crate) fn find(&self, place: usize, kept: &[u32], found: &mut [u32]) {
        match self {
            Lookup::Quarters { after, pieces } => {
                let after = &after[place..];
                for (found, click) in found.iter_mut().zip(kept) {
                    *found = pieces[usize::from(after[*click as usize])];
                }
            }
            Lookup::Search { times, starts } => {
                for (found, click) in found.iter_mut().zip(kept) {
                    *found = search(starts, times.get(place + *click as usize));
                }
            }
        }
    }
}

fn search(starts: &[i64], at: i64) -> u32 {
    starts.partition_point(|start| *start <= at).saturating_sub(1) as u32
}
