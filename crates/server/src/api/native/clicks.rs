//! `/api/v1/links/{id}/clicks`: how often a link was clicked.

use axum::{Json, extract::State};
use model::{Error, What};
use serde::Serialize;

use super::{Authed, Native, Params, Place, Result, id};
use crate::{App, ops};

#[derive(Serialize)]
pub(super) struct CountView {
    total: i64,
    people: i64,
    bots: i64,
}

/// Bots are left out of the total unless they are asked for.
pub(super) async fn count(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    params: Params,
) -> Result<Json<CountView>> {
    params.only(&["bots"])?;
    let bots_too = match params.get("bots") {
        None | Some("exclude") => false,
        Some("include") => true,
        Some(_) => return Err(Error::invalid("bots", "must be include or exclude").into()),
    };
    let count = ops::count_clicks(&app, &caller, id(&link, What::Link)?).await?;
    let total = if bots_too { count.people + count.bots } else { count.people };
    Ok(Json(CountView { total, people: count.people, bots: count.bots }))
}
