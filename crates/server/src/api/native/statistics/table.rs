//! Answers, as they are given: in JSON with all that belongs to them, or as a table in CSV.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use model::{CLASSES, Error, LinkId, Result, RuleId};
use serde::Serialize;
use serde_json::{Map, Value as Cell};
use statistics::{Answer, Dimension, Group, Key, Query, Row, UNKNOWN, Value};
use utoipa::ToSchema;

use super::{
    super::{
        super::json::iso,
        export::{CSV, NDJSON, harmless},
    },
    unread::{self, UnreadView},
};

/// An answer with what was asked.
#[derive(Serialize, ToSchema)]
#[schema(as = Answer, example = json!({
    "timezone": "UTC", "from": "2026-11-01T00:00:00.000Z", "to": "2026-12-01T00:00:00.000Z",
    "clicks": 1204, "leftOut": {"crawler": 104}, "groups": 54,
    "rows": [{"value": "US", "clicks": 700, "visitors": 512}],
}))]
pub(super) struct AnswerView<'a> {
    timezone: &'a str,
    #[serde(flatten)]
    span: SpanView,
    /// The span of the same length before, where that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<SpanView>,
}

/// What was found in a span of time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Span, example = json!({
    "from": "2026-11-01T00:00:00.000Z", "to": "2026-12-01T00:00:00.000Z", "clicks": 1204,
    "leftOut": {"crawler": 104}, "groups": 54,
    "rows": [{"value": "US", "clicks": 700, "visitors": 512}],
}))]
struct SpanView {
    from: String,
    to: String,
    /// Those of every row, and of values that have none.
    clicks: u64,
    /// Clicks of programs by their class, where they are not counted in.
    left_out: BTreeMap<&'static str, u64>,
    /// How many rows there would be without a limit.
    groups: usize,
    /// What each row is about (`since`, `value`, `dayOfWeek` and `hour`, or `country` and `city` with
    /// `latitude` and `longitude`), with its `clicks` and `visitors`.
    #[schema(value_type = Vec<Object>)]
    rows: Vec<Map<String, Cell>>,
    /// What is missing in this answer, where something is. Tables tell how many clicks in the header
    /// `Waypost-Unread-Clicks`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<UnreadView>,
}

pub(super) fn json(
    timezone: &str,
    asked: (&Query, &Answer),
    previous: Option<(&Query, &Answer)>,
) -> Result<Response> {
    let view = AnswerView {
        timezone,
        span: SpanView::of(asked)?,
        previous: previous.map(SpanView::of).transpose()?,
    };
    Ok(Json(view).into_response())
}

/// An answer about cities, with where each of them is.
pub(super) fn cities(
    timezone: &str,
    asked: (&Query, &Answer),
    places: &[Option<(f32, f32)>],
) -> Result<Response> {
    let mut span = SpanView::of(asked)?;
    for (row, place) in span.rows.iter_mut().zip(places) {
        row.insert("latitude".to_owned(), place.map(|(north, _)| north).into());
        row.insert("longitude".to_owned(), place.map(|(_, east)| east).into());
    }
    Ok(Json(AnswerView { timezone, span, previous: None }).into_response())
}

pub(super) fn csv((query, answer): (&Query, &Answer)) -> Result<Response> {
    let mut table = ::csv::Writer::from_writer(Vec::new());
    let head = labels(query.group).iter().chain(COUNTS);
    table.write_record(head).map_err(Error::internal)?;
    for row in answer.rows() {
        let cells = cells(query.group, row)?.into_iter().map(|cell| match cell {
            Cell::Null => UNKNOWN.to_owned(),
            Cell::String(text) => harmless(&text).into_owned(),
            other => other.to_string(),
        });
        table.write_record(cells).map_err(Error::internal)?;
    }
    let table = table.into_inner().map_err(Error::internal)?;
    Ok(answered(CSV, answer, table))
}

/// A row a line.
pub(super) fn ndjson((query, answer): (&Query, &Answer)) -> Result<Response> {
    let mut lines = String::new();
    for row in answer.rows() {
        let names = labels(query.group).iter().chain(COUNTS).map(|name| (*name).to_owned());
        let line: Map<String, Cell> = names.zip(cells(query.group, row)?).collect();
        lines.push_str(&Cell::Object(line).to_string());
        lines.push('\n');
    }
    Ok(answered(NDJSON, answer, lines))
}

fn answered(kind: &'static str, answer: &Answer, table: impl IntoResponse) -> Response {
    let missing: Option<[_; 1]> = unread::header(&answer.unread).map(|header| [header]);
    ([(header::CONTENT_TYPE, kind)], missing, table).into_response()
}

impl SpanView {
    fn of((query, answer): (&Query, &Answer)) -> Result<SpanView> {
        let left_out = CLASSES.iter().filter(|row| !query.classes.contains(&row.0));
        let names = || labels(query.group).iter().chain(COUNTS).map(|name| (*name).to_owned());
        let rows = answer.rows().iter();
        let rows = rows.map(|row| Ok(names().zip(cells(query.group, row)?).collect()));
        Ok(SpanView {
            from: moment(query.from)?,
            to: moment(query.to)?,
            clicks: answer.clicks(),
            left_out: left_out.map(|row| (row.2, answer.left_out(row.0))).collect(),
            groups: answer.groups(),
            rows: rows.collect::<Result<_>>()?,
            warnings: answer.unread.iter().map(UnreadView::of).collect::<Result<_>>()?,
        })
    }
}

/// What every row ends with.
const COUNTS: &[&str] = &["clicks", "visitors"];

/// The names of what rows are about.
fn labels(group: Group) -> &'static [&'static str] {
    match group {
        Group::Total => &[],
        Group::Series(_) => &["since"],
        Group::Breakdown { .. } => &["value"],
        Group::Cities { .. } => &["country", "city"],
        Group::HourByDay => &["dayOfWeek", "hour"],
    }
}

/// What a row is about, and its counts; null is not known.
fn cells(group: Group, row: &Row) -> Result<Vec<Cell>> {
    let mut cells = match &row.key {
        Key::Whole => Vec::new(),
        Key::Since(at) => vec![moment(*at)?.into()],
        Key::Value(value) => vec![value.as_ref().map_or(Cell::Null, |value| spelled(group, value))],
        Key::City { country, city } => vec![spelled(group, country), spelled(group, city)],
        Key::Hour { weekday, hour } => vec![(*weekday).into(), (*hour).into()],
    };
    cells.extend([row.clicks.into(), row.visitors.into()]);
    Ok(cells)
}

/// A value, ids as our API spells them.
fn spelled(group: Group, value: &Value) -> Cell {
    let name = match group {
        Group::Breakdown { dimension: Dimension { name, .. }, .. } => name,
        Group::Total | Group::Series(_) | Group::Cities { .. } | Group::HourByDay => "",
    };
    match value {
        Value::Flag(flag) => (*flag).into(),
        Value::Text(text) => (**text).into(),
        Value::Number(number) => match name {
            "link" => LinkId::new(*number).map(|id| id.split("lnk")).into(),
            "rule" => RuleId::new(*number).map(|id| id.plain("rule")).into(),
            _ => (*number).into(),
        },
    }
}

fn moment(milliseconds: i64) -> Result<String> {
    Timestamp::from_millisecond(milliseconds).map(iso).map_err(Error::internal)
}
