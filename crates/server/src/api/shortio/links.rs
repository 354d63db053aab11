//! `/links`: making, finding, changing and removing links.

use axum::{Json, extract::State};
use jiff::Timestamp;
use model::{Caller, Domain, DomainId, Error, Link, LinkId, Stamp, What};
use serde::Serialize;
use store::Filter;

use super::{
    super::json,
    Authed, Body, Done, Params, Place, Result, ShortIo, id,
    link::{LinkBody, LinkView},
};
use crate::{
    App,
    ops::{self, NewLink, Saved},
};

const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 150;

#[derive(Serialize)]
pub(super) struct Created {
    #[serde(flatten)]
    link: LinkView,
    success: bool,
    /// Whether the link was there before.
    duplicate: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    /// How many links all pages hold.
    count: i64,
    links: Vec<LinkView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<String>,
}

pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, LinkBody>,
) -> Result<Json<Created>> {
    let (link, duplicate) = make(&app, &caller, &body).await?;
    Ok(Json(Created { link: LinkView::of(&app, &link), success: true, duplicate }))
}

/// A link, new or the one that there was: a path with the same destination, and a destination
/// without a path unless duplicates are allowed, are answered with what exists.
async fn make(app: &App, caller: &Caller, body: &LinkBody) -> model::Result<(Link, bool)> {
    let host = body.domain.as_deref();
    let host = host.ok_or_else(|| Error::invalid("domain", "is required"))?;
    let domain = ops::domain_named(app, caller, Some(host))?;
    let draft = body.draft(&domain)?;
    let path = body.path.as_deref().filter(|path| !path.is_empty());
    let wanted = draft.destination.authored().to_owned();
    if path.is_none() && body.allow_duplicates != Some(true) {
        let found = ops::links_to(app, caller, &domain, &wanted).await?;
        if let Some(link) = found.into_iter().next() {
            return Ok((link, true));
        }
    }
    let password = body.password();
    let password = match &password {
        model::Change::Set(password) => Some(password.as_str()),
        model::Change::Keep | model::Change::Clear => None,
    };
    let new = NewLink { domain: Some(host), slug: path, random_too: false, password };
    match (ops::create_link(app, caller, new, |_| Ok(draft)).await, path) {
        (Err(Error::Taken(What::Slug)), Some(path)) => {
            let there = ops::link_at(app, caller, &domain, path).await;
            let same = there.ok().filter(|link| link.destination.authored() == wanted);
            same.map(|link| (link, true)).ok_or(Error::Taken(What::Slug))
        }
        (made, _) => Ok((made?, false)),
    }
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
) -> Result<Json<LinkView>> {
    let link = ops::link(&app, &caller, id(&text, What::Link)?).await?;
    Ok(Json(LinkView::of(&app, &link)))
}

pub(super) async fn expand(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    params: Params,
) -> Result<Json<LinkView>> {
    let required = |name| params.get(name).ok_or_else(|| Error::invalid(name, "is required"));
    let domain = ops::domain_named(&app, &caller, Some(required("domain")?))?;
    let link = ops::link_at(&app, &caller, &domain, required("path")?).await?;
    Ok(Json(LinkView::of(&app, &link)))
}

/// Newest first, page by page.
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    params: Params,
) -> Result<Json<Listed>> {
    let domain =
        params.get("domain_id").ok_or_else(|| Error::invalid("domain_id", "is required"))?;
    let domain: DomainId = id(domain, What::Domain)?;
    let domain = ops::domain_by_id(&app, &caller, domain)?.id;
    let limit = params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let after = params.get("pageToken").map(|token| {
        LinkId::parse(token).ok_or_else(|| Error::invalid("pageToken", "is none of ours"))
    });
    let filter = filter(&params, domain)?;
    let mut links = ops::links(&app, &caller, &filter, after.transpose()?, limit + 1).await?;
    let more = limit < links.len() as i64;
    links.truncate(limit as usize);
    Ok(Json(Listed {
        count: ops::count_links(&app, &caller, &filter).await?,
        next_page_token: links.last().filter(|_| more).map(|link| link.id.split("lnk")),
        links: links.iter().map(|link| LinkView::of(&app, link)).collect(),
    }))
}

fn filter(params: &Params, domain: DomainId) -> model::Result<Filter> {
    for name in ["createdAt", "offset"] {
        if params.get(name).is_some_and(|value| value != "0") {
            return Err(Error::invalid(name, "is not acted on by this version: use pageToken"));
        }
    }
    let time = |name| -> model::Result<Option<Timestamp>> {
        params.get(name).map(|text| json::time(name, text)).transpose()
    };
    let oldest_first = match params.get("dateSortOrder") {
        None | Some("desc") => false,
        Some("asc") => true,
        Some(_) => return Err(Error::invalid("dateSortOrder", "must be asc or desc")),
    };
    Ok(Filter {
        domain: Some(domain),
        tag: params.get("tag").map(str::to_owned),
        folder: params.get("folderId").map(str::to_owned),
        created_from: time("afterDate")?,
        created_before: time("beforeDate")?,
        oldest_first,
        ..Filter::default()
    })
}

pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
    Body(body, _): Body<ShortIo, LinkBody>,
) -> Result<Json<LinkView>> {
    let id = id(&text, What::Link)?;
    let slug = body.path.as_deref().filter(|path| !path.is_empty());
    let saved = Saved { version: None, slug, password: body.password() };
    let edit = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        body.patch(domain)?.apply(link, stamp)?;
        body.targets().apply(link, domain, stamp)
    };
    let link = ops::save_link(&app, &caller, id, saved, edit).await?;
    Ok(Json(LinkView::of(&app, &link)))
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
) -> Result<Json<Done>> {
    let id: LinkId = id(&text, What::Link)?;
    ops::delete_link(&app, &caller, id).await?;
    Ok(Json(Done { success: true, id_string: Some(id.split("lnk")) }))
}
