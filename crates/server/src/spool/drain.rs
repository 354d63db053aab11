//! Bringing clicks from the spool to where they stay, exactly once.
//!
//! The sink stores the clicks of a batch and the offset behind them in one transaction. Where it
//! fails, or the process ends, in any moment before or after that, the same clicks are offered
//! again, and the sink leaves out those below the offset that it has.

mod sink;

use std::{
    collections::{HashMap, HashSet},
    fmt, io,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot},
    time,
};
use tracing::{error, info, warn};

pub use sink::{Sink, Stored};

use super::{Batch, Found, Spool, locked, segment};

/// How much is stored at a time, and when.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How many clicks make a transaction at most.
    pub clicks: usize,
    /// How long a click waits at most while the sink is well.
    pub every: Duration,
    /// How long to wait after the first failure; doubled with each further one.
    pub retry: Duration,
    pub retry_at_most: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            clicks: 16_384,
            every: Duration::from_millis(200),
            retry: Duration::from_millis(100),
            retry_at_most: Duration::from_secs(5),
        }
    }
}

/// Makes a drain, and the work that must be polled for it to do anything. The work ends after
/// [`Drain::stop`], or when every handle is gone.
pub fn new<S: Sink>(
    spool: Arc<Spool>,
    sink: S,
    pace: Pace,
) -> (Drain, impl Future<Output = ()> + Send) {
    let (requests, received) = mpsc::unbounded_channel();
    let work =
        Work { spool, sink, pace, cursors: None, unreadable: HashSet::new(), removed: Vec::new() };
    (Drain { requests }, work.run(received))
}

/// A handle to a running drain.
#[derive(Clone)]
pub struct Drain {
    requests: mpsc::UnboundedSender<Request>,
}

struct Request {
    stop: bool,
    done: oneshot::Sender<()>,
}

impl Drain {
    /// Returns when everything that was appended before the call is stored. Waits as long as the
    /// sink fails, so give it a time-out. False where the drain has stopped.
    pub async fn flush(&self) -> bool {
        self.ask(false).await
    }

    /// Seals the spool, returns when everything that was appended before the call is stored, and
    /// ends the work. Waits as long as the sink fails; what is not stored by then is in the spool.
    pub async fn stop(&self) -> bool {
        self.ask(true).await
    }

    async fn ask(&self, stop: bool) -> bool {
        let (done, answer) = oneshot::channel();
        self.requests.send(Request { stop, done }).is_ok() && answer.await.is_ok()
    }
}

struct Work<S> {
    spool: Arc<Spool>,
    sink: S,
    pace: Pace,
    /// How far each segment is stored; none until the sink has told.
    cursors: Option<HashMap<u128, u64>>,
    /// Segments that were complained about.
    unreadable: HashSet<u128>,
    /// Segments whose files are gone, which the sink has not taken note of.
    removed: Vec<u128>,
}

impl<S: Sink> Work<S> {
    async fn run(mut self, mut received: mpsc::UnboundedReceiver<Request>) {
        let mut waiting: Vec<Request> = Vec::new();
        let mut failures = 0;
        loop {
            if waiting.is_empty() {
                match time::timeout(self.pace.every, received.recv()).await {
                    Ok(Some(request)) => waiting.push(request),
                    Ok(None) => return,
                    Err(_) => {}
                }
            }
            while let Ok(request) = received.try_recv() {
                waiting.push(request);
            }
            let stop = waiting.iter().any(|request| request.stop);
            match self.pass(stop).await {
                Ok(()) => {
                    if failures != 0 {
                        info!(failures, "clicks are stored again, after {failures} failures");
                    }
                    failures = 0;
                    for request in waiting.drain(..) {
                        // Whoever asked may have stopped waiting.
                        let _ = request.done.send(());
                    }
                    if stop {
                        return;
                    }
                }
                Err(trouble) => {
                    if failures == 0 {
                        error!(error = %trouble, "could not store clicks: they wait in the spool");
                    }
                    time::sleep(self.pace.after(failures)).await;
                    failures += 1;
                }
            }
        }
    }

    /// Stores everything that was in the spool when it began, and no more than that: under load
    /// there is always more.
    async fn pass(&mut self, stop: bool) -> Result<(), Trouble<S::Error>> {
        if self.cursors.is_none() {
            let cursors = self.sink.cursors().await.map_err(Trouble::Sink)?;
            let cursors: HashMap<_, _> = cursors.into_iter().collect();
            *locked(&self.spool.stored) = cursors.clone();
            self.cursors = Some(cursors);
        }
        let segments = self
            .with_spool(move |spool| {
                if stop {
                    spool.seal();
                }
                spool.segments()
            })
            .await?;
        // One segment that the sink refuses must not hold back the others.
        let mut trouble = None;
        for segment in segments {
            match self.segment(segment).await {
                Ok(()) => {}
                Err(Trouble::Spool(error)) if error.kind() == io::ErrorKind::InvalidData => {
                    if self.unreadable.insert(segment.id) {
                        error!(%error, "left a segment of the spool where it is");
                    }
                }
                Err(error) => trouble = trouble.or(Some(error)),
            }
        }
        while let Some(&segment) = self.removed.last() {
            if let Err(error) = self.sink.forget(segment).await {
                trouble = trouble.or(Some(Trouble::Sink(error)));
                break;
            }
            self.removed.pop();
        }
        if let Some(Trouble::Sink(_)) = trouble {
            // What it said may have been lost with whatever failed.
            self.cursors = None;
        }
        trouble.map_or(Ok(()), Err)
    }

    async fn segment(&mut self, Found { id, len }: Found) -> Result<(), Trouble<S::Error>> {
        loop {
            let from = self.cursor(id);
            let clicks = self.pace.clicks;
            let batch = self.with_spool(move |spool| spool.read(id, from, clicks, CHUNK)).await?;
            let next = batch.next;
            self.store(id, from, &batch).await?;
            if batch.end {
                self.with_spool(move |spool| spool.remove(id, next)).await?;
                self.cursors.get_or_insert_default().remove(&id);
                locked(&self.spool.stored).remove(&id);
                self.removed.push(id);
                return Ok(());
            }
            if next == from || len <= next {
                return Ok(());
            }
        }
    }

    async fn store(&mut self, id: u128, from: u64, batch: &Batch) -> Result<(), Trouble<S::Error>> {
        if from == batch.next && !batch.end {
            return Ok(());
        }
        let clicks: Vec<_> = batch.clicks().collect();
        let (next, sealed) = (batch.next, batch.end);
        let stored = Stored { segment: id, from, clicks, next, sealed };
        let unreadable = self.sink.store(stored).await.map_err(Trouble::Sink)?;
        self.cursors.get_or_insert_default().insert(id, next);
        locked(&self.spool.stored).insert(id, next);
        self.spool.unreadable.fetch_add(unreadable, Relaxed);
        if let Some(first) = batch.damaged.first() {
            let bytes: u64 = batch.damaged.iter().map(|range| range.end - range.start).sum();
            self.spool.damaged.fetch_add(bytes, Relaxed);
            let (file, places) = (segment::name(id), batch.damaged.len());
            let at = first.start;
            warn!(%file, at, places, bytes, "passed over {bytes} bytes that are no whole click");
        }
        Ok(())
    }

    fn cursor(&self, id: u128) -> u64 {
        self.cursors.as_ref().and_then(|cursors| cursors.get(&id)).copied().unwrap_or(0)
    }

    /// Runs what may wait for the disk where that holds nobody up.
    async fn with_spool<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Spool) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Trouble<S::Error>> {
        let spool = self.spool.clone();
        let done = tokio::task::spawn_blocking(move || work(&spool)).await;
        done.map_err(io::Error::other).flatten().map_err(Trouble::Spool)
    }
}

/// How many bytes to read for a batch: 16,384 clicks of the usual length.
const CHUNK: usize = 4 << 20;

impl Pace {
    fn after(&self, failures: u32) -> Duration {
        self.retry.saturating_mul(1 << failures.min(16)).min(self.retry_at_most)
    }
}

#[derive(Debug)]
enum Trouble<E> {
    Spool(io::Error),
    Sink(E),
}

impl<E: fmt::Display> fmt::Display for Trouble<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Spool(error) => error.fmt(f),
            Trouble::Sink(error) => error.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
