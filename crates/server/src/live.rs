//! Clicks as they are stored, for those who watch: one look at the database for all of them.
//!
//! **Invariant:** nothing here is asked by a redirect, and nothing is kept while nobody watches.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{Error, Result, WorkspaceId};
use store::Tail;
use tokio::sync::{Mutex as Turn, broadcast};

use crate::{App, archive::Stored};

/// Where new clicks are told.
pub struct Live {
    told: broadcast::Sender<Arc<Batch>>,
    /// How far the last look came; none while nobody watches.
    tail: Turn<Option<Tail>>,
    watching: Arc<Mutex<Watching>>,
}

/// How many watch, by workspace.
type Watching = HashMap<WorkspaceId, usize>;

/// New clicks of all workspaces.
pub struct Batch {
    /// What was seen before it.
    pub after: Tail,
    /// What is seen with it.
    pub end: Tail,
    /// Those of a segment in their order.
    pub clicks: Vec<Stored>,
}

/// A place among those who watch, until it is dropped.
pub struct Seat {
    watching: Arc<Mutex<Watching>>,
    workspace: WorkspaceId,
    pub told: broadcast::Receiver<Arc<Batch>>,
}

/// Batches that wait for the slowest: each is what a quarter of a second brought.
const WAITING: usize = 16;

/// Streams that one workspace may have of one node.
const MOST: usize = 20;

impl Default for Live {
    fn default() -> Live {
        let (told, _) = broadcast::channel(WAITING);
        Live { told, tail: Turn::default(), watching: Arc::default() }
    }
}

impl Live {
    /// Begins to watch; where too many do, [`Error::TooMany`].
    pub fn watch(&self, workspace: WorkspaceId) -> Result<Seat> {
        let mut watching = lock(&self.watching);
        let seats = watching.entry(workspace).or_default();
        if MOST <= *seats {
            return Err(Error::TooMany(15));
        }
        *seats += 1;
        let watching = Arc::clone(&self.watching);
        Ok(Seat { watching, workspace, told: self.told.subscribe() })
    }

    /// How far clicks are stored now. Whatever comes later is told to those who have a seat: the next
    /// look begins no later than here.
    pub async fn now(&self, app: &App) -> Result<Tail> {
        let mut known = self.tail.lock().await;
        let now = app.store.tail().await?;
        known.get_or_insert_with(|| now.clone());
        Ok(now)
    }

    /// How many streams there are.
    pub fn seats(&self) -> usize {
        lock(&self.watching).values().sum()
    }

    /// Tells those who watch what was stored since the last time.
    pub async fn feed(&self, app: &App) -> Result<()> {
        let mut known = self.tail.lock().await;
        if self.told.receiver_count() == 0 {
            *known = None;
            return Ok(());
        }
        let mut tail = match known.take() {
            Some(tail) => tail,
            None => app.store.tail().await?,
        };
        loop {
            let after = tail.clone();
            let (clicks, more) = match app.archive.after(&app.store, &mut tail).await {
                Ok(found) => found,
                Err(error) => {
                    *known = Some(after);
                    return Err(error);
                }
            };
            if !clicks.is_empty() {
                // Nobody may be left to hear it.
                let _ = self.told.send(Arc::new(Batch { after, end: tail.clone(), clicks }));
            }
            if !more {
                *known = Some(tail);
                return Ok(());
            }
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut watching = lock(&self.watching);
        if let Some(seats) = watching.get_mut(&self.workspace) {
            *seats -= 1;
            if *seats == 0 {
                watching.remove(&self.workspace);
            }
        }
    }
}

fn lock(watching: &Mutex<Watching>) -> MutexGuard<'_, Watching> {
    watching.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_of_a_workspace_watch_and_hold_up_no_other() {
        let live = Live::default();
        let [ours, theirs] = [1, 2].map(|number| WorkspaceId::new(number).unwrap());
        let mut seats: Vec<Seat> = (0..MOST).map(|_| live.watch(ours).unwrap()).collect();
        let refused = live.watch(ours).map(drop);
        assert!(matches!(refused, Err(Error::TooMany(15))), "{refused:?}");
        let other = live.watch(theirs).unwrap();
        assert_eq!(live.seats(), MOST + 1);
        seats.pop();
        seats.push(live.watch(ours).unwrap());
        assert!(live.watch(ours).is_err());
        drop((seats, other));
        assert_eq!(live.seats(), 0);
        assert!(lock(&live.watching).is_empty());
    }
}
