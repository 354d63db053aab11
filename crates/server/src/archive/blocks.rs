//! Blocks that were asked for, kept in memory up to a bound.

use std::{
    collections::HashMap,
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
}

impl Blocks {
    /// A block; none where it was removed.
    pub(super) async fn read(&self, store: &Store, id: i64) -> Result<Option<Arc<Columns>>> {
        if let Some(columns) = self.kept().ask(id) {
            return Ok(Some(columns));
        }
        let Some(bytes) = store.block_bytes(id).await? else { return Ok(None) };
        let decode = tokio::task::spawn_blocking(|| Columns::decode(bytes));
        let columns = decode.await.map_err(Error::internal)?;
        let columns = columns.map_err(|e| Error::internal(format!("block {id} of clicks: {e}")))?;
        let columns = Arc::new(columns);
        let mut kept = self.kept();
        let asked = kept.asked;
        // Whoever was quicker has decoded columns already, perhaps.
        let (columns, _) = kept.blocks.entry(id).or_insert((columns, asked));
        Ok(Some(Arc::clone(columns)))
    }

    /// Lets one go that is there no more.
    pub(super) fn forget(&self, id: i64) {
        self.kept().blocks.remove(&id);
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
