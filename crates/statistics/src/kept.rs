//! What a sieve kept of a batch, a bit a click, so that whoever goes through it again need not sift again.

use crate::scan::CHUNK;

/// Bits of chunk after chunk, each of which begins a byte.
#[derive(Clone, Default)]
pub(crate) struct Kept(Vec<u8>);

/// Goes through what was kept, in the chunks in which it was.
pub(crate) struct Chunks<'a>(&'a [u8]);

impl Kept {
    /// Whether nothing was sifted, since nothing passes.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a chunk, of which each that is kept is 1, else 0.
    pub(crate) fn push(&mut self, keep: &[u8]) {
        let (eights, rest) = keep.as_chunks::<8>();
        self.0.extend(eights.iter().map(|eight| packed(*eight)));
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.0.push(packed(last));
        }
    }

    /// Takes over what another thread was told of the same batch, of which one of them was told nothing.
    pub(crate) fn merge(&mut self, other: Kept) {
        if self.is_empty() {
            *self = other;
        }
    }

    pub(crate) fn chunks(&self) -> Chunks<'_> {
        Chunks(&self.0)
    }
}

impl Chunks<'_> {
    /// The next chunk, as long as it was: 1 for each that is kept, else 0.
    pub(crate) fn next(&mut self, keep: &mut [u8]) {
        let (bytes, left) = self.0.split_at(keep.len().div_ceil(8));
        self.0 = left;
        let (eights, rest) = keep.as_chunks_mut::<8>();
        for (eight, byte) in eights.iter_mut().zip(bytes) {
            *eight = unpacked(*byte);
        }
        if let (false, Some(last)) = (rest.is_empty(), bytes.last()) {
            rest.copy_from_slice(&unpacked(*last)[..rest.len()]);
        }
    }
}

/// Where those are that are kept of a chunk, of which each is 1 and all others are 0.
pub(crate) fn select<'a>(keep: &[u8], kept: &'a mut Places) -> &'a [u32] {
    let mut count = 0;
    let mut select = |first: usize, byte: u8| {
        // Room for eight is written always, and left there only for those that are kept: no branch to
        // be guessed.
        if let Some(room) = kept[count..].first_chunk_mut::<8>() {
            *room = SELECTED[usize::from(byte)].map(|place| first as u32 + u32::from(place));
        }
        count += byte.count_ones() as usize;
    };
    let (eights, rest) = keep.as_chunks::<8>();
    for (nth, eight) in eights.iter().enumerate() {
        // Where little is kept, most are passed over eight at a time.
        if *eight != [0; 8] {
            select(8 * nth, packed(*eight));
        }
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    select(8 * eights.len(), packed(last));
    &kept[..count]
}

/// Places in a chunk, and room for those that are passed over.
pub(crate) type Places = [u32; CHUNK + 8];

/// Of each byte, where its bits are that are 1, the lowest first.
static SELECTED: [[u8; 8]; 256] = {
    let mut selected = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut bit, mut count) = (0, 0);
        while bit < 8 {
            if byte >> bit & 1 == 1 {
                selected[byte][count] = bit as u8;
                count += 1;
            }
            bit += 1;
        }
        byte += 1;
    }
    selected
};

/// Each byte's lowest bit, the first in the lowest: the product brings all of them into the highest byte.
fn packed(eight: [u8; 8]) -> u8 {
    (u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8
}

fn unpacked(byte: u8) -> [u8; 8] {
    let each = (u64::from(byte) * 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201;
    // What is not 0 in a byte becomes its highest bit.
    let bits = (each + 0x7f7f_7f7f_7f7f_7f7f) | each;
    (bits >> 7 & 0x0101_0101_0101_0101).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_comes_back_chunk_by_chunk() {
        let chunks: Vec<Vec<u8>> = [4_096, 13, 8, 1, 700]
            .into_iter()
            .map(|clicks: u32| (0..clicks).map(|n| (n * n % 7 % 3 == 1).into()).collect())
            .collect();
        let mut kept = Kept::default();
        assert!(kept.is_empty());
        chunks.iter().for_each(|chunk| kept.push(chunk));
        let mut again = kept.chunks();
        for chunk in &chunks {
            let mut keep = vec![9; chunk.len()];
            again.next(&mut keep);
            assert_eq!(&keep, chunk);
            let mut places = [0; CHUNK + 8];
            let kept = (0..).zip(&keep).filter(|(_, kept)| **kept == 1);
            let expected: Vec<u32> = kept.map(|(place, _)| place).collect();
            assert_eq!(select(&keep, &mut places), expected);
        }
        for byte in 0..=u8::MAX {
            let mut places = [0; CHUNK + 8];
            let bits: Vec<u32> = (0..8).filter(|bit| byte >> bit & 1 == 1).collect();
            assert_eq!(select(&unpacked(byte), &mut places), bits);
            assert_eq!(packed(unpacked(byte)), byte);
            assert!(unpacked(byte).iter().enumerate().all(|(bit, one)| *one == byte >> bit & 1));
        }
    }
}
