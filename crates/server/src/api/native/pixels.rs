//! `/api/v1/pixels`: whom the people who pass a link are told of.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use model::{Error, PIXELS, Pixel, PixelKind, Result as Checked, Tag, What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::json::{self as wire, present},
    Authed, Body, Native, Page, Place, Result, created, id,
};
use crate::{App, ops};

/// A new pixel.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Spring", "kind": "facebook", "code": "1234567890"}))]
pub(super) struct NewPixel {
    name: String,
    kind: String,
    code: String,
}

/// What changes of a pixel; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PixelChange, example = json!({"name": "Summer"}))]
pub(super) struct PixelPatch {
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "present")]
    name: Option<String>,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "present")]
    kind: Option<String>,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "present")]
    code: Option<String>,
}

/// A tracking pixel of the workspace.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Pixel, example = json!({
    "id": "pixel_000Yl3bWz", "name": "Spring", "kind": "facebook", "code": "1234567890",
    "createdAt": "2026-11-21T10:00:00.000Z", "updatedAt": "2026-11-21T10:00:00.000Z",
}))]
pub(super) struct PixelView {
    id: String,
    name: String,
    kind: &'static str,
    code: String,
    created_at: String,
    updated_at: String,
}

/// List pixels
#[utoipa::path(
    get,
    operation_id = "listPixels",
    path = "/pixels",
    tag = "Pixels",
    responses((status = 200, description = "as asked", body = Page<PixelView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<PixelView>>> {
    let pixels = ops::pixels(&app, &caller).await?;
    Ok(Json(Page::whole(pixels.iter().map(PixelView::from).collect())))
}

/// Make a pixel
///
/// People who pass a link with it are told of at the pixel's service, on a page on their way; not
/// those who object by GPC or DNT.
#[utoipa::path(
    post,
    operation_id = "createPixel",
    path = "/pixels",
    tag = "Pixels",
    request_body = NewPixel,
    responses((status = 201, description = "made", body = PixelView)),
)]
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

/// Read a pixel
#[utoipa::path(
    get,
    operation_id = "getPixel",
    path = "/pixels/{pixel}",
    tag = "Pixels",
    responses((status = 200, description = "as asked", body = PixelView)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<Json<PixelView>> {
    let pixel = ops::pixel(&app, &caller, id(&text, What::Pixel)?).await?;
    Ok(Json(PixelView::from(&pixel)))
}

/// Change a pixel
///
/// What is left out stays. All links that have it follow.
#[utoipa::path(
    patch,
    operation_id = "updatePixel",
    path = "/pixels/{pixel}",
    tag = "Pixels",
    request_body = PixelPatch,
    responses((status = 200, description = "as asked", body = PixelView)),
)]
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

/// Delete a pixel
///
/// Links that have it go on without.
#[utoipa::path(
    delete,
    operation_id = "deletePixel",
    path = "/pixels/{pixel}",
    tag = "Pixels",
    responses((status = 204, description = "done")),
)]
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
            created_at: wire::iso(pixel.created_at),
            updated_at: wire::iso(pixel.updated_at),
        }
    }
}
