//! Our own API, `/api/v1`: plain JSON in camelCase, RFC 9457 problems.

mod about;
mod analyse;
mod bin;
mod bulk;
mod clicks;
mod conversions;
mod cookie;
mod deliveries;
mod docs;
mod domains;
mod drafts;
mod events;
mod experiments;
mod explain;
mod export;
mod fields;
mod folders;
mod foreign_ids;
mod glossary;
mod import;
mod invitations;
mod keys;
mod link;
mod link_export;
mod link_view;
mod links;
mod matches;
mod me;
mod members;
mod openapi;
mod parameters;
mod passkeys;
mod pixels;
mod preferences;
mod preview;
mod problem;
mod qr;
mod reach;
mod repeat;
mod replay;
mod revisions;
mod rules;
mod schema;
mod sessions;
mod sheet;
mod slugs;
mod statistics;
mod stream;
mod tags;
mod tests;
mod totp;
mod visitors;
mod ways;
mod webhooks;

use axum::{
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use model::{Caller, Error};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Authed, Body, Dialect, Failure, Params, Place,
    extract::{self, id},
    json,
};
use crate::App;

pub(super) use self::{cookie::guard, openapi::documents, repeat::once};
pub(crate) use self::{
    cookie::set as session_cookie,
    events::{event_body, test_body},
};

pub(super) struct Native;

type Result<T> = std::result::Result<T, Failure<Native>>;

/// The paths below `/api/v1`, each with its part of the OpenAPI document.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(links::list, links::create))
        .routes(routes!(bulk::create, bulk::update, bulk::remove))
        .routes(routes!(import::import))
        .routes(routes!(bin::list))
        .routes(routes!(bin::undelete))
        .routes(routes!(link_export::export))
        .routes(routes!(links::find, links::update, links::remove))
        .routes(routes!(rules::list, rules::create))
        .routes(routes!(rules::find, rules::update, rules::remove))
        .routes(routes!(analyse::analyse))
        .routes(routes!(explain::explain))
        .routes(routes!(qr::find, qr::draw))
        .routes(routes!(foreign_ids::list, foreign_ids::create))
        .routes(routes!(foreign_ids::remove))
        .routes(routes!(tests::list, tests::create))
        .routes(routes!(tests::find, tests::update, tests::remove))
        .routes(routes!(tests::run))
        .routes(routes!(tests::run_all))
        .routes(routes!(revisions::list))
        .routes(routes!(revisions::find))
        .routes(routes!(revisions::restore))
        .routes(routes!(revisions::diff))
        .routes(routes!(drafts::find, drafts::save, drafts::remove))
        .routes(routes!(drafts::publish))
        .routes(routes!(replay::replay))
        .routes(routes!(matches::count))
        .routes(routes!(clicks::count))
        .routes(routes!(clicks::list))
        .routes(routes!(stream::stream))
        .routes(routes!(export::export))
        .routes(routes!(explain::explain_click))
        .routes(routes!(statistics::total))
        .routes(routes!(statistics::series))
        .routes(routes!(statistics::breakdown))
        .routes(routes!(statistics::cities))
        .routes(routes!(statistics::hours))
        .routes(routes!(statistics::dimensions))
        .routes(routes!(statistics::sparks::sparks))
        .routes(routes!(experiments::list))
        .routes(routes!(statistics::unmatched::unmatched))
        .routes(routes!(slugs::check))
        .routes(routes!(preview::preview))
        .routes(routes!(domains::list, domains::create))
        .routes(routes!(about::find))
        .routes(routes!(reach::check))
        .routes(routes!(domains::find, domains::update, domains::remove))
        .routes(routes!(conversions::list, conversions::create))
        .routes(routes!(conversions::pixel))
        .routes(routes!(visitors::list))
        .routes(routes!(visitors::remove))
        .routes(routes!(pixels::list, pixels::create))
        .routes(routes!(pixels::find, pixels::update, pixels::remove))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::find, webhooks::update, webhooks::remove))
        .routes(routes!(webhooks::renew))
        .routes(routes!(webhooks::test))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::find))
        .routes(routes!(deliveries::replay))
        .routes(routes!(deliveries::replay_all))
        .routes(routes!(tags::list))
        .routes(routes!(tags::update, tags::remove))
        .routes(routes!(folders::list, folders::create))
        .routes(routes!(folders::find, folders::update, folders::remove))
        .routes(routes!(fields::list))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::find, keys::update, keys::revoke))
        .routes(routes!(members::list))
        .routes(routes!(members::update, members::remove))
        .routes(routes!(invitations::list, invitations::create))
        .routes(routes!(invitations::accept))
        .routes(routes!(invitations::check))
        .routes(routes!(invitations::remove))
        .routes(routes!(sessions::list, sessions::create))
        .routes(routes!(sessions::remove))
        .routes(routes!(sessions::remove_here))
        .routes(routes!(ways::find))
        .routes(routes!(me::find))
        .routes(routes!(explain::me))
        .routes(routes!(preferences::find, preferences::save))
        .routes(routes!(me::change_password))
        .routes(routes!(passkeys::begin))
        .routes(routes!(passkeys::list, passkeys::create))
        .routes(routes!(passkeys::remove))
        .routes(routes!(passkeys::begin_sign_in))
        .routes(routes!(passkeys::sign_in))
        .routes(routes!(totp::begin, totp::remove))
        .routes(routes!(totp::confirm))
}

impl Dialect for Native {
    fn key(parts: &Parts) -> Option<String> {
        credential(&parts.headers)
    }

    fn failure(error: &Error) -> Response {
        problem::answer(error)
    }

    fn wrong_method() -> Response {
        problem::bare(StatusCode::METHOD_NOT_ALLOWED, "this path has no such method")
    }
}

/// What a request shows to be known: a key, or a session's token, in a browser as a cookie.
fn credential(headers: &HeaderMap) -> Option<String> {
    extract::bearer_key(headers).or_else(|| cookie::token(headers).map(str::to_owned))
}

/// A list of things, a page of it where there may be many.
#[derive(Serialize, ToSchema)]
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
    (StatusCode::CREATED, [(header::LOCATION, path)], shown(&view)).into_response()
}

/// As [`axum::Json`], which writes its bytes one by one into a buffer that is slower to write to.
fn shown(view: &impl Serialize) -> Response {
    match serde_json::to_vec(view) {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => Failure::<Native>::from(Error::internal(error)).into_response(),
    }
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

/// What `cursor` names: that with which the page before ended.
fn cursor<T>(params: &Params, read: impl FnOnce(&str) -> Option<T>) -> model::Result<Option<T>> {
    let none = || Error::invalid("cursor", "is none of ours: begin without one");
    params.get("cursor").map(|text| read(text).ok_or_else(none)).transpose()
}
