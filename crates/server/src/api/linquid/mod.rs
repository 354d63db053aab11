//! Linquid's API, in the generation of its page on rules: `X-API-Key` and `/api/…`.

mod analytics;
mod attached;
mod condition;
mod conversions;
mod link;
mod links;
mod rule;
mod rules;
mod typed;

use axum::{
    Json, Router,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use model::{Caller, Error, LinkId, What};
use serde::Serialize;

use super::{
    Authed, Body, Dialect, Failure, Params, Place,
    extract::{self, id},
    words::Words,
};
use crate::{App, ops};

pub(super) struct Linquid;

type Result<T> = std::result::Result<T, Failure<Linquid>>;

pub(super) const KEY_HEADER: &str = "x-api-key";

pub(super) fn routes() -> Router<App> {
    let api = api();
    // An older generation has the same paths without `/api`.
    Router::new().nest("/api", api.clone()).merge(api)
}

fn api() -> Router<App> {
    Router::new()
        .route("/rules", post(rules::create).get(rules::list))
        .route(
            "/rules/{id}",
            get(rules::find).patch(rules::update).put(rules::update).delete(rules::remove),
        )
        .route("/rules/backfill-snapshots", post(attached::backfill))
        .route("/rules/{id}/attach", post(attached::attach))
        .route("/rules/{id}/attach/{link}", delete(attached::detach))
        .route("/rules/{id}/links", get(attached::links))
        .route("/analytics", get(analytics::all))
        .route("/analytics/clicks", get(analytics::clicks))
        .route("/analytics/{link}", get(analytics::one))
        .route("/conversions/track", post(conversions::track))
        .route("/conversions/postback", get(conversions::postback).post(conversions::postback))
        .route("/links", post(links::create).get(links::list))
        .route(
            "/links/{id}",
            get(links::find).patch(links::update).put(links::update).delete(links::remove),
        )
}

/// Linquid's words for ours.
const WORDS: Words = Words {
    things: &[(What::Slug, "short code"), (What::Folder, "campaign")],
    places: &[
        ("destination", "destinationUrl"),
        ("slug", "shortCode"),
        ("domain", "domainId"),
        ("folder", "campaignId"),
        ("clickLimit", "clicksLimit"),
        ("when.all", "conditions"),
        ("when.any", "conditions"),
        ("when", "conditions"),
        ("action.redirect", "destinationUrl"),
    ],
};

impl Dialect for Linquid {
    fn key(parts: &Parts) -> Option<String> {
        let own = extract::header(parts, KEY_HEADER).map(str::to_owned);
        own.or_else(|| extract::bearer_key(&parts.headers))
    }

    fn failure(error: &Error) -> Response {
        let (status, code) = match error {
            Error::NotFound(_) => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Error::Taken(What::Slug) => (StatusCode::CONFLICT, "SHORT_CODE_EXISTS"),
            Error::Taken(_)
            | Error::Stale
            | Error::UnderWay
            | Error::Diverged(_)
            | Error::FailedTests(_) => (StatusCode::CONFLICT, "CONFLICT"),
            Error::Invalid(_) | Error::Malformed(_) => {
                (StatusCode::BAD_REQUEST, "VALIDATION_ERROR")
            }
            Error::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "VALIDATION_ERROR"),
            Error::Late => (StatusCode::REQUEST_TIMEOUT, "VALIDATION_ERROR"),
            Error::Unauthenticated
            | Error::WrongPassword
            | Error::CodeWanted
            | Error::WrongCode
            | Error::WrongPasskey => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"),
            Error::Forbidden(_) | Error::Confined | Error::CrossSite => {
                (StatusCode::FORBIDDEN, "FORBIDDEN")
            }
            Error::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"),
            Error::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
            Error::Full(_) => (StatusCode::INSUFFICIENT_STORAGE, "UNAVAILABLE"),
            Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR"),
        };
        let message = match error {
            // Two texts that Linquid's own pages show.
            Error::Unauthenticated => "Invalid or missing API key".to_owned(),
            Error::Taken(What::Slug) => "This short code is already in use".to_owned(),
            _ => WORDS.sentence(error),
        };
        refusal(status, code, message)
    }

    fn wrong_method() -> Response {
        let message = "this path has no such method".to_owned();
        refusal(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message)
    }
}

#[derive(Serialize)]
struct Refusal {
    success: bool,
    error: Fault,
}

#[derive(Serialize)]
struct Fault {
    code: &'static str,
    message: String,
}

fn refusal(status: StatusCode, code: &'static str, message: String) -> Response {
    (status, Json(Refusal { success: false, error: Fault { code, message } })).into_response()
}

/// The envelope of every success.
#[derive(Serialize)]
struct Envelope<T> {
    success: bool,
    data: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    pagination: Option<Pagination>,
}

/// Pages count from 1. `totalPages` is an older generation's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    total: i64,
    page: i64,
    limit: i64,
    has_more: bool,
    total_pages: i64,
}

/// What remains of something that was deleted.
#[derive(Serialize)]
struct Gone {
    id: String,
    deleted: bool,
}

fn envelope<T>(data: T) -> Json<Envelope<T>> {
    Json(Envelope { success: true, data, pagination: None })
}

/// Which page of a list is asked for.
struct Asked {
    page: i64,
    limit: i64,
}

const PAGE: i64 = 20;
const LARGEST_PAGE: i64 = 100;
/// Nobody turns more pages, and the numbers stay small.
const LAST_PAGE: i64 = 1_000_000;

impl Asked {
    fn read(params: &Params) -> model::Result<Asked> {
        Ok(Asked {
            page: params.whole("page", 1..=LAST_PAGE)?.unwrap_or(1),
            limit: params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE),
        })
    }

    /// How many things stand on the pages before.
    fn skipped(&self) -> i64 {
        (self.page - 1) * self.limit
    }

    /// The page of a whole list.
    fn cut<T>(&self, all: Vec<T>) -> Json<Envelope<Vec<T>>> {
        let total = all.len() as i64;
        let page = all.into_iter().skip(self.skipped() as usize).take(self.limit as usize);
        self.answer(page.collect(), total)
    }

    fn answer<T>(&self, data: Vec<T>, total: i64) -> Json<Envelope<Vec<T>>> {
        let pagination = Pagination {
            total,
            page: self.page,
            limit: self.limit,
            has_more: self.skipped() + (data.len() as i64) < total,
            total_pages: (total + self.limit - 1) / self.limit,
        };
        Json(Envelope { success: true, data, pagination: Some(pagination) })
    }
}

/// The link that a client means: by our id in any spelling, or by the one that it had at the service.
async fn link_id(app: &App, caller: &Caller, text: &str) -> model::Result<LinkId> {
    ops::link_id(app, caller, "linquid", text).await
}
