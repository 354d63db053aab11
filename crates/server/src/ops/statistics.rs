//! Statistics: questions about the clicks of a workspace.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;
use model::{Caller, Domain, DomainId, Error, Link, LinkId, Result, Scope};
use statistics::{Answer, Filter, Group, Key, Query, Row, Unanswerable, Unread, Value};
use targeting::Country;

use super::{clicks::PATIENCE, domains, links::own};
use crate::{App, archive::Found};

/// Answers a question about the caller's clicks, all that were answered before the call included.
pub async fn ask(app: &App, caller: &Caller, query: Query) -> Result<Answer> {
    if let Group::Breakdown { dimension, limit } = query.group
        && dimension.is_of_links()
    {
        return by_links(app, caller, query, dimension.name, limit).await;
    }
    let answers = ask_all(app, caller, vec![query]).await?;
    answers.into_iter().next().ok_or_else(|| Error::internal("a question without an answer"))
}

/// Answers several questions about the same clicks, in their order.
pub async fn ask_all(app: &App, caller: &Caller, queries: Vec<Query>) -> Result<Vec<Answer>> {
    caller.may(Scope::StatsRead)?;
    answer_all(app, within(app, caller, queries).await?).await
}

/// [`ask_all`] about what is there for the caller.
async fn answer_all(app: &App, queries: Vec<Query>) -> Result<Vec<Answer>> {
    let from = queries.iter().map(|query| query.from).min().unwrap_or_default();
    let to = queries.iter().map(|query| query.to).max().unwrap_or_default();
    scan(app, (from, to), move |found, threads| {
        let batches = || found.batches.iter().map(Arc::as_ref);
        let answer = |query: Query| {
            let is_asked = |unread: &&Unread| unread.first < query.to && query.from <= unread.last;
            let mut answer = query.run(batches(), threads)?;
            answer.unread = found.unread.iter().filter(is_asked).copied().collect();
            Ok(answer)
        };
        queries.into_iter().map(answer).collect()
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

/// Breaks clicks down by what their links have now.
async fn by_links(
    app: &App,
    caller: &Caller,
    query: Query,
    name: &str,
    limit: usize,
) -> Result<Answer> {
    caller.may(Scope::StatsRead)?;
    let links = links_by(app, caller, name).await?;
    let whole = Query { group: Group::Total, ..query };
    let whole = within(app, caller, vec![whole]).await?.remove(0);
    let part = |(_, of): &(_, BTreeSet<LinkId>)| {
        let asked = whole.links.as_ref().map_or_else(|| of.clone(), |asked| &**asked & of);
        Query { links: Some(Arc::new(asked)), ..whole.clone() }
    };
    let queries = std::iter::once(whole.clone()).chain(links.iter().map(part)).collect();
    let mut answers = answer_all(app, queries).await?.into_iter();
    let all = answers.next().ok_or_else(|| Error::internal("a question without an answer"))?;
    let parts = links.into_iter().map(|(value, _)| value).zip(answers).collect();
    Ok(Answer::by_links(limit, &all, parts))
}

/// What links have now of a dimension of theirs, each value with the links that have it.
async fn links_by(
    app: &App,
    caller: &Caller,
    dimension: &str,
) -> Result<Vec<(Value, BTreeSet<LinkId>)>> {
    let named = match dimension {
        "tag" => app.store.links_by_tag(caller.workspace).await?,
        "folder" => app.store.links_by_folder(caller.workspace).await?,
        _ => {
            let mut named = BTreeMap::new();
            for domain in app.store.domains(caller.workspace).await? {
                if caller.sees(domain.id) {
                    let links = app.store.links_on(caller.workspace, &[domain.id]).await?;
                    named.insert(domain.host.as_str().to_owned(), links);
                }
            }
            named
        }
    };
    Ok(named.into_iter().map(|(name, links)| (Value::Text(name.into()), links)).collect())
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
    scan(app, (query.from, query.to), move |found, threads| {
        let clicks = query.newest(found.batches.iter().map(Arc::as_ref), limit, threads)?;
        let record = |(click, _): &(model::Click<'_>, _)| {
            let mut record = Vec::new();
            click.encode(&mut record);
            record
        };
        Ok(clicks.iter().map(record).collect())
    })
    .await
}

/// Questions about nothing but what is there for the caller, with no filter by what links have: the
/// links that have it now stand in its place.
pub(super) async fn within(app: &App, caller: &Caller, queries: Vec<Query>) -> Result<Vec<Query>> {
    let theirs = match &caller.domains {
        None => None,
        Some(domains) => Some(app.store.links_on(caller.workspace, domains).await?),
    };
    let mut known: HashMap<&str, Vec<(Value, BTreeSet<LinkId>)>> = HashMap::new();
    for Filter { dimension, .. } in queries.iter().flat_map(|query| &query.filters) {
        if dimension.is_of_links() && !known.contains_key(dimension.name) {
            known.insert(dimension.name, links_by(app, caller, dimension.name).await?);
        }
    }
    let narrow = |query: Query| {
        let mut links = query.links.as_deref().cloned();
        if let Some(theirs) = &theirs {
            keep(&mut links, theirs);
        }
        let mut filters = Vec::with_capacity(query.filters.len());
        for filter in query.filters {
            let filter = match known.get(filter.dimension.name) {
                Some(links) => filter.by_links(links),
                None => filter,
            };
            // Links that are asked about alone need not be looked for among all others.
            match named(&filter) {
                Some(named) => keep(&mut links, &named),
                None => filters.push(filter),
            }
        }
        Query { workspace: caller.workspace, links: links.map(Arc::new), filters, ..query }
    };
    Ok(queries.into_iter().map(narrow).collect())
}

/// Of the links that are asked about, or of all, those that are among these.
fn keep(asked: &mut Option<BTreeSet<LinkId>>, these: &BTreeSet<LinkId>) {
    *asked = Some(asked.take().map_or_else(|| these.clone(), |asked| &asked & these));
}

/// The links whose clicks alone pass a filter, where it says so.
fn named(filter: &Filter) -> Option<BTreeSet<LinkId>> {
    if filter.dimension.name != "link" || filter.negated || filter.unknown {
        return None;
    }
    let link = |value: &Value| match value {
        Value::Number(number) => LinkId::new(*number),
        Value::Flag(_) | Value::Text(_) => None,
    };
    filter.values.iter().map(link).collect()
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
    let filter = store::Filter {
        domain: Some(domain),
        created_from: from,
        created_before: Some(end),
        ..store::Filter::default()
    };
    app.store.count_links(caller.workspace, &filter).await
}

/// Goes through the clicks of a span of time, on a thread that may take long.
async fn scan<T: Send + 'static>(
    app: &App,
    (from, to): (i64, i64),
    ask: impl FnOnce(&Found, usize) -> Result<T, Unanswerable> + Send + 'static,
) -> Result<T> {
    app.clicks.flush(PATIENCE).await;
    let found = app.archive.batches(&app.store, from, to).await?;
    let app = app.clone();
    let answer = tokio::task::spawn_blocking(move || {
        let answer = ask(&found, threads());
        app.archive.trim(app.config.statistics_bytes);
        answer
    });
    answer.await.map_err(Error::internal)?.map_err(unanswered)
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
