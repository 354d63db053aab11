//! Codes: for each click the number of its value in a dictionary, in as few bytes as hold it.

/// The code of what is not known; the value numbered `n` of a dictionary has the code `n + 1`.
pub(crate) const NONE: u32 = 0;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Codes {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Codes {
    /// Keeps codes of which none is above `highest`.
    pub(crate) fn new(codes: impl Iterator<Item = u32>, highest: usize) -> Codes {
        if highest <= usize::from(u8::MAX) {
            Codes::One(codes.map(|code| code as u8).collect())
        } else if highest <= usize::from(u16::MAX) {
            Codes::Two(codes.map(|code| code as u16).collect())
        } else {
            Codes::Four(codes.collect())
        }
    }

    pub(crate) fn get(&self, place: usize) -> u32 {
        match self {
            Codes::One(codes) => codes[place].into(),
            Codes::Two(codes) => codes[place].into(),
            Codes::Four(codes) => codes[place],
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len()).map(|place| self.get(place))
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Codes::One(codes) => codes.len(),
            Codes::Two(codes) => codes.len(),
            Codes::Four(codes) => codes.len(),
        }
    }

    /// Bytes in memory.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Codes::One(codes) => codes.len(),
            Codes::Two(codes) => 2 * codes.len(),
            Codes::Four(codes) => 4 * codes.len(),
        }
    }
}

/// Which codes pass.
pub(crate) enum Passes {
    /// These few, or all but these few, which are compared many clicks at a time.
    Few { codes: Vec<u32>, negated: bool },
    /// For each code 1 if it passes, else 0.
    Table(Vec<u8>),
}

/// So many codes are compared sooner than a table is looked into.
const FEW: usize = 8;

impl Passes {
    /// Those whose place in the table has a 1; all others have a 0.
    pub(crate) fn new(table: Vec<u8>) -> Passes {
        let of = |which: u8| -> Vec<u32> {
            let codes = (0..).zip(&table).filter(|(_, passes)| **passes == which);
            codes.map(|(code, _)| code).take(FEW + 1).collect()
        };
        let passing = of(1);
        if passing.len() <= FEW {
            return Passes::Few { codes: passing, negated: false };
        }
        let failing = of(0);
        if failing.len() <= FEW {
            return Passes::Few { codes: failing, negated: true };
        }
        Passes::Table(table)
    }

    /// Keeps of the clicks from `place` on those whose codes pass; what is kept is 1, else 0.
    pub(crate) fn keep(&self, codes: &Codes, place: usize, keep: &mut [u8]) {
        match codes {
            Codes::One(codes) => self.keep_each(&codes[place..], |code| code as u8, keep),
            Codes::Two(codes) => self.keep_each(&codes[place..], |code| code as u16, keep),
            Codes::Four(codes) => self.keep_each(&codes[place..], |code| code, keep),
        }
    }

    fn keep_each<C: Copy + PartialEq + Into<u32>>(
        &self,
        codes: &[C],
        narrow: fn(u32) -> C,
        keep: &mut [u8],
    ) {
        match self {
            Passes::Few { codes: few, negated } => {
                // A code's turn at a time over some hundred clicks: plain loops that the compiler
                // makes comparisons of sixteen at once of.
                let mut met = [0_u8; 256];
                for (keep, codes) in keep.chunks_mut(met.len()).zip(codes.chunks(met.len())) {
                    met.fill(u8::from(*negated));
                    for code in few {
                        let code = narrow(*code);
                        for (met, this) in met.iter_mut().zip(codes) {
                            *met ^= u8::from(*this == code);
                        }
                    }
                    keep.iter_mut().zip(met).for_each(|(keep, met)| *keep &= met);
                }
            }
            Passes::Table(table) => {
                for (keep, code) in keep.iter_mut().zip(codes) {
                    let code: u32 = (*code).into();
                    *keep &= table[code as usize];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_codes_pass_as_a_table_lets_them() {
        let codes: Vec<u32> = (0..700_u32).map(|n| n * n % 41).collect();
        let widths = [40, 300, 70_000].map(|highest| Codes::new(codes.iter().copied(), highest));
        for passing in [0, 1, 8, 9, 20, 32, 33, 40, 41] {
            let table: Vec<u8> = (0..41).map(|code| u8::from(code * 7 % 41 < passing)).collect();
            for codes in &widths {
                let keep = |passes: Passes| {
                    let mut keep = vec![1; 600];
                    keep[7] = 0;
                    passes.keep(codes, 50, &mut keep);
                    keep
                };
                assert_eq!(keep(Passes::new(table.clone())), keep(Passes::Table(table.clone())));
            }
        }
    }
}
