//! Statistics: questions about the clicks of a workspace.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use model::{Caller, Domain, DomainId, Error, Link, LinkId, Result, Scope};
use statistics::{Answer, Columns, Group, Key, Query, Row, Source, Unanswerable, Value};
use store::Filter;
use targeting::Country;

use super::{clicks::PATIENCE, domains, links::own};
use crate::App;

/// Answers a question about the caller's clicks, all that were answered before the call included.
pub async fn ask(app: &App, caller: &Caller, query: Query) -> Result<Answer> {
    if let Group::Breakdown { dimension, .. } = query.group
        && matches!(dimension.source, Source::Link)
    {
        return by_links(app, caller, query, dimension.name).await;
    }
    let answers = ask_all(app, caller, vec![query]).await?;
    answers.into_iter().next().ok_or_else(|| Error::internal("a question without an answer"))
}

/// Answers several questions about the same clicks, in their order.
pub async fn ask_all(app: &App, caller: &Caller, queries: Vec<Query>) -> Result<Vec<Answer>> {
    caller.may(Scope::StatsRead)?;
    let from = queries.iter().map(|query| query.from).min().unwrap_or_default();
    let to = queries.iter().map(|query| query.to).max().unwrap_or_default();
    let queries = within(app, caller, queries).await?;
    scan(app, (from, to), move |batches, threads| {
        let batches = || batches.iter().map(Arc::as_ref);
        queries.into_iter().map(|query| query.run(batches(), threads)).collect()
    })
    .await
}

/// Where the cities of an answer are, row by row: degrees north and east as the first loaded source
/// that knows a city tells them.
pub async fn places(app: &App, answer: &Answer) -> Result<Vec<Option<(f32, f32)>>> {
    let city = |row: &Row| match &row.key {
        Key::City { country: Value::Text(country), city: Value::Text(city) } => {
            Some((Country::parse(country)?, city.clone()))
        }
        _ => None,
    };
    let cities: Vec<_> = answer.rows().iter().map(city).collect();
    let app = app.clone();
    // A source is gone through when it is asked about a city for the first time.
    let places = tokio::task::spawn_blocking(move || {
        let geo = app.facts.geo.loaded();
        let place = |(country, city): (Country, Arc<str>)| geo.city(country, &city);
        cities.into_iter().map(|city| city.and_then(place)).collect()
    });
    places.await.map_err(Error::internal)
}

/// Breaks clicks down by the domains or the tags that their links have now.
async fn by_links(app: &App, caller: &Caller, query: Query, name: &str) -> Result<Answer> {
    caller.may(Scope::StatsRead)?;
    let mut links: Vec<(Value, BTreeSet<LinkId>)> = Vec::new();
    if name == "tag" {
        let tags = app.store.links_by_tag(caller.workspace).await?;
        links.extend(tags.into_iter().map(|(tag, links)| (Value::Text(tag.into()), links)));
    } else {
        for domain in app.store.domains(caller.workspace).await? {
            if caller.sees(domain.id) {
                let of = app.store.links_on(caller.workspace, &[domain.id]).await?;
                links.push((Value::Text(domain.host.as_str().into()), of));
            }
        }
    }
    let limit = match query.group {
        Group::Breakdown { limit, .. } => limit,
        Group::Total | Group::Series(_) | Group::Cities { .. } | Group::HourByDay => usize::MAX,
    };
    let whole = Query { group: Group::Total, ..query };
    let part = |(_, of): &(_, BTreeSet<LinkId>)| {
        let asked = whole.links.as_ref().map_or_else(|| of.clone(), |asked| &**asked & of);
        Query { links: Some(Arc::new(asked)), ..whole.clone() }
    };
    let queries = std::iter::once(whole.clone()).chain(links.iter().map(part)).collect();
    let mut answers = ask_all(app, caller, queries).await?.into_iter();
    let all = answers.next().ok_or_else(|| Error::internal("a question without an answer"))?;
    let parts = links.into_iter().map(|(value, _)| value).zip(answers).collect();
    Ok(Answer::by_links(limit, &all, parts))
}

/// The records of the newest clicks that a question is about, newest first.
pub async fn newest_clicks(
    app: &App,
    caller: &Caller,
    query: Query,
    limit: usize,
) -> Result<Vec<Vec<u8>>> {
    caller.may(Scope::StatsRead)?;
    let query = within(app, caller, vec![query]).await?.remove(0);
    scan(app, (query.from, query.to), move |batches, threads| {
        let clicks = query.newest(batches.iter().map(Arc::as_ref), limit, threads)?;
        let record = |(click, _): &(model::Click<'_>, _)| {
            let mut record = Vec::new();
            click.encode(&mut record);
            record
        };
        Ok(clicks.iter().map(record).collect())
    })
    .await
}

/// Questions about nothing but what is there for the caller.
pub(super) async fn within(app: &App, caller: &Caller, queries: Vec<Query>) -> Result<Vec<Query>> {
    let theirs = match &caller.domains {
        None => None,
        Some(domains) => Some(Arc::new(app.store.links_on(caller.workspace, domains).await?)),
    };
    let narrow = |query: Query| {
        let links = match (query.links, &theirs) {
            (Some(asked), Some(theirs)) => Some(Arc::new(&*asked & &**theirs)),
            (None, Some(theirs)) => Some(Arc::clone(theirs)),
            (asked, None) => asked,
        };
        Query { workspace: caller.workspace, links, ..query }
    };
    Ok(queries.into_iter().map(narrow).collect())
}

/// A link whose clicks the caller may ask about.
pub async fn clicked_link(app: &App, caller: &Caller, id: LinkId) -> Result<Link> {
    caller.may(Scope::StatsRead)?;
    own(app, caller, id).await
}

/// A domain whose clicks the caller may ask about, with the links that are on it now.
pub fn clicked_links(
    app: &App,
    caller: &Caller,
    id: DomainId,
) -> Result<(Arc<Domain>, BTreeSet<LinkId>)> {
    caller.may(Scope::StatsRead)?;
    let domain = domains::domain_by_id(app, caller, id)?;
    if !app.routes.is_complete() {
        return Err(Error::Unavailable("the links are still being loaded".into()));
    }
    let links = app.routes.links_of(domain.id);
    Ok((domain, links))
}

/// How many of a domain's links were made in a span of time.
pub async fn links_made(
    app: &App,
    caller: &Caller,
    domain: DomainId,
    from: Option<Timestamp>,
    end: Timestamp,
) -> Result<i64> {
    caller.may(Scope::StatsRead)?;
    let filter = Filter {
        domain: Some(domain),
        created_from: from,
        created_before: Some(end),
        ..Filter::default()
    };
    app.store.count_links(caller.workspace, &filter).await
}

/// Goes through the clicks of a span of time, on a thread that may take long.
async fn scan<T: Send + 'static>(
    app: &App,
    (from, to): (i64, i64),
    ask: impl FnOnce(&[Arc<Columns>], usize) -> Result<T, Unanswerable> + Send + 'static,
) -> Result<T> {
    app.clicks.flush(PATIENCE).await;
    let batches = app.archive.batches(&app.store, from, to).await?;
    let app = app.clone();
    let found = tokio::task::spawn_blocking(move || {
        let found = ask(&batches, threads());
        app.archive.trim(app.config.statistics_bytes);
        found
    });
    found.await.map_err(Error::internal)?.map_err(unanswered)
}

/// A question may take every core, as redirects go before it.
pub(super) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Refuses filters by a clock, which has no zone where clicks are told one by one.
pub(super) fn without_clocks(filters: &[statistics::Filter]) -> Result<()> {
    match filters
        .iter()
        .find(|filter| matches!(filter.dimension.source, statistics::Source::Clock(_)))
    {
        Some(filter) => {
            Err(Error::invalid(filter.dimension.name, "cannot be told of a single click"))
        }
        None => Ok(()),
    }
}

pub(super) fn unanswered(error: Unanswerable) -> Error {
    match error {
        Unanswerable::Broken(broken) => Error::internal(broken),
        Unanswerable::Time(_) | Unanswerable::TooLong => {
            let why = error.to_string();
            Error::invalid("from", why.trim_start_matches("range: "))
        }
    }
}
