//! When each click of a batch was, in milliseconds since 1970 in UTC.

/// Half the bytes where all lie within 49 days of the first, which is how batches are made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Times {
    Near { first: i64, after: Vec<u32> },
    Far(Vec<i64>),
}

/// A quarter of an hour, by which the clocks of all inhabited places go.
pub(crate) const QUARTER: i64 = 15 * 60 * 1_000;

/// The quarter of an hour in which each click of a batch was: all that most questions need to know of
/// its time, in half the bytes.
#[derive(Debug)]
pub(crate) struct Quarters {
    /// When the first of them began, in milliseconds since 1970.
    pub(crate) start: i64,
    pub(crate) after: Vec<u16>,
}

impl Times {
    pub(crate) fn new(times: Vec<i64>) -> Times {
        let first = times.iter().copied().min().unwrap_or(0);
        let after = |at: &i64| at.checked_sub(first).and_then(|after| u32::try_from(after).ok());
        match times.iter().map(after).collect() {
            Some(after) => Times::Near { first, after },
            None => Times::Far(times),
        }
    }

    pub(crate) fn get(&self, click: usize) -> i64 {
        match self {
            Times::Near { first, after } => first + i64::from(after[click]),
            Times::Far(times) => times[click],
        }
    }

    /// None where the batch spans more of them than two bytes count, which is almost two years.
    pub(crate) fn quarters(&self) -> Option<Quarters> {
        let (first, last) = (self.iter().min()?, self.iter().max()?);
        let start = first.div_euclid(QUARTER).checked_mul(QUARTER)?;
        u16::try_from(last.checked_sub(start)? / QUARTER).ok()?;
        let after = self.iter().map(|at| ((at - start) / QUARTER) as u16).collect();
        Some(Quarters { start, after })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.len()).map(|click| self.get(click))
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Times::Near { after, .. } => after.len(),
            Times::Far(times) => times.len(),
        }
    }

    /// Bytes in memory.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Times::Near { after, .. } => 4 * after.len(),
            Times::Far(times) => 8 * times.len(),
        }
    }
}
