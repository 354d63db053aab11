//! Questions, as they are asked in an address.

use axum::response::Response;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use model::{CLASSES, Caller, Class, Error, Result};
use statistics::{BadFilter, Filter, Group, Query};

use super::{super::Params, table};
use crate::{App, ops};

/// A question, and how its answer is wanted.
pub(super) struct Question {
    query: Query,
    /// As it was named.
    zone: String,
    /// When the span of the same length before began, where that is asked about too.
    before: Option<i64>,
    format: Format,
}

#[derive(Clone, Copy)]
enum Format {
    Json,
    Csv,
    Ndjson,
}

/// What is asked about where nobody says from when on.
const SPAN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The parameters of every question; all others are filters.
const SHARED: &[&str] = &["from", "to", "timezone", "bots", "compare", "format"];

impl Question {
    /// Reads a question, which may have parameters of its `own`.
    pub(super) fn read(
        params: &Params,
        own: &[&str],
        group: Group,
        (app, caller): (&App, &Caller),
    ) -> Result<Question> {
        let name = params.get("timezone").unwrap_or("UTC");
        let in_zone = zone(name)?;
        let (from, to) = span((params.get("from"), params.get("to")), &in_zone, app.now())?;
        let before = match params.get("compare") {
            None => None,
            Some("previous") => {
                let before = earlier(from, to.duration_since(from));
                let before =
                    before.ok_or_else(|| Error::invalid("from", "is too early to compare"));
                Some(before?.as_millisecond())
            }
            Some(_) => return Err(Error::invalid("compare", "must be previous")),
        };
        let format = match params.get("format") {
            None | Some("json") => Format::Json,
            Some("csv" | "ndjson") if before.is_some() => {
                return Err(Error::invalid("compare", "is answered in JSON alone"));
            }
            Some("csv") => Format::Csv,
            Some("ndjson") => Format::Ndjson,
            Some(_) => return Err(Error::invalid("format", "must be json, csv or ndjson")),
        };
        let known = [SHARED, own].concat();
        let query = Query {
            zone: in_zone,
            filters: filters(params.but(&known))?,
            classes: classes(params.get("bots"))?,
            group,
            ..Query::total(caller.workspace, from.as_millisecond(), to.as_millisecond())
        };
        Ok(Question { query, zone: name.to_owned(), before, format })
    }

    pub(super) async fn answer(self, app: &App, caller: &Caller) -> Result<Response> {
        let Question { query, zone, before, format } = self;
        let answer = ops::ask(app, caller, query.clone()).await?;
        match format {
            Format::Json => (),
            Format::Csv => return table::csv((&query, &answer)),
            Format::Ndjson => return table::ndjson((&query, &answer)),
        }
        let Some(before) = before else { return table::json(&zone, (&query, &answer), None) };
        let earlier = Query { from: before, to: query.from, ..query.clone() };
        let answer_before = ops::ask(app, caller, earlier.clone()).await?;
        table::json(&zone, (&query, &answer), Some((&earlier, &answer_before)))
    }

    /// Answers a question about cities, with where they are.
    pub(super) async fn answer_with_places(self, app: &App, caller: &Caller) -> Result<Response> {
        let Question { query, zone, before, format } = self;
        if before.is_some() {
            return Err(Error::invalid("compare", "is not for cities"));
        }
        if !matches!(format, Format::Json) {
            return Err(Error::invalid("format", "must be json for cities"));
        }
        let query = Query { visitors: false, ..query };
        let answer = ops::ask(app, caller, query.clone()).await?;
        let places = ops::places(app, &answer).await?;
        table::cities(&zone, (&query, &answer), &places)
    }
}

/// A span of time, from a moment up to another; what came in this very millisecond is in it too.
pub(in super::super) fn span(
    (from, to): (Option<&str>, Option<&str>),
    zone: &TimeZone,
    now: Timestamp,
) -> Result<(Timestamp, Timestamp)> {
    let time = |name, text: Option<&str>| text.map(|text| moment(name, text, zone)).transpose();
    let to = time("to", to)?.unwrap_or_else(|| now + SignedDuration::from_millis(1));
    let from = match time("from", from)? {
        Some(from) => from,
        None => earlier(to, SPAN).ok_or_else(|| Error::invalid("to", "is too early"))?,
    };
    if from < to { Ok((from, to)) } else { Err(Error::invalid("from", "must be before `to`")) }
}

/// Whose clocks tell the days.
pub(in super::super) fn zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|_| Error::invalid("timezone", format!("no time zone {name:?}")))
}

/// Reads filters, by dimension.
pub(in super::super) fn filters<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Vec<Filter>> {
    Filter::parse_all(pairs).map_err(no_filter)
}

/// So much before a moment, if there is such a time.
fn earlier(moment: Timestamp, by: SignedDuration) -> Option<Timestamp> {
    moment.checked_sub(by).ok()
}

/// A moment such as `2026-11-21T10:00:00Z`, or the beginning of a day such as `2026-11-21`.
fn moment(name: &str, text: &str, zone: &TimeZone) -> Result<Timestamp> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let day = text.parse::<Date>().ok().and_then(|date| date.to_zoned(zone.clone()).ok());
    let why = || "must be a day such as 2026-11-21 or a moment such as 2026-11-21T10:00:00Z";
    day.map(|day| day.timestamp()).ok_or_else(|| Error::invalid(name, why()))
}

/// Only people, unless programs are asked for as well.
pub(in super::super) fn classes(bots: Option<&str>) -> Result<Vec<Class>> {
    match bots {
        None | Some("exclude") => Ok(vec![Class::Person]),
        Some("include") => Ok(CLASSES.iter().map(|row| row.0).collect()),
        Some(_) => Err(Error::invalid("bots", "must be include or exclude")),
    }
}

fn no_filter(bad: BadFilter) -> Error {
    match bad {
        BadFilter::Dimension { name, .. } => {
            let known = "no such parameter, and no dimension to filter by";
            Error::invalid(name, format!("{known}; /api/v1/statistics/dimensions has all"))
        }
        BadFilter::Value { dimension, text, expected, .. } => {
            Error::invalid(dimension, format!("{text:?} is not {expected}"))
        }
    }
}
