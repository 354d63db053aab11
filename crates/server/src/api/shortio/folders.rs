//! `/links/folders`: folders in Short.io's words. A folder's id is its name, which is what our own API
//! shows of a link's folder.

use axum::{Json, extract::State};
use model::{DomainId, Folder, FolderSettings, What};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    super::json::{self, Whole},
    Authed, Body, Place, Result, ShortIo, id, kept,
    link::{UTM, utm},
};
use crate::{App, ops};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewFolder {
    domain_id: Whole,
    name: String,
    redirect_type: Option<Whole>,
    expires_at_days: Option<Whole>,
    prefix: Option<String>,
    /// UTM parameters, and what is kept.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FolderView {
    id: String,
    name: String,
    #[serde(rename = "DomainId")]
    domain: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_type: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
    created_at: String,
    updated_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Folders {
    link_folders: Vec<FolderView>,
}

const KEPT: &[kept::Key] = &[
    ("color", Value::is_string),
    ("backgroundColor", Value::is_string),
    ("logoUrl", Value::is_string),
    ("logoHeight", Value::is_i64),
    ("logoWidth", Value::is_i64),
    ("ecLevel", Value::is_string),
    ("integrationFB", Value::is_string),
    ("integrationTT", Value::is_string),
    ("integrationGA", Value::is_string),
    ("integrationGTM", Value::is_string),
    ("integrationAdroll", Value::is_string),
    ("icon", Value::is_string),
];

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(domain, _): Place<ShortIo, String>,
) -> Result<Json<Folders>> {
    let domain: DomainId = id(&domain, What::Domain)?;
    let domain = ops::domain_by_id(&app, &caller, domain)?;
    let folders = ops::folders(&app, &caller, &domain).await?;
    Ok(Json(Folders { link_folders: folders.into_iter().map(FolderView::from).collect() }))
}

/// `null` where there is none, as Short.io answers.
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place((domain, name), _): Place<ShortIo, (String, String)>,
) -> Result<Json<Option<FolderView>>> {
    let domain: DomainId = id(&domain, What::Domain)?;
    let domain = ops::domain_by_id(&app, &caller, domain)?;
    let folders = ops::folders(&app, &caller, &domain).await?;
    let found = folders.into_iter().find(|folder| folder.name == name);
    Ok(Json(found.map(FolderView::from)))
}

pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, NewFolder>,
) -> Result<Json<FolderView>> {
    let domain: DomainId = id(&body.domain_id.0.to_string(), What::Domain)?;
    let domain = ops::domain_by_id(&app, &caller, domain)?;
    let folder = ops::create_folder(&app, &caller, &domain, &body.name, body.settings()?).await?;
    Ok(Json(FolderView::from(folder)))
}

impl NewFolder {
    fn settings(&self) -> model::Result<FolderSettings> {
        let status = self.redirect_type.map(|Whole(code)| model::Status::new("redirectType", code));
        let days = self.expires_at_days.map(|days| json::count("expiresAtDays", days));
        let mut settings = FolderSettings {
            status: status.transpose()?.map(model::Status::code),
            expires_after_days: days
                .transpose()?
                .map(|days| u32::try_from(days).unwrap_or(u32::MAX)),
            prefix: self.prefix.clone().filter(|prefix| !prefix.is_empty()),
            ..FolderSettings::default()
        };
        for (key, name) in UTM {
            let value = self.rest.get(*key).and_then(Value::as_str).filter(|text| !text.is_empty());
            settings.parameters.set(name, value);
        }
        kept::change(KEPT, &self.rest, &mut settings.kept)?;
        Ok(settings)
    }
}

impl From<Folder> for FolderView {
    fn from(folder: Folder) -> FolderView {
        let FolderSettings { status, expires_after_days, parameters, prefix, kept } =
            folder.settings;
        FolderView {
            id: folder.name.clone(),
            name: folder.name,
            domain: folder.domain.number(),
            redirect_type: status,
            expires_at_days: expires_after_days,
            prefix,
            rest: utm(&parameters).chain(kept::shown(KEPT, &kept)).collect(),
            created_at: json::iso(folder.created_at),
            updated_at: json::iso(folder.updated_at),
        }
    }
}
