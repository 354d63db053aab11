//! `/api/v1/domains`.

use axum::{Json, extract::State, response::Response};
use model::{Domain, Result as Checked, Status, What};
use serde::{Deserialize, Serialize};

use super::{
    super::json::{self, Whole},
    Authed, Body, Native, Page, Place, Result, created, id,
};
use crate::{App, ops};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewDomain {
    host: String,
    root_url: Option<String>,
    not_found_url: Option<String>,
    expired_url: Option<String>,
    case_sensitive: Option<bool>,
    timezone: Option<String>,
    default_status: Option<Whole>,
    app_schemes: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
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

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<DomainView>>> {
    let domains = ops::domains(&app, &caller).await?;
    Ok(Json(Page::whole(domains.into_iter().map(DomainView::from).collect())))
}

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
            created_at: json::iso(domain.created_at),
            updated_at: json::iso(domain.updated_at),
        }
    }
}
