//! The routes of this node on its own disk, so that it starts fast, and while the database is down.
//!
//! Two files in the data folder, for the server's user alone. `routes.snapshot` is the [table] as it
//! lies in memory, with the domains, the pixels, and the value of the change counter of which it is;
//! it is written beside and renamed. `routes.secrets` holds what else a redirect needs of the
//! database: the key that signs cookies and the salts of today and tomorrow. It is overwritten where
//! it lies, so that the salt of a day that is over leaves the disk.
//!
//! A snapshot says whose it is twice: by the database's address, which is known at once, and by random
//! bytes that the database itself keeps, which are compared as soon as it answers.
//!
//! [table]: crate::redirect::Table

mod file;
mod head;
mod secrets;
#[cfg(test)]
mod tests;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use model::{Domain, Error, Pixel, Result};
use sha2::{Digest, Sha256};

use self::secrets::Secrets;
use crate::{App, redirect::Table, sync, visits::Salt};

/// What tells one database from another.
pub type Identity = [u8; 16];

/// Where snapshots of this node are, and how old the last one is.
pub struct Snapshots {
    /// None: nothing is read or written.
    folder: Option<PathBuf>,
    /// What the database's address is known by.
    address: String,
    /// The database's own; none while it was not reached.
    database: OnceLock<Identity>,
    last: Mutex<Last>,
}

/// A snapshot that can be used.
pub struct Snapshot {
    pub database: Identity,
    /// What the change counter stood at.
    pub change: i64,
    pub written_at: Timestamp,
    pub domains: Vec<Domain>,
    pub pixels: Vec<Pixel>,
    pub table: Table,
    /// Signs cookies.
    pub key: Vec<u8>,
    pub salts: Vec<Salt>,
}

/// What was written last.
#[derive(Default)]
struct Last {
    /// The routes' count of edits; none before anything was written.
    edits: Option<u64>,
    bytes: u64,
    at: Option<Instant>,
    secrets: Option<Secrets>,
}

/// Why a snapshot cannot be used.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("there is none")]
    None,
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
    #[error("another version of Waypost wrote it")]
    OtherFormat,
    #[error("it is of another database")]
    OtherDatabase,
}

const FILE: &str = "routes.snapshot";
const BESIDE: &str = "routes.snapshot.new";
const ASIDE: &str = "routes.snapshot.unusable";
const SECRETS: &str = "routes.secrets";

/// How many bytes of snapshots are written each second at most, in the long run: what a million links
/// take is written every other minute, and what ten thousand take every ten seconds.
const BYTES_A_SECOND: u64 = 1 << 20;

impl Snapshots {
    pub fn new(folder: &Path, database_url: &str) -> Snapshots {
        Snapshots::at(Some(folder.to_owned()), database_url)
    }

    /// For who only looks, and leaves nothing behind.
    pub fn nowhere() -> Snapshots {
        Snapshots::at(None, "")
    }

    fn at(folder: Option<PathBuf>, database_url: &str) -> Snapshots {
        let (database, last) = (OnceLock::new(), Mutex::default());
        Snapshots { folder, address: known_by(database_url), database, last }
    }

    /// Reads the snapshot, if there is one for this database. One that is damaged or another's is left
    /// aside, with a line in the log. Blocks.
    pub fn read(&self) -> Option<Snapshot> {
        let folder = self.folder.as_ref()?;
        let read = file::read(&folder.join(FILE), &self.address).and_then(|(head, table)| {
            let secrets = Secrets::read(&folder.join(SECRETS), &head.database)?;
            head.into_snapshot(table, secrets).ok_or(Unusable::Damaged("its head"))
        });
        match read {
            Ok(snapshot) => Some(snapshot),
            Err(Unusable::None) => None,
            Err(why) => {
                tracing::warn!(
                    "the snapshot of the routes is left aside and all links are loaded from the database: {why}"
                );
                // Where even that fails, the next snapshot takes its place.
                let _ = std::fs::rename(folder.join(FILE), folder.join(ASIDE));
                None
            }
        }
    }

    /// Says that the routes are those of the snapshot while they count so many edits.
    pub fn lie_there(&self, edits: u64) {
        self.last().edits = Some(edits);
    }

    /// Says which database answers; snapshots are written from then on.
    pub fn reached(&self, database: Identity) {
        let _ = self.database.set(database);
    }

    /// Where to write, and what of; none where nothing is written, or not yet.
    fn target(&self) -> Option<(&Path, &Identity)> {
        self.folder.as_deref().zip(self.database.get())
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Last {
    /// Whether it was written long enough ago for another one.
    fn is_old(&self) -> bool {
        let wait = Duration::from_secs(self.bytes / BYTES_A_SECOND);
        self.at.is_none_or(|at| wait <= at.elapsed())
    }
}

/// Writes a snapshot where the routes have changed since the last one, and that was not just now.
pub async fn write_when_due(app: &App) -> Result<()> {
    if app.snapshots.last().is_old() { write(app).await } else { Ok(()) }
}

/// Writes a snapshot where the routes have changed since the last one. Nothing is written before all
/// links were loaded from the database.
pub async fn write(app: &App) -> Result<()> {
    if app.snapshots.target().is_none() || app.snapshots.last().edits == Some(app.routes.edits()) {
        return Ok(());
    }
    // This node's own edits are in its routes before the counter of their change is known here. With a
    // snapshot that says less than it holds, a database of before these edits would pass for its own.
    sync::bring_changes(app).await?;
    let app = app.clone();
    let written = tokio::task::spawn_blocking(move || {
        let snapshots = &app.snapshots;
        let target = snapshots.target().filter(|_| app.routes.is_complete());
        let Some((folder, database)) = target else { return Ok(()) };
        let edits = app.routes.edits();
        if snapshots.last().edits == Some(edits) {
            return Ok(());
        }
        // Read before the routes are, so that what changes meanwhile is brought once more.
        let change = app.seen.load(Ordering::Acquire);
        let head = head::Head::new(&snapshots.address, database, change, app.now(), &app.routes);
        let written = file::write(folder, head, app.routes.table());
        let mut last = snapshots.last();
        // One that failed may have been as much work.
        last.at = Some(Instant::now());
        (last.edits, last.bytes) = (Some(edits), written?);
        Ok::<(), io::Error>(())
    });
    written.await.map_err(Error::internal)?.map_err(Error::internal)
}

/// Puts down what redirects need of the database beside routes, where it is not what lies there.
pub async fn write_secrets(app: &App) -> Result<()> {
    let app = app.clone();
    let written = tokio::task::spawn_blocking(move || {
        let Some((folder, database)) = app.snapshots.target() else { return Ok(()) };
        let (key, salts) = (app.visits.key(), app.visits.salts());
        let secrets = Secrets { database: *database, key, salts };
        let mut last = app.snapshots.last();
        if last.secrets.as_ref() == Some(&secrets) {
            return Ok(());
        }
        secrets.write(&folder.join(SECRETS))?;
        last.secrets = Some(secrets);
        Ok::<(), io::Error>(())
    });
    written.await.map_err(Error::internal)?.map_err(Error::internal)
}

/// The database's address without what may change or be secret, as a digest.
fn known_by(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.split('?').next().unwrap_or_default();
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    data_encoding::HEXLOWER.encode(&Sha256::digest(format!("{scheme}://{place}").as_bytes())[..16])
}
