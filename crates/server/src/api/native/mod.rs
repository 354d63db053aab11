//! Our own API, `/api/v1`: plain JSON in camelCase, RFC 9457 problems.

mod analyse;
mod clicks;
mod domains;
mod drafts;
mod explain;
mod fields;
mod keys;
mod link;
mod links;
mod problem;
mod qr;
mod revisions;
mod rules;
mod statistics;
mod tests;

use axum::{
    Json, Router,
    extract::{FromRequest, Request},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use model::{Caller, Error, Id, What};
use serde::{Serialize, de::DeserializeOwned};

use super::{Authed, Body, Dialect, Failure, Params, Place, extract, json};
use crate::App;

pub(super) struct Native;

type Result<T> = std::result::Result<T, Failure<Native>>;

/// The paths below `/api/v1`.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/links", get(links::list).post(links::create))
        .route("/links/{id}", get(links::find).patch(links::update).delete(links::remove))
        .route("/links/{id}/rules", get(rules::list).post(rules::create))
        .route(
            "/links/{id}/rules/{rule}",
            get(rules::find).patch(rules::update).delete(rules::remove),
        )
        .route("/links/{id}/clicks", get(clicks::count))
        .route("/links/{id}/qr", get(qr::find).post(qr::draw))
        .route("/clicks", get(clicks::list))
        .route("/clicks/{id}/explain", get(explain::explain_click))
        .route("/links/{id}/explain", post(explain::explain))
        .route("/links/{id}/revisions", get(revisions::list))
        .route("/links/{id}/revisions/{number}", get(revisions::find))
        .route("/links/{id}/revisions/{number}/restore", post(revisions::restore))
        .route("/links/{id}/revisions/{number}/diff/{to}", get(revisions::diff))
        .route("/links/{id}/draft", get(drafts::find).put(drafts::save).delete(drafts::remove))
        .route("/links/{id}/draft/publish", post(drafts::publish))
        .route("/links/{id}/analyse", post(analyse::analyse))
        .route("/links/{id}/tests", get(tests::list).post(tests::create))
        .route("/links/{id}/tests/run", post(tests::run))
        .route(
            "/links/{id}/tests/{test}",
            get(tests::find).patch(tests::update).delete(tests::remove),
        )
        .route("/tests/run", post(tests::run_all))
        .route("/domains", get(domains::list).post(domains::create))
        .route("/domains/{id}", get(domains::find).patch(domains::update).delete(domains::remove))
        .route("/keys", get(keys::list).post(keys::create))
        .route("/keys/{id}", delete(keys::revoke))
        .route("/fields", get(fields::list))
        .route("/statistics/dimensions", get(statistics::dimensions))
        .route("/statistics/total", get(statistics::total))
        .route("/statistics/series", get(statistics::series))
        .route("/statistics/breakdown", get(statistics::breakdown))
        .route("/statistics/hours", get(statistics::hours))
}

impl Dialect for Native {
    fn key(parts: &Parts) -> Option<String> {
        extract::bearer_key(parts)
    }

    fn failure(error: &Error) -> Response {
        problem::answer(error)
    }

    fn wrong_method() -> Response {
        problem::bare(StatusCode::METHOD_NOT_ALLOWED, "this path has no such method")
    }
}

/// A list of things, a page of it where there may be many.
#[derive(Serialize)]
struct Page<T> {
    data: Vec<T>,
    /// The cursor of the next page.
    next: Option<String>,
}

impl<T> Page<T> {
    fn whole(data: Vec<T>) -> Page<T> {
        Page { data, next: None }
    }
}

/// Cuts a list, of which one more than a page was asked for; whether there was more.
fn cut<T>(list: &mut Vec<T>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or_default();
    let more = limit < list.len();
    list.truncate(limit);
    more
}

/// 201, and where the new thing is.
fn created(path: String, view: impl Serialize) -> Response {
    (StatusCode::CREATED, [(header::LOCATION, path)], Json(view)).into_response()
}

/// A JSON body that may be left out.
struct MaybeBody<T>(T);

impl<T: DeserializeOwned + Default> FromRequest<App> for MaybeBody<T> {
    type Rejection = Failure<Native>;

    async fn from_request(request: Request, _: &App) -> Result<Self> {
        let body = extract::whole(request.into_body()).await?;
        if body.trim_ascii().is_empty() {
            return Ok(MaybeBody(T::default()));
        }
        Ok(MaybeBody(json::read(&body)?))
    }
}

/// The caller of a save, which `?force=true` makes even where link tests fail or a draft's link
/// has moved on.
fn insisting(caller: Caller, params: &Params) -> model::Result<Caller> {
    params.only(&["force"])?;
    Ok(Caller { insists: params.flag("force")?.unwrap_or(false), ..caller })
}

/// An id in any dialect's spelling; what is no id names nothing.
fn id<T>(text: &str, what: What) -> model::Result<Id<T>> {
    Id::parse(text).ok_or(Error::NotFound(what))
}
