//! Links that are compiled: those that were asked for lately, as many as there is room for.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use model::DomainId;

use super::{View, record::Place};
use crate::redirect::{Route, prefetch};

/// A link that can answer at once. In this order, so that what a look-up compares lies beside what the
/// answer reads next.
#[derive(Debug)]
#[repr(C)]
pub(super) struct Ready {
    near: Option<Near>,
    places: Box<[Place]>,
    pub route: Route,
    /// Whether it was asked for since it last came up in the queue.
    asked_for: AtomicBool,
    weight: usize,
}

/// The first place of a link, where its slug is as short as most are: comparing it takes no look at
/// another part of memory.
#[derive(Debug)]
struct Near {
    domain: DomainId,
    length: u8,
    key: [u8; NEAR],
}

/// What is ready, in the order in which it may be forgotten. What was asked for meanwhile goes to the
/// end once more, so that the few links that everybody asks for stay.
#[derive(Debug)]
pub(super) struct Queue {
    waiting: VecDeque<(u32, Arc<Ready>)>,
    weight: usize,
    most: usize,
}

/// Bytes of a slug that stands near.
const NEAR: usize = 23;

/// What a compiled link takes beside what its record says: the route itself, its places, and what
/// the allocator adds.
const BASE: usize = size_of::<Ready>() + 256;
/// About how much larger destinations are compiled than they are in a record.
const DESTINATIONS: usize = 2;
/// About how much larger conditions are compiled than they are in bytes.
const CONDITIONS: usize = 12;

impl Ready {
    /// A compiled link whose record has so many bytes, and for which so many bytes of conditions were
    /// compiled.
    pub fn new(route: Route, places: Vec<Place>, record: usize, conditions: usize) -> Ready {
        let weight = BASE + DESTINATIONS * record + CONDITIONS * conditions;
        let near = places.first().and_then(Near::new);
        let (places, asked_for) = (places.into(), AtomicBool::new(true));
        Ready { near, places, route, asked_for, weight }
    }

    /// Asks for the memory of all that a look-up and an answer read of it, at once and without waiting.
    pub fn prefetch(&self) {
        prefetch(&self.near);
        self.route.prefetch();
        prefetch(&self.asked_for);
    }

    pub fn is_at(&self, domain: DomainId, key: &str) -> bool {
        self.near.as_ref().is_some_and(|near| near.is(domain, key))
            || self.places.iter().any(|(of, known)| *of == domain && **known == *key)
    }

    /// Notes that it was asked for. Writes only where nobody did so before, or every request would
    /// take the line from the other cores.
    pub fn ask_for(&self) {
        if !self.asked_for.load(Ordering::Relaxed) {
            self.asked_for.store(true, Ordering::Relaxed);
        }
    }
}

impl Near {
    fn new((domain, key): &Place) -> Option<Near> {
        let mut near = Near { domain: *domain, length: key.len().try_into().ok()?, key: [0; NEAR] };
        near.key.get_mut(..key.len())?.copy_from_slice(key.as_bytes());
        Some(near)
    }

    fn is(&self, domain: DomainId, key: &str) -> bool {
        self.domain == domain && self.key.get(..self.length.into()) == Some(key.as_bytes())
    }
}

impl Queue {
    /// A queue of what takes at most about so many bytes.
    pub fn new(most: usize) -> Queue {
        Queue { waiting: VecDeque::new(), weight: 0, most }
    }

    /// Adds what is in a slot by now, and forgets what there is no room for any more.
    pub fn add(&mut self, view: &View, slot: u32, ready: Arc<Ready>) {
        self.weight += ready.weight;
        self.waiting.push_back((slot, ready));
        // Each may go to the end once; after that even what is asked for all the time has to go.
        let mut chances = self.waiting.len();
        while self.most < self.weight
            && let Some((slot, ready)) = self.waiting.pop_front()
        {
            self.weight -= ready.weight;
            let Some(held) = view.slot(slot) else { continue };
            let is_there = held.ready.load().as_ref().is_some_and(|it| Arc::ptr_eq(it, &ready));
            if !is_there {
                continue;
            }
            let again = ready.asked_for.swap(false, Ordering::Relaxed) && 0 < chances;
            chances = chances.saturating_sub(1);
            if again {
                self.weight += ready.weight;
                self.waiting.push_back((slot, ready));
            } else {
                held.ready.store(None);
            }
        }
    }

    /// How many are ready, and about how many bytes they take.
    pub fn size(&self) -> (usize, usize) {
        (self.waiting.len(), self.weight)
    }
}
