//! The builder: clicks in any order, to be made columns of.

use model::{Click, ClickId};

use crate::{
    column::Growing,
    columns::{Columns, Ids, Run},
    dimension::DIMENSIONS,
    times::Times,
};

/// Clicks that are not in order yet. It may go on growing after columns were made of it, as it
/// does for the clicks of the last minutes.
#[derive(Clone, Debug)]
pub struct Builder {
    /// Workspace, link and time of each click: what they are sorted by.
    keys: Vec<(i64, i64, i64)>,
    visitors: Vec<u64>,
    /// One for each dimension; those that are read off the clock stay empty.
    dimensions: Vec<Growing>,
    traces: Growing<Box<[u8]>>,
    segments: Growing<Box<[u8]>>,
    offsets: Vec<u64>,
}

impl Default for Builder {
    fn default() -> Builder {
        Builder {
            keys: Vec::new(),
            visitors: Vec::new(),
            dimensions: DIMENSIONS.iter().map(|_| Growing::default()).collect(),
            traces: Growing::default(),
            segments: Growing::default(),
            offsets: Vec::new(),
        }
    }
}

impl Builder {
    /// So many clicks make a good block: some 5 MB sealed, made within a second, quick to pass over
    /// where the range ends before it, and with few values that other blocks have too.
    pub const FULL: usize = 1 << 17;

    /// Adds a click, with its id where it has one.
    ///
    /// A visitor's hash of 0 counts as none, which befalls one visitor in 2⁶⁴.
    pub fn push(&mut self, click: &Click<'_>, id: Option<ClickId>) {
        self.keys.push((click.workspace, click.link, click.at));
        self.visitors.push(click.visitor.unwrap_or(0));
        for (column, dimension) in self.dimensions.iter_mut().zip(DIMENSIONS) {
            if dimension.has_column() {
                column.push(dimension.read(click));
            }
        }
        self.traces.push_bytes(click.trace);
        match id {
            Some(ClickId { segment, offset }) => {
                self.segments.push_bytes(&segment.to_be_bytes());
                self.offsets.push(offset);
            }
            None => {
                self.segments.push_bytes(&[]);
                self.offsets.push(0);
            }
        }
    }

    /// How many clicks there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The clicks as columns, sorted by workspace, link and time; those of one moment stay in the
    /// order in which they came.
    pub fn columns(&self) -> Columns {
        let mut keys: Vec<_> = self.keys.iter().copied().zip(0_u32..).collect();
        keys.sort_unstable();
        let order: Vec<u32> = keys.iter().map(|(_, click)| *click).collect();
        let keys = || keys.iter().map(|(key, _)| *key);
        Columns::whole(
            Run::all(keys().map(|(workspace, link, _)| (workspace, link))),
            Times::new(keys().map(|(.., at)| at).collect()),
            order.iter().map(|&click| self.visitors[click as usize]).collect(),
            self.dimensions
                .iter()
                .zip(DIMENSIONS)
                .map(|(column, dimension)| dimension.has_column().then(|| column.ordered(&order))),
            self.traces.ordered(&order),
            Ids {
                segments: self.segments.ordered(&order),
                offsets: order.iter().map(|&click| self.offsets[click as usize]).collect(),
            },
        )
    }
}
