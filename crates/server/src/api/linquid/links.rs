//! `/api/links`, as Linquid makes and reads links. A campaign is a folder.

use axum::{Json, extract::State, http::StatusCode};
use jiff::Timestamp;
use model::{Caller, Change, Domain, DomainId, Draft, Error, Link, LinkId, Patch, What};
use serde::{Deserialize, Serialize};
use store::Filter;

use super::{
    super::json::{self, Problems, Whole, nullable, present},
    Asked, Authed, Body, Envelope, Gone, Linquid, Params, Place, Result, envelope, id,
};
use crate::{
    App,
    ops::{self, NewLink},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CreateLink {
    destination_url: String,
    title: Option<String>,
    short_code: Option<String>,
    campaign_id: Option<String>,
    domain_id: Option<String>,
    expires_at: Option<String>,
    clicks_limit: Option<Whole>,
    password: Option<String>,
    tags: Option<Vec<String>>,
    enabled: Option<bool>,
    description: Option<String>,
}

/// What is absent stays; `null` and an empty password remove.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct UpdateLink {
    #[serde(deserialize_with = "present")]
    destination_url: Option<String>,
    #[serde(deserialize_with = "nullable")]
    title: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    campaign_id: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    enabled: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    expires_at: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    clicks_limit: Option<Option<Whole>>,
    #[serde(deserialize_with = "nullable")]
    password: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    tags: Option<Vec<String>>,
    #[serde(deserialize_with = "nullable")]
    description: Option<Option<String>>,
}

/// In the order of keys that Linquid's documentation shows.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkView {
    id: String,
    short_code: String,
    short_url: String,
    destination_url: String,
    title: Option<String>,
    campaign_id: Option<String>,
    enabled: bool,
    password_protected: bool,
    expires_at: Option<String>,
    clicks_limit: Option<u64>,
    tags: Vec<String>,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Body(body, _): Body<Linquid, CreateLink>,
) -> Result<(StatusCode, Json<Envelope<LinkView>>)> {
    let host = body.domain_id.as_deref().map(|id| host(&app, &caller, id)).transpose()?;
    let new = NewLink {
        domain: host.as_deref(),
        slug: body.short_code.as_deref(),
        random_too: false,
        password: body.password.as_deref().filter(|password| !password.is_empty()),
    };
    let link = ops::create_link(&app, &caller, new, |domain| body.draft(domain)).await?;
    Ok((StatusCode::CREATED, envelope(LinkView::of(&app, &link))))
}

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    params: Params,
) -> Result<Json<Envelope<Vec<LinkView>>>> {
    let asked = Asked::read(&params)?;
    let folder = params.get("campaignId").map(str::to_owned);
    let filter = Filter { folder, ..Filter::default() };
    let (links, total) =
        ops::links_page(&app, &caller, &filter, asked.skipped(), asked.limit).await?;
    Ok(asked.answer(links.iter().map(|link| LinkView::of(&app, link)).collect(), total))
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
) -> Result<Json<Envelope<LinkView>>> {
    let link = ops::link(&app, &caller, id(&text, What::Link)?).await?;
    Ok(envelope(LinkView::of(&app, &link)))
}

pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
    Body(body, _): Body<Linquid, UpdateLink>,
) -> Result<Json<Envelope<LinkView>>> {
    let id = id(&text, What::Link)?;
    let password = match body.password.clone() {
        None => Change::Keep,
        Some(Some(password)) if !password.is_empty() => Change::Set(password),
        Some(_) => Change::Clear,
    };
    let link = ops::patch_link(&app, &caller, id, None, password, |domain| body.patch(domain));
    Ok(envelope(LinkView::of(&app, &link.await?)))
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
) -> Result<Json<Envelope<Gone>>> {
    let id: LinkId = id(&text, What::Link)?;
    ops::delete_link(&app, &caller, id).await?;
    Ok(envelope(Gone { id: id.plain("link"), deleted: true }))
}

/// The host of a domain that is named by id, or by its host.
fn host(app: &App, caller: &Caller, text: &str) -> model::Result<String> {
    let named = match DomainId::parse(text) {
        Some(id) => ops::domain_by_id(app, caller, id),
        None => ops::domain_named(app, caller, Some(text)),
    };
    Ok(named?.host.to_string())
}

impl CreateLink {
    fn draft(&self, domain: &Domain) -> model::Result<Draft> {
        let mut problems = Problems::default();
        let destination = json::destination("destinationUrl", &self.destination_url, domain);
        let destination = problems.keep(destination);
        let expires_at = self.expires_at.as_deref().map(|text| json::time("expiresAt", text));
        let expires_at = problems.keep_any(expires_at);
        let limit = self.clicks_limit.map(|whole| json::count("clicksLimit", whole));
        let click_limit = problems.keep_any(limit);
        problems.finish()?;
        let Some(destination) = destination else {
            return Err(Error::internal("a link without problems lacks a destination"));
        };
        Ok(Draft {
            title: self.title.clone(),
            description: self.description.clone(),
            folder: self.campaign_id.clone(),
            tags: self.tags.clone().unwrap_or_default(),
            enabled: self.enabled.unwrap_or(true),
            expires_at,
            click_limit,
            ..Draft::new(destination)
        })
    }
}

impl UpdateLink {
    fn patch(&self, domain: &Domain) -> model::Result<Patch> {
        let mut problems = Problems::default();
        let destination = self.destination_url.as_deref();
        let destination = problems
            .keep_any(destination.map(|url| json::destination("destinationUrl", url, domain)));
        let expires_at: Change<Timestamp> = match &self.expires_at {
            None => Change::Keep,
            Some(None) => Change::Clear,
            Some(Some(text)) => {
                problems.keep(json::time("expiresAt", text)).map_or(Change::Keep, Change::Set)
            }
        };
        let click_limit = match self.clicks_limit {
            None => Change::Keep,
            Some(None) => Change::Clear,
            Some(Some(whole)) => {
                problems.keep(json::count("clicksLimit", whole)).map_or(Change::Keep, Change::Set)
            }
        };
        problems.finish()?;
        Ok(Patch {
            destination,
            title: self.title.clone().into(),
            description: self.description.clone().into(),
            folder: self.campaign_id.clone().into(),
            tags: self.tags.clone(),
            enabled: self.enabled,
            expires_at,
            click_limit,
            ..Patch::default()
        })
    }
}

impl LinkView {
    fn of(app: &App, link: &Link) -> LinkView {
        LinkView {
            id: link.id.plain("link"),
            short_code: link.address().slug.to_string(),
            short_url: app.short_url(link.address()),
            destination_url: link.destination.authored().to_owned(),
            title: link.title.clone(),
            campaign_id: link.folder.clone(),
            enabled: link.enabled,
            password_protected: link.password_hash.is_some(),
            expires_at: link.expires_at.map(json::iso),
            clicks_limit: link.click_limit,
            tags: link.tags.clone(),
            created_at: json::iso(link.created_at),
            updated_at: json::iso(link.updated_at),
            description: link.description.clone(),
        }
    }
}
