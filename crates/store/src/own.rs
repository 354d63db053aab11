//! Changes of this process's own, which it need not read back.
//!
//! Every node polls the version counter and fetches what changed. It would fetch each link again that
//! it has just stored, which costs as much as storing it. So a transaction that did nothing but make
//! links is passed over, as soon as whoever made them has put all of them into memory: a caller who
//! goes away in between leaves them to the poll.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::Store;

/// The values of the version counter that stand for changes which are in memory here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Own(Arc<Mutex<BTreeSet<i64>>>);

/// A link that is stored.
#[derive(Debug)]
pub struct Stored(Option<Arc<Change>>);

/// What is handed to those whose links one transaction stored.
pub(crate) struct Receipts(Option<Arc<Change>>);

/// One transaction, and how many of its links are not in memory yet.
#[derive(Debug)]
struct Change {
    number: i64,
    waiting: AtomicUsize,
    own: Own,
}

impl Stored {
    /// Says that the link is where redirects find it.
    pub fn is_in_memory(self) {
        let Some(change) = self.0 else { return };
        if change.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            change.own.lock().insert(change.number);
        }
    }
}

impl Own {
    /// One receipt for each of so many links of one transaction. Where that changed more than them,
    /// it is read like any other's.
    pub(crate) fn receipts(&self, number: i64, links: usize, is_all: bool) -> Receipts {
        let waiting = AtomicUsize::new(links);
        Receipts(is_all.then(|| Arc::new(Change { number, waiting, own: self.clone() })))
    }

    fn known_from(&self, seen: i64) -> i64 {
        let mut own = self.lock();
        let mut known = seen;
        while let Some(&next) = own.first()
            && next <= known + 1
        {
            own.pop_first();
            known = known.max(next);
        }
        known
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Receipts {
    pub(crate) fn one(&self) -> Stored {
        Stored(self.0.clone())
    }
}

impl Store {
    /// The last value of the version counter up to which, from `seen` on, this process has made every
    /// change itself and has it in memory.
    pub fn known_from(&self, seen: i64) -> i64 {
        self.own.known_from(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_known_once_all_of_its_links_are_in_memory() {
        let own = Own::default();
        let receipts = own.receipts(8, 2, true);
        let (first, second) = (receipts.one(), receipts.one());
        first.is_in_memory();
        assert_eq!(own.known_from(7), 7);
        second.is_in_memory();
        assert_eq!(own.known_from(7), 8);
    }

    #[test]
    fn a_caller_who_went_away_leaves_the_change_to_the_poll() {
        let own = Own::default();
        let receipts = own.receipts(8, 2, true);
        receipts.one().is_in_memory();
        drop(receipts.one());
        assert_eq!(own.known_from(7), 7);
    }

    #[test]
    fn what_others_changed_in_between_is_read() {
        let own = Own::default();
        let make = |number| own.receipts(number, 1, true).one().is_in_memory();
        [3, 4, 6].into_iter().for_each(make);
        assert_eq!(own.known_from(2), 4);
        assert_eq!(own.known_from(4), 4, "the fifth is another's");
        make(7);
        assert_eq!(own.known_from(5), 7);
        own.receipts(8, 1, false).one().is_in_memory();
        assert_eq!(own.known_from(7), 7, "it changed more than links");
    }
}
