//! `/api/v1/accounts/ways`: what a sign-in page offers.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::Result;
use crate::{App, oidc, ops};

/// In which ways somebody can come in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Ways, example = json!({
    "members": true, "password": true, "passkeys": true, "openIdConnect": null,
}))]
pub(super) struct WaysView {
    /// Whether anybody is a member yet. If nobody is, the link that the server printed when it
    /// started makes the first one.
    members: bool,
    /// Whether a name and a password do.
    password: bool,
    /// Whether passkeys do: browsers let them be used under a name, and with TLS.
    passkeys: bool,
    /// Who vouches for members by OpenID Connect, where somebody does.
    open_id_connect: Option<IssuerView>,
}

/// Who vouches for members.
#[derive(Serialize, ToSchema)]
#[schema(as = Issuer, example = json!({"name": "Example", "start": "/app/oidc/start"}))]
pub(super) struct IssuerView {
    name: String,
    /// The address to go to; `?next=/app/stats` leads on to that page of the dashboard.
    start: &'static str,
}

/// In which ways can I come in
///
/// Without a key: for whoever shows a page to sign in.
#[utoipa::path(
    get,
    operation_id = "getWays",
    path = "/accounts/ways",
    tag = "Keys and members",
    security(()),
    responses((status = 200, description = "as asked", body = WaysView)),
)]
pub(super) async fn find(State(app): State<App>) -> Result<Json<WaysView>> {
    let ways = ops::ways(&app).await?;
    Ok(Json(WaysView {
        members: ways.members,
        password: true,
        passkeys: ways.passkeys,
        open_id_connect: ways.issuer.map(|name| IssuerView { name, start: oidc::START }),
    }))
}
