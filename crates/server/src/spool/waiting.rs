//! Answers that wait until the disk has their clicks.
//!
//! One sync serves everybody who waits when it begins, so a thousand answers wait for the disk as
//! often as one does.

use std::{
    future::poll_fn,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    task::{Poll, Wake, Waker},
    thread::{self, Thread},
};

use tokio::sync::Notify;

use super::{Spool, locked};

/// What a click outlives whose answer has left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durable {
    /// Whatever ends the process. A power failure takes what was not synced yet.
    #[default]
    Process,
    /// A power failure too: answers wait for the disk.
    Power,
}

/// How far the spool had come when an answer was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

/// Who waits for the disk, and how far it is.
#[derive(Default)]
pub(super) struct Waiting {
    /// Clicks of all lanes since the start.
    appended: AtomicU64,
    /// How many of them are on the disk or, where it fails, were given up.
    synced: AtomicU64,
    wakers: Mutex<Vec<(Mark, Waker)>>,
    /// Somebody waits for a sync.
    pub(super) wanted: Notify,
}

impl Spool {
    /// What an answer has to wait for that is made now; none where it may leave at once, since the
    /// disk has everything, or since clicks need not outlive a power failure.
    ///
    /// Asked after the append, it holds for that click and all before it, of any lane.
    pub fn unsynced(&self) -> Option<Mark> {
        if self.durable == Durable::Process {
            return None;
        }
        let appended = self.waiting.appended.load(SeqCst);
        (self.waiting.synced.load(SeqCst) < appended).then_some(Mark(appended))
    }

    /// Ready once the disk has everything up to a mark; until then the waker is called, once, when
    /// that may have changed.
    ///
    /// Where the disk fails to sync, this is ready too: the answer leaves, and [`Spool::unsure`]
    /// counts.
    pub fn poll_synced(&self, mark: Mark, waker: &Waker) -> Poll<()> {
        let mut wakers = locked(&self.waiting.wakers);
        if mark.0 <= self.waiting.synced.load(SeqCst) {
            return Poll::Ready(());
        }
        wakers.push((mark, waker.clone()));
        drop(wakers);
        self.waiting.wanted.notify_one();
        Poll::Pending
    }

    /// Waits until the disk has everything up to a mark: see [`poll_synced`](Self::poll_synced).
    pub async fn synced(&self, mark: Mark) {
        poll_fn(|context| self.poll_synced(mark, context.waker())).await;
    }

    /// The same for a loop that has a thread to itself, and holds the answers of a whole turn.
    pub fn wait_synced(&self, mark: Mark) {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        while self.poll_synced(mark, &waker).is_pending() {
            thread::park();
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl Waiting {
    /// Clicks were written, of which [`Spool::unsynced`] may be asked from now on.
    pub(super) fn appended(&self, clicks: usize) {
        self.appended.fetch_add(clicks as u64, SeqCst);
    }

    /// How far a sync comes that begins now.
    pub(super) fn reach(&self) -> Mark {
        Mark(self.appended.load(SeqCst))
    }

    /// A sync has ended that began at a mark.
    pub(super) fn reached(&self, mark: Mark) {
        self.synced.fetch_max(mark.0, SeqCst);
        let ready: Vec<_> =
            locked(&self.wakers).extract_if(.., |(waits_for, _)| *waits_for <= mark).collect();
        ready.into_iter().for_each(|(_, waker)| waker.wake());
    }
}
