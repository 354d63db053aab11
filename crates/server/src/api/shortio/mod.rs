//! Short.io's API: raw keys in `Authorization`, bare objects and arrays.

mod areas;
mod country;
mod domains;
mod later;
mod link;
mod links;
mod region;
mod targets;

use axum::{
    Json, Router,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use model::{Error, Id, What};
use serde::Serialize;

use self::{country::NewCountry, region::NewRegion};
use super::{Authed, Body, Dialect, Failure, Params, Place, extract, place};
use crate::App;

pub(super) struct ShortIo;

type Result<T> = std::result::Result<T, Failure<ShortIo>>;

/// Fixed segments win over variable ones: `/link_region/list/US` is never a link's.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/links", post(links::create))
        .route("/links/expand", get(links::expand))
        .route("/links/{id}", get(links::find).post(links::update).delete(links::remove))
        .route("/api/links", get(links::list))
        .route("/link_region/{link}", get(areas::list::<NewRegion>).post(areas::set::<NewRegion>))
        .route("/link_region/bulk/{link}", post(areas::set_many::<NewRegion>))
        .route("/link_region/list/{country}", get(region::known))
        .route("/link_region/{link}/{country}/{region}", delete(region::remove))
        .route(
            "/link_country/{link}",
            get(areas::list::<NewCountry>).post(areas::set::<NewCountry>),
        )
        .route("/link_country/bulk/{link}", post(areas::set_many::<NewCountry>))
        .route("/link_country/{link}/{country}", delete(country::remove))
        .route("/api/domains", get(domains::list))
        .route("/domains", post(domains::create))
        .route("/domains/{id}", get(domains::find))
}

/// Short.io's words for the places of ours.
const WORDS: &place::Words = &[
    ("destination", "originalURL"),
    ("slug", "path"),
    ("clickLimit", "clicksLimit"),
    ("folder", "folderId"),
    ("status", "redirectType"),
];

impl Dialect for ShortIo {
    fn key(parts: &Parts) -> Option<String> {
        let raw = extract::header(parts, "authorization").map(str::to_owned);
        extract::bearer_key(parts).or(raw)
    }

    fn failure(error: &Error) -> Response {
        let status = match error {
            Error::NotFound(_) => StatusCode::NOT_FOUND,
            Error::Taken(_) | Error::Stale | Error::Diverged(_) | Error::FailedTests(_) => {
                StatusCode::CONFLICT
            }
            Error::Invalid(_) | Error::Malformed(_) => StatusCode::BAD_REQUEST,
            Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Error::Late => StatusCode::REQUEST_TIMEOUT,
            Error::Unauthenticated => StatusCode::UNAUTHORIZED,
            Error::Forbidden(_) => StatusCode::FORBIDDEN,
            Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = refusal(status, place::sentence(error, WORDS));
        if let Error::TooMany(seconds) = error {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        response
    }

    fn wrong_method() -> Response {
        refusal(StatusCode::METHOD_NOT_ALLOWED, "this path has no such method".to_owned())
    }
}

/// Short.io's endpoints report in four ways; this body reads right in each.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    success: bool,
    error: String,
    message: String,
    status_code: u16,
}

fn refusal(status: StatusCode, message: String) -> Response {
    let status_code = status.as_u16();
    let body = Refusal { success: false, error: message.clone(), message, status_code };
    (status, Json(body)).into_response()
}

/// The answer to a removal.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_string: Option<String>,
}

/// An id in any dialect's spelling; what is no id names nothing.
fn id<T>(text: &str, what: What) -> model::Result<Id<T>> {
    Id::parse(text).ok_or(Error::NotFound(what))
}
