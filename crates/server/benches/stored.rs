//! From the spool into SQLite, into blocks, and out again as answers of the API: how fast each of it is.
//!
//! `cargo bench -p server --bench stored`; before it `CLICKS=10000000` for so many instead of a million,
//! and `BURST=100000` for clicks that came so many a second, instead of within 90 days: then few have a
//! quarter of an hour of their link for themselves, which is a row of the totals each. `LINKS=1` has all of
//! them on one link, as for a replay of as many.
#![expect(clippy::print_stdout, reason = "its tables are what it is for")]

#[expect(dead_code, reason = "the spool gives ids")]
#[path = "../../statistics/benches/ask/data.rs"]
mod data;

use std::{
    error::Error,
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    time::{Duration, Instant},
};

use clap::Parser;
use model::{LinkId, Scope, WorkspaceId};
use serde_json::Value as Json;
use server::{
    Config, Settings,
    spool::Spool,
    start::{self, Running, system_clock},
};
use statistics::Builder;
use store::Store;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    settings: Settings,
}

#[tokio::main]
async fn main() -> Result<()> {
    let clicks = std::env::var("CLICKS").ok().map_or(Ok(1_000_000), |clicks| clicks.parse())?;
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}/waypost.db", folder.path().display());
    // Of its own for each start, as a spool is let go of with the process.
    let data = |start: u8| folder.path().join(start.to_string());
    let config = |start| config(&url, &data(start));
    let store = start::open_store(&config(1)?, &system_clock()).await?;
    let key = start::make_key(&store, &system_clock(), "bench", vec![Scope::Admin], None).await?;
    let key = key.reveal();

    let server = start::start(config(1)?, &[]).await?;
    let link = r#"{"destination":"https://example.com/"}"#;
    let (_, link) = call(server.address, key, "POST", "links", link)?;
    let link = link["id"].as_str().and_then(LinkId::parse).ok_or("no link")?;
    server.shutdown().await;

    let workspace = store.workspaces().await?.first().ok_or("no workspace")?.id;
    spool(&data(2).join("spool"), clicks, (workspace, link))?;
    let server = start::start(config(2)?, &[]).await?;
    drain_and_seal(&server, &store, clicks).await?;
    println!(
        "\n{:<52} {:>9} {:>9}",
        "asked by the API while the blocks are there", "first ms", "again ms"
    );
    ask(server.address, key)?;
    server.shutdown().await;
    size(&store, &folder.path().join("waypost.db"), clicks).await?;

    let begun = Instant::now();
    let server = start::start(config(3)?, &[]).await?;
    println!("\nstarted again within {} ms", begun.elapsed().as_millis());
    println!("\n{:<52} {:>9} {:>9}", "asked by the API after that", "first ms", "again ms");
    ask(server.address, key)?;
    replay(server.address, key, link)?;
    server.shutdown().await;
    store.close().await;
    Ok(())
}

fn config(url: &str, data: &Path) -> Result<Config> {
    let data = data.display().to_string();
    let arguments = [
        "stored",
        "--listen",
        "127.0.0.1:0",
        "--database-url",
        url,
        "--data-dir",
        &data,
        "--click-days",
        "0",
        "--bot-days",
        "0",
        "--statistics-memory",
        "4GiB",
        "--spool-size",
        "16GiB",
        "--log",
        "warn",
    ];
    Ok(Arguments::parse_from(arguments).settings.resolve()?)
}

/// Appends all clicks, those of the hottest link as those of `link`.
fn spool(folder: &Path, clicks: usize, (workspace, link): (WorkspaceId, LinkId)) -> Result<()> {
    let burst: Option<i64> = std::env::var("BURST").ok().map(|burst| burst.parse()).transpose()?;
    let mut number = 0;
    let ids = move || {
        number += 1;
        number
    };
    let alone = std::env::var("LINKS").is_ok_and(|links| links == "1");
    let spool = Spool::open(folder, 2, u64::MAX, ids)?;
    let (mut appending, mut bytes) = (Duration::ZERO, 0);
    for nth in 0..clicks {
        let drawn = data::drawn(nth, clicks);
        let mut click = drawn.click();
        click.workspace = workspace.number();
        if let Some(burst) = burst {
            click.at = data::END - 86_400_000 + nth as i64 * 1_000 / burst;
        }
        if alone || click.link == data::HOT_LINK {
            click.link = link.number();
        }
        let mut record = Vec::with_capacity(256);
        click.encode(&mut record);
        bytes += record.len();
        let begun = Instant::now();
        spool.append(nth % 2, &record).ok_or("not recorded")?;
        appending += begun.elapsed();
    }
    spool.seal();
    println!("{clicks} clicks of {} bytes", bytes / clicks);
    println!("appended, a click:              {:>9} ns", appending.as_nanos() / clicks as u128);
    Ok(())
}

/// Waits until all clicks are stored, and all that make full blocks are sealed.
async fn drain_and_seal(server: &Running, store: &Store, clicks: usize) -> Result<()> {
    let (begun, before) = (Instant::now(), processor());
    while number(server, "waypost_spool_waiting_bytes")? != 0.0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (stored, at_stored) = (begun.elapsed(), processor());
    let sealed: i64 = store.blocks().await?.iter().map(|block| block.clicks).sum();
    let each = |time: Duration, what: usize| format!("{:.0}", what as f64 / time.as_secs_f64());
    println!("stored, clicks a second:        {:>9}", each(stored, clicks));
    println!("processor meanwhile, a click:   {:>9} ns", per(at_stored - before, clicks));
    println!(
        "sealed meanwhile, of all:       {:>9} %",
        100 * sealed.unsigned_abs() / clicks as u64
    );
    while store.blocks().await?.len() < clicks / Builder::FULL {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    println!("all stored and sealed, a second:{:>9}", each(begun.elapsed(), clicks));
    println!("processor in all, a click:      {:>9} ns", per(processor() - before, clicks));
    Ok(())
}

const VIEWS: [&str; 10] = [
    "total?",
    "series?interval=day&",
    "series?interval=hour&",
    "hours?",
    "breakdown?by=country&",
    "breakdown?by=city&country=US,DE,FR&browser!=Chrome&",
    "breakdown?by=referrerDomain&",
    "breakdown?by=referrer&",
    "breakdown?by=browserVersion&device=mobile&",
    "breakdown?by=link&",
];

fn ask(server: SocketAddr, key: &str) -> Result<()> {
    for view in VIEWS {
        let path = format!("statistics/{view}timezone=Europe/Berlin&from=2026-08-24&to=2026-11-22");
        let (first, answer) = call(server, key, "GET", &path, "")?;
        let mut again = first;
        for _ in 0..5 {
            again = again.min(call(server, key, "GET", &path, "")?.0);
        }
        let name = format!("{} of {}", view.trim_end_matches(['?', '&']), answer["clicks"]);
        println!("{name:<52} {:>9.1} {:>9.1}", milliseconds(first), milliseconds(again));
    }
    Ok(())
}

fn replay(server: SocketAddr, key: &str, link: LinkId) -> Result<()> {
    let path = format!("links/{}/replay", link.split("lnk"));
    for (name, when) in [
        ("a country", r#"{"field":"country","operator":"equals","value":"US"}"#),
        ("a header", r#"{"field":"header.x-app","operator":"equals","value":"1"}"#),
    ] {
        let action = r#"{"redirect":"https://example.org/"}"#;
        let rules = format!(r#"[{{"name":"new","when":{when},"action":{action}}}]"#);
        let body = format!(r#"{{"rules":{rules},"from":"2026-08-24","to":"2026-11-22"}}"#);
        let (first, found) = call(server, key, "POST", &path, &body)?;
        let again = call(server, key, "POST", &path, &body)?.0;
        let [clicks, same, changed, unknown] =
            ["clicks", "same", "changed", "unknown"].map(|key| &found[key]);
        println!(
            "replay of {clicks} by {name}: {same} same, {changed} changed, {unknown} unknown: \
             {:.0} ms, again {:.0} ms",
            milliseconds(first),
            milliseconds(again)
        );
    }
    Ok(())
}

async fn size(store: &Store, database: &Path, clicks: usize) -> Result<()> {
    let (mut sealed, mut bytes) = (0, 0);
    for block in store.blocks().await? {
        sealed += block.clicks;
        bytes += store.block_bytes(block.id).await?.unwrap_or_default().len();
    }
    println!("\nsealed, bytes a click:          {:>9.1}", bytes as f64 / sealed as f64);
    let file = fs::metadata(database)?.len();
    println!("the database, bytes a click:    {:>9.1}", file as f64 / clicks as f64);
    Ok(())
}

/// How long an answer took, and what it was.
fn call(
    server: SocketAddr,
    key: &str,
    method: &str,
    path: &str,
    body: &str,
) -> Result<(Duration, Json)> {
    let begun = Instant::now();
    let answer = send(server, key, method, &format!("/api/v1/{path}"), body)?;
    let taken = begun.elapsed();
    let body = answer.split_once("\r\n\r\n").ok_or("no answer")?.1;
    let json = body.get(body.find('{').ok_or(body)?..=body.rfind('}').ok_or(body)?);
    if !answer.starts_with("HTTP/1.1 2") {
        return Err(answer.into());
    }
    Ok((taken, serde_json::from_str(json.unwrap_or_default())?))
}

fn number(server: &Running, name: &str) -> Result<f64> {
    let page = send(server.address, "", "GET", "/metrics", "")?;
    let line = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(line.ok_or("no such number")?.parse()?)
}

fn send(server: SocketAddr, key: &str, method: &str, path: &str, body: &str) -> Result<String> {
    let mut stream = TcpStream::connect(server)?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: Bearer {key}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// What this process had of all processors. Nothing where Linux does not tell.
fn processor() -> Duration {
    let told = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = told.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    // Linux tells hundredths of a second.
    Duration::from_millis(10 * ticks)
}

fn per(time: Duration, clicks: usize) -> u128 {
    time.as_nanos() / clicks as u128
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
