//! `/app/join` and `/app/setup/…`: the form behind an invitation's link, for a binary without the
//! dashboard, which has pages of its own there.

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use maud::{Markup, html};
use model::{Error, InvitationToken};
use serde::Deserialize;

use crate::{
    App,
    config::Config,
    ops::{self, NewMember},
    redirect,
};

/// A few short fields.
const FORM_BYTES: usize = 8_192;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    token: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Filled {
    token: String,
    email: String,
    name: String,
    password: String,
}

pub fn router(app: App) -> Router {
    Router::new()
        .route("/app/join", get(show).post(accept))
        .route("/app/setup/{token}", get(set_up))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .with_state(app)
}

/// The link of an invitation.
pub fn url(config: &Config, token: &InvitationToken) -> String {
    let base = config.public_url.as_str().trim_end_matches('/');
    format!("{base}/app/join?token={}", token.reveal())
}

/// The link of the first start.
pub fn setup_url(config: &Config, token: &InvitationToken) -> String {
    let base = config.public_url.as_str().trim_end_matches('/');
    format!("{base}/app/setup/{}", token.reveal())
}

/// The form, whatever the token: whether that is good is said when it is sent, and tried but once.
async fn show(Query(asked): Query<Asked>) -> Response {
    let filled = Filled { token: asked.token, ..Filled::default() };
    respond(StatusCode::OK, "You are invited", &form(&filled, None))
}

/// The form of the first member.
async fn set_up(Path(token): Path<String>) -> Response {
    let filled = Filled { token, ..Filled::default() };
    respond(StatusCode::OK, "Waypost is running", &form(&filled, None))
}

async fn accept(
    State(app): State<App>,
    headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Response {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let email = Some(filled.email.as_str()).filter(|email| !email.trim().is_empty());
    let new = NewMember { email, name: &filled.name, password: &filled.password };
    let accepted = ops::accept_invitation(&app, &filled.token, &new, agent.unwrap_or_default());
    match accepted.await {
        Ok(signed_in) => {
            // The form is no place to sign in from: its session would be known to nobody.
            let body = html! {
                p { "Welcome, " (signed_in.member.name) ". You are "
                    (article(signed_in.member.role.name())) " of this Waypost now." }
                p { "Sign in with " code { (signed_in.member.login()) } " and your password by "
                    code { "POST /api/v1/sessions" } ", as "
                    a href="/docs#signIn" { "the documentation" } " shows." }
            };
            respond(StatusCode::CREATED, "You are in", &body)
        }
        Err(Error::NotFound(_)) => {
            let body = html! {
                p { "It was used already, it was taken back, or its week is over. Ask whoever sent it \
                     for another." }
            };
            respond(StatusCode::NOT_FOUND, "This invitation is no longer good", &body)
        }
        Err(error) => {
            let status = match &error {
                Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
                Error::Taken(_) => StatusCode::CONFLICT,
                Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
                Error::Full(_) => StatusCode::INSUFFICIENT_STORAGE,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            let why = match &error {
                Error::Taken(_) => "Somebody signs in with that already.".to_owned(),
                Error::Invalid(_) => error.to_string(),
                _ => {
                    tracing::error!(%error, "could not accept an invitation");
                    "That did not work just now. Try again in a moment.".to_owned()
                }
            };
            respond(status, "You are invited", &form(&filled, Some(&why)))
        }
    }
}

fn form(filled: &Filled, problem: Option<&str>) -> Markup {
    html! {
        @if let Some(problem) = problem { p.bad role="alert" { (problem) } }
        p { "Choose a name and a password, and you are in." }
        form method="post" action="/app/join" {
            input type="hidden" name="token" value=(filled.token);
            p { label for="name" { "Name" } br;
                input #name name="name" value=(filled.name) required maxlength="254"
                    autocomplete="name" autofocus; }
            p { label for="email" { "E-mail address, if you want to sign in with it" } br;
                input #email type="email" name="email" value=(filled.email) maxlength="254" autocomplete="username"; }
            p { label for="password" { "Password, 10 characters at least" } br;
                input #password type="password" name="password" required minlength="10"
                    maxlength="250" autocomplete="new-password"; }
            p { button { "Come in" } }
        }
    }
}

fn article(role: &str) -> String {
    match role.starts_with(['a', 'e', 'i', 'o', 'u']) {
        true => format!("an {role}"),
        false => format!("a {role}"),
    }
}

pub(crate) fn respond(status: StatusCode, title: &str, body: &Markup) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, redirect::POLICY),
        (header::CACHE_CONTROL, "no-store"),
        // The address holds the token.
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, Html(redirect::page(title, body))).into_response()
}
