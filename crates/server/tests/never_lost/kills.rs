//! `kill -9` at random moments under full load.

use std::{ops::Range, sync::atomic::Ordering::Relaxed, time::Duration};

use crate::{
    database::Database,
    ledger::Compared,
    load::{Answers, Load, Numbers},
    long,
    server::Server,
};

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_loses_or_doubles_a_click_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    survive(database, if long() { 100 } else { 10 }, "SQLite", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_loses_or_doubles_a_click_that_waited_for_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    let settings = [("WAYPOST_DURABLE", "power")];
    survive(database, if long() { 20 } else { 3 }, "SQLite, durable=power", &settings).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_loses_or_doubles_a_click_on_postgresql() {
    let Some(database) = Database::postgres().await else { return };
    survive(database, if long() { 20 } else { 3 }, "PostgreSQL", &[]).await;
}

/// When a server under load is killed, counted from the first request.
const UNDER_LOAD: Range<u64> = 10..1_500;
/// When every third one is killed, counted from its start: while it drains what was left.
const STARTING: Range<u64> = 0..600;

async fn survive(database: Database, kills: u32, name: &str, settings: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let numbers = Numbers::default();
    let mut answers = Answers::default();
    let mut server = Server::start_with(folder.path(), &database.url, settings);
    server.make_links();
    for kill in 1..=kills {
        if kill % 3 == 0 {
            server.kill();
            server = Server::spawn_with(folder.path(), &database.url, settings);
            tokio::time::sleep(moment(STARTING)).await;
        } else {
            let load = Load::begin(server.address(), &numbers);
            tokio::time::sleep(moment(UNDER_LOAD)).await;
            server.kill();
            answers.add(load.end().await);
        }
        server.kill();
        database.assert_whole().await;
        server = Server::start_with(folder.path(), &database.url, settings);
    }
    assert!(server.terminate().success());
    assert_eq!(server.segments(), 0);
    let stored = database.stored(numbers.load(Relaxed)).await;
    let compared = Compared::of(&answers, &stored);
    compared.report(&format!("{kills} kills on {name}"));
    compared.assert_exact();
    // There are 32 numbers: a server that is started again and again must not use them up.
    assert_eq!(stored.nodes, 1);
    database.drop().await;
}

/// A random time.
pub(crate) fn moment(milliseconds: Range<u64>) -> Duration {
    let random = getrandom::u64().unwrap();
    Duration::from_millis(milliseconds.start + random % (milliseconds.end - milliseconds.start))
}
