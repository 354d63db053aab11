//! Clicks that are in no block yet, as columns that grow with them.

use std::sync::Arc;

use model::{Click, Unreadable};
use statistics::{Builder, Columns};
use store::{Block, Known, NewClicks};

/// All clicks that are in no block, as far as they were asked for.
#[derive(Default)]
pub(super) struct Recent {
    pub(super) known: Known,
    full: Vec<Arc<Columns>>,
    growing: Builder,
    /// The columns of what is growing, until it grows.
    grown: Option<Arc<Columns>>,
}

/// So many clicks are made columns of again each time that more come.
const GROWING: usize = 8_192;

impl Recent {
    /// Adds what is new; the blocks come back.
    pub(super) fn take(&mut self, new: NewClicks) -> Vec<Block> {
        if new.anew {
            *self = Recent { known: std::mem::take(&mut self.known), ..Recent::default() };
        }
        for recent in new.clicks {
            match Click::decode(&recent.record) {
                Ok(click) => self.push(&click, recent.id),
                // Whoever knows that version counts it.
                Err(Unreadable::Version(_)) => (),
                Err(error) => {
                    tracing::error!(%error, click.id = %recent.id, "a stored click is none");
                }
            }
        }
        new.blocks
    }

    pub(super) fn batches(&mut self) -> Vec<Arc<Columns>> {
        let grown = self.grown.get_or_insert_with(|| Arc::new(self.growing.columns()));
        self.full.iter().chain([&*grown]).cloned().collect()
    }

    fn push(&mut self, click: &Click<'_>, id: model::ClickId) {
        self.growing.push(click, Some(id));
        self.grown = None;
        if GROWING <= self.growing.len() {
            self.full.push(Arc::new(std::mem::take(&mut self.growing).columns()));
        }
    }
}
