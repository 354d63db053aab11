//! Totals: how many clicks each link has had, counted from batches a while after those were stored.
//!
//! Counting each batch in its own transaction would write the rows of all of its links, which costs more
//! than the batch itself where links are many. So a batch is noted as not counted, and all that were
//! noted are counted together: every few seconds, before anybody asks, and before they are gone.

use std::time::Duration;

use futures_util::FutureExt;
use model::{Class, LinkId, Result, WorkspaceId};
use sqlx::AssertSqlSafe;
use tokio::time::timeout;
use tracing::debug;

use crate::{
    Store,
    batches::{Batch, batch},
    db::{Arg, Conn, Rows},
    failure::{self, Failure},
    value,
};

/// Milliseconds of a bucket of the totals.
const BUCKET: i64 = 15 * 60 * 1_000;

/// Batches that one transaction counts.
const AT_ONCE: i64 = 32;
/// How long somebody who only reads waits until the newest clicks are counted.
const READERS_WAIT: Duration = Duration::from_millis(250);

impl Store {
    /// Counts the clicks that were stored and are in no total yet.
    pub async fn count_clicks(&self) -> Result<()> {
        let sql = "select id from uncounted_batches limit 1";
        let mut more = self.db.read().await?.fetch_optional(sql, &[]).await?.is_some();
        while more {
            more = self.clicks.write(move |tx| count(&mut tx.conn).boxed()).await?;
        }
        Ok(())
    }

    /// [`count_clicks`](Self::count_clicks) for somebody who would rather hear totals of some seconds
    /// ago than wait or hear nothing: writes may be queueing, and on a full disk none is done.
    pub(crate) async fn count_recent(&self) {
        match timeout(READERS_WAIT, self.count_clicks()).await {
            Ok(Ok(())) => (),
            Ok(Err(error)) => debug!(%error, "totals lack the clicks of the last seconds"),
            Err(_) => debug!("totals lack the clicks of the last seconds: writes are queueing"),
        }
    }

    /// How many clicks of each class a link has had.
    pub async fn click_counts(
        &self,
        workspace: WorkspaceId,
        link: LinkId,
    ) -> Result<Vec<(Class, i64)>> {
        let counts = self.click_counts_of(workspace, &[link]).await?;
        Ok(counts.into_iter().map(|(_, class, n)| (class, n)).collect())
    }

    /// How many clicks of each class each of these links has had; those without any are left out,
    /// and so are classes that only a newer version knows.
    pub async fn click_counts_of(
        &self,
        workspace: WorkspaceId,
        links: &[LinkId],
    ) -> Result<Vec<(LinkId, Class, i64)>> {
        if links.is_empty() {
            return Ok(Vec::new());
        }
        self.count_recent().await;
        let mut args: Vec<Arg<'_>> = vec![workspace.number().into()];
        args.extend(links.iter().map(|link| Arg::from(link.number())));
        let places: Vec<String> = (2..=args.len()).map(|n| format!("${n}")).collect();
        let sql = AssertSqlSafe(format!(
            "select link_id, class, n from link_clicks
             where workspace_id = $1 and n <> 0 and link_id in ({}) order by link_id, class",
            places.join(", ")
        ));
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let mut counts = Vec::with_capacity(rows.len());
        for row in rows {
            let class = u8::try_from(row.int("class")?).map_err(Failure::internal)?;
            if let Some(class) = Class::numbered(class) {
                counts.push((value::id(row.int("link_id")?)?, class, row.int("n")?));
            }
        }
        Ok(counts)
    }
}

/// Notes batches that are to be counted, whose keys lack this number.
pub(crate) async fn note(conn: &mut Conn, base: i64, batches: &[Batch]) -> failure::Result<()> {
    let insert = "insert into uncounted_batches (id)";
    let rows = Rows::new(insert, batches, |batch, args| args.push((base + batch.first()).into()));
    conn.insert(&rows).await.map(drop)
}

/// Counts what is not counted, in the transaction that this is run in.
pub(crate) async fn count_all(conn: &mut Conn) -> failure::Result<()> {
    while count(conn).await? {}
    Ok(())
}

/// Counts some batches; whether there are more.
async fn count(conn: &mut Conn) -> failure::Result<bool> {
    // One node at a time: each counts what it finds.
    let sql = "update counters set value = value + 1 where name = 'counted'";
    conn.execute(sql, &[]).await?;
    let sql = "
        select b.id, b.last_id, b.clicks, b.first_at, b.records, b.splits
        from uncounted_batches u join click_batches b on b.id = u.id order by u.id limit $1";
    let rows = conn.fetch_all(sql, &[AT_ONCE.into()]).await?;
    let (mut counted, mut totals) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in &rows {
        counted.push(row.int("id")?);
        for (_, head, _) in batch(row)?.heads() {
            let bucket = head.at.div_euclid(BUCKET) * BUCKET;
            totals.push([head.link, bucket, head.class.into(), head.workspace]);
        }
    }
    let sums = totals.iter().map(|&[link, _, class, workspace]| [link, class, workspace]).collect();
    let (totals, sums) = (numbers(totals), numbers(sums));
    let insert = "insert into click_totals (link_id, bucket, class, workspace_id, n)";
    let add = "on conflict (link_id, bucket, class) do update set n = click_totals.n + excluded.n";
    conn.insert(&Rows::new(insert, &totals, cells).on_conflict(add)).await?;
    let insert = "insert into link_clicks (link_id, class, workspace_id, n)";
    let add = "on conflict (link_id, class) do update set n = link_clicks.n + excluded.n";
    conn.insert(&Rows::new(insert, &sums, cells).on_conflict(add)).await?;
    conn.fetch_among("delete from uncounted_batches where id in", &counted).await?;
    Ok(rows.len() as i64 == AT_ONCE)
}

/// How often each is there, in order, so that two nodes lock rows in the same.
fn numbers<const N: usize>(mut keys: Vec<[i64; N]>) -> Vec<([i64; N], i64)> {
    keys.sort_unstable();
    keys.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as i64)).collect()
}

/// A row of a table of totals: its key, and how many.
fn cells<'a, const N: usize>((key, n): &'a ([i64; N], i64), args: &mut Vec<Arg<'a>>) {
    args.extend(key.iter().chain([n]).copied().map(Arg::from));
}
