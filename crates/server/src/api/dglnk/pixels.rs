//! `/api/v1/tracking-pixel`: pixels in BeLink's words.

use axum::{Json, extract::State};
use model::{Error, Pixel, PixelId, PixelKind, Tag, What};
use serde::{Deserialize, Serialize};

use super::{
    Authed, DgLnk, Done, Params, Place, Result, id,
    page::{Asked, Paged},
    token::Tokened,
    view::written,
};
use crate::{App, ops};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PixelBody {
    name: Option<String>,
    r#type: Option<String>,
    pixel_id: Option<String>,
    head_code: Option<String>,
    body_code: Option<String>,
}

#[derive(Serialize)]
pub(super) struct PixelView {
    id: i64,
    name: String,
    r#type: &'static str,
    pixel_id: String,
    user_id: i64,
    created_at: String,
    updated_at: String,
}

#[derive(Serialize)]
pub(super) struct Shown {
    status: &'static str,
    pixel: PixelView,
}

/// BeLink's word for each kind; the first is shown.
const TYPES: &[(&str, PixelKind)] = &[
    ("facebook", PixelKind::Facebook),
    ("google-analytics", PixelKind::GoogleAnalytics),
    ("google-ads", PixelKind::GoogleAds),
    ("google-adwords", PixelKind::GoogleAds),
    ("google-tag-manager", PixelKind::GoogleTagManager),
    ("linkedin", PixelKind::LinkedIn),
    ("twitter", PixelKind::Twitter),
    ("tiktok", PixelKind::TikTok),
    ("pinterest", PixelKind::Pinterest),
    ("bing", PixelKind::Bing),
    ("quora", PixelKind::Quora),
    ("custom", PixelKind::Image),
];

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
    params: Params,
) -> Result<Json<Paged<PixelView>>> {
    let asked = Asked::read(&params)?;
    let pixels = ops::pixels(&app, &caller).await?;
    Ok(asked.cut(pixels.iter().map(PixelView::from).collect()))
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
    Place(text, _): Place<DgLnk, String>,
) -> Result<Json<Shown>> {
    let pixel = ops::pixel(&app, &caller, id(&text, What::Pixel)?).await?;
    Ok(Shown::of(&pixel))
}

pub(super) async fn create(
    State(app): State<App>,
    Tokened(caller, body, _): Tokened<PixelBody>,
) -> Result<Json<Shown>> {
    let required = |field: &str| {
        Error::invalid(field, format!("The {} field is required.", field.replace('_', " ")))
    };
    let tag = body
        .tag(None)?
        .ok_or_else(|| required(if body.r#type.is_none() { "type" } else { "pixel_id" }))?;
    let name = body.name.as_deref().ok_or_else(|| required("name"))?;
    Ok(Shown::of(&ops::create_pixel(&app, &caller, name, tag).await?))
}

pub(super) async fn update(
    State(app): State<App>,
    Place(text, _): Place<DgLnk, String>,
    Tokened(caller, body, _): Tokened<PixelBody>,
) -> Result<Json<Shown>> {
    let edit = |pixel: &mut Pixel| {
        if let Some(name) = &body.name {
            pixel.name = name.trim().to_owned();
        }
        if let Some(tag) = body.tag(Some(&pixel.tag))? {
            pixel.tag = tag;
        }
        Ok(())
    };
    let pixel = ops::edit_pixel(&app, &caller, id(&text, What::Pixel)?, edit).await?;
    Ok(Shown::of(&pixel))
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
    Place(text, _): Place<DgLnk, String>,
) -> Result<Json<Done>> {
    let ids: Vec<PixelId> =
        text.split(',').map(|text| id(text.trim(), What::Pixel)).collect::<model::Result<_>>()?;
    for id in &ids {
        ops::pixel(&app, &caller, *id).await?;
    }
    for id in ids {
        ops::delete_pixel(&app, &caller, id).await?;
    }
    Ok(Json(Done::DONE))
}

impl PixelBody {
    /// Whom the pixel tells, where the body says so; what it leaves out is as it `was`.
    fn tag(&self, was: Option<&Tag>) -> model::Result<Option<Tag>> {
        for (field, code) in [("head_code", &self.head_code), ("body_code", &self.body_code)] {
            if code.as_ref().is_some_and(|code| !code.trim().is_empty()) {
                let why = "Code of your own is not run here: use a pixel id or an image.";
                return Err(Error::invalid(field, why));
            }
        }
        let kind = match &self.r#type {
            Some(name) => Some(kind(name)?),
            None => was.map(Tag::kind),
        };
        let code = self.pixel_id.as_deref().or(was.map(Tag::code));
        kind.zip(code).map(|(kind, code)| Tag::parse(kind, code)).transpose()
    }
}

fn kind(name: &str) -> model::Result<PixelKind> {
    let found = TYPES.iter().find(|(known, _)| *known == name);
    found.map(|(_, kind)| *kind).ok_or_else(|| {
        let known: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
        Error::invalid("type", format!("The selected type is invalid: use {}.", known.join(", ")))
    })
}

impl Shown {
    fn of(pixel: &Pixel) -> Json<Shown> {
        Json(Shown { status: "success", pixel: PixelView::from(pixel) })
    }
}

impl From<&Pixel> for PixelView {
    fn from(pixel: &Pixel) -> PixelView {
        let named = TYPES.iter().find(|(_, kind)| *kind == pixel.tag.kind());
        PixelView {
            id: pixel.id.number(),
            name: pixel.name.clone(),
            r#type: named.map_or(pixel.tag.kind().name(), |(name, _)| *name),
            pixel_id: pixel.tag.code().to_owned(),
            user_id: pixel.workspace.number(),
            created_at: written(pixel.created_at),
            updated_at: written(pixel.updated_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::PIXELS;

    use super::*;

    #[test]
    fn every_kind_has_a_word_of_belinks() {
        for row in PIXELS {
            assert!(TYPES.iter().any(|(_, kind)| *kind == row.kind), "{}", row.name);
        }
    }
}
