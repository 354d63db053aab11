//! Exporting clicks one by one, however many there are.

use std::{collections::VecDeque, sync::Arc};

use model::{Caller, Result, Scope};
use statistics::{Columns, Query, Unread};
use store::Block;

use super::{
    clicks::PATIENCE,
    statistics::{within, without_clocks},
};
use crate::App;

/// Clicks on their way out, a batch after another: no more than one block is in memory for it.
pub struct Export {
    app: App,
    /// Which clicks of a batch are wanted.
    pub query: Arc<Query>,
    recent: VecDeque<Arc<Columns>>,
    blocks: VecDeque<Block>,
    /// What is missing, since its blocks are damaged.
    pub unread: Vec<Unread>,
}

/// The clicks that a question is about, all that were answered before the call included.
pub async fn export_clicks(app: &App, caller: &Caller, query: Query) -> Result<Export> {
    caller.may(Scope::StatsRead)?;
    without_clocks(&query.filters)?;
    let query = within(app, caller, vec![query]).await?.remove(0);
    app.clicks.flush(PATIENCE).await;
    let (recent, blocks) = app.archive.parts(&app.store, query.from, query.to).await?;
    // Before the first line, as there is no place for a warning after it.
    let unread = app.archive.unread(&app.store, &blocks, app.config.statistics_bytes).await?;
    let (recent, blocks) = (recent.into(), blocks.into());
    Ok(Export { app: app.clone(), query: Arc::new(query), recent, blocks, unread })
}

impl Export {
    /// The next batch, the oldest first; none after the last.
    pub async fn next(&mut self) -> Result<Option<Arc<Columns>>> {
        while let Some(block) = self.blocks.pop_front() {
            let found = self.app.archive.block(&self.app.store, block.id).await?;
            self.app.archive.trim(self.app.config.statistics_bytes);
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(self.recent.pop_front())
    }
}
