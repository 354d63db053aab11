//! A table as it lies in memory, to be written down and taken up again.

use std::sync::{Arc, atomic::AtomicU64};

use arc_swap::ArcSwapOption;

use super::{Arena, Chunk, Index, Kept, PAGE, READY_BYTES, Slot, Table, index::LAST_SLOT};

/// A whole table of one moment; of [`freeze`](Table::freeze), the chunks are the table's own and the
/// words a copy.
pub(crate) struct Frozen<W = Vec<u64>> {
    pub seed: [u8; 16],
    pub by_address: W,
    pub by_link: W,
    /// Where the record of each slot lies, from slot 1 on.
    pub slots: W,
}

impl Table {
    /// What is in the table now. Edits wait while it is copied: some milliseconds of a million links.
    pub(crate) fn freeze(&self) -> (Frozen, Vec<(u32, Chunk)>) {
        let kept = self.kept();
        let view = self.view.load();
        let used = view.pages.iter().flat_map(|page| page.iter()).take(kept.slots as usize);
        let frozen = Frozen {
            seed: self.seed.bytes(),
            by_address: kept.by_address.words(),
            by_link: kept.by_link.words(),
            slots: used.map(|slot| slot.at().map_or(0, super::At::word)).collect(),
        };
        (frozen, kept.arena.freeze())
    }

    /// The table that was frozen; none where it cannot have been one. The `chunks` are asked for last.
    pub(crate) fn thaw<W: ExactSizeIterator<Item = u64>>(
        frozen: Frozen<W>,
        chunks: impl FnOnce() -> Option<Vec<(u32, Chunk)>>,
    ) -> Option<Table> {
        let Frozen { seed, by_address, by_link, mut slots } = frozen;
        let count = u32::try_from(slots.len()).ok().filter(|count| *count <= LAST_SLOT)?;
        let by_address = Index::of_words(by_address)?;
        let by_link = Index::of_words(by_link)?;
        let (mut pages, mut free, mut number) = (Vec::new(), Vec::new(), 0);
        while number < count {
            let slot = |_| {
                number += 1;
                let at = slots.next().unwrap_or(0);
                if at == 0 && number <= count {
                    free.push(number);
                }
                Slot { at: AtomicU64::new(at), ready: ArcSwapOption::empty() }
            };
            pages.push((0..PAGE).map(slot).collect::<Arc<[Slot]>>());
        }
        let arena = Arena::of_chunks(chunks()?);
        let links = count as usize - free.len();
        let kept = Kept { arena, by_address, by_link, free, slots: count };
        Some(Table::of(seed, kept, pages, links, READY_BYTES))
    }
}
