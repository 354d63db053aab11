//! The spool: clicks on their way to the database, in files that outlive the process.
//!
//! A click is appended to a segment by one `write(2)` before its answer leaves. The page cache
//! holds it from then on, so no end of the process loses it; [`Spool::sync`], called by
//! [`keep_synced`] every 50 ms or so, bounds what a power failure can take. [`drain`] brings the
//! clicks to the database and removes the segments that are stored.
//!
//! Each lane appends to a segment of its own, so that the cores of a machine do not wait for each
//! other. A segment has a random id for its name, and is never opened for writing again: what an
//! earlier process left is read to its last whole frame, and removed.
//!
//! **Invariant:** an append neither panics, nor waits for the disk to be synced, nor fails the
//! redirect: what could not be recorded is counted, and [`Spool::unrecorded`] is exact.

mod disk;
pub mod drain;
mod frame;
mod lane;
mod reader;
mod segment;

use std::{
    collections::HashSet,
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tracing::{error, info};

pub use reader::{Batch, Found};

use disk::Disk;
use lane::Lane;
use segment::Segment;

/// How long a segment gets before the lane goes on in a new one.
const SEGMENT_BYTES: u64 = 8 << 20;

/// See the [module](self).
pub struct Spool {
    dir: PathBuf,
    disk: Box<dyn Disk>,
    segment_bytes: u64,
    ids: Mutex<Box<dyn FnMut() -> u128 + Send>>,
    lanes: Box<[Mutex<Lane>]>,
    /// The segments that may still grow; every other one in the folder is sealed.
    growing: Mutex<HashSet<u128>>,
    unrecorded: AtomicU64,
    /// How many lanes cannot write. While it is not 0, one trouble is going on, and was logged.
    down: AtomicUsize,
    /// Whether the folder has names that a power failure may take.
    unsynced_names: AtomicBool,
    /// Held locked as long as the spool is open.
    _lock: File,
}

impl Spool {
    /// Opens the spool in a folder, which is made where it is missing.
    ///
    /// `lanes` is the number of threads that append (at least one); `ids` draws the random ids of
    /// segments. Fails where the folder cannot be used or another process has it open; a full disk
    /// is no failure.
    pub fn open(
        dir: &Path,
        lanes: usize,
        ids: impl FnMut() -> u128 + Send + 'static,
    ) -> io::Result<Spool> {
        Spool::on(Box::new(disk::Files), SEGMENT_BYTES, dir, lanes, Box::new(ids))
    }

    fn on(
        disk: Box<dyn Disk>,
        segment_bytes: u64,
        dir: &Path,
        lanes: usize,
        ids: Box<dyn FnMut() -> u128 + Send>,
    ) -> io::Result<Spool> {
        std::fs::create_dir_all(dir)?;
        Ok(Spool {
            dir: dir.to_owned(),
            disk,
            segment_bytes,
            ids: Mutex::new(ids),
            lanes: (0..lanes.max(1)).map(|_| Mutex::default()).collect(),
            growing: Mutex::default(),
            unrecorded: AtomicU64::new(0),
            down: AtomicUsize::new(0),
            unsynced_names: AtomicBool::new(false),
            _lock: lock_folder(dir)?,
        })
    }

    /// How many clicks since the start could not be recorded.
    pub fn unrecorded(&self) -> u64 {
        self.unrecorded.load(Relaxed)
    }

    /// Whether any lane could not record the last click that it was given.
    pub fn failing(&self) -> bool {
        self.down.load(Relaxed) != 0
    }

    /// Has all that was appended before the call on the disk when it returns, as far as the disk
    /// tells the truth; seals what is full, and makes ready what will be needed next.
    ///
    /// Blocks for as long as the disk needs, which on a busy one is tens of milliseconds.
    pub fn sync(&self) {
        for lane in &self.lanes {
            self.sync_lane(lane);
        }
        if self.unsynced_names.swap(false, Relaxed)
            && let Err(error) = File::open(&self.dir).and_then(|dir| self.disk.sync(&dir))
        {
            error!(%error, "could not sync the spool's folder: a power failure may take segments");
        }
    }

    /// Seals every segment, so that a drain can store and remove all of them. Whatever is appended
    /// afterwards goes to new ones.
    pub fn seal(&self) {
        for lane in &self.lanes {
            let mut held = locked(lane);
            let ended = held.current.take().into_iter().chain(held.spare.take());
            for segment in ended.collect::<Vec<_>>() {
                self.retire(&mut held, segment);
            }
        }
        self.sync();
    }

    fn create(&self) -> io::Result<Segment> {
        let id = locked(&self.ids)();
        // Before there is a file: a reader that saw it first would take it for sealed and empty.
        locked(&self.growing).insert(id);
        let segment = Segment::create(&*self.disk, &self.dir, id, self.segment_bytes);
        if segment.is_err() {
            locked(&self.growing).remove(&id);
        }
        self.unsynced_names.store(true, Relaxed);
        segment
    }

    /// Gives up a lane's segment, which nothing is appended to from now on.
    fn retire(&self, lane: &mut Lane, segment: Segment) {
        locked(&self.growing).remove(&segment.id);
        lane.retired.push(segment);
    }

    fn goes_down(&self, lane: &mut Lane, error: &io::Error) {
        if !std::mem::replace(&mut lane.down, true) && self.down.fetch_add(1, Relaxed) == 0 {
            error!(%error, "could not record clicks: redirects go on without");
        }
    }

    fn comes_up(&self, lane: &mut Lane) {
        if std::mem::replace(&mut lane.down, false) && self.down.fetch_sub(1, Relaxed) == 1 {
            let unrecorded = self.unrecorded();
            info!(unrecorded, "clicks are recorded again; {unrecorded} since the start were not");
        }
    }
}

/// Syncs the spool again and again, for as long as it is polled.
pub async fn keep_synced(spool: Arc<Spool>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let spool = spool.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || spool.sync()).await {
            error!(%error, "could not sync the spool");
        }
    }
}

/// Two processes in one folder would take each other's segments for left over ones.
fn lock_folder(dir: &Path) -> io::Result<File> {
    let lock = File::create(dir.join("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(io::Error::new(
            io::ErrorKind::ResourceBusy,
            format!("{} is in use by another process", dir.display()),
        )),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Nothing that is held by a lock here is left half changed by a panic.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
