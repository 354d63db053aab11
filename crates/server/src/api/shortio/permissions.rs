//! `/links/permissions`: who may work on one link. Users are keys here.

use axum::{Json, extract::State, http::StatusCode};
use model::{Caller, DomainId, LinkId, Permission, What};
use serde::Serialize;

use super::{Authed, Done, Place, Result, ShortIo, id, on_domain};
use crate::{App, ops};

#[derive(Serialize)]
pub(super) struct PermissionView {
    id: String,
    #[serde(rename = "DomainId")]
    domain: i64,
    #[serde(rename = "UserId")]
    user: i64,
    #[serde(rename = "LinkIdString")]
    link: String,
}

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place((domain, link), _): Place<ShortIo, (String, String)>,
) -> Result<Json<Vec<PermissionView>>> {
    let (domain, link) = place(&app, &caller, &domain, &link).await?;
    let permissions = ops::permissions(&app, &caller, link).await?;
    Ok(Json(permissions.iter().map(|it| PermissionView::of(it, domain)).collect()))
}

pub(super) async fn add(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place((domain, link, user), _): Place<ShortIo, (String, String, String)>,
) -> Result<(StatusCode, Json<PermissionView>)> {
    let (domain, link) = place(&app, &caller, &domain, &link).await?;
    let permission = ops::share_link(&app, &caller, link, id(&user, What::Key)?).await?;
    Ok((StatusCode::CREATED, Json(PermissionView::of(&permission, domain))))
}

/// 201, as Short.io answers.
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place((domain, link, user), _): Place<ShortIo, (String, String, String)>,
) -> Result<(StatusCode, Json<Done>)> {
    let (_, link) = place(&app, &caller, &domain, &link).await?;
    ops::unshare_link(&app, &caller, link, id(&user, What::Key)?).await?;
    Ok((StatusCode::CREATED, Json(Done::DONE)))
}

async fn place(
    app: &App,
    caller: &Caller,
    domain: &str,
    link: &str,
) -> model::Result<(DomainId, LinkId)> {
    let link = on_domain(app, caller, domain, link).await?;
    Ok((link.address().domain, link.id))
}

impl PermissionView {
    fn of(permission: &Permission, domain: DomainId) -> PermissionView {
        PermissionView {
            id: permission.id.plain("perm"),
            domain: domain.number(),
            user: permission.key.number(),
            link: permission.link.split("lnk"),
        }
    }
}
