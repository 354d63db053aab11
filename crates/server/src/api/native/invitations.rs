//! `/api/v1/invitations`: how somebody comes to work here.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use jiff::Timestamp;
use model::{Invitation, InvitationToken, What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::json::iso,
    Authed, Body, Native, Page, Place, Result, cookie, created, id,
    members::role,
    sessions::{SignedInView, agent, come_in},
};
use crate::{
    App,
    front::Client,
    join,
    ops::{self, NewMember},
};

/// A link by which somebody becomes a member, once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invitation, example = json!({
    "id": "inv_000Yl3bWp", "role": "editor", "note": "Ann", "state": "open",
    "createdAt": "2026-11-21T10:00:00.000Z", "expiresAt": "2026-11-28T10:00:00.000Z",
    "url": "http://localhost:8080/app/join?token=wi_…",
}))]
pub(super) struct InvitationView {
    id: String,
    role: &'static str,
    /// For whom it is, for people.
    note: String,
    /// `open`, `used` or `over`.
    state: &'static str,
    created_at: String,
    expires_at: String,
    /// The link to send, for the only time.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// A new invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "editor", "note": "Ann"}))]
pub(super) struct NewInvitation {
    /// `owner`, `editor` or `viewer`.
    role: String,
    /// For whom it is, for people.
    #[serde(default)]
    note: String,
}

/// What somebody says who has an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "wi_…", "email": "ann@example.com", "name": "Ann", "password": "correct horse battery",
}))]
pub(super) struct Acceptance {
    /// The `token` of the invitation's link.
    token: String,
    /// Nobody else's; null: you sign in with your name.
    #[serde(default)]
    email: Option<String>,
    /// Nobody else's, where there is no e-mail address.
    name: String,
    /// 10 characters at least.
    password: String,
    /// Whether the token is set as the cookie `wp_session`, as in signing in.
    #[serde(default)]
    cookie: bool,
}

/// What is asked about an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ShownInvitation, example = json!({"token": "wi_…"}))]
pub(super) struct Shown {
    /// The `token` of the invitation's link.
    token: String,
}

/// An invitation that is good.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OpenInvitation, example = json!({
    "role": "editor", "note": "Ann", "expiresAt": "2026-11-28T10:00:00.000Z",
}))]
pub(super) struct OpenView {
    role: &'static str,
    /// For whom it is, for people.
    note: String,
    expires_at: String,
}

/// List invitations
///
/// Newest first.
#[utoipa::path(
    get,
    operation_id = "listInvitations",
    path = "/invitations",
    tag = "Keys and members",
    responses((status = 200, description = "as asked", body = Page<InvitationView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<InvitationView>>> {
    let all = ops::invitations(&app, &caller).await?;
    let view = |invitation| InvitationView::of(&app, invitation, None);
    Ok(Json(Page::whole(all.iter().map(view).collect())))
}

/// Invite somebody
///
/// The answer holds the link for the only time; whoever opens it within a week becomes a member, once.
#[utoipa::path(
    post,
    operation_id = "createInvitation",
    path = "/invitations",
    tag = "Keys and members",
    request_body = NewInvitation,
    responses((status = 201, description = "made", body = InvitationView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, NewInvitation>,
) -> Result<Response> {
    let role = role(&body.role)?;
    let (invitation, token) = ops::create_invitation(&app, &caller, role, &body.note).await?;
    let view = InvitationView::of(&app, &invitation, Some(&token));
    Ok(created(format!("/api/v1/invitations/{}", view.id), view))
}

/// Take an invitation back
///
/// Who became a member by it stays one.
#[utoipa::path(
    delete,
    operation_id = "deleteInvitation",
    path = "/invitations/{invitation}",
    tag = "Keys and members",
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<StatusCode> {
    ops::delete_invitation(&app, &caller, id(&text, What::Invitation)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask whether an invitation is good
///
/// Without a key, and without using it. Where it is not, or no longer, that is 404. Tries are 60 of a
/// network in a quarter of an hour.
#[utoipa::path(
    post,
    operation_id = "checkInvitation",
    path = "/invitations/check",
    tag = "Keys and members",
    security(()),
    request_body = Shown,
    responses((status = 200, description = "as asked", body = OpenView)),
)]
pub(super) async fn check(
    State(app): State<App>,
    Extension(Client(from)): Extension<Client>,
    Body(body, _): Body<Native, Shown>,
) -> Result<Json<OpenView>> {
    let invitation = ops::check_invitation(&app, &body.token, from).await?;
    let (role, expires_at) = (invitation.role.name(), iso(invitation.expires_at));
    Ok(Json(OpenView { role, note: invitation.note, expires_at }))
}

/// Accept an invitation
///
/// Without a key: the token is what lets you in. The answer holds a session, as signing in does. The
/// invitation's link shows a form that does the same.
#[utoipa::path(
    post,
    operation_id = "acceptInvitation",
    path = "/invitations/accept",
    tag = "Keys and members",
    security(()),
    request_body = Acceptance,
    responses((status = 201, description = "made", body = SignedInView)),
)]
pub(super) async fn accept(
    State(app): State<App>,
    headers: HeaderMap,
    Body(body, _): Body<Native, Acceptance>,
) -> Result<Response> {
    if body.cookie {
        cookie::own_page(&app, &headers)?;
    }
    let new =
        NewMember { email: body.email.as_deref(), name: &body.name, password: &body.password };
    let signed_in = ops::accept_invitation(&app, &body.token, &new, agent(&headers)).await?;
    Ok(come_in(&app, &signed_in, body.cookie))
}

impl InvitationView {
    fn of(app: &App, invitation: &Invitation, token: Option<&InvitationToken>) -> InvitationView {
        InvitationView {
            id: invitation.id.plain("inv"),
            role: invitation.role.name(),
            note: invitation.note.clone(),
            state: state(invitation, app.now()),
            created_at: iso(invitation.created_at),
            expires_at: iso(invitation.expires_at),
            url: token.map(|token| join::url(&app.config, token)),
        }
    }
}

fn state(invitation: &Invitation, now: Timestamp) -> &'static str {
    match (invitation.member, invitation.is_open(now)) {
        (Some(_), _) => "used",
        (None, true) => "open",
        (None, false) => "over",
    }
}
