//! In which ways somebody can come in.

use model::Result;

use crate::App;

/// What a page offers to somebody who is not signed in.
#[derive(Debug)]
pub struct Ways {
    /// Whether anybody is a member yet; if nobody is, the terminal shows the way.
    pub members: bool,
}

/// Asked by people of whom nothing is known.
pub async fn ways(app: &App) -> Result<Ways> {
    Ok(Ways { members: app.store.has_members().await? })
}
