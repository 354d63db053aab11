//! `/api/v1/links/{id}/revisions`.

use axum::{Json, extract::State};
use model::{Error, Revision, Rule, What};
use serde::Serialize;
use serde_json::Value;

use super::{super::json, Authed, Native, Page, Params, Place, Result, cut, id};
use crate::{App, ops};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RevisionView {
    number: i64,
    destination: String,
    rules: Vec<Value>,
    author: String,
    created_at: String,
}

const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

/// Newest first; the cursor is the number of the last one shown.
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

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, number), _): Place<Native, (String, String)>,
) -> Result<Json<RevisionView>> {
    let link = id(&link, What::Link)?;
    let number = number.parse().map_err(|_| Error::NotFound(What::Revision))?;
    let revision = ops::revision(&app, &caller, link, number).await?;
    Ok(Json(RevisionView::from(&revision)))
}

impl From<&Revision> for RevisionView {
    fn from(revision: &Revision) -> RevisionView {
        RevisionView {
            number: revision.number,
            destination: revision.plan.destination.authored().to_owned(),
            rules: revision.plan.rules.iter().map(Rule::wire).collect(),
            author: revision.author.clone(),
            created_at: json::iso(revision.created_at),
        }
    }
}
