//! `/api/v1/links/{id}/revisions`.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use model::{Diff, Error, Revision, Rule, Variant, What};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::json::iso,
    Authed, Native, Page, Params, Place, Result, cut, id, insisting,
    link_view::LinkView,
    links::{read_version, saved},
    parameters::{Forced, IfMatch, Paged},
    schema::{Diff as DiffShape, Rule as RuleView, Variant as VariantView},
};
use crate::{App, ops};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Revision, example = json!({
    "number": 1, "destination": "https://example.com/", "rules": [], "author": "scripts",
    "createdAt": "2026-11-21T10:00:00.000Z",
}))]
pub(super) struct RevisionView {
    number: i64,
    destination: String,
    #[schema(value_type = Vec<RuleView>)]
    rules: Vec<Value>,
    author: String,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<VariantView>>)]
    default_split: Option<Value>,
}

/// What the revision `to` changes of the revision `from`.
#[derive(Serialize, ToSchema)]
#[schema(as = RevisionDiff, example = json!({
    "from": 1, "to": 2, "destination": null, "defaultSplit": null, "added": [], "removed": [],
    "changed": [], "moved": [],
}))]
pub(super) struct DiffView {
    from: i64,
    to: i64,
    #[serde(flatten)]
    #[schema(value_type = DiffShape)]
    diff: Diff,
}

const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

/// List the revisions of a link
///
/// Newest first: each save of the destination or the rules made one.
#[utoipa::path(
    get,
    operation_id = "listRevisions",
    path = "/links/{link}/revisions",
    tag = "Revisions and drafts",
    params(Paged),
    responses((status = 200, description = "as asked", body = Page<RevisionView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    params: Params,
) -> Result<Json<Page<RevisionView>>> {
    params.only(&["limit", "cursor"])?;
    let limit = params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let before = params.whole("cursor", 1..=i64::MAX)?;
    let link = id(&link, What::Link)?;
    let mut found = ops::revisions(&app, &caller, link, before, limit + 1).await?;
    let more = cut(&mut found, limit);
    let next = found.last().filter(|_| more).map(|revision| revision.number.to_string());
    Ok(Json(Page { data: found.iter().map(RevisionView::from).collect(), next }))
}

/// Read a revision
#[utoipa::path(
    get,
    operation_id = "getRevision",
    path = "/links/{link}/revisions/{revision}",
    tag = "Revisions and drafts",
    responses((status = 200, description = "as asked", body = RevisionView)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, revision), _): Place<Native, (String, String)>,
) -> Result<Json<RevisionView>> {
    let link = id(&link, What::Link)?;
    let revision = ops::revision(&app, &caller, link, number(&revision)?).await?;
    Ok(Json(RevisionView::from(&revision)))
}

/// Compare two revisions
///
/// What the second changes of the first.
#[utoipa::path(
    get,
    operation_id = "compareRevisions",
    path = "/links/{link}/revisions/{revision}/diff/{to}",
    tag = "Revisions and drafts",
    responses((status = 200, description = "as asked", body = DiffView)),
)]
pub(super) async fn diff(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, from, to), _): Place<Native, (String, String, String)>,
) -> Result<Json<DiffView>> {
    let link = id(&link, What::Link)?;
    let (from, to) = (number(&from)?, number(&to)?);
    let diff = ops::diff_revisions(&app, &caller, link, from, to).await?;
    Ok(Json(DiffView { from, to, diff }))
}

/// Restore a revision
///
/// Its destination and rules become those of the link, as a new revision. Answers with the link.
#[utoipa::path(
    post,
    operation_id = "restoreRevision",
    path = "/links/{link}/revisions/{revision}/restore",
    tag = "Revisions and drafts",
    params(Forced, IfMatch),
    responses((status = 200, description = "as asked", body = LinkView<'_>)),
)]
pub(super) async fn restore(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, revision), _): Place<Native, (String, String)>,
    params: Params,
    headers: HeaderMap,
) -> Result<Response> {
    let caller = insisting(caller, &params)?;
    let link = id(&link, What::Link)?;
    let (revision, version) = (number(&revision)?, read_version(&headers)?);
    let link = ops::restore_revision(&app, &caller, link, revision, version).await?;
    saved(&app, &caller, &link).await
}

fn number(text: &str) -> model::Result<i64> {
    text.parse().map_err(|_| Error::NotFound(What::Revision))
}

impl From<&Revision> for RevisionView {
    fn from(revision: &Revision) -> RevisionView {
        RevisionView {
            number: revision.number,
            destination: revision.plan.destination.authored().to_owned(),
            rules: revision.plan.rules.iter().map(Rule::wire).collect(),
            author: revision.author.clone(),
            created_at: iso(revision.created_at),
            default_split: Some(&revision.plan.default_split)
                .filter(|split| !split.is_empty())
                .map(|split| Variant::list_wire(split)),
        }
    }
}
