//! Clicks, from the spool into rows and totals, each exactly once.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::FutureExt;
use model::{Class, ClickId, Error, Head, LinkId, Result, Unreadable, What, WorkspaceId};
use sqlx::AssertSqlSafe;

use crate::{
    Store,
    db::{Arg, ClickRow, Conn, Rows},
    failure::{self, Failure},
    value,
};

/// Milliseconds of a bucket of the totals.
const BUCKET: i64 = 15 * 60 * 1_000;

/// Bits of a click's stored id that are its place in its segment.
pub(crate) const PLACE_BITS: u32 = 32;
/// What a segment's number is multiplied by in the ids of its clicks.
pub(crate) const SEGMENT: i64 = 1 << PLACE_BITS;

/// A batch of one segment, on its way.
struct Batch {
    /// The segment's name as it is stored.
    name: String,
    /// Place within the segment, head and record of each click.
    clicks: Vec<(i64, Head, Vec<u8>)>,
    /// How far the segment must be stored already.
    from: i64,
    next: i64,
    sealed: bool,
}

/// The columns of `click_totals` but for the count; ordered, so that two nodes lock rows in the
/// same order.
type Total = (i64, i64, i64, i64);

impl Store {
    /// Stores clicks of a segment by their places in it, and that everything before `next` is
    /// stored. What was stored before is passed over, so a batch may be sent again.
    ///
    /// Answers which records are none, whose places are passed over too; a newer version's are
    /// stored as they are. Fails where less than `from` is stored, as it is when the database has
    /// gone back since it was asked: what lies between would be lost.
    pub async fn record_clicks(
        &self,
        segment: u128,
        clicks: &[(u64, &[u8])],
        from: u64,
        next: u64,
        sealed: bool,
    ) -> Result<Vec<(u64, Unreadable)>> {
        let (mut read, mut unreadable) = (Vec::with_capacity(clicks.len()), Vec::new());
        for &(offset, record) in clicks {
            match Head::read(record) {
                Ok(head) => read.push((place(offset)?, head, record.to_vec())),
                Err(why) => unreadable.push((offset, why)),
            }
        }
        let (name, from, next) = (segment_name(segment), place(from)?, place(next)?);
        let batch = Arc::new(Batch { name, clicks: read, from, next, sealed });
        self.clicks
            .write(move |tx| {
                let batch = Arc::clone(&batch);
                async move { record(&mut tx.conn, &batch).await }.boxed()
            })
            .await?;
        Ok(unreadable)
    }

    /// The record of a click, as it was spooled.
    pub async fn click(&self, workspace: WorkspaceId, id: ClickId) -> Result<Vec<u8>> {
        let sql = "
            select c.payload from segments s join clicks c on c.id = s.number * $1 + $2
            where s.name = $3 and c.workspace_id = $4";
        let (name, workspace) = (segment_name(id.segment), workspace.number());
        let not_found = || Error::NotFound(What::Click);
        let place = place(id.offset).map_err(|_| not_found())?;
        let args = [SEGMENT.into(), place.into(), (&name).into(), workspace.into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        Ok(row.ok_or_else(not_found)?.bytes("payload")?.to_vec())
    }

    /// The record of a click of whichever workspace; none where it is no row.
    pub async fn click_of_any(&self, id: ClickId) -> Result<Option<Vec<u8>>> {
        let sql = "
            select c.payload from segments s join clicks c on c.id = s.number * $1 + $2
            where s.name = $3";
        let name = segment_name(id.segment);
        let Ok(place) = place(id.offset) else { return Ok(None) };
        let args = [SEGMENT.into(), place.into(), (&name).into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        Ok(row.map(|row| row.bytes("payload").map(<[u8]>::to_vec)).transpose()?)
    }

    /// The records of a link's clicks that are rows, with their ids, newest first, those before a
    /// time and an id; of one millisecond, the greatest id first.
    pub async fn clicks(
        &self,
        workspace: WorkspaceId,
        link: LinkId,
        before: Option<(i64, ClickId)>,
        limit: i64,
    ) -> Result<Vec<(ClickId, Vec<u8>)>> {
        let sql = "
            select c.id, c.payload, s.name from clicks c join segments s on s.number = c.id / $1
            where c.link_id = $2 and c.workspace_id = $3
            and (c.at, s.name, c.id % $1) < ($4, $5, $6)
            order by c.at desc, s.name desc, c.id desc limit $7";
        let greatest = ClickId { segment: u128::MAX, offset: u64::from(u32::MAX) };
        let (at, id) = before.unwrap_or((i64::MAX, greatest));
        let (name, place) = (segment_name(id.segment), place(id.offset)?);
        let (link, workspace) = (link.number(), workspace.number());
        let args = [
            SEGMENT.into(),
            link.into(),
            workspace.into(),
            at.into(),
            (&name).into(),
            place.into(),
            limit.into(),
        ];
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let clicks = rows.iter().map(|row| {
            let segment = u128::from_str_radix(row.text("name")?, 16).map_err(Failure::internal)?;
            let offset = u64::try_from(row.int("id")? % SEGMENT).map_err(Failure::internal)?;
            Ok((ClickId { segment, offset }, row.bytes("payload")?.to_vec()))
        });
        Ok(clicks.collect::<failure::Result<_>>()?)
    }

    /// How far each segment is stored whose file may still be there.
    pub async fn spool_cursors(&self) -> Result<Vec<(u128, u64)>> {
        let sql = "select name, cursor from segments where gone = 0 order by number";
        let rows = self.db.read().await?.fetch_all(sql, &[]).await?;
        let cursors = rows.iter().map(|row| {
            let name = u128::from_str_radix(row.text("name")?, 16).map_err(Failure::internal)?;
            Ok((name, u64::try_from(row.int("cursor")?).map_err(Failure::internal)?))
        });
        Ok(cursors.collect::<failure::Result<_>>()?)
    }

    /// Notes that a segment's file is gone. Its cursor stays, in case the file is restored.
    pub async fn forget_segment(&self, segment: u128) -> Result<()> {
        let name = segment_name(segment);
        self.clicks
            .write(move |tx| {
                let name = name.clone();
                async move {
                    let sql = "update segments set gone = 1 where name = $1";
                    tx.conn.execute(sql, &[(&name).into()]).await?;
                    Ok(())
                }
                .boxed()
            })
            .await
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

/// Rows, totals and cursor, in the transaction that this is run in.
async fn record(conn: &mut Conn, batch: &Batch) -> failure::Result<()> {
    let (number, cursor) = segment(conn, &batch.name).await?;
    if cursor < batch.from {
        let Batch { name, from, .. } = batch;
        let went_back = format!("segment {name} is stored to {cursor}, and was to {from} before");
        return Err(Failure::internal(went_back));
    }
    if batch.sealed {
        // Its file is removed next, so a crash of the database must not take the transaction back.
        conn.outlive_a_crash().await?;
    }
    let rows: Vec<ClickRow<'_>> = batch
        .clicks
        .iter()
        .filter(|(place, ..)| cursor <= *place)
        .map(|(place, head, payload)| ClickRow {
            id: (number << PLACE_BITS) | place,
            workspace: head.workspace,
            link: head.link,
            at: head.at,
            class: head.class.into(),
            payload,
        })
        .collect();
    conn.insert_clicks(&rows).await?;
    let totals: Vec<(Total, i64)> = totals(&rows).into_iter().collect();
    let insert = "insert into click_totals (link_id, bucket, class, workspace_id, n)";
    let add = "on conflict (link_id, bucket, class) do update set n = click_totals.n + excluded.n";
    let rows = Rows::new(insert, &totals, |&((link, bucket, class, workspace), n), args| {
        args.extend([link, bucket, class, workspace, n].map(Arg::from));
    });
    conn.insert(&rows.on_conflict(add)).await?;
    let mut sums: BTreeMap<(i64, i64, i64), i64> = BTreeMap::new();
    for ((link, _, class, workspace), n) in &totals {
        *sums.entry((*link, *class, *workspace)).or_default() += n;
    }
    let sums: Vec<((i64, i64, i64), i64)> = sums.into_iter().collect();
    let insert = "insert into link_clicks (link_id, class, workspace_id, n)";
    let add = "on conflict (link_id, class) do update set n = link_clicks.n + excluded.n";
    let rows = Rows::new(insert, &sums, |&((link, class, workspace), n), args| {
        args.extend([link, class, workspace, n].map(Arg::from));
    });
    conn.insert(&rows.on_conflict(add)).await?;
    let sql = "
        update segments
        set cursor = case when cursor < $2 then $2 else cursor end,
            sealed = case when $3 = 1 then 1 else sealed end
        where number = $1";
    let args = [number.into(), batch.next.into(), batch.sealed.into()];
    conn.execute(sql, &args).await.map(drop)
}

/// The number and the cursor of a segment, which nobody else moves until this transaction ends.
async fn segment(conn: &mut Conn, name: &str) -> failure::Result<(i64, i64)> {
    // An update that changes nothing locks the row on both databases.
    let lock = "update segments set gone = gone where name = $1 returning number, cursor";
    if let Some(row) = conn.fetch_optional(lock, &[name.into()]).await? {
        return Ok((row.int("number")?, row.int("cursor")?));
    }
    let sql = "update counters set value = value + 1 where name = 'segment' returning value";
    let row = conn.fetch_optional(sql, &[]).await?;
    let number = row.ok_or_else(|| Failure::internal("no counter of segments"))?.int("value")?;
    let insert = "
        insert into segments (number, name, cursor, sealed, gone) values ($1, $2, 0, 0, 0)
        on conflict (name) do nothing";
    conn.execute(insert, &[number.into(), name.into()]).await?;
    let row = conn.fetch_optional(lock, &[name.into()]).await?;
    let row = row.ok_or_else(|| Failure::internal("a segment vanished"))?;
    Ok((row.int("number")?, row.int("cursor")?))
}

fn totals(rows: &[ClickRow<'_>]) -> BTreeMap<Total, i64> {
    let mut totals = BTreeMap::new();
    for row in rows {
        let bucket = row.at.div_euclid(BUCKET) * BUCKET;
        *totals.entry((row.link, bucket, row.class, row.workspace)).or_insert(0) += 1;
    }
    totals
}

pub(crate) fn segment_name(segment: u128) -> String {
    format!("{segment:032x}")
}

pub(crate) fn segment_of(name: &str) -> failure::Result<u128> {
    u128::from_str_radix(name, 16).map_err(Failure::internal)
}

/// Places share a click's id with its segment's number, so they have 32 bits.
pub(crate) fn place(offset: u64) -> failure::Result<i64> {
    u32::try_from(offset).map(i64::from).map_err(Failure::internal)
}
