//! API keys, and the secrets that nodes share.

use std::sync::atomic::{AtomicU8, Ordering};

use futures_util::future::join_all;
use jiff::ToSpan;
use model::{Error, Key, SCOPES, What};

use crate::harness::{World, now, on_both};

fn key(world: &World) -> Key {
    Key {
        id: world.id(),
        workspace: world.workspace(),
        name: "deploy".to_owned(),
        hash: [0xfe; 32],
        scopes: SCOPES.iter().map(|(scope, _)| *scope).collect(),
        domains: None,
        expires_at: Some(now() + 24.hours()),
        created_at: now(),
        last_used_at: None,
        revoked_at: None,
    }
}

#[tokio::test]
async fn a_key_comes_back_and_is_revoked_once() {
    on_both(async |world| {
        let key = key(&world);
        world.store.insert_key(&key).await.unwrap();
        assert_eq!(world.store.key(key.id).await.unwrap(), Some(key.clone()));
        assert_eq!(world.store.key(world.id()).await.unwrap(), None);
        assert_eq!(world.store.keys(world.workspace()).await.unwrap(), std::slice::from_ref(&key));
        assert_eq!(world.store.keys(world.theirs.workspace).await.unwrap(), []);

        let renamed = Key { name: "other".to_owned(), ..key.clone() };
        world.store.update_key(&key, &renamed).await.unwrap();
        let late = world.store.update_key(&key, &renamed).await;
        assert!(matches!(late, Err(Error::Stale)), "{late:?}");

        let foreign = world.store.revoke_key(world.theirs.workspace, key.id, now()).await;
        assert!(matches!(foreign, Err(Error::NotFound(What::Key))), "{foreign:?}");
        world.store.revoke_key(world.workspace(), key.id, now()).await.unwrap();
        world.store.revoke_key(world.workspace(), key.id, now() + 1.hour()).await.unwrap();
        let revoked = world.store.key(key.id).await.unwrap().unwrap();
        assert_eq!(revoked.revoked_at, Some(now()));
        assert!(!revoked.is_live(now()));
    })
    .await;
}

#[tokio::test]
async fn nodes_hear_of_a_key_when_it_is_made_and_when_it_is_revoked() {
    on_both(async |world| {
        let key = key(&world);
        let before = world.store.version().await.unwrap();
        world.store.insert_key(&key).await.unwrap();
        let made = world.store.version().await.unwrap();
        assert!(before < made);
        let changed = world.store.keys_changed_since(before).await.unwrap();
        assert_eq!(changed, [(made, key.clone())]);

        world.store.touch_keys(&[(key.id, now())]).await.unwrap();
        assert_eq!(world.store.version().await.unwrap(), made, "a use is no change");
        world.store.revoke_key(world.workspace(), key.id, now()).await.unwrap();
        let changed = world.store.keys_changed_since(made).await.unwrap();
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].1.revoked_at, Some(now()));
    })
    .await;
}

#[tokio::test]
async fn a_late_note_does_not_take_the_last_use_back() {
    on_both(async |world| {
        let key = key(&world);
        world.store.insert_key(&key).await.unwrap();
        for at in [now(), now() + 2.hours(), now() + 1.hour()] {
            world.store.touch_keys(&[(key.id, at), (world.id(), at)]).await.unwrap();
        }
        let used = world.store.key(key.id).await.unwrap().unwrap().last_used_at;
        assert_eq!(used, Some(now() + 2.hours()));
    })
    .await;
}

#[tokio::test]
async fn everybody_gets_the_same_secret() {
    on_both(async |world| {
        let made = AtomicU8::new(0);
        let ask =
            || world.store.secret("cookie", || vec![made.fetch_add(1, Ordering::Relaxed); 32]);
        let secrets = join_all((0..20).map(|_| ask())).await;
        let first = secrets[0].as_ref().unwrap().clone();
        for secret in secrets {
            assert_eq!(secret.unwrap(), first);
        }
        let other = world.store.secret("other", || vec![0xff]).await.unwrap();
        assert_eq!(other, [0xff]);
    })
    .await;
}

#[tokio::test]
async fn a_salt_that_is_dropped_is_made_anew() {
    on_both(async |world| {
        let salt = |day, byte: u8| world.store.salt(day, now(), move || vec![byte; 16]);
        assert_eq!(salt(10, 1).await.unwrap(), [1; 16]);
        assert_eq!(salt(10, 2).await.unwrap(), [1; 16]);
        assert_eq!(salt(11, 3).await.unwrap(), [3; 16]);
        world.store.drop_salts_before(11).await.unwrap();
        if let Some(path) = world.url.strip_prefix("sqlite://") {
            let is_kept = |byte: u8| {
                [path.to_owned(), format!("{path}-wal")].iter().any(|path| {
                    let file = std::fs::read(path).unwrap();
                    file.windows(16).any(|bytes| bytes == [byte; 16])
                })
            };
            assert!(is_kept(3) && !is_kept(1), "what is dropped is overwritten");
        }
        assert_eq!(salt(10, 4).await.unwrap(), [4; 16]);
        assert_eq!(salt(11, 5).await.unwrap(), [3; 16]);
    })
    .await;
}
