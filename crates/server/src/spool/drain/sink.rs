//! What the drain asks of the place where clicks stay.

use std::fmt;

/// Where clicks stay.
pub trait Sink: Send + Sync + 'static {
    type Error: fmt::Display + Send;

    /// The offset behind the last click stored, for each segment of which any is.
    fn cursors(&self) -> impl Future<Output = Result<Vec<(u128, u64)>, Self::Error>> + Send;

    /// Stores a batch and its end in one transaction, and answers how many of its records are no
    /// clicks: those are left out.
    ///
    /// Leaves out clicks below the offset that is stored, and must fail where that is below the
    /// batch's begin: then commits were lost, as when another server takes over. An error is
    /// answered by the question for the offsets, and by what is behind them, after other segments
    /// had their turn.
    fn store(&self, batch: Stored<'_>) -> impl Future<Output = Result<u64, Self::Error>> + Send;

    /// Takes note that the file of a segment is gone. Is not told of each one: the process may end
    /// before.
    fn forget(&self, segment: u128) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// A batch of one segment, to be stored.
#[derive(Clone, Debug)]
pub struct Stored<'b> {
    pub segment: u128,
    /// The offset up to which the segment is stored already.
    pub from: u64,
    /// Records, each with its offset.
    pub clicks: Vec<(u64, &'b [u8])>,
    /// The offset behind them.
    pub next: u64,
    /// Nothing more will come, and the segment is removed when this is stored, so the clicks must
    /// be on the disk.
    pub sealed: bool,
}
