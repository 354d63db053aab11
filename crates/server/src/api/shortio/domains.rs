//! `/domains`: hosts in Short.io's words.

use axum::{Json, extract::State};
use model::{Domain, What};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{super::json, Authed, Body, Params, Place, Result, ShortIo, id};
use crate::{App, ops};

#[derive(Deserialize)]
pub(super) struct NewDomain {
    hostname: String,
}

/// Every key that the official SDK requires. Most name things that are the same for every domain
/// here, or that this version does not have.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DomainView {
    id: i64,
    hostname: String,
    unicode_hostname: String,
    state: &'static str,
    created_at: String,
    updated_at: String,
    has_favicon: bool,
    hide_referer: bool,
    link_type: &'static str,
    cloaking: bool,
    hide_visitor_ip: bool,
    #[serde(rename = "enableAI")]
    enable_ai: bool,
    https_level: &'static str,
    https_links: bool,
    client_storage: Map<String, Value>,
    case_sensitive: bool,
    increment_counter: String,
    robots: &'static str,
    export_enabled: bool,
    enable_conversion_tracking: bool,
    qr_scan_tracking: bool,
    is_favorite: bool,
    ip_exclusions: Vec<String>,
    user_plan: &'static str,
}

const PAGE: i64 = 100;
const LARGEST_PAGE: i64 = 300;

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    params: Params,
) -> Result<Json<Vec<DomainView>>> {
    let limit = params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let offset = params.whole("offset", 0..=i64::MAX)?.unwrap_or(0);
    let pattern = params.get("pattern").unwrap_or_default().to_lowercase();
    let domains = ops::domains(&app, &caller).await?;
    let chosen = domains.iter().filter(|domain| domain.host.as_str().contains(&pattern));
    let https = app.config.public_url.scheme() == "https";
    let views = chosen
        .skip(offset as usize)
        .take(limit as usize)
        .map(|domain| DomainView::of(domain, https));
    Ok(Json(views.collect()))
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
) -> Result<Json<DomainView>> {
    let domain = ops::domain(&app, &caller, id(&text, What::Domain)?).await?;
    Ok(Json(DomainView::of(&domain, app.config.public_url.scheme() == "https")))
}

pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, NewDomain>,
) -> Result<Json<DomainView>> {
    let domain = ops::create_domain(&app, &caller, &body.hostname, |_| Ok(())).await?;
    Ok(Json(DomainView::of(&domain, app.config.public_url.scheme() == "https")))
}

impl DomainView {
    fn of(domain: &Domain, https: bool) -> DomainView {
        DomainView {
            id: domain.id.number(),
            hostname: domain.host.to_string(),
            unicode_hostname: idna::domain_to_unicode(domain.host.as_str()).0,
            state: "configured",
            created_at: json::iso(domain.created_at),
            updated_at: json::iso(domain.updated_at),
            has_favicon: false,
            hide_referer: false,
            link_type: "random",
            cloaking: false,
            hide_visitor_ip: true,
            enable_ai: false,
            https_level: "none",
            https_links: https,
            client_storage: Map::new(),
            case_sensitive: domain.case_sensitive,
            increment_counter: String::new(),
            robots: "allow",
            export_enabled: false,
            enable_conversion_tracking: false,
            qr_scan_tracking: false,
            is_favorite: false,
            ip_exclusions: Vec::new(),
            user_plan: "large",
        }
    }
}
