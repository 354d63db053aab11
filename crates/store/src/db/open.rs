//! From `WAYPOST_DATABASE_URL` to connections.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    Executor,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Db, PATIENCE};

/// Why a database cannot be opened at all; each is one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the database URL {url:?} cannot be used: {why}")]
    Url { url: String, why: String },
    #[error("cannot open the database {path:?}: {source}")]
    File { path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
    /// Older ones can lose committed writes: <https://sqlite.org/wal.html#walresetbug>.
    #[error("SQLite {0} can lose committed writes: 3.51.3 or newer is needed")]
    OldSqlite(String),
}

/// The first SQLite without the fault in resetting its log.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;
/// Nobody waits longer for an answer; what still runs then only holds locks.
const SESSION: &str =
    "set statement_timeout = '30s'; set idle_in_transaction_session_timeout = '60s'";
/// How long SQLite's writer waits for another process, such as `waypost key create`.
const BUSY: Duration = Duration::from_secs(5);
/// Between two tries to open a file that another process is opening.
const PAUSE: Duration = Duration::from_millis(50);
const SQLITE_BUSY: &str = "5";
/// Pages of the log, of 4 KiB, after which the writer moves them into the file. Most of what a group
/// writes are pages that the next one writes again: the later, the fewer are moved.
const CHECKPOINT: &str = "8000";
/// What the writer keeps of the file in memory, in KiB and below zero: new links go to as many places as
/// there are indexes.
const CACHE: &str = "-16000";
/// Texts of statements that a connection keeps prepared; lists of rows make several of one.
const PREPARED: usize = 256;

impl Db {
    /// Opens `sqlite://waypost.db`, `sqlite:///var/lib/waypost.db` or `postgres://…`.
    ///
    /// A SQLite file is created with its folder. PostgreSQL is not asked anything yet, so that a
    /// server starts while it is down.
    pub(crate) async fn open(url: &str) -> Result<Db, OpenError> {
        let wrong = |why: &str| OpenError::Url { url: without_password(url), why: why.to_owned() };
        if let Some(rest) = url.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            // Often written, and what happens anyway.
            let path = path.strip_suffix("?mode=rwc").unwrap_or(path);
            if path.contains('?') || path.contains(":memory:") {
                return Err(wrong("it names a file and takes no parameters"));
            }
            if path.is_empty() || path.ends_with('/') {
                return Err(wrong("it names no file"));
            }
            return sqlite(Path::new(path)).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options =
                PgConnectOptions::from_str(url).map_err(|error| wrong(&error.to_string()))?;
            return Ok(postgres(options));
        }
        Err(wrong("it starts with neither sqlite:// nor postgres://"))
    }
}

async fn sqlite(path: &Path) -> Result<Db, OpenError> {
    let failed = |source| OpenError::File { path: path.to_owned(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        tokio::fs::create_dir_all(folder).await.map_err(|error| failed(error.into()))?;
    }
    let mut tries = BUSY.as_millis() / PAUSE.as_millis();
    let options = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .statement_cache_capacity(PREPARED);
    let writer = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT)
        .pragma("cache_size", CACHE)
        // What is deleted is overwritten: a salt that is gone must not lie about in free space.
        .pragma("secure_delete", "fast");
    let pool = || SqlitePoolOptions::new().acquire_timeout(PATIENCE).test_before_acquire(false);
    let write = loop {
        let pool = pool().max_connections(1).idle_timeout(None).max_lifetime(None);
        match pool.connect_with(writer.clone()).await {
            // Whoever else opens a new file just now makes it one with a log, which does not heed
            // the time-out.
            Err(error) if is_busy(&error) && 0 < tries => tries -= 1,
            done => break done.map_err(|error| failed(error.into()))?,
        }
        tokio::time::sleep(PAUSE).await;
    };
    let version: String = sqlx::query_scalar("select sqlite_version()")
        .fetch_one(&write)
        .await
        .map_err(|error| failed(error.into()))?;
    if !is_new_enough(&version) {
        return Err(OpenError::OldSqlite(version));
    }
    let read = pool().max_connections(SQLITE_READERS).connect_lazy_with(options.read_only(true));
    Ok(Db::Sqlite { read, write })
}

/// Whether another process holds the file.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == SQLITE_BUSY)
}

fn postgres(options: PgConnectOptions) -> Db {
    let options = options.application_name("waypost").statement_cache_capacity(PREPARED);
    let listening = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options.clone());
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        // Set here and not as parameters of the start, which poolers refuse.
        .after_connect(|conn, _| Box::pin(async move { conn.execute(SESSION).await.map(drop) }))
        .connect_lazy_with(options);
    Db::Postgres { pool, listening }
}

fn is_new_enough(version: &str) -> bool {
    let parts: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
    OLDEST_SQLITE.as_slice() <= parts.as_slice()
}

/// The URL as it may be shown and logged.
fn without_password(url: &str) -> String {
    let hidden = || {
        let (scheme, rest) = url.split_once("://")?;
        let (login, place) = rest.rsplit_once('@')?;
        let (user, _) = login.split_once(':')?;
        Some(format!("{scheme}://{user}:***@{place}"))
    };
    hidden().unwrap_or_else(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sqlite_that_loses_writes_is_told_from_one_that_does_not() {
        for (version, expected) in [
            ("3.51.3", true),
            ("3.51.10", true),
            ("3.53.0", true),
            ("4.0.0", true),
            ("3.51.2", false),
            ("3.40.1", false),
            ("3.51", false),
            ("", false),
        ] {
            assert_eq!(is_new_enough(version), expected, "{version}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let shown = without_password("postgres://me:s3c@ret@db.example/waypost");
        assert_eq!(shown, "postgres://me:***@db.example/waypost");
        assert_eq!(without_password("postgres://me@db.example"), "postgres://me@db.example");
        assert_eq!(without_password("nonsense"), "nonsense");
    }

    #[tokio::test]
    async fn a_url_that_cannot_be_is_named_in_one_line() {
        for url in [
            "",
            "mysql://x",
            "sqlite://",
            "sqlite:///tmp/",
            "sqlite://a?mode=ro",
            "sqlite::memory:",
            "postgres://[",
            "waypost.db",
        ] {
            let error = Db::open(url).await.unwrap_err().to_string();
            assert!(error.contains(&format!("{url:?}")), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }
}
