//! Stored clicks that go: those whose time is over, and those of a visitor who asks for it.

use std::collections::{BTreeMap, HashSet};

use model::{Click, ClickId, Error, Result, WorkspaceId};
use statistics::Columns;
use store::{Block, Store, Until};

use super::{Archive, Kept, record, seal::of_columns};
use crate::visits::DAY;

/// Drops the clicks whose time is over, by kind; how many. What they add up to stays.
///
/// Of a block that has younger ones too, they are dropped within a day: it is made anew without them
/// no more often than that.
pub async fn drop_old(store: &Store, until: Until) -> Result<i64> {
    let mut dropped = store.drop_recent(until).await?;
    for block in store.blocks().await? {
        let is_due = |until: Option<i64>, first: Option<i64>| {
            until.zip(first).is_some_and(|(until, first)| block.last < until || first + DAY < until)
        };
        let over = |until: Option<i64>, first: Option<i64>| {
            first.is_none() || until.is_some_and(|until| block.last < until)
        };
        let Block { firsts, .. } = block;
        if over(until.people, firsts.people) && over(until.others, firsts.others) {
            if store.replace_block(block.id, None).await? {
                dropped += block.clicks;
            }
        } else if is_due(until.people, firsts.people) || is_due(until.others, firsts.others) {
            dropped +=
                thin(store, block.id, move |click, _| !until.drops(click.class, click.at)).await?;
        }
    }
    Ok(dropped)
}

impl Archive {
    /// All stored clicks of some visitors, newest first, told by their hashes; those of a span of
    /// time, in milliseconds since 1970, and perhaps others.
    pub async fn of_visitors(
        &self,
        store: &Store,
        workspace: WorkspaceId,
        visitors: Vec<u64>,
        (from, to): (i64, i64),
    ) -> Result<Vec<Kept>> {
        let batches = self.batches(store, from, to).await?.batches;
        let find = move || {
            let mut found = Vec::new();
            for batch in batches {
                for place in batch.of_visitors(workspace, &visitors).map_err(Error::internal)? {
                    let (click, id) = batch.click(place).map_err(Error::internal)?;
                    found.extend(id.map(|id| (click.at, id, record(&click))));
                }
            }
            found.sort_unstable_by_key(|(at, id, _): &Kept| {
                std::cmp::Reverse((*at, id.segment, id.offset))
            });
            Ok(found)
        };
        tokio::task::spawn_blocking(find).await.map_err(Error::internal)?
    }

    /// Drops these clicks, be they in batches or in blocks; how many.
    pub async fn drop_clicks(&self, store: &Store, clicks: &[ClickId]) -> Result<i64> {
        let mut dropped = store.drop_clicks(clicks).await?;
        // Whatever is in no batch now is in a block or nowhere.
        let mut sealed: BTreeMap<i64, HashSet<ClickId>> = BTreeMap::new();
        for id in clicks {
            if let Some(block) = store.block_of(*id).await? {
                sealed.entry(block.id).or_default().insert(*id);
            }
        }
        for (block, ids) in sealed {
            let stays =
                move |_: &Click<'_>, id: Option<ClickId>| id.is_none_or(|id| !ids.contains(&id));
            dropped += thin(store, block, stays).await?;
            self.blocks.forget(block);
        }
        Ok(dropped)
    }
}

/// Makes a block anew of the clicks that stay; how many went. None does where another node was
/// quicker: whoever asks for it asks again. Of a damaged block they stay until all of it may go.
async fn thin(
    store: &Store,
    block: i64,
    stays: impl Fn(&Click<'_>, Option<ClickId>) -> bool + Send + 'static,
) -> Result<i64> {
    let Some(bytes) = store.block_bytes(block).await? else { return Ok(0) };
    let thin = move || {
        let columns = match Columns::decode(bytes) {
            Ok(columns) => columns,
            Err(broken) => {
                tracing::error!(
                    block.id = block,
                    error = %broken,
                    "block {block} of clicks is damaged: none of its clicks can be dropped alone"
                );
                return Ok((None, 0));
            }
        };
        let (left, gone) = columns.retain(stays).map_err(Error::internal)?;
        let gone = i64::try_from(gone).map_err(Error::internal)?;
        Ok::<_, Error>((of_columns(&left, Vec::new())?, gone))
    };
    let (left, gone) = tokio::task::spawn_blocking(thin).await.map_err(Error::internal)??;
    if gone == 0 || !store.replace_block(block, left).await? {
        return Ok(0);
    }
    Ok(gone)
}
