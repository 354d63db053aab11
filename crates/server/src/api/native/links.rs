//! `/api/v1/links`.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{Caller, Change, Domain, Error, Link, LinkId, Stamp, What};
use serde::Serialize;
use store::{Filter, Order, STATES};
use utoipa::ToSchema;

use super::{
    super::json,
    Authed, Body, Native, Params, Place, Result, created, cursor, cut, id, insisting,
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

/// A page of links.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LinkPage, example = json!({"data": [], "next": null}))]
pub(super) struct LinkPage<'a> {
    data: Vec<LinkView<'a>>,
    /// The cursor of the next page.
    next: Option<String>,
    /// How many links there are on all pages, where that was asked: 100,000 where they are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<i64>,
    /// Whether there are so many and no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    total_is_exact: Option<bool>,
}

/// Totals are counted so far.
const MOST_COUNTED: i64 = 100_000;

/// List links
///
/// Newest first, unless `sort` says otherwise, those that fit all filters.
#[utoipa::path(
    get,
    operation_id = "listLinks",
    path = "/links",
    tag = "Links",
    params(LinkFilter, Paged, ("total" = Option<bool>, Query, description = "Whether to count the links of all pages.", example = true)),
    responses((status = 200, description = "as asked", body = LinkPage<'_>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Response> {
    params.only(&[FILTERS, &["sort", "limit", "cursor", "total"]].concat())?;
    let limit = params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let order = order(&params)?;
    let after = cursor(&params, |text| order.place(text))?;
    let filter = filter(&app, &caller, &params)?;
    let mut found =
        ops::links_in_order(&app, &caller, &filter, order, after.as_ref(), limit + 1).await?;
    let more = cut(&mut found, limit);
    let next = found.last().filter(|_| more).map(|(_, place)| place.text(order));
    let ids: Vec<LinkId> = found.iter().map(|(link, _)| link.id).collect();
    let counts = ops::counts_of(&app, &caller, &ids).await?;
    let people = |id| counts.get(id).map_or(0, |count| count.people);
    let data = found.iter().map(|(link, _)| LinkView::of(&app, link, people(&link.id))).collect();
    let total = match params.flag("total")? {
        Some(true) => Some(ops::count_links_to(&app, &caller, &filter, MOST_COUNTED + 1).await?),
        Some(false) | None => None,
    };
    Ok(Json(LinkPage {
        data,
        next,
        total: total.map(|total| total.min(MOST_COUNTED)),
        total_is_exact: total.map(|total| total <= MOST_COUNTED),
    })
    .into_response())
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
/// Its addresses are free again at once; its clicks stay. For 30 days it can be brought back
/// (`POST /api/v1/links/{link}/undelete`).
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
pub(super) const FILTERS: &[&str] = &[
    "search",
    "tag",
    "domain",
    "folder",
    "state",
    "archived",
    "enabled",
    "createdFrom",
    "createdBefore",
];

pub(super) fn filter(app: &App, caller: &Caller, params: &Params) -> model::Result<Filter> {
    let domain = match params.get("domain") {
        Some(host) => Some(ops::domain_named(app, caller, Some(host))?.id),
        None => None,
    };
    let text = |name| params.get(name).map(str::to_owned);
    let time = |name| params.get(name).map(|text| json::time(name, text)).transpose();
    let state = match params.get("state") {
        None => None,
        Some(name) => {
            let row = STATES.iter().find(|row| row.1 == name).ok_or_else(|| {
                let names: Vec<_> = STATES.iter().map(|row| row.1).collect();
                Error::invalid("state", format!("must be one of {}", names.join(", ")))
            })?;
            Some((row.0, app.now()))
        }
    };
    let tags = params.all("tag").map(statistics::split).collect();
    Ok(Filter {
        domain,
        search: text("search"),
        tags,
        state,
        folder: text("folder"),
        archived: params.flag("archived")?,
        enabled: params.flag("enabled")?,
        created_from: time("createdFrom")?,
        created_before: time("createdBefore")?,
        ..Filter::default()
    })
}

/// The order that `sort` names; `newest` and `oldest` are words for two of them.
pub(super) fn order(params: &Params) -> model::Result<Order> {
    let name = match params.get("sort") {
        None | Some("newest") => "-created",
        Some("oldest") => "created",
        Some(name) => name,
    };
    Order::named(name).ok_or_else(|| {
        let names: Vec<_> = Order::names().collect();
        let why = format!("must be newest, oldest or one of {}", names.join(", "));
        Error::invalid("sort", format!("{why}, with - before it from the last to the first"))
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
