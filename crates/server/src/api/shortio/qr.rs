//! `/links/qr`: QR codes of links.

use std::io::{Cursor, Write};

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use model::{Error, Link};
use serde::{Deserialize, Serialize};
use serde_json::Number;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{Authed, Body, Place, Result, ShortIo, link_id, many::few};
use crate::{
    App, ops,
    qr::{Color, Picture, Style},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Look {
    color: Option<String>,
    background_color: Option<String>,
    /// Pixels of a module's side.
    size: Option<Number>,
    r#type: Option<Kind>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Codes {
    #[serde(flatten)]
    look: Look,
    link_ids: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Png,
    Svg,
}

/// For those who ask for JSON.
#[derive(Serialize)]
struct Inline {
    /// A `data:` URL.
    url: String,
}

pub(super) async fn one(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
    headers: HeaderMap,
    Body(look, _): Body<ShortIo, Look>,
) -> Result<Response> {
    let (kind, style) = (look.kind(), look.style()?);
    let link = link_id(&app, &caller, &text).await?;
    let code = ops::qr_code(&app, &caller, link, kind.picture(), &style).await?;
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.starts_with("application/json")) {
        let url = format!("data:{};base64,{}", kind.content_type(), STANDARD.encode(&code));
        return Ok(Json(Inline { url }).into_response());
    }
    Ok(([(header::CONTENT_TYPE, kind.content_type())], code).into_response())
}

pub(super) async fn zip(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(codes, _): Body<ShortIo, Codes>,
) -> Result<Response> {
    let (kind, style) = (codes.look.kind(), codes.look.style()?);
    let links = few(&app, &caller, "linkIds", &codes.link_ids).await?;
    let codes = ops::qr_codes(&app, &caller, &links, kind.picture(), &style).await?;
    let zip = pack(&codes, kind).map_err(Error::internal)?;
    Ok((StatusCode::CREATED, [(header::CONTENT_TYPE, "application/zip")], zip).into_response())
}

fn pack(codes: &[(Link, Vec<u8>)], kind: Kind) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (link, code) in codes {
        let slug = link.address().slug.as_str().replace('/', "_");
        let name = format!("{slug}-{}.{}", link.id.split("lnk"), kind.name());
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(code)?;
    }
    Ok(zip.finish()?.into_inner())
}

impl Look {
    fn kind(&self) -> Kind {
        self.r#type.unwrap_or(Kind::Png)
    }

    fn style(&self) -> model::Result<Style> {
        let color = |at, text: &Option<String>, default| match text {
            None => Ok(default),
            Some(text) => Color::parse(text).ok_or_else(|| {
                Error::invalid(at, "must be six or eight hexadecimal digits such as 0b6b74")
            }),
        };
        let Style { dark, light, size, logo } = Style::default();
        Ok(Style {
            dark: color("color", &self.color, dark)?,
            light: color("backgroundColor", &self.background_color, light)?,
            size: match &self.size {
                None => size,
                Some(number) => number
                    .as_f64()
                    .filter(|size| (1.0..=99.0).contains(size))
                    .map(|size| size.round() as u32)
                    .ok_or_else(|| Error::invalid("size", "must be a number from 1 to 99"))?,
            },
            logo,
        })
    }
}

impl Kind {
    fn picture(self) -> Picture {
        match self {
            Kind::Png => Picture::Png,
            Kind::Svg => Picture::Svg,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Png => "png",
            Kind::Svg => "svg",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Kind::Png => "image/png",
            Kind::Svg => "image/svg+xml",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use jiff::Timestamp;
    use model::{Address, Destination, Draft, Host, Id, Schemes, Slug, Stamp, Status};
    use zip::ZipArchive;

    use super::*;

    #[test]
    fn an_archive_holds_a_picture_for_each_link() {
        let link = |number: i64, slug| {
            let to = Destination::parse("", "https://example.com/", Schemes::WEB).unwrap();
            let host = Host::parse("go.example").unwrap();
            let slug = Slug::parse(slug, false).unwrap();
            let address = Address { domain: Id::new(1).unwrap(), host, slug };
            let next_id = move || number;
            let stamp = Stamp { now: Timestamp::UNIX_EPOCH, next_id: &next_id };
            let draft = Draft::new(to);
            draft.into_link(Id::new(1).unwrap(), vec![address], Status::default(), &stamp).unwrap()
        };
        let codes = [(link(1, "a/b"), b"first".to_vec()), (link(2, "a_b"), b"second".to_vec())];
        let mut zip = ZipArchive::new(Cursor::new(pack(&codes, Kind::Svg).unwrap())).unwrap();
        let mut held = Vec::new();
        for i in 0..zip.len() {
            let mut file = zip.by_index(i).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            held.push(format!("{} {text}", file.name().unwrap()));
        }
        assert_eq!(held, ["a_b-lnk_0000_00001.svg first", "a_b-lnk_0000_00002.svg second"]);
    }
}
