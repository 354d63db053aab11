//! Watching clicks as they come.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use model::{Caller, Class, Click, ClickId, DomainId, Error, Link, LinkId, Result, Scope};
use statistics::Filter;
use store::Tail;
use tokio::sync::broadcast::error::RecvError;

use super::statistics::without_clocks;
use crate::{
    App,
    archive::Stored,
    live::{Batch, Seat},
};

/// Which clicks somebody wants to see.
pub struct Watched {
    pub filters: Vec<Filter>,
    pub classes: Vec<Class>,
    /// Of links on this domain alone.
    pub domain: Option<DomainId>,
}

/// Somebody who watches.
pub struct Watcher {
    app: App,
    caller: Caller,
    watched: Watched,
    seat: Seat,
    /// Every click before was told, or was none of theirs.
    tail: Tail,
    /// Where `tail` will be when `waiting` is told.
    reach: Tail,
    waiting: Waiting,
    /// Whether the database has clicks that were not read yet.
    behind: bool,
    /// Clicks read while behind.
    caught_up: usize,
    /// Whether links are theirs to see, of those that were looked up.
    links: HashMap<LinkId, bool>,
}

/// What a watcher is told.
pub enum News {
    Click {
        id: ClickId,
        record: Bytes,
        /// Names the place after it.
        tail: String,
    },
    /// Clicks went by untold; this names the place before them.
    Missed { tail: String },
}

/// What was read and is not told yet.
enum Waiting {
    Told(Arc<Batch>, usize),
    Read(std::vec::IntoIter<Stored>),
}

/// Clicks that somebody who comes back is told at most.
const MOST_CAUGHT_UP: usize = 100_000;
/// Links that a watcher remembers.
const MOST_LINKS: usize = 10_000;

/// Begins to watch: from now on, or from where a watcher was before.
pub async fn watch_clicks(
    app: &App,
    caller: &Caller,
    watched: Watched,
    from: Option<Tail>,
) -> Result<Watcher> {
    caller.may(Scope::StatsRead)?;
    without_clocks(&watched.filters)?;
    // Before anything is read, so that nothing comes between.
    let seat = app.live.watch(caller.workspace)?;
    let behind = from.is_some();
    if !behind {
        // Whoever begins to watch sees no click that was answered before.
        app.clicks.flush(super::clicks::PATIENCE).await;
    }
    let now = app.live.now(app).await?;
    let tail = from.unwrap_or(now);
    Ok(Watcher {
        app: app.clone(),
        caller: caller.clone(),
        watched,
        seat,
        reach: tail.clone(),
        tail,
        waiting: Waiting::Read(Vec::new().into_iter()),
        behind,
        caught_up: 0,
        links: HashMap::new(),
    })
}

impl Watcher {
    /// Goes on for a caller of whom something may have changed since they began; an error where they
    /// may watch no longer.
    pub fn go_on(&mut self, caller: Caller) -> Result<()> {
        caller.may(Scope::StatsRead)?;
        if caller.domains != self.caller.domains {
            self.links.clear();
        }
        self.caller = caller;
        Ok(())
    }

    /// The next that there is to tell; waits for it. Whoever stops waiting loses nothing.
    pub async fn next(&mut self) -> Result<News> {
        loop {
            while let Some(stored) = self.waiting.peek() {
                let Stored { key, id, record } = stored.clone();
                let wanted = self.wants(&record).await?;
                self.waiting.pass();
                if !self.tail.see(key) && wanted {
                    return Ok(News::Click { id, record, tail: self.tail.to_string() });
                }
            }
            self.tail.catch_up(&self.reach);
            if self.behind {
                if MOST_CAUGHT_UP < self.caught_up {
                    return self.skip().await;
                }
                let mut reach = self.tail.clone();
                let (clicks, more) = self.app.archive.after(&self.app.store, &mut reach).await?;
                self.caught_up += clicks.len();
                (self.reach, self.behind) = (reach, more);
                self.waiting = Waiting::Read(clicks.into_iter());
                continue;
            }
            match self.seat.told.recv().await {
                Ok(batch) if self.tail.has_seen(&batch.after) => {
                    self.reach = batch.end.clone();
                    self.waiting = Waiting::Told(batch, 0);
                }
                // What lies between is in the database.
                Ok(_) => (self.behind, self.caught_up) = (true, 0),
                Err(RecvError::Lagged(_)) => return self.skip().await,
                Err(RecvError::Closed) => {
                    return Err(Error::Unavailable("the server is stopping".into()));
                }
            }
        }
    }

    /// Goes on from now.
    async fn skip(&mut self) -> Result<News> {
        let now = self.app.store.tail().await?;
        let before = std::mem::replace(&mut self.tail, now.clone());
        (self.reach, self.behind, self.caught_up) = (now, false, 0);
        self.waiting = Waiting::Read(Vec::new().into_iter());
        Ok(News::Missed { tail: before.to_string() })
    }

    /// Whether a click is one of theirs.
    async fn wants(&mut self, record: &[u8]) -> Result<bool> {
        let Ok(click) = Click::decode(record) else { return Ok(false) };
        let watched = &self.watched;
        let (of_links, of_clicks): (Vec<&Filter>, Vec<&Filter>) =
            watched.filters.iter().partition(|filter| filter.dimension.is_of_links());
        let passes = click.workspace == self.caller.workspace.number()
            && watched.classes.contains(&click.class)
            && of_clicks.iter().all(|filter| filter.admits(&click));
        let any_link =
            of_links.is_empty() && watched.domain.is_none() && self.caller.domains.is_none();
        if !passes || any_link {
            return Ok(passes);
        }
        let Some(link) = LinkId::new(click.link) else { return Ok(false) };
        if let Some(theirs) = self.links.get(&link) {
            return Ok(*theirs);
        }
        let theirs = match self.app.store.link(self.caller.workspace, link).await {
            Ok(link) => {
                let on_theirs = link.addresses.iter().any(|address| {
                    self.caller.sees(address.domain)
                        && watched.domain.is_none_or(|domain| domain == address.domain)
                });
                let has = |filter: &&Filter| values(&link, filter.dimension.name);
                on_theirs && of_links.iter().all(|filter| filter.chooses(has(filter)))
            }
            Err(Error::NotFound(_)) => false,
            Err(other) => return Err(other),
        };
        if MOST_LINKS <= self.links.len() {
            self.links.clear();
        }
        self.links.insert(link, theirs);
        Ok(theirs)
    }
}

impl Waiting {
    fn peek(&self) -> Option<&Stored> {
        match self {
            Waiting::Told(batch, next) => batch.clicks.get(*next),
            Waiting::Read(clicks) => clicks.as_slice().first(),
        }
    }

    fn pass(&mut self) {
        match self {
            Waiting::Told(_, next) => *next += 1,
            Waiting::Read(clicks) => drop(clicks.next()),
        }
    }
}

/// What a link has of a dimension of links.
fn values<'l>(link: &'l Link, dimension: &str) -> Vec<&'l str> {
    match dimension {
        "tag" => link.tags.iter().map(String::as_str).collect(),
        "folder" => link.folder.as_deref().into_iter().collect(),
        _ => link.addresses.iter().map(|address| address.host.as_str()).collect(),
    }
}
