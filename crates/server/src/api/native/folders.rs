//! `/api/v1/folders`: the folders of a domain, the default one unless `?domain=` names another.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode, response::Response};
use model::{Caller, Domain, Folder, FolderSettings, Parameters, Result as Checked};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::json::{Whole, iso, nullable, present},
    Authed, Body, Native, Page, Params, Place, Result, created,
    parameters::OnDomain,
};
use crate::{App, ops};

/// What a caller may say of a folder, new or old; what is left out stays, null removes.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = FolderChange, example = json!({"name": "Sale", "prefix": "sale/", "expiresAfterDays": 30}))]
pub(super) struct FolderBody {
    /// Its links follow where it changes.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    name: Option<String>,
    /// The status of new links that say nothing else.
    #[schema(value_type = Option<i64>)]
    #[serde(deserialize_with = "nullable")]
    status: Option<Option<Whole>>,
    /// New links that say nothing else expire so many days after they are made.
    #[schema(value_type = Option<i64>)]
    #[serde(deserialize_with = "nullable")]
    expires_after_days: Option<Option<Whole>>,
    /// Query parameters that new links add to their destinations, by name.
    #[schema(nullable = false, value_type = Option<BTreeMap<String, String>>)]
    #[serde(deserialize_with = "present")]
    parameters: Option<Parameters>,
    /// Stands before slugs that nobody chose.
    #[serde(deserialize_with = "nullable")]
    prefix: Option<Option<String>>,
}

/// A folder: a name that links of a domain share, and what new links in it start with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Folder, example = json!({
    "name": "Sale", "domain": "localhost", "links": 12, "status": null, "expiresAfterDays": 30,
    "parameters": {"utm_source": "sale"}, "prefix": "sale/",
    "createdAt": "2026-11-21T10:00:00.000Z", "updatedAt": "2026-11-21T10:00:00.000Z",
}))]
pub(super) struct FolderView {
    name: String,
    domain: String,
    /// How many links it holds.
    links: i64,
    /// The status of new links that say nothing else.
    status: Option<u16>,
    /// New links that say nothing else expire so many days after they are made.
    expires_after_days: Option<u32>,
    /// Query parameters that new links add to their destinations, by name.
    #[schema(value_type = BTreeMap<String, String>)]
    parameters: Parameters,
    /// Stands before slugs that nobody chose.
    prefix: Option<String>,
    created_at: String,
    updated_at: String,
}

/// List folders
///
/// Of one domain, by name: those that were made, and those that links name.
#[utoipa::path(
    get,
    operation_id = "listFolders",
    path = "/folders",
    tag = "Tags and folders",
    params(OnDomain),
    responses((status = 200, description = "as asked", body = Page<FolderView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Json<Page<FolderView>>> {
    let domain = domain(&app, &caller, &params)?;
    let folders = ops::folders(&app, &caller, &domain).await?;
    let sizes = ops::folder_sizes(&app, &caller, &domain).await?;
    let view = |folder: Folder| {
        let links = sizes.get(&folder.name).copied().unwrap_or_default();
        FolderView::of(folder, &domain, links)
    };
    Ok(Json(Page::whole(folders.into_iter().map(view).collect())))
}

/// Make a folder
///
/// A folder is there as soon as a link names it; this makes one with settings for new links.
#[utoipa::path(
    post,
    operation_id = "createFolder",
    path = "/folders",
    tag = "Tags and folders",
    params(OnDomain),
    request_body = FolderBody,
    responses((status = 201, description = "made", body = FolderView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
    Body(body, _): Body<Native, FolderBody>,
) -> Result<Response> {
    let domain = domain(&app, &caller, &params)?;
    let name = body.name.clone().unwrap_or_default();
    let mut settings = FolderSettings::default();
    body.apply(&mut settings)?;
    let folder = ops::create_folder(&app, &caller, &domain, &name, settings).await?;
    let path = format!("/api/v1/folders/{}", encoded(&folder.name));
    Ok(created(path, FolderView::of(folder, &domain, 0)))
}

/// Read a folder
#[utoipa::path(
    get,
    operation_id = "getFolder",
    path = "/folders/{folder}",
    tag = "Tags and folders",
    params(OnDomain),
    responses((status = 200, description = "as asked", body = FolderView)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(name, _): Place<Native, String>,
    params: Params,
) -> Result<Json<FolderView>> {
    let domain = domain(&app, &caller, &params)?;
    let folder = ops::folder(&app, &caller, &domain, &name).await?;
    shown(&app, &caller, &domain, folder).await
}

/// Change a folder
///
/// Links that are there keep what they have, and follow a new name.
#[utoipa::path(
    patch,
    operation_id = "updateFolder",
    path = "/folders/{folder}",
    tag = "Tags and folders",
    params(OnDomain),
    request_body = FolderBody,
    responses((status = 200, description = "as asked", body = FolderView)),
)]
pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(name, _): Place<Native, String>,
    params: Params,
    Body(body, _): Body<Native, FolderBody>,
) -> Result<Json<FolderView>> {
    let domain = domain(&app, &caller, &params)?;
    let new_name = body.name.clone();
    let edit = |settings: &mut FolderSettings| body.apply(settings);
    let folder = ops::edit_folder(&app, &caller, &domain, &name, new_name.as_deref(), edit).await?;
    shown(&app, &caller, &domain, folder).await
}

/// Delete a folder
///
/// Its links stay, in none.
#[utoipa::path(
    delete,
    operation_id = "deleteFolder",
    path = "/folders/{folder}",
    tag = "Tags and folders",
    params(OnDomain),
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(name, _): Place<Native, String>,
    params: Params,
) -> Result<StatusCode> {
    let domain = domain(&app, &caller, &params)?;
    ops::delete_folder(&app, &caller, &domain, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn domain(app: &App, caller: &Caller, params: &Params) -> Checked<Arc<Domain>> {
    params.only(&["domain"])?;
    ops::domain_named(app, caller, params.get("domain"))
}

async fn shown(
    app: &App,
    caller: &Caller,
    domain: &Domain,
    folder: Folder,
) -> Result<Json<FolderView>> {
    let sizes = ops::folder_sizes(app, caller, domain).await?;
    let links = sizes.get(&folder.name).copied().unwrap_or_default();
    Ok(Json(FolderView::of(folder, domain, links)))
}

/// A name as one segment of a path.
fn encoded(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}

impl FolderBody {
    fn apply(&self, settings: &mut FolderSettings) -> Checked<()> {
        if let Some(status) = self.status {
            settings.status = status.map(|code| number("status", code)).transpose()?;
        }
        if let Some(days) = self.expires_after_days {
            let days = days.map(|days| number("expiresAfterDays", days)).transpose()?;
            settings.expires_after_days = days;
        }
        if let Some(parameters) = &self.parameters {
            settings.parameters = parameters.clone();
        }
        if let Some(prefix) = &self.prefix {
            settings.prefix.clone_from(prefix);
        }
        Ok(())
    }
}

/// A number that is small enough to be looked at further.
fn number<T: TryFrom<i64>>(at: &str, Whole(number): Whole) -> Checked<T> {
    T::try_from(number).map_err(|_| model::Error::invalid(at, format!("cannot be {number}")))
}

impl FolderView {
    fn of(folder: Folder, domain: &Domain, links: i64) -> FolderView {
        let settings = folder.settings;
        FolderView {
            name: folder.name,
            domain: domain.host.to_string(),
            links,
            status: settings.status,
            expires_after_days: settings.expires_after_days,
            parameters: settings.parameters,
            prefix: settings.prefix,
            created_at: iso(folder.created_at),
            updated_at: iso(folder.updated_at),
        }
    }
}
