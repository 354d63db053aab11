//! What this installation is and how it does: for whoever runs it.

use model::{Caller, Result, Scope};

use crate::{
    App,
    visitor::{GeoProblem, GeoSource},
};

pub struct Installation {
    pub sources: Vec<GeoSource>,
    pub problems: Vec<GeoProblem>,
    /// Sealed blocks of clicks, and the clicks in them.
    pub blocks: (usize, i64),
}

/// The sources of places that are loaded, and where clicks are stored.
pub async fn installation(app: &App, caller: &Caller) -> Result<Installation> {
    caller.may(Scope::StatsRead)?;
    let blocks = app.store.blocks().await?;
    let loaded = app.facts.geo.loaded();
    Ok(Installation {
        sources: loaded.sources(),
        problems: loaded.problems().to_vec(),
        blocks: (blocks.len(), blocks.iter().map(|block| block.clicks).sum()),
    })
}
