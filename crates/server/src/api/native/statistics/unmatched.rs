//! `/api/v1/statistics/unmatched`: what was asked for where no link is.

use axum::{Json, extract::State};
use jiff::{SignedDuration, tz::TimeZone};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::{Authed, Native, Params, Result},
    MOST_ROWS, ROWS, span,
};
use crate::{App, ops, visits::day};

/// Addresses that visitors typed and that lead nowhere.
#[derive(Serialize, ToSchema)]
#[schema(as = Unmatched, example = json!({
    "requests": 1204, "rows": [{"domain": "localhost", "slug": "sprnig", "requests": 54}],
}))]
pub(in super::super) struct UnmatchedView {
    /// All requests of these days.
    requests: i64,
    /// The most wanted first.
    rows: Vec<WantedView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Wanted, example = json!({"domain": "localhost", "slug": "sprnig", "requests": 54}))]
struct WantedView {
    domain: String,
    /// Null for all those that are not told apart: of a day, the 1,000 most wanted are.
    slug: Option<String>,
    /// How often it was asked for.
    requests: i64,
}

/// List what was asked for in vain
///
/// Slugs that no link has, by how often they were asked for. They are counted by UTC day and kept for
/// 90 days; `from` and `to` are taken to their days.
#[utoipa::path(
    get,
    operation_id = "listUnmatched",
    path = "/statistics/unmatched",
    tag = "Statistics",
    params(
        ("from" = Option<String>, Query, description = "A day such as `2026-11-01`; 30 days before `to` unless it is said.", example = "2026-11-01"),
        ("to" = Option<String>, Query, description = "The first day that is left out; tomorrow, unless it is said.", example = "2026-12-01"),
        ("domain" = Option<String>, Query, description = "A host; all domains unless it is said.", example = "localhost"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 1000, description = "Rows at most; 10 unless it is said.", example = 10),
    ),
    responses((status = 200, description = "as asked", body = UnmatchedView)),
)]
pub(in super::super) async fn unmatched(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Json<UnmatchedView>> {
    params.only(&["from", "to", "domain", "limit"])?;
    let asked = (params.get("from"), params.get("to"));
    let (from, to) = span(asked, &TimeZone::UTC, app.now())?;
    let limit = params.whole("limit", 1..=MOST_ROWS)?.unwrap_or(ROWS);
    let domain = params.get("domain");
    let domain = domain.map(|host| ops::domain_named(&app, &caller, Some(host))).transpose()?;
    let domain = domain.map(|domain| domain.id);
    // A day that has begun is asked about as a whole.
    let days = (day(from), day(to - SignedDuration::from_millis(1)) + 1);
    let (requests, rows) = ops::unmatched(&app, &caller, domain, days, limit).await?;
    let row = |row: ops::WantedSlug| WantedView {
        domain: row.host,
        slug: Some(row.slug).filter(|slug| !slug.is_empty()),
        requests: row.times,
    };
    Ok(Json(UnmatchedView { requests, rows: rows.into_iter().map(row).collect() }))
}
