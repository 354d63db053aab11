//! `/api/v1/me/preferences`: how the caller likes the dashboard.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{Authed, Body, Native, Result};
use crate::{App, ops};

/// Whatever a client wants to find again in another browser, as it wrote it: 16 KiB of JSON at most.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"theme": "dark", "timezone": "Europe/Berlin", "singleKeys": false}))]
pub(super) struct Preferences {
    /// What each key means is the client's affair.
    #[serde(flatten)]
    all: Map<String, Value>,
}

/// Read your preferences
///
/// An empty object where there are none. Every member has their own, and so has every key.
#[utoipa::path(
    get,
    operation_id = "getPreferences",
    path = "/me/preferences",
    tag = "Keys and members",
    responses((status = 200, description = "as asked", body = Preferences)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Preferences>> {
    Ok(Json(Preferences { all: ops::preferences(&app, &caller).await? }))
}

/// Save your preferences
///
/// All of them, in the place of those that there were.
#[utoipa::path(
    put,
    operation_id = "savePreferences",
    path = "/me/preferences",
    tag = "Keys and members",
    request_body = Preferences,
    responses((status = 200, description = "saved", body = Preferences)),
)]
pub(super) async fn save(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, Preferences>,
) -> Result<Json<Preferences>> {
    ops::save_preferences(&app, &caller, &body.all).await?;
    Ok(Json(body))
}
