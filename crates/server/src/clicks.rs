//! Clicks, from the redirect to the database.
//!
//! A redirect appends its click to the [spool](crate::spool) before it answers; the drain brings
//! batches to the store, rows, totals and cursor in one transaction.

use std::{
    cell::Cell,
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
    lanes: usize,
}

/// The database as the drain's sink.
pub struct Database(pub Store);

thread_local! {
    /// The lane of this thread, so that threads do not wait for each other.
    static LANE: Cell<Option<usize>> = const { Cell::new(None) };
}

static NEXT_LANE: AtomicUsize = AtomicUsize::new(0);

impl Clicks {
    pub fn new(spool: Arc<Spool>, drain: Drain, lanes: usize) -> Clicks {
        Clicks { spool, drain, lanes }
    }

    /// Appends a click, and answers its id: one write, no sync. What cannot be recorded is counted,
    /// never waited for.
    pub fn record(&self, click: &Click<'_>) -> Option<ClickId> {
        let mut payload = Vec::with_capacity(256);
        click.encode(&mut payload);
        let lane = LANE.get().unwrap_or_else(|| {
            let lane = NEXT_LANE.fetch_add(1, Ordering::Relaxed) % self.lanes;
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
