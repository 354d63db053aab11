//! `/api/v1/keys`.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use model::{Error, Key, Result as Checked, SCOPES, Scope, What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::json::{self as wire, Problems},
    Authed, Body, Native, Page, Place, Result, created, id,
};
use crate::{App, ops};

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "scripts", "scopes": ["links:read", "links:write"]}))]
pub(super) struct NewKey {
    name: String,
    /// Without any, the key may do everything.
    scopes: Option<Vec<String>>,
    expires_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Key, example = json!({
    "id": "key_000Yl3bWr", "name": "scripts", "scopes": ["links:read", "links:write"],
    "expiresAt": null, "createdAt": "2026-11-21T10:00:00.000Z", "lastUsedAt": null,
    "revokedAt": null,
}))]
pub(super) struct KeyView {
    id: String,
    name: String,
    scopes: Vec<&'static str>,
    expires_at: Option<String>,
    created_at: String,
    last_used_at: Option<String>,
    revoked_at: Option<String>,
    /// The key itself, for the only time.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

/// List API keys
#[utoipa::path(
    get,
    operation_id = "listKeys",
    path = "/keys",
    tag = "Keys",
    responses((status = 200, description = "as asked", body = Page<KeyView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<KeyView>>> {
    let keys = ops::keys(&app, &caller).await?;
    Ok(Json(Page::whole(keys.iter().map(|key| KeyView::of(key, None)).collect())))
}

/// Make an API key
///
/// The answer holds the key for the only time.
#[utoipa::path(
    post,
    operation_id = "createKey",
    path = "/keys",
    tag = "Keys",
    request_body = NewKey,
    responses((status = 201, description = "made", body = KeyView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, NewKey>,
) -> Result<Response> {
    let mut problems = Problems::default();
    let scopes = problems.keep(read_scopes(body.scopes));
    let expires_at = body.expires_at.map(|text| wire::time("expiresAt", &text));
    let expires_at = problems.keep_any(expires_at);
    problems.finish()?;
    let scopes = scopes.unwrap_or_default();
    let (key, secret) = ops::create_key(&app, &caller, &body.name, scopes, expires_at).await?;
    let view = KeyView::of(&key, Some(secret.reveal().to_owned()));
    Ok(created(format!("/api/v1/keys/{}", view.id), view))
}

/// Revoke an API key
///
/// At once, and for good.
#[utoipa::path(
    delete,
    operation_id = "revokeKey",
    path = "/keys/{key}",
    tag = "Keys",
    responses((status = 204, description = "done")),
)]
pub(super) async fn revoke(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<StatusCode> {
    ops::revoke_key(&app, &caller, id(&text, What::Key)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read_scopes(names: Option<Vec<String>>) -> Checked<Vec<Scope>> {
    let Some(names) = names else { return Ok(vec![Scope::Admin]) };
    let scope = |(i, name): (usize, &String)| {
        Scope::named(name).ok_or_else(|| {
            let known: Vec<&str> = SCOPES.iter().map(|(_, name)| *name).collect();
            let why = format!("no scope {name:?}; known are {}", known.join(", "));
            Error::invalid(format!("scopes[{i}]"), why)
        })
    };
    names.iter().enumerate().map(scope).collect()
}

impl KeyView {
    fn of(key: &Key, secret: Option<String>) -> KeyView {
        KeyView {
            id: key.id.plain("key"),
            name: key.name.clone(),
            scopes: key.scopes.iter().map(|scope| scope.name()).collect(),
            expires_at: key.expires_at.map(wire::iso),
            created_at: wire::iso(key.created_at),
            last_used_at: key.last_used_at.map(wire::iso),
            revoked_at: key.revoked_at.map(wire::iso),
            key: secret,
        }
    }
}
