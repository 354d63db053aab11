//! `/links`: finding, changing and removing links.

use axum::{Json, extract::State};
use jiff::{SignedDuration, Timestamp};
use model::{Caller, Domain, DomainId, Error, Link, LinkId, Stamp, What};
use serde::Serialize;
use store::Filter;

use super::{
    super::json,
    Authed, Body, Done, Params, Place, Result, ShortIo, id,
    link::{LinkBody, LinkView},
    link_id,
};
use crate::{
    App,
    ops::{self, Saved},
};

const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 150;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    /// How many links all pages hold.
    count: i64,
    links: Vec<LinkView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Found {
    links: Vec<LinkView>,
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
) -> Result<Json<LinkView>> {
    let link = ops::link(&app, &caller, link_id(&app, &caller, &text).await?).await?;
    Ok(Json(LinkView::of(&app, &link)))
}

pub(super) async fn expand(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    params: Params,
) -> Result<Json<LinkView>> {
    let domain = ops::domain_named(&app, &caller, Some(required(&params, "domain")?))?;
    let link = ops::link_at(&app, &caller, &domain, required(&params, "path")?).await?;
    Ok(Json(LinkView::of(&app, &link)))
}

/// The oldest link to an address.
pub(super) async fn by_url(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    params: Params,
) -> Result<Json<LinkView>> {
    let found = to_url(&app, &caller, &params).await?;
    let link = found.first().ok_or(Error::NotFound(What::Link))?;
    Ok(Json(LinkView::of(&app, link)))
}

pub(super) async fn many_by_url(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    params: Params,
) -> Result<Json<Found>> {
    let found = to_url(&app, &caller, &params).await?;
    Ok(Json(Found { links: found.iter().map(|link| LinkView::of(&app, link)).collect() }))
}

async fn to_url(app: &App, caller: &Caller, params: &Params) -> model::Result<Vec<Link>> {
    let domain = ops::domain_named(app, caller, Some(required(params, "domain")?))?;
    ops::links_to(app, caller, &domain, required(params, "originalURL")?).await
}

pub(super) fn required<'p>(params: &'p Params, name: &str) -> model::Result<&'p str> {
    params.get(name).ok_or_else(|| Error::invalid(name, "is required"))
}

/// Newest first, page by page.
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    params: Params,
) -> Result<Json<Listed>> {
    let domain: DomainId = id(required(&params, "domain_id")?, What::Domain)?;
    let domain = ops::domain_by_id(&app, &caller, domain)?.id;
    let limit = params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let after = params.get("pageToken").map(|token| {
        LinkId::parse(token).ok_or_else(|| Error::invalid("pageToken", "is none of ours"))
    });
    let filter = filter(&params, domain)?;
    let mut links = match params.whole("offset", 0..=i64::MAX)? {
        Some(offset) if offset != 0 => {
            ops::links_page(&app, &caller, &filter, offset, limit + 1).await?.0
        }
        _ => ops::links(&app, &caller, &filter, after.transpose()?, limit + 1).await?,
    };
    let more = limit < links.len() as i64;
    links.truncate(limit as usize);
    Ok(Json(Listed {
        count: ops::count_links(&app, &caller, &filter).await?,
        next_page_token: links.last().filter(|_| more).map(|link| link.id.split("lnk")),
        links: links.iter().map(|link| LinkView::of(&app, link)).collect(),
    }))
}

fn filter(params: &Params, domain: DomainId) -> model::Result<Filter> {
    let time = |name| -> model::Result<Option<Timestamp>> {
        params.get(name).map(|text| json::time(name, text)).transpose()
    };
    let oldest_first = match params.get("dateSortOrder") {
        None | Some("desc") => false,
        Some("asc") => true,
        Some(_) => return Err(Error::invalid("dateSortOrder", "must be asc or desc")),
    };
    let made = time("createdAt")?;
    let then = made.and_then(|made| made.checked_add(SignedDuration::from_millis(1)).ok());
    Ok(Filter {
        domain: Some(domain),
        tag: params.get("tag").map(str::to_owned),
        folder: params.get("folderId").map(str::to_owned),
        created_from: made.max(time("afterDate")?),
        created_before: earlier(then, time("beforeDate")?),
        oldest_first,
        ..Filter::default()
    })
}

/// The earlier of two ends, where none is no end.
fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
    Body(body, _): Body<ShortIo, LinkBody>,
) -> Result<Json<LinkView>> {
    let id = link_id(&app, &caller, &text).await?;
    let slug = body.path.as_deref().filter(|path| !path.is_empty());
    let saved = Saved { version: None, slug, password: body.password() };
    let edit =
        |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| body.apply(link, domain, stamp);
    let link = ops::save_link(&app, &caller, id, saved, edit).await?;
    Ok(Json(LinkView::of(&app, &link)))
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
) -> Result<Json<Done>> {
    let id = link_id(&app, &caller, &text).await?;
    ops::delete_link(&app, &caller, id).await?;
    Ok(Json(Done { id_string: Some(id.split("lnk")), ..Done::DONE }))
}
