//! Single links, shared with keys whose scopes would not do.

use model::{Caller, Error, KeyId, LinkId, Permission, PermissionId, Result, Scope, Who};

use super::links::own;
use crate::App;

/// With which keys a link is shared.
pub async fn permissions(app: &App, caller: &Caller, link: LinkId) -> Result<Vec<Permission>> {
    caller.may(Scope::LinksRead)?;
    let link = own(app, caller, link).await?.id;
    app.store.permissions(caller.workspace, link).await
}

/// Lets a key read and change one link. Who may change every link may give that away.
pub async fn share_link(
    app: &App,
    caller: &Caller,
    link: LinkId,
    key: KeyId,
) -> Result<Permission> {
    caller.may(Scope::LinksWrite)?;
    let stamp = app.stamp();
    let id = PermissionId::next(&stamp);
    let workspace = caller.workspace;
    let new = Permission { id, workspace, link, key, created_at: stamp.now };
    app.store.insert_permission(&new).await
}

pub async fn unshare_link(app: &App, caller: &Caller, link: LinkId, key: KeyId) -> Result<()> {
    caller.may(Scope::LinksWrite)?;
    app.store.delete_permission(caller.workspace, link, key).await
}

/// Whether the caller may do this to one link: by a scope of its key, or because the link is shared
/// with that.
pub(super) async fn may_with(app: &App, caller: &Caller, scope: Scope, link: LinkId) -> Result<()> {
    match (caller.may(scope), caller.who) {
        (Err(Error::Forbidden(_)), Who::Key(key))
            if app.store.is_shared(caller.workspace, link, key).await? =>
        {
            Ok(())
        }
        (by_scope, _) => by_scope,
    }
}
