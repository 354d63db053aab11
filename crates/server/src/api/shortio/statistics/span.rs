//! Spans of time as Short.io names them, each with the span that it is compared with.

use jiff::{SignedDuration, Span as Length, Timestamp, ToSpan, civil::Weekday, tz::TimeZone};
use model::{Error, Result};

/// What a question is about, and what its answer is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    /// None: from the first click on.
    pub(super) start: Option<Timestamp>,
    /// The first moment that is not asked about any more.
    pub(super) end: Timestamp,
    /// None where there is nothing before.
    pub(super) before: Option<(Timestamp, Timestamp)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Period {
    Today,
    Yesterday,
    /// From Monday.
    Week,
    Month,
    LastMonth,
    /// Seven days, of which today is the last.
    Last7,
    Last30,
    Total,
    /// As `startDate` and `endDate` say.
    Custom,
}

/// Each period, and its name on the wire.
pub(super) const PERIODS: &[(Period, &str)] = &[
    (Period::Today, "today"),
    (Period::Yesterday, "yesterday"),
    (Period::Week, "week"),
    (Period::Month, "month"),
    (Period::LastMonth, "lastmonth"),
    (Period::Last7, "last7"),
    (Period::Last30, "last30"),
    (Period::Total, "total"),
    (Period::Custom, "custom"),
];

impl Period {
    pub(super) fn named(name: &str) -> Result<Period> {
        let found = PERIODS.iter().find(|row| row.1 == name);
        found.map(|row| row.0).ok_or_else(|| {
            let names: Vec<_> = PERIODS.iter().map(|row| row.1).collect();
            Error::invalid("period", format!("must be one of {}", names.join(", ")))
        })
    }
}

impl Span {
    /// The span of a period about `now`, or between the dates of a custom one.
    ///
    /// What is not over yet is compared with as much of what was before: this morning with
    /// yesterday's.
    pub(super) fn of(
        period: Period,
        (now, zone): (Timestamp, &TimeZone),
        (start, end): (Option<Timestamp>, Option<Timestamp>),
    ) -> Result<Span> {
        // What came in this very millisecond is asked about too.
        let now = now + SignedDuration::from_millis(1);
        if period == Period::Custom {
            let start = start.ok_or_else(|| Error::invalid("startDate", "is required"))?;
            return Span::between(start, end.unwrap_or(now));
        }
        let calendar = || -> std::result::Result<Span, jiff::Error> {
            let local = now.to_zoned(zone.clone());
            let today = local.start_of_day()?;
            let month = today.first_of_month()?.start_of_day()?;
            let monday = today.weekday().since(Weekday::Monday);
            let (start, end, step): (_, _, Length) = match period {
                Period::Total | Period::Custom => {
                    return Ok(Span { start: None, end: now, before: None });
                }
                Period::Today => (today, local, 1.day()),
                Period::Yesterday => (today.yesterday()?.start_of_day()?, today, 1.day()),
                Period::Week => (today.checked_sub(monday.days())?, local, 1.week()),
                Period::Month => (month, local, 1.month()),
                Period::LastMonth => (month.checked_sub(1.month())?, month, 1.month()),
                Period::Last7 => (today.checked_sub(6.days())?, local, 7.days()),
                Period::Last30 => (today.checked_sub(29.days())?, local, 30.days()),
            };
            let before = start.checked_sub(step)?.timestamp();
            // A month may be shorter than as much of the next.
            let before_end = end.checked_sub(step)?.min(start.clone()).timestamp();
            Ok(Span {
                start: Some(start.timestamp()),
                end: end.timestamp(),
                before: Some((before, before_end)),
            })
        };
        calendar().map_err(|_| Error::invalid("period", "is beyond the calendar"))
    }

    /// A span between two moments, compared with one of the same length before it.
    fn between(start: Timestamp, end: Timestamp) -> Result<Span> {
        if end < start {
            return Err(Error::invalid("endDate", "must not be before `startDate`"));
        }
        let before = start.checked_sub(end.duration_since(start)).ok();
        Ok(Span { start: Some(start), end, before: before.map(|before| (before, start)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-03-31T10:29:59.999Z";

    fn spelled(span: Span) -> [String; 4] {
        let text = |time: Option<Timestamp>| time.map_or_else(String::new, |time| time.to_string());
        let (before, before_end) = span.before.unzip();
        [text(span.start), text(Some(span.end)), text(before), text(before_end)]
    }

    #[track_caller]
    fn check(period: &str, zone: &str, expected: [&str; 4]) {
        let zone = TimeZone::get(zone).unwrap();
        let now = (NOW.parse().unwrap(), &zone);
        let span = Span::of(Period::named(period).unwrap(), now, (None, None)).unwrap();
        assert_eq!(spelled(span), expected, "{period}");
    }

    #[test]
    fn a_period_is_compared_with_as_much_of_the_one_before() {
        let now = "2026-03-31T10:30:00Z";
        let day = |day: &str| format!("2026-{day}T00:00:00Z");
        let check = |period, start: &str, end: &str, before: &str, before_end: &str| {
            check(period, "UTC", [&day(start), end, &day(before), before_end]);
        };
        check("today", "03-31", now, "03-30", "2026-03-30T10:30:00Z");
        check("yesterday", "03-30", &day("03-31"), "03-29", &day("03-30"));
        check("week", "03-30", now, "03-23", "2026-03-24T10:30:00Z");
        // February ends before its 31st.
        check("month", "03-01", now, "02-01", "2026-02-28T10:30:00Z");
        check("lastmonth", "02-01", &day("03-01"), "01-01", &day("02-01"));
        check("last7", "03-25", now, "03-18", "2026-03-24T10:30:00Z");
        check("last30", "03-02", now, "01-31", "2026-03-01T10:30:00Z");
    }

    #[test]
    fn days_begin_where_the_zone_says() {
        // Clocks were set on the 29th: a week before, midnight was at 23:00.
        check(
            "last7",
            "Europe/Berlin",
            [
                "2026-03-24T23:00:00Z",
                "2026-03-31T10:30:00Z",
                "2026-03-17T23:00:00Z",
                "2026-03-24T11:30:00Z",
            ],
        );
    }

    #[test]
    fn everything_is_compared_with_nothing() {
        check("total", "UTC", ["", "2026-03-31T10:30:00Z", "", ""]);
    }

    #[test]
    fn dates_of_ones_own_are_compared_with_the_same_length_before() {
        let zone = TimeZone::UTC;
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let custom = |start, end| {
            Span::of(Period::Custom, (NOW.parse().unwrap(), &zone), (start, end)).map(spelled)
        };
        let (start, end) = (at("2026-03-10T00:00:00Z"), at("2026-03-12T00:00:00Z"));
        assert_eq!(
            custom(start, end).unwrap(),
            [
                "2026-03-10T00:00:00Z",
                "2026-03-12T00:00:00Z",
                "2026-03-08T00:00:00Z",
                "2026-03-10T00:00:00Z"
            ]
        );
        assert_eq!(custom(start, start).unwrap()[2], "2026-03-10T00:00:00Z");
        assert_eq!(custom(start, None).unwrap()[1], "2026-03-31T10:30:00Z");
        assert!(custom(end, start).is_err() && custom(None, end).is_err());
    }
}
