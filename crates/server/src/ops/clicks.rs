//! The clicks of links: how many, and the newest of them one by one.

use std::{collections::HashMap, time::Duration};

use model::{Caller, Class, ClickId, Error, LinkId, Result, Scope, What};

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
    app.store.link(caller.workspace, link).await?;
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
) -> Result<Vec<(ClickId, Vec<u8>)>> {
    caller.may(Scope::StatsRead)?;
    app.store.link(caller.workspace, link).await?;
    app.clicks.flush(PATIENCE).await;
    let found = app.store.clicks(caller.workspace, link, before, limit).await;
    found.map_err(|error| match error {
        Error::NotFound(What::Click) => {
            Error::invalid("cursor", "is none of ours: begin without one")
        }
        other => other,
    })
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
