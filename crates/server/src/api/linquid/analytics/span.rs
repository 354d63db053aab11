//! Which span of time is asked about, and in which steps.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use model::{Error, Result};
use statistics::{UNITS, Unit};

use super::super::Params;

/// A span of time with its steps.
pub(super) struct Span {
    /// The first millisecond since 1970.
    pub(super) from: i64,
    /// The first that is not asked about any more.
    pub(super) to: i64,
    pub(super) zone: TimeZone,
    /// As it was named.
    pub(super) zone_name: String,
    pub(super) unit: Unit,
    pub(super) unit_name: &'static str,
}

pub(super) const PARAMETERS: &[&str] = &["period", "startDate", "endDate", "timezone", "interval"];

/// Each period with its hours.
const PERIODS: &[(&str, i64)] =
    &[("24h", 24), ("7d", 7 * 24), ("30d", 30 * 24), ("90d", 90 * 24), ("1y", 365 * 24)];
/// The period where nobody names one.
const PERIOD: &str = "30d";
/// Spans up to this many hours are shown by the hour.
const HOURLY: i64 = 48;

impl Span {
    pub(super) fn read(params: &Params, now: Timestamp) -> Result<Span> {
        let zone_name = params.get("timezone").unwrap_or("UTC").to_owned();
        let zone = TimeZone::get(&zone_name)
            .map_err(|_| Error::invalid("timezone", format!("no time zone {zone_name:?}")))?;
        let (start, end) = (params.get("startDate"), params.get("endDate"));
        if params.get("period").is_some() && start.is_some() {
            return Err(Error::invalid("period", "has no place beside startDate"));
        }
        // What came in this very millisecond is asked about too.
        let to = match end {
            Some(text) => moment("endDate", text, &zone, true)?,
            None => now + SignedDuration::from_millis(1),
        };
        let from = match start {
            Some(text) => moment("startDate", text, &zone, false)?,
            None => {
                let period = period(params.get("period").unwrap_or(PERIOD))?;
                to.checked_sub(period).map_err(|_| Error::invalid("endDate", "is too early"))?
            }
        };
        if to <= from {
            return Err(Error::invalid("startDate", "must be before endDate"));
        }
        let is_short = to.duration_since(from) <= SignedDuration::from_hours(HOURLY);
        let name = params.get("interval").unwrap_or(if is_short { "hour" } else { "day" });
        let (unit, unit_name) = UNITS.iter().find(|row| row.1 == name).ok_or_else(|| {
            let names: Vec<_> = UNITS.iter().map(|row| row.1).collect();
            Error::invalid("interval", format!("must be one of {}", names.join(", ")))
        })?;
        Ok(Span {
            from: from.as_millisecond(),
            to: to.as_millisecond(),
            zone,
            zone_name,
            unit: *unit,
            unit_name,
        })
    }
}

fn period(name: &str) -> Result<SignedDuration> {
    let found = PERIODS.iter().find(|(known, _)| *known == name);
    found.map(|(_, hours)| SignedDuration::from_hours(*hours)).ok_or_else(|| {
        let names: Vec<_> = PERIODS.iter().map(|(name, _)| *name).collect();
        Error::invalid("period", format!("must be one of {}", names.join(", ")))
    })
}

/// A moment, or the beginning of a day; of the last day of a span, its end.
fn moment(at: &str, text: &str, zone: &TimeZone, ends: bool) -> Result<Timestamp> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let day = text.parse::<Date>().ok();
    let day = if ends { day.and_then(|day| day.tomorrow().ok()) } else { day };
    let day = day.and_then(|day| day.to_zoned(zone.clone()).ok());
    day.map(|day| day.timestamp()).ok_or_else(|| {
        let why = "must be a day such as 2026-11-21 or a moment such as 2026-11-21T10:00:00Z";
        Error::invalid(at, why)
    })
}
