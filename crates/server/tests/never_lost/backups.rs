//! A backup of a running server is everything that it had answered, and says when it is not whole.

use std::{
    path::Path,
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use sqlx::{Connection, SqliteConnection, query_scalar};
use tokio::time::sleep;

use crate::{
    client::{self, Request},
    database::Database,
    ledger::Compared,
    load::{Answers, Load, Numbers},
    long,
    server::Server,
};

/// Runs `waypost backup`.
fn back_up(folder: &Path, database: &Database, file: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_waypost"))
        .arg("backup")
        .arg(file)
        .env("WAYPOST_DATABASE_URL", &database.url)
        .env("WAYPOST_DATA_DIR", folder)
        .output()
        .unwrap()
}

fn has_link(server: &Server, slug: &str) -> bool {
    let request =
        Request { method: "HEAD".to_owned(), target: format!("/{slug}"), ..Request::default() };
    client::send(server.address(), &request).status == 302
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_has_every_link_and_click_that_was_answered_before() {
    let [folder, elsewhere] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let database = Database::sqlite(folder.path());
    let server = Arc::new(Server::start(folder.path(), &database.url));
    server.make_links();
    let numbers = Numbers::default();
    let stop = Arc::new(AtomicBool::new(false));
    let editing = std::thread::spawn({
        let (server, stop) = (server.clone(), stop.clone());
        move || {
            let mut made = Vec::new();
            while !stop.load(Relaxed) {
                let slug = format!("made-{}", made.len());
                server.make_link(&format!(
                    r#"{{"slug":"{slug}","destination":"https://example.com/"}}"#
                ));
                made.push((Instant::now(), slug));
            }
            made
        }
    });
    let mut backups = Vec::new();
    let mut before = Answers::default();
    for nth in 0..if long() { 20 } else { 2 } {
        let load = Load::begin(server.address(), &numbers);
        sleep(Duration::from_millis(700)).await;
        before.add(load.end().await);
        let load = Load::begin(server.address(), &numbers);
        sleep(Duration::from_millis(100)).await;
        let file = elsewhere.path().join(format!("backup-{nth}.db"));
        let begun = Instant::now();
        let done = tokio::task::block_in_place(|| back_up(folder.path(), &database, &file));
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(String::from_utf8_lossy(&done.stdout).contains(" clicks, whole"), "{done:?}");
        let during = load.end().await;
        // What is there is not written over.
        let again = tokio::task::block_in_place(|| back_up(folder.path(), &database, &file));
        assert!(String::from_utf8_lossy(&again.stderr).contains("is there already"), "{again:?}");
        backups.push((begun, file, before.answered.clone(), during.answered.clone()));
        before.add(during);
    }
    stop.store(true, Relaxed);
    let made = editing.join().unwrap();
    drop(server);
    for (begun, file, answered, during) in backups {
        let restored = tempfile::tempdir().unwrap();
        std::fs::copy(&file, restored.path().join("waypost.db")).unwrap();
        let database = Database::sqlite(restored.path());
        database.assert_whole().await;
        let mut server = Server::start(restored.path(), &database.url);
        let earlier: Vec<&str> =
            made.iter().filter(|(at, _)| *at < begun).map(|(_, slug)| slug.as_str()).collect();
        let missing: Vec<&&str> = earlier.iter().filter(|slug| !has_link(&server, slug)).collect();
        assert!(missing.is_empty(), "{missing:?} of {}", earlier.len());
        assert!(server.terminate().success());
        // What came during the backup may be in it or not, and what came later is not.
        let answers = Answers { answered, unanswered: during, ..Default::default() };
        let compared = Compared::of(&answers, &database.stored(numbers.load(Relaxed)).await);
        let links = earlier.len();
        compared.report(&format!(
            "a backup under load, restored, with all of {links} links; what came during it as unanswered"
        ));
        compared.assert_exact();
    }
    let left: Vec<_> = std::fs::read_dir(elsewhere.path()).unwrap().collect();
    assert!(left.iter().all(|entry| !format!("{entry:?}").contains("partial")), "{left:?}");
}

/// Breaks the index over the ends of links' destinations: no redirect reads it.
async fn damage(folder: &Path, database: &Database) {
    let mut conn = SqliteConnection::connect(&database.url).await.unwrap();
    let page: i64 = query_scalar(
        "select rootpage from sqlite_schema where name = 'links_workspace_id_destination_hash'",
    )
    .fetch_one(&mut conn)
    .await
    .unwrap();
    let size: i64 = query_scalar("pragma page_size").fetch_one(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    let file = folder.join("waypost.db");
    let mut bytes = std::fs::read(&file).unwrap();
    // Cells lie at a page's end.
    let last = usize::try_from(page * size).unwrap() - 1;
    bytes[last] ^= 0x55;
    std::fs::write(file, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_the_database_is_looked_through_and_damage_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    let mut server = Server::start(folder.path(), &database.url);
    server.make_links();
    server.kill();
    let told = |server: &Server, text: &str| {
        let begun = Instant::now();
        while server.logged(text) == 0 {
            assert!(begun.elapsed() < Duration::from_secs(30), "{}", server.log().join("\n"));
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let mut server = Server::start(folder.path(), &database.url);
    told(&server, "the database is whole");
    assert_eq!(server.metric("waypost_database_damaged"), 0);
    assert!(server.terminate().success());
    damage(folder.path(), &database).await;

    // A backup of it is none.
    let file = folder.path().join("backup.db");
    let failed = back_up(folder.path(), &database, &file);
    assert!(!failed.status.success() && !file.exists());
    let why = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(why.contains("damaged"), "{why}");

    // A process that ended in order leaves nothing to look for.
    let mut server = Server::start(folder.path(), &database.url);
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(server.logged("did not end in order"), 0);
    server.kill();
    let server = Server::start(folder.path(), &database.url);
    told(&server, "the database is damaged");
    assert_eq!(server.metric("waypost_database_damaged"), 1);
    assert!(has_link(&server, "load-1"));
}
