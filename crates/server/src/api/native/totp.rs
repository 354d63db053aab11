//! `/api/v1/me/totp`: codes of an authenticator app, beside the password.

use axum::{Extension, Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Authed, Body, Native, Result};
use crate::{App, front::Client, ops};

/// That it is you who asks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OwnPassword, example = json!({"password": "correct horse battery"}))]
pub(super) struct Password {
    /// Yours.
    password: String,
}

/// The first code of an app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FirstCode, example = json!({"code": "287082"}))]
pub(super) struct Code {
    /// The six digits that the app shows now.
    code: String,
}

/// That it is you who asks, twice.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasswordAndCode, example = json!({
    "password": "correct horse battery", "code": "287082",
}))]
pub(super) struct Both {
    /// Yours.
    password: String,
    /// The six digits that the app shows now, or a recovery code.
    code: String,
}

/// What an authenticator app is told.
#[derive(Serialize, ToSchema)]
#[schema(as = NewTotp, example = json!({
    "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "uri": "otpauth://totp/Waypost%20localhost:ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Waypost%20localhost",
}))]
pub(super) struct NewTotp {
    /// In base 32, for who types it in.
    secret: String,
    /// All of it, for a QR code.
    uri: String,
}

/// For who has lost their app.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"recoveryCodes": ["mzxw-6ytb-ojtg-633c"]}))]
pub(super) struct RecoveryCodes {
    /// Ten, shown for the only time; each is good once, where a code is asked for.
    recovery_codes: Vec<String>,
}

/// Begin with an authenticator app
///
/// Nothing is asked for until its first code was confirmed; begun again, the app is told anew. 409
/// where you have one already.
#[utoipa::path(
    post,
    operation_id = "beginTotp",
    path = "/me/totp",
    tag = "Keys and members",
    request_body = Password,
    responses((status = 201, description = "made", body = NewTotp)),
)]
pub(super) async fn begin(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Extension(Client(from)): Extension<Client>,
    Body(body, _): Body<Native, Password>,
) -> Result<(StatusCode, Json<NewTotp>)> {
    let new = ops::begin_authenticator(&app, &caller, &body.password, from).await?;
    Ok((StatusCode::CREATED, Json(NewTotp { secret: new.secret, uri: new.uri })))
}

/// Confirm an authenticator app
///
/// From now on a code is asked for when you sign in with your password.
#[utoipa::path(
    post,
    operation_id = "confirmTotp",
    path = "/me/totp/confirm",
    tag = "Keys and members",
    request_body = Code,
    responses((status = 200, description = "as asked", body = RecoveryCodes)),
)]
pub(super) async fn confirm(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Extension(Client(from)): Extension<Client>,
    Body(body, _): Body<Native, Code>,
) -> Result<Json<RecoveryCodes>> {
    let recovery_codes = ops::confirm_authenticator(&app, &caller, &body.code, from).await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Do without an authenticator app
///
/// The recovery codes go with it.
#[utoipa::path(
    delete,
    operation_id = "deleteTotp",
    path = "/me/totp",
    tag = "Keys and members",
    request_body = Both,
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Extension(Client(from)): Extension<Client>,
    Body(body, _): Body<Native, Both>,
) -> Result<StatusCode> {
    let said = (body.password.as_str(), body.code.as_str());
    ops::delete_authenticator(&app, &caller, said, from).await?;
    Ok(StatusCode::NO_CONTENT)
}
