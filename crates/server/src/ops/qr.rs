//! QR codes of links.

use model::{Caller, Error, Link, LinkId, Result, Scope};
use tokio::task::spawn_blocking;

use super::{domains, links::own, permissions::may_with};
use crate::{
    App,
    qr::{Picture, Style, draw},
    redirect::SCANNED,
};

/// A link's QR code. Where the domain tells scans from other clicks, the code says `?qr`.
pub async fn qr_code(
    app: &App,
    caller: &Caller,
    id: LinkId,
    picture: Picture,
    style: &Style,
) -> Result<Vec<u8>> {
    may_with(app, caller, Scope::LinksRead, id).await?;
    let link = own(app, caller, id).await?;
    draw(&scanned(app, &link)?, picture, style)
}

/// The QR codes of many links, each with its link, in the order asked.
pub async fn qr_codes(
    app: &App,
    caller: &Caller,
    ids: &[LinkId],
    picture: Picture,
    style: &Style,
) -> Result<Vec<(Link, Vec<u8>)>> {
    caller.may(Scope::LinksRead)?;
    let mut links = Vec::with_capacity(ids.len());
    for &id in ids {
        let link = own(app, caller, id).await?;
        links.push((scanned(app, &link)?, link));
    }
    let style = style.clone();
    let draw = move || {
        let code = |(text, link): (String, Link)| Ok((link, draw(&text, picture, &style)?));
        links.into_iter().map(code).collect()
    };
    // Some hundred large pictures take a while.
    spawn_blocking(draw).await.map_err(Error::internal)?
}

/// What the code of a link says.
fn scanned(app: &App, link: &Link) -> Result<String> {
    let domain = domains::by_id(app, link.address().domain)?;
    let url = app.short_url(link.address());
    Ok(if domain.manner.marks_qr { format!("{url}?{SCANNED}") } else { url })
}
