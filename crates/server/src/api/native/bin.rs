//! `/api/v1/links/deleted`: deleted links, which can be brought back.

use axum::{Json, extract::State, response::Response};
use jiff::Timestamp;
use model::{LinkId, What};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::json::iso, Authed, Native, Page, Params, Place, Result, cursor, cut, id,
    link_view::LinkView, links, parameters::Paged,
};
use crate::{App, ops};

/// A link as it was, and when it went.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeletedLink, example = json!({
    "link": {"id": "lnk_0001_y3bWuA"}, "deletedAt": "2026-11-21T10:00:00.000Z",
    "until": "2026-12-21T10:00:00.000Z",
}))]
pub(super) struct DeletedView {
    /// As it was.
    #[schema(value_type = LinkView<'_>)]
    link: serde_json::Value,
    /// When it was deleted.
    deleted_at: String,
    /// Until when it can be brought back.
    until: String,
}

const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

/// List deleted links
///
/// Those that can be brought back, the last one first: a deleted link is kept for 30 days.
#[utoipa::path(
    get,
    operation_id = "listDeletedLinks",
    path = "/links/deleted",
    tag = "Links",
    params(Paged),
    responses((status = 200, description = "as asked", body = Page<DeletedView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Json<Page<DeletedView>>> {
    params.only(&["limit", "cursor"])?;
    let limit = params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let before = cursor(&params, place)?;
    let mut found = ops::deleted_links(&app, &caller, before, limit + 1).await?;
    let more = cut(&mut found, limit);
    let last = found.last().filter(|_| more);
    let next = last.map(|(link, at)| format!("{}.{}", link.id.split("lnk"), at.as_millisecond()));
    let ids: Vec<LinkId> = found.iter().map(|(link, _)| link.id).collect();
    let counts = ops::counts_of(&app, &caller, &ids).await?;
    let view = |(link, at): &(model::Link, Timestamp)| -> model::Result<DeletedView> {
        let people = counts.get(&link.id).map_or(0, |count| count.people);
        let link = serde_json::to_value(LinkView::of(&app, link, people));
        Ok(DeletedView {
            link: link.map_err(model::Error::internal)?,
            deleted_at: iso(*at),
            until: iso(*at + ops::BIN_KEPT),
        })
    };
    Ok(Json(Page { data: found.iter().map(view).collect::<model::Result<_>>()?, next }))
}

/// Bring a link back
///
/// As it was, with its rules, revisions, tests and clicks. Its address was free meanwhile: where another
/// link has it now, that is a 409.
#[utoipa::path(
    post,
    operation_id = "undeleteLink",
    path = "/links/{link}/undelete",
    tag = "Links",
    responses((status = 200, description = "it is back", body = LinkView<'_>)),
)]
pub(super) async fn undelete(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<Response> {
    let link = ops::undelete_link(&app, &caller, id(&text, What::Link)?).await?;
    links::saved(&app, &caller, &link).await
}

/// Where a page ended: the link, and when it was deleted.
fn place(text: &str) -> Option<(Timestamp, LinkId)> {
    let (link, at) = text.split_once('.')?;
    Some((Timestamp::from_millisecond(at.parse().ok()?).ok()?, LinkId::parse(link)?))
}
