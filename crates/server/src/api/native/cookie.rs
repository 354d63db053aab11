//! The cookie by which the dashboard is signed in: a session's token that no script can read.
//!
//! **Invariant:** a browser sends it by itself, so it counts only where a page of this server asked,
//! or nothing is changed.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use model::{Error, Result};
use url::Url;

use super::{Failure, Native};
use crate::{App, visits};

const NAME: &str = "wp_session";
/// 30 days, as long as a session that is not used.
const AGE: u32 = 30 * 24 * 3_600;

/// The token of a request that does not say by itself who calls.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    if headers.contains_key(header::AUTHORIZATION) {
        return None;
    }
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.filter_map(|line| visits::cookie(line, NAME)).next()
}

/// `Set-Cookie` for a session.
pub(crate) fn set(app: &App, token: &str) -> HeaderValue {
    line(app, token, AGE)
}

/// `Set-Cookie` that takes it away.
pub(super) fn clear(app: &App) -> HeaderValue {
    line(app, "", 0)
}

fn line(app: &App, token: &str, age: u32) -> HeaderValue {
    let secure = if app.config.public_url.scheme() == "https" { "; Secure" } else { "" };
    let line = format!("{NAME}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::try_from(line).expect("a token is letters and digits")
}

/// Lets nothing by that another site's page makes a browser do with the cookie.
pub(in super::super) async fn guard(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes
        && token(request.headers()).is_some()
        && let Err(error) = own_page(&app, request.headers())
    {
        return Failure::<Native>::from(error).into_response();
    }
    next.run(request).await
}

/// Refuses what no page of this server asks.
pub(super) fn own_page(app: &App, headers: &HeaderMap) -> Result<()> {
    if is_own(&app.config.public_url, headers) { Ok(()) } else { Err(Error::CrossSite) }
}

/// Browsers say whose page asks; those that do not say so say at least from which host it is.
fn is_own(public: &Url, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = text("origin") else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == public.origin().ascii_serialization() || (host.is_some() && host == text("host"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sent: &[(&'static str, &str)], expected: bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        let public = Url::parse("https://go.example.com").unwrap();
        assert_eq!(is_own(&public, &headers), expected, "{sent:?}");
    }

    #[test]
    fn only_a_page_of_this_server_is_our_own() {
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "same-site"), ("origin", "https://go.example.com")], false);
        check(&[("sec-fetch-site", "none")], false);
        check(&[("origin", "https://go.example.com")], true);
        check(&[("origin", "http://10.0.0.7:8080"), ("host", "10.0.0.7:8080")], true);
        check(&[("origin", "https://evil.example"), ("host", "go.example.com")], false);
        check(&[("origin", "null"), ("host", "go.example.com")], false);
        check(&[("origin", "null")], false);
        check(&[], false);
    }

    #[test]
    fn a_request_that_names_its_caller_has_no_cookie() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("wp_v=1"));
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; wp_session=ws_x"));
        assert_eq!(token(&headers), Some("ws_x"));
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer wp_x"));
        assert_eq!(token(&headers), None);
    }
}
