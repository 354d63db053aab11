//! Deleted links and their way back.

use jiff::ToSpan;
use model::{Error, Link, What};

use crate::{
    harness::{World, address, now, on_both},
    link_tests::test,
};

/// The slugs in the bin, the last one first, by pages of one.
async fn bin(world: &World) -> Vec<String> {
    let (mut slugs, mut before) = (Vec::new(), None);
    loop {
        let since = now() - 24.hours();
        let store = &world.store;
        let page = store.deleted_links(world.workspace(), None, since, before, 1).await.unwrap();
        let Some((link, at)) = page.into_iter().next() else { return slugs };
        slugs.push(link.address().slug.to_string());
        before = Some((at, link.id));
    }
}

#[tokio::test]
async fn a_deleted_link_comes_back_with_all_that_it_had() {
    on_both(async |world| {
        let (store, ours) = (&world.store, world.workspace());
        let mut link = world.link("lost");
        link.addresses.push(address(world.ours.id, "go.example.com", "lost-too"));
        link.tags = vec!["t".to_owned()];
        store.insert_link(&link, "tester").await.unwrap();
        let test = test(&world, &link, "t");
        store.save_link_test(&test).await.unwrap();
        store.delete_link(ours, link.id, now()).await.unwrap();
        assert_eq!(store.link_tests(ours, link.id).await.unwrap(), []);
        let (since, later) = (now() - 1.hour(), now() + 1.hour());
        let missing = |found: model::Result<Link>| {
            let error = found.unwrap_err();
            assert!(matches!(error, Error::NotFound(What::Link)), "{error:?}");
        };
        missing(store.undelete_link(world.theirs.workspace, link.id, since, later).await);
        missing(store.undelete_link(ours, link.id, now() + 1.second(), later).await);
        let back = store.undelete_link(ours, link.id, since, later).await.unwrap();
        let expected = Link { version: back.version, updated_at: later, ..link.clone() };
        assert_eq!(back, expected);
        assert!(link.version < back.version);
        assert_eq!(store.link(ours, link.id).await.unwrap(), back);
        assert_eq!(store.link_tests(ours, link.id).await.unwrap(), [test]);
        assert_eq!(store.link_of_rule(ours, link.rules[0].id).await.unwrap(), back);
        assert_eq!(store.tags(ours, None).await.unwrap(), [("t".to_owned(), 1)]);
        missing(store.undelete_link(ours, link.id, since, later).await);
    })
    .await;
}

#[tokio::test]
async fn the_bin_is_paged_and_emptied_and_a_slug_that_was_taken_keeps_a_link_in_it() {
    on_both(async |world| {
        let (store, ours) = (&world.store, world.workspace());
        let links = world.stored(["a", "b", "c"]).await;
        for (link, minutes) in links.iter().zip([0, 2, 1]) {
            store.delete_link(ours, link.id, now() + minutes.minutes()).await.unwrap();
        }
        assert_eq!(bin(&world).await, ["b", "c", "a"]);
        let theirs = [world.theirs.id];
        let since = now() - 1.hour();
        let none = store.deleted_links(ours, Some(&theirs), since, None, 9).await.unwrap();
        assert_eq!(none, []);
        let here = [world.theirs.id, world.ours.id];
        let all = store.deleted_links(ours, Some(&here), since, None, 9).await.unwrap();
        assert_eq!(all.len(), 3);
        world.stored(["b"]).await;
        let error = store.undelete_link(ours, links[1].id, since, now()).await.unwrap_err();
        assert!(matches!(error, Error::Taken(What::Slug)), "{error:?}");
        assert_eq!(bin(&world).await, ["b", "c", "a"]);
        assert_eq!(store.empty_bin(now() + 2.minutes(), 1).await.unwrap(), 1);
        assert_eq!(store.empty_bin(now() + 2.minutes(), 9).await.unwrap(), 1);
        assert_eq!(store.empty_bin(now() + 2.minutes(), 9).await.unwrap(), 0);
        assert_eq!(bin(&world).await, ["b"]);
    })
    .await;
}
