//! What every installation has: tables, a workspace, the default domain, and a way in.

use jiff::Timestamp;
use model::{
    ApiKey, Domain, DomainId, Error, InvitationToken, Key, KeyId, Role, Scope, Stamp, Workspace,
    WorkspaceId,
};
use store::Store;

use super::with_sources;
use crate::{
    app::{Clock, Ids, random_below_62, random_bytes},
    config::Config,
    ops,
};

/// The note of the invitation that the first start prints.
const FIRST: &str = "the first member";

/// Opens and migrates the database, and makes what every installation has: a workspace and the
/// default domain.
pub async fn open_store(config: &Config, clock: &Clock) -> Result<Store, String> {
    let store = connect(config).await?;
    let say = |error: Error| format!("could not prepare the database: {}", with_sources(&error));
    store.migrate().await.map_err(say)?;
    prepare(&store, config, clock).await.map_err(say)?;
    Ok(store)
}

/// The database as it is; PostgreSQL need not be up.
pub(super) async fn connect(config: &Config) -> Result<Store, String> {
    Store::open(&config.database_url).await.map_err(|e| format!("WAYPOST_DATABASE_URL: {e}"))
}

/// Makes what every installation has, where it is not there.
pub(crate) async fn prepare(store: &Store, config: &Config, clock: &Clock) -> model::Result<()> {
    let now = clock();
    // Two nodes may start at once; the first to insert wins, and the other finds it there.
    let ids = Ids::of_node(0, clock.clone());
    let next_id = || ids.next();
    let stamp = Stamp { now, next_id: &next_id };
    let workspace = match store.first_workspace().await? {
        Some(workspace) => workspace,
        None => {
            let id = WorkspaceId::next(&stamp);
            let workspace = Workspace { id, name: "Main".to_owned(), created_at: now };
            store.insert_workspace(&workspace).await?;
            store.first_workspace().await?.unwrap_or(workspace)
        }
    };
    let domains = store.all_domains().await?;
    if domains.iter().any(|domain| domain.host == config.host) {
        return Ok(());
    }
    let domain = Domain::new(DomainId::next(&stamp), workspace.id, config.host.clone(), now);
    match store.insert_domain(&domain).await {
        Err(Error::Taken(_)) => Ok(()),
        done => done,
    }
}

/// Makes an invitation to the first workspace; for the command line.
pub async fn make_invitation(
    store: &Store,
    clock: &Clock,
    note: &str,
    role: Role,
) -> model::Result<InvitationToken> {
    let workspace =
        store.first_workspace().await?.ok_or(Error::NotFound(model::What::Workspace))?;
    let ids = Ids::of_node(random_bytes::<1>()[0] % 32, clock.clone());
    let next_id = || ids.next();
    let stamp = Stamp { now: clock(), next_id: &next_id };
    let (invitation, token) = ops::new_invitation(workspace.id, role, note, &stamp)?;
    store.insert_invitation(&invitation).await?;
    Ok(token)
}

/// Invites the first owner where nobody is a member yet, and takes back what an earlier start sent: who
/// lost that link starts the server again.
pub async fn invite_first(store: &Store, clock: &Clock) -> model::Result<Option<InvitationToken>> {
    let Some(workspace) = store.first_workspace().await? else { return Ok(None) };
    if store.has_members().await? {
        return Ok(None);
    }
    let earlier = store.invitations(workspace.id).await?;
    for invitation in earlier.iter().filter(|it| it.note == FIRST && it.member.is_none()) {
        match store.delete_invitation(workspace.id, invitation.id).await {
            // Another node that starts was faster.
            Ok(()) | Err(Error::NotFound(_)) => (),
            Err(error) => return Err(error),
        }
    }
    make_invitation(store, clock, FIRST, Role::Owner).await.map(Some)
}

/// Makes a key of the first workspace with every right; for the command line and the first start.
pub async fn make_key(
    store: &Store,
    clock: &Clock,
    name: &str,
    scopes: Vec<Scope>,
    expires_at: Option<Timestamp>,
) -> model::Result<ApiKey> {
    let workspace =
        store.first_workspace().await?.ok_or(Error::NotFound(model::What::Workspace))?;
    // No lease is needed for an id that carries 190 random bits beside it, but it must not clash.
    let ids = Ids::of_node(random_bytes::<1>()[0] % 32, clock.clone());
    for _ in 0..10 {
        let next_id = || ids.next();
        let id = KeyId::next(&Stamp { now: clock(), next_id: &next_id });
        let secret = ApiKey::new(id, random_below_62());
        let key: Key =
            ops::new_key(&secret, workspace.id, name, scopes.clone(), expires_at, clock())?;
        match store.insert_key(&key).await {
            Err(Error::Taken(_)) => (),
            done => return done.map(|()| secret),
        }
    }
    Err(Error::Taken(model::What::Key))
}
