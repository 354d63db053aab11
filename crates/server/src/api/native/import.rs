//! `/api/v1/links/import`: links from a table.

use std::collections::BTreeMap;

use axum::{Json, body::Body, extract::State};
use model::{Domain, Error, Link};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::{extract::whole_up_to, json as wire},
    Authed, Native, Params, Result,
    link::LinkBody,
    sheet::{self, Fault, Row, Sheet},
};
use crate::{
    App,
    ops::{self, Became, Existing, Line, Reads},
};

/// What became of a table of links, or would.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Import, example = json!({
    "dryRun": true, "created": 1, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 1,
    "columns": [{"header": "Long URL", "key": "destination"}, {"header": "Mood", "key": null}],
    "problems": [{"line": 3, "column": "Long URL", "detail": "is required"}],
    "lines": [{"line": 2, "action": "create", "link": null, "shortUrl": null}],
}))]
pub(super) struct ImportView {
    /// Whether it was only tried.
    dry_run: bool,
    /// Lines whose link is new.
    created: usize,
    /// Lines that changed the link that was there.
    updated: usize,
    /// Lines whose link was there and is so already.
    unchanged: usize,
    /// Lines whose link was there and was left alone.
    skipped: usize,
    /// Lines with a problem, of which nothing was saved.
    failed: usize,
    /// The columns of the file, in their order.
    columns: Vec<ColumnView>,
    /// What is wrong, by line.
    problems: Vec<ProblemView>,
    /// What became of each line that has no problem.
    lines: Vec<LineView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImportColumn, example = json!({"header": "Long URL", "key": "destination"}))]
struct ColumnView {
    /// As it stands in the file.
    header: String,
    /// What it was taken for; null where it means nothing here.
    key: Option<&'static str>,
}

/// What is wrong in a line.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportProblem, example = json!({"line": 3, "column": "Long URL", "detail": "is required"}))]
struct ProblemView {
    /// Counted from 1, with the line of the headers.
    line: u64,
    /// The header of the column; null where it is the line as a whole.
    column: Option<String>,
    detail: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ImportLine, example = json!({"line": 2, "action": "create", "link": null, "shortUrl": null}))]
struct LineView {
    /// Counted from 1, with the line of the headers.
    line: u64,
    /// `create`, `update`, `skip`, or `none` where nothing is to be changed.
    action: &'static str,
    /// The id of its link; null where that is not made yet.
    link: Option<String>,
    /// Its address; null where the domain is to make it.
    short_url: Option<String>,
}

/// Bytes of a file.
const LARGEST: usize = 8 << 20;

/// Import links from a table
///
/// A CSV file of up to 10,000 lines and 8 MiB in UTF-8, with commas, semicolons or tabs. The first line
/// names the columns: those of `GET /api/v1/links/export`, or what others call them, such as `Long URL`
/// and `Back-half`; only the destination is required. An empty cell says nothing. Lines with a problem
/// are told by line and column, and leave the others alone. A file that was exported imports again
/// unchanged.
#[utoipa::path(
    post,
    operation_id = "importLinks",
    path = "/links/import",
    tag = "Links",
    params(
        ("dryRun" = Option<bool>, Query, description = "Only tell what would become of each line; nothing is saved.", example = true),
        ("existing" = Option<String>, Query, description = "What is done where a slug has a link: `skip` leaves it alone, `update` changes it, `fail` is a problem. `skip` unless it is said.", example = "skip"),
        ("domain" = Option<String>, Query, description = "The host for lines that name none; the default domain unless it is said.", example = "localhost"),
    ),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "as asked", body = ImportView)),
)]
pub(super) async fn import(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
    body: Body,
) -> Result<Json<ImportView>> {
    params.only(&["dryRun", "existing", "domain"])?;
    let dry_run = params.flag("dryRun")?.unwrap_or(false);
    let existing = match params.get("existing") {
        None | Some("skip") => Existing::Skip,
        Some("update") => Existing::Update,
        Some("fail") => Existing::Fail,
        Some(_) => return Err(Error::invalid("existing", "must be skip, update or fail").into()),
    };
    let host = params.get("domain");
    host.map(|host| ops::domain_named(&app, &caller, Some(host))).transpose()?;
    let file = whole_up_to(LARGEST, body).await?;
    let is_ours = |host: &str| ops::domain_named(&app, &caller, Some(host)).is_ok();
    let Sheet { columns, rows } = sheet::read(&file, &is_ours)?;
    let headers: BTreeMap<&str, &str> =
        columns.iter().filter_map(|(header, key)| Some(((*key)?, header.as_str()))).collect();
    let mut view = ImportView {
        dry_run,
        created: 0,
        updated: 0,
        unchanged: 0,
        skipped: 0,
        failed: 0,
        problems: Vec::new(),
        lines: Vec::new(),
        columns: Vec::new(),
    };
    let (mut places, mut lines, mut links) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let line = row.line;
        match read(row, host) {
            Ok((place, link)) => {
                places.push(line);
                lines.push(place);
                links.push(link);
            }
            Err(faults) => view.fail(line, faults, &headers),
        }
    }
    let reads = Reads {
        draft: &|place, domain: &Domain| links[place].draft(domain),
        patch: &|place, domain: &Domain| links[place].patch_on(domain),
    };
    let became = ops::import_links(&app, &caller, &lines, existing, dry_run, &reads).await?;
    for (line, became) in places.into_iter().zip(became) {
        match became {
            Ok(became) => view.add(&app, line, became),
            Err(error) => view.fail(line, faults(error), &headers),
        }
    }
    view.problems.sort_by_key(|problem| problem.line);
    view.columns = columns.into_iter().map(|(header, key)| ColumnView { header, key }).collect();
    Ok(Json(view))
}

/// Reads what a line says of a link, as if it had been sent alone.
fn read(row: Row, host: Option<&str>) -> std::result::Result<(Line, LinkBody), Vec<Fault>> {
    if !row.faults.is_empty() {
        return Err(row.faults);
    }
    let text = Value::Object(row.link).to_string();
    let body: LinkBody = wire::read(text.as_bytes()).map_err(faults)?;
    let domain = body.domain.clone().or_else(|| host.map(str::to_owned));
    Ok((Line { domain, slug: body.slug.clone() }, body))
}

/// What is wrong with a line, by the key of the column.
fn faults(error: Error) -> Vec<Fault> {
    match error {
        Error::Invalid(problems) | Error::FailedTests(problems) => {
            let fault = |problem: targeting::Problem| {
                let key = problem.at.split(['.', '[']).next().unwrap_or_default().to_owned();
                let is_whole = problem.at == key;
                let why =
                    if is_whole { problem.why } else { format!("{}: {}", problem.at, problem.why) };
                Fault { key: Some(key).filter(|key| !key.is_empty()), why }
            };
            problems.into_iter().map(fault).collect()
        }
        other => {
            let key = match &other {
                Error::Taken(model::What::Slug) => Some("slug".to_owned()),
                Error::NotFound(model::What::Domain) => Some("domain".to_owned()),
                _ => None,
            };
            if let Error::Internal(source) = &other {
                tracing::error!(error = source.as_ref(), "could not import a line");
            }
            vec![Fault { key, why: other.to_string() }]
        }
    }
}

impl ImportView {
    fn fail(&mut self, line: u64, faults: Vec<Fault>, headers: &BTreeMap<&str, &str>) {
        self.failed += 1;
        for Fault { key, why } in faults {
            let column = key.as_deref().map(|key| headers.get(key).copied().unwrap_or(key));
            let column = column.map(str::to_owned);
            self.problems.push(ProblemView { line, column, detail: why });
        }
    }

    fn add(&mut self, app: &App, line: u64, became: Became) {
        let (action, count, link): (_, _, Option<Box<Link>>) = match became {
            Became::Created(link) => ("create", &mut self.created, link),
            Became::Updated(link) => ("update", &mut self.updated, Some(link)),
            Became::Unchanged(link) => ("none", &mut self.unchanged, Some(link)),
            Became::Skipped(link) => ("skip", &mut self.skipped, Some(link)),
        };
        *count += 1;
        self.lines.push(LineView {
            line,
            action,
            link: link.as_ref().map(|link| link.id.split("lnk")),
            short_url: link.as_ref().map(|link| app.short_url(link.address())),
        });
    }
}
