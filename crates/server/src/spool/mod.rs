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
//! The folder has a size that it does not outgrow. Once it is full, as where the disk is, what was
//! recorded stays and what comes is counted as unrecorded, until the drain has made room.
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
    collections::{HashMap, HashSet},
    fs::{File, TryLockError},
    io,
    os::unix::fs::MetadataExt,
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
use segment::{HEADER_BYTES, Segment};

/// How long a segment gets before the lane goes on in a new one.
const SEGMENT_BYTES: u64 = 8 << 20;

/// See the [module](self).
pub struct Spool {
    dir: PathBuf,
    disk: Box<dyn Disk>,
    segment_bytes: u64,
    /// How long all segments together get.
    most_bytes: u64,
    ids: Mutex<Box<dyn FnMut() -> u128 + Send>>,
    lanes: Box<[Mutex<Lane>]>,
    /// The segments that may still grow; every other one in the folder is sealed.
    growing: Mutex<HashSet<u128>>,
    unrecorded: AtomicU64,
    /// How far each segment is stored, as the drain says.
    stored: Mutex<HashMap<u128, u64>>,
    /// What the drain has found, of which it tells.
    damaged: AtomicU64,
    unreadable: AtomicU64,
    /// How many lanes cannot write. While it is not 0, one trouble is going on, and was logged.
    down: AtomicUsize,
    /// Whether the folder has names that a power failure may take.
    unsynced_names: AtomicBool,
    /// Held locked as long as the spool is open.
    lock: File,
}

impl Spool {
    /// Opens the spool in a folder, which is made where it is missing.
    ///
    /// `lanes` is the number of threads that append (at least one); `most_bytes` is how large the
    /// folder may get, two segments a lane at least; `ids` draws the random ids of segments. Fails
    /// where the folder cannot be used or another process has it open; a full disk is no failure.
    pub fn open(
        dir: &Path,
        lanes: usize,
        most_bytes: u64,
        ids: impl FnMut() -> u128 + Send + 'static,
    ) -> io::Result<Spool> {
        let bytes = (SEGMENT_BYTES, most_bytes);
        Spool::on(Box::new(disk::Files), bytes, dir, lanes, Box::new(ids))
    }

    fn on(
        disk: Box<dyn Disk>,
        (segment_bytes, most_bytes): (u64, u64),
        dir: &Path,
        lanes: usize,
        ids: Box<dyn FnMut() -> u128 + Send>,
    ) -> io::Result<Spool> {
        std::fs::create_dir_all(dir)?;
        let lanes = lanes.max(1);
        Ok(Spool {
            dir: dir.to_owned(),
            disk,
            segment_bytes,
            most_bytes: most_bytes.max(2 * lanes as u64 * segment_bytes),
            ids: Mutex::new(ids),
            lanes: (0..lanes).map(|_| Mutex::default()).collect(),
            growing: Mutex::default(),
            unrecorded: AtomicU64::new(0),
            stored: Mutex::default(),
            damaged: AtomicU64::new(0),
            unreadable: AtomicU64::new(0),
            down: AtomicUsize::new(0),
            unsynced_names: AtomicBool::new(false),
            lock: lock_folder(dir)?,
        })
    }

    /// How many clicks since the start could not be recorded.
    pub fn unrecorded(&self) -> u64 {
        self.unrecorded.load(Relaxed)
    }

    /// How many bytes of clicks are not stored yet.
    pub fn waiting(&self) -> u64 {
        // What cannot be listed cannot be counted, and the drain says so.
        let segments = self.segments().unwrap_or_default();
        let stored = locked(&self.stored);
        let to = |id| stored.get(id).map_or(HEADER_BYTES, |to| HEADER_BYTES.max(*to));
        segments.iter().map(|found| found.len.saturating_sub(to(&found.id))).sum()
    }

    /// How many bytes since the start were no whole click: torn by the end of a process, or broken.
    pub fn damaged(&self) -> u64 {
        self.damaged.load(Relaxed)
    }

    /// How many whole records since the start were no click that the sink can read.
    pub fn unreadable(&self) -> u64 {
        self.unreadable.load(Relaxed)
    }

    /// A name that only this process can have, since it holds the folder's lock, and that the next
    /// one in this folder has again; another after the machine was started anew, and none where
    /// that cannot be told.
    pub fn holder(&self) -> Option<String> {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let lock = self.lock.metadata().ok()?;
        Some(format!("{} {:x} {:x}", boot.trim(), lock.dev(), lock.ino()))
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
        self.find_room()?;
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

    /// Fails where one more segment would be too much for the folder.
    fn find_room(&self) -> io::Result<()> {
        let segments = self.segments()?;
        let growing = locked(&self.growing);
        let bytes = |found: &Found| {
            // What grows has a segment's blocks set aside.
            if growing.contains(&found.id) { found.len.max(self.segment_bytes) } else { found.len }
        };
        let held: u64 = segments.iter().map(bytes).sum();
        if held + self.segment_bytes <= self.most_bytes {
            return Ok(());
        }
        let text = format!("the spool has reached its size of {} bytes", self.most_bytes);
        Err(io::Error::new(io::ErrorKind::QuotaExceeded, text))
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
