//! `/api/v1/links/{id}/clicks`: how often a link was clicked; `/api/v1/clicks`: each click.

use axum::{Json, extract::State};
use jiff::Timestamp;
use model::{Click, ClickId, Error, Result as Checked, RuleId, Unreadable, What};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::json as wire, Authed, Native, Page, Params, Place, Result, cursor, cut, id,
    parameters::Paged,
};
use crate::{App, ops};

const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

#[derive(Serialize, ToSchema)]
#[schema(as = Count, example = json!({"total": 1204, "people": 1100, "bots": 104}))]
pub(super) struct CountView {
    total: i64,
    people: i64,
    bots: i64,
}

/// Count the clicks of a link
///
/// Bots are left out of the total unless they are asked for.
#[utoipa::path(
    get,
    operation_id = "countClicks",
    path = "/links/{link}/clicks",
    tag = "Clicks",
    params(("bots" = Option<String>, Query, description = "`include` counts bots into the total; `exclude` does not.", example = "exclude")),
    responses((status = 200, description = "as asked", body = CountView)),
)]
pub(super) async fn count(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    params: Params,
) -> Result<Json<CountView>> {
    params.only(&["bots"])?;
    let bots_too = match params.get("bots") {
        None | Some("exclude") => false,
        Some("include") => true,
        Some(_) => return Err(Error::invalid("bots", "must be include or exclude").into()),
    };
    let count = ops::count_clicks(&app, &caller, id(&link, What::Link)?).await?;
    let total = if bots_too { count.people + count.bots } else { count.people };
    Ok(Json(CountView { total, people: count.people, bots: count.bots }))
}

/// One click: never an address, and of the visitor only what every chart is made from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Click, example = json!({
    "id": "clk_00c3f1c2a4b51f3e6d7a8b9c0d1e2f30_1000", "at": "2026-11-21T10:00:00.000Z", "link": "lnk_0001_y3bWuA",
    "class": "person", "reason": null, "revision": 1, "outcome": "rule", "rule": "rule_000Yl3bWu",
    "variant": null, "country": "US", "region": "NY", "city": "New York", "device": "mobile",
    "os": "iOS", "browser": "Safari", "referrerDomain": "news.example", "qr": false,
    "returning": false,
}))]
pub(super) struct ClickView {
    id: String,
    at: String,
    link: String,
    class: &'static str,
    /// Why it is no person's.
    reason: Option<String>,
    revision: i64,
    outcome: &'static str,
    rule: Option<String>,
    variant: Option<u32>,
    country: Option<String>,
    region: Option<String>,
    city: Option<String>,
    device: Option<String>,
    os: Option<String>,
    browser: Option<String>,
    referrer_domain: Option<String>,
    qr: bool,
    returning: Option<bool>,
}

/// List the clicks of a link
///
/// Newest first. No address is ever kept.
#[utoipa::path(
    get,
    operation_id = "listClicks",
    path = "/clicks",
    tag = "Clicks",
    params(("link" = String, Query, description = "The link's id.", example = "lnk_0001_y3bWuA"), Paged),
    responses((status = 200, description = "as asked", body = Page<ClickView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Json<Page<ClickView>>> {
    params.only(&["link", "limit", "cursor"])?;
    let link = params.get("link").ok_or_else(|| Error::invalid("link", "is required"))?;
    let limit = params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let before = cursor(&params, |text| text.parse::<ClickId>().ok())?;
    let link = id(link, What::Link)?;
    let mut found = ops::clicks(&app, &caller, link, before, limit + 1).await?;
    let more = cut(&mut found, limit);
    let next = found.last().filter(|_| more).map(|(id, _)| id.to_string());
    let data = found.iter().filter_map(|(id, record)| ClickView::read(*id, record).transpose());
    Ok(Json(Page { data: data.collect::<Checked<_>>()?, next }))
}

impl ClickView {
    /// None for a click that only a newer version can read.
    pub(super) fn read(id: ClickId, record: &[u8]) -> Checked<Option<ClickView>> {
        let click = match Click::decode(record) {
            Err(Unreadable::Version(_)) => return Ok(None),
            read => read.map_err(Error::internal)?,
        };
        let at = Timestamp::from_millisecond(click.at).map_err(Error::internal)?;
        let link = model::LinkId::new(click.link).ok_or(Error::NotFound(What::Click))?;
        let rule = click.outcome.rule().and_then(|(rule, _)| RuleId::new(rule));
        let text = |text: Option<&str>| text.map(str::to_owned);
        Ok(Some(ClickView {
            id: id.to_string(),
            at: wire::iso(at),
            link: link.split("lnk"),
            class: click.class.name(),
            reason: text(click.reason),
            revision: click.revision,
            outcome: click.outcome.name(),
            rule: rule.map(|rule| rule.plain("rule")),
            variant: click.outcome.variant(),
            country: click.country.map(|code| String::from_utf8_lossy(&code).into_owned()),
            region: text(click.region),
            city: text(click.city),
            device: text(click.device),
            os: text(click.os),
            browser: text(click.browser),
            referrer_domain: text(click.referrer_domain),
            qr: click.qr,
            returning: click.returning,
        }))
    }
}
