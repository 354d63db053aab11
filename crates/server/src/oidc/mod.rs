//! OpenID Connect: members come in by who vouches for their e-mail address. `/app/oidc/start` leads to
//! the issuer, `/app/oidc/callback` back, and on to the page that was asked for.
//!
//! Nothing of an issuer is remembered: what it says of itself and its keys are asked for each time, so
//! that a key that was turned is never in the way.

mod page;
mod refused;
pub mod settings;
mod token;
mod trip;

use std::net::IpAddr;

use axum::{
    Extension, Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::{Error, What};
use serde::{Deserialize, de::DeserializeOwned};
use url::{Url, form_urlencoded};

use self::{
    page::Page,
    refused::Refused,
    settings::Issuer,
    token::{Claims, Expected, Keys},
    trip::Trip,
};
use crate::{
    App, api,
    app::random_bytes,
    front::Client,
    ops::{self, SignedIn},
    outward,
    password::Guarded,
};

/// Where the way begins.
pub const START: &str = "/app/oidc/start";
const CALLBACK: &str = "/app/oidc/callback";

/// What an issuer says of itself.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

/// With what somebody leaves.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Leaving {
    /// The page that they had asked for.
    next: String,
}

/// With what somebody comes back.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Back {
    code: String,
    state: String,
    /// Why the issuer sends them back without a code.
    error: Option<String>,
}

/// What the issuer gives for a code.
#[derive(Deserialize)]
struct Given {
    id_token: String,
}

/// The two paths, where an issuer is set.
pub fn router(app: App) -> Router {
    if app.config.oidc.is_none() {
        return Router::new();
    }
    Router::new().route(START, get(start)).route(CALLBACK, get(callback)).with_state(app)
}

async fn start(
    State(app): State<App>,
    Extension(Client(from)): Extension<Client>,
    Query(leaving): Query<Leaving>,
) -> Response {
    match leave(&app, Page::inside(&leaving.next), from).await {
        Ok((to, cookie)) => redirect(&to, &[cookie]),
        Err(why) => why.page(&app),
    }
}

async fn callback(
    State(app): State<App>,
    Extension(Client(from)): Extension<Client>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Response {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let cookies = cookies.collect::<Vec<_>>().join("; ");
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    match arrive(&app, &back, (&cookies, agent.unwrap_or_default()), from).await {
        Ok((signed_in, page)) => {
            let session = api::session_cookie(&app, signed_in.token.reveal());
            let end = HeaderValue::try_from(Trip::end(is_secure(&app)));
            redirect(page.as_str(), &[session, end.expect("the end holds no value")])
        }
        Err(why) => why.page(&app),
    }
}

/// Where to go, and the cookie to take along.
async fn leave(app: &App, page: Page, from: IpAddr) -> Result<(String, HeaderValue), Refused> {
    let issuer = issuer(app)?;
    // Each costs requests to the issuer, here and on the way back.
    app.passwords.admit(Guarded::Issuer, from, app.now())?;
    let metadata = metadata(app, issuer).await?;
    let trip = Trip::new(page, random_bytes(), random_bytes(), random_bytes());
    let mut to = metadata.authorization_endpoint;
    to.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &issuer.client_id)
        .append_pair("redirect_uri", &back_to(app))
        .append_pair("scope", "openid email profile")
        .append_pair("state", &trip.state)
        .append_pair("nonce", &trip.nonce)
        .append_pair("code_challenge", &trip.challenge())
        .append_pair("code_challenge_method", "S256");
    let cookie = HeaderValue::try_from(trip.cookie(&app.visits, app.now(), is_secure(app)));
    Ok((to.into(), cookie.expect("a way is base64url and digits")))
}

/// Who is in, and the page that they asked for.
async fn arrive(
    app: &App,
    back: &Back,
    (cookies, agent): (&str, &str),
    from: IpAddr,
) -> Result<(SignedIn, Page), Refused> {
    let issuer = issuer(app)?;
    app.passwords.admit(Guarded::Issuer, from, app.now())?;
    let trip = Trip::read(&app.visits, cookies, &back.state, app.now()).ok_or(Refused::Lost)?;
    if back.error.is_some() || back.code.is_empty() {
        return Err(Refused::Sent);
    }
    let metadata = metadata(app, issuer).await?;
    let given = exchange(app, issuer, &metadata, &back.code, &trip.verifier).await?;
    let keys: Keys = fetch(app, &metadata.jwks_uri).await?;
    let (client, nonce) = (issuer.client_id.as_str(), trip.nonce.as_str());
    let expected = Expected { issuer: &metadata.issuer, client, nonce };
    let claims = token::verify(&given.id_token, &keys, expected, app.now());
    let claims: Claims = claims.map_err(|why| Refused::Broken(why.to_owned()))?;
    let email = claims.verified_email().ok_or(Refused::Unverified)?;
    let name = claims.name.as_deref();
    match ops::sign_in_vouched(app, (email, name), issuer.join, agent).await {
        Err(Error::NotFound(What::Member)) => Err(Refused::Stranger(email.to_owned())),
        done => Ok((done?, trip.page)),
    }
}

fn issuer(app: &App) -> Result<&Issuer, Refused> {
    app.config.oidc.as_ref().ok_or(Refused::Lost)
}

async fn metadata(app: &App, issuer: &Issuer) -> Result<Metadata, Refused> {
    let base = issuer.issuer.trim_end_matches('/');
    let url = Url::parse(&format!("{base}/.well-known/openid-configuration"));
    let url = url.map_err(|e| Refused::Broken(e.to_string()))?;
    let metadata: Metadata = fetch(app, &url).await?;
    // Else what stands at one address could speak for another.
    if metadata.issuer.trim_end_matches('/') != base {
        let other = &metadata.issuer;
        return Err(Refused::Broken(format!("it calls itself {other:?}, not {base:?}")));
    }
    Ok(metadata)
}

async fn fetch<T: DeserializeOwned>(app: &App, url: &Url) -> Result<T, Refused> {
    let fetched = app.outward.get(url, |_| false, outward::LONGEST).await;
    let fetched = fetched.map_err(|why| Refused::Broken(format!("{url}: {why}")))?;
    serde_json::from_slice(&fetched.body).map_err(|why| Refused::Broken(format!("{url}: {why}")))
}

async fn exchange(
    app: &App,
    issuer: &Issuer,
    metadata: &Metadata,
    code: &str,
    verifier: &str,
) -> Result<Given, Refused> {
    let url = &metadata.token_endpoint;
    let (authorization, form) = claim(issuer, metadata, &back_to(app), (code, verifier));
    let submitted = app.outward.submit(url, authorization.as_deref(), form).await;
    let body = submitted.map_err(|why| Refused::Broken(format!("{url}: {why}")))?;
    serde_json::from_slice(&body).map_err(|why| Refused::Broken(format!("{url}: {why}")))
}

/// The header and the form that a code is given for.
fn claim(
    Issuer { client_id, client_secret, .. }: &Issuer,
    metadata: &Metadata,
    back_to: &str,
    (code, verifier): (&str, &str),
) -> (Option<String>, String) {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code")
        .append_pair("code", code)
        .append_pair("redirect_uri", back_to)
        .append_pair("code_verifier", verifier);
    let ways = &metadata.token_endpoint_auth_methods_supported;
    let takes = |way: &str| ways.iter().any(|known| known == way);
    // RFC 6749, section 2.3.1: in the header unless it is known that the body is where it belongs.
    if !takes("client_secret_basic") && takes("client_secret_post") {
        form.append_pair("client_id", client_id).append_pair("client_secret", client_secret);
        return (None, form.finish());
    }
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect();
    let (id, secret): (String, String) = (encode(client_id), encode(client_secret));
    let basic = BASE64_STANDARD.encode(format!("{id}:{secret}"));
    (Some(format!("Basic {basic}")), form.finish())
}

fn back_to(app: &App) -> String {
    format!("{}{CALLBACK}", app.config.public_url.as_str().trim_end_matches('/'))
}

fn is_secure(app: &App) -> bool {
    app.config.public_url.scheme() == "https"
}

fn redirect(to: &str, cookies: &[HeaderValue]) -> Response {
    let headers = [(header::LOCATION, to), (header::CACHE_CONTROL, "no-store")];
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    response
}
