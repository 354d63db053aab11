//! Short.io's API: raw keys in `Authorization`, bare objects and arrays.

mod areas;
mod country;
mod domains;
mod folders;
mod kept;
mod link;
mod links;
mod making;
mod many;
mod opengraph;
mod permissions;
mod qr;
mod region;
mod statistics;
mod targets;

use axum::{
    Json, Router,
    http::{Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use model::{Caller, DomainId, Error, Link, LinkId, What};
use serde::Serialize;
use tower_http::cors::{Any, CorsLayer};

use self::{country::NewCountry, region::NewRegion};
use super::{
    Authed, Body, Dialect, Failure, MaybeBody, Params, Place,
    extract::{self, id},
    words::Words,
};
use crate::{App, ops};

pub(super) struct ShortIo;

type Result<T> = std::result::Result<T, Failure<ShortIo>>;

/// What a browser may ask of the one call that is made for pages: a public key makes a link.
fn from_any_page() -> CorsLayer {
    CorsLayer::new().allow_origin(Any).allow_methods([Method::POST]).allow_headers([
        header::ACCEPT,
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
    ])
}

/// Fixed segments win over variable ones: `/link_region/list/US` is never a link's.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/links", post(making::create))
        .route(
            "/links/public",
            // The layer answers what browsers ask before they post, if there is such a method.
            post(making::create_public).options(async || ()).layer(from_any_page()),
        )
        .route("/links/bulk", post(making::create_many))
        .route("/links/tweetbot", get(making::create_simply))
        .route("/links/examples", post(making::create_examples))
        .route("/links/duplicate/{id}", post(making::duplicate))
        .route("/links/expand", get(links::expand))
        .route("/links/by-original-url", get(links::by_url))
        .route("/links/multiple-by-url", get(links::many_by_url))
        .route("/links/archive", post(many::archive))
        .route("/links/unarchive", post(many::unarchive))
        .route("/links/archive_bulk", post(many::archive_all))
        .route("/links/unarchive_bulk", post(many::unarchive_all))
        .route("/links/delete_bulk", delete(many::delete_all))
        .route("/tags/bulk", post(many::tag_all))
        .route("/links/qr/bulk", post(qr::zip))
        .route("/links/qr/{id}", post(qr::one))
        .route("/links/opengraph/{domain}/{link}", get(opengraph::show).put(opengraph::replace))
        .route("/links/permissions/{domain}/{link}", get(permissions::list))
        .route(
            "/links/permissions/{domain}/{link}/{user}",
            post(permissions::add).delete(permissions::remove),
        )
        .route("/links/folders", post(folders::create))
        .route("/links/folders/{domain}", get(folders::list))
        .route("/links/folders/{domain}/{folder}", get(folders::find))
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
        .route("/statistics/link/{id}", get(statistics::link).post(statistics::link))
        .route("/statistics/link/{id}/top", post(statistics::link_top))
        .route("/statistics/link/{id}/by_interval", post(statistics::link_series))
        .route("/statistics/domain/{id}", get(statistics::domain).post(statistics::domain))
        .route("/statistics/domain/{id}/top", post(statistics::domain_top))
        .route("/statistics/domain/{id}/by_interval", post(statistics::domain_series))
        .route(
            "/statistics/domain/{id}/link_clicks",
            get(statistics::of_links).post(statistics::of_paths),
        )
        .route("/statistics/domain/{id}/last_clicks", post(statistics::last))
        .route("/api/domains", get(domains::list))
        .route("/domains", post(domains::create))
        .route("/domains/{id}", get(domains::find))
        .route("/domains/settings/{id}", post(domains::update))
}

/// Short.io's words for ours.
const WORDS: Words = Words {
    things: &[(What::Slug, "path"), (What::Path, "API path")],
    places: &[
        ("destination", "originalURL"),
        ("from", "startDate"),
        ("slug", "path"),
        ("clickLimit", "clicksLimit"),
        ("folder", "folderId"),
        ("status", "redirectType"),
        ("deleteAt", "ttl"),
        ("expiresAfterDays", "expiresAtDays"),
    ],
};

impl Dialect for ShortIo {
    fn key(parts: &Parts) -> Option<String> {
        let raw = extract::header(parts, "authorization").map(str::to_owned);
        // That call is for those who can send no header.
        let simple = || {
            let query = parts.uri.query().unwrap_or_default();
            let found = extract::pairs(query).find(|(name, _)| name == "apiKey");
            found.map(|(_, key)| key.into_owned())
        };
        let simple = || parts.uri.path().ends_with("/links/tweetbot").then(simple).flatten();
        extract::bearer_key(&parts.headers).or(raw).or_else(simple)
    }

    fn failure(error: &Error) -> Response {
        refusal(status(error), WORDS.sentence(error))
    }

    fn wrong_method() -> Response {
        refusal(StatusCode::METHOD_NOT_ALLOWED, "this path has no such method".to_owned())
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound(_) => StatusCode::NOT_FOUND,
        Error::Taken(_)
        | Error::Stale
        | Error::UnderWay
        | Error::Diverged(_)
        | Error::FailedTests(_) => StatusCode::CONFLICT,
        Error::Invalid(_) | Error::Malformed(_) => StatusCode::BAD_REQUEST,
        Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Late => StatusCode::REQUEST_TIMEOUT,
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

/// The answer where there is nothing to show.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_string: Option<String>,
}

impl Done {
    const DONE: Done = Done { success: true, id_string: None };
}

/// A link of a domain, both as a path names them.
async fn on_domain(app: &App, caller: &Caller, domain: &str, link: &str) -> model::Result<Link> {
    let domain: DomainId = id(domain, What::Domain)?;
    let link = ops::link(app, caller, link_id(app, caller, link).await?).await?;
    let is_on_it = link.addresses.iter().any(|address| address.domain == domain);
    if is_on_it { Ok(link) } else { Err(Error::NotFound(What::Link)) }
}

/// The link that a client means: by our id in any spelling, or by the one that it had at the service.
async fn link_id(app: &App, caller: &Caller, text: &str) -> model::Result<LinkId> {
    ops::link_id(app, caller, "shortio", text).await
}
