//! `/app`: the dashboard, whose files the binary carries.
//!
//! A file is carried as it is and as Brotli made of it at the highest quality, which no server could
//! afford for each answer. Both, so that nothing is decompressed at run time and no library for it is
//! built in: that is a third more bytes of what is small beside the rest of the binary.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{App, app::random_bytes, join, redirect};

/// One file of the dashboard.
#[derive(Debug)]
pub struct File {
    /// Below `/app`, such as `assets/main-3f2a.js`.
    pub path: &'static str,
    pub plain: &'static [u8],
    pub brotli: Option<&'static [u8]>,
}

/// All files of a dashboard; none where there is no dashboard.
pub type Files = &'static [File];

/// What stood in `dashboard/dist` when the binary was built.
pub static EMBEDDED: Files = include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));

/// The page that all addresses of the dashboard begin with.
const PAGE: &str = "index.html";
/// Stands in the page where the number of each answer comes, which lets its styles in.
const NONCE: &str = "__NONCE__";
/// Names in this folder hold a hash of what they name.
const HASHED: &str = "assets/";
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Content types by the end of a name.
const TYPES: &[(&str, &str)] = &[
    (".css", "text/css; charset=utf-8"),
    (".html", "text/html; charset=utf-8"),
    (".ico", "image/x-icon"),
    (".js", "text/javascript; charset=utf-8"),
    (".json", "application/json"),
    (".png", "image/png"),
    (".svg", "image/svg+xml"),
    (".txt", "text/plain; charset=utf-8"),
    (".webmanifest", "application/manifest+json"),
    (".webp", "image/webp"),
    (".woff2", "font/woff2"),
];

/// The dashboard, or a page that says how to build it and the form for whom it is not there.
pub fn router(app: App) -> Router {
    if app.dashboard.is_empty() {
        let missing = Router::new()
            .route("/app", get(missing))
            .route("/app/", get(missing))
            .route("/app/{*path}", get(missing));
        return missing.merge(join::router(app));
    }
    Router::new()
        .route("/app", get(page))
        .route("/app/", get(page))
        .route("/app/{*path}", get(file))
        .with_state(app)
}

async fn page(State(app): State<App>) -> Response {
    index(app.dashboard)
}

/// A file, where one has this name; else the page, which knows all other addresses.
async fn file(State(app): State<App>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    let found = app.dashboard.iter().find(|file| file.path == path && path != PAGE);
    match found {
        Some(file) => send(file, &headers),
        None if path.starts_with(HASHED) => (StatusCode::NOT_FOUND, "no such file").into_response(),
        None => index(app.dashboard),
    }
}

fn send(file: &'static File, asked: &HeaderMap) -> Response {
    let brotli = file.brotli.filter(|_| takes_brotli(asked));
    let mut response = brotli.unwrap_or(file.plain).into_response();
    let kind = TYPES.iter().find(|(end, _)| file.path.ends_with(end));
    let kind = kind.map_or("application/octet-stream", |(_, kind)| *kind);
    let hashed = file.path.starts_with(HASHED);
    let cache = if hashed { FOR_EVER } else { HeaderValue::from_static("no-cache") };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, cache);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if brotli.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

/// Whether `Accept-Encoding` names Brotli, and not with a weight of nothing.
fn takes_brotli(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        named && weight.is_none_or(|weight| 0.0 < weight)
    })
}

/// The page, with a number of its own that its policy knows.
fn index(files: Files) -> Response {
    let Some(file) = files.iter().find(|file| file.path == PAGE) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let nonce = BASE64_URL_SAFE_NO_PAD.encode(random_bytes::<16>());
    let html = String::from_utf8_lossy(file.plain).replace(NONCE, &nonce);
    let headers: [(HeaderName, String); 5] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy(&nonce)),
        // Some addresses hold a token.
        (header::REFERRER_POLICY, "same-origin".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, html).into_response()
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src-elem 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

async fn missing() -> Response {
    let answer = redirect::app_missing();
    let redirect::Body::Html(html) = answer.body else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, redirect::POLICY),
    ];
    (headers, html).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(line).unwrap());
        assert_eq!(takes_brotli(&headers), expected, "{line}");
    }

    #[test]
    fn brotli_goes_to_those_who_name_it() {
        check("gzip, deflate, br, zstd", true);
        check("BR;q=0.5", true);
        check("gzip, br; q=0", false);
        check("gzip;q=1.0, *;q=0", false);
        check("brotli", false);
        assert!(!takes_brotli(&HeaderMap::new()));
    }
}
