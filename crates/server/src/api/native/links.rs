//! `/api/v1/links`.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{Caller, Change, Domain, Error, Link, LinkId, Stamp, What};
use store::Filter;

use super::{
    super::json,
    Authed, Body, Native, Page, Params, Place, Result, created, cursor, cut, id, insisting,
    link::LinkBody,
    link_view::LinkView,
    parameters::{Forced, IfMatch, LinkFilter, Paged},
    schema::NewLink as NewLinkBody,
};
use crate::{
    App,
    ops::{self, NewLink, Saved},
};

const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

/// Make a link
///
/// Only `destination` is required; without a slug the domain makes one. The answer holds warnings
/// of what may not have been meant.
#[utoipa::path(
    post,
    operation_id = "createLink",
    path = "/links",
    tag = "Links",
    request_body = NewLinkBody,
    responses((status = 201, description = "made", body = LinkView<'_>)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, LinkBody>,
) -> Result<Response> {
    let (domain, slug) = (body.domain.clone(), body.slug.clone());
    let password = body.password.clone().flatten();
    let new = NewLink {
        domain: domain.as_deref(),
        slug: slug.as_deref(),
        random_too: false,
        password: password.as_deref(),
    };
    let link = ops::create_link(&app, &caller, new, |domain| body.draft(domain)).await?;
    let path = format!("/api/v1/links/{}", link.id.split("lnk"));
    let mut response = created(path, LinkView::saved(&app, &link, 0));
    tag(&mut response, link.version);
    Ok(response)
}

/// Read a link
///
/// With its rules in order and the clicks of people. Any spelling of the id is read, those of the
/// other services too.
#[utoipa::path(
    get,
    operation_id = "getLink",
    path = "/links/{link}",
    tag = "Links",
    responses((status = 200, description = "as asked", body = LinkView<'_>)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<Response> {
    let link = ops::link(&app, &caller, id(&text, What::Link)?).await?;
    shown(&app, &caller, &link).await
}

/// List links
///
/// Newest first, unless `sort` says otherwise, those that fit all filters.
#[utoipa::path(
    get,
    operation_id = "listLinks",
    path = "/links",
    tag = "Links",
    params(LinkFilter, Paged),
    responses((status = 200, description = "as asked", body = Page<LinkView<'_>>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Response> {
    params.only(&[FILTERS, &["limit", "cursor"]].concat())?;
    let limit = params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let after = cursor(&params, LinkId::parse)?;
    let filter = filter(&app, &caller, &params)?;
    let mut links = ops::links(&app, &caller, &filter, after, limit + 1).await?;
    let more = cut(&mut links, limit);
    let ids: Vec<LinkId> = links.iter().map(|link| link.id).collect();
    let counts = ops::counts_of(&app, &caller, &ids).await?;
    let people = |id| counts.get(id).map_or(0, |count| count.people);
    let data = links.iter().map(|link| LinkView::of(&app, link, people(&link.id))).collect();
    let next = ids.last().filter(|_| more).map(|id| id.split("lnk"));
    Ok(Json(Page { data, next }).into_response())
}

/// Change a link
///
/// What is left out stays as it is; null removes what may be removed. A list of rules replaces the
/// whole list; rules that name the `id` of one keep it.
#[utoipa::path(
    patch,
    operation_id = "updateLink",
    path = "/links/{link}",
    tag = "Links",
    params(Forced, IfMatch),
    request_body = LinkBody,
    responses((status = 200, description = "as asked", body = LinkView<'_>)),
)]
pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
    params: Params,
    headers: HeaderMap,
    Body(body, _): Body<Native, LinkBody>,
) -> Result<Response> {
    let caller = insisting(caller, &params)?;
    let id = id(&text, What::Link)?;
    let with = Saved {
        version: read_version(&headers)?,
        slug: body.slug.as_deref(),
        password: Change::from(body.password.clone()),
    };
    let edit = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        body.patch_on(domain)?.apply(link, stamp)
    };
    let link = ops::save_link(&app, &caller, id, with, edit).await?;
    saved(&app, &caller, &link).await
}

/// Delete a link
///
/// Its addresses are free again at once; its clicks stay.
#[utoipa::path(
    delete,
    operation_id = "deleteLink",
    path = "/links/{link}",
    tag = "Links",
    params(IfMatch),
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
    headers: HeaderMap,
) -> Result<StatusCode> {
    let version = read_version(&headers)?;
    ops::delete_link_at(&app, &caller, id(&text, What::Link)?, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The parameters that choose links.
const FILTERS: &[&str] = &[
    "search",
    "tag",
    "domain",
    "folder",
    "archived",
    "enabled",
    "createdFrom",
    "createdBefore",
    "sort",
];

fn filter(app: &App, caller: &Caller, params: &Params) -> model::Result<Filter> {
    let domain = match params.get("domain") {
        Some(host) => Some(ops::domain_named(app, caller, Some(host))?.id),
        None => None,
    };
    let text = |name| params.get(name).map(str::to_owned);
    let time = |name| params.get(name).map(|text| json::time(name, text)).transpose();
    let oldest_first = match params.get("sort") {
        None | Some("newest") => false,
        Some("oldest") => true,
        Some(_) => return Err(Error::invalid("sort", "must be newest or oldest")),
    };
    Ok(Filter {
        domain,
        search: text("search"),
        tag: text("tag"),
        folder: text("folder"),
        archived: params.flag("archived")?,
        enabled: params.flag("enabled")?,
        created_from: time("createdFrom")?,
        created_before: time("createdBefore")?,
        oldest_first,
        ..Filter::default()
    })
}

/// The one link, with its clicks and its version.
async fn shown(app: &App, caller: &Caller, link: &Link) -> Result<Response> {
    answer(app, caller, link, LinkView::of).await
}

/// [`shown`] in answer to a save.
pub(super) async fn saved(app: &App, caller: &Caller, link: &Link) -> Result<Response> {
    answer(app, caller, link, LinkView::saved).await
}

async fn answer<'l>(
    app: &App,
    caller: &Caller,
    link: &'l Link,
    view: impl FnOnce(&App, &'l Link, i64) -> LinkView<'l>,
) -> Result<Response> {
    let counts = ops::counts_of(app, caller, &[link.id]).await?;
    let people = counts.get(&link.id).map_or(0, |count| count.people);
    let mut response = Json(view(app, link, people)).into_response();
    tag(&mut response, link.version);
    Ok(response)
}

pub(super) fn tag(response: &mut Response, version: i64) {
    let tag = format!("\"{version}\"");
    if let Ok(tag) = tag.parse() {
        response.headers_mut().insert(header::ETAG, tag);
    }
}

/// The version that `If-Match` names; a tag that is none of ours can match nothing.
pub(super) fn read_version(headers: &HeaderMap) -> Result<Option<i64>> {
    let Some(tag) = headers.get(header::IF_MATCH) else { return Ok(None) };
    match tag.to_str().unwrap_or_default().trim() {
        "*" => Ok(None),
        tag => {
            let number = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
            let number = number.and_then(|number| number.parse().ok());
            number.map(Some).ok_or_else(|| Error::Stale.into())
        }
    }
}
