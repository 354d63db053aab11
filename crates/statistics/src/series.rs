//! Series: where the hours, days, weeks and months of a zone begin.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use crate::query::Unanswerable;

/// What one point of a series stands for, by the clocks of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// From one full hour to the next; where a clock is set, an hour ends and another begins, so
    /// that the hour which is there twice is two.
    Hour,
    Day,
    /// From Monday.
    Week,
    Month,
}

/// Each unit, and its name on the wire.
pub const UNITS: &[(Unit, &str)] =
    &[(Unit::Hour, "hour"), (Unit::Day, "day"), (Unit::Week, "week"), (Unit::Month, "month")];

/// A series may have so many points: five years of hours.
const POINTS: usize = 45_000;

pub(crate) const HOUR: i64 = 3_600_000;
pub(crate) const DAY: i64 = 24 * HOUR;

impl Unit {
    pub fn named(name: &str) -> Option<Unit> {
        UNITS.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Where the units begin that a range touches, in milliseconds since 1970; the first begins at
    /// its start or before it.
    pub fn starts(self, from: i64, to: i64, zone: &TimeZone) -> Result<Vec<i64>, Unanswerable> {
        if to <= from {
            return Ok(Vec::new());
        }
        if self.length().saturating_mul(POINTS as i64) < to.saturating_sub(from) {
            return Err(Unanswerable::TooLong);
        }
        let mut starts = match self {
            Unit::Hour => hours(from, to, zone)?,
            Unit::Day | Unit::Week | Unit::Month => self.dates(from, to, zone)?,
        };
        // A day that a zone skipped begins where the next does.
        starts.dedup();
        let first = starts.partition_point(|start| *start <= from).saturating_sub(1);
        let end = starts.partition_point(|start| *start < to);
        Ok(starts[first..end].to_vec())
    }

    /// At least so many milliseconds, but for those in which a clock is set.
    fn length(self) -> i64 {
        match self {
            Unit::Hour => HOUR,
            Unit::Day => DAY,
            Unit::Week => 7 * DAY,
            Unit::Month => 28 * DAY,
        }
    }

    fn dates(self, from: i64, to: i64, zone: &TimeZone) -> Result<Vec<i64>, Unanswerable> {
        let date = |at| Ok::<_, Unanswerable>(zone.to_datetime(timestamp(at)?).date());
        // A day earlier and later, since a clock may have been set across midnight.
        let mut next = self.floor(date(from)?.checked_sub(1.day())?)?;
        let last = date(to)?.checked_add(1.day())?;
        let mut starts = Vec::new();
        while next <= last {
            starts.push(zone.to_timestamp(next.at(0, 0, 0, 0))?.as_millisecond());
            next = match self {
                Unit::Hour | Unit::Day => next.checked_add(1.day())?,
                Unit::Week => next.checked_add(1.week())?,
                Unit::Month => next.checked_add(1.month())?,
            };
        }
        Ok(starts)
    }

    fn floor(self, date: Date) -> Result<Date, jiff::Error> {
        match self {
            Unit::Hour | Unit::Day => Ok(date),
            Unit::Week => date.checked_sub(date.weekday().since(Weekday::Monday).days()),
            Unit::Month => Ok(date.first_of_month()),
        }
    }
}

/// Where the hours of a zone begin, from the last before `from` to the last before `to`.
pub(crate) fn hours(from: i64, to: i64, zone: &TimeZone) -> Result<Vec<i64>, Unanswerable> {
    let mut starts = Vec::new();
    let (mut at, mut before) = (from.saturating_sub(DAY), None);
    // Between two settings of the clock it goes evenly.
    while at < to {
        let now = timestamp(at)?;
        let set =
            zone.following(now).next().map_or(i64::MAX, |set| set.timestamp().as_millisecond());
        let ahead = i64::from(zone.to_offset(now).seconds()) * 1_000;
        let full = (at + ahead + HOUR - 1).div_euclid(HOUR) * HOUR - ahead;
        if full != at && before.is_some_and(|before| before != ahead) {
            starts.push(at);
        }
        starts.extend((full..set.min(to)).step_by(HOUR as usize));
        (at, before) = (set, Some(ahead));
    }
    let first = starts.partition_point(|start| *start <= from).saturating_sub(1);
    Ok(starts.split_off(first))
}

pub(crate) fn timestamp(at: i64) -> Result<Timestamp, Unanswerable> {
    Ok(Timestamp::from_millisecond(at)?)
}
