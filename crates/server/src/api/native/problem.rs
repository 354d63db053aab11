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
pub(super) struct Problem<'e> {
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
    let mut response = respond(&describe(error));
    if let Error::Unauthenticated = error {
        let scheme = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    }
    response
}

pub(super) fn bare(status: StatusCode, detail: &str) -> Response {
    respond(&Problem::new(status, detail.to_owned()))
}

/// A failure in the form of RFC 9457.
pub(super) fn describe(error: &Error) -> Problem<'_> {
    let status = match error {
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Taken(_) | Error::UnderWay | Error::Diverged(_) | Error::FailedTests(_) => {
            StatusCode::CONFLICT
        }
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Malformed(_) => StatusCode::BAD_REQUEST,
        Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Late => StatusCode::REQUEST_TIMEOUT,
        Error::Stale => StatusCode::PRECONDITION_FAILED,
        Error::Unauthenticated
        | Error::WrongPassword
        | Error::CodeWanted
        | Error::WrongCode
        | Error::WrongPasskey => StatusCode::UNAUTHORIZED,
        Error::Forbidden(_) | Error::Confined | Error::CrossSite => StatusCode::FORBIDDEN,
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Full(_) => StatusCode::INSUFFICIENT_STORAGE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let mut problem = Problem::new(status, error.to_string());
    match error {
        // The status alone does not tell a program what to ask for next.
        Error::CodeWanted => problem.r#type = "urn:waypost:code-wanted",
        Error::WrongCode => problem.r#type = "urn:waypost:wrong-code",
        Error::Invalid(found) | Error::FailedTests(found) => {
            problem.errors = found.iter().map(|it| Fault { at: &it.at, detail: &it.why }).collect();
        }
        Error::Diverged(divergence) => problem.diverged = Some(divergence),
        _ => (),
    }
    problem
}

impl<'e> Problem<'e> {
    fn new(status: StatusCode, detail: String) -> Problem<'e> {
        Problem {
            // `about:blank` says that the status tells the kind, and its phrase is the title.
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail,
            errors: Vec::new(),
            diverged: None,
        }
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }
}

fn respond(problem: &Problem<'_>) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = HeaderValue::from_static("application/problem+json");
    (status, [(header::CONTENT_TYPE, kind)], Json(problem)).into_response()
}
