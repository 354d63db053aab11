//! `/api/v1/links/{id}/explain` and `/api/v1/clicks/{id}/explain`: what a visitor gets or got, and
//! every condition on the way.

use axum::{Json, extract::State};
use model::{Error, Example, What};
use serde_json::Value;

use super::{Authed, Body, Native, Place, Result, id};
use crate::{
    App,
    ops::{self, Explained, ExplainedClick},
};

/// Either a raw request or a described visitor: see [`Example::parse`].
pub(super) async fn explain(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    Body(body, _): Body<Native, Value>,
) -> Result<Json<Explained>> {
    let link = id(&link, What::Link)?;
    Ok(Json(ops::explain(&app, &caller, link, &Example::parse(&body)?).await?))
}

pub(super) async fn explain_click(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(click, _): Place<Native, String>,
) -> Result<Json<ExplainedClick>> {
    let click = click.parse().map_err(|_| Error::NotFound(What::Click))?;
    Ok(Json(ops::explain_click(&app, &caller, click).await?))
}
