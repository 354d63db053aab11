//! `/api/v1/pixels`: whom the people who pass a link are told of.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use model::{Error, PIXELS, Pixel, PixelKind, Result as Checked, Tag, What};
use serde::{Deserialize, Serialize};

use super::{
    super::json::{self, present},
    Authed, Body, Native, Page, Place, Result, created, id,
};
use crate::{App, ops};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewPixel {
    name: String,
    kind: String,
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PixelPatch {
    #[serde(default, deserialize_with = "present")]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "present")]
    code: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PixelView {
    id: String,
    name: String,
    kind: &'static str,
    code: String,
    created_at: String,
    updated_at: String,
}

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<PixelView>>> {
    let pixels = ops::pixels(&app, &caller).await?;
    Ok(Json(Page::whole(pixels.iter().map(PixelView::from).collect())))
}

pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, NewPixel>,
) -> Result<Response> {
    let tag = Tag::parse(kind(&body.kind)?, &body.code)?;
    let pixel = ops::create_pixel(&app, &caller, &body.name, tag).await?;
    let view = PixelView::from(&pixel);
    Ok(created(format!("/api/v1/pixels/{}", view.id), view))
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<Json<PixelView>> {
    let pixel = ops::pixel(&app, &caller, id(&text, What::Pixel)?).await?;
    Ok(Json(PixelView::from(&pixel)))
}

pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
    Body(body, _): Body<Native, PixelPatch>,
) -> Result<Json<PixelView>> {
    let edit = |pixel: &mut Pixel| {
        if let Some(name) = &body.name {
            pixel.name = name.trim().to_owned();
        }
        if body.kind.is_some() || body.code.is_some() {
            let kind = body.kind.as_deref().map_or(Ok(pixel.tag.kind()), kind)?;
            pixel.tag = Tag::parse(kind, body.code.as_deref().unwrap_or(pixel.tag.code()))?;
        }
        Ok(())
    };
    let pixel = ops::edit_pixel(&app, &caller, id(&text, What::Pixel)?, edit).await?;
    Ok(Json(PixelView::from(&pixel)))
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<StatusCode> {
    ops::delete_pixel(&app, &caller, id(&text, What::Pixel)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn kind(name: &str) -> Checked<PixelKind> {
    PixelKind::named(name).ok_or_else(|| {
        let known: Vec<&str> = PIXELS.iter().map(|row| row.name).collect();
        Error::invalid("kind", format!("no kind {name:?}; known are {}", known.join(", ")))
    })
}

impl From<&Pixel> for PixelView {
    fn from(pixel: &Pixel) -> PixelView {
        PixelView {
            id: pixel.id.plain("pixel"),
            name: pixel.name.clone(),
            kind: pixel.tag.kind().name(),
            code: pixel.tag.code().to_owned(),
            created_at: json::iso(pixel.created_at),
            updated_at: json::iso(pixel.updated_at),
        }
    }
}
