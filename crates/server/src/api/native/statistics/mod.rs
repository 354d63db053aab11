//! `/api/v1/statistics`: totals, series and breakdowns of clicks, with any filters.

mod question;
mod table;

use axum::{Json, extract::State, response::Response};
use model::{Caller, Error};
use serde::Serialize;
use statistics::{DIMENSIONS, Dimension, Group, Kind, UNITS, Unit};

use self::question::Question;
use super::{Authed, Native, Page, Params, Result};
use crate::App;

/// Rows of a breakdown where nobody says how many.
const ROWS: i64 = 10;
const MOST_ROWS: i64 = 1_000;

#[derive(Serialize)]
pub(super) struct DimensionView {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
}

/// What clicks are filtered and broken down by.
pub(super) async fn dimensions(params: Params) -> Result<Json<Page<DimensionView>>> {
    params.only(&[])?;
    let view = |dimension: &Dimension| DimensionView {
        name: dimension.name,
        label: dimension.label,
        kind: match dimension.kind {
            Kind::Text => "text",
            Kind::Number => "number",
            Kind::Id => "id",
            Kind::Flag => "flag",
        },
    };
    Ok(Json(Page::whole(DIMENSIONS.iter().map(view).collect())))
}

/// All clicks and visitors of a span of time.
pub(super) async fn total(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Response> {
    answer(&app, &caller, &params, &[], Group::Total).await
}

/// Clicks and visitors by hour, day, week or month.
pub(super) async fn series(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Response> {
    let unit = match params.get("interval") {
        None => Unit::Day,
        Some(name) => Unit::named(name).ok_or_else(|| {
            let names: Vec<_> = UNITS.iter().map(|(_, name)| *name).collect();
            Error::invalid("interval", format!("must be one of {}", names.join(", ")))
        })?,
    };
    answer(&app, &caller, &params, &["interval"], Group::Series(unit)).await
}

/// Clicks and visitors by the values of a dimension, the most clicked first.
pub(super) async fn breakdown(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Response> {
    let by = params.get("by").ok_or_else(|| Error::invalid("by", "is required: a dimension"))?;
    let dimension = Dimension::named(by).ok_or_else(|| {
        Error::invalid("by", format!("no dimension {by:?}; /api/v1/statistics/dimensions has all"))
    })?;
    let limit = params.whole("limit", 1..=MOST_ROWS)?.unwrap_or(ROWS);
    let limit = usize::try_from(limit).unwrap_or_default();
    let group = Group::Breakdown { dimension, limit };
    answer(&app, &caller, &params, &["by", "limit"], group).await
}

/// Clicks and visitors by the hours of the week.
pub(super) async fn hours(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Response> {
    answer(&app, &caller, &params, &[], Group::HourByDay).await
}

/// Answers a question with parameters of its `own`.
async fn answer(
    app: &App,
    caller: &Caller,
    params: &Params,
    own: &[&str],
    group: Group,
) -> Result<Response> {
    let question = Question::read(params, own, group, (app, caller))?;
    Ok(question.answer(app, caller).await?)
}
