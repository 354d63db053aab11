//! The two databases, and one way to talk to both.
//!
//! **Invariant:** nothing outside of this folder knows that there are two. Every statement is one
//! text with `$1` placeholders that both take; only lists of rows are spelled here for each.

mod bulk;
mod hints;
mod migrate;
mod open;
mod row;

use std::time::Duration;

use sqlx::{
    AssertSqlSafe, PgConnection, PgPool, SqlSafeStr, SqliteConnection, SqlitePool, Type,
    pool::PoolConnection,
    postgres::{PgArguments, Postgres},
    sqlite::{Sqlite, SqliteArguments},
};

pub(crate) use bulk::Rows;
pub(crate) use hints::Hinter;
pub use hints::Hints;
pub use open::OpenError;
pub(crate) use row::Row;

use crate::failure::{Failure, Result};

/// How long a caller waits for a connection before the database counts as unreachable.
pub(crate) const PATIENCE: Duration = Duration::from_millis(2_500);

/// A database that is open.
#[derive(Clone, Debug)]
pub(crate) enum Db {
    /// `write` has one connection: writers would only wait for each other, and one that owns the
    /// checkpoints cannot race with another's.
    Sqlite { read: SqlitePool, write: SqlitePool },
    /// `listening` has one connection, on which nothing but hints comes.
    Postgres { pool: PgPool, listening: PgPool },
}

/// A connection taken from a [`Db`].
///
/// What sqlx does meanwhile is on the heap: everybody who asks the database, however far away, would have
/// it in a future of their own, which is copied whenever it is moved.
#[derive(Debug)]
pub(crate) enum Conn {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A value for a placeholder. Each kind has its own null, since PostgreSQL wants to know of which
/// type a null is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arg<'a> {
    Int(Option<i64>),
    Text(Option<&'a str>),
    Bytes(Option<&'a [u8]>),
}

impl Db {
    /// A connection that only reads.
    pub(crate) async fn read(&self) -> Result<Conn> {
        Ok(match self {
            Db::Sqlite { read, .. } => Conn::Sqlite(Box::pin(read.acquire()).await?),
            Db::Postgres { pool, .. } => Conn::Postgres(Box::pin(pool.acquire()).await?),
        })
    }

    /// A connection that may write. Dropping it closes it, since a transaction may be open.
    pub(crate) async fn write(&self) -> Result<Conn> {
        Ok(match self {
            Db::Sqlite { write, .. } => {
                let mut conn = Box::pin(write.acquire()).await?;
                conn.close_on_drop();
                Conn::Sqlite(conn)
            }
            Db::Postgres { pool, .. } => {
                let mut conn = Box::pin(pool.acquire()).await?;
                conn.close_on_drop();
                Conn::Postgres(conn)
            }
        })
    }

    /// Whether two transactions can write at once.
    pub(crate) fn has_parallel_writers(&self) -> bool {
        matches!(self, Db::Postgres { .. })
    }

    /// Whether everything is in one file, which is copied and checked as one.
    pub(crate) fn is_a_file(&self) -> bool {
        matches!(self, Db::Sqlite { .. })
    }

    /// Waits for connections to come back and closes them; SQLite's writer goes last, so that it
    /// finds the log free and leaves one file behind.
    pub(crate) async fn close(&self) {
        match self {
            Db::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Db::Postgres { pool, listening } => {
                // Whoever listens holds its one connection, and lets it go when it hears of this.
                drop(listening.close());
                pool.close().await;
            }
        }
    }
}

impl Conn {
    /// Runs a statement and tells how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: impl SqlSafeStr, args: &[Arg<'_>]) -> Result<u64> {
        check(args)?;
        Ok(match self {
            Conn::Sqlite(conn) => {
                let query = sqlx::query_with(sql, sqlite(args)?);
                Box::pin(query.execute(&mut **conn)).await?.rows_affected()
            }
            Conn::Postgres(conn) => {
                let query = sqlx::query_with(sql, postgres(args)?);
                Box::pin(query.execute(&mut **conn)).await?.rows_affected()
            }
        })
    }

    pub(crate) async fn fetch_all(
        &mut self,
        sql: impl SqlSafeStr,
        args: &[Arg<'_>],
    ) -> Result<Vec<Row>> {
        check(args)?;
        Ok(match self {
            Conn::Sqlite(conn) => {
                let query = sqlx::query_with(sql, sqlite(args)?);
                let rows = Box::pin(query.fetch_all(&mut **conn)).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Conn::Postgres(conn) => {
                let query = sqlx::query_with(sql, postgres(args)?);
                let rows = Box::pin(query.fetch_all(&mut **conn)).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(crate) async fn fetch_optional(
        &mut self,
        sql: impl SqlSafeStr,
        args: &[Arg<'_>],
    ) -> Result<Option<Row>> {
        check(args)?;
        Ok(match self {
            Conn::Sqlite(conn) => {
                let query = sqlx::query_with(sql, sqlite(args)?);
                Box::pin(query.fetch_optional(&mut **conn)).await?.map(Row::Sqlite)
            }
            Conn::Postgres(conn) => {
                let query = sqlx::query_with(sql, postgres(args)?);
                Box::pin(query.fetch_optional(&mut **conn)).await?.map(Row::Postgres)
            }
        })
    }

    pub(crate) async fn begin(&mut self) -> Result<()> {
        let begin = match self {
            // A transaction that turns from reading to writing fails at once where another writes,
            // whatever the time-out; this one waits.
            Conn::Sqlite(_) => "begin immediate",
            Conn::Postgres(_) => "begin",
        };
        self.execute(begin, &[]).await.map(drop)
    }

    /// [`begin`](Self::begin)s with a statement that gives one row, as one question where the database
    /// takes several statements at once.
    pub(crate) async fn begin_with(&mut self, sql: &'static str) -> Result<Option<Row>> {
        match self {
            Conn::Sqlite(_) => {
                let both = AssertSqlSafe(format!("begin immediate; {sql}"));
                self.fetch_optional(both, &[]).await
            }
            Conn::Postgres(_) => {
                self.begin().await?;
                self.fetch_optional(sql, &[]).await
            }
        }
    }

    pub(crate) async fn commit(&mut self) -> Result<()> {
        self.execute("commit", &[]).await.map(drop)
    }

    pub(crate) async fn rollback(&mut self) -> Result<()> {
        self.execute("rollback", &[]).await.map(drop)
    }

    /// Moves SQLite's log into the file and empties it. PostgreSQL's vacuum sees to itself.
    pub(crate) async fn settle(&mut self) -> Result<()> {
        match self {
            Conn::Sqlite(_) => self.execute("pragma wal_checkpoint(truncate)", &[]).await.map(drop),
            Conn::Postgres(_) => Ok(()),
        }
    }

    /// Has the commit of this transaction wait until it is in the log, however the server is set.
    /// SQLite's writer always does.
    pub(crate) async fn outlive_a_crash(&mut self) -> Result<()> {
        match self {
            Conn::Sqlite(_) => Ok(()),
            // Whoever set it to more than "on" keeps that.
            Conn::Postgres(_) => {
                let sql = "
                    select set_config('synchronous_commit', 'on', true)
                    where current_setting('synchronous_commit') = 'off'";
                self.execute(sql, &[]).await.map(drop)
            }
        }
    }

    /// The time of the database's machine, in milliseconds since 1970; none where it is ours.
    pub(crate) async fn clock(&mut self) -> Result<Option<i64>> {
        match self {
            Conn::Sqlite(_) => Ok(None),
            Conn::Postgres(_) => {
                let sql = "
                    select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as now";
                self.fetch_optional(sql, &[]).await?.map(|row| row.int("now")).transpose()
            }
        }
    }

    /// Opens a part of the transaction that [`undo`](Self::undo) can take back.
    pub(crate) async fn save(&mut self) -> Result<()> {
        self.execute("savepoint part", &[]).await.map(drop)
    }

    /// Ends the innermost part and keeps what it did.
    pub(crate) async fn keep(&mut self) -> Result<()> {
        self.execute("release savepoint part", &[]).await.map(drop)
    }

    /// Ends the innermost part and takes back what it did.
    pub(crate) async fn undo(&mut self) -> Result<()> {
        self.execute("rollback to savepoint part", &[]).await?;
        self.keep().await
    }
}

impl From<i64> for Arg<'_> {
    fn from(value: i64) -> Self {
        Arg::Int(Some(value))
    }
}

impl From<Option<i64>> for Arg<'_> {
    fn from(value: Option<i64>) -> Self {
        Arg::Int(value)
    }
}

impl From<bool> for Arg<'_> {
    fn from(value: bool) -> Self {
        Arg::Int(Some(value.into()))
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(value: &'a str) -> Self {
        Arg::Text(Some(value))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(value: &'a String) -> Self {
        Arg::Text(Some(value))
    }
}

impl<'a> From<&'a Option<String>> for Arg<'a> {
    fn from(value: &'a Option<String>) -> Self {
        Arg::Text(value.as_deref())
    }
}

impl<'a> From<&'a [u8]> for Arg<'a> {
    fn from(value: &'a [u8]) -> Self {
        Arg::Bytes(Some(value))
    }
}

/// PostgreSQL's texts cannot hold U+0000, so SQLite's do not either.
fn check(args: &[Arg<'_>]) -> Result<()> {
    let nul = |arg: &Arg<'_>| matches!(arg, Arg::Text(Some(text)) if text.contains('\0'));
    if args.iter().any(nul) {
        return Err(model::Error::invalid("", "must not hold the character U+0000").into());
    }
    Ok(())
}

fn sqlite(args: &[Arg<'_>]) -> Result<SqliteArguments> {
    bind::<Sqlite, SqliteArguments>(args)
}

fn postgres(args: &[Arg<'_>]) -> Result<PgArguments> {
    bind::<Postgres, PgArguments>(args)
}

fn bind<'a, DB, A>(args: &[Arg<'a>]) -> Result<A>
where
    DB: sqlx::Database<Arguments = A>,
    A: sqlx::Arguments<Database = DB>,
    Option<i64>: sqlx::Encode<'a, DB> + Type<DB>,
    Option<&'a str>: sqlx::Encode<'a, DB> + Type<DB>,
    Option<&'a [u8]>: sqlx::Encode<'a, DB> + Type<DB>,
{
    let mut bound = A::default();
    for arg in args {
        match *arg {
            Arg::Int(value) => bound.add(value),
            Arg::Text(value) => bound.add(value),
            Arg::Bytes(value) => bound.add(value),
        }
        .map_err(Failure::Internal)?;
    }
    Ok(bound)
}
