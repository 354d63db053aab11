//! `/api/v1/links/export`: links as a table, however many there are.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use model::{Caller, Error, Link, LinkId};
use serde_json::Value;
use store::{Filter, Order, Place};

use super::{
    Authed, Native, Params, Result,
    export::{CSV, Format, NDJSON, format},
    link_view::LinkView,
    links::{self, FILTERS},
    parameters::LinkFilter,
    sheet,
};
use crate::{App, ops};

/// Links that are read at a time.
const STEP: i64 = 500;

/// What is still to be sent.
struct Export {
    app: App,
    caller: Caller,
    filter: Filter,
    order: Order,
    format: Format,
    after: Option<Place>,
    is_over: bool,
}

/// Export links
///
/// All links that fit the filters, one a line, sent while they are read: as `csv`, or as `ndjson` with
/// all of their keys. In CSV a text that a spreadsheet would take for a formula has an apostrophe before
/// it, which an import takes away; lists have commas between their parts, rules are JSON.
#[utoipa::path(
    get,
    operation_id = "exportLinks",
    path = "/links/export",
    tag = "Links",
    params(LinkFilter, ("format" = Option<String>, Query, description = "`csv` or `ndjson`.", example = "csv")),
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
    params.only(&[FILTERS, &["sort", "format"]].concat())?;
    let format = format(&params, &headers)?;
    let (order, filter) = (links::order(&params)?, links::filter(&app, &caller, &params)?);
    let mut export = Export { app, caller, filter, order, format, after: None, is_over: false };
    // The first piece is read before anything is answered, so that what is wrong can be said.
    let head = export.head()?;
    let first = export.next().await?.unwrap_or_default();
    let begin = [head, first].concat();
    let begin = stream::once(std::future::ready(Ok::<_, Error>(Bytes::from(begin))));
    let rest = stream::unfold(export, async |mut export| match export.next().await {
        Ok(piece) => Some((Ok(piece?.into()), export)),
        Err(error) => {
            tracing::error!(%error, "could not export links to their end");
            export.is_over = true;
            Some((Err(error), export))
        }
    });
    let (kind, name) = match format {
        Format::Csv => (CSV, "attachment; filename=\"links.csv\""),
        Format::Ndjson => (NDJSON, "attachment; filename=\"links.ndjson\""),
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)];
    let body = Body::from_stream(stream::StreamExt::chain(begin, rest));
    Ok((headers, body).into_response())
}

impl Export {
    /// What stands before all links.
    fn head(&self) -> model::Result<Vec<u8>> {
        match self.format {
            Format::Csv => table(|table| table.write_record(sheet::keys())),
            Format::Ndjson => Ok(Vec::new()),
        }
    }

    /// The next links; none after the last.
    async fn next(&mut self) -> model::Result<Option<Vec<u8>>> {
        if self.is_over {
            return Ok(None);
        }
        let Export { app, caller, filter, order, .. } = &*self;
        let found =
            ops::links_in_order(app, caller, filter, *order, self.after.as_ref(), STEP).await?;
        let links: Vec<&Link> = found.iter().map(|(link, _)| link).collect();
        let piece = self.write(&links).await?;
        self.is_over = found.is_empty();
        self.after = found.into_iter().last().map(|(_, place)| place);
        Ok((!self.is_over).then_some(piece))
    }

    async fn write(&self, links: &[&Link]) -> model::Result<Vec<u8>> {
        let ids: Vec<LinkId> = links.iter().map(|link| link.id).collect();
        let counts = ops::counts_of(&self.app, &self.caller, &ids).await?;
        let people = |link: &Link| counts.get(&link.id).map_or(0, |count| count.people);
        let view = |link: &&Link| {
            serde_json::to_value(LinkView::of(&self.app, link, people(link)))
                .map_err(Error::internal)
        };
        let views: Vec<Value> = links.iter().map(view).collect::<model::Result<_>>()?;
        match self.format {
            Format::Csv => table(|table| {
                let row = |view: &Value| -> Vec<String> {
                    sheet::keys().map(|key| sheet::cell(view.get(key))).collect()
                };
                views.iter().try_for_each(|view| table.write_record(row(view)))
            }),
            Format::Ndjson => {
                Ok(views.iter().flat_map(|view| format!("{view}\n").into_bytes()).collect())
            }
        }
    }
}

fn table(
    write: impl FnOnce(&mut csv::Writer<Vec<u8>>) -> csv::Result<()>,
) -> model::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    write(&mut table).map_err(Error::internal)?;
    table.into_inner().map_err(Error::internal)
}
