//! Links whose end comes by itself.

use jiff::ToSpan;

use crate::harness::{now, on_both};

#[tokio::test]
async fn those_are_to_be_deleted_whose_end_has_come() {
    on_both(async |world| {
        let (store, ours) = (&world.store, world.workspace());
        let ended = |slug: &str, minutes: i64| {
            let mut link = world.link(slug);
            link.delete_at = Some(now() + minutes.minutes());
            link
        };
        let (past, present, future) = (ended("1", -1), ended("2", 0), ended("3", 1));
        let mut expired = world.link("4");
        expired.expires_at = Some(now());
        let gone = ended("5", -1);
        let endless = world.link("6");
        for link in [&past, &present, &future, &expired, &gone, &endless] {
            store.insert_link(link, "tester").await.unwrap();
        }
        store.delete_link(ours, gone.id, now()).await.unwrap();
        let due = async |purging: &[_], limit| {
            let due = store.links_to_delete(now(), purging, limit).await.unwrap();
            assert!(due.iter().all(|(workspace, _)| *workspace == ours));
            due.into_iter().map(|(_, link)| link).collect::<Vec<_>>()
        };
        assert_eq!(due(&[], 10).await, [past.id, present.id]);
        assert_eq!(due(&[], 1).await, [past.id]);
        assert_eq!(due(&[world.theirs.id], 10).await, [past.id, present.id]);
        assert_eq!(due(&[world.ours.id], 10).await, [past.id, present.id, expired.id]);
    })
    .await;
}
