//! Random bytes that all nodes share: signing keys, and the salt of each day.

use futures_util::FutureExt;
use jiff::Timestamp;
use model::Result;

use crate::{Store, failure::Failure};

impl Store {
    /// The secret of a name, made by the first who asks, on whichever node that is.
    pub async fn secret(
        &self,
        name: &'static str,
        make: impl FnOnce() -> Vec<u8>,
    ) -> Result<Vec<u8>> {
        let sql = "select value from secrets where name = $1";
        if let Some(row) = self.db.read().await?.fetch_optional(sql, &[name.into()]).await? {
            return Ok(row.bytes("value")?.to_vec());
        }
        let value = make();
        self.writer
            .write(move |tx| {
                let value = value.clone();
                async move {
                    let insert = "
                        insert into secrets (name, value) values ($1, $2)
                        on conflict (name) do nothing";
                    tx.conn.execute(insert, &[name.into(), value.as_slice().into()]).await?;
                    let row = tx.conn.fetch_optional(sql, &[name.into()]).await?;
                    let row = row.ok_or_else(|| Failure::internal("a secret vanished"))?;
                    Ok(row.bytes("value")?.to_vec())
                }
                .boxed()
            })
            .await
    }

    /// The salt of a day, counted from 1970 in UTC, made by the first who asks.
    pub async fn salt(
        &self,
        day: i64,
        now: Timestamp,
        make: impl FnOnce() -> Vec<u8>,
    ) -> Result<Vec<u8>> {
        let sql = "select value from salts where day = $1";
        if let Some(row) = self.db.read().await?.fetch_optional(sql, &[day.into()]).await? {
            return Ok(row.bytes("value")?.to_vec());
        }
        let value = make();
        self.writer
            .write(move |tx| {
                let value = value.clone();
                async move {
                    let insert = "
                        insert into salts (day, value, created_at) values ($1, $2, $3)
                        on conflict (day) do nothing";
                    let now = now.as_millisecond();
                    let args = [day.into(), value.as_slice().into(), now.into()];
                    tx.conn.execute(insert, &args).await?;
                    let row = tx.conn.fetch_optional(sql, &[day.into()]).await?;
                    let row = row.ok_or_else(|| Failure::internal("a salt vanished"))?;
                    Ok(row.bytes("value")?.to_vec())
                }
                .boxed()
            })
            .await
    }

    /// Destroys the salts of the days before `day`, in SQLite's file and log too: from then on
    /// nobody can tell whose hash is whose.
    pub async fn drop_salts_before(&self, day: i64) -> Result<()> {
        let dropped = self.writer.write(move |tx| {
            async move { tx.conn.execute("delete from salts where day < $1", &[day.into()]).await }
                .boxed()
        });
        if 0 < dropped.await? {
            self.writer.settle().await?;
        }
        Ok(())
    }
}
