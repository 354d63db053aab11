//! `/api/analytics/clicks`: the clicks of a link, one by one.

use axum::{Json, extract::State};
use jiff::Timestamp;
use model::{Class, Click, ClickId, Error, LinkId, RuleId, Unreadable, What};
use serde::Serialize;

use super::super::{super::json::iso, Asked, Authed, Envelope, Linquid, Params, Result, link_id};
use crate::{App, ops};

/// How many of the newest clicks can be turned to.
const REACH: i64 = 10_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ClickView {
    id: String,
    link_id: String,
    rule_id: Option<String>,
    timestamp: String,
    country: Option<String>,
    region: Option<String>,
    city: Option<String>,
    device: Option<String>,
    os: Option<String>,
    browser: Option<String>,
    referrer: Option<String>,
    is_bot: bool,
}

/// Newest first, those of programs among them.
pub(in super::super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    params: Params,
) -> Result<Json<Envelope<Vec<ClickView>>>> {
    params.only(&["linkId", "page", "limit"])?;
    let link = params.get("linkId");
    let link =
        link.ok_or_else(|| Error::invalid("linkId", "is required: clicks are listed by link"))?;
    let link = link_id(&app, &caller, link).await?;
    let asked = Asked::read(&params)?;
    let reached = asked.skipped() + asked.limit;
    if REACH < reached {
        let why = format!("reaches beyond the newest {REACH} clicks; /api/v1/clicks has all");
        return Err(Error::invalid("page", why).into());
    }
    let count = ops::count_clicks(&app, &caller, link).await?;
    let found = ops::clicks(&app, &caller, link, None, reached).await?;
    let page = found.iter().skip(asked.skipped() as usize);
    let views = page.filter_map(|(id, record)| ClickView::read(*id, record).transpose());
    Ok(asked.answer(views.collect::<model::Result<_>>()?, count.people + count.bots))
}

impl ClickView {
    /// None for a click that only a newer version can read.
    fn read(id: ClickId, record: &[u8]) -> model::Result<Option<ClickView>> {
        let click = match Click::decode(record) {
            Err(Unreadable::Version(_)) => return Ok(None),
            read => read.map_err(Error::internal)?,
        };
        let at = Timestamp::from_millisecond(click.at).map_err(Error::internal)?;
        let link = LinkId::new(click.link).ok_or(Error::NotFound(What::Click))?;
        let rule = click.outcome.rule().and_then(|(rule, _)| RuleId::new(rule));
        let text = |text: Option<&str>| text.map(str::to_owned);
        Ok(Some(ClickView {
            id: id.to_string(),
            link_id: link.plain("link"),
            rule_id: rule.map(|rule| rule.plain("rule")),
            timestamp: iso(at),
            country: click.country.map(|code| String::from_utf8_lossy(&code).into_owned()),
            region: text(click.region),
            city: text(click.city),
            device: text(click.device),
            os: text(click.os),
            browser: text(click.browser),
            referrer: text(click.referrer),
            is_bot: click.class != Class::Person,
        }))
    }
}
