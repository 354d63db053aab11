//! Copies of the database, and whether it is whole.

use std::path::Path;

use model::{Error, Result};

use crate::Store;

/// What a database holds, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    pub links: i64,
    /// As the totals have it, so those that were dropped since are among them.
    pub clicks: i64,
}

impl Store {
    /// Copies everything, as it is at one moment, into a new file of SQLite's, while others write.
    /// Refused where PostgreSQL is, which has `pg_dump` for that.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        if !self.db.is_a_file() {
            return Err(Error::invalid("", "PostgreSQL is copied by pg_dump"));
        }
        let file = file.to_str().ok_or_else(|| Error::invalid("", "the path must be UTF-8"))?;
        let mut conn = self.db.read().await?;
        conn.execute("vacuum into $1", &[file.into()]).await?;
        Ok(())
    }

    /// Has everything in the one file, and nothing in the log beside it, until something is written.
    pub async fn settle(&self) -> Result<()> {
        self.writer.settle().await
    }

    /// Looks at every page, index and reference of SQLite's file, which takes a second for each few
    /// hundred megabytes; what is wrong, in its words. PostgreSQL sees to its files by itself: none.
    pub async fn check(&self) -> Result<Vec<String>> {
        if !self.db.is_a_file() {
            return Ok(Vec::new());
        }
        let mut conn = self.db.read().await?;
        let mut wrong = Vec::new();
        for row in conn.fetch_all("pragma integrity_check", &[]).await? {
            let said = row.text("integrity_check")?;
            if said != "ok" {
                wrong.push(said.to_owned());
            }
        }
        for row in conn.fetch_all("pragma foreign_key_check", &[]).await? {
            let (table, parent) = (row.text("table")?, row.text("parent")?);
            wrong.push(format!("a row of {table} names one of {parent} that is not there"));
        }
        Ok(wrong)
    }

    /// How much there is.
    pub async fn contents(&self) -> Result<Contents> {
        let sql = "
            select (select count(*) from links where deleted_at is null) as links,
                   (select cast(coalesce(sum(n), 0) as bigint) from link_clicks)
                   + (select cast(coalesce(sum(b.clicks), 0) as bigint)
                      from uncounted_batches u join click_batches b on b.id = u.id) as clicks";
        let row = self.db.read().await?.fetch_optional(sql, &[]).await?;
        let row = row.ok_or_else(|| Error::internal("a count is no row"))?;
        Ok(Contents { links: row.int("links")?, clicks: row.int("clicks")? })
    }
}
