//! Saving a link again.

use jiff::ToSpan;
use model::{Error, Link, Redirects, RuleDraft, RuleId, What};

use crate::harness::{World, address, now, on_both, rule, url};

/// An edit with everything that an edit does to numbers and times.
fn edit(link: &Link, change: impl FnOnce(&mut Link)) -> Link {
    let mut after = link.clone();
    change(&mut after);
    after.edited(link, now() + 1.hour());
    after
}

#[tokio::test]
async fn an_edit_of_everything_comes_back() {
    on_both(async |world| {
        let [before] = world.stored(["before"]).await;
        let mut after = edit(&before, |link| {
            link.destination = url("https://example.org/");
            link.title = Some("Title".to_owned());
            link.tags = vec!["b".to_owned(), "a".to_owned()];
            link.folder = Some("F".to_owned());
            link.enabled = false;
            link.click_limit = Some(7);
            link.redirects = Redirects::RuleOnly;
            link.tracks_conversions = true;
            link.rules.pop();
            link.addresses.insert(0, address(world.ours.id, "go.example.com", "Shown"));
        });
        world.stamped(|stamp| {
            let kept = serde_json::json!({"theirs": {"type": "geo"}}).as_object().cloned();
            let origin = RuleId::new(77);
            let copy = RuleDraft { origin, kept, ..rule(9, "DE", "https://example.de/") };
            after.add_rule(copy, stamp).unwrap();
        });
        let (store, ours) = (&world.store, world.workspace());
        store.update_link(&before, &after, "editor").await.unwrap();
        assert_eq!(store.link(ours, before.id).await.unwrap(), after);
        assert_eq!(store.link_by_address(ours, world.ours.id, "shown").await.unwrap(), after);
        for rule in &after.rules {
            assert_eq!(store.link_of_rule(ours, rule.id).await.unwrap(), after);
        }
        let origin = RuleId::new(77).unwrap();
        assert_eq!(store.links_of_origin(ours, origin).await.unwrap(), [after.clone()]);
        let own = store.links_of_origin(ours, after.rules[0].id).await.unwrap();
        assert_eq!(own, [after.clone()]);
        let theirs = store.links_of_origin(world.theirs.workspace, origin).await.unwrap();
        assert_eq!(theirs, []);
        let removed = store.link_of_rule(ours, before.rules[1].id).await;
        assert!(matches!(removed, Err(Error::NotFound(What::Rule))), "{removed:?}");

        let revisions = store.revisions(ours, before.id, None, 10).await.unwrap();
        let seen: Vec<_> = revisions.iter().map(|r| (r.number, r.author.as_str())).collect();
        assert_eq!(seen, [(2, "editor"), (1, "tester")]);
        assert_eq!(revisions[0].plan, after.plan());
        assert_eq!(revisions[1].plan, before.plan());
        assert_eq!(store.revisions(ours, before.id, Some(2), 10).await.unwrap(), revisions[1..]);
        assert_eq!(store.revisions(ours, before.id, None, 1).await.unwrap(), revisions[..1]);
    })
    .await;
}

#[tokio::test]
async fn an_edit_of_the_title_makes_no_revision() {
    on_both(async |world| {
        let [before] = world.stored(["one"]).await;
        let after = edit(&before, |link| link.title = Some("T".to_owned()));
        world.store.update_link(&before, &after, "editor").await.unwrap();
        assert_eq!(world.store.link(world.workspace(), before.id).await.unwrap(), after);
        let revisions =
            world.store.revisions(world.workspace(), before.id, None, 10).await.unwrap();
        assert_eq!(revisions.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_two_edits_of_one_state_one_is_stale() {
    on_both(async |world| {
        let [before] = world.stored(["one"]).await;
        let mine = edit(&before, |link| link.title = Some("mine".to_owned()));
        let yours = edit(&before, |link| link.title = Some("yours".to_owned()));
        let save = |after| world.store.update_link(&before, after, "editor");
        let (a, b) = tokio::join!(save(&mine), save(&yours));
        let winner = match (a, b) {
            (Ok(()), Err(Error::Stale)) => mine,
            (Err(Error::Stale), Ok(())) => yours,
            other => panic!("{other:?}"),
        };
        assert_eq!(world.store.link(world.workspace(), before.id).await.unwrap(), winner);
    })
    .await;
}

#[tokio::test]
async fn an_edit_to_a_taken_slug_changes_nothing() {
    on_both(async |world| {
        let [before, _other] = world.stored(["mine", "taken"]).await;
        let move_to = |world: &World, domain: &model::Domain, slug| {
            let place = address(domain.id, domain.host.as_str(), slug);
            let after = edit(&before, |link| {
                link.destination = url("https://lost.example/");
                link.addresses = vec![place];
            });
            let store = world.store.clone();
            let before = before.clone();
            async move { store.update_link(&before, &after, "editor").await }
        };
        let taken = move_to(&world, &world.ours, "TAKEN").await;
        assert!(matches!(taken, Err(Error::Taken(What::Slug))), "{taken:?}");
        let foreign = move_to(&world, &world.theirs, "free").await;
        assert!(matches!(foreign, Err(Error::NotFound(What::Domain))), "{foreign:?}");
        assert_eq!(world.store.link(world.workspace(), before.id).await.unwrap(), before);
        assert_eq!(
            world.store.revisions(world.workspace(), before.id, None, 9).await.unwrap().len(),
            1,
        );
    })
    .await;
}
