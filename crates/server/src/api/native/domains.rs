//! `/api/v1/domains`.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use model::{Domain, Error, Https, Manner, Result as Checked, Robots, SlugKind, Status, What};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::json::{Whole, iso, nullable, present},
    Authed, Body, Native, Page, Place, Result, created, id,
};
use crate::{App, ops};

/// What a caller may say of a domain, new or old; what is absent stays, and `null` removes.
///
/// The keys that only we set are accepted and mean nothing, so that what was read can be sent back.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = DomainChange, example = json!({"host": "go.example.com", "timezone": "Europe/Berlin"}))]
pub(super) struct DomainBody {
    /// A host that points at this server, without a port. Required of a new domain; cannot be changed.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    host: Option<String>,
    #[serde(deserialize_with = "nullable")]
    root_url: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    not_found_url: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    expired_url: Option<Option<String>>,
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    case_sensitive: Option<bool>,
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    timezone: Option<String>,
    #[schema(nullable = false, value_type = Option<i64>)]
    #[serde(deserialize_with = "present")]
    default_status: Option<Whole>,
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    app_schemes: Option<Vec<String>>,
    #[schema(nullable = false, value_type = Option<String>)]
    #[serde(deserialize_with = "present")]
    slugs: Option<SlugKind>,
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    hides_referrer: Option<bool>,
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    cloaks: Option<bool>,
    #[schema(nullable = false, value_type = Option<String>)]
    #[serde(deserialize_with = "present")]
    https: Option<Https>,
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    https_links: Option<bool>,
    #[schema(nullable = false, value_type = Option<String>)]
    #[serde(deserialize_with = "present")]
    robots: Option<Robots>,
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    marks_qr: Option<bool>,
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    purges_expired: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<Object>)]
    apple_app_site_association: Option<Option<Value>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<Vec<Object>>)]
    asset_links: Option<Option<Value>>,
    #[schema(ignore)]
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "createdAt")]
    _created_at: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "updatedAt")]
    _updated_at: Option<IgnoredAny>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Domain, example = json!({
    "id": "dom_000Yl3bWs", "host": "go.example.com", "rootUrl": null, "notFoundUrl": null,
    "expiredUrl": null, "caseSensitive": false, "timezone": "Europe/Berlin",
    "defaultStatus": 302, "appSchemes": [], "slugs": "random",
    "hidesReferrer": false, "cloaks": false, "https": "optional", "httpsLinks": false,
    "robots": "noIndex", "marksQr": true, "purgesExpired": false,
    "appleAppSiteAssociation": null, "assetLinks": null, "createdAt": "2026-11-21T10:00:00.000Z",
    "updatedAt": "2026-11-21T10:00:00.000Z",
}))]
pub(super) struct DomainView {
    id: String,
    host: String,
    root_url: Option<String>,
    not_found_url: Option<String>,
    expired_url: Option<String>,
    case_sensitive: bool,
    timezone: String,
    default_status: u16,
    app_schemes: Vec<String>,
    #[schema(value_type = String)]
    slugs: SlugKind,
    hides_referrer: bool,
    cloaks: bool,
    #[schema(value_type = String)]
    https: Https,
    https_links: bool,
    #[schema(value_type = String)]
    robots: Robots,
    marks_qr: bool,
    purges_expired: bool,
    #[schema(value_type = Option<Object>)]
    apple_app_site_association: Option<Value>,
    #[schema(value_type = Option<Vec<Object>>)]
    asset_links: Option<Value>,
    created_at: String,
    updated_at: String,
}

/// List domains
#[utoipa::path(
    get,
    operation_id = "listDomains",
    path = "/domains",
    tag = "Domains",
    responses((status = 200, description = "as asked", body = Page<DomainView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<DomainView>>> {
    let domains = ops::domains(&app, &caller).await?;
    Ok(Json(Page::whole(domains.into_iter().map(DomainView::from).collect())))
}

/// Add a domain
///
/// A host that points at this server, for links of its own.
/// Add a domain
///
/// A host that points at this server, for links of its own.
#[utoipa::path(
    post,
    operation_id = "createDomain",
    path = "/domains",
    tag = "Domains",
    request_body = DomainBody,
    responses((status = 201, description = "made", body = DomainView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, DomainBody>,
) -> Result<Response> {
    let host = body.host.clone().ok_or_else(|| Error::invalid("host", "is required"))?;
    let domain = ops::create_domain(&app, &caller, &host, |domain| body.apply(domain)).await?;
    let view = DomainView::from(domain);
    Ok(created(format!("/api/v1/domains/{}", view.id), view))
}

/// Read a domain
#[utoipa::path(
    get,
    operation_id = "getDomain",
    path = "/domains/{domain}",
    tag = "Domains",
    responses((status = 200, description = "as asked", body = DomainView)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<Json<DomainView>> {
    let domain = ops::domain(&app, &caller, id(&text, What::Domain)?).await?;
    Ok(Json(DomainView::from(domain)))
}

/// Change a domain
///
/// What is left out stays. How slugs are compared cannot change once there are links.
#[utoipa::path(
    patch,
    operation_id = "updateDomain",
    path = "/domains/{domain}",
    tag = "Domains",
    request_body = DomainBody,
    responses((status = 200, description = "as asked", body = DomainView)),
)]
pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
    Body(body, _): Body<Native, DomainBody>,
) -> Result<Json<DomainView>> {
    let edit = |domain: &mut Domain| {
        if body.host.as_ref().is_some_and(|host| *host != domain.host.as_str()) {
            return Err(Error::invalid("host", "cannot change: make another domain"));
        }
        body.clone().apply(domain)
    };
    let domain = ops::edit_domain(&app, &caller, id(&text, What::Domain)?, edit).await?;
    Ok(Json(DomainView::from(domain)))
}

/// Delete a domain
///
/// Only without links, and never the default one.
#[utoipa::path(
    delete,
    operation_id = "deleteDomain",
    path = "/domains/{domain}",
    tag = "Domains",
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<StatusCode> {
    ops::delete_domain(&app, &caller, id(&text, What::Domain)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl DomainBody {
    fn apply(self, domain: &mut Domain) -> Checked<()> {
        set(&mut domain.root_url, self.root_url);
        set(&mut domain.not_found_url, self.not_found_url);
        set(&mut domain.expired_url, self.expired_url);
        set(&mut domain.case_sensitive, self.case_sensitive);
        set(&mut domain.timezone, self.timezone);
        set(&mut domain.app_schemes, self.app_schemes);
        if let Some(Whole(code)) = self.default_status {
            domain.default_status = Status::new("defaultStatus", code)?;
        }
        let manner = &mut domain.manner;
        set(&mut manner.slugs, self.slugs);
        set(&mut manner.hides_referrer, self.hides_referrer);
        set(&mut manner.cloaks, self.cloaks);
        set(&mut manner.https, self.https);
        set(&mut manner.https_links, self.https_links);
        set(&mut manner.robots, self.robots);
        set(&mut manner.marks_qr, self.marks_qr);
        set(&mut manner.purges_expired, self.purges_expired);
        set(&mut manner.app_links.apple, self.apple_app_site_association);
        set(&mut manner.app_links.android, self.asset_links);
        Ok(())
    }
}

fn set<T>(setting: &mut T, said: Option<T>) {
    if let Some(said) = said {
        *setting = said;
    }
}

impl From<Domain> for DomainView {
    fn from(domain: Domain) -> DomainView {
        let Manner { app_links, .. } = domain.manner;
        DomainView {
            id: domain.id.plain("dom"),
            host: domain.host.to_string(),
            root_url: domain.root_url,
            not_found_url: domain.not_found_url,
            expired_url: domain.expired_url,
            case_sensitive: domain.case_sensitive,
            timezone: domain.timezone,
            default_status: domain.default_status.code(),
            app_schemes: domain.app_schemes,
            slugs: domain.manner.slugs,
            hides_referrer: domain.manner.hides_referrer,
            cloaks: domain.manner.cloaks,
            https: domain.manner.https,
            https_links: domain.manner.https_links,
            robots: domain.manner.robots,
            marks_qr: domain.manner.marks_qr,
            purges_expired: domain.manner.purges_expired,
            apple_app_site_association: app_links.apple,
            asset_links: app_links.android,
            created_at: iso(domain.created_at),
            updated_at: iso(domain.updated_at),
        }
    }
}
