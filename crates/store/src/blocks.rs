//! Blocks: the clicks of which there were enough for one, and the recent ones that are to become some.
//!
//! **Invariant:** every stored click is either in one batch or in one block, since the transaction that
//! adds a block takes its clicks out of their batches.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::FutureExt;
use model::{ClickId, Result};

use crate::{
    Store,
    batches::{self, RecentClick, recent},
    click_totals::count_all,
    clicks::{PLACE_BITS, SEGMENT, place, segment_name},
    db::{Conn, Row},
    failure::{self, Failure},
};

/// A block without its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    pub id: i64,
    /// When the first and the last of its clicks came, in milliseconds since 1970.
    pub first: i64,
    pub last: i64,
    pub clicks: i64,
    pub firsts: Firsts,
}

/// When the earliest click of each kind in a block came; none where there is none of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Firsts {
    pub people: Option<i64>,
    /// Bots, previews and prefetches.
    pub others: Option<i64>,
}

/// A block that is to be added.
#[derive(Clone, Debug)]
pub struct NewBlock {
    pub first: i64,
    pub last: i64,
    pub clicks: i64,
    pub firsts: Firsts,
    /// The recent clicks that it takes over, in order: from one key to another, of one segment each.
    pub spans: Vec<(i64, i64)>,
    pub bytes: Vec<u8>,
}

/// Which recent clicks somebody has who keeps asking for the new ones.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Segments below this number are done.
    floor: i64,
    /// The first place of each segment that is not known.
    places: BTreeMap<i64, i64>,
    /// How often clicks were sealed or dropped.
    changes: i64,
    /// All blocks, which stay the same until that is once more.
    blocks: Vec<Block>,
}

/// What [`Store::new_clicks`] found.
#[derive(Debug)]
pub struct NewClicks {
    /// Whether recent clicks went away meanwhile: these are all of them then, and not only new ones.
    pub anew: bool,
    pub clicks: Vec<RecentClick>,
    /// All blocks, in which none of these clicks is.
    pub blocks: Vec<Block>,
}

impl Store {
    /// The clicks that were stored since the last call and are in no block, and all blocks.
    pub async fn new_clicks(&self, known: &mut Known) -> Result<NewClicks> {
        let mut conn = self.db.read().await?;
        let mut anew = known.floor == 0;
        loop {
            let changes = changes(&mut conn).await?;
            if known.changes != changes {
                let blocks = blocks(&mut conn).await?;
                (*known, anew) = (Known { changes, blocks, ..Known::default() }, true);
            }
            let clicks = new_recent(&mut conn, known).await?;
            // Clicks that came into a block while they were read may be missing.
            if changes == self::changes(&mut conn).await? {
                return Ok(NewClicks { anew, clicks, blocks: known.blocks.clone() });
            }
        }
    }

    /// The oldest of the recent clicks, so many; none where there are fewer.
    pub async fn oldest_clicks(&self, many: i64) -> Result<Option<Vec<RecentClick>>> {
        let mut conn = self.db.read().await?;
        let sql = "
            select max(last_id) as last from (
                select last_id, sum(clicks) over (order by id) - clicks as earlier from click_batches
            ) b where earlier < $1
            having $1 <= (select sum(clicks) from click_batches)";
        let Some(row) = conn.fetch_optional(sql, &[many.into()]).await? else { return Ok(None) };
        let mut clicks = recent(&mut conn, 0, row.int("last")?).await?;
        clicks.truncate(usize::try_from(many).map_err(Failure::internal)?);
        Ok(Some(clicks))
    }

    /// Puts a block in the place of its recent clicks; false, and nothing is changed, if not all of them
    /// are there any more.
    pub async fn seal_clicks(&self, block: NewBlock) -> Result<bool> {
        let block = Arc::new(block);
        self.clicks
            .write(move |tx| {
                let block = Arc::clone(&block);
                async move { seal(&mut tx.conn, &block).await }.boxed()
            })
            .await
    }

    /// The block that has a click.
    pub async fn block_of(&self, id: ClickId) -> Result<Option<Block>> {
        let sql = "
            select b.id, b.first_at, b.last_at, b.clicks, b.people_first_at, b.others_first_at
            from segments s
            join click_spans p on p.first_id <= s.number * $1 + $2 and s.number * $1 + $2 <= p.last_id
            join click_blocks b on b.id = p.block_id
            where s.name = $3";
        let Ok(place) = place(id.offset) else { return Ok(None) };
        let name = segment_name(id.segment);
        let args = [SEGMENT.into(), place.into(), (&name).into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        Ok(row.as_ref().map(head).transpose()?)
    }

    /// The bytes of a block; none where it was removed.
    pub async fn block_bytes(&self, id: i64) -> Result<Option<Vec<u8>>> {
        let sql = "select bytes from click_blocks where id = $1";
        let row = self.db.read().await?.fetch_optional(sql, &[id.into()]).await?;
        Ok(row.map(|row| row.bytes("bytes").map(<[u8]>::to_vec)).transpose()?)
    }

    /// All blocks, in the order in which they were added.
    pub async fn blocks(&self) -> Result<Vec<Block>> {
        Ok(blocks(&mut self.db.read().await?).await?)
    }
}

async fn blocks(conn: &mut Conn) -> failure::Result<Vec<Block>> {
    let sql = "
        select id, first_at, last_at, clicks, people_first_at, others_first_at
        from click_blocks order by id";
    conn.fetch_all(sql, &[]).await?.iter().map(head).collect()
}

/// How often clicks were sealed or dropped; a block's id is the number of its own time.
async fn changes(conn: &mut Conn) -> failure::Result<i64> {
    let sql = "select value from counters where name = 'block'";
    conn.fetch_optional(sql, &[]).await?.map_or(Ok(0), |row| row.int("value"))
}

/// Counts one more time, and keeps other nodes from doing so until this transaction ends.
pub(crate) async fn change(conn: &mut Conn) -> failure::Result<i64> {
    let sql = "update counters set value = value + 1 where name = 'block' returning value";
    let row = conn.fetch_optional(sql, &[]).await?;
    row.ok_or_else(|| Failure::internal("no counter of blocks"))?.int("value")
}

fn head(row: &Row) -> failure::Result<Block> {
    Ok(Block {
        id: row.int("id")?,
        first: row.int("first_at")?,
        last: row.int("last_at")?,
        clicks: row.int("clicks")?,
        firsts: Firsts {
            people: row.maybe_int("people_first_at")?,
            others: row.maybe_int("others_first_at")?,
        },
    })
}

/// Clicks that are not known; notes that they are.
async fn new_recent(conn: &mut Conn, known: &mut Known) -> failure::Result<Vec<RecentClick>> {
    let sql = "select number, gone from segments where $1 <= number order by number";
    // Before the clicks, so that a segment that is gone here has all of its clicks there.
    let segments = conn.fetch_all(sql, &[known.floor.into()]).await?;
    let segments: Vec<(i64, bool)> = segments
        .iter()
        .map(|row| Ok((row.int("number")?, row.int("gone")? == 1)))
        .collect::<failure::Result<_>>()?;
    let mut found = Vec::new();
    if known.places.is_empty() {
        found = recent(conn, 0, i64::MAX).await?;
    } else {
        for (number, _) in &segments {
            let first = number << PLACE_BITS | known.places.get(number).unwrap_or(&0);
            found.append(&mut recent(conn, first, (number + 1) * SEGMENT - 1).await?);
        }
    }
    for click in &found {
        known.places.insert(click.key >> PLACE_BITS, click.key % SEGMENT + 1);
    }
    let last = segments.last().map_or(known.floor, |(number, _)| number + 1);
    known.floor = segments.iter().find(|(_, gone)| !gone).map_or(last, |(number, _)| *number);
    let floor = known.floor;
    known.places.retain(|number, _| floor <= *number);
    // Not empty any more, so that clicks are not all read again.
    known.places.entry(floor).or_insert(0);
    Ok(found)
}

async fn seal(conn: &mut Conn, block: &NewBlock) -> failure::Result<bool> {
    count_all(conn).await?;
    let id = change(conn).await?;
    let spans = &block.spans;
    let is_taken = |key: i64| {
        let at = spans.partition_point(|(_, last)| *last < key);
        spans.get(at).is_some_and(|(first, _)| *first <= key)
    };
    let (first, last) =
        (spans.first().map_or(0, |span| span.0), spans.last().map_or(0, |span| span.1));
    let (mut there, mut touched) = (0, Vec::new());
    for batch in batches::between(conn, first, last).await? {
        let (left, taken) = batch.without(|key, _| is_taken(key))?;
        if taken != 0 {
            there += taken;
            touched.push((batch, left));
        }
    }
    if there != block.clicks {
        return Ok(false);
    }
    insert(conn, id, block).await?;
    for (batch, left) in &touched {
        batches::replace(conn, batch, left).await?;
    }
    for (first, last) in &block.spans {
        let (first, last) = ((*first).into(), (*last).into());
        let sql = "insert into click_spans (first_id, last_id, block_id) values ($1, $2, $3)";
        conn.execute(sql, &[first, last, id.into()]).await?;
    }
    Ok(true)
}

/// A block without its spans.
pub(crate) async fn insert(conn: &mut Conn, id: i64, block: &NewBlock) -> failure::Result<()> {
    let sql = "
        insert into click_blocks (id, first_at, last_at, clicks, people_first_at, others_first_at,
                                  bytes)
        values ($1, $2, $3, $4, $5, $6, $7)";
    let bytes: &[u8] = &block.bytes;
    let NewBlock { first, last, clicks, firsts, .. } = *block;
    let args = [
        id.into(),
        first.into(),
        last.into(),
        clicks.into(),
        firsts.people.into(),
        firsts.others.into(),
        bytes.into(),
    ];
    conn.execute(sql, &args).await.map(drop)
}
