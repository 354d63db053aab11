//! Visitors: how many different ones there were, exactly while they are few.

/// So many are told apart one by one; of more, a sketch is kept.
const FEW: usize = 1_024;

/// So many are told apart one by one where an estimate would not do: 32 MiB.
const MOST: usize = 1 << 22;

/// Bits of a hash that choose its register.
const BITS: u32 = 12;
const REGISTERS: usize = 1 << BITS;
/// The highest a register gets.
const HIGHEST: usize = 65 - BITS as usize;

/// The different visitors of one UTC day, by their hashes of that day.
///
/// Up to 1,024 they are counted exactly, or up to 4,194,304 where that is asked for. Of more, a
/// HyperLogLog of 4,096 registers is kept, whose standard error is 1.6 % of a day's visitors; the errors of several days cancel out in part, so
/// that a sum over a month is some 0.3 % off. Merging gives what counting at once would have.
///
/// **Invariant:** hashes are as good as random (they are SipHashes under a salt of the day), and not 0.
#[derive(Clone, Debug)]
pub(crate) enum Visitors {
    Few(Few),
    Many(Box<[u8; REGISTERS]>),
}

/// A set of hashes that is cleared of repetitions only now and then: noting one is writing it down,
/// which is far cheaper than looking whether it is there already.
#[derive(Clone, Debug)]
pub(crate) struct Few {
    hashes: Vec<u64>,
    /// The first so many are all different.
    different: usize,
    /// More than so many are not few.
    most: usize,
}

/// Slots of the table that finds repetitions: half of them are taken at most.
const SLOTS: usize = 4 * FEW;

impl Default for Visitors {
    fn default() -> Visitors {
        Visitors::Few(Few::upto(FEW))
    }
}

impl Visitors {
    /// Nobody yet, of whom many more are to be counted exactly.
    pub(crate) fn exact() -> Visitors {
        Visitors::Few(Few::upto(MOST))
    }

    #[inline]
    pub(crate) fn insert(&mut self, hash: u64) {
        match self {
            Visitors::Many(registers) => note(registers, hash),
            Visitors::Few(few) => {
                few.hashes.push(hash);
                if 2 * few.different.max(FEW) <= few.hashes.len() {
                    self.settle();
                }
            }
        }
    }

    /// Leaves out what is there twice, and makes a sketch of the hashes if they are too many by now.
    #[cold]
    pub(crate) fn settle(&mut self) {
        if let Visitors::Few(few) = self
            && few.are_too_many()
        {
            *self = Visitors::Many(few.sketch());
        }
    }

    /// Adds those of others, and settles.
    pub(crate) fn merge(&mut self, other: Visitors) {
        *self = match (std::mem::take(self), other) {
            (Visitors::Few(none), other) if none.hashes.is_empty() => other,
            (Visitors::Few(mut ours), Visitors::Few(theirs)) => {
                ours.hashes.extend(theirs.hashes);
                ours.most = ours.most.max(theirs.most);
                Visitors::Few(ours)
            }
            (Visitors::Few(few), Visitors::Many(mut many))
            | (Visitors::Many(mut many), Visitors::Few(few)) => {
                few.hashes.iter().for_each(|hash| note(&mut many, *hash));
                Visitors::Many(many)
            }
            (Visitors::Many(mut ours), Visitors::Many(theirs)) => {
                for (our, their) in ours.iter_mut().zip(theirs.iter()) {
                    *our = (*our).max(*their);
                }
                Visitors::Many(ours)
            }
        };
        self.settle();
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Visitors::Few(few) if few.hashes.is_empty())
    }

    /// Settled ones only.
    pub(crate) fn count(&self) -> u64 {
        match self {
            Visitors::Few(few) => few.different as u64,
            Visitors::Many(registers) => estimate(registers),
        }
    }
}

impl Few {
    fn upto(most: usize) -> Few {
        Few { hashes: Vec::new(), different: 0, most }
    }

    /// Whether they are more than few; leaves out what is there twice where they are not.
    fn are_too_many(&mut self) -> bool {
        if self.different == self.hashes.len() {
            return false;
        }
        if self.most < self.hashes.len() && self.most < self.at_least() {
            return true;
        }
        if SLOTS / 2 < self.hashes.len() {
            self.hashes.sort_unstable();
            self.hashes.dedup();
        } else {
            self.leave_out_repetitions();
        }
        self.different = self.hashes.len();
        self.most < self.different
    }

    /// No hash is 0, and all are as good as random: each is its own place in a table.
    fn leave_out_repetitions(&mut self) {
        let mut table = [0; SLOTS];
        self.hashes.retain(|&hash| {
            let mut slot = hash as usize % SLOTS;
            while table[slot] != 0 && table[slot] != hash {
                slot = (slot + 1) % SLOTS;
            }
            std::mem::replace(&mut table[slot], hash) == 0
        });
    }

    /// How many different ones there are at least: so many as differ in some of their bits, which
    /// is found out sooner than repetitions are.
    fn at_least(&self) -> usize {
        let mut met = [0_u64; 256];
        for hash in &self.hashes {
            met[(hash >> 6 & 255) as usize] |= 1 << (hash & 63);
        }
        met.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    fn sketch(&self) -> Box<[u8; REGISTERS]> {
        let mut registers = Box::new([0; REGISTERS]);
        self.hashes.iter().for_each(|hash| note(&mut registers, *hash));
        registers
    }
}

/// Each register keeps the longest run of zeros that it met, plus one.
#[inline]
fn note(registers: &mut [u8; REGISTERS], hash: u64) {
    let register = &mut registers[(hash >> (u64::BITS - BITS)) as usize];
    // The bit below the register's ends the run at the latest.
    let zeros = ((hash << BITS) | (1 << (BITS - 1))).leading_zeros() as u8;
    *register = (*register).max(zeros + 1);
}

/// The improved estimator of Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog
/// sketches" (2017), algorithm 6: unbiased from none to very many without tables.
fn estimate(registers: &[u8; REGISTERS]) -> u64 {
    let mut counts = [0_u32; HIGHEST + 1];
    for &register in registers {
        counts[usize::from(register)] += 1;
    }
    let m = REGISTERS as f64;
    let mut sum = m * tau(1.0 - f64::from(counts[HIGHEST]) / m);
    for count in counts[1..HIGHEST].iter().rev() {
        sum = 0.5 * (sum + f64::from(*count));
    }
    sum += m * sigma(f64::from(counts[0]) / m);
    (m * m / (2.0 * std::f64::consts::LN_2 * sum)).round() as u64
}

/// What registers that met nothing tell.
fn sigma(mut x: f64) -> f64 {
    if x == 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z == before {
            return z;
        }
    }
}

/// What registers that can rise no further tell.
fn tau(mut x: f64) -> f64 {
    if x == 0.0 || x == 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if z == before {
            return z / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn of(hashes: impl IntoIterator<Item = u64>) -> Visitors {
        let mut visitors = Visitors::default();
        hashes.into_iter().for_each(|hash| visitors.insert(hash));
        visitors
    }

    fn settled(hashes: impl IntoIterator<Item = u64>) -> Visitors {
        let mut visitors = of(hashes);
        visitors.settle();
        visitors
    }

    /// The finaliser of splitmix64, so that numbers become hashes.
    fn hash(number: u64) -> u64 {
        let mut x = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (x ^ (x >> 31)).max(1)
    }

    #[test]
    fn the_estimate_of_many_is_within_four_standard_errors() {
        for (seed, count) in [(1, 1_025), (2, 2_000), (3, 5_000), (4, 20_000), (5, 500_000)] {
            let visitors = settled((0..count).map(|n| hash((seed << 40) + n)));
            let off = visitors.count() as f64 / count as f64 - 1.0;
            assert!(off.abs() < 4.0 * 1.04 / (REGISTERS as f64).sqrt(), "{count}: {off}");
        }
    }

    #[test]
    fn where_an_estimate_would_not_do_many_are_counted_exactly_too() {
        let mut visitors = Visitors::exact();
        for n in 0..150_000 {
            visitors.insert(hash(n % 60_000));
        }
        let mut sum = Visitors::default();
        sum.merge(visitors);
        let mut others = Visitors::exact();
        (50_000..70_000).for_each(|n| others.insert(hash(n)));
        sum.merge(others);
        assert_eq!(sum.count(), 70_000);
    }

    proptest! {
        #[test]
        fn few_are_counted_exactly(numbers in prop::collection::vec(0..2_000_u64, 0..FEW)) {
            let different = numbers.iter().collect::<HashSet<_>>().len() as u64;
            prop_assert_eq!(settled(numbers.into_iter().map(hash)).count(), different);
        }

        #[test]
        fn merging_is_counting_at_once(a in 0..3_000_u64, b in 0..3_000_u64, c in 0..3_000_u64) {
            let mut merged = of((0..a).map(hash));
            merged.merge(of((b..b + c).map(hash)));
            let at_once = settled((0..a).chain(b..b + c).map(hash));
            prop_assert_eq!(merged.count(), at_once.count());
            prop_assert_eq!(
                matches!(merged, Visitors::Few(_)),
                matches!(at_once, Visitors::Few(_))
            );
        }
    }
}
