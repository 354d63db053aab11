//! Pages and filters.

use jiff::ToSpan;
use model::{Click, Link};
use store::{Filter, Order, Place, STATES};

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

/// The slugs of all links in an order, by pages of two.
async fn in_order(world: &World, filter: &Filter, name: &str) -> String {
    let order = Order::named(name).unwrap();
    let (mut slugs, mut after) = (Vec::new(), None);
    loop {
        let (store, after_this) = (&world.store, after.as_ref());
        let found = store.links_in_order(world.workspace(), filter, order, after_this, 2).await;
        let found: Vec<(Link, Place)> = found.unwrap();
        let Some((_, last)) = found.last() else { return slugs.join(" ") };
        // As a client hands it back.
        after = order.place(&last.text(order));
        assert_eq!(after.as_ref(), Some(last));
        slugs.extend(found.iter().map(|(link, _)| link.address().slug.to_string()));
    }
}

#[tokio::test]
async fn links_are_paged_in_every_order_with_and_without_filters() {
    on_both(async |world| {
        let hours = |hours: i64| now() + hours.hours();
        let rows =
            [("b", Some("zoo"), 3, None), ("a", None, 1, Some(2)), ("d", Some("Zebra"), 2, None)];
        let mut links = Vec::new();
        for (slug, title, updated, expires) in rows {
            let link = Link {
                title: title.map(str::to_owned),
                tags: if slug == "a" { Vec::new() } else { vec![slug.to_owned(), "t".to_owned()] },
                updated_at: hours(updated),
                expires_at: expires.map(hours),
                ..world.link(slug)
            };
            world.store.insert_link(&link, "tester").await.unwrap();
            links.push(link);
        }
        world.store.insert_link(&world.link_on(&world.theirs, &["x"]), "tester").await.unwrap();
        let clicks = [(1, 3), (2, 5)].into_iter().flat_map(|(link, n)| vec![links[link].id; n]);
        let records: Vec<Vec<u8>> = clicks
            .map(|link| {
                let (workspace, link) = (world.workspace().number(), link.number());
                let click =
                    Click { at: now().as_millisecond(), workspace, link, ..Click::default() };
                let mut record = Vec::new();
                click.encode(&mut record);
                record
            })
            .collect();
        let batch: Vec<(u64, &[u8])> =
            (0..).zip(&records).map(|(place, record)| (place * 100, record.as_slice())).collect();
        world.store.record_clicks(7, &batch, 0, 10_000, false).await.unwrap();
        let (all, tagged) =
            (Filter::default(), Filter { tags: vec![vec!["t".to_owned()]], ..Filter::default() });
        for (name, expected) in [
            ("created", "b a d"),
            ("-created", "d a b"),
            ("updated", "a d b"),
            ("-updated", "b d a"),
            ("clicks", "b a d"),
            ("-clicks", "d a b"),
            ("slug", "a b d"),
            ("-slug", "d b a"),
            ("title", "a d b"),
            ("-title", "b d a"),
            ("expires", "a b d"),
            ("-expires", "d b a"),
        ] {
            assert_eq!(in_order(&world, &all, name).await, expected, "{name}");
            let with_tag: Vec<&str> = expected.split(' ').filter(|slug| *slug != "a").collect();
            assert_eq!(in_order(&world, &tagged, name).await, with_tag.join(" "), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn every_link_is_in_one_state_and_has_one_of_its_tags() {
    on_both(async |world| {
        let (past, future) = (Some(now() - 1.hour()), Some(now() + 1.hour()));
        let link = |slug| world.link(slug);
        let links = [
            Link { tags: vec!["x".to_owned(), "y".to_owned()], ..link("active") },
            Link { starts_at: past, expires_at: future, click_limit: Some(2), ..link("busy") },
            Link { enabled: false, expires_at: past, ..link("disabled") },
            Link { archived: true, enabled: false, ..link("archived") },
            Link { expires_at: past, tags: vec!["y".to_owned()], ..link("expired") },
            Link { starts_at: future, expires_at: future, ..link("scheduled") },
            Link { click_limit: Some(1), ..link("usedUp") },
        ];
        for link in &links {
            world.store.insert_link(link, "tester").await.unwrap();
        }
        for limited in [&links[1], &links[6]] {
            let limit = limited.click_limit.unwrap();
            assert!(world.store.take_click(world.workspace(), limited.id, limit).await.unwrap());
        }
        let mut seen = 0;
        for (state, name, _) in STATES {
            let filter = Filter { state: Some((*state, now())), ..Filter::default() };
            let found = slugs(&world, &filter).await;
            let expected = if *name == "active" { vec!["busy", name] } else { vec![*name] };
            assert_eq!(found, expected);
            let bounded = world.store.count_links_to(world.workspace(), &filter, 1).await.unwrap();
            assert_eq!(bounded, 1);
            seen += found.len();
        }
        assert_eq!(seen, links.len());
        let tags = |tags: &[&[&str]]| Filter {
            tags: tags.iter().map(|of| of.iter().map(|tag| (*tag).to_owned()).collect()).collect(),
            ..Filter::default()
        };
        assert_eq!(slugs(&world, &tags(&[&["x", "y"]])).await, ["expired", "active"]);
        assert_eq!(slugs(&world, &tags(&[&["x"], &["y"]])).await, ["active"]);
        assert_eq!(slugs(&world, &tags(&[&[]])).await, [""; 0]);
    })
    .await;
}
