//! Making segments: where there is room for one, and from the reserve where there is none.

use std::{io, sync::atomic::Ordering::Relaxed};

use tracing::warn;

use super::{
    Found, Spool, locked,
    segment::{self, Segment},
};

impl Spool {
    /// Makes a segment; from the reserve where there is no room for another.
    pub(super) fn create(&self) -> io::Result<Segment> {
        let made = self.find_room().and_then(|()| {
            let id = locked(&self.ids)();
            self.grow(id, || Segment::create(&*self.disk, &self.dir, id, self.segment_bytes))
        });
        match made {
            Err(error) if is_full(&error) => self.take_reserve(&error).unwrap_or(Err(error)),
            made => made,
        }
    }

    /// Makes a segment of the reserve; none where that is used up.
    fn take_reserve(&self, why: &io::Error) -> Option<io::Result<Segment>> {
        let left = self.reserve.len();
        if left != 0 && left == self.reserve.most() {
            warn!(error = %why, "the spool is full: clicks go to its reserve of {left} segments");
        }
        let (id, file) = self.reserve.take()?;
        let [from, to] = [segment::reserved(id), segment::name(id)].map(|name| self.dir.join(name));
        Some(self.grow(id, || {
            std::fs::rename(from, to)?;
            Segment::begin(&*self.disk, &self.dir, id, file)
        }))
    }

    /// Makes a segment that nobody takes for sealed.
    fn grow(&self, id: u128, make: impl FnOnce() -> io::Result<Segment>) -> io::Result<Segment> {
        // Before there is a file: a reader that saw it first would take it for sealed and empty.
        locked(&self.growing).insert(id);
        let made = make();
        // After there is one: names are synced from the first that is not.
        let named_after = self.names.fetch_add(1, Relaxed);
        if made.is_err() {
            locked(&self.growing).remove(&id);
        }
        made.map(|segment| Segment { named_after, ..segment })
    }

    /// Sets aside again what was used of the reserve, once there is room for more than that.
    pub(super) fn refill(&self) {
        if self.reserve.len() < self.reserve.most() && self.find_room().is_ok() {
            let id = || locked(&self.ids)();
            self.reserve.refill(&*self.disk, &self.dir, self.segment_bytes, id);
        }
    }

    /// Fails where one more segment would be too much for the folder.
    fn find_room(&self) -> io::Result<()> {
        let segments = self.segments()?;
        let growing = locked(&self.growing);
        let bytes = |found: &Found| {
            // What grows has a segment's blocks set aside.
            if growing.contains(&found.id) { found.len.max(self.segment_bytes) } else { found.len }
        };
        let held: u64 = segments.iter().map(bytes).sum();
        // What the reserve has, or is to have again, is nobody else's.
        let kept = (self.reserve.most() as u64 + 1) * self.segment_bytes;
        if held + kept <= self.most_bytes {
            return Ok(());
        }
        let text = format!("the spool has reached its size of {} bytes", self.most_bytes);
        Err(io::Error::new(io::ErrorKind::QuotaExceeded, text))
    }
}

/// Whether there is no room, as opposed to other trouble, in which a reserve is of no use.
fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
