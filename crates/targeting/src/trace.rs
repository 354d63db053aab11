//! What a decision looked at, in two bits a condition, for a click to keep.

use crate::Outcome;

/// The outcomes of the tests that a decision looked at, in the order in which it did.
///
/// With the rules of the same revision it tells the whole decision again, without anything of the
/// visitor: see [`Rules::recall`](crate::Rules::recall).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Trace {
    bytes: [u8; Trace::MOST / 4],
    len: u16,
}

impl Trace {
    /// How many outcomes a trace holds; later ones are not kept.
    pub const MOST: usize = 256;

    pub fn len(&self) -> usize {
        usize::from(self.len)
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether there was no room left, so that later outcomes may be missing.
    pub fn truncated(&self) -> bool {
        self.len() == Trace::MOST
    }

    /// Four outcomes a byte, the first in the lowest bits: 1 true, 2 false, 3 unknown; 0 after the
    /// last.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len().div_ceil(4)]
    }

    /// Reads what [`as_bytes`](Self::as_bytes) gave, up to the first 0 or as far as there is room.
    pub fn from_bytes(bytes: &[u8]) -> Trace {
        let mut trace = Trace::default();
        for code in bytes.iter().flat_map(|byte| [0, 2, 4, 6].map(|shift| byte >> shift & 3)) {
            match outcome(code) {
                Some(outcome) => trace.push(outcome),
                None => break,
            }
        }
        trace
    }

    pub fn iter(&self) -> impl Iterator<Item = Outcome> {
        (0..self.len()).filter_map(|i| outcome(self.bytes[i / 4] >> (i % 4 * 2) & 3))
    }

    /// Adds outcomes.
    #[inline(never)]
    pub(crate) fn extend(&mut self, recent: Recent) {
        let (codes, len) = recent.in_order();
        let (codes, start) = (codes.to_le_bytes(), self.len() / 4);
        match self.bytes.get_mut(start..start + codes.len()) {
            Some(bytes) if self.len.is_multiple_of(4) => {
                bytes.copy_from_slice(&codes);
                self.len += len as u16;
            }
            _ => {
                let codes = codes.iter().flat_map(|byte| [0, 2, 4, 6].map(|at| byte >> at & 3));
                codes.filter_map(outcome).for_each(|outcome| self.push(outcome));
            }
        }
    }

    fn push(&mut self, outcome: Outcome) {
        let i = self.len();
        if let Some(byte) = self.bytes.get_mut(i / 4) {
            *byte |= (outcome as u8) << (i % 4 * 2);
            self.len += 1;
        }
    }
}

/// Outcomes on their way into a trace: a 1, then each in two bits, the latest in the lowest. One
/// word alone, since the loop that decides has no register to spare.
#[derive(Clone, Copy)]
pub(crate) struct Recent(u64);

impl Recent {
    /// As many outcomes as fill whole bytes of a trace and leave room for the 1.
    const MOST: u32 = 28;

    #[inline]
    pub(crate) fn with(self, outcome: Outcome) -> Recent {
        Recent(self.0 << 2 | outcome as u64)
    }

    /// Goes on with none where there is room for no more.
    #[inline]
    pub(crate) fn spill(self, trace: &mut Trace) -> Recent {
        if self.0 >> (2 * Recent::MOST) == 0 {
            return self;
        }
        trace.extend(self);
        Recent::default()
    }

    /// The first in the lowest bits, and how many.
    fn in_order(self) -> (u64, u32) {
        const LOW: u64 = u64::from_le_bytes([0b0101_0101; 8]);
        let bits = self.0.ilog2();
        let codes = (self.0 ^ 1 << bits).reverse_bits();
        let codes = (codes & LOW) << 1 | codes >> 1 & LOW;
        (codes.checked_shr(u64::BITS - bits).unwrap_or(0), bits / 2)
    }
}

impl Default for Recent {
    fn default() -> Recent {
        Recent(1)
    }
}

impl Default for Trace {
    fn default() -> Trace {
        Trace { bytes: [0; Trace::MOST / 4], len: 0 }
    }
}

impl std::fmt::Debug for Trace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

fn outcome(code: u8) -> Option<Outcome> {
    match code {
        1 => Some(Outcome::True),
        2 => Some(Outcome::False),
        3 => Some(Outcome::Unknown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: [Outcome; 3] = [Outcome::True, Outcome::False, Outcome::Unknown];

    #[test]
    fn bytes_bring_every_trace_back() {
        for len in 0..=Trace::MOST {
            let mut trace = Trace::default();
            for i in 0..len {
                trace.push(THREE[i * i % 3]);
            }
            assert_eq!((trace.len(), trace.iter().count()), (len, len));
            assert_eq!(trace.as_bytes().len(), len.div_ceil(4));
            assert_eq!(Trace::from_bytes(trace.as_bytes()), trace);
            assert_eq!(trace.truncated(), len == Trace::MOST);
        }
    }

    #[test]
    fn recent_outcomes_follow_those_before_them() {
        for len in 0..300 {
            let (mut trace, mut recent) = (Trace::default(), Recent::default());
            for i in 0..len {
                recent = recent.with(THREE[i * i % 3]).spill(&mut trace);
                // As a row that ends within a byte.
                if i == len / 5 {
                    trace.extend(recent);
                    recent = Recent::default();
                }
            }
            trace.extend(recent);
            let expected = (0..len.min(Trace::MOST)).map(|i| THREE[i * i % 3]);
            assert!(trace.iter().eq(expected), "{len}");
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let mut trace = Trace::default();
        for _ in 0..300 {
            trace.push(Outcome::Unknown);
        }
        assert!(trace.truncated());
        assert_eq!(trace.as_bytes(), [0xff; 64]);
        assert_eq!(Trace::from_bytes(&[0xff; 99]), trace);
    }
}
