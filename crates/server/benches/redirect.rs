//! What a redirect costs in one thread, outside of the kernel: from a request's bytes to its answer's, with
//! the click on its way to the spool.
//!
//! Other than `instructions`, this is about memory: 20,000 requests for 10,000 links with four rules each, by
//! the demonstration's agents from 20,000 addresses, in turns of 40 as a busy door takes them. The same is
//! measured with a hundred of these requests and with one, whose links, places and ranges are at hand.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement may panic and prints")]

mod started;

use std::time::{Duration, Instant};

use door::{Glimpse, Service};
use serde_json::{Value, json};
use server::Plain;

use started::{DEMO, Started, ask};

const LINKS: usize = 10_000;
const REQUESTS: usize = 20_000;
/// Requests of a turn.
const TURN: usize = 40;
/// How often all requests are asked; the fastest counts, as the machine has other things to do too.
const ROUNDS: usize = 15;

fn main() {
    // `cargo test --benches` only has to see that it is built.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let started = Started::with(&(0..LINKS).map(link).collect::<Vec<_>>());
    let mut service = started.service();
    let requests = requests();
    for (name, some) in [("20,000 visitors", REQUESTS), ("100 visitors", 100), ("one visitor", 1)] {
        let asked: Vec<&String> = requests.iter().take(some).cycle().take(REQUESTS).collect();
        let fastest = (0..ROUNDS).map(|_| round(&mut service, &asked)).min().unwrap();
        println!("{name}: {} ns a redirect", fastest.as_nanos() / REQUESTS as u128);
    }
    started.stop();
}

/// How long all of the requests take, less the writes to the spool.
fn round(service: &mut Plain, asked: &[&String]) -> Duration {
    let (mut spent, mut out) = (Duration::ZERO, Vec::with_capacity(64 << 10));
    for turn in asked.chunks(TURN) {
        out.clear();
        let begun = Instant::now();
        service.begin();
        service.foresee(turn.iter().map(|request| Glimpse::of(request.as_bytes())));
        for request in turn {
            ask(service, request.as_bytes(), &mut out);
        }
        spent += begun.elapsed();
        assert!(out.starts_with(b"HTTP/1.1 302"), "{}", String::from_utf8_lossy(&out));
        service.commit();
    }
    spent
}

/// A link whose rules ask what those of `make bench` ask, and lead elsewhere than those of others.
fn link(number: usize) -> Value {
    let to = |place: &str| format!("https://example.com/{place}/{number}?from=waypost");
    let is =
        |field: &str, value: &str| json!({"field": field, "operator": "equals", "value": value});
    let among =
        |field: &str, values: &[&str]| json!({"field": field, "operator": "in", "value": values});
    let phones = [is("country", "US"), is("deviceType", "mobile"), is("os", "iOS")];
    let near = [among("region", &["US-CA", "US-NY", "US-TX"]), among("continent", &["AF", "OC"])];
    let partners = [is("language", "pt"), is("referrerDomain", "partner.example")];
    let foxes = [is("browser", "Firefox"), is("deviceType", "desktop")];
    json!({"slug": format!("link{number}"), "destination": to("all"), "rules": [
        {"when": {"all": phones}, "action": {"redirect": to("ios")}},
        {"when": {"any": near}, "action": {"redirect": to("near")}},
        {"when": {"any": partners}, "action": {"redirect": to("partner")}},
        {"when": {"all": foxes}, "action": {"redirect": to("firefox")}},
    ]})
}

/// Every link equally often, by each of the demonstration's agents, from networks of its addresses.
fn requests() -> Vec<String> {
    let agents = column("agents.tsv");
    let addresses: Vec<String> =
        column("addresses.tsv").into_iter().filter(|address| !address.contains(':')).collect();
    // Knuth's multiplicative hash, which meets every number once.
    let spread = |number: usize| number.wrapping_mul(2_654_435_761) >> 8;
    let request = |number: usize| {
        let link = spread(number) % LINKS;
        let agent = &agents[spread(number) % agents.len()];
        let address = &addresses[spread(number + 7) % addresses.len()];
        let network = address.rsplit_once('.').unwrap().0;
        let host = spread(number) % 250 + 1;
        format!(
            "GET /link{link} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {agent}\r\n\
             Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n\
             Accept-Language: de-DE,de;q=0.9,en;q=0.7\r\nAccept-Encoding: gzip, deflate, br\r\n\
             Referer: https://news.example.org/2026/11/a-story.html\r\n\
             X-Forwarded-For: {network}.{host}\r\n\r\n"
        )
    };
    (0..REQUESTS).map(request).collect()
}

/// The first column of one of the demonstration's tables.
fn column(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(format!("{DEMO}/{file}")).unwrap();
    let rows = text.lines().skip(1).filter_map(|line| line.split('\t').next());
    rows.map(str::to_owned).collect()
}
