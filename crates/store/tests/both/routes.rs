//! What a node hears of the others' writes.

use model::{Link, LinkId};
use store::Store;

use crate::harness::{now, on_both};

async fn follow(store: &Store, from: i64, limit: i64) -> Vec<(i64, LinkId, Option<Link>)> {
    let (mut seen, mut at) = (Vec::new(), (from, None));
    loop {
        let page = store.changes_since(at.0, at.1, limit).await.unwrap();
        let Some(&(change, id, _)) = page.last() else { return seen };
        at = (change, Some(id));
        seen.extend(page);
    }
}

#[tokio::test]
async fn every_change_is_heard_once_and_in_order_whatever_the_page() {
    on_both(async |world| {
        let store = &world.store;
        let start = store.version().await.unwrap();
        let links: Vec<Link> = (0..7).map(|i| world.link(&format!("s{i}"))).collect();
        for result in store.insert_links(&links, "tester").await {
            result.unwrap();
        }
        let theirs = world.link_on(&world.theirs, &["theirs"]);
        store.insert_link(&theirs, "tester").await.unwrap();
        for limit in [1, 2, 3, 100] {
            let seen = follow(store, start, limit).await;
            assert!(seen.is_sorted_by_key(|(change, id, _)| (*change, *id)));
            let seen: Vec<Option<Link>> = seen.into_iter().map(|(_, _, link)| link).collect();
            let expected: Vec<_> = links.iter().chain([&theirs]).cloned().map(Some).collect();
            assert_eq!(seen, expected, "{limit}");
        }
        assert_eq!(follow(store, 0, 3).await.len(), 8);

        let known = store.version().await.unwrap();
        assert_eq!(store.changes_since(known, None, 10).await.unwrap(), []);
        store.delete_link(world.workspace(), links[3].id, now()).await.unwrap();
        let version = store.version().await.unwrap();
        assert!(known < version);
        let heard = store.changes_since(known, None, 10).await.unwrap();
        assert_eq!(heard, [(version, links[3].id, None)]);
    })
    .await;
}

#[tokio::test]
async fn a_link_that_a_newer_version_wrote_hides_no_other() {
    on_both(async |world| {
        let links = world.stored(["a", "b", "c", "d"]).await;
        let update = "update revisions set body = '{\"destination\":\"?\"}' where link_id = $1";
        for link in &links[1..3] {
            world.run(update, link.id.number()).await;
        }
        let heard: Vec<LinkId> =
            follow(&world.store, 0, 1).await.into_iter().map(|(_, id, _)| id).collect();
        assert_eq!(heard, [links[0].id, links[3].id]);
        assert_eq!(world.store.changes_since(0, None, 2).await.unwrap().len(), 2);
        let error = world.store.link(world.workspace(), links[1].id).await.unwrap_err();
        assert!(matches!(error, model::Error::Internal(_)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn what_no_redirect_depends_on_raises_no_version() {
    on_both(async |world| {
        let before = world.store.version().await.unwrap();
        world.store.take_click(world.workspace(), world.id(), 3).await.unwrap();
        world.store.touch_keys(&[(world.id(), now())]).await.unwrap();
        world.store.record_clicks(1, &[], 0, 8, false).await.unwrap();
        assert_eq!(world.store.version().await.unwrap(), before);
    })
    .await;
}
