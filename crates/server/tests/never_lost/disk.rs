//! A full disk, and files that came back from a copy or came back broken.

use std::{path::Path, sync::atomic::Ordering::Relaxed, time::Duration};

use rustix::process::{Resource, Rlimit, prlimit};
use tokio::time::sleep;

use crate::{
    database::Database,
    ledger::Compared,
    load::{Load, Numbers},
    server::Server,
};

/// No file of the server may grow, as where the disk is full; and then again it may.
fn let_files_grow(server: &Server, may: bool) {
    let current = if may { None } else { Some(0) };
    prlimit(Some(server.pid()), Resource::Fsize, Rlimit { current, maximum: None }).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_fails_no_redirect_and_every_lost_click_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    let mut server = Server::start(folder.path(), &database.url);
    server.make_links();
    let numbers = Numbers::default();
    let load = Load::begin(server.address(), &numbers);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(server.metric("waypost_clicks_failing"), 0);
    let_files_grow(&server, false);
    sleep(Duration::from_secs(3)).await;
    assert_eq!(server.metric("waypost_clicks_failing"), 1);
    assert_eq!(server.logged("could not record clicks"), 1);
    let_files_grow(&server, true);
    sleep(Duration::from_secs(1)).await;
    let answers = load.end().await;
    assert_eq!(server.metric("waypost_clicks_failing"), 0);
    let unrecorded = server.metric("waypost_clicks_unrecorded");
    assert!(server.terminate().success());
    assert_eq!(server.segments(), 0);
    let compared = Compared::of(&answers, &database.stored(numbers.load(Relaxed)).await);
    compared.report(&format!("a full disk for 3 s, {unrecorded} counted as not recorded"));
    compared.assert_none_twice();
    assert_eq!(answers.unanswered, [0; 0]);
    assert_ne!(unrecorded, 0);
    assert_eq!(compared.lost(), unrecorded);
    assert_eq!(server.logged("could not record clicks"), 1);
    assert_eq!(server.logged("clicks are recorded again"), 1);
    database.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_running_server_loses_and_doubles_nothing_that_it_answered_before() {
    let [folder, copy, older] = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let database = Database::sqlite(folder.path());
    let mut server = Server::start(folder.path(), &database.url);
    server.make_links();
    let numbers = Numbers::default();
    // No segment may be full before it is copied: once it is stored it is gone, and the older database
    // lacks what was in it, as docs/never-lost.md says.
    let load = || Load::paced(server.address(), &numbers, Duration::from_millis(10));
    let visitors = load();
    sleep(Duration::from_millis(500)).await;
    database.copy_to(older.path()).await;
    sleep(Duration::from_millis(500)).await;
    let mut before = visitors.end().await;
    let visitors = load();
    sleep(Duration::from_millis(300)).await;
    // The spool first: what is brought over in the meantime is then in both, and not in neither.
    copy_spool(folder.path(), copy.path());
    copy_spool(folder.path(), older.path());
    database.copy_to(copy.path()).await;
    sleep(Duration::from_millis(300)).await;
    let during = visitors.end().await;
    server.kill();
    // What came during the copy may be in it or not.
    before.unanswered.extend(during.answered);
    for (folder, what) in [(copy, "the same time"), (older, "half a second earlier")] {
        let database = Database::sqlite(folder.path());
        let mut server = Server::start(folder.path(), &database.url);
        assert!(server.terminate().success());
        assert_eq!(server.segments(), 0);
        let compared = Compared::of(&before, &database.stored(numbers.load(Relaxed)).await);
        compared.report(&format!(
            "a copied spool with a database of {what}, what came during the copy as unanswered"
        ));
        compared.assert_exact();
    }
}

fn copy_spool(from: &Path, to: &Path) {
    std::fs::create_dir(to.join("spool")).unwrap();
    for entry in std::fs::read_dir(from.join("spool")).unwrap() {
        let entry = entry.unwrap();
        // A segment may be stored and gone before its turn.
        let _ = std::fs::copy(entry.path(), to.join("spool").join(entry.file_name()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_segment_costs_the_click_that_it_hits_and_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    let mut server = Server::start(folder.path(), &database.url);
    server.make_links();
    let numbers = Numbers::default();
    let lock = database.lock().await;
    let load = Load::begin(server.address(), &numbers);
    sleep(Duration::from_secs(1)).await;
    let answers = load.end().await;
    server.kill();
    drop(lock);

    let spool = folder.path().join("spool");
    let segments = std::fs::read_dir(&spool).unwrap().map(|entry| entry.unwrap().path());
    let of_clicks = |path: &std::path::PathBuf| {
        path.extension().is_some_and(|is| is == "seg") && 1_000 < path.metadata().unwrap().len()
    };
    let broken = segments.into_iter().find(of_clicks).unwrap();
    let mut bytes = std::fs::read(&broken).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    bytes.extend(b"\x90\0\0\0the beginning of a click");
    std::fs::write(&broken, bytes).unwrap();
    let newer = spool.join(format!("{:032x}.seg", 1));
    std::fs::write(&newer, b"WPSPOOL\x02whatever comes").unwrap();

    let mut server = Server::start(folder.path(), &database.url);
    while server.metric("waypost_spool_damaged_bytes") == 0 {
        sleep(Duration::from_millis(20)).await;
    }
    assert!(server.terminate().success());
    assert_eq!(server.segments(), 1);
    assert!(newer.exists());
    let compared = Compared::of(&answers, &database.stored(numbers.load(Relaxed)).await);
    compared.report("one byte of a segment changed and its end torn");
    compared.assert_none_twice();
    assert_eq!(compared.lost(), 1);
    let name = broken.file_name().unwrap().to_string_lossy().into_owned();
    let told = |line: &&String| line.contains("no whole click") && line.contains(&name);
    assert!(server.log().iter().any(|line| told(&line) && line.contains("at=")));
    assert_eq!(server.logged("left a segment of the spool where it is"), 1);
}
