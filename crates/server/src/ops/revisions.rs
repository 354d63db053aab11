//! The numbered states that a link went through.

use model::{Caller, LinkId, Result, Revision, Scope};

use crate::App;

/// The revisions of a link below the number `before`, newest first.
pub async fn revisions(
    app: &App,
    caller: &Caller,
    link: LinkId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Revision>> {
    caller.may(Scope::LinksRead)?;
    let link = app.store.link(caller.workspace, link).await?.id;
    app.store.revisions(caller.workspace, link, before, limit).await
}

pub async fn revision(app: &App, caller: &Caller, link: LinkId, number: i64) -> Result<Revision> {
    caller.may(Scope::LinksRead)?;
    let link = app.store.link(caller.workspace, link).await?.id;
    app.store.revision(caller.workspace, link, number).await
}
