//! What links cost in memory and when a server starts: `cargo bench -p server --bench routes`.
//!
//! Makes SQLite databases of so many links, without rules and with four each, and starts the real
//! server on each: first without a snapshot, then by the one that it wrote when it was stopped. Prints
//! a Markdown table. `LINKS` says how many, such as `LINKS=10000,100000` (default: 10,000 to a million);
//! a database of a million links with four rules each takes 3 GB in the folder for temporary files.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement may panic and prints")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicI64, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

use model::{Address, Destination, Domain, Draft, Link, RuleDraft, Schemes, Slug, Stamp, Status};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use store::Store;

const BINARY: &str = env!("CARGO_BIN_EXE_waypost");
/// Links that are stored at a time.
const AT_ONCE: usize = 10_000;
/// Links that are asked for once the server has started.
const ASKED: usize = 10_000;
/// How often a warm start is measured; the least counts.
const STARTS: usize = 5;

fn main() {
    // `cargo test --benches` only has to see that it is built.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let counts = std::env::var("LINKS").unwrap_or_else(|_| "10000,100000,1000000".to_owned());
    let counts: Vec<usize> = counts.split(',').map(|count| count.trim().parse().unwrap()).collect();
    let empty = measure(0, 0);
    println!(
        "A server without links takes {:.0} MB and starts in {:.2} s.\n",
        mb(empty.memory),
        empty.warm
    );
    println!(
        "| links | rules each | memory, MB | bytes a link | and {ASKED} asked for, MB | snapshot, MB \
         | first start, s | start by the snapshot, s |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|");
    for &links in &counts {
        for rules in [0, 4] {
            let it = measure(links, rules);
            println!(
                "| {links} | {rules} | {:.0} | {:.0} | {:.0} | {:.1} | {:.2} | {:.2} |",
                mb(it.memory),
                it.memory.saturating_sub(empty.memory) as f64 / links as f64,
                mb(it.asked),
                mb(it.snapshot),
                it.cold,
                it.warm
            );
        }
    }
}

#[derive(Default)]
struct Measured {
    /// Bytes in memory after a start by the snapshot and one redirect.
    memory: u64,
    /// And after many links were asked for.
    asked: u64,
    /// Bytes of the snapshot.
    snapshot: u64,
    /// Seconds from the start of the process to the answer of a redirect.
    cold: f64,
    warm: f64,
}

fn measure(links: usize, rules: usize) -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/waypost.db", folder.path().display());
    run(&["key", "create", "bench"], &url, folder.path()).wait().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(fill(&url, links, rules));
    let mut it = Measured { warm: f64::INFINITY, ..Measured::default() };
    let (server, _, cold) = start(&url, folder.path());
    it.cold = cold;
    end(server);
    it.snapshot = std::fs::metadata(folder.path().join("routes.snapshot")).unwrap().len();
    for _ in 0..STARTS {
        let (server, address, warm) = start(&url, folder.path());
        it.warm = it.warm.min(warm);
        it.memory = memory(&server);
        let mut stream = TcpStream::connect(address).unwrap();
        let step = (links / ASKED).max(1);
        (0..links)
            .step_by(step)
            .for_each(|number| assert_eq!(ask(&mut stream, &slug(number)), 302));
        it.asked = memory(&server);
        end(server);
    }
    it
}

/// Makes the links, and one with the slug `first`.
async fn fill(url: &str, links: usize, rules: usize) {
    let store = Store::open(url).await.unwrap();
    let domain = store.all_domains().await.unwrap().remove(0);
    let id = AtomicI64::new(1 << 40);
    let next_id = || id.fetch_add(1, Ordering::Relaxed);
    let stamp = Stamp { now: "2026-01-01T00:00:00Z".parse().unwrap(), next_id: &next_id };
    let mut slugs: Vec<String> = (0..links).map(slug).collect();
    slugs.push("first".to_owned());
    for slugs in slugs.chunks(AT_ONCE) {
        let made: Vec<Link> = slugs.iter().map(|slug| link(&domain, slug, rules, &stamp)).collect();
        for result in store.insert_links(&made, "bench").await {
            result.unwrap();
        }
    }
    store.close().await;
}

/// As long and as little alike as random slugs are.
fn slug(number: usize) -> String {
    format!("{:07x}", (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 28 & 0xf_ffff_ffff)
}

fn link(domain: &Domain, slug: &str, rules: usize, stamp: &Stamp<'_>) -> Link {
    let to = |path: &str| format!("https://www.example.com/campaign/{slug}{path}?utm_source=bench");
    let conditions = [
        json!({"all": [{"field": "country", "operator": "in", "value": ["DE", "AT", "CH"]},
                       {"field": "deviceType", "operator": "equals", "value": "mobile"}]}),
        json!({"field": "os", "operator": "equals", "value": "iOS"}),
        json!({"all": [{"field": "language", "operator": "equals", "value": "fr"},
                       {"not": {"field": "vpn", "operator": "is_true"}}]}),
        json!({"field": "browser", "operator": "in", "value": ["Firefox", "Safari"]}),
    ];
    let rule = |(i, when): (usize, serde_json::Value)| {
        let rule = json!({"name": format!("rule {i}"), "when": when,
                          "action": {"redirect": to(&format!("/{i}"))}});
        RuleDraft::parse(&rule, Schemes::WEB).unwrap()
    };
    let rules = conditions.into_iter().enumerate().take(rules).map(rule).collect();
    let destination = Destination::parse("", &to(""), Schemes::WEB).unwrap();
    let (host, slug) = (domain.host.clone(), Slug::parse(slug, true).unwrap());
    let addresses = vec![Address { domain: domain.id, host, slug }];
    let draft = Draft { rules, ..Draft::new(destination) };
    draft.into_link(domain.workspace, addresses, Status::default(), stamp).unwrap()
}

/// A server that has answered a redirect, and how many seconds that took.
fn start(url: &str, folder: &Path) -> (Child, SocketAddr, f64) {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let began = Instant::now();
    let server = run(&["serve", "--listen", &free.to_string()], url, folder);
    let status = ask(&mut connected(free), "first");
    let took = began.elapsed().as_secs_f64();
    assert_eq!(status, 302);
    (server, free, took)
}

/// A connection, as soon as there is one.
fn connected(address: SocketAddr) -> TcpStream {
    loop {
        if let Ok(stream) = TcpStream::connect(address) {
            return stream;
        }
        sleep(Duration::from_millis(1));
    }
}

fn run(words: &[&str], url: &str, folder: &Path) -> Child {
    Command::new(BINARY)
        .args(words)
        .env("WAYPOST_DATABASE_URL", url)
        .env("WAYPOST_DATA_DIR", folder)
        .env("WAYPOST_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn end(mut server: Child) {
    kill_process(Pid::from_child(&server), Signal::TERM).unwrap();
    assert!(server.wait().unwrap().success());
}

/// The status of a redirect's answer, which has no body.
fn ask(stream: &mut TcpStream, slug: &str) -> u16 {
    let request = format!(
        "GET /{slug} HTTP/1.1\r\nhost: localhost\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64; \
         rv:140.0) Gecko/20100101 Firefox/140.0\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut some = [0; 4_096];
        let read = stream.read(&mut some).unwrap();
        assert_ne!(read, 0, "the server hung up");
        answer.extend_from_slice(&some[..read]);
    }
    String::from_utf8_lossy(&answer)[9..12].parse().unwrap()
}

/// Bytes of a process that are in memory.
fn memory(server: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_024
}

fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
