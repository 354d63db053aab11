//! BeLink's API: the one call that dgLnk documents, and the paths of its later generation.

mod body;
mod create;
mod groups;
mod links;
mod page;
mod pixels;
mod reference;
mod reports;
mod rule;
mod token;
mod view;

use axum::{
    Json, Router,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use model::{Caller, Error, LinkId, What};
use serde::Serialize;
use serde_json::{Map, Value, json};
use targeting::Problem;

use super::{
    Authed, Dialect, Failure, Params, Place,
    extract::{self, id},
    json,
    words::Words,
};
use crate::{App, ops};

pub(super) struct DgLnk;

type Result<T> = std::result::Result<T, Failure<DgLnk>>;

pub(super) fn routes() -> Router<App> {
    let later = LATER.iter().fold(Router::new(), |router, path| {
        router.route(path, any(missing)).route(&format!("{path}/{{*rest}}"), any(missing))
    });
    later
        .route("/api/links/create", post(create::create))
        .route("/api/v1/link", get(links::list).post(create::create_one))
        .route("/api/v1/link/{id}", get(links::find).put(links::update).delete(links::remove))
        .route("/api/v1/link/batch/shorten", post(create::create_many))
        .route("/api/v1/link/csv/export", post(links::export))
        .route("/api/v1/link/csv/download", get(links::download))
        .route("/api/v1/reports/clicks", get(reports::clicks))
        .route("/api/v1/tracking-pixel", get(pixels::list).post(pixels::create))
        .route(
            "/api/v1/tracking-pixel/{id}",
            get(pixels::find).put(pixels::update).delete(pixels::remove),
        )
        .route("/api/v1/link-group", get(groups::list).post(groups::create))
        .route(
            "/api/v1/link-group/{id}",
            get(groups::find).put(groups::update).delete(groups::remove),
        )
}

/// Families of paths that the later generation has and this server does not.
const LATER: &[&str] =
    &["/api/v1/auth", "/api/v1/biolink", "/api/v1/link-overlay", "/api/v1/link-page"];

/// `{"status":"success"}`.
#[derive(Serialize)]
struct Done {
    status: &'static str,
}

impl Done {
    const DONE: Done = Done { status: "success" };
}

/// So that a script hears that it asks for something that is not there, and not that it mistyped.
async fn missing(_: Authed<DgLnk>) -> Response {
    general(
        StatusCode::NOT_IMPLEMENTED,
        "This server has no biolinks, overlays, pages or accounts of BeLink's: keys are made with \
         `waypost key create`, links under /api/v1/link.",
    )
}

/// BeLink's words for ours.
const WORDS: Words = Words {
    things: &[(What::Slug, "alias"), (What::Folder, "group")],
    places: &[
        ("destination", "long_url"),
        ("slug", "alias"),
        ("domain", "domain_id"),
        ("expiresAt", "expires_at"),
        ("startsAt", "activates_at"),
        ("clickLimit", "expiration_clicks"),
        ("parameters", "utm"),
        ("code", "pixel_id"),
        ("folder", "groups"),
    ],
};

impl Dialect for DgLnk {
    /// The key, where the request's address or headers hold it; see [`token`] for the body's.
    fn key(parts: &Parts) -> Option<String> {
        token::in_query(parts).or_else(|| token::in_headers(parts))
    }

    fn failure(error: &Error) -> Response {
        let message = || WORDS.sentence(error);
        match error {
            Error::Invalid(problems) => invalid(problems),
            Error::Taken(What::Slug) => {
                invalid(&[Problem::new("alias", "The alias has already been taken.")])
            }
            Error::Unauthenticated
            | Error::WrongPassword
            | Error::CodeWanted
            | Error::WrongCode
            | Error::WrongPasskey => {
                let text = "Unauthenticated.";
                let body = json!({ "error": text, "message": text });
                (StatusCode::UNAUTHORIZED, Json(body)).into_response()
            }
            Error::Forbidden(_) | Error::Confined | Error::CrossSite => {
                let body = json!({
                    "status": "error",
                    "messages": { "general": message() },
                    "showUpgradeButton": false,
                    "message": message(),
                });
                (StatusCode::FORBIDDEN, Json(body)).into_response()
            }
            Error::NotFound(_) => general(StatusCode::NOT_FOUND, &message()),
            Error::Taken(_)
            | Error::Stale
            | Error::UnderWay
            | Error::Diverged(_)
            | Error::FailedTests(_) => general(StatusCode::CONFLICT, &message()),
            Error::Malformed(_) => general(StatusCode::BAD_REQUEST, &message()),
            Error::TooLarge(_) => general(StatusCode::PAYLOAD_TOO_LARGE, &message()),
            Error::Late => general(StatusCode::REQUEST_TIMEOUT, &message()),
            Error::TooMany(_) => general(StatusCode::TOO_MANY_REQUESTS, &message()),
            Error::Unavailable(_) => general(StatusCode::SERVICE_UNAVAILABLE, &message()),
            Error::Full(_) => general(StatusCode::INSUFFICIENT_STORAGE, &message()),
            Error::Internal(_) => general(StatusCode::INTERNAL_SERVER_ERROR, &message()),
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
        let at = dotted(&WORDS.place(&problem.at));
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

/// The link that a client means: by our id in any spelling, or by the one that it had at the service.
async fn link_id(app: &App, caller: &Caller, text: &str) -> model::Result<LinkId> {
    ops::link_id(app, caller, "dglnk", text).await
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
