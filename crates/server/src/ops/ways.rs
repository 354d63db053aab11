//! In which ways somebody can come in.

use model::Result;

use super::passkeys::takes_passkeys;
use crate::App;

/// What a page offers to somebody who is not signed in.
#[derive(Debug)]
pub struct Ways {
    /// Whether anybody is a member yet; if nobody is, the terminal shows the way.
    pub members: bool,
    /// Whether browsers let passkeys be used here.
    pub passkeys: bool,
    /// The name of who vouches for members, where somebody does.
    pub issuer: Option<String>,
}

/// Asked by people of whom nothing is known.
pub async fn ways(app: &App) -> Result<Ways> {
    Ok(Ways {
        members: app.store.has_members().await?,
        passkeys: takes_passkeys(&app.config),
        issuer: app.config.oidc.as_ref().map(|issuer| issuer.name.clone()),
    })
}
