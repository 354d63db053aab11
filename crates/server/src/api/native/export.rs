//! `/api/v1/clicks/export`: single clicks as a table, however many there are.

use std::{borrow::Cow, sync::Arc};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use jiff::Timestamp;
use model::{Click, ClickId, Error, LinkId, RuleId};
use serde_json::{Map, Value as Cell};
use statistics::{Borrowed, Columns, DIMENSIONS, Dimension, Query};
use tokio::sync::mpsc;

use super::{
    super::json::iso,
    Authed, Native, Params, Result,
    parameters::Asked,
    statistics::{classes, filters, span, unread_header, zone},
};
use crate::{
    App,
    ops::{self, Export},
};

pub(super) const CSV: &str = "text/csv; charset=utf-8";
pub(super) const NDJSON: &str = "application/x-ndjson";

/// Clicks that are sent at a time.
const PIECE: usize = 256;
/// Pieces that wait for a client who reads slowly.
const WAITING: usize = 4;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Format {
    Csv,
    Ndjson,
}

/// Export single clicks
///
/// Every click of a span of time, one a line, in no particular order, with all that is kept of it. The
/// answer is sent while it is made; it is `csv`, or `ndjson` with `format` or `Accept`. In CSV a text
/// that a spreadsheet would take for a formula has an apostrophe before it. Where clicks cannot be read,
/// since their block is damaged, the header `Waypost-Unread-Clicks` tells how many.
#[utoipa::path(
    get,
    operation_id = "exportClicks",
    path = "/clicks/export",
    tag = "Clicks",
    params(Asked),
    responses((status = 200, description = "as asked", content(
        (String = "text/csv"), (String = "application/x-ndjson"),
    ))),
)]
pub(super) async fn export(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
    headers: HeaderMap,
) -> Result<Response> {
    let format = format(&params, &headers)?;
    let zone = zone(params.get("timezone").unwrap_or("UTC"))?;
    let (from, to) = span((params.get("from"), params.get("to")), &zone, app.now())?;
    let query = Query {
        zone,
        filters: filters(params.but(&["from", "to", "timezone", "bots", "format"]))?,
        classes: classes(params.get("bots"))?,
        ..Query::total(caller.workspace, from.as_millisecond(), to.as_millisecond())
    };
    let export = ops::export_clicks(&app, &caller, query).await?;
    let missing: Option<[_; 1]> = unread_header(&export.unread).map(|header| [header]);
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(write(export, format, sender));
    let pieces = stream::unfold(receiver, async |mut receiver| {
        let piece: model::Result<Bytes> = receiver.recv().await?;
        Some((piece, receiver))
    });
    let (kind, name) = match format {
        Format::Csv => (CSV, "attachment; filename=\"clicks.csv\""),
        Format::Ndjson => (NDJSON, "attachment; filename=\"clicks.ndjson\""),
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, missing, Body::from_stream(pieces)).into_response())
}

pub(super) fn format(params: &Params, headers: &HeaderMap) -> model::Result<Format> {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    match params.get("format") {
        Some("csv") => Ok(Format::Csv),
        Some("ndjson") => Ok(Format::Ndjson),
        Some(_) => Err(Error::invalid("format", "must be csv or ndjson")),
        None if accepts.is_some_and(|accept| accept.contains(NDJSON)) => Ok(Format::Ndjson),
        None => Ok(Format::Csv),
    }
}

type Pieces = mpsc::Sender<model::Result<Bytes>>;

/// Writes batch after batch, until the end or until nobody reads any more.
async fn write(mut export: Export, format: Format, pieces: Pieces) {
    let head = match Lines::new(format).with_head() {
        Ok(head) => pieces.send(Ok(head)).await,
        Err(error) => return fail(&pieces, error).await,
    };
    let mut is_read = head.is_ok();
    while is_read {
        let batch = match export.next().await {
            Ok(Some(batch)) => batch,
            Ok(None) => return,
            Err(error) => return fail(&pieces, error).await,
        };
        let (query, sender) = (Arc::clone(&export.query), pieces.clone());
        let work = move || write_batch(&query, &batch, format, &sender);
        match tokio::task::spawn_blocking(work).await.map_err(Error::internal) {
            Ok(Ok(sent)) => is_read = sent,
            Ok(Err(error)) | Err(error) => return fail(&pieces, error).await,
        }
    }
}

/// Whether somebody still reads.
fn write_batch(
    query: &Query,
    batch: &Columns,
    format: Format,
    pieces: &Pieces,
) -> model::Result<bool> {
    let mut lines = Lines::new(format);
    for (nth, click) in query.clicks(batch).enumerate() {
        let (click, id) = click.map_err(Error::internal)?;
        lines.add(&click, id)?;
        if nth % PIECE == PIECE - 1 && pieces.blocking_send(Ok(lines.take()?)).is_err() {
            return Ok(false);
        }
    }
    Ok(pieces.blocking_send(Ok(lines.take()?)).is_ok())
}

/// Breaks the answer off, so that nobody takes a part for the whole.
async fn fail(pieces: &Pieces, error: Error) {
    tracing::error!(%error, "an export of clicks broke off");
    let _ = pieces.send(Err(error)).await;
}

/// The names of the columns.
fn columns() -> impl Iterator<Item = &'static str> {
    let dimensions = DIMENSIONS.iter().filter(|it| it.has_column()).map(|it| it.name);
    ["id", "at"].into_iter().chain(dimensions)
}

/// Lines that are not sent yet.
enum Lines {
    Csv(Box<csv::Writer<Vec<u8>>>),
    Ndjson(Vec<u8>),
}

impl Lines {
    fn new(format: Format) -> Lines {
        match format {
            Format::Csv => Lines::Csv(Box::new(csv::Writer::from_writer(Vec::new()))),
            Format::Ndjson => Lines::Ndjson(Vec::new()),
        }
    }

    /// The line that comes before all others, if there is one.
    fn with_head(mut self) -> model::Result<Bytes> {
        if let Lines::Csv(table) = &mut self {
            table.write_record(columns()).map_err(Error::internal)?;
        }
        self.take()
    }

    /// Adds a click.
    fn add(&mut self, click: &Click<'_>, id: Option<ClickId>) -> model::Result<()> {
        let at = Timestamp::from_millisecond(click.at).map(iso).map_err(Error::internal)?;
        let first = [id.map(|id| id.to_string()).into(), at.into()];
        let dimensions = DIMENSIONS.iter().filter(|it| it.has_column());
        let cells = first.into_iter().chain(dimensions.map(|dimension| cell(dimension, click)));
        match self {
            Lines::Csv(table) => {
                let texts = cells.map(|cell| match cell {
                    Cell::Null => String::new(),
                    Cell::String(text) => harmless(&text).into_owned(),
                    other => other.to_string(),
                });
                table.write_record(texts).map_err(Error::internal)
            }
            Lines::Ndjson(lines) => {
                let object: Map<String, Cell> = columns().map(str::to_owned).zip(cells).collect();
                lines.extend(Cell::Object(object).to_string().as_bytes());
                lines.push(b'\n');
                Ok(())
            }
        }
    }

    /// What was added since the last time.
    fn take(&mut self) -> model::Result<Bytes> {
        Ok(match self {
            Lines::Csv(table) => {
                let table = std::mem::replace(&mut **table, csv::Writer::from_writer(Vec::new()));
                table.into_inner().map_err(Error::internal)?.into()
            }
            Lines::Ndjson(lines) => std::mem::take(lines).into(),
        })
    }
}

/// A click's value, ids as our API spells them.
fn cell(dimension: &Dimension, click: &Click<'_>) -> Cell {
    match dimension.read(click) {
        None => Cell::Null,
        Some(Borrowed::Flag(flag)) => flag.into(),
        Some(Borrowed::Text(text)) => text.into(),
        Some(Borrowed::Number(number)) => match dimension.name {
            "link" => LinkId::new(number).map(|id| id.split("lnk")).into(),
            "rule" => RuleId::new(number).map(|id| id.plain("rule")).into(),
            _ => number.into(),
        },
    }
}

/// A text that no spreadsheet takes for a formula. Numbers need none of this, whatever they look like:
/// they are none by their type.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    const FIRST: [char; 4] = ['\t', '\r', '\n', '\0'];
    const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let is_blank = |letter: char| letter.is_whitespace() || letter.is_control();
    let acts = text.starts_with(FIRST) || text.trim_start_matches(is_blank).starts_with(FORMULA);
    if acts { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_it_shows() {
        for text in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\0x", "  =1", "＝1", " ＠x"]
        {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "a=b", "1-2", "en-US", "größe", "'=1"] {
            assert_eq!(harmless(text), text);
        }
    }
}
