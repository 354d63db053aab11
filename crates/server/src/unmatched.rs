//! What visitors ask for where no link is: counted in memory, stored by a job.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::Timestamp;
use model::{Domain, Result};
use store::Unmatched as Row;

use crate::{App, visits::day};

/// Counts until the next time they are stored.
#[derive(Default)]
pub struct Unmatched {
    /// By domain, day and slug.
    counts: Mutex<HashMap<Key, i64>>,
    total: AtomicU64,
}

/// A domain with its workspace, a day, and a slug.
type Key = (model::DomainId, model::WorkspaceId, i64, String);

/// Slugs that are told apart until they are stored; all others of a domain are one.
const MOST: usize = 1_000;
/// Slugs that are kept of a domain and a day.
const KEPT: i64 = 1_000;
/// Days for which counts are kept.
const DAYS: i64 = 90;
/// Bytes of a slug; longer ones were never ours.
const LONGEST: usize = 255;

impl Unmatched {
    /// Counts a request. No I/O, and a lock that nobody holds for long.
    pub fn count(&self, domain: &Domain, slug: Option<&str>, now: Timestamp) {
        self.total.fetch_add(1, Ordering::Relaxed);
        let slug = slug.filter(|slug| slug.len() <= LONGEST).unwrap_or_default();
        let key = |slug: &str| (domain.id, domain.workspace, day(now), slug.to_owned());
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = counts.len() < MOST;
        match counts.entry(key(slug)) {
            Entry::Occupied(mut known) => *known.get_mut() += 1,
            Entry::Vacant(new) if has_room => drop(new.insert(1)),
            Entry::Vacant(_) => *counts.entry(key("")).or_default() += 1,
        }
    }

    /// Requests since the start.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Takes over what could not be stored, as far as there is room.
    fn put_back(&self, unstored: HashMap<Key, i64>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for ((domain, workspace, day, slug), times) in unstored {
            let slug = if counts.len() < MOST { slug } else { String::new() };
            *counts.entry((domain, workspace, day, slug)).or_default() += times;
        }
    }

    /// Stores what was counted since the last time.
    pub async fn store(&self, app: &App) -> Result<()> {
        let counts =
            std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner));
        if counts.is_empty() {
            return Ok(());
        }
        let row =
            |((domain, workspace, day, slug), times)| Row { domain, day, slug, workspace, times };
        let rows = counts.clone().into_iter().map(row).collect();
        if let Err(error) = app.store.count_unmatched(rows, KEPT).await {
            self.put_back(counts);
            return Err(error);
        }
        app.store.drop_unmatched_before(day(app.now()) - DAYS).await
    }
}

#[cfg(test)]
mod tests {
    use model::{DomainId, Host, WorkspaceId};

    use super::*;

    #[test]
    fn whoever_tries_addresses_fills_no_memory() {
        let (id, workspace) = (DomainId::new(1).unwrap(), WorkspaceId::new(2).unwrap());
        let host = Host::parse("go.example").unwrap();
        let domain = Domain::new(id, workspace, host, Timestamp::UNIX_EPOCH);
        let unmatched = Unmatched::default();
        for nth in 0..5_000 {
            unmatched.count(&domain, Some(&format!("try-{nth}")), Timestamp::UNIX_EPOCH);
        }
        unmatched.count(&domain, Some("try-1"), Timestamp::UNIX_EPOCH);
        unmatched.count(&domain, None, Timestamp::UNIX_EPOCH);
        let counts = unmatched.counts.lock().unwrap();
        assert_eq!(counts.len(), MOST + 1);
        assert_eq!(counts[&(id, workspace, 0, "try-1".to_owned())], 2);
        assert_eq!(counts[&(id, workspace, 0, String::new())], 4_001);
        assert_eq!(unmatched.total(), 5_002);
    }
}
