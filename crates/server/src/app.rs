//! What every handler shares.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
};

use jiff::Timestamp;
use model::{Address, Domain, KeyId, Stamp, compose};
use store::Store;

use crate::{
    archive::Archive, clicks::Clicks, config::Config, dashboard::Files, keys::Keys, live::Live,
    metrics::Metrics, node_clock::NodeClock, ops::Findings, outward::Outward, password::Passwords,
    rate::Calls, reach::Reach, redirect::Routes, snapshot::Snapshots, unmatched::Unmatched,
    visitor::Facts, visits::Visits, webhooks::Webhooks,
};

/// The whole server, as handlers see it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    /// What is shown under `/app`.
    pub dashboard: Files,
    pub store: Store,
    pub routes: Routes,
    pub keys: Keys,
    /// What everybody may still ask of the APIs; none where there is no limit.
    pub calls: Option<Calls>,
    pub facts: Arc<Facts>,
    pub clicks: Clicks,
    pub archive: Archive,
    /// Clicks as they are stored, for those who watch.
    pub live: Live,
    pub metrics: Metrics,
    /// What is asked for where no link is.
    pub unmatched: Unmatched,
    /// Whether the database was found damaged.
    pub damaged: AtomicBool,
    pub visits: Visits,
    pub passwords: Passwords,
    pub findings: Findings,
    pub outward: Outward,
    pub webhooks: Webhooks,
    pub clock: Arc<NodeClock>,
    pub next_id: Box<dyn Fn() -> i64 + Send + Sync>,
    /// Whether the database was reached, and as which node.
    pub reach: Reach,
    pub snapshots: Arc<Snapshots>,
    /// The newest change that [`sync`](crate::sync) brought.
    pub seen: AtomicI64,
    /// When each key was used last, until a job stores it.
    pub(crate) keys_used: Mutex<HashMap<KeyId, Timestamp>>,
}

/// The clock; a test brings its own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Makes ids that no other node and no earlier call made.
pub struct Ids {
    /// The node's number; none while it has no lease, and then nobody makes ids: the APIs and the jobs
    /// wait for the database.
    node: Arc<OnceLock<u8>>,
    /// The newest id's milliseconds and sequence, so that a clock set back repeats none.
    last: AtomicU64,
    clock: Clock,
}

impl App {
    pub fn new(parts: Parts) -> App {
        App(Arc::new(parts))
    }

    /// For what belongs to the app itself, and so may not keep it alive.
    pub fn downgrade(&self) -> Weak<Parts> {
        Arc::downgrade(&self.0)
    }

    pub fn upgrade(app: &Weak<Parts>) -> Option<App> {
        app.upgrade().map(App)
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Parts {
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The time and the ids for one edit.
    pub fn stamp(&self) -> Stamp<'_> {
        Stamp { now: self.now(), next_id: &*self.next_id }
    }

    /// Whether a domain is the management host too, and so keeps our own paths.
    pub fn manages(&self, domain: &Domain) -> bool {
        domain.host == self.config.host
    }

    /// An address as a visitor types it. Other domains share the public URL's scheme and port.
    pub fn short_url(&self, address: &Address) -> String {
        let mut url = self.config.public_url.clone();
        let domain = self.routes.domain_by_id(address.domain);
        if domain.is_some_and(|domain| domain.manner.https_links) {
            // From http or https to https is always allowed.
            let _ = url.set_scheme("https");
        }
        // Both were parsed when they were saved; on the impossible failure the default host stands.
        let _ = url.set_host(Some(address.host.as_str()));
        url.set_path(address.slug.as_str());
        url.into()
    }

    /// Notes that a key was used; stored by a job, so that a call costs no write.
    pub fn key_used(&self, key: KeyId) {
        self.keys_used().insert(key, self.now());
    }

    pub fn keys_used(&self) -> MutexGuard<'_, HashMap<KeyId, Timestamp>> {
        self.keys_used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Compares this machine's clock with the database's, by which the node goes.
    pub async fn compare_clocks(&self) -> model::Result<()> {
        if let Some(offset) = self.store.clock_offset(|| self.clock.machine()).await? {
            self.clock.compared(offset);
        }
        Ok(())
    }
}

/// Numbers from 0 to 61, evenly, from the system's generator.
pub fn random_below_62<const N: usize>() -> [u8; N] {
    random_bytes::<N>().map(|mut byte| {
        // 248 is the largest multiple of 62 in a byte; what is above would favour some.
        while 248 <= byte {
            [byte] = random_bytes();
        }
        byte % 62
    })
}

/// Bytes of the system's generator.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without the system's generator no key, cookie or slug would be safe.
    getrandom::fill(&mut bytes).expect("the system has a random generator");
    bytes
}

const SEQUENCE_BITS: u32 = 7;

impl Ids {
    pub fn new(node: Arc<OnceLock<u8>>, clock: Clock) -> Ids {
        Ids { node, last: AtomicU64::new(0), clock }
    }

    /// Those of a node whose number is known.
    pub fn of_node(node: u8, clock: Clock) -> Ids {
        Ids::new(Arc::new(node.into()), clock)
    }

    /// The next id. More than 128 in a millisecond borrow from the next one.
    pub fn next(&self) -> i64 {
        let now = (self.clock)();
        let first = (now.as_millisecond().max(0) as u64) << SEQUENCE_BITS;
        let next = |last: u64| Some(first.max(last + 1));
        let (Ok(last) | Err(last)) =
            self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        let number = first.max(last + 1);
        let time = Timestamp::from_millisecond((number >> SEQUENCE_BITS) as i64).unwrap_or(now);
        compose(time, self.node.get().copied().unwrap_or_default(), number)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_never_repeat_even_when_the_clock_stands() {
        let ids = Ids::of_node(3, Arc::new(|| "2026-01-01T00:00:00Z".parse().unwrap()));
        let made: Vec<i64> = (0..10_000).map(|_| ids.next()).collect();
        assert!(made.is_sorted());
        assert_eq!(made.iter().collect::<HashSet<_>>().len(), made.len());
    }
}
