//! BeLink's API, as dgLnk runs it: one path that makes links.

mod create;
mod rule;
mod token;

use axum::{
    Json, Router,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::post,
};
use model::{Error, What};
use serde_json::{Map, Value, json};
use targeting::Problem;

use super::{Dialect, Failure, extract, json, place};
use crate::App;

pub(super) struct DgLnk;

type Result<T> = std::result::Result<T, Failure<DgLnk>>;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/links/create", post(create::create))
}

/// BeLink's words for the places of ours.
const WORDS: &place::Words = &[
    ("destination", "long_url"),
    ("slug", "alias"),
    ("domain", "domain_id"),
    ("expiresAt", "expires_at"),
];

impl Dialect for DgLnk {
    /// The key, where the request's address or headers hold it; see [`token`] for the body's.
    fn key(parts: &Parts) -> Option<String> {
        token::in_query(parts).or_else(|| token::in_headers(parts))
    }

    fn failure(error: &Error) -> Response {
        match error {
            Error::Invalid(problems) => invalid(problems),
            Error::Taken(What::Slug) => {
                invalid(&[Problem::new("alias", "The alias has already been taken.")])
            }
            Error::Unauthenticated | Error::WrongPassword => {
                let text = "Unauthenticated.";
                let body = json!({ "error": text, "message": text });
                (StatusCode::UNAUTHORIZED, Json(body)).into_response()
            }
            Error::Forbidden(_) => {
                let message = error.to_string();
                let body = json!({
                    "status": "error",
                    "messages": { "general": message },
                    "showUpgradeButton": false,
                    "message": message,
                });
                (StatusCode::FORBIDDEN, Json(body)).into_response()
            }
            Error::NotFound(_) => general(StatusCode::NOT_FOUND, &error.to_string()),
            Error::Taken(_)
            | Error::Stale
            | Error::UnderWay
            | Error::Diverged(_)
            | Error::FailedTests(_) => general(StatusCode::CONFLICT, &error.to_string()),
            Error::Malformed(_) => general(StatusCode::BAD_REQUEST, &error.to_string()),
            Error::TooLarge(_) => general(StatusCode::PAYLOAD_TOO_LARGE, &error.to_string()),
            Error::Late => general(StatusCode::REQUEST_TIMEOUT, &error.to_string()),
            Error::TooMany(seconds) => {
                let mut response = general(StatusCode::TOO_MANY_REQUESTS, &error.to_string());
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
                response
            }
            Error::Unavailable(_) => general(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
            Error::Internal(_) => general(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
        }
    }

    fn wrong_method() -> Response {
        general(StatusCode::METHOD_NOT_ALLOWED, "this path has no such method")
    }
}

/// Two generations of BeLink name the fields' texts differently; clients of either read this.
fn invalid(problems: &[Problem]) -> Response {
    let mut fields: Map<String, Value> = Map::new();
    let mut sentences: Vec<String> = Vec::new();
    for problem in problems {
        let at = dotted(&place::spelled(&problem.at, WORDS));
        sentences.push(format!("{at}: {}", problem.why));
        let texts = fields.entry(at).or_insert_with(|| json!([]));
        if let Value::Array(texts) = texts {
            texts.push(json!(problem.why));
        }
    }
    let body = json!({
        "status": "error",
        "messages": fields,
        "message": sentences.join("; "),
        "errors": fields,
    });
    (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
}

fn general(status: StatusCode, message: &str) -> Response {
    let body =
        json!({ "status": "error", "messages": { "general": [message] }, "message": message });
    (status, Json(body)).into_response()
}

/// `rules.0.key` for `rules[0].key`, as Laravel writes places; the whole body is `general`.
fn dotted(at: &str) -> String {
    match at {
        "" => "general".to_owned(),
        at => at.replace('[', ".").replace(']', "").trim_start_matches('.').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_dotted() {
        assert_eq!(dotted("rules[0].key"), "rules.0.key");
        assert_eq!(dotted("multiple_urls[3]"), "multiple_urls.3");
        assert_eq!(dotted("long_url"), "long_url");
        assert_eq!(dotted(""), "general");
    }
}
