//! How somebody likes the dashboard.

use crate::harness::{now, on_both};

#[tokio::test]
async fn preferences_are_their_owners_and_the_last_ones_hold() {
    on_both(async |world| {
        let (store, ours, theirs) = (&world.store, world.workspace(), world.theirs.workspace);
        assert_eq!(store.preferences(ours, 7).await.unwrap(), None);
        for body in ["{}", r#"{"theme":"dark"}"#] {
            store.save_preferences(ours, 7, body, now()).await.unwrap();
            assert_eq!(store.preferences(ours, 7).await.unwrap().as_deref(), Some(body));
        }
        assert_eq!(store.preferences(ours, 8).await.unwrap(), None);
        assert_eq!(store.preferences(theirs, 7).await.unwrap(), None);
    })
    .await;
}
