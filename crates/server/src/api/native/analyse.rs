//! `/api/v1/links/{id}/analyse`: what a link, or a change of it, does that may not be meant.

use axum::{Json, extract::State};
use model::{Domain, Link, Stamp, What};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Authed, MaybeBody, Native, Place, Result, id, link::LinkBody};
use crate::{
    App,
    ops::{self, Warning},
};

#[derive(Serialize, ToSchema)]
#[schema(example = json!({"warnings": []}))]
pub(super) struct Analysis {
    warnings: Vec<Warning>,
}

/// Look for mistakes in rules
///
/// Rules that can never match, contradictions, duplicates, loops, facts that no source can tell.
/// The body is a change of the link, as PATCH takes it, which is tried and not saved; without a
/// body, the link as it is.
#[utoipa::path(
    post,
    operation_id = "analyseLink",
    path = "/links/{link}/analyse",
    tag = "Rules",
    request_body = Option<LinkBody>,
    responses((status = 200, description = "as asked", body = Analysis)),
)]
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
