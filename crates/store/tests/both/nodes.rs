//! Leases of node numbers.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp, ToSpan};
use store::{NODES, Offset};

use crate::harness::{now, on_both};

#[tokio::test]
async fn a_number_is_leased_to_one_node_until_it_expires() {
    on_both(async |world| {
        let store = &world.store;
        let (start, end) = (now(), now() + 1.minute());
        let first = store.lease_node("a", start, end).await.unwrap();
        assert_eq!(store.lease_node("a", start, end).await.unwrap(), first, "its own again");
        let a = first.unwrap();
        let b = store.lease_node("b", start, end).await.unwrap().unwrap();
        assert_ne!(a, b);
        assert!(store.renew_node(a, "a", end + 1.minute()).await.unwrap());
        assert!(!store.renew_node(a, "b", end + 9.minutes()).await.unwrap());

        // b has expired, a was renewed.
        assert_eq!(store.lease_node("c", end, end + 1.minute()).await.unwrap(), Some(b));
        assert!(!store.renew_node(b, "b", end + 9.minutes()).await.unwrap());
        store.release_node(b, "b").await.unwrap();
        assert!(store.renew_node(b, "c", end + 1.minute()).await.unwrap(), "b released nothing");
        store.release_node(b, "c").await.unwrap();
        assert_eq!(store.lease_node("d", end, end + 1.minute()).await.unwrap(), Some(b));
    })
    .await;
}

#[tokio::test]
async fn of_forty_nodes_at_once_thirty_two_get_a_number_of_their_own() {
    on_both(async |world| {
        let lease = |i: usize| {
            let store = world.store.clone();
            async move { store.lease_node(&format!("n{i}"), now(), now() + 1.minute()).await.unwrap() }
        };
        let leased: Vec<u8> = join_all((0..40).map(lease)).await.into_iter().flatten().collect();
        assert_eq!(leased.len(), usize::from(NODES));
        assert_eq!(leased.iter().copied().collect::<BTreeSet<u8>>(), (0..NODES).collect());
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_told_from_the_databases() {
    on_both(async |world| {
        let hour = SignedDuration::from_hours(1);
        #[expect(clippy::disallowed_methods, reason = "the database's clock is no test's either")]
        let fast = || Timestamp::now() + hour;
        match world.store.clock_offset(fast).await.unwrap() {
            // A file has no clock of its own.
            None => assert!(world.url.starts_with("sqlite:")),
            Some(Offset { ahead, give_or_take }) => {
                let wrong = (i128::from(ahead) - hour.as_millis()).abs();
                assert!(0 < give_or_take && wrong <= i128::from(give_or_take), "{wrong}");
            }
        }
    })
    .await;
}
