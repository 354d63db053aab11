//! `/api/v1/reports/clicks`: who clicked, in the shape of BeLink's charts.

use std::collections::BTreeSet;

use axum::{Json, extract::State};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use model::{Caller, Error};
use serde::Serialize;
use statistics::{Answer, Dimension, Group, Key, Query, Unit, Value};
use targeting::Country;

use super::{Authed, DgLnk, Params, Result, link_id, view::written};
use crate::{App, ops};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    status: &'static str,
    total_clicks: u64,
    /// Day by day.
    clicks: Vec<Count>,
    devices: Vec<Count>,
    browsers: Vec<Count>,
    platforms: Vec<Count>,
    locations: Vec<Count>,
    referrers: Vec<Count>,
}

#[derive(Default, Serialize)]
struct Count {
    label: String,
    count: u64,
    /// When the day began.
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    /// Of a country.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Of all clicks, with one digit after the point.
    #[serde(skip_serializing_if = "Option::is_none")]
    percentage: Option<f64>,
}

/// What is asked about where nobody says from when on.
const SPAN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Rows of each list.
const ROWS: usize = 100;
const UNKNOWN: &str = "unknown";
/// The referrers of clicks without one.
const DIRECT: &str = "direct";

pub(super) async fn clicks(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
    params: Params,
) -> Result<Json<Report>> {
    let query = question(&app, &caller, &params).await?;
    let ask = async |group| ops::ask(&app, &caller, Query { group, ..query.clone() }).await;
    let by = async |name: &str| {
        let dimension = Dimension::named(name)
            .ok_or_else(|| Error::internal(format!("no dimension {name:?}")))?;
        ask(Group::Breakdown { dimension, limit: ROWS }).await
    };
    let days = ask(Group::Series(Unit::Day)).await?;
    let total = days.clicks();
    Ok(Json(Report {
        status: "success",
        total_clicks: total,
        clicks: counts(&days, |key| day(key, &query.zone)),
        devices: counts(&by("device").await?, |key| named(key, UNKNOWN)),
        browsers: counts(&by("browser").await?, |key| named(key, UNKNOWN)),
        platforms: counts(&by("os").await?, |key| named(key, UNKNOWN)),
        locations: counts(&by("country").await?, place)
            .into_iter()
            .map(|row| Count { percentage: Some(percentage(row.count, total)), ..row })
            .collect(),
        referrers: counts(&by("referrerDomain").await?, |key| named(key, DIRECT)),
    }))
}

/// Clicks of people in days of a zone, on all links or one.
async fn question(app: &App, caller: &Caller, params: &Params) -> model::Result<Query> {
    let zone = params.get("timezone").unwrap_or("UTC");
    let zone = TimeZone::get(zone)
        .map_err(|_| Error::invalid("timezone", "The timezone must be a valid zone."))?;
    let day = |name: &str, extra: i64| {
        let Some(text) = params.get(name) else { return Ok(None) };
        let date = text.parse::<Date>().ok();
        let date =
            date.and_then(|date| date.checked_add(SignedDuration::from_hours(24 * extra)).ok());
        let time = date.and_then(|date| date.to_zoned(zone.clone()).ok());
        let why = || Error::invalid(name, "must be a day such as 2026-11-21");
        time.map(|time| Some(time.timestamp())).ok_or_else(why)
    };
    // The last day is asked about too, and so is this very millisecond.
    let to = day("endDate", 1)?.unwrap_or_else(|| app.now() + SignedDuration::from_millis(1));
    let from = match day("startDate", 0)? {
        Some(from) => from,
        None => to.checked_sub(SPAN).map_err(|_| Error::invalid("endDate", "is too early"))?,
    };
    if to <= from {
        return Err(Error::invalid("startDate", "must not be after endDate"));
    }
    let mut query = Query::total(caller.workspace, from.as_millisecond(), to.as_millisecond());
    if let Some(text) = params.get("link_id") {
        let link = link_id(app, caller, text).await?;
        query.links = Some(BTreeSet::from([ops::link(app, caller, link).await?.id]).into());
    }
    Ok(Query { zone, visitors: false, ..query })
}

fn counts(answer: &Answer, count: impl Fn(&Key) -> Count) -> Vec<Count> {
    answer.rows().iter().map(|row| Count { count: row.clicks, ..count(&row.key) }).collect()
}

fn day(key: &Key, zone: &TimeZone) -> Count {
    let Key::Since(at) = key else { return Count::default() };
    let at = Timestamp::from_millisecond(*at).unwrap_or_default();
    let label = at.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string();
    Count { label, timestamp: Some(written(at)), ..Count::default() }
}

fn named(key: &Key, nobody: &str) -> Count {
    let label = text(key).unwrap_or(nobody).to_owned();
    Count { label, ..Count::default() }
}

fn place(key: &Key) -> Count {
    let country = text(key).and_then(Country::parse);
    let label = country.map_or(UNKNOWN, Country::name).to_owned();
    Count { label, code: country.map(|it| it.as_str().to_lowercase()), ..Count::default() }
}

fn text(key: &Key) -> Option<&str> {
    match key {
        Key::Value(Some(Value::Text(text))) => Some(&**text).filter(|text| !text.is_empty()),
        _ => None,
    }
}

fn percentage(count: u64, total: u64) -> f64 {
    (count as f64 * 1_000.0 / total.max(1) as f64).round() / 10.0
}
