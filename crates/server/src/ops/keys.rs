//! API keys, and the callers that they make.

use jiff::Timestamp;
use model::{
    ApiKey, Caller, DomainId, Error, Key, KeyId, Result, Scope, SessionToken, What, Who,
    WorkspaceId,
};

use super::{links::SAVES, sessions};
use crate::{App, app::random_below_62, sync};

/// The caller that a key or a session belongs to. No database is asked of keys, but for one that was
/// made a moment ago on another node. What happens seldom is on the heap: every call's future would be
/// as large as that.
pub async fn caller(app: &App, credential: Option<&str>) -> Result<Caller> {
    let credential = credential.ok_or(Error::Unauthenticated)?;
    if let Some(session) = SessionToken::parse(credential) {
        return Box::pin(sessions::caller(app, &session)).await;
    }
    let key = ApiKey::parse(credential).ok_or(Error::Unauthenticated)?;
    if app.keys.get(key.id()).is_none() && app.keys.may_be_new(app.now()) {
        Box::pin(sync::bring_changes(app)).await?;
    }
    let known = app.keys.proven(&key, app.now()).ok_or(Error::Unauthenticated)?;
    app.key_used(known.id);
    Ok(Caller {
        workspace: known.workspace,
        who: Who::Key(known.id),
        name: known.name.clone(),
        scopes: known.scopes.clone(),
        domains: known.domains.clone(),
        insists: false,
    })
}

/// Makes a key; the answer holds it for the only time.
pub async fn create_key(
    app: &App,
    caller: &Caller,
    name: &str,
    scopes: Vec<Scope>,
    domains: Option<Vec<DomainId>>,
    expires_at: Option<Timestamp>,
) -> Result<(Key, ApiKey)> {
    caller.may(Scope::Admin)?;
    let stamp = app.stamp();
    let secret = ApiKey::new(KeyId::next(&stamp), random_below_62());
    let key = new_key(&secret, caller.workspace, name, scopes, expires_at, stamp.now)?;
    let key = Key { domains, ..key };
    app.store.insert_key(&key).await?;
    hear_of_it(app).await;
    Ok((key, secret))
}

/// What is kept of a new key.
pub fn new_key(
    secret: &ApiKey,
    workspace: WorkspaceId,
    name: &str,
    scopes: Vec<Scope>,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Key> {
    Ok(Key {
        id: secret.id(),
        workspace,
        name: named(name)?,
        hash: secret.hash(),
        scopes,
        domains: None,
        expires_at,
        created_at: now,
        last_used_at: None,
        revoked_at: None,
    })
}

fn named(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || 100 < name.len() {
        return Err(Error::invalid("name", "must be 1 to 100 bytes long"));
    }
    Ok(name.to_owned())
}

/// Changes what a key is called, what it may do, where, and until when.
pub async fn edit_key(
    app: &App,
    caller: &Caller,
    id: KeyId,
    edit: impl Fn(&mut Key) -> Result<()>,
) -> Result<Key> {
    caller.may(Scope::Admin)?;
    for _ in 0..SAVES {
        let before = key(app, caller, id).await?;
        let mut after = before.clone();
        edit(&mut after)?;
        after.name = named(&after.name)?;
        match app.store.update_key(&before, &after).await {
            Err(Error::Stale) => continue,
            done => done?,
        }
        hear_of_it(app).await;
        return Ok(after);
    }
    Err(Error::Stale)
}

pub async fn key(app: &App, caller: &Caller, id: KeyId) -> Result<Key> {
    caller.may(Scope::Admin)?;
    let key = app.store.key(id).await?.filter(|key| key.workspace == caller.workspace);
    key.ok_or(Error::NotFound(What::Key))
}

pub async fn keys(app: &App, caller: &Caller) -> Result<Vec<Key>> {
    caller.may(Scope::Admin)?;
    app.store.keys(caller.workspace).await
}

pub async fn revoke_key(app: &App, caller: &Caller, id: KeyId) -> Result<()> {
    caller.may(Scope::Admin)?;
    app.store.revoke_key(caller.workspace, id, app.now()).await?;
    hear_of_it(app).await;
    Ok(())
}

/// Brings what was just written about a key to this node at once. Where that fails, a job does it a
/// moment later, as on every other node.
async fn hear_of_it(app: &App) {
    if let Err(error) = sync::bring_changes(app).await {
        tracing::debug!(%error, "could not bring a change of a key at once");
    }
}
