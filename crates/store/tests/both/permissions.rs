//! Links that are shared with keys.

use model::{Error, Key, KeyId, LinkId, Permission, Scope, What, WorkspaceId};

use crate::harness::{World, now, on_both};

async fn key(world: &World, workspace: WorkspaceId) -> KeyId {
    let key = Key {
        id: world.id(),
        workspace,
        name: "guest".to_owned(),
        hash: [1; 32],
        scopes: vec![Scope::DomainsRead],
        domains: None,
        expires_at: None,
        created_at: now(),
        last_used_at: None,
        revoked_at: None,
    };
    world.store.insert_key(&key).await.unwrap();
    key.id
}

fn permission(world: &World, link: LinkId, key: KeyId) -> Permission {
    Permission { id: world.id(), workspace: world.workspace(), link, key, created_at: now() }
}

#[tokio::test]
async fn a_link_is_shared_with_one_key_until_it_is_not() {
    on_both(async |world| {
        let (store, ours) = (&world.store, world.workspace());
        let [link, other] = world.stored(["shared", "other"]).await;
        let (guest, stranger) = (key(&world, ours).await, key(&world, ours).await);
        let new = permission(&world, link.id, guest);
        assert_eq!(store.insert_permission(&new).await.unwrap(), new);
        let again = permission(&world, link.id, guest);
        assert_eq!(store.insert_permission(&again).await.unwrap(), new, "the first one stands");
        assert_eq!(store.permissions(ours, link.id).await.unwrap(), [new]);
        let shared = async |link, key| store.is_shared(ours, link, key).await.unwrap();
        assert!(shared(link.id, guest).await);
        assert!(!shared(link.id, stranger).await);
        assert!(!shared(other.id, guest).await);
        assert!(!store.is_shared(world.theirs.workspace, link.id, guest).await.unwrap());
        store.delete_permission(ours, link.id, guest).await.unwrap();
        assert!(!shared(link.id, guest).await);
        let error = store.delete_permission(ours, link.id, guest).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Permission)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_shared_across_workspaces_nor_with_whom_is_gone() {
    on_both(async |world| {
        let (store, ours) = (&world.store, world.workspace());
        let [link] = world.stored(["shared"]).await;
        let foreign = key(&world, world.theirs.workspace).await;
        let revoked = key(&world, ours).await;
        store.revoke_key(ours, revoked, now()).await.unwrap();
        for nobody in [foreign, revoked, world.id()] {
            let new = permission(&world, link.id, nobody);
            let error = store.insert_permission(&new).await.unwrap_err();
            assert!(matches!(error, Error::NotFound(What::Key)), "{error:?}");
        }
        let guest = key(&world, ours).await;
        store.insert_permission(&permission(&world, link.id, guest)).await.unwrap();
        store.delete_link(ours, link.id, now()).await.unwrap();
        assert!(!store.is_shared(ours, link.id, guest).await.unwrap());
        let error = store.insert_permission(&permission(&world, link.id, guest)).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Link)), "{error:?}");
    })
    .await;
}
