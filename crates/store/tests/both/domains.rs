//! Workspaces and their domains.

use model::{Domain, Error, Host, Status, What, Workspace};

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
            ..plain.clone()
        };
        for domain in [&plain, &full] {
            world.store.insert_domain(domain).await.unwrap();
            let found = world.store.domain(world.workspace(), domain.id).await.unwrap();
            assert_eq!(found, *domain);
        }
        let swapped = Domain { id: plain.id, host: plain.host.clone(), ..full.clone() };
        let before = world.store.version().await.unwrap();
        world.store.update_domain(&swapped).await.unwrap();
        assert_eq!(world.store.domain(world.workspace(), plain.id).await.unwrap(), swapped);
        assert_eq!(
            world.store.domains_changed_since(before).await.unwrap(),
            std::slice::from_ref(&swapped)
        );
        let ours = world.store.domains(world.workspace()).await.unwrap();
        assert_eq!(ours, [world.ours.clone(), swapped, full]);
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
        let error = world.store.update_domain(&renamed).await.unwrap_err();
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
        let error = world.store.update_domain(&stolen).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Domain)), "{error:?}");
    })
    .await;
}
