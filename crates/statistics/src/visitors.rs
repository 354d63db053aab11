//! Visitors: how many different ones there were, exactly while they are few.

/// So many are told apart one by one; of more, a sketch is kept.
const FEW: usize = 1_024;

/// So many are told apart one by one where an estimate would not do: 32 MiB.
const MOST: usize = 1 << 22;

/// Of so many names it is asked whether they are too many already, before repetitions are left out of
/// twice as many as are few.
const PERHAPS_MANY: usize = FEW + FEW * 3 / 8;

/// Bits of a hash that choose its register.
const BITS: u32 = 12;
const REGISTERS: usize = 1 << BITS;
/// The highest a register gets, which is what four bits hold: enough for 100 million visitors a day.
const HIGHEST: u32 = 15;

/// What a visitor's hash comes to in a sketch: the register, and how high it rises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark(u16);

/// What is left of a visitor's hash to tell visitors apart by: their mark, and four bytes that have no
/// part in it, which are the same for two of 1,024 visitors on one of 30 million days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name(u64);

/// Who made each click of a batch, in six bytes instead of eight of which most questions need two.
#[derive(Debug)]
pub(crate) struct Marks {
    marks: Vec<Mark>,
    rests: Vec<u32>,
}

impl Mark {
    /// That of nobody rises no register.
    pub(crate) fn of(hash: u64) -> Mark {
        if hash == 0 {
            return Mark::default();
        }
        let register = (hash >> (u64::BITS - BITS)) as u16;
        // Each register keeps the longest run of zeros that it met, plus one.
        let zeros = (hash << BITS).leading_zeros().min(HIGHEST - 1);
        Mark(register << 4 | (zeros as u16 + 1))
    }

    #[inline]
    fn leave(self, registers: &mut [u8; REGISTERS]) {
        let register = &mut registers[usize::from(self.0 >> 4)];
        *register = (*register).max((self.0 & 15) as u8);
    }
}

impl Name {
    #[inline]
    fn new(mark: Mark, rest: u32) -> Name {
        Name(u64::from(mark.0) << 32 | u64::from(rest))
    }

    fn mark(self) -> Mark {
        Mark((self.0 >> 32) as u16)
    }
}

impl Marks {
    pub(crate) fn new(hashes: &[u64]) -> Marks {
        let marks = hashes.iter().map(|hash| Mark::of(*hash)).collect();
        Marks { marks, rests: hashes.iter().map(|hash| *hash as u32).collect() }
    }

    /// Notes who made those that are kept of the clicks from `place` on, each in its cell.
    pub(crate) fn note(&self, place: usize, kept: &[u32], of: &[u32], cells: &mut [Visitors]) {
        let (marks, rests) = (&self.marks[place..], &self.rests[place..]);
        for (&click, &cell) in kept.iter().zip(of) {
            let click = click as usize;
            cells[cell as usize].meet(marks[click], || rests[click]);
        }
    }

    /// Bytes in memory.
    pub(crate) fn bytes(&self) -> usize {
        2 * self.marks.len() + 4 * self.rests.len()
    }
}

/// The different visitors of one UTC day, by what is left of their hashes of that day.
///
/// Up to 1,024 they are counted exactly, or up to 4,194,304 where that is asked for. Of more, a
/// HyperLogLog of 4,096 registers is kept, whose standard error is 1.6 % of a day's visitors; the
/// errors of several days cancel out in part, so that a sum over a month is some 0.3 % off. Merging
/// gives what counting at once would have.
///
/// **Invariant:** hashes are as good as random (they are SipHashes under a salt of the day), and not 0.
#[derive(Clone, Debug)]
pub(crate) enum Visitors {
    Few(Few),
    Many(Sketch),
}

type Sketch = Box<[u8; REGISTERS]>;

/// A set of names that is cleared of repetitions only now and then: noting one is writing it down,
/// which is far cheaper than looking whether it is there already.
#[derive(Clone, Debug)]
pub(crate) struct Few {
    names: Vec<Name>,
    /// The first so many are all different.
    different: usize,
    /// More than so many are not few.
    most: usize,
}

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

    /// Adds a visitor by their mark; the rest of their name is asked for only while they are few.
    #[inline]
    fn meet(&mut self, mark: Mark, rest: impl FnOnce() -> u32) {
        match self {
            Visitors::Many(registers) => mark.leave(registers),
            Visitors::Few(few) => {
                if mark != Mark::default() {
                    few.names.push(Name::new(mark, rest()));
                    if few.are_perhaps_too_many() {
                        self.look();
                    }
                }
            }
        }
    }

    #[cold]
    fn look(&mut self) {
        match self {
            Visitors::Few(few) if few.names.len() == PERHAPS_MANY => {
                if let Some(sketch) = few.too_many() {
                    *self = Visitors::Many(sketch);
                }
            }
            _ => self.settle(),
        }
    }

    /// Leaves out who is there twice, and makes a sketch of the rest if they are too many by now.
    pub(crate) fn settle(&mut self) {
        if let Visitors::Few(few) = self
            && let Some(sketch) = few.settle()
        {
            *self = Visitors::Many(sketch);
        }
    }

    /// Adds those of others, and settles.
    pub(crate) fn merge(&mut self, other: Visitors) {
        *self = match (std::mem::take(self), other) {
            (Visitors::Few(none), other) if none.names.is_empty() => other,
            (Visitors::Few(mut ours), Visitors::Few(theirs)) => {
                ours.names.extend(theirs.names);
                ours.most = ours.most.max(theirs.most);
                Visitors::Few(ours)
            }
            (Visitors::Few(few), Visitors::Many(mut many))
            | (Visitors::Many(mut many), Visitors::Few(few)) => {
                few.leave_marks(&mut many);
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
        matches!(self, Visitors::Few(few) if few.names.is_empty())
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
        Few { names: Vec::new(), different: 0, most }
    }

    #[inline]
    fn are_perhaps_too_many(&self) -> bool {
        let names = self.names.len();
        names == PERHAPS_MANY || 2 * self.different.max(FEW) <= names
    }

    /// The sketch of all where they are certainly more than few: who rises different registers is
    /// different, which is found out sooner than who is not.
    fn too_many(&self) -> Option<Sketch> {
        if self.most != FEW || self.names.len() <= FEW {
            return None;
        }
        let sketch = self.sketch();
        (FEW < sketch.iter().filter(|register| **register != 0).count()).then_some(sketch)
    }

    /// Leaves out who is there twice; the sketch of all where they are more than few.
    fn settle(&mut self) -> Option<Sketch> {
        if self.different == self.names.len() {
            return None;
        }
        if let Some(sketch) = self.too_many() {
            return Some(sketch);
        }
        if 2 * FEW < self.names.len() {
            self.names.sort_unstable();
            self.names.dedup();
        } else {
            self.leave_out_repetitions();
        }
        self.different = self.names.len();
        (self.most < self.different).then(|| self.sketch())
    }

    /// No name is 0, and all are as good as random: each is its own place in a table of which a quarter
    /// is taken at most.
    fn leave_out_repetitions(&mut self) {
        let mut table = vec![0; (4 * self.names.len()).next_power_of_two()];
        let last = table.len() - 1;
        self.names.retain(|&Name(name)| {
            let mut slot = name as usize & last;
            while table[slot] != 0 && table[slot] != name {
                slot = (slot + 1) & last;
            }
            std::mem::replace(&mut table[slot], name) == 0
        });
    }

    fn sketch(&self) -> Sketch {
        let mut registers = Box::new([0; REGISTERS]);
        self.leave_marks(&mut registers);
        registers
    }

    fn leave_marks(&self, registers: &mut [u8; REGISTERS]) {
        self.names.iter().for_each(|name| name.mark().leave(registers));
    }
}

/// The improved estimator of Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog
/// sketches" (2017), algorithm 6: unbiased from none to very many without tables.
fn estimate(registers: &[u8; REGISTERS]) -> u64 {
    const MOST: usize = HIGHEST as usize;
    let mut counts = [0_u32; MOST + 1];
    for &register in registers {
        counts[usize::from(register)] += 1;
    }
    let m = REGISTERS as f64;
    let mut sum = m * tau(1.0 - f64::from(counts[MOST]) / m);
    for count in counts[1..MOST].iter().rev() {
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
mod tests;
