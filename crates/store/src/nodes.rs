//! Which node numbers are in use, so that no two nodes make the same ids.

use std::time::Instant;

use futures_util::FutureExt;
use jiff::Timestamp;
use model::Result;

use crate::Store;

/// How many nodes can make ids at the same time; any further ones only redirect.
pub const NODES: u8 = 32;

/// How far a clock is from the database's, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    /// How far it is ahead.
    pub ahead: i64,
    /// How wrong that may be: half the time that the question took.
    pub give_or_take: i64,
}

impl Store {
    /// Leases a number below [`NODES`] to the holder of `token` until `until`; its own if it has
    /// one still, and none where all are leased.
    pub async fn lease_node(
        &self,
        token: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<u8>> {
        let token = token.to_owned();
        self.writer
            .write(move |tx| {
                let token = token.clone();
                async move {
                    let (now, until) = (now.as_millisecond(), until.as_millisecond());
                    let sql = "
                        select number from nodes where token = $1 or expires_at <= $2
                        order by case when token = $1 then 0 else 1 end, number";
                    let free = tx.conn.fetch_all(sql, &[(&token).into(), now.into()]).await?;
                    for row in free {
                        let number = row.int("number")?;
                        // Another node may have been faster since.
                        let sql = "
                            update nodes set token = $2, expires_at = $4
                            where number = $1 and (token = $2 or expires_at <= $3)";
                        let args = [number.into(), (&token).into(), now.into(), until.into()];
                        if 0 < tx.conn.execute(sql, &args).await? {
                            return Ok(u8::try_from(number).ok());
                        }
                    }
                    Ok(None)
                }
                .boxed()
            })
            .await
    }

    /// Prolongs a lease. False: it is another's now, and no more ids may be made with it.
    pub async fn renew_node(&self, number: u8, token: &str, until: Timestamp) -> Result<bool> {
        self.end_node_at(number, token, until.as_millisecond()).await
    }

    /// Gives a lease back. One that is another's stays so.
    pub async fn release_node(&self, number: u8, token: &str) -> Result<()> {
        self.end_node_at(number, token, 0).await.map(drop)
    }

    /// How far a clock is ahead of the database's; none where both are one.
    pub async fn clock_offset(&self, clock: impl Fn() -> Timestamp) -> Result<Option<Offset>> {
        let mut conn = self.db.read().await?;
        let (asked, began) = (clock(), Instant::now());
        let Some(theirs) = conn.clock().await? else { return Ok(None) };
        let half = i64::try_from((began.elapsed() / 2).as_millis()).unwrap_or(i64::MAX);
        let ours = asked.as_millisecond().saturating_add(half);
        // Both clocks are read in whole milliseconds.
        let give_or_take = half.saturating_add(2);
        Ok(Some(Offset { ahead: ours.saturating_sub(theirs), give_or_take }))
    }

    async fn end_node_at(&self, number: u8, token: &str, end: i64) -> Result<bool> {
        let token = token.to_owned();
        self.writer
            .write(move |tx| {
                let token = token.clone();
                async move {
                    let sql = "update nodes set expires_at = $3 where number = $1 and token = $2";
                    let args = [i64::from(number).into(), (&token).into(), end.into()];
                    Ok(0 < tx.conn.execute(sql, &args).await?)
                }
                .boxed()
            })
            .await
    }
}
