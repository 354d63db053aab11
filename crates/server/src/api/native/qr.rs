//! `/api/v1/links/{id}/qr`: the QR code of a link.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use model::{Caller, Error, Result as Checked, What};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Authed, MaybeBody, Native, Params, Place, Result, id};
use crate::{
    App, ops,
    qr::{Color, Logo, Picture, Style},
};

/// How a code is to look; what is absent is black on white, eight pixels a module.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = QrLook, example = json!({"format": "png", "size": 8, "color": "0b6b74"}))]
pub(super) struct Look {
    format: Option<String>,
    size: Option<i64>,
    color: Option<String>,
    background: Option<String>,
    /// A PNG as a `data:` URL.
    logo: Option<String>,
}

/// Pixels of a module's side.
const SIZES: std::ops::RangeInclusive<i64> = 1..=40;

/// Draw a QR code
///
/// Of the short URL, as PNG or SVG. Scans are counted as such.
#[utoipa::path(
    get,
    operation_id = "getQrCode",
    path = "/links/{link}/qr",
    tag = "Links",
    params(("format" = Option<String>, Query, description = "`png` or `svg`.", example = "svg"), ("size" = Option<i64>, Query, minimum = 1, maximum = 40, description = "Pixels of a module's side; 8 unless it is said.", example = 8), ("color" = Option<String>, Query, description = "Six or eight hexadecimal digits; black unless it is said.", example = "0b6b74"), ("background" = Option<String>, Query, description = "The same; white unless it is said.", example = "ffffff")),
    responses(
        (status = 200, description = "the picture", content(
            (String = "image/png"), (String = "image/svg+xml"),
        )),
    ),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    params: Params,
) -> Result<Response> {
    params.only(&["format", "size", "color", "background"])?;
    let text = |name| params.get(name).map(str::to_owned);
    let look = Look {
        format: text("format"),
        size: params.whole("size", SIZES)?,
        color: text("color"),
        background: text("background"),
        logo: None,
    };
    answer(&app, &caller, &link, look).await
}

/// Draw a QR code with a logo
///
/// As GET does, with a PNG in the middle, which is too long for an address.
#[utoipa::path(
    post,
    operation_id = "drawQrCode",
    path = "/links/{link}/qr",
    tag = "Links",
    request_body = Option<Look>,
    responses(
        (status = 200, description = "the picture", content(
            (String = "image/png"), (String = "image/svg+xml"),
        )),
    ),
)]
pub(super) async fn draw(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    MaybeBody(look): MaybeBody<Look>,
) -> Result<Response> {
    answer(&app, &caller, &link, look).await
}

async fn answer(app: &App, caller: &Caller, link: &str, look: Look) -> Result<Response> {
    let (picture, kind) = match look.format.as_deref() {
        None | Some("png") => (Picture::Png, "image/png"),
        Some("svg") => (Picture::Svg, "image/svg+xml"),
        Some(_) => return Err(Error::invalid("format", "must be png or svg").into()),
    };
    let style = look.style()?;
    let code = ops::qr_code(app, caller, id(link, What::Link)?, picture, &style).await?;
    Ok(([(header::CONTENT_TYPE, kind)], code).into_response())
}

impl Look {
    fn style(&self) -> Checked<Style> {
        let plain = Style::default();
        let color = |at: &str, text: &Option<String>, otherwise| match text {
            None => Ok(otherwise),
            Some(text) => Color::parse(text.strip_prefix('#').unwrap_or(text)).ok_or_else(|| {
                let why = "must be six or eight hexadecimal digits such as 0b6b74";
                Error::invalid(at, why)
            }),
        };
        let size = self.size.map(|size| {
            let within = Some(size).filter(|size| SIZES.contains(size));
            let size = within.and_then(|size| u32::try_from(size).ok());
            size.ok_or_else(|| Error::invalid("size", "must be a whole number from 1 to 40"))
        });
        let dark = color("color", &self.color, plain.dark)?;
        let light = color("background", &self.background, plain.light)?;
        if dark == light {
            return Err(Error::invalid(
                "background",
                "must differ from color: nobody could scan it",
            ));
        }
        Ok(Style {
            dark,
            light,
            size: size.transpose()?.unwrap_or(plain.size),
            logo: self.logo.as_deref().map(|url| Logo::parse("logo", url)).transpose()?,
        })
    }
}
