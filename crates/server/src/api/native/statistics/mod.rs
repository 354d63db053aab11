//! `/api/v1/statistics`: totals, series and breakdowns of clicks, with any filters.

mod question;
pub(super) mod sparks;
mod table;
pub(super) mod unmatched;
mod unread;

use axum::{Json, extract::State, response::Response};
use model::{Caller, Error};
use serde::Serialize;
use statistics::{DIMENSIONS, Dimension, Group, Kind, LINK_DIMENSIONS, UNITS, Unit};
use utoipa::ToSchema;

use self::{question::Question, table::AnswerView};
pub(super) use self::{
    question::{classes, filters, span, zone},
    unread::{UnreadView, header as unread_header},
};
use super::{Authed, Native, Page, Params, Result, parameters::Asked};
use crate::App;

/// Rows of a breakdown where nobody says how many.
const ROWS: i64 = 10;
const MOST_ROWS: i64 = 1_000;

#[derive(Serialize, ToSchema)]
#[schema(as = Dimension, example = json!({"name": "country", "label": "Country", "kind": "text"}))]
pub(super) struct DimensionView {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
}

/// List dimensions
///
/// What clicks are filtered and broken down by; `domain`, `tag` and `folder` are what their links
/// have now.
#[utoipa::path(
    get,
    operation_id = "listDimensions",
    path = "/statistics/dimensions",
    tag = "Statistics",
    responses((status = 200, description = "as asked", body = Page<DimensionView>)),
)]
pub(super) async fn dimensions(
    _: Authed<Native>,
    params: Params,
) -> Result<Json<Page<DimensionView>>> {
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
    Ok(Json(Page::whole(DIMENSIONS.iter().chain(LINK_DIMENSIONS).map(view).collect())))
}

/// Count clicks and visitors
///
/// All of a span of time.
#[utoipa::path(
    get,
    operation_id = "countTotal",
    path = "/statistics/total",
    tag = "Statistics",
    params(Asked),
    responses((status = 200, description = "as asked", body = AnswerView<'_>)),
)]
pub(super) async fn total(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Response> {
    answer(&app, &caller, &params, &[], Group::Total).await
}

/// Count by hour, day, week or month
///
/// In any time zone, across daylight saving.
#[utoipa::path(
    get,
    operation_id = "countSeries",
    path = "/statistics/series",
    tag = "Statistics",
    params(Asked, ("interval" = Option<String>, Query, description = "`hour`, `day`, `week` or `month`; `day` unless it is said.", example = "day")),
    responses((status = 200, description = "as asked", body = AnswerView<'_>)),
)]
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

/// Count by a dimension
///
/// The most clicked values first.
#[utoipa::path(
    get,
    operation_id = "countBreakdown",
    path = "/statistics/breakdown",
    tag = "Statistics",
    params(Asked, ("by" = String, Query, description = "A dimension of `GET /api/v1/statistics/dimensions`.", example = "country"), ("limit" = Option<i64>, Query, minimum = 1, maximum = 1000, description = "Rows at most; 10 unless it is said.", example = 10)),
    responses((status = 200, description = "as asked", body = AnswerView<'_>)),
)]
pub(super) async fn breakdown(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Response> {
    let by = params.get("by").ok_or_else(|| Error::invalid("by", "is required: a dimension"))?;
    let dimension = Dimension::of_any(by).ok_or_else(|| {
        Error::invalid("by", format!("no dimension {by:?}; /api/v1/statistics/dimensions has all"))
    })?;
    let group = Group::Breakdown { dimension, limit: rows(&params)? };
    answer(&app, &caller, &params, &["by", "limit"], group).await
}

/// Count by city
///
/// Each in its country, the most clicked first, with where it is as far as a loaded source of places
/// tells: degrees north and east. Visitors are not counted. In JSON alone.
#[utoipa::path(
    get,
    operation_id = "countCities",
    path = "/statistics/cities",
    tag = "Statistics",
    params(Asked, ("limit" = Option<i64>, Query, minimum = 1, maximum = 1000, description = "Rows at most; 10 unless it is said.", example = 10)),
    responses((status = 200, description = "as asked", body = AnswerView<'_>)),
)]
pub(super) async fn cities(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Response> {
    let group = Group::Cities { limit: rows(&params)? };
    let question = Question::read(&params, &["limit"], group, (&app, &caller))?;
    Ok(question.answer_with_places(&app, &caller).await?)
}

/// Count by the hours of the week
#[utoipa::path(
    get,
    operation_id = "countHours",
    path = "/statistics/hours",
    tag = "Statistics",
    params(Asked),
    responses((status = 200, description = "as asked", body = AnswerView<'_>)),
)]
pub(super) async fn hours(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Response> {
    answer(&app, &caller, &params, &[], Group::HourByDay).await
}

/// How many rows at most.
fn rows(params: &Params) -> Result<usize> {
    let limit = params.whole("limit", 1..=MOST_ROWS)?.unwrap_or(ROWS);
    Ok(usize::try_from(limit).unwrap_or_default())
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
