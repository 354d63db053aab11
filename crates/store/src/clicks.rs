//! Clicks, from the spool into batches, each exactly once.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use model::{ClickId, Error, Head, Result, Unreadable, What, WorkspaceId};

use crate::{
    Store,
    batches::{self, Batch},
    blocks::change,
    click_totals,
    db::Conn,
    failure::{self, Failure},
};

/// Bits of a click's key that are its place in its segment.
pub(crate) const PLACE_BITS: u32 = 32;
/// What a segment's number is multiplied by in the keys of its clicks.
pub(crate) const SEGMENT: i64 = 1 << PLACE_BITS;

/// A part of one segment, on its way.
struct Part {
    /// The segment's name as it is stored.
    name: String,
    /// The keys in them are places.
    batches: Vec<Batch>,
    /// How far the segment must be stored already.
    from: i64,
    next: i64,
    sealed: bool,
}

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
                Ok(head) => read.push((place(offset)?, head, record)),
                Err(why) => unreadable.push((offset, why)),
            }
        }
        let (name, from, next) = (segment_name(segment), place(from)?, place(next)?);
        let part = Arc::new(Part { name, batches: Batch::of(&read)?, from, next, sealed });
        self.clicks
            .write(move |tx| {
                let part = Arc::clone(&part);
                async move { record(&mut tx.conn, &part).await }.boxed()
            })
            .await?;
        Ok(unreadable)
    }

    /// The record of a click, as it was spooled.
    pub async fn click(&self, workspace: WorkspaceId, id: ClickId) -> Result<Bytes> {
        let record = self.click_of_any(id).await?.ok_or(Error::NotFound(What::Click))?;
        let head = Head::read(&record).map_err(Failure::internal)?;
        let is_ours = head.workspace == workspace.number();
        if is_ours { Ok(record) } else { Err(Error::NotFound(What::Click)) }
    }

    /// The record of a click of whichever workspace; none where it is in no batch.
    pub async fn click_of_any(&self, id: ClickId) -> Result<Option<Bytes>> {
        let Ok(place) = place(id.offset) else { return Ok(None) };
        let mut conn = self.db.read().await?;
        let Some(number) = segment_number(&mut conn, id.segment).await? else { return Ok(None) };
        let key = (number << PLACE_BITS) | place;
        let batch = batches::with(&mut conn, key).await?;
        Ok(batch.and_then(|batch| batch.clicks().find(|(of, _)| *of == key)).map(|found| found.1))
    }

    /// Takes over the clicks that nodes of the version before have stored since, which make a row of each
    /// and count it at once.
    pub async fn adopt_clicks(&self) -> Result<()> {
        let sql = "select id from clicks limit 1";
        if self.db.read().await?.fetch_optional(sql, &[]).await?.is_none() {
            return Ok(());
        }
        self.clicks
            .write(|tx| {
                async move {
                    change(&mut tx.conn).await?;
                    let take = "
                        insert into click_batches (id, last_id, clicks, first_at, records, splits)
                        select id, id, 1, at, payload, substr(payload, 1, 0) from clicks";
                    tx.conn.execute(take, &[]).await?;
                    // One that was stored just now stays for the next time.
                    let delete = "
                        delete from clicks where exists (
                            select 1 from click_batches b where b.id = clicks.id)";
                    tx.conn.execute(delete, &[]).await.map(drop)
                }
                .boxed()
            })
            .await
    }

    /// How far each segment is stored whose file may still be there.
    pub async fn spool_cursors(&self) -> Result<Vec<(u128, u64)>> {
        let sql = "select name, cursor from segments where gone = 0 order by number";
        let rows = self.db.read().await?.fetch_all(sql, &[]).await?;
        let cursors = rows.iter().map(|row| {
            let name = segment_of(row.text("name")?)?;
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
}

/// Batches and cursor, in the transaction that this is run in.
async fn record(conn: &mut Conn, part: &Part) -> failure::Result<()> {
    let (number, cursor) = segment(conn, &part.name).await?;
    let Part { name, batches, from, next, sealed } = part;
    if cursor < *from {
        let went_back = format!("segment {name} is stored to {cursor}, and was to {from} before");
        return Err(Failure::internal(went_back));
    }
    if *sealed {
        // Its file is removed next, so a crash of the database must not take the transaction back.
        conn.outlive_a_crash().await?;
    }
    let base = number << PLACE_BITS;
    let mut new = Vec::with_capacity(batches.len());
    for batch in batches.iter().filter(|batch| cursor <= batch.last()) {
        // Some of it was stored before, perhaps.
        if batch.first() < cursor {
            new.append(&mut batch.without(|place, _| place < cursor)?.0);
        } else {
            new.push(batch.clone());
        }
    }
    batches::insert(conn, base, &new).await?;
    click_totals::note(conn, base, &new).await?;
    let sql = "
        update segments
        set cursor = case when cursor < $2 then $2 else cursor end,
            sealed = case when $3 = 1 then 1 else sealed end
        where number = $1";
    let args = [number.into(), (*next).into(), (*sealed).into()];
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

/// The number of a segment of which anything is stored.
pub(crate) async fn segment_number(conn: &mut Conn, id: u128) -> failure::Result<Option<i64>> {
    let sql = "select number from segments where name = $1";
    let row = conn.fetch_optional(sql, &[(&segment_name(id)).into()]).await?;
    row.map(|row| row.int("number")).transpose()
}

pub(crate) fn segment_name(segment: u128) -> String {
    format!("{segment:032x}")
}

pub(crate) fn segment_of(name: &str) -> failure::Result<u128> {
    u128::from_str_radix(name, 16).map_err(Failure::internal)
}

/// Places share a click's key with its segment's number, so they have 32 bits.
pub(crate) fn place(offset: u64) -> failure::Result<i64> {
    u32::try_from(offset).map(i64::from).map_err(Failure::internal)
}
