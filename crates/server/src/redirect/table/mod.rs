//! Every link in one flat table, and those that are asked for compiled.
//!
//! A link is a [record] of some hundred bytes in an [arena] and one word in two [indexes](index):
//! by address, which readers search without a lock, and by id, which writers keep. Its **slot**
//! says where its record lies and, once somebody has asked for it, holds it compiled: then a look-up
//! is one search, and taking the route writes nothing that other cores read. A link that is not
//! compiled takes a lock for as long as its record is copied.
//!
//! **Invariant:** what [`put`](Table::put) and [`remove`](Table::remove) did is what the next look-up
//! finds: a slot's record is changed and its compiled route dropped in one turn of the queue's lock,
//! and a route that was made of an older record is never kept.

mod arena;
mod bytes;
mod edits;
mod foresight;
mod frozen;
mod hash;
mod index;
mod ready;
mod record;
mod shared;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use arc_swap::{ArcSwap, ArcSwapOption, Guard};
use model::{DomainId, LinkId};

use self::{
    arena::{Arena, At},
    hash::Seed,
    index::{Entries, Index},
    ready::{Queue, Ready},
    shared::SharedRules,
};
use super::Route;

pub(crate) use arena::Chunk;
pub(crate) use frozen::Frozen;
pub(crate) use record::{FORMAT, Place};

/// Links by address and by id.
pub struct Table {
    view: ArcSwap<View>,
    kept: RwLock<Kept>,
    queue: Mutex<Queue>,
    rules: SharedRules,
    /// What addresses are hashed with, so that nobody can choose slugs that lie together.
    seed: Seed,
    links: AtomicUsize,
    /// Counts changes, for whoever wants to know whether there were any.
    edits: AtomicU64,
    /// Whether a record was met that cannot be read.
    is_damaged: AtomicBool,
}

/// What readers search. Another one takes its place when the index or the slots get larger.
struct View {
    entries: Arc<Entries>,
    pages: Vec<Arc<[Slot]>>,
}

/// A link's place in the table, for as long as the link is there.
#[derive(Debug)]
struct Slot {
    /// Where its record lies; 0: it is free.
    at: AtomicU64,
    ready: ArcSwapOption<Ready>,
}

/// What writers keep. Readers take a look only at what is not compiled.
#[derive(Default)]
struct Kept {
    arena: Arena,
    by_address: Index,
    by_link: Index,
    free: Vec<u32>,
    /// How many slots were ever used; their numbers begin with 1.
    slots: u32,
}

/// A link that was found, as long as somebody holds it.
pub struct Found(Held);

enum Held {
    /// In its slot: taking it wrote nothing that other cores read.
    There(Guard<Option<Arc<Ready>>>),
    /// Compiled for this one look-up.
    Made(Arc<Ready>),
}

/// Slots of a page.
const PAGE: usize = 1_024;
/// About how much memory compiled links take at most: room for 25,000 with four rules that they share.
const READY_BYTES: usize = 64 << 20;

impl Table {
    pub fn new(seed: [u8; 16]) -> Table {
        Table::keeping_ready(seed, READY_BYTES)
    }

    /// A table whose compiled links take about so many bytes at most.
    fn keeping_ready(seed: [u8; 16], bytes: usize) -> Table {
        Table::of(seed, Kept::default(), Vec::new(), 0, bytes)
    }

    fn of(
        seed: [u8; 16],
        kept: Kept,
        pages: Vec<Arc<[Slot]>>,
        links: usize,
        ready_bytes: usize,
    ) -> Table {
        let view = View { entries: Arc::clone(kept.by_address.entries()), pages };
        Table {
            view: ArcSwap::from_pointee(view),
            kept: RwLock::new(kept),
            queue: Mutex::new(Queue::new(ready_bytes)),
            rules: SharedRules::default(),
            seed: Seed::of_bytes(seed),
            links: AtomicUsize::new(links),
            edits: AtomicU64::new(0),
            is_damaged: AtomicBool::new(false),
        }
    }

    /// The link at a slug of a domain, as the domain compares slugs.
    pub fn find(&self, domain: DomainId, key: &str) -> Option<Found> {
        let view = self.view.load();
        let hash = self.hash(domain, key);
        index::candidates(&view.entries, hash).find_map(|number| {
            let slot = view.slot(number)?;
            let held = slot.ready.load();
            let Some(ready) = &*held else { return self.compile(&view, number, domain, key) };
            ready.prefetch();
            if !ready.is_at(domain, key) {
                return None;
            }
            ready.ask_for();
            Some(Found(Held::There(held)))
        })
    }

    /// Compiles the link of a slot, if that is the one at an address.
    fn compile(&self, view: &View, number: u32, domain: DomainId, key: &str) -> Option<Found> {
        let slot = view.slot(number)?;
        let (at, record) = self.record(slot)?;
        let Some((link, places)) = record::read(&record) else {
            let link = record::link(&record).map(LinkId::number);
            tracing::error!(
                link.id = link,
                "the record of a link cannot be read: start again without the snapshot"
            );
            self.is_damaged.store(true, Ordering::Relaxed);
            return None;
        };
        if !places.iter().any(|(of, known)| *of == domain && **known == *key) {
            return None;
        }
        let (rules, conditions) = self.rules.of(&link);
        let route = Route::with_rules(link, rules);
        let ready = Arc::new(Ready::new(route, places, record.len(), conditions));
        let mut queue = self.queue();
        // Who edited it meanwhile cleared the slot for the record of now.
        if slot.at() == Some(at) && slot.ready.load().is_none() {
            slot.ready.store(Some(Arc::clone(&ready)));
            queue.add(view, number, Arc::clone(&ready));
        }
        Some(Found(Held::Made(ready)))
    }

    /// A copy of a slot's record, and where it lies.
    fn record(&self, slot: &Slot) -> Option<(At, Vec<u8>)> {
        let kept = self.kept();
        let at = slot.at()?;
        Some((at, kept.arena.record(at)?.to_vec()))
    }

    /// What the link at a slug of a domain is found by.
    pub fn hash(&self, domain: DomainId, key: &str) -> u64 {
        self.seed.address(domain, key)
    }

    /// The links of a domain. Goes through all records.
    pub fn links_on(&self, domain: DomainId) -> BTreeSet<LinkId> {
        let view = self.view.load_full();
        let mut links = BTreeSet::new();
        for page in &view.pages {
            // A page at a time, so that no edit waits for all of them.
            let kept = self.kept();
            let records = page.iter().filter_map(|slot| kept.arena.record(slot.at()?));
            let heads = records.filter_map(record::head);
            let there = heads.filter(|head| head.places.iter().any(|(of, _)| *of == domain));
            links.extend(there.map(|head| head.link));
        }
        links
    }

    pub fn len(&self) -> usize {
        self.links.load(Ordering::Relaxed)
    }

    /// How many changes there were.
    pub fn edits(&self) -> u64 {
        self.edits.load(Ordering::Acquire)
    }

    /// Whether a record was met that cannot be read, so that what is not found may be there.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged.load(Ordering::Relaxed)
    }

    /// How many links are compiled, and about how many bytes they take.
    pub fn ready(&self) -> (usize, usize) {
        self.queue().size()
    }

    // A thread that panicked while it held one of these left a whole state behind, or one in which a
    // link is not found: nothing that the others should stop for.

    fn kept(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept_mut(&self) -> RwLockWriteGuard<'_, Kept> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl View {
    fn slot(&self, number: u32) -> Option<&Slot> {
        let at = number.checked_sub(1)? as usize;
        self.pages.get(at / PAGE)?.get(at % PAGE)
    }
}

impl Slot {
    fn at(&self) -> Option<At> {
        At::of_word(self.at.load(Ordering::Acquire))
    }
}

impl Default for Slot {
    fn default() -> Slot {
        Slot { at: AtomicU64::new(0), ready: ArcSwapOption::empty() }
    }
}

impl Kept {
    fn slot_of(&self, view: &View, hash: u64, link: LinkId) -> Option<u32> {
        self.by_link.find(hash, |number| {
            let at = view.slot(number).and_then(Slot::at);
            let record = at.and_then(|at| self.arena.record(at));
            record.and_then(record::link) == Some(link)
        })
    }
}

impl Arena {
    /// Whether a slot's record names a place.
    fn is_at(&self, view: &View, slot: u32, domain: DomainId, key: &str) -> bool {
        let at = view.slot(slot).and_then(Slot::at);
        let head = at.and_then(|at| record::head(self.record(at)?));
        head.is_some_and(|head| {
            head.places.iter().any(|(of, known)| *of == domain && **known == *key)
        })
    }
}

impl std::ops::Deref for Found {
    type Target = Route;

    fn deref(&self) -> &Route {
        match &self.0 {
            Held::There(held) => match &**held {
                Some(ready) => &ready.route,
                None => unreachable!("it was looked at when it was taken"),
            },
            Held::Made(ready) => &ready.route,
        }
    }
}
