//! Drafts are kept until they are published or thrown away.

use jiff::ToSpan;
use model::{Error, Link, SavedDraft, Schemes, Variant, What};
use serde_json::json;

use crate::harness::{World, now, on_both, url};

fn draft(world: &World, link: &Link) -> SavedDraft {
    let mut plan = link.plan();
    plan.destination = url("https://draft.example/");
    plan.default_split = Variant::parse_list(
        "",
        &json!([{"weight": 1, "redirect": "https://a.example/"}]),
        Schemes::WEB,
    )
    .unwrap();
    SavedDraft::begin(link.id, world.workspace(), link.revision, plan, "Ann", now())
}

#[tokio::test]
async fn a_draft_comes_back_and_goes_with_its_link() {
    on_both(async |world| {
        let [link] = world.stored(["one"]).await;
        let (store, ours, theirs) = (&world.store, world.workspace(), world.theirs.workspace);
        let missing = |found: model::Result<SavedDraft>| {
            assert!(matches!(found, Err(Error::NotFound(What::Draft))), "{found:?}");
        };
        missing(store.draft(ours, link.id).await);
        let first = draft(&world, &link);
        store.save_draft(&first).await.unwrap();
        assert_eq!(store.draft(ours, link.id).await.unwrap(), first);
        missing(store.draft(theirs, link.id).await);
        let second = first.saved(1, link.plan(), "Bob", now() + 1.hour());
        store.save_draft(&second).await.unwrap();
        assert_eq!(store.draft(ours, link.id).await.unwrap(), second);
        let error = store.delete_draft(theirs, link.id).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Draft)), "{error:?}");
        store.delete_draft(ours, link.id).await.unwrap();
        missing(store.draft(ours, link.id).await);

        store.save_draft(&first).await.unwrap();
        store.delete_link(ours, link.id, now()).await.unwrap();
        missing(store.draft(ours, link.id).await);
        let error = store.save_draft(&first).await.unwrap_err();
        assert!(matches!(error, Error::Stale), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn of_two_saves_of_one_draft_one_is_stale() {
    on_both(async |world| {
        let [link] = world.stored(["one"]).await;
        let first = draft(&world, &link);
        world.store.save_draft(&first).await.unwrap();
        let error = world.store.save_draft(&first).await.unwrap_err();
        assert!(matches!(error, Error::Stale), "{error:?}");
        let [mine, yours] = ["Ann", "Bob"].map(|name| first.saved(1, link.plan(), name, now()));
        let (a, b) = tokio::join!(world.store.save_draft(&mine), world.store.save_draft(&yours));
        let winner = match (a, b) {
            (Ok(()), Err(Error::Stale)) => mine,
            (Err(Error::Stale), Ok(())) => yours,
            other => panic!("{other:?}"),
        };
        assert_eq!(world.store.draft(world.workspace(), link.id).await.unwrap(), winner);
    })
    .await;
}

#[tokio::test]
async fn publishing_saves_the_link_and_ends_the_draft_or_does_neither() {
    on_both(async |world| {
        let [link] = world.stored(["one"]).await;
        let (store, ours) = (&world.store, world.workspace());
        let first = draft(&world, &link);
        let mut after = link.clone();
        after.follow(first.plan.clone());
        after.edited(&link, now());
        store.save_draft(&first).await.unwrap();
        let second = first.saved(1, link.plan(), "Bob", now());
        store.save_draft(&second).await.unwrap();
        // Somebody saved the draft since it was read.
        let error = store.publish_draft(&link, &after, &first, "Ann").await.unwrap_err();
        assert!(matches!(error, Error::Stale), "{error:?}");
        // Somebody saved the link since it was read.
        let older = Link { version: 0, ..link.clone() };
        let error = store.publish_draft(&older, &after, &second, "Ann").await.unwrap_err();
        assert!(matches!(error, Error::Stale), "{error:?}");
        assert_eq!(store.link(ours, link.id).await.unwrap(), link);
        assert_eq!(store.draft(ours, link.id).await.unwrap(), second);

        store.publish_draft(&link, &after, &second, "Ann").await.unwrap();
        assert_eq!(store.link(ours, link.id).await.unwrap(), after);
        assert_eq!(store.revision(ours, link.id, 2).await.unwrap().plan, first.plan);
        assert!(store.draft(ours, link.id).await.is_err());
    })
    .await;
}
