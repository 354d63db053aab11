//! `/api/v1/sessions`: where members are signed in.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{Session, SessionId, What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::json::iso, Authed, Body, Native, Page, Place, Result, cookie, id, members::MemberView,
};
use crate::{
    App,
    front::Client,
    ops::{self, SignIn, SignedIn},
};

/// What a member says to come in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "ann@example.com", "password": "correct horse battery"}))]
pub(super) struct Credentials {
    /// The e-mail address, or the name of who has none.
    email: String,
    password: String,
    /// A code of your authenticator, or a recovery code, where the answer was that it is wanted.
    #[serde(default)]
    code: Option<String>,
    /// Whether the token is set as the cookie `wp_session`, which pages of this server are known by,
    /// rather than told.
    #[serde(default)]
    cookie: bool,
}

/// A place where a member is signed in. It ends 30 days after it was used last.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session, example = json!({
    "id": "ses_000Yl3bWo", "agent": "curl/8.5.0", "createdAt": "2026-11-21T10:00:00.000Z",
    "lastUsedAt": "2026-11-21T10:00:00.000Z", "expiresAt": "2026-12-21T10:00:00.000Z",
    "current": true,
}))]
pub(super) struct SessionView {
    id: String,
    /// The browser's or program's own name.
    agent: String,
    created_at: String,
    /// Within an hour.
    last_used_at: String,
    expires_at: String,
    /// Whether it is the one of this call.
    current: bool,
}

/// A member who has just come in.
#[derive(Serialize, ToSchema)]
#[schema(as = SignedIn, example = json!({"token": "ws_…", "session": {}, "member": {}}))]
pub(super) struct SignedInView {
    /// Stands where an API key does, in `Authorization: Bearer`. Shown for the only time, and not
    /// where it is a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    session: SessionView,
    member: MemberView,
}

/// Sign in
///
/// Without a key. Tries are few: 10 of a network in a quarter of an hour, 100 of all in an hour. With
/// `cookie`, which only a page of this server may ask for, a browser is signed in.
///
/// Whoever has an authenticator is answered with 401 and the type `urn:waypost:code-wanted` where the
/// password is right, and sends the same again with `code`; a code is good once.
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
) -> Result<Response> {
    if body.cookie {
        cookie::own_page(&app, &headers)?;
    }
    let said = SignIn { login: &body.email, password: &body.password, code: body.code.as_deref() };
    let signed_in = ops::sign_in(&app, said, from, agent(&headers)).await?;
    Ok(come_in(&app, &signed_in, body.cookie))
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
    let current = ops::current(&caller);
    let view = |session| SessionView::of(session, current);
    Ok(Json(Page::whole(sessions.iter().map(view).collect())))
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

/// Sign out here
///
/// Ends the session of this call, and takes the cookie away.
#[utoipa::path(
    delete,
    operation_id = "signOutHere",
    path = "/sessions/current",
    tag = "Keys and members",
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove_here(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Response> {
    ops::sign_out_here(&app, &caller).await?;
    let headers = [(header::SET_COOKIE, cookie::clear(&app))];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Answers somebody who has just come in, with the token told or as a cookie.
pub(super) fn come_in(app: &App, signed_in: &SignedIn, by_cookie: bool) -> Response {
    let view = SignedInView::of(signed_in);
    if !by_cookie {
        return (StatusCode::CREATED, Json(view)).into_response();
    }
    let view = SignedInView { token: None, ..view };
    let set = cookie::set(app, signed_in.token.reveal());
    (StatusCode::CREATED, [(header::SET_COOKIE, set)], Json(view)).into_response()
}

/// What a client calls itself.
pub(super) fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}

impl SessionView {
    fn of(session: &Session, current: Option<SessionId>) -> SessionView {
        SessionView {
            id: session.id.plain("ses"),
            agent: session.agent.clone(),
            created_at: iso(session.created_at),
            last_used_at: iso(session.last_used_at),
            expires_at: iso(session.expires_at),
            current: Some(session.id) == current,
        }
    }
}

impl SignedInView {
    fn of(signed_in: &SignedIn) -> SignedInView {
        SignedInView {
            token: Some(signed_in.token.reveal().to_owned()),
            session: SessionView::of(&signed_in.session, Some(signed_in.session.id)),
            member: MemberView::of(&signed_in.member),
        }
    }
}
