//! A backup: everything in one file, taken while a server may run, and looked through before it
//! counts as one.
//!
//! The spool is copied first and the database after it, so that what is brought over in between is
//! in both. Then the copied spool is drained into the copied database, as a server that starts would,
//! and its cursors tell what was there already: every click that was answered before is in the file
//! once.

use std::{
    fs::{DirBuilder, File},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use store::{Contents, Store};

use crate::{
    app::random_bytes,
    clicks::Database,
    config::Config,
    spool::{self, Spool, drain},
    start::with_sources,
};

/// How long the clicks that were waiting may take into the copy.
const PATIENCE: Duration = Duration::from_secs(600);

/// Writes a backup into a new file; what it holds.
pub async fn backup(config: &Config, file: &Path) -> Result<Contents, String> {
    let Some(original) = config.database_file() else {
        return Err(
            "PostgreSQL is copied by pg_dump: docs/never-lost.md says in which order".into()
        );
    };
    if !original.exists() {
        return Err(format!("there is no database {}", original.display()));
    }
    if file.exists() {
        return Err(format!("{} is there already: name another file", file.display()));
    }
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    let folder = file.with_file_name(name);
    let trouble = |e: io::Error| format!("cannot write {}: {e}", folder.display());
    // Nobody else's: it holds what the database holds.
    DirBuilder::new().mode(0o700).create(&folder).map_err(trouble)?;
    let made = make(config, &original, &folder).await;
    let done = made.and_then(|contents| put(&folder, file).map(|()| contents).map_err(trouble));
    // A backup that came to nothing leaves nothing behind, as far as that can be done.
    let removed = std::fs::remove_dir_all(&folder).map_err(trouble);
    done.and_then(|contents| removed.map(|()| contents))
}

/// What is worked on, and what is left of it when it stands alone, as where it is restored.
const COPY: &str = "copy.db";
const ALONE: &str = "alone.db";

async fn make(config: &Config, original: &Path, folder: &Path) -> Result<Contents, String> {
    let trouble = |e: io::Error| format!("cannot copy the spool: {e}");
    let spool = folder.join("spool");
    std::fs::create_dir(&spool).map_err(trouble)?;
    let waiting = spool::copy(&config.data_dir.join("spool"), &spool).map_err(trouble)?;

    let copy = folder.join(COPY);
    let store = open(original).await?;
    store.copy_to(&copy).await.map_err(|error| with_sources(&error))?;
    store.close().await;

    let store = open(&copy).await?;
    if waiting != 0 {
        // An older server's tables are brought up to date, as where this program starts on them.
        store.migrate().await.map_err(|error| with_sources(&error))?;
        drain_into(&store, spool).await?;
    }
    let expected = store.contents().await.map_err(|error| with_sources(&error))?;
    store.settle().await.map_err(|error| with_sources(&error))?;
    store.close().await;

    let alone = folder.join(ALONE);
    std::fs::rename(copy, &alone).map_err(trouble)?;
    let permissions = original.metadata().map_err(trouble)?.permissions();
    std::fs::set_permissions(&alone, permissions).map_err(trouble)?;
    let store = open(&alone).await?;
    let wrong = store.check().await.map_err(|error| with_sources(&error))?;
    if let Some(first) = wrong.first() {
        return Err(format!("the database is damaged, in {} places: {first}", wrong.len()));
    }
    let contents = store.contents().await.map_err(|error| with_sources(&error))?;
    if contents != expected {
        return Err(format!("the copy has {contents:?} where there were {expected:?}"));
    }
    store.close().await;
    Ok(contents)
}

async fn open(file: &Path) -> Result<Store, String> {
    let url = format!("sqlite://{}", file.display());
    Store::open(&url).await.map_err(|error| error.to_string())
}

/// Gives the backup its name, when it is on the disk.
fn put(folder: &Path, file: &Path) -> io::Result<()> {
    File::open(folder.join(ALONE))?.sync_all()?;
    std::fs::rename(folder.join(ALONE), file)?;
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

/// Stores what waits in a spool that nobody else has.
async fn drain_into(store: &Store, folder: PathBuf) -> Result<(), String> {
    let id = || u128::from_le_bytes(random_bytes());
    let spool = Spool::open(&folder, 1, 0, id).map_err(|error| error.to_string())?;
    let sink = Database(store.clone());
    let (drain, work) = drain::new(Arc::new(spool), sink, drain::Pace::default());
    let working = tokio::spawn(work);
    let drained = tokio::time::timeout(PATIENCE, drain.stop()).await;
    working.abort();
    if drained.is_ok_and(|done| done) {
        return Ok(());
    }
    Err("the clicks that were waiting could not be stored in the copy".to_owned())
}
