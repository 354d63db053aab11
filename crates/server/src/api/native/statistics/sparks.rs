//! `/api/v1/statistics/sparks`: the clicks of many links day by day, for the lines in a list of them.

use std::sync::Arc;

use axum::{Json, extract::State};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use model::{Error, LinkId};
use serde::Serialize;
use statistics::{Group, Query, Unit};
use utoipa::ToSchema;

use super::{
    super::{Authed, Native, Params, Result},
    classes,
};
use crate::{App, ops};

/// Clicks by day of each link that was asked about.
#[derive(Serialize, ToSchema)]
#[schema(as = Sparks, example = json!({
    "timezone": "UTC", "days": ["2026-11-20", "2026-11-21"],
    "rows": [{"link": "lnk_0001_y3bWuA", "clicks": [12, 54]}],
}))]
pub(in super::super) struct SparksView {
    timezone: String,
    /// The days, the last of which is today.
    days: Vec<String>,
    /// One for each link, in the order in which they were named.
    rows: Vec<SparkView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Spark, example = json!({"link": "lnk_0001_y3bWuA", "clicks": [12, 54]}))]
struct SparkView {
    link: String,
    /// Of each day.
    clicks: Vec<u64>,
}

/// Links that can be asked about at a time.
const MOST: usize = 100;
const DAYS: i64 = 7;
const MOST_DAYS: i64 = 90;

/// Count the clicks of many links by day
///
/// For the lines in a list of links: 7 days of 100 links in one answer. A link that is not there has no
/// clicks.
#[utoipa::path(
    get,
    operation_id = "countSparks",
    path = "/statistics/sparks",
    tag = "Statistics",
    params(
        ("links" = String, Query, description = "Up to 100 ids of links.", example = "lnk_0001_y3bWuA,lnk_0001_y3bWuB"),
        ("days" = Option<i64>, Query, minimum = 1, maximum = 90, description = "So many days, with today; 7 unless it is said.", example = 7),
        ("timezone" = Option<String>, Query, description = "The IANA time zone of days; UTC unless it is said.", example = "Europe/Berlin"),
        ("bots" = Option<String>, Query, description = "`include` counts bots too; `exclude` does not.", example = "exclude"),
    ),
    responses((status = 200, description = "as asked", body = SparksView)),
)]
pub(in super::super) async fn sparks(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Json<SparksView>> {
    params.only(&["links", "days", "timezone", "bots"])?;
    let links = links(params.get("links").unwrap_or_default())?;
    let days = params.whole("days", 1..=MOST_DAYS)?.unwrap_or(DAYS);
    let name = params.get("timezone").unwrap_or("UTC");
    let zone = TimeZone::get(name)
        .map_err(|_| Error::invalid("timezone", format!("no time zone {name:?}")))?;
    let now = app.now();
    let today = now.to_zoned(zone.clone()).date();
    let first = today.checked_sub((days - 1).days()).map_err(Error::internal)?;
    let from = first.to_zoned(zone.clone()).map_err(Error::internal)?.timestamp();
    let all = Query {
        zone: zone.clone(),
        classes: classes(params.get("bots"))?,
        group: Group::Series(Unit::Day),
        visitors: false,
        ..Query::total(caller.workspace, from.as_millisecond(), now.as_millisecond() + 1)
    };
    let of = |link: &LinkId| Query { links: Some(Arc::new([*link].into())), ..all.clone() };
    let mut queries: Vec<Query> = links.iter().map(of).collect();
    // What no link has still tells the days.
    queries.push(Query { links: Some(Arc::default()), ..all.clone() });
    let mut answers = ops::ask_all(&app, &caller, queries).await?;
    let days = answers.pop().map(statistics::Answer::into_rows).unwrap_or_default();
    let days = days.iter().filter_map(|row| match row.key {
        statistics::Key::Since(at) => Timestamp::from_millisecond(at).ok(),
        _ => None,
    });
    let rows = links.iter().zip(answers).map(|(link, answer)| SparkView {
        link: link.split("lnk"),
        clicks: answer.rows().iter().map(|row| row.clicks).collect(),
    });
    Ok(Json(SparksView {
        timezone: name.to_owned(),
        days: days.map(|day| day.to_zoned(zone.clone()).date().to_string()).collect(),
        rows: rows.collect(),
    }))
}

fn links(list: &str) -> model::Result<Vec<LinkId>> {
    let ids = list.split(',').map(str::trim).filter(|id| !id.is_empty());
    let none = |id: &str| Error::invalid("links", format!("{id:?} is not an id"));
    let links: Vec<LinkId> =
        ids.map(|id| LinkId::parse(id).ok_or_else(|| none(id))).collect::<model::Result<_>>()?;
    match links.len() {
        0 => Err(Error::invalid("links", "is required: ids of links")),
        1..=MOST => Ok(links),
        _ => Err(Error::invalid("links", format!("must not be more than {MOST}"))),
    }
}
