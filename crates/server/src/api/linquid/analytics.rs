//! `/api/analytics`: clicks, visitors and conversions of a workspace or of one link.
//!
//! Linquid's pages name these calls and say little of their answers, so the shapes are ours.

mod clicks;
mod span;

use std::{collections::BTreeSet, sync::Arc};

use axum::{Json, extract::State};
use jiff::Timestamp;
use model::{Amount, Caller, Error, LinkId};
use serde::Serialize;
use serde_json::{Map, Value as Cell, json};
use statistics::{Dimension, Group, Key, Query, Row, Value};
use store::Filter;

use self::span::Span;
use super::{
    super::json::iso, Authed, Envelope, Linquid, Params, Place, Result, envelope, link_id,
};
use crate::{App, ops};

pub(super) use clicks::list as clicks;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnalyticsView {
    #[serde(skip_serializing_if = "Option::is_none")]
    link_id: Option<String>,
    period: PeriodView,
    totals: TotalsView,
    time_series: Vec<Map<String, Cell>>,
    #[serde(flatten)]
    breakdowns: Map<String, Cell>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PeriodView {
    start_date: String,
    /// The first moment that is not asked about any more.
    end_date: String,
    timezone: String,
    interval: &'static str,
}

/// Clicks are of people; unique ones are the different visitors of each day, summed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TotalsView {
    clicks: u64,
    unique_clicks: u64,
    conversions: i64,
    /// Of a hundred clicks; none without clicks.
    conversion_rate: Option<f64>,
    revenue: Vec<RevenueView>,
}

#[derive(Serialize)]
struct RevenueView {
    currency: String,
    amount: Cell,
}

/// The lists of an answer: their key, the name of a row's value, and our dimension.
const LISTS: &[(&str, &str, &str)] = &[
    ("countries", "country", "country"),
    ("cities", "city", "city"),
    ("devices", "device", "device"),
    ("browsers", "browser", "browser"),
    ("os", "os", "os"),
    ("referrers", "referrer", "referrerDomain"),
    ("rules", "ruleId", "rule"),
];
/// Of a workspace alone.
const LINKS: (&str, &str, &str) = ("links", "linkId", "link");

const ROWS: i64 = 10;
const MOST_ROWS: i64 = 100;
/// How many links of a campaign are read at a time.
const STEP: i64 = 500;

/// Of the whole workspace, of a campaign, or of a link that the query names.
pub(super) async fn all(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    params: Params,
) -> Result<Json<Envelope<AnalyticsView>>> {
    if let Some(link) = params.get("linkId") {
        let link = known(&app, &caller, link).await?;
        return Ok(envelope(answer(&app, &caller, &params, Some(link), None).await?));
    }
    let links = match params.get("campaignId") {
        Some(campaign) => Some(of_campaign(&app, &caller, campaign).await?),
        None => None,
    };
    Ok(envelope(answer(&app, &caller, &params, None, links).await?))
}

pub(super) async fn one(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
    params: Params,
) -> Result<Json<Envelope<AnalyticsView>>> {
    let link = known(&app, &caller, &text).await?;
    Ok(envelope(answer(&app, &caller, &params, Some(link), None).await?))
}

async fn answer(
    app: &App,
    caller: &Caller,
    params: &Params,
    link: Option<LinkId>,
    campaign: Option<BTreeSet<LinkId>>,
) -> model::Result<AnalyticsView> {
    params.only(&[span::PARAMETERS, &["linkId", "campaignId", "limit"]].concat())?;
    let limit = params.whole("limit", 1..=MOST_ROWS)?.unwrap_or(ROWS) as usize;
    let span = Span::read(params, app.now())?;
    let links = link.map(|link| BTreeSet::from([link])).or(campaign).map(Arc::new);
    let query = Query {
        links: links.clone(),
        zone: span.zone.clone(),
        ..Query::total(caller.workspace, span.from, span.to)
    };
    let ask = async |group| {
        Ok::<_, Error>(ops::ask(app, caller, Query { group, ..query.clone() }).await?.into_rows())
    };
    let total = ask(Group::Total).await?.into_iter().next();
    let series = ask(Group::Series(span.unit)).await?;
    let mut breakdowns = Map::new();
    let of_links = link.is_none().then_some(LINKS);
    for &(list, name, dimension) in LISTS.iter().chain(&of_links) {
        let dimension = Dimension::named(dimension)
            .ok_or_else(|| Error::internal(format!("no dimension {dimension}")))?;
        let rows = ask(Group::Breakdown { dimension, limit }).await?;
        let rows = rows.iter().map(|row| row_view(name, row)).collect::<model::Result<Vec<_>>>()?;
        breakdowns.insert(list.to_owned(), json!(rows));
    }
    let (clicks, unique_clicks) =
        total.map_or((0, 0), |row| (row.clicks, row.visitors.unwrap_or_default()));
    let (conversions, revenue) = conversions(app, caller, links.as_deref(), &span).await?;
    Ok(AnalyticsView {
        link_id: link.map(|link| link.plain("link")),
        period: PeriodView {
            start_date: moment(span.from)?,
            end_date: moment(span.to)?,
            timezone: span.zone_name.clone(),
            interval: span.unit_name,
        },
        totals: TotalsView {
            clicks,
            unique_clicks,
            conversions,
            conversion_rate: (clicks != 0).then(|| conversions as f64 * 100.0 / clicks as f64),
            revenue,
        },
        time_series: series
            .iter()
            .map(|row| row_view("date", row))
            .collect::<model::Result<_>>()?,
        breakdowns,
    })
}

/// How many conversions came, and what they brought in each currency.
async fn conversions(
    app: &App,
    caller: &Caller,
    links: Option<&BTreeSet<LinkId>>,
    span: &Span,
) -> model::Result<(i64, Vec<RevenueView>)> {
    let asked: Vec<Option<LinkId>> = match links {
        None => vec![None],
        Some(links) => links.iter().copied().map(Some).collect(),
    };
    let (mut conversions, mut revenue) = (0, std::collections::BTreeMap::<String, i64>::new());
    for link in asked {
        let totals = ops::conversion_totals(app, caller, link, (span.from, span.to)).await?;
        for total in totals {
            conversions += total.conversions;
            if let Some(currency) = total.currency {
                *revenue.entry(currency).or_default() += total.amount.parts();
            }
        }
    }
    let view =
        |(currency, parts)| RevenueView { currency, amount: Amount::of_parts(parts).number() };
    Ok((conversions, revenue.into_iter().map(view).collect()))
}

/// A row with its value under a name; null is not known.
fn row_view(name: &str, row: &Row) -> model::Result<Map<String, Cell>> {
    let value = match &row.key {
        Key::Since(at) => moment(*at)?.into(),
        Key::Value(Some(Value::Text(text))) => (**text).into(),
        Key::Value(Some(Value::Number(number))) => match (name, LinkId::new(*number)) {
            // Ids of rules and links are spelled alike.
            ("linkId", Some(id)) => id.plain("link").into(),
            ("ruleId", Some(id)) => id.plain("rule").into(),
            _ => (*number).into(),
        },
        Key::Value(Some(Value::Flag(flag))) => (*flag).into(),
        Key::Value(None) | Key::Whole | Key::City { .. } | Key::Hour { .. } => Cell::Null,
    };
    Ok(Map::from_iter([
        (name.to_owned(), value),
        ("clicks".to_owned(), row.clicks.into()),
        ("uniqueClicks".to_owned(), row.visitors.into()),
    ]))
}

/// A link of the caller's.
async fn known(app: &App, caller: &Caller, text: &str) -> model::Result<LinkId> {
    let link = link_id(app, caller, text).await?;
    ops::count_clicks(app, caller, link).await?;
    Ok(link)
}

async fn of_campaign(
    app: &App,
    caller: &Caller,
    campaign: &str,
) -> model::Result<BTreeSet<LinkId>> {
    let filter = Filter { folder: Some(campaign.to_owned()), ..Filter::default() };
    let (mut found, mut after) = (BTreeSet::new(), None);
    loop {
        let links = ops::links(app, caller, &filter, after, STEP).await?;
        found.extend(links.iter().map(|link| link.id));
        match links.last() {
            Some(last) if STEP <= links.len() as i64 => after = Some(last.id),
            _ => return Ok(found),
        }
    }
}

fn moment(milliseconds: i64) -> model::Result<String> {
    Timestamp::from_millisecond(milliseconds).map(iso).map_err(Error::internal)
}
