//! `/api/v1/tags`.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Authed, Body, Native, Page, Place, Result};
use crate::{App, ops};

/// A tag, and how many links have it.
#[derive(Serialize, ToSchema)]
#[schema(as = Tag, example = json!({"name": "spring", "links": 12}))]
pub(super) struct TagView {
    name: String,
    /// How many links have it.
    links: i64,
}

/// What changes of a tag.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "summer"}))]
pub(super) struct TagChange {
    name: String,
}

/// List tags
///
/// By name.
#[utoipa::path(
    get,
    operation_id = "listTags",
    path = "/tags",
    tag = "Tags and folders",
    responses((status = 200, description = "as asked", body = Page<TagView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<TagView>>> {
    let tags = ops::tags(&app, &caller).await?;
    Ok(Json(Page::whole(tags.into_iter().map(|(name, links)| TagView { name, links }).collect())))
}

/// Rename a tag
///
/// All links that have it get the new one in its place.
#[utoipa::path(
    patch,
    operation_id = "renameTag",
    path = "/tags/{tag}",
    tag = "Tags and folders",
    request_body = TagChange,
    responses((status = 204, description = "done")),
)]
pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(tag, _): Place<Native, String>,
    Body(body, _): Body<Native, TagChange>,
) -> Result<StatusCode> {
    ops::rename_tag(&app, &caller, &tag, &body.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a tag
///
/// From all links; the links stay.
#[utoipa::path(
    delete,
    operation_id = "deleteTag",
    path = "/tags/{tag}",
    tag = "Tags and folders",
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(tag, _): Place<Native, String>,
) -> Result<StatusCode> {
    ops::delete_tag(&app, &caller, &tag).await?;
    Ok(StatusCode::NO_CONTENT)
}
