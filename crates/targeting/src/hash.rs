//! Hashing for the tables of rules, whose keys are their authors' and never a visitor's.

use std::hash::{BuildHasherDefault, Hasher};

/// Makes tables with [`Mixed`].
pub(crate) type BuildMixed = BuildHasherDefault<Mixed>;

/// Spreads words over a table.
#[derive(Default)]
pub(crate) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }

    #[inline]
    fn write_u128(&mut self, word: u128) {
        self.write_u64((word >> 64) as u64);
        self.write_u64(word as u64);
    }
}

/// FNV-1a without ASCII case, finished so that its high bits depend on every byte too.
pub(crate) fn text(text: &str) -> u64 {
    let mix = |hash: u64, byte: u8| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    };
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
    hash ^ (hash >> 32)
}
