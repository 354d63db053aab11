//! Records one behind the other, in chunks that nothing is ever changed in.
//!
//! A record that is replaced or gone stays where it is until a quarter of its chunk is such; then the
//! others are written anew at the end, and the chunk is given back whole.

use std::{collections::BTreeMap, sync::Arc};

/// Where a record lies, as one word. A place is never another record's, and none is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    chunk: u32,
    offset: u32,
}

#[derive(Debug, Default)]
pub(super) struct Arena {
    chunks: BTreeMap<u32, Chunk>,
    /// The number of the newest chunk, which is written to.
    open: u32,
    /// Chunks that have been found to be a waste.
    wasteful: Vec<u32>,
}

/// A part of the records.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    /// Each record with its length before it. Shared with whoever writes a snapshot.
    pub bytes: Arc<Vec<u8>>,
    /// Bytes of records that are in use.
    pub live: usize,
}

/// Bytes of a chunk. A record that is larger has one for itself.
const CHUNK: usize = 1 << 20;
const LENGTH: usize = size_of::<u32>();

impl At {
    pub fn of_word(word: u64) -> Option<At> {
        (word != 0).then_some(At { chunk: (word >> 32) as u32, offset: word as u32 })
    }

    pub fn word(self) -> u64 {
        u64::from(self.chunk) << 32 | u64::from(self.offset)
    }
}

impl Arena {
    /// Takes over chunks as [`freeze`](Self::freeze) told them.
    pub fn of_chunks(chunks: impl IntoIterator<Item = (u32, Chunk)>) -> Arena {
        let chunks: BTreeMap<u32, Chunk> = chunks.into_iter().collect();
        let open = chunks.last_key_value().map_or(0, |(number, _)| *number);
        Arena { chunks, open, wasteful: Vec::new() }
    }

    /// Every chunk as it is now. The open one is copied, so that writing to it goes on.
    pub fn freeze(&self) -> Vec<(u32, Chunk)> {
        let copy = |(&number, chunk): (&u32, &Chunk)| {
            let shared = if number == self.open {
                Arc::new(chunk.bytes.to_vec())
            } else {
                Arc::clone(&chunk.bytes)
            };
            (number, Chunk { bytes: shared, live: chunk.live })
        };
        self.chunks.iter().map(copy).collect()
    }

    pub fn record(&self, at: At) -> Option<&[u8]> {
        record(&self.chunks.get(&at.chunk)?.bytes, at.offset as usize)
    }

    /// Adds a record at the end.
    pub fn append(&mut self, record: &[u8]) -> At {
        let size = LENGTH + record.len();
        let fits = |bytes: &mut Vec<u8>| bytes.len() + size <= bytes.capacity();
        let open = self.chunks.get_mut(&self.open);
        if !open.and_then(|chunk| Arc::get_mut(&mut chunk.bytes)).is_some_and(fits) {
            let bytes = Arc::new(Vec::with_capacity(CHUNK.max(size)));
            let closed = self.open;
            self.open += 1;
            self.weigh(closed);
            self.chunks.insert(self.open, Chunk { bytes, live: 0 });
        }
        let chunk = self.chunks.get_mut(&self.open).expect("it was just made, or found");
        let bytes = Arc::get_mut(&mut chunk.bytes).expect("the open chunk is shared with nobody");
        let offset = bytes.len() as u32;
        bytes.extend((record.len() as u32).to_le_bytes());
        bytes.extend(record);
        chunk.live += size;
        At { chunk: self.open, offset }
    }

    /// Notes that a record is not used any more.
    pub fn release(&mut self, at: At) {
        let Some(size) = self.record(at).map(|record| LENGTH + record.len()) else { return };
        let Some(chunk) = self.chunks.get_mut(&at.chunk) else { return };
        chunk.live -= size.min(chunk.live);
        self.weigh(at.chunk);
    }

    /// A chunk whose records in use should go elsewhere, each once.
    pub fn wasteful(&mut self) -> Option<u32> {
        self.wasteful.pop()
    }

    fn weigh(&mut self, number: u32) {
        let is_waste = |chunk: &Chunk| chunk.live * 4 < chunk.bytes.len() * 3;
        if number != self.open
            && self.chunks.get(&number).is_some_and(is_waste)
            && !self.wasteful.contains(&number)
        {
            self.wasteful.push(number);
        }
    }

    /// The places of all records of a chunk, those that are not used any more too.
    pub fn places(&self, chunk: u32) -> Vec<At> {
        let bytes = self.chunks.get(&chunk).map_or(&[][..], |chunk| &chunk.bytes);
        let mut offset = 0;
        let next = || {
            let at = At { chunk, offset: offset as u32 };
            offset += LENGTH + record(bytes, offset)?.len();
            Some(at)
        };
        std::iter::from_fn(next).collect()
    }

    /// Gives a chunk back with all that is in it.
    pub fn drop_chunk(&mut self, chunk: u32) {
        self.chunks.remove(&chunk);
    }

    /// Bytes of all chunks, and those of them that are records in use.
    #[cfg(test)]
    pub fn size(&self) -> (usize, usize) {
        let sizes = self.chunks.values().map(|chunk| (chunk.bytes.len(), chunk.live));
        sizes.fold((0, 0), |sum, size| (sum.0 + size.0, sum.1 + size.1))
    }
}

fn record(bytes: &[u8], offset: usize) -> Option<&[u8]> {
    let (length, rest) = bytes.get(offset..)?.split_first_chunk()?;
    rest.get(..u32::from_le_bytes(*length) as usize)
}
