//! `/api/v1/visitors`: what is kept of one visitor, and its deletion when they ask for it.

use std::net::IpAddr;

use axum::{Json, extract::State};
use model::{ClickId, Error, Result as Checked};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Authed, Body, Native, Result, clicks::ClickView, conversions::ConversionView};
use crate::{App, ops};

/// A visitor: either `address` and `userAgent`, or `click`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = WhichVisitor, example = json!({
    "address": "203.0.113.7", "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
}))]
pub(super) struct Which {
    /// The address from which they come. It is not kept.
    address: Option<String>,
    /// Their browser's `User-Agent`, letter by letter.
    user_agent: Option<String>,
    /// One of their clicks.
    click: Option<String>,
}

/// Everything that is kept of a visitor.
#[derive(Serialize, ToSchema)]
#[schema(as = Traces, example = json!({"clicks": [], "conversions": []}))]
pub(super) struct TracesView {
    /// Newest first.
    clicks: Vec<ClickView>,
    /// What became of these clicks.
    conversions: Vec<ConversionView>,
}

/// What was deleted.
#[derive(Serialize, ToSchema)]
#[schema(as = Forgotten, example = json!({"clicks": 3, "conversions": 1}))]
pub(super) struct ForgottenView {
    /// How many clicks.
    clicks: i64,
    /// How many conversions.
    conversions: i64,
}

/// List what is kept of a visitor
///
/// By address and `User-Agent` those are found who came today or yesterday (UTC), since the salt
/// that their clicks are told apart by is destroyed then; by a click, all that the same visitor made
/// on its day.
#[utoipa::path(
    post,
    operation_id = "listVisitor",
    path = "/visitors/list",
    tag = "Visitors",
    request_body = Which,
    responses((status = 200, description = "as asked", body = TracesView)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(which, _): Body<Native, Which>,
) -> Result<Json<TracesView>> {
    let traces = ops::visitor(&app, &caller, &which.read()?).await?;
    let clicks = traces.clicks.iter();
    let clicks = clicks.filter_map(|(id, record)| ClickView::read(*id, record).transpose());
    Ok(Json(TracesView {
        clicks: clicks.collect::<Checked<_>>()?,
        conversions: traces.conversions.iter().map(ConversionView::of).collect(),
    }))
}

/// Delete what is kept of a visitor
///
/// For a visitor who asks to be forgotten: what the call that lists it shows is deleted for good.
/// Counts of links stay as they are.
#[utoipa::path(
    post,
    operation_id = "deleteVisitor",
    path = "/visitors/delete",
    tag = "Visitors",
    request_body = Which,
    responses((status = 200, description = "deleted", body = ForgottenView)),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(which, _): Body<Native, Which>,
) -> Result<Json<ForgottenView>> {
    let forgotten = ops::forget_visitor(&app, &caller, &which.read()?).await?;
    Ok(Json(ForgottenView { clicks: forgotten.clicks, conversions: forgotten.conversions }))
}

impl Which {
    fn read(self) -> Checked<ops::Visitor> {
        match self {
            Which { address: Some(address), user_agent: Some(agent), click: None } => {
                let address = address.parse::<IpAddr>().map_err(|_| {
                    Error::invalid("address", "is no address such as 203.0.113.7 or 2001:db8::7")
                })?;
                Ok(ops::Visitor::Here { address: address.to_canonical(), agent })
            }
            Which { address: None, user_agent: None, click: Some(click) } => {
                let click = click.parse::<ClickId>();
                click.map(ops::Visitor::Click).map_err(|_| {
                    Error::invalid("click", "is no click's id such as lists of clicks show")
                })
            }
            Which { click: Some(_), .. } => {
                Err(Error::invalid("click", "goes without `address` and `userAgent`"))
            }
            Which { address: None, .. } => {
                Err(Error::invalid("address", "is required, or else `click`"))
            }
            Which { .. } => Err(Error::invalid("userAgent", "is required with `address`")),
        }
    }
}
