//! Which threads go first: nothing that is slow may keep a redirect, and so its click, waiting.

use std::fs;

use rustix::{process::getpriority_process, thread::gettid};

use crate::{database::Database, server::Server};

/// As `nice` counts it.
const STANDS_BACK: i32 = 10;

#[tokio::test(flavor = "multi_thread")]
async fn all_threads_but_the_loops_and_the_first_stand_back() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    let server = Server::start(folder.path(), &database.url);
    server.make_links();
    let own = getpriority_process(Some(gettid())).unwrap();
    let mut threads: Vec<(String, i32)> = Vec::new();
    let folder = format!("/proc/{}/task", server.pid().as_raw_nonzero());
    for task in fs::read_dir(folder).unwrap() {
        // One that has just ended tells nothing.
        let Ok(stat) = fs::read_to_string(task.unwrap().path().join("stat")) else { continue };
        let (head, tail) = stat.rsplit_once(") ").unwrap();
        // The 19th field, of which two are before these.
        let nice = tail.split(' ').nth(16).unwrap().parse().unwrap();
        threads.push((head.split_once('(').unwrap().1.to_owned(), nice));
    }
    for (name, nice) in &threads {
        // The first thread has the process' name, and only waits.
        let goes_first = name.starts_with("door-") || name == "waypost";
        let expected = if goes_first { own } else { own.max(STANDS_BACK) };
        assert_eq!(*nice, expected, "{name} of {threads:?}");
    }
    for wanted in ["door-0", "tokio-rt-worker", "sqlx-sqlite"] {
        assert!(threads.iter().any(|(name, _)| name.starts_with(wanted)), "{threads:?}");
    }
}
