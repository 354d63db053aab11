//! Pages and filters.

use jiff::ToSpan;
use model::Link;
use store::Filter;

use crate::harness::{World, address, now, on_both, url};

async fn slugs(world: &World, filter: &Filter) -> Vec<String> {
    let found = world.store.links(world.workspace(), filter, None, 100).await.unwrap();
    let count = world.store.count_links(world.workspace(), filter).await.unwrap();
    assert_eq!(count, found.len() as i64, "{filter:?}");
    found.iter().map(|link| link.address().slug.to_string()).collect()
}

#[tokio::test]
async fn pages_follow_each_other_newest_first_or_oldest_first() {
    on_both(async |world| {
        world.stored(["a", "b", "c", "d", "e"]).await;
        let theirs = world.link_on(&world.theirs, &["theirs"]);
        world.store.insert_link(&theirs, "tester").await.unwrap();
        for (oldest_first, expected) in [(false, "edcba"), (true, "abcde")] {
            let filter = Filter { oldest_first, ..Filter::default() };
            let (mut seen, mut after) = (String::new(), None);
            loop {
                let page = world.store.links(world.workspace(), &filter, after, 2).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some(last.id);
                page.iter().for_each(|link| seen.push_str(link.address().slug.as_str()));
            }
            assert_eq!(seen, expected);
        }
    })
    .await;
}

#[tokio::test]
async fn each_filter_lets_through_what_it_says() {
    on_both(async |world| {
        let second = model::Domain {
            id: world.id(),
            host: model::Host::parse("second.example").unwrap(),
            ..world.ours.clone()
        };
        world.store.insert_domain(&second).await.unwrap();
        let plain = world.link("plain");
        let tagged = Link {
            tags: vec!["red".to_owned(), "blue".to_owned()],
            folder: Some("F".to_owned()),
            title: Some("50% Off_now!".to_owned()),
            ..world.link("Tagged")
        };
        let old = Link {
            archived: true,
            created_at: now() - 24.hours(),
            destination: url("https://OLD.example/path"),
            description: Some("Old times".to_owned()),
            ..world.link("old")
        };
        let mut both = world.link("both");
        both.addresses.push(address(second.id, "second.example", "Zwei"));
        for link in [&plain, &tagged, &old, &both] {
            world.store.insert_link(link, "tester").await.unwrap();
        }
        let text = |text: &str| Some(text.to_owned());
        let any = Filter::default;
        for (filter, expected) in [
            (any(), ["both", "old", "Tagged", "plain"].as_slice()),
            (Filter { domain: Some(second.id), ..any() }, &["both"]),
            (Filter { domain: Some(world.theirs.id), ..any() }, &[]),
            (Filter { tag: text("blue"), ..any() }, &["Tagged"]),
            (Filter { tag: text("green"), ..any() }, &[]),
            (Filter { folder: text("F"), ..any() }, &["Tagged"]),
            (Filter { archived: Some(true), ..any() }, &["old"]),
            (Filter { archived: Some(false), tag: text("red"), ..any() }, &["Tagged"]),
            (Filter { created_before: Some(now()), ..any() }, &["old"]),
            (Filter { created_from: Some(now()), ..any() }, &["both", "Tagged", "plain"]),
            (Filter { search: text("TAG"), ..any() }, &["Tagged"]),
            (Filter { search: text("old.EXAMPLE"), ..any() }, &["old"]),
            (Filter { search: text("d times"), ..any() }, &["old"]),
            (Filter { search: text("zwei"), ..any() }, &["both"]),
            (Filter { search: text("50% off_"), ..any() }, &["Tagged"]),
            (Filter { search: text("5%off"), ..any() }, &[]),
            (Filter { search: text("w!"), ..any() }, &["Tagged"]),
            (Filter { search: text("' or 1=1 --"), ..any() }, &[]),
        ] {
            assert_eq!(slugs(&world, &filter).await, expected, "{filter:?}");
        }
        world.store.delete_link(world.workspace(), tagged.id, now()).await.unwrap();
        assert_eq!(slugs(&world, &Filter { tag: text("blue"), ..any() }).await, [""; 0]);
        assert_eq!(slugs(&world, &any()).await, ["both", "old", "plain"]);
    })
    .await;
}
