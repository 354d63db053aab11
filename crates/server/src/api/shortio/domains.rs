//! `/domains`: hosts in Short.io's words.

use axum::{Json, extract::State};
use model::{Caller, Domain, Https, Manner, Robots, SlugKind, What};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{super::json as wire, Authed, Body, Done, Params, Place, Result, ShortIo, id, kept};
use crate::{App, ops};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewDomain {
    hostname: String,
    #[serde(flatten)]
    settings: Settings,
}

/// What may be said of a domain; what is absent stays.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Settings {
    link_type: Option<LinkType>,
    hide_referer: Option<bool>,
    cloaking: Option<bool>,
    https_level: Option<HttpsLevel>,
    https_links: Option<bool>,
    robots: Option<RobotsView>,
    qr_scan_tracking: Option<bool>,
    purge_expired_links: Option<bool>,
    case_sensitive: Option<bool>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Every key that the official SDK requires. Some name things that are the same for every domain
/// here, or that this server does not have.
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
    link_type: LinkType,
    cloaking: bool,
    hide_visitor_ip: bool,
    #[serde(rename = "enableAI")]
    enable_ai: Value,
    https_level: HttpsLevel,
    https_links: bool,
    client_storage: Value,
    case_sensitive: bool,
    increment_counter: String,
    robots: RobotsView,
    export_enabled: bool,
    enable_conversion_tracking: Value,
    qr_scan_tracking: bool,
    purge_expired_links: bool,
    is_favorite: bool,
    ip_exclusions: Vec<String>,
    user_plan: &'static str,
    /// What is kept.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LinkType {
    Increment,
    Random,
    Secure,
    FourChar,
    EightChar,
    TenChar,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum HttpsLevel {
    None,
    Redirect,
    Hsts,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RobotsView {
    Allow,
    Disallow,
    NoIndex,
}

/// What is kept for Short.io's clients without being acted on, and left out while it is not set.
const KEPT: &[kept::Key] = &[
    ("segmentKey", Value::is_string),
    ("webhookURL", Value::is_string),
    ("integrationGA", Value::is_string),
    ("integrationFB", Value::is_string),
    ("integrationTT", Value::is_string),
    ("integrationAdroll", Value::is_string),
    ("integrationGTM", Value::is_string),
];
/// The same, and always shown.
const ALWAYS_KEPT: &[kept::Key] = &[
    ("enableAI", Value::is_boolean),
    ("enableConversionTracking", Value::is_boolean),
    ("clientStorage", Value::is_object),
];

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
    let mut views = Vec::new();
    for domain in chosen.skip(offset as usize).take(limit as usize) {
        views.push(DomainView::of(&app, &caller, domain).await?);
    }
    Ok(Json(views))
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
) -> Result<Json<DomainView>> {
    let domain = ops::domain(&app, &caller, id(&text, What::Domain)?).await?;
    Ok(Json(DomainView::of(&app, &caller, &domain).await?))
}

pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, NewDomain>,
) -> Result<Json<DomainView>> {
    let settings = |domain: &mut Domain| body.settings.apply(domain);
    let domain = ops::create_domain(&app, &caller, &body.hostname, settings).await?;
    Ok(Json(DomainView::of(&app, &caller, &domain).await?))
}

pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
    Body(settings, _): Body<ShortIo, Settings>,
) -> Result<Json<Done>> {
    let id = id(&text, What::Domain)?;
    ops::edit_domain(&app, &caller, id, |domain| settings.clone().apply(domain)).await?;
    Ok(Json(Done::DONE))
}

impl Settings {
    fn apply(&self, domain: &mut Domain) -> model::Result<()> {
        fn set<T>(field: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *field = value;
            }
        }
        let manner = &mut domain.manner;
        set(&mut manner.slugs, self.link_type.map(SlugKind::from));
        set(&mut manner.hides_referrer, self.hide_referer);
        set(&mut manner.cloaks, self.cloaking);
        set(&mut manner.https, self.https_level.map(Https::from));
        set(&mut manner.https_links, self.https_links);
        set(&mut manner.robots, self.robots.map(Robots::from));
        set(&mut manner.marks_qr, self.qr_scan_tracking);
        set(&mut manner.purges_expired, self.purge_expired_links);
        kept::change(KEPT, &self.rest, &mut manner.kept)?;
        kept::change(ALWAYS_KEPT, &self.rest, &mut manner.kept)?;
        set(&mut domain.case_sensitive, self.case_sensitive);
        Ok(())
    }
}

impl DomainView {
    async fn of(app: &App, caller: &Caller, domain: &Domain) -> model::Result<DomainView> {
        let Manner { slugs, hides_referrer, cloaks, https, https_links, .. } = domain.manner;
        let manner = &domain.manner;
        let always = |key: &str, default: Value| manner.kept.get(key).cloned().unwrap_or(default);
        let counter = match slugs {
            SlugKind::Counted => ops::last_counted_slug(app, caller, domain).await?,
            _ => String::new(),
        };
        Ok(DomainView {
            id: domain.id.number(),
            hostname: domain.host.to_string(),
            unicode_hostname: idna::domain_to_unicode(domain.host.as_str()).0,
            state: "configured",
            created_at: wire::iso(domain.created_at),
            updated_at: wire::iso(domain.updated_at),
            has_favicon: false,
            hide_referer: hides_referrer,
            link_type: slugs.into(),
            cloaking: cloaks,
            // No address is ever kept.
            hide_visitor_ip: true,
            enable_ai: always("enableAI", json!(false)),
            https_level: https.into(),
            https_links: https_links || app.config.public_url.scheme() == "https",
            client_storage: always("clientStorage", json!({})),
            case_sensitive: domain.case_sensitive,
            increment_counter: counter,
            robots: manner.robots.into(),
            export_enabled: false,
            enable_conversion_tracking: always("enableConversionTracking", json!(false)),
            qr_scan_tracking: manner.marks_qr,
            purge_expired_links: manner.purges_expired,
            is_favorite: false,
            ip_exclusions: Vec::new(),
            user_plan: "large",
            rest: kept::shown(KEPT, &manner.kept).collect(),
        })
    }
}

impl From<LinkType> for SlugKind {
    fn from(theirs: LinkType) -> SlugKind {
        match theirs {
            LinkType::Random => SlugKind::Random,
            LinkType::Increment => SlugKind::Counted,
            LinkType::Secure => SlugKind::Secret,
            LinkType::FourChar => SlugKind::Four,
            LinkType::EightChar => SlugKind::Eight,
            LinkType::TenChar => SlugKind::Ten,
        }
    }
}

impl From<SlugKind> for LinkType {
    fn from(ours: SlugKind) -> LinkType {
        match ours {
            SlugKind::Random => LinkType::Random,
            SlugKind::Counted => LinkType::Increment,
            SlugKind::Secret => LinkType::Secure,
            SlugKind::Four => LinkType::FourChar,
            SlugKind::Eight => LinkType::EightChar,
            SlugKind::Ten => LinkType::TenChar,
        }
    }
}

impl From<HttpsLevel> for Https {
    fn from(theirs: HttpsLevel) -> Https {
        match theirs {
            HttpsLevel::None => Https::Optional,
            HttpsLevel::Redirect => Https::Redirected,
            HttpsLevel::Hsts => Https::Strict,
        }
    }
}

impl From<Https> for HttpsLevel {
    fn from(ours: Https) -> HttpsLevel {
        match ours {
            Https::Optional => HttpsLevel::None,
            Https::Redirected => HttpsLevel::Redirect,
            Https::Strict => HttpsLevel::Hsts,
        }
    }
}

impl From<RobotsView> for Robots {
    fn from(theirs: RobotsView) -> Robots {
        match theirs {
            RobotsView::Allow => Robots::Allowed,
            RobotsView::NoIndex => Robots::NoIndex,
            RobotsView::Disallow => Robots::Disallowed,
        }
    }
}

impl From<Robots> for RobotsView {
    fn from(ours: Robots) -> RobotsView {
        match ours {
            Robots::Allowed => RobotsView::Allow,
            Robots::NoIndex => RobotsView::NoIndex,
            Robots::Disallowed => RobotsView::Disallow,
        }
    }
}
