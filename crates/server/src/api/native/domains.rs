//! `/api/v1/domains`.

use axum::{Json, extract::State, response::Response};
use model::{Domain, Result as Checked, Status, What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::json::{Whole, iso},
    Authed, Body, Native, Page, Place, Result, created, id,
};
use crate::{App, ops};

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"host": "go.example.com", "timezone": "Europe/Berlin"}))]
pub(super) struct NewDomain {
    host: String,
    root_url: Option<String>,
    not_found_url: Option<String>,
    expired_url: Option<String>,
    case_sensitive: Option<bool>,
    timezone: Option<String>,
    #[schema(value_type = Option<i64>)]
    default_status: Option<Whole>,
    app_schemes: Option<Vec<String>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Domain, example = json!({
    "id": "dom_000Yl3bWs", "host": "go.example.com", "rootUrl": null, "notFoundUrl": null,
    "expiredUrl": null, "caseSensitive": false, "timezone": "Europe/Berlin",
    "defaultStatus": 302, "appSchemes": [], "createdAt": "2026-11-21T10:00:00.000Z",
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
#[utoipa::path(
    post,
    operation_id = "createDomain",
    path = "/domains",
    tag = "Domains",
    request_body = NewDomain,
    responses((status = 201, description = "made", body = DomainView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, NewDomain>,
) -> Result<Response> {
    let host = body.host.clone();
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

impl NewDomain {
    fn apply(self, domain: &mut Domain) -> Checked<()> {
        domain.root_url = self.root_url;
        domain.not_found_url = self.not_found_url;
        domain.expired_url = self.expired_url;
        domain.case_sensitive = self.case_sensitive.unwrap_or(domain.case_sensitive);
        domain.app_schemes = self.app_schemes.unwrap_or_default();
        if let Some(timezone) = self.timezone {
            domain.timezone = timezone;
        }
        if let Some(Whole(code)) = self.default_status {
            domain.default_status = Status::new("defaultStatus", code)?;
        }
        Ok(())
    }
}

impl From<Domain> for DomainView {
    fn from(domain: Domain) -> DomainView {
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
            created_at: iso(domain.created_at),
            updated_at: iso(domain.updated_at),
        }
    }
}
