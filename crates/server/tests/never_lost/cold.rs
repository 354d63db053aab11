//! A server starts by its snapshot: while its database is down, and only where that is its own.

use std::{path::Path, sync::atomic::Ordering::Relaxed, time::Duration};

use tokio::time::{Instant, sleep};

use crate::{
    client::{self, Request, Response},
    database::Database,
    ledger::Compared,
    load::{Load, Numbers},
    long,
    postgres::Postgres,
    server::Server,
};

/// From the start of the process to its first redirect, on a machine that does other things too.
const READY: Duration = Duration::from_secs(20);
/// How long it may take to find out that the database is back, and to store what waited.
const BACK: Duration = Duration::from_secs(60);
/// No answer may take as long as looking for the database does, but of limited links.
const SLOWEST: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_start_while_postgresql_is_down_redirects_and_catches_up() {
    if Database::no_postgres() {
        return;
    }
    let mut postgres = Postgres::start();
    let database = Database::on(&postgres.url).await;
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut first = Server::start(folder.path(), &database.url);
    first.make_links();
    first.make_link(r#"{"slug":"limited","destination":"https://example.com/","clickLimit":9,"limitCounts":"everyone"}"#);
    let edited = first.make_link(r#"{"slug":"edited","destination":"https://example.com/before"}"#);
    let deleted = first.make_link(r#"{"slug":"deleted","destination":"https://example.com/"}"#);
    assert!(first.terminate().success());
    // Another node changes what this one has in its snapshot.
    let mut other = Server::start(elsewhere.path(), &database.url);
    other.lend_key(&first);
    other.make_link(r#"{"slug":"made","destination":"https://example.com/"}"#);
    let edit = r#"{"destination":"https://example.com/after"}"#;
    assert_eq!(other.call("PATCH", &format!("/api/v1/links/{edited}"), edit).status, 200);
    assert_eq!(other.call("DELETE", &format!("/api/v1/links/{deleted}"), "").status, 204);
    assert!(other.terminate().success());

    // It commits without waiting for its disk: what was written just now would go with the crash.
    sleep(Duration::from_secs(2)).await;
    postgres.tell("crash");
    let began = Instant::now();
    let mut server = Server::start(folder.path(), &database.url);
    server.lend_key(&first);
    assert_eq!(location(&ask(&server, "HEAD", "/edited")), "https://example.com/before");
    let ready = began.elapsed();
    assert!(ready < READY, "{ready:?}:\n{}", server.log().join("\n"));
    // Nobody can know yet whether these are there, whose the key is, and what the limit has left.
    for (target, slowest) in [
        ("/made", SLOWEST),
        ("/nowhere", SLOWEST),
        ("/api/v1/links", SLOWEST),
        ("/links", SLOWEST),
        ("/limited", BACK),
    ] {
        let began = Instant::now();
        let answer = server.call("GET", target, "");
        assert_eq!(answer.status, 503, "{target}: {answer:?}");
        assert!(answer.headers.iter().any(|(name, _)| name == "retry-after"), "{answer:?}");
        assert!(began.elapsed() < slowest, "{target} took {:?}", began.elapsed());
    }
    let health = ask(&server, "GET", "/readyz");
    assert_eq!((health.status, health.body.contains("snapshot")), (200, true), "{health:?}");
    let numbers = Numbers::default();
    let load = Load::begin(server.address(), &numbers);
    sleep(Duration::from_secs(if long() { 30 } else { 2 })).await;
    assert_ne!(server.metric("waypost_spool_waiting_bytes"), 0);

    postgres.tell("start");
    let began = Instant::now();
    while status(&server, "/nowhere") != 404 {
        assert!(began.elapsed() < BACK, "it does not catch up:\n{}", server.log().join("\n"));
        sleep(Duration::from_millis(100)).await;
    }
    let caught_up = began.elapsed();
    assert_eq!((status(&server, "/made"), status(&server, "/deleted")), (302, 404));
    assert_eq!(location(&ask(&server, "HEAD", "/edited")), "https://example.com/after");
    assert_eq!(server.call("GET", "/api/v1/links", "").status, 200);
    let answers = load.end().await;
    assert!(server.terminate().success());
    assert_eq!(server.segments(), 0);
    let compared = Compared::of(&answers, &database.stored(numbers.load(Relaxed)).await);
    compared.report(&format!(
        "started without PostgreSQL: first redirect after {} ms, caught up {} ms after it was back",
        ready.as_millis(),
        caught_up.as_millis()
    ));
    compared.assert_exact();
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tries_addresses_does_not_reach_the_database() {
    if Database::no_postgres() {
        return;
    }
    let mut postgres = Postgres::start();
    let database = Database::on(&postgres.url).await;
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &database.url);
    server.make_links();
    // What waits for a database that does not answer does not come back in time.
    postgres.tell("freeze");
    let began = Instant::now();
    for number in 0..2_000 {
        assert_eq!(status(&server, &format!("/try-{number}")), 404);
    }
    let took = began.elapsed();
    assert_eq!(status(&server, "/load-1"), 302);
    postgres.tell("thaw");
    assert!(took < Duration::from_secs(30), "{took:?} for 2,000 unknown slugs");
    assert_eq!(server.metric("waypost_links"), 100);
    drop(server);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_took_the_place_of_another_is_believed() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let database = Database::sqlite(folder.path());
    let mut first = Server::start(data.path(), &database.url);
    first.make_link(r#"{"slug":"old","destination":"https://example.com/"}"#);
    assert!(first.terminate().success());
    assert!(data.path().join("routes.snapshot").exists());
    // The same address, and nothing of what was there.
    std::fs::remove_file(folder.path().join("waypost.db")).unwrap();
    let mut second = Server::start(data.path(), &database.url);
    assert_eq!(status(&second, "/old"), 404);
    second.make_link(r#"{"slug":"new","destination":"https://example.com/"}"#);
    assert_eq!(status(&second, "/new"), 302);
    assert!(second.terminate().success());
    assert_eq!(second.logged("another database"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_brought_back_from_a_copy_is_believed() {
    let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let copy = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    let mut first = Server::start(data.path(), &database.url);
    let id = first.make_link(r#"{"slug":"early","destination":"https://example.com/before"}"#);
    database.copy_to(copy.path()).await;
    let edit = r#"{"destination":"https://example.com/after"}"#;
    assert_eq!(first.call("PATCH", &format!("/api/v1/links/{id}"), edit).status, 200);
    first.make_link(r#"{"slug":"late","destination":"https://example.com/"}"#);
    assert!(first.terminate().success());
    restore(copy.path(), folder.path());
    let mut second = Server::start(data.path(), &database.url);
    assert_eq!(status(&second, "/late"), 404);
    assert_eq!(location(&ask(&second, "HEAD", "/early")), "https://example.com/before");
    assert!(second.terminate().success());
    assert_eq!(second.logged("an older one than before"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_was_damaged_is_left_aside() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    let mut first = Server::start(folder.path(), &database.url);
    first.make_links();
    assert!(first.terminate().success());
    let path = folder.path().join("routes.snapshot");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let mut second = Server::start(folder.path(), &database.url);
    assert_eq!((status(&second, "/load-99"), status(&second, "/load-100")), (302, 404));
    assert!(second.terminate().success());
    assert_eq!(second.logged("is left aside"), 1);
    assert!(folder.path().join("routes.snapshot.unusable").exists());
}

/// Puts a copy of a database in its place, as an operator does.
fn restore(copy: &Path, folder: &Path) {
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("waypost.db{end}")));
    }
    std::fs::copy(copy.join("waypost.db"), folder.join("waypost.db")).unwrap();
}

/// HEAD is no click, so that the clicks of visitors can be counted.
fn status(server: &Server, target: &str) -> u16 {
    ask(server, "HEAD", target).status
}

fn ask(server: &Server, method: &str, target: &str) -> Response {
    let (method, target) = (method.to_owned(), target.to_owned());
    client::send(server.address(), &Request { method, target, ..Request::default() })
}

fn location(answer: &Response) -> &str {
    let found = answer.headers.iter().find(|(name, _)| name == "location");
    found.map_or_else(|| panic!("no redirect: {answer:?}"), |(_, url)| url.as_str())
}
