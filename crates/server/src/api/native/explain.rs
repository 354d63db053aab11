//! `/api/v1/links/{id}/explain` and `/api/v1/clicks/{id}/explain`: what a visitor gets or got, and
//! every condition on the way.

use axum::{Json, extract::State};
use model::{Error, Example, What};
use serde_json::Value;

use super::{Authed, Body, Native, Place, Result, id, schema::Visitor};
use crate::{
    App,
    ops::{self, Explained, ExplainedClick},
};

/// Explain what a visitor gets
///
/// Every condition on the way, with the value that was seen, where it comes from, and whether it
/// is true, false or unknown. The same code answers visitors.
#[utoipa::path(
    post,
    operation_id = "explainLink",
    path = "/links/{link}/explain",
    tag = "Rules",
    request_body = Visitor,
    responses((status = 200, description = "as asked", body = Explained)),
)]
pub(super) async fn explain(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    Body(body, _): Body<Native, Value>,
) -> Result<Json<Explained>> {
    let link = id(&link, What::Link)?;
    Ok(Json(ops::explain(&app, &caller, link, &Example::parse(&body)?).await?))
}

/// Explain a click
///
/// What the visitor got and why, from the trace that was kept; and what they would get now.
#[utoipa::path(
    get,
    operation_id = "explainClick",
    path = "/clicks/{click}/explain",
    tag = "Clicks",
    responses((status = 200, description = "as asked", body = ExplainedClick)),
)]
pub(super) async fn explain_click(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(click, _): Place<Native, String>,
) -> Result<Json<ExplainedClick>> {
    let click = click.parse().map_err(|_| Error::NotFound(What::Click))?;
    Ok(Json(ops::explain_click(&app, &caller, click).await?))
}
