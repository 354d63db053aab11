//! Opening, migrating, closing, and doing so again.

use model::Error;
use store::Store;

use crate::harness::on_both;

#[tokio::test]
async fn migrating_again_does_nothing() {
    on_both(async |world| {
        assert_eq!(world.store.migrate().await.unwrap(), Vec::<String>::new());
        world.store.ping().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn many_processes_may_migrate_at_once_and_one_of_them_does_it() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/waypost.db", folder.path().display());
    let start = || async {
        let store = Store::open(&url).await.unwrap();
        let names = store.migrate().await.unwrap();
        store.close().await;
        names
    };
    let (a, b, c) = tokio::join!(start(), start(), start());
    let names = [
        "first",
        "rules",
        "settings",
        "click blocks",
        "people",
        "key changes",
        "pixels",
        "conversions",
        "deleted domains",
        "webhooks",
        "converting visitors",
        "kept clicks",
        "unmatched",
        "proofs",
        "lists",
        "preferences",
        "bin",
        "click batches",
    ];
    assert_eq!([a, b, c].concat(), names);
}

#[tokio::test]
async fn what_was_answered_is_there_after_reopening() {
    on_both(async |world| {
        let [kept] = world.stored(["kept"]).await;
        // No close: the process may be killed at any time.
        let again = Store::open(&world.url).await.unwrap();
        assert_eq!(again.link(world.workspace(), kept.id).await.unwrap(), kept);
        assert_eq!(again.migrate().await.unwrap(), Vec::<String>::new());
        again.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_closed_store_says_that_it_cannot_be_reached() {
    on_both(async |world| {
        let link = world.link("late");
        world.store.close().await;
        let error = world.store.insert_link(&link, "tester").await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        let error = world.store.link(world.workspace(), link.id).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_down_opens_and_is_unavailable() {
    let store = Store::open("postgres://nobody@127.0.0.1:1/none").await.unwrap();
    let error = store.version().await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    let error = store.migrate().await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn a_relative_path_is_relative_to_where_the_server_runs() {
    let folder = tempfile::tempdir_in(".").unwrap();
    let name = folder.path().file_name().unwrap().to_str().unwrap().to_owned();
    let store = Store::open(&format!("sqlite://{name}/waypost.db")).await.unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    let left: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, ["waypost.db"], "closing puts the log back into the file");
}
