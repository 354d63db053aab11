//! `/api/v1/links/{id}/analyse`: what a link, or a change of it, does that may not be meant.

use axum::{Json, extract::State};
use model::{Domain, Link, Stamp, What};
use serde::Serialize;

use super::{Authed, MaybeBody, Native, Place, Result, id, link::LinkBody};
use crate::{
    App,
    ops::{self, Warning},
};

#[derive(Serialize)]
pub(super) struct Analysis {
    warnings: Vec<Warning>,
}

/// The body is a change of the link, as PATCH takes it; none: the link as it is.
pub(super) async fn analyse(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    MaybeBody(body): MaybeBody<LinkBody>,
) -> Result<Json<Analysis>> {
    let edit = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        body.patch(domain)?.apply(link, stamp)
    };
    let warnings = ops::analyse(&app, &caller, id(&link, What::Link)?, edit).await?;
    Ok(Json(Analysis { warnings }))
}
