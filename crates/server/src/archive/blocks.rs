//! Blocks that were asked for, kept in memory up to a bound.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{Error, Result};
use statistics::Columns;
use store::Store;

#[derive(Default)]
pub(super) struct Blocks(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    blocks: HashMap<i64, (Arc<Columns>, u64)>,
    /// How often any block was asked for: the clock by which they age.
    asked: u64,
    /// Those that were damaged when they were read last.
    damaged: HashSet<i64>,
}

/// What became of reading a block.
pub(super) enum Read {
    Whole(Arc<Columns>),
    /// Its bytes are not those that were written.
    Damaged,
    /// It was removed.
    Gone,
}

impl Read {
    pub(super) fn whole(self) -> Option<Arc<Columns>> {
        if let Read::Whole(columns) = self { Some(columns) } else { None }
    }
}

impl Blocks {
    /// A block. One that is damaged is read anew each time, so that it is there as soon as somebody
    /// has restored it.
    pub(super) async fn read(&self, store: &Store, id: i64) -> Result<Read> {
        if let Some(columns) = self.kept().ask(id) {
            return Ok(Read::Whole(columns));
        }
        let Some(bytes) = store.block_bytes(id).await? else {
            self.forget(id);
            return Ok(Read::Gone);
        };
        let decode = tokio::task::spawn_blocking(|| Columns::decode(bytes));
        let columns = match decode.await.map_err(Error::internal)? {
            Ok(columns) => Arc::new(columns),
            Err(broken) => {
                // Once, and not with every question.
                if self.kept().damaged.insert(id) {
                    tracing::error!(
                        block.id = id,
                        error = %broken,
                        "block {id} of clicks is damaged: answers leave its clicks out"
                    );
                }
                return Ok(Read::Damaged);
            }
        };
        let mut kept = self.kept();
        if kept.damaged.remove(&id) {
            tracing::info!(block.id = id, "block {id} of clicks is whole again");
        }
        let asked = kept.asked;
        // Whoever was quicker has decoded columns already, perhaps.
        let (columns, _) = kept.blocks.entry(id).or_insert((columns, asked));
        Ok(Read::Whole(Arc::clone(columns)))
    }

    /// How many were damaged when they were read last.
    pub(super) fn damaged(&self) -> usize {
        self.kept().damaged.len()
    }

    /// Lets one go that is there no more.
    pub(super) fn forget(&self, id: i64) {
        let mut kept = self.kept();
        kept.blocks.remove(&id);
        kept.damaged.remove(&id);
    }

    /// Lets those go that were not asked for longest, until the rest takes no more than so many bytes,
    /// what is decoded of them included.
    pub(super) fn trim(&self, most: u64) {
        let mut kept = self.kept();
        let size =
            |columns: &Columns| columns.bytes().iter().map(|(_, bytes)| bytes).sum::<usize>();
        let mut ages: Vec<(u64, i64, usize)> =
            kept.blocks.iter().map(|(id, (columns, age))| (*age, *id, size(columns))).collect();
        ages.sort_unstable();
        let mut bytes: usize = ages.iter().map(|(.., bytes)| bytes).sum();
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        for (_, id, size) in ages {
            if bytes <= most {
                break;
            }
            kept.blocks.remove(&id);
            bytes -= size;
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn ask(&mut self, id: i64) -> Option<Arc<Columns>> {
        self.asked += 1;
        let (columns, asked) = self.blocks.get_mut(&id)?;
        *asked = self.asked;
        Some(Arc::clone(columns))
    }
}

#[cfg(test)]
mod tests {
    use model::Click;
    use statistics::Builder;

    use super::*;

    #[test]
    fn those_go_first_that_were_not_asked_for_longest() {
        let mut builder = Builder::default();
        builder.push(&Click::default(), None);
        let sealed = builder.columns().encode().unwrap();
        let open = || Arc::new(Columns::decode(sealed.clone()).unwrap());
        let size: usize = open().bytes().iter().map(|(_, bytes)| bytes).sum();
        let blocks = Blocks::default();
        for id in 1..=3 {
            blocks.kept().blocks.insert(id, (open(), 0));
        }
        for id in [2, 3, 1] {
            assert!(blocks.kept().ask(id).is_some());
        }
        let held = |blocks: &Blocks| {
            let mut ids: Vec<i64> = blocks.kept().blocks.keys().copied().collect();
            ids.sort_unstable();
            ids
        };
        blocks.trim(3 * size as u64);
        assert_eq!(held(&blocks), [1, 2, 3]);
        blocks.trim(2 * size as u64);
        assert_eq!(held(&blocks), [1, 3]);
        blocks.trim(0);
        assert!(held(&blocks).is_empty());
    }
}
