//! `/api/v1/links/{link}/foreign-ids`: what other services called a link.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use model::{ForeignId, What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Authed, Body, Native, Page, Place, Result, created, id};
use crate::{App, ops};

/// An id that another service gave a link, by which its API goes on finding it here.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ForeignId, example = json!({"service": "shortio", "id": "lnk_4EaJ_aBcDeF"}))]
pub(super) struct ForeignIdView {
    /// `shortio`, `linquid` or `dglnk`.
    service: String,
    /// As the service spelled it.
    id: String,
}

/// List a link's foreign ids
///
/// By service.
#[utoipa::path(
    get,
    operation_id = "listForeignIds",
    path = "/links/{link}/foreign-ids",
    tag = "Links",
    responses((status = 200, description = "as asked", body = Page<ForeignIdView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
) -> Result<Json<Page<ForeignIdView>>> {
    let ids = ops::foreign_ids(&app, &caller, id(&link, What::Link)?).await?;
    Ok(Json(Page::whole(ids.iter().map(ForeignIdView::from).collect())))
}

/// Add a foreign id
///
/// For links that were brought over: the API of that service, spoken by this server, finds the link by
/// the id that it had there, so that saved ids go on working.
#[utoipa::path(
    post,
    operation_id = "addForeignId",
    path = "/links/{link}/foreign-ids",
    tag = "Links",
    request_body = ForeignIdView,
    responses((status = 201, description = "made", body = ForeignIdView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    Body(body, _): Body<Native, ForeignIdView>,
) -> Result<Response> {
    let link = id(&link, What::Link)?;
    let new = ForeignId::new(&body.service, &body.id)?;
    ops::add_foreign_id(&app, &caller, link, &new).await?;
    Ok(created(
        format!("/api/v1/links/{}/foreign-ids", link.split("lnk")),
        ForeignIdView::from(&new),
    ))
}

/// Remove a foreign id
#[utoipa::path(
    delete,
    operation_id = "removeForeignId",
    path = "/links/{link}/foreign-ids/{service}/{id}",
    tag = "Links",
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, service, text), _): Place<Native, (String, String, String)>,
) -> Result<StatusCode> {
    let link = id(&link, What::Link)?;
    let old = ForeignId::new(&service, &text)?;
    ops::remove_foreign_id(&app, &caller, link, &old).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<&ForeignId> for ForeignIdView {
    fn from(id: &ForeignId) -> ForeignIdView {
        ForeignIdView { service: id.service().to_owned(), id: id.text().to_owned() }
    }
}
