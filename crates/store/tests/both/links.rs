//! Links come back as they went in, to whom they belong.

use jiff::{Timestamp, ToSpan};
use model::{
    Card, Counted, Draft, Error, ForeignId, Link, LinkId, RuleDraft, Schemes, Status, What,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::json;

use crate::harness::{World, address, now, on_both, url};

#[tokio::test]
async fn a_link_comes_back_by_id_address_and_rule() {
    on_both(async |world| {
        let link = world.link_on(&world.ours, &["Spring", "shop/Lenz"]);
        world.store.insert_link(&link, "tester").await.unwrap();
        let (store, ours) = (&world.store, world.workspace());
        assert_eq!(store.link(ours, link.id).await.unwrap(), link);
        for key in ["spring", "shop/lenz"] {
            assert_eq!(store.link_by_address(ours, world.ours.id, key).await.unwrap(), link);
        }
        for rule in &link.rules {
            assert_eq!(store.link_of_rule(ours, rule.id).await.unwrap(), link);
        }
        let first = store.revision(ours, link.id, 1).await.unwrap();
        assert_eq!((first.number, first.author.as_str()), (1, "tester"));
        assert_eq!(first.plan, link.plan());
    })
    .await;
}

#[tokio::test]
async fn a_foreign_link_is_not_found() {
    on_both(async |world| {
        let [link] = world.stored(["mine"]).await;
        let (store, theirs) = (&world.store, world.theirs.workspace);
        let not_found = |found: model::Result<Link>, what| {
            let error = found.unwrap_err();
            assert!(matches!(error, Error::NotFound(w) if w == what), "{error:?}");
        };
        not_found(store.link(theirs, link.id).await, What::Link);
        not_found(store.link_by_address(theirs, world.ours.id, "mine").await, What::Link);
        not_found(store.link_of_rule(theirs, link.rules[0].id).await, What::Rule);
        assert_eq!(
            store.links_to(theirs, world.ours.id, "https://example.com/mine").await.unwrap(),
            []
        );
        assert_eq!(store.revisions(theirs, link.id, None, 10).await.unwrap(), []);
        let error = store.revision(theirs, link.id, 1).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Revision)), "{error:?}");

        let stolen = Link { workspace: theirs, ..link.clone() };
        let error = store.update_link(&stolen, &stolen, "thief").await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Link)), "{error:?}");
        let error = store.delete_link(theirs, link.id, now()).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Link)), "{error:?}");
        assert_eq!(store.link(world.workspace(), link.id).await.unwrap(), link);

        let on_theirs = world.link_on(&world.theirs, &["x"]);
        let ours = Link { workspace: world.workspace(), ..on_theirs };
        let error = store.insert_link(&ours, "tester").await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Domain)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_slug_is_taken_as_its_domain_compares_slugs() {
    on_both(async |world| {
        world.stored(["Spring"]).await;
        let error = world.store.insert_link(&world.link("sprinG"), "tester").await.unwrap_err();
        assert!(matches!(error, Error::Taken(What::Slug)), "{error:?}");
        // Half of a link is none: its other address stays free.
        let half = world.link_on(&world.ours, &["free", "spring"]);
        let error = world.store.insert_link(&half, "tester").await.unwrap_err();
        assert!(matches!(error, Error::Taken(What::Slug)), "{error:?}");
        world.stored(["free"]).await;

        let mut strict = world.theirs.clone();
        strict.case_sensitive = true;
        world.store.update_domain(&world.theirs, &strict).await.unwrap();
        for slug in ["Spring", "sprinG"] {
            world.store.insert_link(&world.link_on(&strict, &[slug]), "tester").await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn links_to_a_destination_are_found_by_its_very_text() {
    on_both(async |world| {
        let mut links = ["a", "b", "c"].map(|slug| world.link(slug));
        for link in &mut links {
            link.destination = url("https://example.com/{country}");
        }
        links[2].destination = url("https://example.com/{city}");
        for link in &links {
            world.store.insert_link(link, "tester").await.unwrap();
        }
        let to = |text: &'static str| world.store.links_to(world.workspace(), world.ours.id, text);
        assert_eq!(to("https://example.com/{country}").await.unwrap(), links[..2]);
        assert_eq!(to("https://example.com/").await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_text_that_postgresql_cannot_hold_is_refused_by_both() {
    on_both(async |world| {
        let link = Link { title: Some("a\0b".to_owned()), ..world.link("nul") };
        let error = world.store.insert_link(&link, "tester").await.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error:?}");
        let found = world.store.link_by_address(world.workspace(), world.ours.id, "a\0").await;
        assert!(matches!(found, Err(Error::Invalid(_))), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn foreign_ids_lead_to_the_link() {
    on_both(async |world| {
        let [link, other] = world.stored(["one", "two"]).await;
        let (store, ours, theirs) = (&world.store, world.workspace(), world.theirs.workspace);
        let id = |service| ForeignId::new(service, "lnk_old").unwrap();
        store.insert_foreign_id(ours, &id("shortio"), link.id).await.unwrap();
        let find = async |workspace, service| store.find_foreign_id(workspace, &id(service)).await;
        assert_eq!(find(ours, "shortio").await.unwrap(), Some(link.id));
        assert_eq!(find(ours, "dglnk").await.unwrap(), None);
        assert_eq!(find(theirs, "shortio").await.unwrap(), None);
        let error = store.insert_foreign_id(ours, &id("shortio"), other.id).await.unwrap_err();
        assert!(matches!(error, Error::Taken(What::ForeignId)), "{error:?}");
        let error = store.insert_foreign_id(theirs, &id("dglnk"), link.id).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Link)), "{error:?}");
        assert_eq!(store.foreign_ids(ours, link.id).await.unwrap(), [id("shortio")]);
        // Who deletes a link gives its id back.
        store.delete_link(ours, link.id, now()).await.unwrap();
        assert_eq!(find(ours, "shortio").await.unwrap(), None);
        store.insert_foreign_id(ours, &id("shortio"), other.id).await.unwrap();
        store.delete_foreign_id(ours, &id("shortio"), other.id).await.unwrap();
        let error = store.delete_foreign_id(ours, &id("shortio"), other.id).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::ForeignId)), "{error:?}");
    })
    .await;
}

/// A law: whatever link can be made, it is read back as it was written.
#[tokio::test]
async fn every_link_is_read_back_as_it_was_written() {
    on_both(async |world| {
        let mut runner = TestRunner::deterministic();
        let links: Vec<Link> = (0..300)
            .map(|i| {
                let settings = settings().new_tree(&mut runner).unwrap().current();
                build(&world, i, settings)
            })
            .collect();
        for result in world.store.insert_links(&links, "tester").await {
            result.unwrap();
        }
        for link in &links {
            let found = world.store.link(world.workspace(), link.id).await.unwrap();
            assert_eq!(found, *link);
        }
    })
    .await;
}

type Settings = (
    (Option<String>, Option<String>, Vec<String>, Option<String>),
    (bool, bool, bool, bool, bool),
    (Option<i64>, Option<i64>, Option<u64>, usize),
    Vec<(String, i64, usize, usize)>,
    Option<(Option<String>, Option<String>)>,
);

fn settings() -> impl Strategy<Value = Settings> {
    let text = || proptest::option::of("[^\\x00]{0,40}");
    let time = || proptest::option::of(0_i64..4_000_000_000_000);
    (
        (text(), text(), proptest::collection::vec("[^\\x00]{1,20}", 0..4), text()),
        any::<(bool, bool, bool, bool, bool)>(),
        (time(), time(), proptest::option::of(1_u64..u64::MAX / 4), 0_usize..5),
        proptest::collection::vec(("[^\\x00]{0,20}", -9_i64..9, 0_usize..4, 0_usize..4), 0..5),
        proptest::option::of((text(), text())),
    )
}

fn build(world: &World, i: usize, settings: Settings) -> Link {
    let ((title, description, tags, folder), flags, (starts, ends, limit, status), rules, card) =
        settings;
    let destinations = [
        "https://example.com/",
        "http://bücher.example/?a=b#c",
        "https://example.com/{city}?q={country}",
    ];
    let mut draft = Draft::new(url(destinations[i % 3]));
    (draft.title, draft.description, draft.tags, draft.folder) = (title, description, tags, folder);
    (draft.enabled, draft.archived, draft.forward_query) = (flags.0, flags.1, flags.2);
    draft.limit_counts = if flags.3 { Counted::Everyone } else { Counted::People };
    draft.expired_destination = flags.4.then(|| url("https://late.example"));
    draft.password_hash = flags.4.then(|| "$argon2id$v=19$x".to_owned());
    let time = |ms: i64| Timestamp::from_millisecond(ms).unwrap();
    draft.starts_at = starts.map(time);
    draft.expires_at =
        ends.map(time).filter(|end| draft.starts_at.is_none_or(|start| start < *end));
    draft.click_limit = limit;
    draft.status = Some(Status::new("", [301, 302, 303, 307, 308][status]).unwrap());
    if let Some(title) = &draft.title {
        draft.parameters.set("utm_größe", Some(title));
        draft.kept.insert(title.clone(), json!({"x": [1, null]}));
    }
    draft.cloaked = Some(flags.1);
    draft.delete_at = draft.expires_at;
    draft.card = card.map(|(title, description)| {
        let properties = vec![("image:width".to_owned(), title.clone().unwrap_or_default())];
        Card { title, description, properties, ..Card::default() }
    });
    let whens = [
        json!({"field": "country", "operator": "in", "value": ["FR", "BE"]}),
        json!({"all": [{"field": "deviceType", "operator": "equals", "value": "mobile"},
                       {"not": {"any": [{"field": "bot", "operator": "is_true"}]}}]}),
        json!({"field": "referrer", "operator": "contains", "value": "größe \"x\" \\ '"}),
        json!({"field": "hour", "operator": "between", "value": [8, 17]}),
    ];
    let actions = [
        json!({"redirect": "https://example.org/{country}"}),
        json!({"split": [{"weight": 60, "redirect": "https://a.example"},
                         {"weight": 40, "redirect": "https://b.example/#x"}]}),
        json!({"block": 404}),
        json!({"block": 451}),
    ];
    let rule = |(name, priority, when, action): (String, i64, usize, usize)| {
        let rule = json!({"name": name, "priority": priority, "enabled": priority < 5,
                          "when": whens[when], "action": actions[action]});
        RuleDraft::parse(&rule, Schemes::AsSaved).unwrap()
    };
    draft.rules = rules.into_iter().map(rule).collect();
    let (domain, host) = (world.ours.id, world.ours.host.as_str());
    let addresses = (0..1 + i % 3).map(|n| address(domain, host, &format!("Größe/{i}-{n}")));
    world
        .stamped(|stamp| {
            draft.into_link(world.workspace(), addresses.collect(), Status::default(), stamp)
        })
        .unwrap()
}

#[tokio::test]
async fn a_deleted_link_frees_its_addresses_and_stays_deleted() {
    on_both(async |world| {
        let mut link = world.link("gone");
        link.tags = vec!["t".to_owned(), "t".to_owned()];
        world.store.insert_link(&link, "tester").await.unwrap();
        let (store, ours) = (&world.store, world.workspace());
        store.delete_link(ours, link.id, now() + 1.hour()).await.unwrap();
        let missing = |found: model::Result<Link>| {
            let error = found.unwrap_err();
            assert!(matches!(error, Error::NotFound(What::Link | What::Rule)), "{error:?}");
        };
        missing(store.link(ours, link.id).await);
        missing(store.link_by_address(ours, world.ours.id, "gone").await);
        missing(store.link_of_rule(ours, link.rules[0].id).await);
        let error = store.delete_link(ours, link.id, now()).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Link)), "{error:?}");
        let error = store.update_link(&link, &link, "tester").await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Link)), "{error:?}");
        assert_eq!(store.revisions(ours, link.id, None, 10).await.unwrap().len(), 1);
        world.stored(["gone"]).await;
        let gone = ForeignId::new("dglnk", "gone").unwrap();
        let missing: Option<LinkId> = store.find_foreign_id(ours, &gone).await.unwrap();
        assert_eq!(missing, None);
    })
    .await;
}
