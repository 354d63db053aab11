//! `/api/v1/me`: who calls, and what they may change of themselves.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use model::Who;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Authed, Body, Native, Result, cookie,
    sessions::{SignedInView, agent, come_in},
};
use crate::{App, front::Client, ops};

/// Who calls, and what they may do.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "key", "id": "key_000Yl3bWr", "name": "scripts", "scopes": ["admin"], "domains": null,
    "email": null, "role": null, "workspace": "Main", "session": null,
    "totp": false, "passkeys": 0,
}))]
pub(super) struct Me {
    /// `key` or `member`.
    kind: &'static str,
    id: Option<String>,
    name: String,
    scopes: Vec<&'static str>,
    /// The hosts that there are for them; null: all of the workspace.
    domains: Option<Vec<String>>,
    /// A member's e-mail address, if they have one.
    email: Option<String>,
    /// A member's role.
    role: Option<&'static str>,
    /// The name of the workspace that all is in.
    workspace: String,
    /// The id of the session of this call.
    session: Option<String>,
    /// Whether a member is asked for a code of their authenticator when they sign in.
    totp: bool,
    /// How many passkeys a member has.
    passkeys: i64,
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

/// Who am I
#[utoipa::path(
    get,
    operation_id = "getMe",
    path = "/me",
    tag = "Keys and members",
    responses((status = 200, description = "as asked", body = Me)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    headers: HeaderMap,
) -> Result<Response> {
    let (member, workspace) = ops::myself(&app, &caller).await?;
    let (kind, id) = match caller.who {
        Who::Key(key) => ("key", Some(key.plain("key"))),
        Who::Member(member, _) => ("member", Some(member.plain("mem"))),
        Who::Operator => ("operator", None),
    };
    let host = |domain: &_| Some(app.routes.domain_by_id(*domain)?.host.to_string());
    let domains = caller.domains.as_ref();
    let domains = domains.map(|domains| domains.iter().filter_map(host).collect());
    let scopes = caller.scopes.iter().map(|scope| scope.name()).collect();
    let (member, proofs) = member.unzip();
    let proofs = proofs.unwrap_or_default();
    let me = Me {
        totp: proofs.totp,
        passkeys: proofs.passkeys,
        kind,
        id,
        domains,
        scopes,
        email: member.as_ref().and_then(|member| member.email.clone()),
        role: member.as_ref().map(|member| member.role.name()),
        workspace,
        session: ops::current(&caller).map(|session| session.plain("ses")),
        name: caller.name,
    };
    let mut response = Json(me).into_response();
    if let Some(token) = cookie::token(&headers) {
        // A session lasts 30 days from its last use, so its cookie does too.
        response.headers_mut().insert(header::SET_COOKIE, cookie::set(&app, token));
    }
    Ok(response)
}

/// Change your password
///
/// Signs you out everywhere, and in here anew: by the cookie, where that is how you are signed in.
/// Keys have no password.
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
) -> Result<Response> {
    let passwords = (body.old_password.as_str(), body.password.as_str());
    let signed_in = ops::change_password(&app, &caller, passwords, from, agent(&headers)).await?;
    Ok(come_in(&app, &signed_in, cookie::token(&headers).is_some()))
}
