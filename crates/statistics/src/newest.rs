//! The newest clicks that a scan keeps: as many as are asked for, and no more in memory than that.

use std::{cmp::Reverse, collections::BinaryHeap};

/// When a click came, and where it is: which batch, and which place in it.
type Found = (i64, usize, usize);

#[derive(Default)]
pub(crate) struct Newest {
    limit: usize,
    /// The batch that is scanned.
    batch: usize,
    /// The oldest of them is on top.
    found: BinaryHeap<Reverse<Found>>,
}

impl Newest {
    /// From now on clicks are those of the `nth` batch.
    pub(crate) fn begin(&mut self, nth: usize, limit: usize) {
        (self.batch, self.limit) = (nth, limit);
    }

    pub(crate) fn meet(&mut self, at: i64, place: usize) {
        self.add((at, self.batch, place));
    }

    pub(crate) fn merge(&mut self, other: Newest) {
        self.limit = self.limit.max(other.limit);
        other.found.into_iter().for_each(|Reverse(found)| self.add(found));
    }

    /// Batch and place of each, newest first.
    pub(crate) fn places(self) -> impl Iterator<Item = (usize, usize)> {
        self.found.into_sorted_vec().into_iter().map(|Reverse((_, batch, place))| (batch, place))
    }

    fn add(&mut self, found: Found) {
        if self.found.len() < self.limit {
            self.found.push(Reverse(found));
        } else if let Some(mut oldest) = self.found.peek_mut()
            && oldest.0 < found
        {
            *oldest = Reverse(found);
        }
    }
}
