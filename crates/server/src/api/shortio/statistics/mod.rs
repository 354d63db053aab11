//! `/statistics`: the clicks of links and domains in Short.io's words.

mod asked;
mod clicks;
mod columns;
mod span;
mod tops;

use std::collections::BTreeSet;

use axum::{Json, extract::State};
use jiff::Timestamp;
use model::{Caller, DomainId, Error, Link, LinkId, What, fold_path};
use serde::Serialize;
use serde_json::{Map, Value, json};
use statistics::{Answer, Group, Key, Query};

use self::{
    asked::{Asked, Question},
    span::{Period, Span},
    tops::{OF_DOMAIN, OF_LINK, Top, breakdown, classes},
};
pub(super) use self::{
    clicks::{last, of_links, of_paths},
    columns::{domain_top, link_top},
};
use super::{super::json::iso, Authed, MaybeBody, Params, Place, Result, ShortIo, id, link_id};
use crate::{App, ops};

/// What every handler here takes besides the place.
type Body = MaybeBody<ShortIo, Map<String, Value>>;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfLink {
    total_clicks: u64,
    human_clicks: u64,
    total_clicks_change: String,
    human_clicks_change: String,
    interval: Interval,
    click_statistics: Value,
    #[serde(flatten)]
    tops: Map<String, Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OfDomain {
    clicks: u64,
    human_clicks: u64,
    prev_clicks: u64,
    prev_human_clicks: u64,
    prev_clicks_change: String,
    human_clicks_change: String,
    human_clicks_change_positive: bool,
    /// Those made in the interval.
    links: i64,
    links_change: String,
    links_change_positive: bool,
    /// Of all links that there were when it ended.
    clicks_per_link: String,
    clicks_per_link_change: String,
    human_clicks_per_link: String,
    interval: Interval,
    click_statistics: Value,
    #[serde(flatten)]
    tops: Map<String, Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Interval {
    start_date: Option<String>,
    end_date: String,
    prev_start_date: Option<String>,
    prev_end_date: Option<String>,
}

/// The series of a link or domain; clients look for it under either key.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Series {
    clicks_statistics: Vec<Value>,
    click_statistics: Vec<Value>,
}

/// What was found of a question.
struct Found {
    all: u64,
    people: u64,
    /// In the span before; 0 where there is none.
    all_before: u64,
    people_before: u64,
    series: Vec<Value>,
    tops: Map<String, Value>,
}

pub(super) async fn link(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
    params: Params,
    MaybeBody(body, _): Body,
) -> Result<Json<OfLink>> {
    let asked = Asked::new(&params, body);
    let question = of_link(&app, &caller, &asked, &text).await?;
    let found = find(&app, &caller, &asked, &question, &[OF_LINK]).await?;
    Ok(Json(OfLink {
        total_clicks: found.all,
        human_clicks: found.people,
        total_clicks_change: change(found.all as f64, found.all_before as f64),
        human_clicks_change: change(found.people as f64, found.people_before as f64),
        interval: question.span.into(),
        click_statistics: datasets(&found.series),
        tops: found.tops,
    }))
}

pub(super) async fn domain(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
    params: Params,
    MaybeBody(body, _): Body,
) -> Result<Json<OfDomain>> {
    let asked = Asked::new(&params, body);
    let id: DomainId = id(&text, What::Domain)?;
    let question = of_domain(&app, &caller, &asked, id, Period::Last30)?;
    let found = find(&app, &caller, &asked, &question, &[OF_LINK, OF_DOMAIN]).await?;
    let made = async |from: Option<Timestamp>, end: Timestamp| {
        ops::links_made(&app, &caller, id, from, end).await
    };
    let Span { start, end, before } = question.span;
    let (links, there) = (made(start, end).await?, made(None, end).await?);
    let (links_before, there_before) = match before {
        None => (0, 0),
        Some((from, to)) => (made(Some(from), to).await?, made(None, to).await?),
    };
    let each =
        |clicks: u64, links: i64| if links == 0 { 0.0 } else { clicks as f64 / links as f64 };
    let each_before = each(found.all_before, there_before);
    Ok(Json(OfDomain {
        clicks: found.all,
        human_clicks: found.people,
        prev_clicks: found.all_before,
        prev_human_clicks: found.people_before,
        prev_clicks_change: change(found.all as f64, found.all_before as f64),
        human_clicks_change: change(found.people as f64, found.people_before as f64),
        human_clicks_change_positive: found.people_before <= found.people,
        links,
        links_change: change(links as f64, links_before as f64),
        links_change_positive: links_before <= links,
        clicks_per_link: rounded(each(found.all, there)),
        clicks_per_link_change: change(each(found.all, there), each_before),
        human_clicks_per_link: rounded(each(found.people, there)),
        interval: question.span.into(),
        click_statistics: datasets(&found.series),
        tops: found.tops,
    }))
}

pub(super) async fn link_series(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
    params: Params,
    MaybeBody(body, _): Body,
) -> Result<Json<Series>> {
    let asked = Asked::new(&params, body);
    let question = of_link(&app, &caller, &asked, &text).await?;
    Ok(Json(series(&app, &caller, &asked, &question).await?))
}

pub(super) async fn domain_series(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
    params: Params,
    MaybeBody(body, _): Body,
) -> Result<Json<Series>> {
    let asked = Asked::new(&params, body);
    let question = of_domain(&app, &caller, &asked, id(&text, What::Domain)?, Period::Last30)?;
    Ok(Json(series(&app, &caller, &asked, &question).await?))
}

/// A question about the clicks of one link.
async fn of_link(app: &App, caller: &Caller, asked: &Asked, text: &str) -> model::Result<Question> {
    let link = ops::clicked_link(app, caller, link_id(app, caller, text).await?).await?;
    let at = |path: &str| is_at(app, &link, path).then_some(link.id);
    let about = (caller.workspace, app.now(), link.id.made_at());
    asked.question(about, Period::Last30, BTreeSet::from([link.id]), at)
}

fn is_at(app: &App, link: &Link, path: &str) -> bool {
    link.addresses.iter().any(|address| link_at(app, address.domain, path) == Some(link.id))
}

/// A question about the clicks of all links of a domain.
fn of_domain(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    id: DomainId,
    otherwise: Period,
) -> model::Result<Question> {
    let (domain, links) = ops::clicked_links(app, caller, id)?;
    let about = (caller.workspace, app.now(), domain.id.made_at());
    asked.question(about, otherwise, links, |path| link_at(app, id, path))
}

/// The link at a path of a domain.
fn link_at(app: &App, domain: DomainId, path: &str) -> Option<LinkId> {
    let domain = app.routes.domain_by_id(domain)?;
    app.routes.link_at(domain.id, &fold_path(path, domain.case_sensitive)?)
}

/// Counts, series and breakdowns, all of the same clicks.
async fn find(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    Question { query, span }: &Question,
    tops: &[&[Top]],
) -> model::Result<Found> {
    let unit = asked.unit(query)?;
    let tops = if asked.flag("skipTops")? { &[] } else { tops };
    let tops: Vec<&Top> = tops.iter().copied().flatten().collect();
    let (from, to) = span.before.unwrap_or((span.end, span.end));
    let before = Query { from: from.as_millisecond(), to: to.as_millisecond(), ..query.clone() };
    let series = Query { group: Group::Series(unit), ..query.clone() };
    let mut queries = vec![by_class(query)?, by_class(&before)?, series];
    for top in &tops {
        queries.push(top.query(query)?);
    }
    let answers = ops::ask_all(app, caller, queries).await?;
    let [now, before, series, broken_down @ ..] = answers.as_slice() else {
        return Err(Error::internal("questions without answers"));
    };
    let ((all, people), (all_before, people_before)) = (classes(now), classes(before));
    let rows =
        tops.iter().zip(broken_down).map(|(top, answer)| (top.name.to_owned(), top.rows(answer)));
    Ok(Found {
        all,
        people,
        all_before,
        people_before,
        series: points(series)?,
        tops: rows.collect(),
    })
}

fn by_class(query: &Query) -> model::Result<Query> {
    breakdown(query, "class", model::CLASSES.len())
}

async fn series(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    Question { query, .. }: &Question,
) -> model::Result<Series> {
    let query = Query { group: Group::Series(asked.unit(query)?), ..query.clone() };
    let points = points(&ops::ask(app, caller, query).await?)?;
    Ok(Series { clicks_statistics: points.clone(), click_statistics: points })
}

/// When each unit begins, and its clicks.
fn points(answer: &Answer) -> model::Result<Vec<Value>> {
    let point = |row: &statistics::Row| {
        let Key::Since(at) = row.key else { return None };
        let at = Timestamp::from_millisecond(at).map_err(Error::internal);
        Some(at.map(|at| json!({"x": iso(at), "y": row.clicks})))
    };
    answer.rows().iter().filter_map(point).collect()
}

fn datasets(points: &[Value]) -> Value {
    json!({"datasets": [{"data": points}]})
}

/// By how many percent it is more than before; from nothing to something is 100.
fn change(now: f64, before: f64) -> String {
    let percent = match (now == before, before == 0.0) {
        (true, _) => 0.0,
        (_, true) => 100.0,
        _ => (now - before) / before * 100.0,
    };
    rounded(percent)
}

/// Two places, and no minus before a zero.
fn rounded(number: f64) -> String {
    let text = format!("{number:.2}");
    if text == "-0.00" { "0.00".to_owned() } else { text }
}

impl From<Span> for Interval {
    fn from(Span { start, end, before }: Span) -> Interval {
        let (before, before_end) = before.unzip();
        Interval {
            start_date: start.map(iso),
            end_date: iso(end),
            prev_start_date: before.map(iso),
            prev_end_date: before_end.map(iso),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_percent_with_two_places() {
        for (now, before, expected) in [
            (3.0, 2.0, "50.00"),
            (2.0, 3.0, "-33.33"),
            (0.0, 5.0, "-100.00"),
            (5.0, 0.0, "100.00"),
            (0.0, 0.0, "0.00"),
            (99_999.0, 100_000.0, "0.00"),
        ] {
            assert_eq!(change(now, before), expected, "{now} after {before}");
        }
    }
}
