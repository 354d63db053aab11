//! Workspaces and their domains.

use futures_util::future::join_all;
use jiff::ToSpan;
use model::{
    AppLinks, Domain, Error, Host, Https, Manner, Robots, SlugKind, Status, What, Workspace,
};
use serde_json::json;

use crate::harness::{now, on_both};

#[tokio::test]
async fn workspaces_come_back_oldest_first() {
    on_both(async |world| {
        let third =
            Workspace { id: world.id(), name: "Größe \"3\"; --".to_owned(), created_at: now() };
        world.store.insert_workspace(&third).await.unwrap();
        let all = world.store.workspaces().await.unwrap();
        assert_eq!(all.len(), 3);
        assert_eq!(all[2], third);
        assert_eq!(world.store.first_workspace().await.unwrap(), Some(all[0].clone()));
        let error = world.store.insert_workspace(&third).await.unwrap_err();
        assert!(matches!(error, Error::Taken(What::Workspace)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_domain_comes_back_as_it_was_stored_and_saved() {
    on_both(async |world| {
        let plain =
            Domain::new(world.id(), world.workspace(), Host::parse("a.example").unwrap(), now());
        let full = Domain {
            id: world.id(),
            host: Host::parse("b.example").unwrap(),
            root_url: Some("https://example.com/".to_owned()),
            not_found_url: Some("https://example.com/404".to_owned()),
            expired_url: Some("https://example.com/late".to_owned()),
            case_sensitive: true,
            timezone: "Asia/Kathmandu".to_owned(),
            default_status: Status::new("", 307).unwrap(),
            app_schemes: vec!["myapp".to_owned(), "other".to_owned()],
            manner: Manner {
                slugs: SlugKind::Counted,
                hides_referrer: true,
                cloaks: true,
                https: Https::Strict,
                https_links: true,
                robots: Robots::Disallowed,
                marks_qr: false,
                purges_expired: true,
                app_links: AppLinks { apple: None, android: Some(json!([])) },
                kept: json!({"größe": [1, null]}).as_object().unwrap().clone(),
            },
            ..plain.clone()
        };
        for domain in [&plain, &full] {
            world.store.insert_domain(domain).await.unwrap();
            let found = world.store.domain(world.workspace(), domain.id).await.unwrap();
            assert_eq!(found, *domain);
        }
        let swapped = Domain { id: plain.id, host: plain.host.clone(), ..full.clone() };
        let before = world.store.version().await.unwrap();
        world.store.update_domain(&plain, &swapped).await.unwrap();
        assert_eq!(world.store.domain(world.workspace(), plain.id).await.unwrap(), swapped);
        assert_eq!(
            world.store.domains_changed_since(before).await.unwrap(),
            std::slice::from_ref(&swapped)
        );
        let ours = world.store.domains(world.workspace()).await.unwrap();
        assert_eq!(ours, [world.ours.clone(), swapped.clone(), full]);
        let later = Domain { updated_at: now() + 1.hour(), ..swapped.clone() };
        world.store.update_domain(&swapped, &later).await.unwrap();
        let error = world.store.update_domain(&swapped, &later).await.unwrap_err();
        assert!(matches!(error, Error::Stale), "{error:?}");
        assert_eq!(world.store.all_domains().await.unwrap().len(), 4);
    })
    .await;
}

#[tokio::test]
async fn a_host_is_taken_once_in_all_workspaces() {
    on_both(async |world| {
        let clash =
            Domain { id: world.id(), host: world.theirs.host.clone(), ..world.ours.clone() };
        let error = world.store.insert_domain(&clash).await.unwrap_err();
        assert!(matches!(error, Error::Taken(What::Domain)), "{error:?}");
        let renamed = Domain { host: world.theirs.host.clone(), ..world.ours.clone() };
        let error = world.store.update_domain(&world.ours, &renamed).await.unwrap_err();
        assert!(matches!(error, Error::Taken(What::Domain)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_foreign_domain_is_not_found() {
    on_both(async |world| {
        let error = world.store.domain(world.workspace(), world.theirs.id).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Domain)), "{error:?}");
        let stolen = Domain { workspace: world.workspace(), ..world.theirs.clone() };
        let error = world.store.update_domain(&world.theirs, &stolen).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Domain)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn each_domain_counts_its_own_slugs_and_none_twice() {
    on_both(async |world| {
        let (store, ours, theirs) = (&world.store, world.ours.id, world.theirs.id);
        assert_eq!(store.last_slug_number(ours).await.unwrap(), 0);
        let mut numbers = join_all((0..20).map(|_| store.next_slug_number(ours))).await;
        numbers.sort_by_key(|number| *number.as_ref().unwrap());
        let numbers: Vec<i64> = numbers.into_iter().map(Result::unwrap).collect();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
        assert_eq!(store.next_slug_number(theirs).await.unwrap(), 1);
        assert_eq!(store.last_slug_number(ours).await.unwrap(), 20);
    })
    .await;
}

#[tokio::test]
async fn a_domain_is_deleted_once_no_link_is_on_it_and_every_node_hears_of_it() {
    on_both(async |world| {
        let host = Host::parse("gone.example").unwrap();
        let domain = Domain::new(world.id(), world.workspace(), host, now());
        world.store.insert_domain(&domain).await.unwrap();
        world.store.next_slug_number(domain.id).await.unwrap();
        let foreign = world.store.delete_domain(world.theirs.workspace, domain.id, now()).await;
        assert!(matches!(foreign, Err(Error::NotFound(What::Domain))), "{foreign:?}");

        let [link] = world.stored(["kept"]).await;
        let home = link.addresses[0].domain;
        assert!(!world.store.delete_domain(world.workspace(), home, now()).await.unwrap());

        let before = world.store.version().await.unwrap();
        assert!(world.store.delete_domain(world.workspace(), domain.id, now()).await.unwrap());
        let found = world.store.domain(world.workspace(), domain.id).await;
        assert!(matches!(found, Err(Error::NotFound(What::Domain))), "{found:?}");
        assert_eq!(world.store.domains_deleted_since(before).await.unwrap(), [domain.id]);
        assert_eq!(world.store.domains_deleted_since(before + 1).await.unwrap(), []);
        assert_eq!(world.store.last_slug_number(domain.id).await.unwrap(), 0);
        // The host is free again.
        let again = Domain { id: world.id(), ..domain };
        world.store.insert_domain(&again).await.unwrap();
    })
    .await;
}
