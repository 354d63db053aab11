//! Folders, made and merely named.

use model::{Error, Folder, FolderSettings, What};
use serde_json::json;

use crate::harness::{World, now, on_both};

fn folder(world: &World, name: &str) -> Folder {
    let mut settings = FolderSettings {
        status: Some(307),
        expires_after_days: Some(30),
        prefix: Some("s-".to_owned()),
        kept: json!({"color": "größe"}).as_object().unwrap().clone(),
        ..FolderSettings::default()
    };
    settings.parameters.set("utm_source", Some("a&b"));
    Folder::new(world.workspace(), world.ours.id, name, settings, now()).unwrap()
}

#[tokio::test]
async fn a_folder_comes_back_and_its_name_is_taken_once() {
    on_both(async |world| {
        let (store, ours, domain) = (&world.store, world.workspace(), world.ours.id);
        let made = folder(&world, "Größe 1/2");
        store.insert_folder(&made).await.unwrap();
        let found = store.folder(ours, domain, "Größe 1/2").await.unwrap();
        assert_eq!(found, Some(made.clone()));
        let error = store.insert_folder(&made).await.unwrap_err();
        assert!(matches!(error, Error::Taken(What::Folder)), "{error:?}");
        let elsewhere =
            Folder { workspace: world.theirs.workspace, domain: world.theirs.id, ..made.clone() };
        store.insert_folder(&elsewhere).await.unwrap();
        assert_eq!(store.folder(ours, domain, "none").await.unwrap(), None);
        assert_eq!(store.folder(world.theirs.workspace, domain, "Größe 1/2").await.unwrap(), None);
        assert_eq!(store.folders(ours, domain).await.unwrap(), [made]);
        assert_eq!(store.folders(ours, world.theirs.id).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn what_only_links_name_is_a_folder_while_they_do() {
    on_both(async |world| {
        let (store, ours, domain) = (&world.store, world.workspace(), world.ours.id);
        store.insert_folder(&folder(&world, "b")).await.unwrap();
        for (slug, name) in [("1", "a"), ("2", "a"), ("3", "b")] {
            let mut link = world.link(slug);
            link.folder = Some(name.to_owned());
            store.insert_link(&link, "tester").await.unwrap();
        }
        let all = store.folders(ours, domain).await.unwrap();
        assert_eq!(all.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(all[0].settings, FolderSettings::default());
        assert_eq!(all[1], folder(&world, "b"));
        for key in ["1", "2"] {
            let link = store.link_by_address(ours, domain, key).await.unwrap();
            store.delete_link(ours, link.id, now()).await.unwrap();
        }
        assert_eq!(store.folders(ours, domain).await.unwrap(), [folder(&world, "b")]);
    })
    .await;
}
