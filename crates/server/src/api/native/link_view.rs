//! A link as our own API shows it.

use model::{Address, Card, Destination, Link, Parameters, Redirects, Variant};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::json::iso,
    link::CountedView,
    schema::{CardView, Rule, Variant as VariantView},
};
use crate::{
    App,
    ops::{self, Warning},
};

/// The contract's keys in the contract's order; what few links have follows where it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Link, example = json!({
    "id": "lnk_0001_y3bWuA", "domain": "localhost", "slug": "spring",
    "shortUrl": "http://localhost:8080/spring", "destination": "https://example.com/",
    "title": null, "description": null, "tags": ["mail"], "folder": null, "enabled": true,
    "archived": false, "status": 302, "forwardQuery": true, "startsAt": null, "expiresAt": null,
    "expiredDestination": null, "clickLimit": null, "limitCounts": "people",
    "hasPassword": false, "rules": [], "revision": 1, "clicks": 1204,
    "createdAt": "2026-11-21T10:00:00.000Z", "updatedAt": "2026-11-21T10:00:00.000Z",
}))]
pub(super) struct LinkView<'l> {
    id: String,
    domain: &'l str,
    slug: &'l str,
    short_url: String,
    destination: &'l str,
    title: Option<&'l str>,
    description: Option<&'l str>,
    tags: &'l [String],
    folder: Option<&'l str>,
    enabled: bool,
    archived: bool,
    status: u16,
    forward_query: bool,
    starts_at: Option<String>,
    expires_at: Option<String>,
    expired_destination: Option<&'l str>,
    click_limit: Option<u64>,
    limit_counts: CountedView,
    has_password: bool,
    /// In the order in which they are tried.
    #[schema(value_type = Vec<Rule>)]
    rules: Vec<Value>,
    revision: i64,
    /// Clicks of people.
    clicks: i64,
    created_at: String,
    updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<VariantView>>)]
    default_split: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<CardView>)]
    card: Option<&'l Card>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    parameters: Option<&'l Parameters>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cloaked: bool,
    /// Whom it redirects, where that is not everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_behavior: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    conversion_tracking: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_at: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pixels: Vec<String>,
    /// All addresses, where there is more than one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    short_urls: Vec<String>,
    /// In answers to saves alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<Warning>>,
}

impl<'l> LinkView<'l> {
    pub(super) fn of(app: &App, link: &'l Link, clicks: i64) -> LinkView<'l> {
        let urls = |addresses: &[Address]| addresses.iter().map(|it| app.short_url(it)).collect();
        LinkView {
            id: link.id.split("lnk"),
            domain: link.address().host.as_str(),
            slug: link.address().slug.as_str(),
            short_url: app.short_url(link.address()),
            destination: link.destination.authored(),
            title: link.title.as_deref(),
            description: link.description.as_deref(),
            tags: &link.tags,
            folder: link.folder.as_deref(),
            enabled: link.enabled,
            archived: link.archived,
            status: link.status.code(),
            forward_query: link.forward_query,
            starts_at: link.starts_at.map(iso),
            expires_at: link.expires_at.map(iso),
            expired_destination: link.expired_destination.as_ref().map(Destination::authored),
            click_limit: link.click_limit,
            limit_counts: link.limit_counts.into(),
            has_password: link.password_hash.is_some(),
            rules: link.rules.iter().map(model::Rule::wire).collect(),
            revision: link.revision,
            clicks,
            created_at: iso(link.created_at),
            updated_at: iso(link.updated_at),
            default_split: Some(&link.default_split)
                .filter(|split| !split.is_empty())
                .map(|split| Variant::list_wire(split)),
            card: link.card.as_ref(),
            parameters: Some(&link.parameters).filter(|parameters| !parameters.is_empty()),
            cloaked: link.cloaked,
            redirect_behavior: Some(link.redirects)
                .filter(|redirects| *redirects != Redirects::Auto)
                .map(Redirects::name),
            conversion_tracking: link.tracks_conversions,
            delete_at: link.delete_at.map(iso),
            pixels: app
                .routes
                .pixels(&link.pixels)
                .iter()
                .map(|pixel| pixel.id.plain("pixel"))
                .collect(),
            short_urls: if 1 < link.addresses.len() { urls(&link.addresses) } else { Vec::new() },
            warnings: None,
        }
    }

    /// The link as it was just saved, with what may not have been meant.
    pub(super) fn saved(app: &App, link: &'l Link, clicks: i64) -> LinkView<'l> {
        LinkView { warnings: Some(ops::warnings(app, link)), ..LinkView::of(app, link, clicks) }
    }
}
