//! The clicks that are stored, as columns: the latest from their batches, all others from blocks.
//!
//! A batch is what came in together, in the order in which it came, good for storing; a block is ordered
//! for whoever asks. A job [seals](seal()) clicks once there are enough of them for a block.

mod blocks;
mod drop;
mod export;
mod recent;
mod seal;

use std::{cmp::Reverse, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use model::{Click, ClickId, Error, LinkId, Result, WorkspaceId};
use statistics::{Columns, Unread};
use store::{After, Block, Sealed, Store, Tail};
use tokio::sync::Mutex;

use self::{
    blocks::{Blocks, Read},
    recent::Recent,
};

pub use drop::drop_old;
pub use export::{Exported, export};
pub use seal::seal;

/// What is known of the stored clicks, so that only what is new has to be read.
#[derive(Default)]
pub struct Archive {
    recent: Arc<Mutex<Recent>>,
    blocks: Blocks,
}

/// A click with its id, and when it came.
pub type Kept = (i64, ClickId, Bytes);

/// A click as it was stored.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its key: see [`RecentClick::key`](store::RecentClick::key).
    pub key: i64,
    pub id: ClickId,
    pub record: Bytes,
}

/// Clicks of a span of time.
pub struct Found {
    pub batches: Vec<Arc<Columns>>,
    /// Those that are missing, since their blocks are damaged.
    pub unread: Vec<Unread>,
}

/// Blocks that are read from the database at a time.
const AT_ONCE: usize = 4;

impl Archive {
    /// All stored clicks of a span of time, in milliseconds since 1970, and perhaps others.
    pub async fn batches(&self, store: &Store, from: i64, to: i64) -> Result<Found> {
        let (mut batches, blocks) = self.parts(store, from, to).await?;
        let read =
            async |block: Block| Ok::<_, Error>((block, self.blocks.read(store, block.id).await?));
        let read = stream::iter(blocks).map(read);
        let read: Vec<(Block, Read)> = read.buffered(AT_ONCE).try_collect().await?;
        let mut unread = Vec::new();
        for (block, read) in read {
            match read {
                Read::Whole(columns) => batches.push(columns),
                Read::Damaged => unread.push(unread_of(&block)),
                Read::Gone => (),
            }
        }
        Ok(Found { batches, unread })
    }

    /// The clicks of a span of time that are in no block, and the blocks of all others; perhaps others
    /// too.
    pub async fn parts(
        &self,
        store: &Store,
        from: i64,
        to: i64,
    ) -> Result<(Vec<Arc<Columns>>, Vec<Block>)> {
        let (recent, mut blocks) = self.recent(store).await?;
        blocks.retain(|block| from <= block.last && block.first < to);
        Ok((recent, blocks))
    }

    /// A block; none where it was removed or is damaged.
    pub async fn block(&self, store: &Store, id: i64) -> Result<Option<Arc<Columns>>> {
        Ok(self.blocks.read(store, id).await?.whole())
    }

    /// The clicks of those blocks that are damaged. No more than so many bytes of blocks stay in memory
    /// for it.
    pub async fn unread(&self, store: &Store, blocks: &[Block], most: u64) -> Result<Vec<Unread>> {
        let mut unread = Vec::new();
        for block in blocks {
            if let Read::Damaged = self.blocks.read(store, block.id).await? {
                unread.push(unread_of(block));
            }
            self.trim(most);
        }
        Ok(unread)
    }

    /// How many blocks were damaged when they were read last.
    pub fn damaged(&self) -> usize {
        self.blocks.damaged()
    }

    /// Gives back what blocks take beyond so many bytes.
    pub fn trim(&self, most: u64) {
        self.blocks.trim(most);
    }

    /// The record of a click that is in a block.
    pub async fn find(&self, store: &Store, id: ClickId) -> Result<Option<Bytes>> {
        let Some(block) = store.block_of(id).await? else { return Ok(None) };
        let Some(columns) = self.block(store, block.id).await? else { return Ok(None) };
        let found = tokio::task::spawn_blocking(move || {
            let place = columns.find(id)?;
            place.map(|place| columns.click(place).map(|(click, _)| record(&click))).transpose()
        });
        found.await.map_err(Error::internal)?.map_err(Error::internal)
    }

    /// A link's clicks, newest first, those before a time and an id; of one moment, the greatest id first.
    pub async fn clicks(
        &self,
        store: &Store,
        (workspace, link): (WorkspaceId, LinkId),
        before: Option<(i64, ClickId)>,
        limit: usize,
    ) -> Result<Vec<Kept>> {
        let (recent, mut blocks) = self.recent(store).await?;
        blocks.sort_unstable_by_key(|block| Reverse(block.last));
        let add = |mut found: Vec<Kept>, batches: Vec<Arc<Columns>>| async move {
            let add = move || -> Result<Vec<Kept>> {
                for columns in batches {
                    found.extend(newest(&columns, workspace, link, before, limit)?);
                }
                found.sort_unstable_by_key(|(at, id, _)| Reverse((*at, id.segment, id.offset)));
                found.truncate(limit);
                Ok(found)
            };
            tokio::task::spawn_blocking(add).await.map_err(Error::internal)?
        };
        let mut found: Vec<Kept> = add(Vec::new(), recent).await?;
        for block in blocks {
            let end = before.map_or(i64::MAX, |(at, _)| at);
            if end < block.first {
                continue;
            }
            // All others are older than all that are wanted.
            if found.len() == limit && found.last().is_some_and(|oldest| block.last < oldest.0) {
                break;
            }
            let Some(columns) = self.block(store, block.id).await? else { continue };
            found = add(found, vec![columns]).await?;
        }
        Ok(found)
    }

    /// The clicks that were stored after a tail, each with its key, those of a segment in
    /// their order; and whether there are more. The tail has seen them then.
    pub async fn after(&self, store: &Store, tail: &mut Tail) -> Result<(Vec<Stored>, bool)> {
        let After { recent, sealed, more } = store.clicks_after(tail).await?;
        let mut found: Vec<Stored> = recent
            .into_iter()
            .map(|it| Stored { key: it.key, id: it.id, record: it.record })
            .collect();
        for sealed in sealed {
            let Some(columns) = self.block(store, sealed.block).await? else { continue };
            let of = move || of(&columns, sealed);
            found.extend(tokio::task::spawn_blocking(of).await.map_err(Error::internal)??);
        }
        found.sort_unstable_by_key(|stored| stored.key);
        found.dedup_by_key(|stored| stored.key);
        Ok((found, more))
    }

    /// The clicks that are in no block, and the blocks of all others.
    async fn recent(&self, store: &Store) -> Result<(Vec<Arc<Columns>>, Vec<Block>)> {
        let mut recent = Arc::clone(&self.recent).lock_owned().await;
        // A copy, for whoever asked may leave before the clicks have come.
        let mut known = recent.known.clone();
        let new = store.new_clicks(&mut known).await?;
        recent.known = known;
        let take = move || {
            let blocks = recent.take(new);
            (recent.batches(), blocks)
        };
        tokio::task::spawn_blocking(take).await.map_err(Error::internal)
    }
}

fn unread_of(block: &Block) -> Unread {
    let Block { id, clicks, first, last, .. } = *block;
    Unread { block: id, clicks: clicks.unsigned_abs(), first, last }
}

/// The clicks of a part of a segment that are in a block.
fn of(columns: &Columns, sealed: Sealed) -> Result<Vec<Stored>> {
    let clicks = columns.of_segment(sealed.segment, sealed.from..sealed.to);
    let stored = |(click, id): (Click<'_>, ClickId)| Stored {
        key: sealed.key(id.offset),
        id,
        record: record(&click),
    };
    Ok(clicks.map_err(Error::internal)?.into_iter().map(stored).collect())
}

/// The newest clicks of a link in a block, before a time and an id.
fn newest(
    columns: &Columns,
    workspace: WorkspaceId,
    link: LinkId,
    before: Option<(i64, ClickId)>,
    limit: usize,
) -> Result<Vec<Kept>> {
    let key = |at: i64, id: ClickId| (at, id.segment, id.offset);
    let places = columns.places(workspace, Some(&[link].into()));
    let mut found = Vec::new();
    for place in places.into_iter().flatten().rev() {
        let (click, id) = columns.click(place).map_err(Error::internal)?;
        let Some(id) = id else { continue };
        let is_before = before.is_none_or(|(at, last)| key(click.at, id) < key(at, last));
        // Those of the last moment are in no order.
        let is_later = found.last().is_some_and(|(at, ..): &Kept| click.at < *at);
        if limit <= found.len() && is_later {
            break;
        }
        if is_before {
            found.push((click.at, id, record(&click)));
        }
    }
    Ok(found)
}

/// A click as it is spooled.
fn record(click: &Click<'_>) -> Bytes {
    let mut record = Vec::new();
    click.encode(&mut record);
    record.into()
}

#[cfg(test)]
mod tests;
