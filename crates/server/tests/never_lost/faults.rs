//! A real file system without room, and system calls that fail or take long, by `strace`.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::Ordering::Relaxed,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::sleep;

use crate::{
    client::{self, Request},
    database::Database,
    ledger::Compared,
    load::{Load, Numbers},
    server::Server,
};

/// A file system in memory, of this size.
struct Small(PathBuf);

impl Small {
    /// None where it may not be mounted, which this says.
    fn mount(on: &Path, size: &str) -> Option<Small> {
        std::fs::create_dir(on).unwrap();
        let size = format!("size={size}");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(on).status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Small(on.to_owned()));
        }
        eprintln!("no file system could be mounted: nothing was run on a full one");
        None
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Something that happens to system calls of a process for as long as it is held.
struct Injected(Child);

impl Injected {
    /// None where `strace` is missing or may not, which this says.
    fn into(server: &Server, what: &str) -> Option<Injected> {
        let calls = what.split(':').next().unwrap();
        let pid = server.pid().as_raw_nonzero().to_string();
        let strace = Command::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null", "-p", &pid, "-e", &format!("trace={calls}")])
            .args(["-e", &format!("inject={what}")])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = strace else {
            eprintln!("there is no strace: no system call was made to fail");
            return None;
        };
        // It says nothing when it has begun, but the kernel knows.
        let status = format!("/proc/{pid}/status");
        for _ in 0..200 {
            let traced = std::fs::read_to_string(&status).unwrap();
            if !traced.contains("TracerPid:\t0\n") {
                return Some(Injected(child));
            }
            if child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        eprintln!("strace may not trace here: no system call was made to fail");
        None
    }
}

impl Drop for Injected {
    fn drop(&mut self) {
        // By SIGTERM it lets go of the process.
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let _ = self.0.wait();
    }
}

/// Waits until a metric is as it should be.
async fn until(server: &Server, metric: &str, is: impl Fn(u64) -> bool) {
    let begun = Instant::now();
    while !is(server.metric(metric)) {
        assert!(
            begun.elapsed() < Duration::from_secs(120),
            "{metric} is {}",
            server.metric(metric)
        );
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_file_system_costs_nothing_before_the_reserve_is_used_up_and_then_all_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let Some(mounted) = Small::mount(&data, "56m") else { return };
    let database = Database::sqlite(folder.path());
    // One segment of reserve.
    let settings = [("WAYPOST_SPOOL_SIZE", "48MiB")];
    let mut server = Server::start_with(&data, &database.url, &settings);
    server.make_links();
    assert_eq!(server.metric("waypost_spool_reserve_bytes"), 8 << 20);
    let lock = database.lock().await;
    let numbers = Numbers::default();
    let load = Load::begin(server.address(), &numbers);
    sleep(Duration::from_millis(500)).await;
    let filler = data.join("filler");
    let mut zeros = std::io::repeat(0);
    let full = std::io::copy(&mut zeros, &mut std::fs::File::create(&filler).unwrap());
    assert_eq!(full.unwrap_err().kind(), std::io::ErrorKind::StorageFull);
    until(&server, "waypost_spool_reserve_bytes", |bytes| bytes == 0).await;
    assert_eq!(server.logged("clicks go to its reserve"), 1);
    assert_eq!(server.metric("waypost_clicks_unrecorded"), 0);
    until(&server, "waypost_clicks_failing", |failing| failing == 1).await;
    sleep(Duration::from_millis(500)).await;
    std::fs::remove_file(filler).unwrap();
    drop(lock);
    until(&server, "waypost_clicks_failing", |failing| failing == 0).await;
    let answers = load.end().await;
    let unrecorded = server.metric("waypost_clicks_unrecorded");
    assert!(server.terminate().success());
    assert_eq!(server.segments(), 0);
    let compared = Compared::of(&answers, &database.stored(numbers.load(Relaxed)).await);
    compared.report(&format!("a full file system, {unrecorded} counted as not recorded"));
    compared.assert_none_twice();
    assert_eq!(answers.unanswered, [0; 0]);
    assert_ne!(unrecorded, 0);
    assert_eq!(compared.lost(), unrecorded);
    assert_eq!(server.logged("could not record clicks"), 1);
    database.assert_whole().await;
    drop(mounted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fails_to_sync_costs_no_click_as_long_as_the_power_is_on() {
    for durable in ["process", "power"] {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::sqlite(folder.path());
        let settings = [("WAYPOST_DURABLE", durable)];
        let mut server = Server::start_with(folder.path(), &database.url, &settings);
        server.make_links();
        let numbers = Numbers::default();
        let load = Load::begin(server.address(), &numbers);
        sleep(Duration::from_millis(500)).await;
        // The database fails to sync as well.
        let Some(injected) = Injected::into(&server, "fdatasync:error=EIO") else { return };
        until(&server, "waypost_clicks_unsynced", |clicks| 100 < clicks).await;
        sleep(Duration::from_secs(1)).await;
        drop(injected);
        sleep(Duration::from_millis(500)).await;
        let answers = load.end().await;
        let unsynced = server.metric("waypost_clicks_unsynced");
        assert_eq!(server.metric("waypost_clicks_unrecorded"), 0, "{}", server.log().join("\n"));
        assert!(server.terminate().success());
        assert_eq!(server.segments(), 0);
        let compared = Compared::of(&answers, &database.stored(numbers.load(Relaxed)).await);
        compared.report(&format!(
            "a disk that fails to sync for a second ({durable}), {unsynced} counted as not synced"
        ));
        compared.assert_exact();
        assert_eq!(answers.unanswered, [0; 0]);
        assert_eq!(server.logged("could not sync clicks"), 1);
        assert_eq!(server.logged("clicks are synced again"), 1);
        database.assert_whole().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_waits_for_a_slow_disk_where_clicks_are_to_outlive_the_power_and_only_there() {
    const SLOW: Duration = Duration::from_millis(700);
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    let mut took = Vec::new();
    for durable in ["process", "power"] {
        let settings = [("WAYPOST_DURABLE", durable)];
        let mut server = Server::start_with(folder.path(), &database.url, &settings);
        if took.is_empty() {
            server.make_links();
        }
        let click = |method: &str| {
            let target = "/load-1".to_owned();
            let request = Request { method: method.to_owned(), target, ..Request::default() };
            let begun = Instant::now();
            assert_eq!(client::send(server.address(), &request).status, 302);
            begun.elapsed()
        };
        click("GET");
        let what = format!("fdatasync:delay_enter={}", SLOW.as_micros());
        let Some(injected) = Injected::into(&server, &what) else { return };
        took.push([(); 3].map(|()| click("GET")).into_iter().min().unwrap());
        // Who only looks leaves no click, and waits for none but those of others.
        sleep(3 * SLOW).await;
        assert!([(); 3].map(|()| click("HEAD")).into_iter().min().unwrap() < SLOW);
        drop(injected);
        assert!(server.terminate().success());
    }
    assert!(took[0] < SLOW && SLOW <= took[1], "{took:?}");
}
