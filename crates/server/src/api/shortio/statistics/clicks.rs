//! The clicks of some links, counted, and the newest clicks of a domain one by one.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use axum::{Json, extract::State};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use model::{
    Action, Caller, Class, Click, DomainId, Error, Link, LinkId, Outcome, Status, Unreadable, What,
};
use serde::Serialize;
use serde_json::{Map, Value};
use statistics::Query;

use super::{
    super::{super::json::iso, Authed, MaybeBody, Params, Place, Result, ShortIo, id},
    Body, Period,
    asked::{Asked, moment},
    breakdown, link_at, of_domain,
    tops::{number, values},
};
use crate::{App, ops};

/// Links that are counted at a time.
const MOST: usize = 1_000;
/// Clicks that are shown, and the most that are.
const CLICKS: usize = 50;
const MOST_CLICKS: usize = 1_000;

/// One click: never the address that it came from.
#[derive(Serialize)]
pub(in super::super) struct ClickView {
    host: String,
    path: String,
    lcpath: String,
    dt: String,
    method: &'static str,
    url: String,
    /// None where the link has changed since in what it answered with.
    st: Option<u16>,
    ip: &'static str,
    proto: String,
    #[serde(rename = "ref")]
    referrer: String,
    ua: &'static str,
    human: bool,
    browser: String,
    browser_version: String,
    country: String,
    city: String,
    #[serde(rename = "cityId")]
    city_id: Option<u32>,
    social: String,
    refhost: String,
    os: String,
    utm_source: String,
    utm_medium: String,
    utm_campaign: String,
    goal_completed: Option<bool>,
    ab_path: Option<String>,
}

/// `GET …/link_clicks`: by the links' ids, as they were spelled.
pub(in super::super) async fn of_links(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(domain, _): Place<ShortIo, String>,
    params: Params,
) -> Result<Json<Map<String, Value>>> {
    let asked = Asked::new(&params, Map::new());
    let ids = asked.text("ids")?.ok_or_else(|| Error::invalid("ids", "is required"))?;
    let ids: Vec<&str> = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    few("ids", ids.len())?;
    let (_, on_it) = ops::clicked_links(&app, &caller, id(&domain, What::Domain)?)?;
    let known = |text: &str| LinkId::parse(text).filter(|link| on_it.contains(link));
    let named: Vec<(&str, LinkId)> =
        ids.into_iter().filter_map(|text| Some((text, known(text)?))).collect();
    let links = named.iter().map(|(_, link)| *link).collect();
    let counts = count(&app, &caller, links, dates(&app, &asked)?).await?;
    let counts = named
        .into_iter()
        .map(|(text, link)| (text.to_owned(), counts.get(&link).copied().unwrap_or(0).into()));
    Ok(Json(counts.collect()))
}

/// `POST …/link_clicks`: by the links' paths, each since it was made.
pub(in super::super) async fn of_paths(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(domain, _): Place<ShortIo, String>,
    params: Params,
    MaybeBody(body, _): Body,
) -> Result<Json<Map<String, Value>>> {
    let asked = Asked::new(&params, body);
    let domain: DomainId = id(&domain, What::Domain)?;
    ops::clicked_links(&app, &caller, domain)?;
    let (from, to) = dates(&app, &asked)?;
    let paths = asked.list("pathsDates")?;
    few("pathsDates", paths.len())?;
    let mut named = Vec::with_capacity(paths.len());
    // Most were made when they say, so that nothing of theirs is older: one question for all.
    let mut since: BTreeMap<Timestamp, BTreeSet<LinkId>> = BTreeMap::new();
    for (i, path) in paths.iter().enumerate() {
        let at = |key: &str| format!("pathsDates[{i}].{key}");
        let text = path.get("path").and_then(Value::as_str);
        let text = text.ok_or_else(|| Error::invalid(at("path"), "is required"))?;
        let made = path.get("createdAt").filter(|made| !made.is_null());
        let made = made.map(|made| moment(&at("createdAt"), made, &TimeZone::UTC)).transpose()?;
        let link = link_at(&app, domain, text);
        let own = link.zip(made).map(|(link, made)| (made, link.made_at()));
        // A minute's grace for clocks that differ.
        let is_later = own.filter(|(made, real)| *real + SignedDuration::from_mins(1) < *made);
        let start = is_later.map_or(from, |(made, _)| made.max(from));
        since.entry(start).or_default().extend(link);
        named.push((text.to_owned(), link.map(|link| (start, link))));
    }
    let mut counts: HashMap<(Timestamp, LinkId), u64> = HashMap::new();
    for (start, links) in since {
        let counted = count(&app, &caller, links, (start, to)).await?;
        counts.extend(counted.into_iter().map(|(link, clicks)| ((start, link), clicks)));
    }
    let count = |link: Option<_>| link.and_then(|link| counts.get(&link)).copied().unwrap_or(0);
    Ok(Json(named.into_iter().map(|(path, link)| (path, count(link).into())).collect()))
}

pub(in super::super) async fn last(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(domain, _): Place<ShortIo, String>,
    params: Params,
    MaybeBody(body, _): Body,
) -> Result<Json<Vec<ClickView>>> {
    let asked = Asked::new(&params, body);
    let domain: DomainId = id(&domain, What::Domain)?;
    let query = of_domain(&app, &caller, &asked, domain, Period::Total)?.query;
    let limit = asked.limit(CLICKS, MOST_CLICKS)?;
    let before = asked.moment("beforeDate", &query.zone)?.map(Timestamp::as_millisecond);
    let after = asked.moment("afterDate", &query.zone)?.map(Timestamp::as_millisecond);
    let query = Query {
        from: after.map_or(query.from, |after| query.from.max(after.saturating_add(1))),
        to: before.map_or(query.to, |before| query.to.min(before)),
        ..query
    };
    let mut links: HashMap<LinkId, Link> = HashMap::new();
    let mut views = Vec::new();
    for record in ops::newest_clicks(&app, &caller, query, limit).await? {
        let click = match Click::decode(&record) {
            // Only a newer version can read it.
            Err(Unreadable::Version(_)) => continue,
            read => read.map_err(Error::internal)?,
        };
        let Some(id) = LinkId::new(click.link) else { continue };
        if !links.contains_key(&id) {
            match ops::clicked_link(&app, &caller, id).await {
                Ok(link) => drop(links.insert(id, link)),
                Err(Error::NotFound(_)) => continue,
                Err(error) => return Err(error.into()),
            }
        }
        if let Some(link) = links.get(&id) {
            views.push(ClickView::of(&app, (domain, link), &click)?);
        }
    }
    Ok(Json(views))
}

/// The dates of a count; without them, all time.
fn dates(app: &App, asked: &Asked) -> model::Result<(Timestamp, Timestamp)> {
    let zone = asked.zone()?;
    let start = asked.moment("startDate", &zone)?.unwrap_or(Timestamp::UNIX_EPOCH);
    let end = asked.moment("endDate", &zone)?;
    Ok((start, end.unwrap_or_else(|| app.now() + SignedDuration::from_millis(1))))
}

fn few(at: &str, count: usize) -> model::Result<()> {
    if count <= MOST {
        return Ok(());
    }
    Err(Error::invalid(at, format!("must not be more than {MOST}")))
}

/// All clicks of each of these links.
async fn count(
    app: &App,
    caller: &Caller,
    links: BTreeSet<LinkId>,
    (from, to): (Timestamp, Timestamp),
) -> model::Result<HashMap<LinkId, u64>> {
    let most = links.len();
    let query = Query {
        links: Some(Arc::new(links)),
        classes: model::CLASSES.iter().map(|row| row.0).collect(),
        visitors: false,
        ..Query::total(caller.workspace, from.as_millisecond(), to.as_millisecond())
    };
    let answer = ops::ask(app, caller, breakdown(&query, "link", most)?).await?;
    Ok(values(&answer).filter_map(|(id, clicks)| Some((LinkId::parse(&id)?, clicks))).collect())
}

impl ClickView {
    fn of(app: &App, (domain, link): (DomainId, &Link), click: &Click<'_>) -> Result<ClickView> {
        let at = Timestamp::from_millisecond(click.at).map_err(Error::internal)?;
        let on_it = link.addresses.iter().find(|address| address.domain == domain);
        let address = on_it.unwrap_or_else(|| link.address());
        let url = app.short_url(address);
        let path = format!("/{}", address.slug);
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let country = click.country.map(|code| String::from_utf8_lossy(&code).into_owned());
        let social = click.referrer_domain.and_then(statistics::social);
        Ok(ClickView {
            host: address.host.to_string(),
            lcpath: path.to_lowercase(),
            path,
            dt: iso(at),
            method: "GET",
            st: status(link, click.outcome),
            ip: "",
            proto: url.split(':').next().unwrap_or_default().to_owned(),
            url,
            referrer: text(click.referrer),
            ua: "",
            human: click.class == Class::Person,
            browser: text(click.browser),
            browser_version: text(click.browser_version),
            country: country.unwrap_or_default(),
            city: text(click.city),
            city_id: click.city.map(number),
            social: text(social),
            refhost: text(click.referrer_domain),
            os: text(click.os),
            utm_source: text(click.utm.source),
            utm_medium: text(click.utm.medium),
            utm_campaign: text(click.utm.campaign),
            goal_completed: None,
            ab_path: None,
        })
    }
}

/// What a visitor was answered, as far as the link still tells.
fn status(link: &Link, outcome: Outcome) -> Option<u16> {
    match outcome {
        Outcome::Destination | Outcome::Split { .. } | Outcome::Rule { .. } | Outcome::Expired => {
            Some(Status::code(link.status))
        }
        Outcome::Blocked { rule } => {
            let rule = link.rules.iter().find(|known| known.id.number() == rule)?;
            if let Action::Block(status) = rule.action { Some(status) } else { None }
        }
        Outcome::NotFound => Some(404),
        Outcome::Gone => Some(410),
        Outcome::Password | Outcome::Card => Some(200),
    }
}
