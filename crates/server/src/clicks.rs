//! Clicks, from the redirect to the database.
//!
//! A redirect appends its click to the [spool](crate::spool) before it answers; the drain brings
//! batches to the store, rows, totals and cursor in one transaction.

use std::{
    cell::Cell,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use model::{Click, ClickId};
use store::Store;

use crate::spool::{
    Spool,
    drain::{Drain, Sink, Stored},
};

/// Where redirects leave their clicks.
pub struct Clicks {
    spool: Arc<Spool>,
    drain: Drain,
    /// Those of the spool's lanes that are nobody's own.
    lanes: Range<usize>,
}

/// The database as the drain's sink.
pub struct Database(pub Store);

thread_local! {
    /// The lane of this thread, so that threads do not wait for each other.
    static LANE: Cell<Option<usize>> = const { Cell::new(None) };
}

static NEXT_LANE: AtomicUsize = AtomicUsize::new(0);

/// The clicks of one turn of a loop, which reach the spool by one write.
pub struct Turn {
    lane: usize,
    /// Encoded, one behind the other.
    payloads: Vec<u8>,
    ends: Vec<usize>,
}

impl Turn {
    /// `lane` is the spool's lane that these clicks go to.
    pub fn new(lane: usize) -> Turn {
        Turn { lane, payloads: Vec::new(), ends: Vec::new() }
    }

    /// Adds a click, to be recorded with the turn.
    pub fn add(&mut self, click: &Click<'_>) {
        click.encode(&mut self.payloads);
        self.ends.push(self.payloads.len());
    }

    /// Records all that was added, and a click whose id is to be told.
    pub fn add_now(&mut self, click: &Click<'_>, clicks: &Clicks) -> Option<ClickId> {
        self.commit(clicks);
        self.add(click);
        let id = clicks.spool.append(self.lane, &self.payloads);
        self.clear();
        id
    }

    /// Records all that was added: one write, no sync. What cannot be recorded is counted.
    pub fn commit(&mut self, clicks: &Clicks) {
        if self.ends.is_empty() {
            return;
        }
        let mut begin = 0;
        let payload = |&end| &self.payloads[std::mem::replace(&mut begin, end)..end];
        let payloads: Vec<&[u8]> = self.ends.iter().map(payload).collect();
        clicks.spool.append_many(self.lane, &payloads);
        self.clear();
    }

    fn clear(&mut self) {
        self.payloads.clear();
        self.ends.clear();
    }
}

impl Clicks {
    /// `lanes` are those of the spool's lanes that [`record`](Clicks::record) may use; no [`Turn`] does.
    pub fn new(spool: Arc<Spool>, drain: Drain, lanes: Range<usize>) -> Clicks {
        Clicks { spool, drain, lanes }
    }

    /// Appends a click, and answers its id: one write, no sync. What cannot be recorded is counted,
    /// never waited for.
    pub fn record(&self, click: &Click<'_>) -> Option<ClickId> {
        let mut payload = Vec::with_capacity(256);
        click.encode(&mut payload);
        let lane = LANE.get().unwrap_or_else(|| {
            let turn = NEXT_LANE.fetch_add(1, Ordering::Relaxed) % self.lanes.len().max(1);
            let lane = self.lanes.start + turn;
            LANE.set(Some(lane));
            lane
        });
        self.spool.append(lane, &payload)
    }

    /// Waits until all that was recorded is stored, but no longer than `patience`.
    pub async fn flush(&self, patience: Duration) {
        let _ = tokio::time::timeout(patience, self.drain.flush()).await;
    }

    /// Stores all that was recorded, and ends the drain.
    pub async fn stop(&self, patience: Duration) {
        if tokio::time::timeout(patience, self.drain.stop()).await.is_err() {
            tracing::warn!(
                "some clicks are not stored yet: they stay in the spool for the next start"
            );
        }
    }

    /// Where clicks are on their way.
    pub fn spool(&self) -> &Spool {
        &self.spool
    }
}

impl Sink for Database {
    type Error = model::Error;

    async fn cursors(&self) -> model::Result<Vec<(u128, u64)>> {
        self.0.spool_cursors().await
    }

    async fn store(&self, batch: Stored<'_>) -> model::Result<u64> {
        let Stored { segment, from, clicks, next, sealed } = batch;
        let unreadable = self.0.record_clicks(segment, &clicks, from, next, sealed).await?;
        for (offset, why) in &unreadable {
            let id = ClickId { segment, offset: *offset };
            tracing::error!(click.id = %id, %why, "left out click {id}, which cannot be read");
        }
        Ok(unreadable.len() as u64)
    }

    async fn forget(&self, segment: u128) -> model::Result<()> {
        self.0.forget_segment(segment).await
    }
}
