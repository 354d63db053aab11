//! `/api/v1/members`: who works here, and as what.

use axum::{Json, extract::State, http::StatusCode};
use model::{Error, Member, ROLES, Result as Checked, Role, What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::json::{iso, present},
    Authed, Body, Native, Page, Place, Result, id,
};
use crate::{App, ops};

/// Somebody who works in the workspace.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Member, example = json!({
    "id": "mem_000Yl3bWq", "email": "ann@example.com", "name": "Ann", "role": "editor",
    "createdAt": "2026-11-21T10:00:00.000Z", "updatedAt": "2026-11-21T10:00:00.000Z",
}))]
pub(super) struct MemberView {
    id: String,
    /// Null: they sign in with their name.
    email: Option<String>,
    name: String,
    /// `owner` may do everything, `editor` all but keys, members and domains, `viewer` looks.
    role: &'static str,
    created_at: String,
    updated_at: String,
}

/// What changes of a member; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "viewer"}))]
pub(super) struct MemberChange {
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "present")]
    name: Option<String>,
    /// `owner`, `editor` or `viewer`. One owner has to stay.
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "present")]
    role: Option<String>,
}

/// List members
///
/// Oldest first.
#[utoipa::path(
    get,
    operation_id = "listMembers",
    path = "/members",
    tag = "Keys and members",
    responses((status = 200, description = "as asked", body = Page<MemberView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<MemberView>>> {
    let members = ops::members(&app, &caller).await?;
    Ok(Json(Page::whole(members.iter().map(MemberView::of).collect())))
}

/// Change a member
///
/// Their name or their role, at once. One owner has to stay.
#[utoipa::path(
    patch,
    operation_id = "updateMember",
    path = "/members/{member}",
    tag = "Keys and members",
    request_body = MemberChange,
    responses((status = 200, description = "as asked", body = MemberView)),
)]
pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
    Body(body, _): Body<Native, MemberChange>,
) -> Result<Json<MemberView>> {
    let role = body.role.as_deref().map(role).transpose()?;
    let member = id(&text, What::Member)?;
    let member = ops::edit_member(&app, &caller, member, body.name.as_deref(), role).await?;
    Ok(Json(MemberView::of(&member)))
}

/// Take a member away
///
/// They are signed out; what they made stays. One owner has to stay.
#[utoipa::path(
    delete,
    operation_id = "deleteMember",
    path = "/members/{member}",
    tag = "Keys and members",
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<StatusCode> {
    ops::delete_member(&app, &caller, id(&text, What::Member)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn role(name: &str) -> Checked<Role> {
    Role::named(name).ok_or_else(|| {
        let known: Vec<&str> = ROLES.iter().map(|(_, name, _)| *name).collect();
        Error::invalid("role", format!("no role {name:?}; known are {}", known.join(", ")))
    })
}

impl MemberView {
    pub(super) fn of(member: &Member) -> MemberView {
        MemberView {
            id: member.id.plain("mem"),
            email: member.email.clone(),
            name: member.name.clone(),
            role: member.role.name(),
            created_at: iso(member.created_at),
            updated_at: iso(member.updated_at),
        }
    }
}
