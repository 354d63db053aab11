//! Links by the ids that other services gave them, so that what was saved there goes on working.

use model::{Caller, Error, ForeignId, LinkId, Result, Scope, What};

use super::{links::own, permissions::may_with};
use crate::App;

/// The link that a client of a service means by an id: ours in any spelling, or the one that the
/// service itself gave it.
///
/// Theirs may read like ours. So ours is the answer only where it is there.
pub async fn link_id(app: &App, caller: &Caller, service: &str, text: &str) -> Result<LinkId> {
    let ours = LinkId::parse(text);
    if let Some(id) = ours
        && own(app, caller, id).await.is_ok()
    {
        return Ok(id);
    }
    let theirs = match ForeignId::new(service, text) {
        Ok(theirs) => app.store.find_foreign_id(caller.workspace, &theirs).await?,
        Err(_) => None,
    };
    // One of ours that is not there is told by the operation, which knows whether it ever was.
    theirs.or(ours).ok_or(Error::NotFound(What::Link))
}

/// What other services called a link.
pub async fn foreign_ids(app: &App, caller: &Caller, link: LinkId) -> Result<Vec<ForeignId>> {
    may_with(app, caller, Scope::LinksRead, link).await?;
    let link = own(app, caller, link).await?;
    app.store.foreign_ids(caller.workspace, link.id).await
}

/// Lets a link be found by the id that a service gave it. Each id is one link's.
pub async fn add_foreign_id(
    app: &App,
    caller: &Caller,
    link: LinkId,
    id: &ForeignId,
) -> Result<()> {
    may_with(app, caller, Scope::LinksWrite, link).await?;
    let link = own(app, caller, link).await?;
    app.store.insert_foreign_id(caller.workspace, id, link.id).await
}

pub async fn remove_foreign_id(
    app: &App,
    caller: &Caller,
    link: LinkId,
    id: &ForeignId,
) -> Result<()> {
    may_with(app, caller, Scope::LinksWrite, link).await?;
    let link = own(app, caller, link).await?;
    app.store.delete_foreign_id(caller.workspace, id, link.id).await
}
