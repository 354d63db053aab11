//! What addresses and ids are found by. It is our own since snapshots hold it: the same seed has to
//! give the same hashes in every build.
//!
//! Numbers are folded into the hash by a multiplication of 64 by 64 bits, of which both halves are
//! taken, as wyhash does. That is no cryptography, and need not be: nobody sees a hash, and whoever
//! cannot tell the seed cannot choose slugs that lie together.

use model::{DomainId, LinkId};

/// Chosen once by chance for each table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seed(u64, u64);

/// Odd, and with as many bits set as not: the fractional parts of pi and of the golden ratio.
const PI: u64 = 0x243F_6A88_85A3_08D3;
const GOLD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Seed {
    pub fn of_bytes(bytes: [u8; 16]) -> Seed {
        let number = u128::from_le_bytes(bytes);
        Seed(number as u64, (number >> 64) as u64)
    }

    pub fn bytes(self) -> [u8; 16] {
        (u128::from(self.0) | u128::from(self.1) << 64).to_le_bytes()
    }

    pub fn address(self, domain: DomainId, key: &str) -> u64 {
        let of_domain = fold(self.0 ^ domain.number().cast_unsigned(), PI ^ self.1);
        let (words, rest) = key.as_bytes().as_chunks::<8>();
        let hash = words.iter().fold(of_domain, |hash, word| self.mix(hash, *word));
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        let hash = self.mix(hash, last);
        // The length tells `a` from `a` and a byte of zeros.
        fold(hash ^ key.len() as u64, GOLD ^ self.0)
    }

    pub fn link(self, link: LinkId) -> u64 {
        fold(self.mix(PI, link.number().to_le_bytes()), GOLD ^ self.0)
    }

    fn mix(self, hash: u64, word: [u8; 8]) -> u64 {
        fold(hash ^ u64::from_le_bytes(word), self.1 ^ GOLD)
    }
}

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const SEED: [u8; 16] = *b"0123456789abcdef";

    #[test]
    fn it_is_the_same_in_every_build() {
        let seed = Seed::of_bytes(SEED);
        assert_eq!(seed.bytes(), SEED);
        let domain = DomainId::new(7).unwrap();
        let found = [
            seed.address(domain, ""),
            seed.address(domain, "spring"),
            seed.address(domain, "shop/sale/2026"),
            seed.link(LinkId::new(7).unwrap()),
        ];
        let expected = [
            0xD9E7_3AC1_4193_2961,
            0x1F5E_A09E_FB3D_10B7,
            0x1712_3E96_830B_0025,
            0x9301_B2CC_0E16_8BF1,
        ];
        assert_eq!(found, expected, "a snapshot of before is of no use: raise FORMAT");
    }

    #[test]
    fn what_is_alike_lies_apart() {
        let (mut hashes, mut buckets) = (HashSet::new(), vec![0_u32; 1 << 12]);
        let seed = Seed::of_bytes(SEED);
        for (domain, number) in (1..9).flat_map(|of| (0..50_000).map(move |number| (of, number))) {
            let domain = DomainId::new(domain).unwrap();
            for key in [format!("{number}"), format!("campaign/{number:07}")] {
                let hash = seed.address(domain, &key);
                hashes.insert(hash);
                buckets[(hash >> 52) as usize] += 1;
            }
        }
        assert_eq!(hashes.len(), 800_000);
        // 195 each; nine standard deviations are 126.
        assert!(buckets.iter().all(|count| (69..=321).contains(count)), "{buckets:?}");
    }

    #[test]
    fn every_byte_counts() {
        let seed = Seed::of_bytes(SEED);
        let domain = DomainId::new(7).unwrap();
        let keys = ["a", "a\0", "\0a", "aaaaaaaa", "aaaaaaaa\0", "aaaaaaab", "baaaaaaa"];
        let hashes: HashSet<u64> = keys.iter().map(|key| seed.address(domain, key)).collect();
        assert_eq!(hashes.len(), keys.len());
    }
}
