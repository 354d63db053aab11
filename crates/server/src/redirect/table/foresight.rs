//! Asking for the memory of many links at once.
//!
//! The links of a large table lie in the processor's cache no more when they are asked for again. From a
//! link's entry in the index to the text of its destination there are four or five places, each of which
//! is known when the one before it is there: who looks up one link after the other waits as often for
//! each. Here each step is taken for all links before the next, and waits for none of them.

use super::{Table, View, index, ready::Ready};
use crate::redirect::prefetch;

/// Links that are asked for together: what the nearest cache holds of them while they are.
const TOGETHER: usize = 64;

impl Table {
    /// Asks for the memory of the links that have some hashes, if they are compiled.
    pub fn foresee(&self, mut hashes: impl Iterator<Item = u64>) {
        let view = self.view.load();
        let mut some = [0; TOGETHER];
        loop {
            let mut count = 0;
            for (place, hash) in some.iter_mut().zip(hashes.by_ref()) {
                *place = hash;
                count += 1;
            }
            view.foresee(&some[..count]);
            if count < TOGETHER {
                return;
            }
        }
    }
}

impl View {
    fn foresee(&self, hashes: &[u64]) {
        hashes.iter().for_each(|hash| index::prefetch(&self.entries, *hash));
        let mut slots = [None; TOGETHER];
        for (slot, hash) in slots.iter_mut().zip(hashes) {
            *slot = index::candidates(&self.entries, *hash).next().and_then(|it| self.slot(it));
        }
        let slots = || slots.iter().flatten();
        slots().for_each(|slot| prefetch(*slot));
        let links = |look: fn(&Ready)| {
            for slot in slots() {
                if let Some(ready) = &*slot.ready.load() {
                    look(ready);
                }
            }
        };
        links(Ready::prefetch);
        links(|ready| ready.route.prefetch_actions());
        links(|ready| ready.route.prefetch_texts());
    }
}
