//! `/api/v1/me/passkeys` and `/api/v1/sessions/passkey`: coming in by what a device holds.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{Error, Passkey, Result as Checked, What};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    super::json::iso,
    Authed, Body, Native, Page, Place, Result, cookie, created, id,
    sessions::{SignedInView, agent, come_in},
};
use crate::{
    App,
    front::Client,
    ops::{self, Assertion},
    webauthn,
};

/// A passkey of yours.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Passkey, example = json!({
    "id": "psk_000Yl3bWm", "name": "Laptop", "createdAt": "2026-11-21T10:00:00.000Z",
    "lastUsedAt": null,
}))]
pub(super) struct PasskeyView {
    id: String,
    name: String,
    created_at: String,
    /// Null: never.
    last_used_at: Option<String>,
}

/// What a browser is told to make or to use a passkey. It is good for five minutes, and once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"publicKey": {"challenge": "MTc5…", "rpId": "localhost"}}))]
pub(super) struct PasskeyOptions {
    /// As `PublicKeyCredential.parseCreationOptionsFromJSON()` or `parseRequestOptionsFromJSON()`
    /// takes it.
    public_key: Value,
}

/// A passkey that a device has just made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Laptop",
    "credential": {"response": {"clientDataJSON": "eyJ0…", "attestationObject": "o2Nm…"}},
}))]
pub(super) struct NewPasskey {
    /// The device's name, for you.
    name: String,
    /// The browser's.
    credential: MadeCredential,
}

/// What `toJSON()` of the browser's credential gives; of that, this is read.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({
    "response": {"clientDataJSON": "eyJ0…", "attestationObject": "o2Nm…"},
}))]
pub(super) struct MadeCredential {
    /// What the device made.
    response: Attestation,
}

/// What the device made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"clientDataJSON": "eyJ0…", "attestationObject": "o2Nm…"}))]
pub(super) struct Attestation {
    /// In base64url, as the next.
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    /// What the device says of itself in it is not asked for, and not looked at.
    attestation_object: String,
}

/// What a device signed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "credential": {"id": "aWQx", "response": {
        "clientDataJSON": "eyJ0…", "authenticatorData": "SZYN…", "signature": "MEUC…",
    }},
    "cookie": true,
}))]
pub(super) struct PasskeySignIn {
    /// The browser's.
    credential: SignedCredential,
    /// Whether the token is set as the cookie `wp_session`, as in signing in.
    #[serde(default)]
    cookie: bool,
}

/// What `toJSON()` of the browser's credential gives; of that, this is read.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"id": "aWQx", "response": {
    "clientDataJSON": "eyJ0…", "authenticatorData": "SZYN…", "signature": "MEUC…",
}}))]
pub(super) struct SignedCredential {
    /// In base64url, as all that follows.
    id: String,
    /// What the device signed.
    response: AssertionBody,
}

/// What the device says.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "clientDataJSON": "eyJ0…", "authenticatorData": "SZYN…", "signature": "MEUC…",
}))]
pub(super) struct AssertionBody {
    /// What the browser says was asked, and by whom.
    #[serde(rename = "clientDataJSON")]
    client_data_json: String,
    /// What the device says of itself.
    authenticator_data: String,
    /// Over both.
    signature: String,
    /// Whose the device takes the passkey for.
    #[serde(default)]
    user_handle: Option<String>,
}

/// Begin with a passkey
#[utoipa::path(
    post,
    operation_id = "beginPasskey",
    path = "/me/passkeys/begin",
    tag = "Keys and members",
    responses((status = 200, description = "as asked", body = PasskeyOptions)),
)]
pub(super) async fn begin(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<PasskeyOptions>> {
    let new = ops::begin_passkey(&app, &caller).await?;
    let known =
        new.known.iter().map(|it| json!({"type": "public-key", "id": encode(&it.credential)}));
    let kinds = webauthn::ALGORITHMS.map(|number| json!({"type": "public-key", "alg": number}));
    let public_key = json!({
        "rp": {"id": app.config.host.as_str(), "name": "Waypost"},
        "user": {
            "id": encode(&ops::handle(&new.member)),
            "name": new.member.login(),
            "displayName": new.member.name,
        },
        "challenge": encode(new.challenge.as_bytes()),
        "pubKeyCredParams": kinds,
        "timeout": webauthn::challenge::TIMEOUT,
        "excludeCredentials": known.collect::<Vec<_>>(),
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "preferred",
        },
        "attestation": "none",
    });
    Ok(Json(PasskeyOptions { public_key }))
}

/// Keep a passkey
///
/// That a device made of what beginning answered; 20 of a member at most.
#[utoipa::path(
    post,
    operation_id = "createPasskey",
    path = "/me/passkeys",
    tag = "Keys and members",
    request_body = NewPasskey,
    responses((status = 201, description = "made", body = PasskeyView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, NewPasskey>,
) -> Result<Response> {
    let response = &body.credential.response;
    let client = decode("response.clientDataJSON", &response.client_data_json)?;
    let made = decode("response.attestationObject", &response.attestation_object)?;
    let passkey = ops::add_passkey(&app, &caller, &body.name, (&client, &made)).await?;
    let view = PasskeyView::of(&passkey);
    Ok(created(format!("/api/v1/me/passkeys/{}", view.id), view))
}

/// List your passkeys
///
/// Oldest first. Keys have none.
#[utoipa::path(
    get,
    operation_id = "listPasskeys",
    path = "/me/passkeys",
    tag = "Keys and members",
    responses((status = 200, description = "as asked", body = Page<PasskeyView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<PasskeyView>>> {
    let all = ops::passkeys(&app, &caller).await?;
    Ok(Json(Page::whole(all.iter().map(PasskeyView::of).collect())))
}

/// Take a passkey away
///
/// Nobody comes in by it any more; the device goes on showing it until it is deleted there too.
#[utoipa::path(
    delete,
    operation_id = "deletePasskey",
    path = "/me/passkeys/{passkey}",
    tag = "Keys and members",
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<StatusCode> {
    ops::delete_passkey(&app, &caller, id(&text, What::Passkey)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begin to sign in with a passkey
///
/// Without a key, and without a name: the device knows whose passkeys it has.
#[utoipa::path(
    post,
    operation_id = "beginPasskeySignIn",
    path = "/sessions/passkey/begin",
    tag = "Keys and members",
    security(()),
    responses((status = 200, description = "as asked", body = PasskeyOptions)),
)]
pub(super) async fn begin_sign_in(State(app): State<App>) -> Json<PasskeyOptions> {
    let public_key = json!({
        "challenge": encode(ops::begin_passkey_sign_in(&app).as_bytes()),
        "rpId": app.config.host.as_str(),
        "timeout": webauthn::challenge::TIMEOUT,
        "allowCredentials": [],
        "userVerification": "preferred",
    });
    Json(PasskeyOptions { public_key })
}

/// Sign in with a passkey
///
/// Without a key. No code is asked for; but whoever has an authenticator needs a device that makes sure
/// whose it is. Tries are 60 of a network in a quarter of an hour.
#[utoipa::path(
    post,
    operation_id = "signInWithPasskey",
    path = "/sessions/passkey",
    tag = "Keys and members",
    security(()),
    request_body = PasskeySignIn,
    responses((status = 201, description = "made", body = SignedInView)),
)]
pub(super) async fn sign_in(
    State(app): State<App>,
    Extension(Client(from)): Extension<Client>,
    headers: HeaderMap,
    Body(body, _): Body<Native, PasskeySignIn>,
) -> Result<Response> {
    if body.cookie {
        cookie::own_page(&app, &headers)?;
    }
    let PasskeySignIn { credential, cookie } = body;
    let response = &credential.response;
    let user = response.user_handle.as_deref().filter(|user| !user.is_empty());
    let user = user.map(|user| decode("response.userHandle", user)).transpose()?;
    let said = Assertion {
        credential: &decode("id", &credential.id)?,
        client: &decode("response.clientDataJSON", &response.client_data_json)?,
        device: &decode("response.authenticatorData", &response.authenticator_data)?,
        signature: &decode("response.signature", &response.signature)?,
        user: user.as_deref(),
    };
    let signed_in = ops::sign_in_by_passkey(&app, said, from, agent(&headers)).await?;
    Ok(come_in(&app, &signed_in, cookie))
}

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Some clients pad, most do not.
fn decode(at: &str, text: &str) -> Checked<Vec<u8>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
    bytes.map_err(|_| Error::invalid(format!("credential.{at}"), "is no base64url"))
}

impl PasskeyView {
    fn of(passkey: &Passkey) -> PasskeyView {
        PasskeyView {
            id: passkey.id.plain("psk"),
            name: passkey.name.clone(),
            created_at: iso(passkey.created_at),
            last_used_at: passkey.last_used_at.map(iso),
        }
    }
}
