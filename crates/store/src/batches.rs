//! Batches: clicks that are in no block yet, as many to a row as one segment brought at a time.
//!
//! A row for each click would cost more than all else that is done for it: an entry in the tree of the
//! table and in each index, and a page of the log for almost every click where links are many.

use bytes::Bytes;
use model::{ClickId, Head};
use tracing::error;

use crate::{
    clicks::{SEGMENT, segment_of},
    db::{Arg, Conn, Row, Rows},
    failure::{self, Failure},
};

/// Clicks of one segment, in the order of their places.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// The keys of the first and the last click.
    first: i64,
    last: i64,
    count: i64,
    /// When the earliest click came, in milliseconds since 1970.
    first_at: i64,
    /// Records, one behind the other.
    records: Bytes,
    splits: Bytes,
}

/// A click that is in no block yet.
#[derive(Clone, Debug)]
pub struct RecentClick {
    /// The number of its segment, and its place there.
    pub key: i64,
    pub id: ClickId,
    /// As it was spooled.
    pub record: Bytes,
}

/// Clicks of a batch: whoever looks for one reads them all.
const MOST: usize = 4_096;
/// Bytes of batches that are read at a time, about: the database's answer is in memory as a whole.
const AT_ONCE: usize = 16 << 20;
/// The fewest and the most batches that are read at a time.
const ROWS: (i64, i64) = (16, 4_096);
/// Bytes of a split: where a record begins, and a place.
const SPLIT: usize = 8;

impl Batch {
    /// Batches of clicks of one segment in the order of their places: the key of each, its head and its
    /// record.
    pub(crate) fn of(clicks: &[(i64, Head, &[u8])]) -> failure::Result<Vec<Batch>> {
        clicks.chunks(MOST).map(Batch::whole).collect()
    }

    fn whole(clicks: &[(i64, Head, &[u8])]) -> failure::Result<Batch> {
        let key = |click: Option<&(i64, Head, &[u8])>| click.map_or(0, |(key, ..)| *key);
        let (first, last) = (key(clicks.first()), key(clicks.last()));
        let mut records = Vec::with_capacity(clicks.iter().map(|(.., record)| record.len()).sum());
        let mut splits = Vec::with_capacity(clicks.len().saturating_sub(1) * SPLIT);
        for (nth, (key, _, record)) in clicks.iter().enumerate() {
            if 0 < nth {
                let begin = u32::try_from(records.len()).map_err(Failure::internal)?;
                let place = u32::try_from(key - first).map_err(Failure::internal)?;
                splits.extend(begin.to_le_bytes());
                splits.extend(place.to_le_bytes());
            }
            records.extend_from_slice(record);
        }
        let first_at = clicks.iter().map(|(_, head, _)| head.at).min().unwrap_or_default();
        let count = i64::try_from(clicks.len()).map_err(Failure::internal)?;
        Ok(Batch { first, last, count, first_at, records: records.into(), splits: splits.into() })
    }

    /// The keys and the records of its clicks, but for those that were damaged since.
    pub(crate) fn clicks(&self) -> impl Iterator<Item = (i64, Bytes)> {
        clicks(&self.records, &self.splits).filter_map(|(place, record)| match record {
            Some(record) => Some((self.first + place, record)),
            None => {
                error!(batch = self.first, "a click of batch {} is damaged", self.first);
                None
            }
        })
    }

    /// Its clicks with their heads, but for those that are damaged.
    pub(crate) fn heads(&self) -> impl Iterator<Item = (i64, Head, Bytes)> {
        self.clicks().filter_map(|(key, record)| match Head::read(&record) {
            Ok(head) => Some((key, head, record)),
            Err(error) => {
                error!(batch = self.first, click = key, %error, "a stored click is none");
                None
            }
        })
    }

    pub(crate) fn first(&self) -> i64 {
        self.first
    }

    pub(crate) fn last(&self) -> i64 {
        self.last
    }

    /// What is left of it without some of its clicks, and how many those were.
    pub(crate) fn without(
        &self,
        goes: impl Fn(i64, &Head) -> bool,
    ) -> failure::Result<(Vec<Batch>, i64)> {
        let (gone, stay): (Vec<_>, Vec<_>) =
            self.heads().partition(|(key, head, _)| goes(*key, head));
        let stay: Vec<_> =
            stay.iter().map(|(key, head, record)| (*key, *head, &**record)).collect();
        let gone = i64::try_from(gone.len()).map_err(Failure::internal)?;
        Ok((Batch::of(&stay)?, gone))
    }
}

/// The clicks of a batch that was stored with these `records` and `splits`: the place of each, counted
/// from that of the first, and its record; none where the splits were damaged.
pub fn clicks(records: &Bytes, splits: &[u8]) -> impl Iterator<Item = (i64, Option<Bytes>)> {
    let begin = |[a, b, c, d, ..]: [u8; SPLIT]| u32::from_le_bytes([a, b, c, d]);
    let place = |[.., a, b, c, d]: [u8; SPLIT]| i64::from(u32::from_le_bytes([a, b, c, d]));
    let splits = splits.as_chunks().0.iter().copied();
    let begins =
        std::iter::once((0, 0)).chain(splits.clone().map(move |it| (begin(it), place(it))));
    let ends = splits.map(move |it| begin(it) as usize).chain([records.len()]);
    begins.zip(ends).map(|((begin, place), end)| {
        let range = begin as usize..end;
        let is_whole = range.start <= end && end <= records.len();
        (place, is_whole.then(|| records.slice(range)))
    })
}

/// Stores batches whose keys lack this number: that of a segment, which is known only then.
pub(crate) async fn insert(conn: &mut Conn, base: i64, batches: &[Batch]) -> failure::Result<()> {
    let insert = "
        insert into click_batches (id, last_id, clicks, first_at, records, splits)";
    let rows = Rows::new(insert, batches, |batch, args| {
        let Batch { first, last, count, first_at, records, splits } = batch;
        args.extend([base + first, base + last, *count, *first_at].map(Arg::from));
        args.extend([&**records, &**splits].map(Arg::from));
    });
    conn.insert(&rows).await.map(drop)
}

/// Puts what is left of a stored batch into its place.
pub(crate) async fn replace(conn: &mut Conn, old: &Batch, left: &[Batch]) -> failure::Result<()> {
    conn.execute("delete from click_batches where id = $1", &[old.first.into()]).await?;
    insert(conn, 0, left).await
}

/// Takes clicks out of a stored batch; how many.
pub(crate) async fn thin(
    conn: &mut Conn,
    batch: &Batch,
    goes: impl Fn(i64, &Head) -> bool,
) -> failure::Result<i64> {
    let (left, gone) = batch.without(goes)?;
    if gone != 0 {
        replace(conn, batch, &left).await?;
    }
    Ok(gone)
}

/// The batches of which any click came before a time.
pub(crate) async fn from_before(conn: &mut Conn, at: i64) -> failure::Result<Vec<Batch>> {
    let sql = "
        select id, last_id, clicks, first_at, records, splits from click_batches
        where first_at < $1 order by id";
    conn.fetch_all(sql, &[at.into()]).await?.iter().map(batch).collect()
}

/// The batch that may have the click with a key.
pub(crate) async fn with(conn: &mut Conn, key: i64) -> failure::Result<Option<Batch>> {
    Ok(page(conn, key, key, 1).await?.pop().map(|(batch, _)| batch))
}

/// The batches of which any click may lie between two keys, in order.
pub(crate) async fn between(conn: &mut Conn, first: i64, last: i64) -> failure::Result<Vec<Batch>> {
    let mut found = Vec::new();
    each(conn, first, last, |batch, _| {
        found.push(batch);
        Ok(())
    })
    .await?;
    Ok(found)
}

/// The clicks from one key to another, in order.
pub(crate) async fn recent(
    conn: &mut Conn,
    first: i64,
    last: i64,
) -> failure::Result<Vec<RecentClick>> {
    let mut found = Vec::new();
    each(conn, first, last, |batch, segment| {
        for (key, record) in batch.clicks().filter(|(key, _)| (first..=last).contains(key)) {
            let offset = u64::try_from(key % SEGMENT).map_err(Failure::internal)?;
            found.push(RecentClick { key, id: ClickId { segment, offset }, record });
        }
        Ok(())
    })
    .await?;
    Ok(found)
}

/// Hands out batches and their segments, some at a time.
async fn each(
    conn: &mut Conn,
    mut first: i64,
    last: i64,
    mut take: impl FnMut(Batch, u128) -> failure::Result<()>,
) -> failure::Result<()> {
    let mut rows = ROWS.0;
    loop {
        let page = page(conn, first, last, rows).await?;
        let (count, mut bytes, mut reached) = (page.len() as i64, 0, last);
        for (batch, segment) in page {
            bytes += batch.records.len();
            reached = batch.last;
            take(batch, segment)?;
        }
        if count < rows || last <= reached {
            return Ok(());
        }
        first = reached + 1;
        rows = if bytes < AT_ONCE / 4 { (rows * 4).min(ROWS.1) } else { ROWS.0 };
    }
}

async fn page(
    conn: &mut Conn,
    first: i64,
    last: i64,
    rows: i64,
) -> failure::Result<Vec<(Batch, u128)>> {
    // The one before may reach beyond the first key.
    let sql = "
        select b.id, b.last_id, b.clicks, b.first_at, b.records, b.splits, s.name
        from click_batches b join segments s on s.number = b.id / $1
        where coalesce((select max(id) from click_batches where id <= $2), $2) <= b.id
        and $2 <= b.last_id and b.id <= $3 order by b.id limit $4";
    let args = [SEGMENT.into(), first.into(), last.into(), rows.into()];
    let rows = conn.fetch_all(sql, &args).await?;
    rows.iter().map(|row| Ok((batch(row)?, segment_of(row.text("name")?)?))).collect()
}

/// A batch of a row that has all of its columns.
pub(crate) fn batch(row: &Row) -> failure::Result<Batch> {
    Ok(Batch {
        first: row.int("id")?,
        last: row.int("last_id")?,
        count: row.int("clicks")?,
        first_at: row.int("first_at")?,
        records: Bytes::copy_from_slice(row.bytes("records")?),
        splits: Bytes::copy_from_slice(row.bytes("splits")?),
    })
}
