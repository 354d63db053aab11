//! The clicks of links: how many, and the newest of them one by one.

use std::{collections::HashMap, time::Duration};

use bytes::Bytes;
use model::{Caller, Class, ClickId, Error, Head, LinkId, Result, Scope, What};

use super::links::own;
use crate::App;

/// Clicks of one link. Bots are everything that is no person: crawlers, previews, prefetches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClickCount {
    pub people: i64,
    pub bots: i64,
}

/// How long a count waits for clicks that are still on their way to the database.
pub(super) const PATIENCE: Duration = Duration::from_millis(1_000);

/// Counts a link's clicks, all that were answered before the call included.
pub async fn count_clicks(app: &App, caller: &Caller, link: LinkId) -> Result<ClickCount> {
    caller.may(Scope::StatsRead)?;
    own(app, caller, link).await?;
    app.clicks.flush(PATIENCE).await;
    Ok(counts_of(app, caller, &[link]).await?.remove(&link).unwrap_or_default())
}

/// The records of a link's clicks, newest first, those before `before`; all that were answered
/// before the call are among them.
pub async fn clicks(
    app: &App,
    caller: &Caller,
    link: LinkId,
    before: Option<ClickId>,
    limit: i64,
) -> Result<Vec<(ClickId, Bytes)>> {
    caller.may(Scope::StatsRead)?;
    own(app, caller, link).await?;
    app.clicks.flush(PATIENCE).await;
    let before = match before {
        None => None,
        Some(id) => Some((time_of(app, caller, id).await?, id)),
    };
    let limit = usize::try_from(limit).unwrap_or_default();
    let found = app.archive.clicks(&app.store, (caller.workspace, link), before, limit).await?;
    app.archive.trim(app.config.statistics_bytes);
    Ok(found.into_iter().map(|(_, id, record)| (id, record)).collect())
}

/// The record of a click that is there for the caller, wherever it is stored by now.
pub(super) async fn click(app: &App, caller: &Caller, id: ClickId) -> Result<Bytes> {
    let record = record(app, caller, id).await?;
    if caller.domains.is_some() {
        let head = Head::read(&record).map_err(Error::internal)?;
        let link = LinkId::new(head.link).ok_or(Error::NotFound(What::Click))?;
        own(app, caller, link).await.map_err(|_| Error::NotFound(What::Click))?;
    }
    Ok(record)
}

async fn record(app: &App, caller: &Caller, id: ClickId) -> Result<Bytes> {
    match app.store.click(caller.workspace, id).await {
        Err(Error::NotFound(What::Click)) => (),
        other => return other,
    }
    let record = app.archive.find(&app.store, id).await?.ok_or(Error::NotFound(What::Click))?;
    let head = Head::read(&record).map_err(Error::internal)?;
    let is_ours = head.workspace == caller.workspace.number();
    if is_ours { Ok(record) } else { Err(Error::NotFound(What::Click)) }
}

/// When the click came after which a page begins.
async fn time_of(app: &App, caller: &Caller, id: ClickId) -> Result<i64> {
    let record = click(app, caller, id).await.map_err(|error| match error {
        Error::NotFound(What::Click) => {
            Error::invalid("cursor", "is none of ours: begin without one")
        }
        other => other,
    })?;
    Ok(Head::read(&record).map_err(Error::internal)?.at)
}

/// Counts many links' clicks, as far as they are stored; for lists.
pub async fn counts_of(
    app: &App,
    caller: &Caller,
    links: &[LinkId],
) -> Result<HashMap<LinkId, ClickCount>> {
    let rows = app.store.click_counts_of(caller.workspace, links).await?;
    let mut counts: HashMap<LinkId, ClickCount> = HashMap::new();
    for (link, class, n) in rows {
        let count = counts.entry(link).or_default();
        if class == Class::Person {
            count.people += n;
        } else {
            count.bots += n;
        }
    }
    Ok(counts)
}
