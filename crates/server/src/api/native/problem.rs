//! Failures as RFC 9457 problems.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{Divergence, Error};
use serde::Serialize;

/// `application/problem+json`, with the places of what is invalid.
#[derive(Serialize)]
struct Problem<'e> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault<'e>>,
    /// How a draft and its link went apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    diverged: Option<&'e Divergence>,
}

#[derive(Serialize)]
struct Fault<'e> {
    at: &'e str,
    detail: &'e str,
}

pub(super) fn answer(error: &Error) -> Response {
    let status = match error {
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Taken(_) | Error::Diverged(_) | Error::FailedTests(_) => StatusCode::CONFLICT,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Malformed(_) => StatusCode::BAD_REQUEST,
        Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Late => StatusCode::REQUEST_TIMEOUT,
        Error::Stale => StatusCode::PRECONDITION_FAILED,
        Error::Unauthenticated => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let faults = match error {
        Error::Invalid(problems) | Error::FailedTests(problems) => {
            problems.iter().map(|problem| Fault { at: &problem.at, detail: &problem.why }).collect()
        }
        _ => Vec::new(),
    };
    let diverged = match error {
        Error::Diverged(divergence) => Some(&**divergence),
        _ => None,
    };
    let mut response = problem(status, error.to_string(), faults, diverged);
    let headers = response.headers_mut();
    match error {
        Error::Unauthenticated => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Error::TooMany(seconds) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        Error::Unavailable(_) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(1));
        }
        _ => (),
    }
    response
}

pub(super) fn bare(status: StatusCode, detail: &str) -> Response {
    problem(status, detail.to_owned(), Vec::new(), None)
}

fn problem(
    status: StatusCode,
    detail: String,
    errors: Vec<Fault<'_>>,
    diverged: Option<&Divergence>,
) -> Response {
    // `about:blank` says that the status tells the kind, and its phrase is the title.
    let title = status.canonical_reason().unwrap_or_default();
    let status_code = status.as_u16();
    let body =
        Problem { r#type: "about:blank", title, status: status_code, detail, errors, diverged };
    let kind = HeaderValue::from_static("application/problem+json");
    (status, [(header::CONTENT_TYPE, kind)], Json(body)).into_response()
}
