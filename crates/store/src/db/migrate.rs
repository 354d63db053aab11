//! Brings the tables up to date, once, however many processes start at the same time.

use sqlx::{
    AssertSqlSafe, Connection, SqlSafeStr,
    migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator},
};

use super::{Db, PgConnection, SqliteConnection};
use crate::failure::{Failure, Result};

/// Number, name and text of every migration. One that was released is never edited.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("../../migrations/0001_first.sql")),
    (2, "rules", include_str!("../../migrations/0002_rules.sql")),
    (3, "settings", include_str!("../../migrations/0003_settings.sql")),
    (4, "click blocks", include_str!("../../migrations/0004_click_blocks.sql")),
    (5, "people", include_str!("../../migrations/0005_people.sql")),
    (6, "key changes", include_str!("../../migrations/0006_key_changes.sql")),
    (7, "pixels", include_str!("../../migrations/0007_pixels.sql")),
    (8, "conversions", include_str!("../../migrations/0008_conversions.sql")),
    (9, "deleted domains", include_str!("../../migrations/0009_deleted_domains.sql")),
    (10, "webhooks", include_str!("../../migrations/0010_webhooks.sql")),
    (11, "converting visitors", include_str!("../../migrations/0011_converting_visitors.sql")),
    (12, "kept clicks", include_str!("../../migrations/0012_kept_clicks.sql")),
    (13, "unmatched", include_str!("../../migrations/0013_unmatched.sql")),
    (14, "proofs", include_str!("../../migrations/0014_proofs.sql")),
    (15, "lists", include_str!("../../migrations/0015_lists.sql")),
    (16, "preferences", include_str!("../../migrations/0016_preferences.sql")),
    (17, "bin", include_str!("../../migrations/0017_bin.sql")),
    (18, "click batches", include_str!("../../migrations/0018_click_batches.sql")),
];

/// The words in which the two databases differ: the word, SQLite's, PostgreSQL's.
const WORDS: &[(&str, &str, &str)] = &[
    ("{id}", "integer", "bigint"),
    ("{bytes}", "blob", "bytea"),
    ("{clustered}", "without rowid", ""),
];

/// Where it is kept which migrations have run.
const TABLE: &str = "_sqlx_migrations";

/// Any number that nothing else in the database uses.
const LOCK: i64 = 0x7761_7970_6f73_7401;

impl Db {
    /// Runs what has not run yet, in one transaction, and names it.
    pub(crate) async fn migrate(&self) -> Result<Vec<String>> {
        match self {
            Db::Sqlite { write, .. } => {
                // A connection of its own, since the writer may be holding the pool's only one.
                let mut conn = SqliteConnection::connect_with(&write.connect_options()).await?;
                let mut tx = conn.begin_with("begin immediate").await?;
                let names = sqlite(&mut tx).await?;
                tx.commit().await?;
                conn.close().await?;
                Ok(names)
            }
            Db::Postgres { pool, .. } => {
                let mut tx = pool.begin().await?;
                sqlx::query("set local statement_timeout = 0").execute(&mut *tx).await?;
                // Ends with the transaction, so no pooler between us and the server can lose it.
                sqlx::query("select pg_advisory_xact_lock($1)")
                    .bind(LOCK)
                    .execute(&mut *tx)
                    .await?;
                let names = postgres(&mut tx).await?;
                tx.commit().await?;
                Ok(names)
            }
        }
    }
}

async fn sqlite(conn: &mut SqliteConnection) -> Result<Vec<String>> {
    let migrator = migrator(|(_, sqlite, _)| sqlite);
    run(&migrator, conn).await
}

async fn postgres(conn: &mut PgConnection) -> Result<Vec<String>> {
    let migrator = migrator(|(_, _, postgres)| postgres);
    run(&migrator, conn).await
}

async fn run(migrator: &Migrator, conn: &mut impl Migrate) -> Result<Vec<String>> {
    conn.ensure_migrations_table(TABLE).await.map_err(failed)?;
    let before = conn.list_applied_migrations(TABLE).await.map_err(failed)?;
    migrator.run_direct(None, conn, false).await.map_err(failed)?;
    let is_new = |migration: &&Migration| before.iter().all(|old| old.version != migration.version);
    Ok(migrator.iter().filter(is_new).map(|migration| migration.description.to_string()).collect())
}

fn migrator(
    spelling: impl Fn(&(&'static str, &'static str, &'static str)) -> &'static str,
) -> Migrator {
    let migrations = MIGRATIONS.iter().map(|&(number, name, text)| {
        let text =
            WORDS.iter().fold(text.to_owned(), |text, word| text.replace(word.0, spelling(word)));
        let sql = AssertSqlSafe(text).into_sql_str();
        Migration::new(number, name.into(), MigrationType::Simple, sql, false)
    });
    let mut migrator = Migrator::with_migrations(migrations.collect());
    // The lock is ours: sqlx's would be the session's, which several databases do not have.
    migrator.set_locking(false);
    // The node before us may have been upgraded already; migrations only ever add.
    migrator.set_ignore_missing(true);
    migrator
}

fn failed(error: MigrateError) -> Failure {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => Failure::internal(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_in_order_and_know_every_word_that_they_use() {
        for (i, (number, name, text)) in MIGRATIONS.iter().enumerate() {
            assert_eq!(*number, i as i64 + 1, "{name}");
            let rest = WORDS.iter().fold((*text).to_owned(), |text, word| text.replace(word.0, ""));
            let without_comments = rest.lines().filter(|line| !line.trim_start().starts_with("--"));
            // An empty JSON object is a value and no word.
            let sql = without_comments.collect::<String>().replace("'{}'", "");
            assert!(!sql.contains('{'), "{name}");
        }
    }
}
