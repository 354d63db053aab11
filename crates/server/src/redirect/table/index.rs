//! From a hash to the slots whose links may have it: an open table that is read without a lock.
//!
//! An entry is one word, so that a reader sees it whole. Its upper bits are those of the hash, from
//! which its place follows too: the table grows without asking anybody for hashes again.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use prefetch_index::prefetch_index;

/// The entries of one size of a table. Readers hold them while a writer makes larger ones.
pub(super) type Entries = [AtomicU64];

/// A writer's hold on the entries.
#[derive(Debug)]
pub(super) struct Index {
    entries: Arc<Entries>,
    /// Entries that lead to a slot.
    live: usize,
    /// Those, and entries that were taken away and are still stepped over.
    used: usize,
}

/// Bits of a slot's number: 134 million links.
const SLOT_BITS: u32 = 27;
/// The highest number that a slot can have.
pub(super) const LAST_SLOT: u32 = (1 << SLOT_BITS) - 1;
const TAG_BITS: u32 = 64 - SLOT_BITS;
const EMPTY: u64 = 0;
/// What was taken away. No slot has the number 0.
const GONE: u64 = 1 << SLOT_BITS;
/// Entries of a table that holds next to nothing.
const FEWEST: usize = 64;

impl Default for Index {
    fn default() -> Index {
        Index { entries: empty(FEWEST), live: 0, used: 0 }
    }
}

impl Index {
    /// Takes over entries as [`words`](Self::words) told them; none where there is no room among them.
    pub fn of_words(mut words: impl ExactSizeIterator<Item = u64>) -> Option<Index> {
        let (count, mut live, mut used) = (words.len(), 0, 0);
        // A range is known to be as long as it says, so that all goes straight to where it stays.
        let entry = |_| {
            let word = words.next().unwrap_or(EMPTY);
            live += usize::from(word & u64::from(LAST_SLOT) != 0);
            used += usize::from(word != EMPTY);
            AtomicU64::new(word)
        };
        let entries: Arc<Entries> = (0..count).map(entry).collect();
        has_room(used, entries.len()).then_some(Index { entries, live, used })
    }

    /// The entries as they lie.
    pub fn words(&self) -> Vec<u64> {
        self.entries.iter().map(|entry| entry.load(Ordering::Relaxed)).collect()
    }

    pub fn entries(&self) -> &Arc<Entries> {
        &self.entries
    }

    /// Has the entry of a hash that `is` says is the one lead to a slot; a new one where none is.
    /// True: there are other entries now, which readers have to be shown.
    pub fn put(&mut self, hash: u64, slot: u32, is: impl FnMut(u32) -> bool) -> bool {
        let word = word(hash, slot);
        if let Some(at) = self.position(hash, is) {
            self.entries[at].store(word, Ordering::Release);
            return false;
        }
        let grown = !has_room(self.used + 1, self.entries.len());
        if grown {
            self.grow();
        }
        self.insert(word);
        grown
    }

    /// Takes the entry of a hash away that `is` says is the one.
    pub fn take(&mut self, hash: u64, is: impl FnMut(u32) -> bool) {
        if let Some(at) = self.position(hash, is) {
            self.entries[at].store(GONE, Ordering::Release);
            self.live -= 1;
        }
    }

    pub fn find(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        candidates(&self.entries, hash).find(|slot| is(*slot))
    }

    fn position(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<usize> {
        probes(&self.entries, hash)
            .take_while(|(_, word)| *word != EMPTY)
            .find(|(_, word)| slot_of(*word, hash).is_some_and(&mut is))
            .map(|(at, _)| at)
    }

    fn insert(&mut self, word: u64) {
        let free = |word: u64| word & u64::from(LAST_SLOT) == 0;
        let found = probes(&self.entries, word).find(|(_, word)| free(*word));
        let (at, old) = found.expect("a quarter of the entries is empty");
        self.entries[at].store(word, Ordering::Release);
        self.used += usize::from(old == EMPTY);
        self.live += 1;
    }

    /// Makes half as much room again as the live entries take, and leaves those behind that are gone.
    fn grow(&mut self) {
        let old = std::mem::replace(&mut self.entries, empty(FEWEST.max((self.live + 1) * 2)));
        (self.live, self.used) = (0, 0);
        for entry in &*old {
            let word = entry.load(Ordering::Relaxed);
            if word & u64::from(LAST_SLOT) != 0 {
                self.insert(word);
            }
        }
    }
}

/// Asks for the memory of the entries that a search for a hash begins with.
pub(super) fn prefetch(entries: &Entries, hash: u64) {
    prefetch_index(entries, start(entries, hash));
}

/// The slots whose links may have a hash, likely ones alone.
pub(super) fn candidates(entries: &Entries, hash: u64) -> impl Iterator<Item = u32> {
    probes(entries, hash)
        .map(|(_, word)| word)
        .take_while(|word| *word != EMPTY)
        .filter_map(move |word| slot_of(word, hash))
}

/// Where a hash is looked for, each place once.
fn probes(entries: &Entries, hash: u64) -> impl Iterator<Item = (usize, u64)> {
    let start = start(entries, hash);
    let (before, from) = entries.split_at(start);
    let after = from.iter().chain(before).map(|entry| entry.load(Ordering::Acquire));
    let count = entries.len();
    after.enumerate().map(move |(step, word)| {
        let at = start + step;
        (if at < count { at } else { at - count }, word)
    })
}

/// Where a search for a hash begins.
fn start(entries: &Entries, hash: u64) -> usize {
    let tag = u128::from(hash >> SLOT_BITS);
    ((tag * entries.len() as u128) >> TAG_BITS) as usize
}

fn word(hash: u64, slot: u32) -> u64 {
    (hash & !u64::from(LAST_SLOT)) | u64::from(slot)
}

/// The slot of an entry that has the upper bits of this hash.
fn slot_of(word: u64, hash: u64) -> Option<u32> {
    let slot = (word & u64::from(LAST_SLOT)) as u32;
    (slot != 0 && (word ^ hash) >> SLOT_BITS == 0).then_some(slot)
}

/// Whether so many entries leave a quarter empty, at which a search ends.
fn has_room(used: usize, of: usize) -> bool {
    used * 4 <= of * 3
}

fn empty(count: usize) -> Arc<Entries> {
    (0..count).map(|_| AtomicU64::new(EMPTY)).collect()
}
