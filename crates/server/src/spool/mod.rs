//! The spool: clicks on their way to the database, in files that outlive the process.
//!
//! A click is appended to a segment by one `write(2)` before its answer leaves. The page cache
//! holds it from then on, so no end of the process loses it; [`Spool::sync`], called by
//! [`keep_synced`] every 50 ms or so, bounds what a power failure can take. Answers that must
//! outlive one wait for it ([`Durable`]). [`drain`] brings the clicks to the database and removes
//! the segments that are stored.
//!
//! Each lane appends to a segment of its own, so that the cores of a machine do not wait for each
//! other. A segment has a random id for its name, and is never opened for writing again: what an
//! earlier process left is read to its last whole frame, and removed.
//!
//! The folder has a size that it does not outgrow. Once it is full, as where the disk is, a reserve
//! takes what comes; when that is used up too, what was recorded stays and what comes is counted as
//! unrecorded, until the drain has made room.
//!
//! **Invariant:** an append neither panics, nor waits for the disk to be synced, nor fails the
//! redirect: what could not be recorded is counted, and [`Spool::unrecorded`] is exact.

mod copy;
mod disk;
pub mod drain;
mod frame;
mod lane;
mod reader;
mod reserve;
mod room;
mod segment;
mod sync;
mod waiting;

use std::{
    collections::{HashMap, HashSet},
    fs::{File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
};

use tracing::{error, info};

pub use copy::copy;
pub use reader::{Batch, Found};
pub use sync::keep_synced;
pub use waiting::{Durable, Mark};

use disk::Disk;
use lane::Lane;
use reserve::Reserve;
use segment::{HEADER_BYTES, Segment};
use waiting::Waiting;

/// How long a segment gets before the lane goes on in a new one.
const SEGMENT_BYTES: u64 = 8 << 20;

/// See the [module](self).
pub struct Spool {
    dir: PathBuf,
    disk: Box<dyn Disk>,
    segment_bytes: u64,
    /// How long all segments together get.
    most_bytes: u64,
    reserve: Reserve,
    durable: Durable,
    waiting: Waiting,
    /// Held by whoever syncs.
    turn: Mutex<()>,
    ids: Mutex<Box<dyn FnMut() -> u128 + Send>>,
    lanes: Box<[Mutex<Lane>]>,
    /// The segments that may still grow; every other one in the folder is sealed.
    growing: Mutex<HashSet<u128>>,
    unrecorded: AtomicU64,
    unsure: AtomicU64,
    /// Whether the last sync failed, which was logged.
    unsyncable: AtomicBool,
    /// How far each segment is stored, as the drain says.
    stored: Mutex<HashMap<u128, u64>>,
    /// What the drain has found, of which it tells.
    damaged: AtomicU64,
    unreadable: AtomicU64,
    /// How many lanes cannot write. While it is not 0, one trouble is going on, and was logged.
    down: AtomicUsize,
    /// How many segments got a name, and how many of these names were synced or given up.
    names: AtomicU64,
    names_synced: AtomicU64,
    /// Held locked as long as the spool is open, and not empty until that ends in order.
    lock: File,
    was_cut_short: bool,
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
        let spool = Spool::on(Box::new(disk::Files), bytes, dir, lanes, Box::new(ids))?;
        if !spool.was_cut_short {
            // Where that cannot be noted, as on a full disk, nobody will know.
            let _ = (&spool.lock).write_all(b"open\n").and_then(|()| spool.lock.sync_all());
        }
        let most = most_bytes / SEGMENT_BYTES / 4;
        spool.with_reserve(reserve::MOST.min(usize::try_from(most).unwrap_or(usize::MAX)))
    }

    /// Chooses what clicks outlive.
    pub fn durable(self, durable: Durable) -> Spool {
        Spool { durable, ..self }
    }

    /// Sets disk space aside for so many segments.
    fn with_reserve(self, segments: usize) -> io::Result<Spool> {
        let reserve = Reserve::open(&self.dir, segments, self.segment_bytes)?;
        let spool = Spool { reserve, ..self };
        spool.refill();
        Ok(spool)
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
        let lock = lock_folder(dir)?;
        let was_cut_short = lock.metadata()?.len() != 0;
        Ok(Spool {
            dir: dir.to_owned(),
            disk,
            segment_bytes,
            most_bytes: most_bytes.max(2 * lanes as u64 * segment_bytes),
            reserve: Reserve::default(),
            durable: Durable::Process,
            waiting: Waiting::default(),
            turn: Mutex::default(),
            ids: Mutex::new(ids),
            lanes: (0..lanes).map(|_| Mutex::default()).collect(),
            growing: Mutex::default(),
            unrecorded: AtomicU64::new(0),
            unsure: AtomicU64::new(0),
            unsyncable: AtomicBool::new(false),
            stored: Mutex::default(),
            damaged: AtomicU64::new(0),
            unreadable: AtomicU64::new(0),
            down: AtomicUsize::new(0),
            names: AtomicU64::new(0),
            names_synced: AtomicU64::new(0),
            lock,
            was_cut_short,
        })
    }

    /// How many clicks since the start could not be recorded.
    pub fn unrecorded(&self) -> u64 {
        self.unrecorded.load(Relaxed)
    }

    /// How many clicks since the start the disk failed to sync: a power failure may take those of
    /// them that are not in the database yet.
    pub fn unsure(&self) -> u64 {
        self.unsure.load(Relaxed)
    }

    /// How many bytes of the disk are set aside for the moment in which it is full.
    pub fn reserved(&self) -> u64 {
        self.reserve.len() as u64 * self.segment_bytes
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

    /// Whether the process before did not [end](Self::end) in order: it was killed, or the power was
    /// cut, or this folder is a copy of one that was in use.
    pub fn was_cut_short(&self) -> bool {
        self.was_cut_short
    }

    /// Notes that this process ends in order. What is not stored stays for the next one.
    pub fn end(&self) -> io::Result<()> {
        self.lock.set_len(0)
    }

    /// Whether any lane could not record the last click that it was given.
    pub fn failing(&self) -> bool {
        self.down.load(Relaxed) != 0
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

/// Two processes in one folder would take each other's segments for left over ones.
fn lock_folder(dir: &Path) -> io::Result<File> {
    let lock = OpenOptions::new().append(true).create(true).open(dir.join("lock"))?;
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
