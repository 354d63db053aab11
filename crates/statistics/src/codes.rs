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

    /// Keeps of the clicks from `place` on those whose codes pass: for each code 1 or 0.
    pub(crate) fn keep(&self, place: usize, passes: &[u8], keep: &mut [u8]) {
        fn each<C: Copy + Into<u32>>(codes: &[C], passes: &[u8], keep: &mut [u8]) {
            for (keep, code) in keep.iter_mut().zip(codes) {
                let code: u32 = (*code).into();
                *keep &= passes[code as usize];
            }
        }
        match self {
            Codes::One(codes) => each(&codes[place..], passes, keep),
            Codes::Two(codes) => each(&codes[place..], passes, keep),
            Codes::Four(codes) => each(&codes[place..], passes, keep),
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
