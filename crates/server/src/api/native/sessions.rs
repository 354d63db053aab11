//! `/api/v1/sessions`: where members are signed in; `/api/v1/me`: who calls.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use model::{Session, What, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{super::json::iso, Authed, Body, Native, Page, Place, Result, id, members::MemberView};
use crate::{
    App,
    front::Client,
    ops::{self, SignedIn},
};

/// What a member says to come in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ann@example.com", "password": "correct horse battery"}))]
pub(super) struct Credentials {
    email: String,
    password: String,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "oldPassword": "correct horse battery", "password": "staple correct horse",
}))]
pub(super) struct NewPassword {
    /// The one that you have.
    old_password: String,
    /// 10 characters at least.
    password: String,
}

/// A place where a member is signed in. It ends 30 days after it was used last.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session, example = json!({
    "id": "ses_000Yl3bWo", "agent": "curl/8.5.0", "createdAt": "2026-11-21T10:00:00.000Z",
    "lastUsedAt": "2026-11-21T10:00:00.000Z", "expiresAt": "2026-12-21T10:00:00.000Z",
}))]
pub(super) struct SessionView {
    id: String,
    /// The browser's or program's own name.
    agent: String,
    created_at: String,
    /// Within an hour.
    last_used_at: String,
    expires_at: String,
}

/// A member who has just come in.
#[derive(Serialize, ToSchema)]
#[schema(as = SignedIn, example = json!({"token": "ws_…", "session": {}, "member": {}}))]
pub(super) struct SignedInView {
    /// Stands where an API key does, in `Authorization: Bearer`. Shown for the only time.
    token: String,
    session: SessionView,
    member: MemberView,
}

/// Who calls, and what they may do.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "key", "id": "key_000Yl3bWr", "name": "scripts", "scopes": ["admin"], "domains": null,
}))]
pub(super) struct Me {
    /// `key` or `member`.
    kind: &'static str,
    id: Option<String>,
    name: String,
    scopes: Vec<&'static str>,
    /// The hosts that there are for them; null: all of the workspace.
    domains: Option<Vec<String>>,
}

/// Change your password
///
/// Signs you out everywhere, and in here anew. Keys have no password.
#[utoipa::path(
    post,
    operation_id = "changePassword",
    path = "/me/password",
    tag = "Keys and members",
    request_body = NewPassword,
    responses((status = 201, description = "made", body = SignedInView)),
)]
pub(super) async fn change_password(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Extension(Client(from)): Extension<Client>,
    headers: HeaderMap,
    Body(body, _): Body<Native, NewPassword>,
) -> Result<(StatusCode, Json<SignedInView>)> {
    let passwords = (body.old_password.as_str(), body.password.as_str());
    let signed_in = ops::change_password(&app, &caller, passwords, from, agent(&headers)).await?;
    Ok((StatusCode::CREATED, Json(SignedInView::of(&signed_in))))
}

/// Sign in
///
/// Without a key. Tries are few: 10 of a network in a quarter of an hour, 100 of all in an hour.
#[utoipa::path(
    post,
    operation_id = "signIn",
    path = "/sessions",
    tag = "Keys and members",
    security(()),
    request_body = Credentials,
    responses((status = 201, description = "made", body = SignedInView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Extension(Client(from)): Extension<Client>,
    headers: HeaderMap,
    Body(body, _): Body<Native, Credentials>,
) -> Result<(StatusCode, Json<SignedInView>)> {
    let signed_in = ops::sign_in(&app, &body.email, &body.password, from, agent(&headers)).await?;
    Ok((StatusCode::CREATED, Json(SignedInView::of(&signed_in))))
}

/// List your sessions
///
/// Newest first. Keys have none.
#[utoipa::path(
    get,
    operation_id = "listSessions",
    path = "/sessions",
    tag = "Keys and members",
    responses((status = 200, description = "as asked", body = Page<SessionView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<SessionView>>> {
    let sessions = ops::sessions(&app, &caller).await?;
    Ok(Json(Page::whole(sessions.iter().map(SessionView::of).collect())))
}

/// Sign out
///
/// Ends one of your sessions at once.
#[utoipa::path(
    delete,
    operation_id = "signOut",
    path = "/sessions/{session}",
    tag = "Keys and members",
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<StatusCode> {
    ops::sign_out(&app, &caller, id(&text, What::Session)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who am I
#[utoipa::path(
    get,
    operation_id = "getMe",
    path = "/me",
    tag = "Keys and members",
    responses((status = 200, description = "as asked", body = Me)),
)]
pub(super) async fn me(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Me>> {
    let (kind, id) = match caller.who {
        Who::Key(key) => ("key", Some(key.plain("key"))),
        Who::Member(member) => ("member", Some(member.plain("mem"))),
        Who::Operator => ("operator", None),
    };
    let host = |domain: &_| Some(app.routes.domain_by_id(*domain)?.host.to_string());
    let domains = caller.domains.as_ref();
    let domains = domains.map(|domains| domains.iter().filter_map(host).collect());
    let scopes = caller.scopes.iter().map(|scope| scope.name()).collect();
    Ok(Json(Me { kind, id, name: caller.name, scopes, domains }))
}

/// What a client calls itself.
pub(super) fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}

impl SessionView {
    fn of(session: &Session) -> SessionView {
        SessionView {
            id: session.id.plain("ses"),
            agent: session.agent.clone(),
            created_at: iso(session.created_at),
            last_used_at: iso(session.last_used_at),
            expires_at: iso(session.expires_at),
        }
    }
}

impl SignedInView {
    pub(super) fn of(signed_in: &SignedIn) -> SignedInView {
        SignedInView {
            token: signed_in.token.reveal().to_owned(),
            session: SessionView::of(&signed_in.session),
            member: MemberView::of(&signed_in.member),
        }
    }
}
