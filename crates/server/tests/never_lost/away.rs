//! The database goes away under load: every redirect answers, every click arrives afterwards.

use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use tokio::time::{Instant, sleep};

use crate::{
    database::Database,
    ledger::Compared,
    load::{Load, Numbers},
    long,
    postgres::Postgres,
    server::Server,
};

/// No redirect may take as long as the database is away, for then it would have waited for it.
const SLOWEST: Duration = Duration::from_secs(3);
/// How long the clicks of that time may take to arrive.
const ARRIVE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_postgresql_loses_and_delays_nothing() {
    while_away("crash", "start").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_postgresql_loses_and_delays_nothing() {
    while_away("freeze", "thaw").await;
}

async fn while_away(goes: &str, comes: &str) {
    if Database::no_postgres() {
        return;
    }
    let seconds = if long() { 60 } else { 5 };
    let mut postgres = Postgres::start();
    let database = Database::on(&postgres.url).await;
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &database.url);
    server.make_links();
    let numbers = Numbers::default();
    let load = Load::begin(server.address(), &numbers);
    sleep(Duration::from_secs(1)).await;
    postgres.tell(goes);
    sleep(Duration::from_secs(seconds)).await;
    assert_ne!(server.metric("waypost_spool_waiting_bytes"), 0);
    postgres.tell(comes);
    sleep(Duration::from_secs(1)).await;
    let answers = load.end().await;
    let began = Instant::now();
    while server.metric("waypost_spool_waiting_bytes") != 0 {
        assert!(began.elapsed() < ARRIVE, "clicks still wait:\n{}", server.log().join("\n"));
        sleep(Duration::from_millis(100)).await;
    }
    let arrived = began.elapsed();
    assert!(server.terminate().success());
    assert_eq!(server.segments(), 0);
    let stored = database.stored(numbers.load(Relaxed)).await;
    let compared = Compared::of(&answers, &stored);
    compared.report(&format!(
        "PostgreSQL away for {seconds} s ({goes}), slowest answer {} ms, all stored {} ms after",
        answers.slowest.as_millis(),
        arrived.as_millis()
    ));
    compared.assert_exact();
    assert_eq!(answers.unanswered, [0; 0]);
    assert!(answers.slowest < SLOWEST, "{:?}", answers.slowest);
    assert_eq!(server.logged("could not store clicks"), server.logged("clicks are stored again"));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_sqlite_file_loses_and_delays_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    let mut server = Server::start(folder.path(), &database.url);
    server.make_links();
    let numbers = Numbers::default();
    let lock = database.lock().await;
    let load = Load::begin(server.address(), &numbers);
    // Longer than the writer waits for another process.
    sleep(Duration::from_secs(6)).await;
    let answers = load.end().await;
    assert_eq!(database.stored(0).await.count(), 0);
    drop(lock);
    assert!(server.terminate().success());
    assert_eq!(server.segments(), 0);
    let compared = Compared::of(&answers, &database.stored(numbers.load(Relaxed)).await);
    compared.report("SQLite locked for 6 s");
    compared.assert_exact();
    assert!(answers.slowest < SLOWEST, "{:?}", answers.slowest);
}
