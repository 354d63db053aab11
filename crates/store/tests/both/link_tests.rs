//! Saved example visitors belong to a link and go with it.

use jiff::ToSpan;
use model::{Error, Example, Expected, Link, LinkTest, What};
use serde_json::json;

use crate::harness::{World, now, on_both};

pub(crate) fn test(world: &World, link: &Link, name: &str) -> LinkTest {
    LinkTest {
        id: world.id(),
        workspace: world.workspace(),
        link: link.id,
        name: name.to_owned(),
        example: Example::parse(&json!({"visitor": {"country": "FR"}})).unwrap(),
        expected: Expected::parse(&json!({"destination": "https://example.fr/", "rule": null}))
            .unwrap(),
        created_at: now(),
        updated_at: now(),
    }
}

#[tokio::test]
async fn tests_come_back_in_order_and_are_saved_again() {
    on_both(async |world| {
        let [link, other] = world.stored(["one", "two"]).await;
        let (store, ours, theirs) = (&world.store, world.workspace(), world.theirs.workspace);
        let mut tests = ["a", "b"].map(|name| test(&world, &link, name));
        for test in &tests {
            store.save_link_test(test).await.unwrap();
        }
        tests[0].name = "renamed".to_owned();
        tests[0].example = Example::parse(
            &json!({"ip": "192.0.2.1", "headers": {"dnt": "1"}, "url": "?a", "at": "2026-11-21T10:00:00Z"}),
        )
        .unwrap();
        tests[0].updated_at = now() + 1.hour();
        store.save_link_test(&tests[0]).await.unwrap();
        assert_eq!(store.link_tests(ours, link.id).await.unwrap(), tests);
        assert_eq!(store.link_test(ours, tests[1].id).await.unwrap(), tests[1]);
        assert_eq!(store.link_tests(ours, other.id).await.unwrap(), []);
        assert_eq!(store.link_tests(theirs, link.id).await.unwrap(), []);
        let stolen = LinkTest { link: other.id, ..tests[1].clone() };
        assert!(store.save_link_test(&stolen).await.is_err());
        for error in [
            store.link_test(theirs, tests[0].id).await.unwrap_err(),
            store.delete_link_test(theirs, tests[0].id).await.unwrap_err(),
        ] {
            assert!(matches!(error, Error::NotFound(What::Test)), "{error:?}");
        }
        store.delete_link_test(ours, tests[0].id).await.unwrap();
        assert_eq!(store.link_tests(ours, link.id).await.unwrap(), tests[1..]);
    })
    .await;
}

#[tokio::test]
async fn links_with_tests_are_paged_and_deleted_ones_are_none() {
    on_both(async |world| {
        let links = world.stored(["a", "b", "c", "d"]).await;
        let (store, ours) = (&world.store, world.workspace());
        for link in [&links[0], &links[2], &links[2], &links[3]] {
            store.save_link_test(&test(&world, link, "t")).await.unwrap();
        }
        store.delete_link(ours, links[3].id, now()).await.unwrap();
        assert_eq!(store.link_tests(ours, links[3].id).await.unwrap(), []);
        let error = store.save_link_test(&test(&world, &links[3], "t")).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Link)), "{error:?}");
        let page = |after, limit| store.tested_links(ours, after, limit);
        assert_eq!(page(None, 9).await.unwrap(), [links[0].id, links[2].id]);
        assert_eq!(page(None, 1).await.unwrap(), [links[0].id]);
        assert_eq!(page(Some(links[0].id), 9).await.unwrap(), [links[2].id]);
        assert_eq!(store.tested_links(world.theirs.workspace, None, 9).await.unwrap(), []);
    })
    .await;
}
