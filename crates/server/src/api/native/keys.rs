//! `/api/v1/keys`.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use jiff::Timestamp;
use model::{Caller, DomainId, Error, Key, Result as Checked, SCOPES, Scope, What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::json::{self as wire, Problems, nullable, present},
    Authed, Body, Native, Page, Place, Result, created, id,
};
use crate::{App, ops};

/// What a caller may say of a key, new or old; what is left out stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = KeyChange, example = json!({
    "name": "scripts", "scopes": ["links:read", "links:write"], "domains": ["go.example.com"],
}))]
pub(super) struct KeyBody {
    /// Up to 100 bytes.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    name: Option<String>,
    /// What it may do; a new key without any may do everything.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    scopes: Option<Vec<String>>,
    /// The hosts that it may use alone; all others, and what is on them, are not there for it. Null:
    /// all of the workspace.
    #[serde(deserialize_with = "nullable")]
    domains: Option<Option<Vec<String>>>,
    /// From this moment on it is no longer valid; null: for ever.
    #[schema(format = DateTime)]
    #[serde(deserialize_with = "nullable")]
    expires_at: Option<Option<String>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Key, example = json!({
    "id": "key_000Yl3bWr", "name": "scripts", "scopes": ["links:read", "links:write"],
    "domains": null, "expiresAt": null, "createdAt": "2026-11-21T10:00:00.000Z", "lastUsedAt": null,
    "revokedAt": null,
}))]
pub(super) struct KeyView {
    id: String,
    name: String,
    scopes: Vec<&'static str>,
    /// The hosts that it may use alone; null: all of the workspace.
    domains: Option<Vec<String>>,
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
    tag = "Keys and members",
    responses((status = 200, description = "as asked", body = Page<KeyView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<KeyView>>> {
    let keys = ops::keys(&app, &caller).await?;
    Ok(Json(Page::whole(keys.iter().map(|key| KeyView::of(&app, key, None)).collect())))
}

/// Make an API key
///
/// The answer holds the key for the only time.
#[utoipa::path(
    post,
    operation_id = "createKey",
    path = "/keys",
    tag = "Keys and members",
    request_body = KeyBody,
    responses((status = 201, description = "made", body = KeyView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, KeyBody>,
) -> Result<Response> {
    let read = body.read(&app, &caller)?;
    let name = body.name.unwrap_or_default();
    let scopes = read.scopes.unwrap_or_else(|| vec![Scope::Admin]);
    let (domains, expires_at) = (read.domains.flatten(), read.expires_at.flatten());
    let made = ops::create_key(&app, &caller, &name, scopes, domains, expires_at).await?;
    let view = KeyView::of(&app, &made.0, Some(made.1.reveal().to_owned()));
    Ok(created(format!("/api/v1/keys/{}", view.id), view))
}

/// Read an API key
///
/// The key itself is not stored.
#[utoipa::path(
    get,
    operation_id = "getKey",
    path = "/keys/{key}",
    tag = "Keys and members",
    responses((status = 200, description = "as asked", body = KeyView)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<Json<KeyView>> {
    let key = ops::key(&app, &caller, id(&text, What::Key)?).await?;
    Ok(Json(KeyView::of(&app, &key, None)))
}

/// Change an API key
///
/// What it is called, what it may do, where, and until when; at once.
#[utoipa::path(
    patch,
    operation_id = "updateKey",
    path = "/keys/{key}",
    tag = "Keys and members",
    request_body = KeyBody,
    responses((status = 200, description = "as asked", body = KeyView)),
)]
pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
    Body(body, _): Body<Native, KeyBody>,
) -> Result<Json<KeyView>> {
    let read = body.read(&app, &caller)?;
    let edit = |key: &mut Key| {
        key.name = body.name.clone().unwrap_or(std::mem::take(&mut key.name));
        key.scopes = read.scopes.clone().unwrap_or(std::mem::take(&mut key.scopes));
        key.domains = read.domains.clone().unwrap_or(key.domains.take());
        key.expires_at = read.expires_at.unwrap_or(key.expires_at);
        Ok(())
    };
    let key = ops::edit_key(&app, &caller, id(&text, What::Key)?, edit).await?;
    Ok(Json(KeyView::of(&app, &key, None)))
}

/// Revoke an API key
///
/// At once, and for good.
#[utoipa::path(
    delete,
    operation_id = "revokeKey",
    path = "/keys/{key}",
    tag = "Keys and members",
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

/// What a body says, read.
struct Read {
    scopes: Option<Vec<Scope>>,
    domains: Option<Option<Vec<DomainId>>>,
    expires_at: Option<Option<Timestamp>>,
}

impl KeyBody {
    fn read(&self, app: &App, caller: &Caller) -> Checked<Read> {
        let mut problems = Problems::default();
        let scopes = self.scopes.as_ref().map(|names| scopes(names));
        let scopes = problems.keep_any(scopes);
        let domains = match &self.domains {
            None => None,
            Some(None) => Some(None),
            Some(Some(hosts)) => problems.keep(domains(app, caller, hosts)).map(Some),
        };
        let expires_at = match &self.expires_at {
            None => None,
            Some(None) => Some(None),
            Some(Some(text)) => problems.keep(wire::time("expiresAt", text)).map(Some),
        };
        problems.finish()?;
        Ok(Read { scopes, domains, expires_at })
    }
}

fn scopes(names: &[String]) -> Checked<Vec<Scope>> {
    let scope = |(i, name): (usize, &String)| {
        Scope::named(name).ok_or_else(|| {
            let known: Vec<&str> = SCOPES.iter().map(|(_, name)| *name).collect();
            let why = format!("no scope {name:?}; known are {}", known.join(", "));
            Error::invalid(format!("scopes[{i}]"), why)
        })
    };
    names.iter().enumerate().map(scope).collect()
}

fn domains(app: &App, caller: &Caller, hosts: &[String]) -> Checked<Vec<DomainId>> {
    let domain = |(i, host): (usize, &String)| {
        let found = ops::domain_named(app, caller, Some(host));
        found
            .map(|domain| domain.id)
            .map_err(|_| Error::invalid(format!("domains[{i}]"), format!("no domain {host:?}")))
    };
    hosts.iter().enumerate().map(domain).collect()
}

impl KeyView {
    fn of(app: &App, key: &Key, secret: Option<String>) -> KeyView {
        let host = |id: &DomainId| Some(app.routes.domain_by_id(*id)?.host.to_string());
        let domains = key.domains.as_ref();
        KeyView {
            id: key.id.plain("key"),
            name: key.name.clone(),
            scopes: key.scopes.iter().map(|scope| scope.name()).collect(),
            domains: domains.map(|domains| domains.iter().filter_map(host).collect()),
            expires_at: key.expires_at.map(wire::iso),
            created_at: wire::iso(key.created_at),
            last_used_at: key.last_used_at.map(wire::iso),
            revoked_at: key.revoked_at.map(wire::iso),
            key: secret,
        }
    }
}
