//! Runs one scenario for callgrind to count: `instructions SCENARIO redirect|gather`.
//!
//! Without a scenario it lists them all; `scripts/instructions.sh` runs each. A *redirect* is the whole
//! way from a request's bytes to its answer's, with the click on its way to the spool; *gather* is
//! what is learnt of the visitor for it.

#![expect(clippy::print_stdout, reason = "a script reads the list")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on may panic")]

use std::{
    hint::black_box,
    io::{Read, Write},
    net::{IpAddr, SocketAddr, TcpStream},
};

use clap::{Args, Command, FromArgMatches};
use door::{Parsed, Service, Verdict};
use server::{
    Plain, Settings,
    start::{self, system_clock},
    visitor::{Facts, Gathered, Parts},
};
use targeting::{Needs, Source};

/// How often the counted function runs; the script divides by it.
const TIMES: usize = 100;

/// What is asked for, and the status of its answer.
const SCENARIOS: &[(&str, &str, u16)] = &[
    ("a link without rules", "plain", 302),
    ("four rules, the last holds", "rules?utm_source=mail", 302),
    ("a split, a new visitor", "split", 302),
    ("a slug that no link has", "nothing", 404),
];

/// A phone in a country that has a source of its own, sent by a site.
const ADDRESS: &str = "81.2.69.160";
const AGENT: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/124.0.6367.82 Mobile Safari/537.36";

/// The demonstration's database of places.
const GEO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/demo");

const LINKS: &[&str] = &[
    r#"{"slug":"plain","destination":"https://example.com/"}"#,
    r#"{"slug":"rules","destination":"https://example.com/","rules":[
        {"when":{"all":[{"field":"country","operator":"equals","value":"US"},{"field":"os","operator":"equals","value":"iOS"}]},
         "action":{"redirect":"https://example.com/ios"}},
        {"when":{"field":"region","operator":"in","value":["US-NY","US-CA"]},"action":{"redirect":"https://example.com/near"}},
        {"when":{"field":"browser","operator":"equals","value":"Firefox"},"action":{"redirect":"https://example.com/fox"}},
        {"when":{"all":[{"field":"deviceType","operator":"equals","value":"mobile"},{"field":"utmSource","operator":"equals","value":"mail"}]},
         "action":{"redirect":"https://example.com/mail"}}]}"#,
    r#"{"slug":"split","destination":"https://example.com/","defaultSplit":[
        {"weight":1,"redirect":"https://example.com/a"},{"weight":1,"redirect":"https://example.com/b"}]}"#,
];

fn main() {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [name, what] = &*arguments else {
        SCENARIOS.iter().for_each(|(name, ..)| println!("{name}\tredirect"));
        return println!("a phone, by all sources\tgather");
    };
    match what.as_str() {
        "gather" => gather(),
        _ => redirect(SCENARIOS.iter().find(|it| it.0 == name).expect("a scenario's name")),
    }
}

fn redirect(&(name, target, status): &(&str, &str, u16)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let running = runtime.block_on(async {
        let database = format!("sqlite://{}/waypost.db", folder.path().display());
        let settings = settings(&[
            ("--listen", "127.0.0.1:0"),
            ("--database-url", &database),
            ("--trusted-proxies", "127.0.0.1/32"),
            ("--geo-dir", GEO),
        ]);
        let config = settings.resolve().unwrap();
        let clock = system_clock();
        let store = start::open_store(&config, &clock).await.unwrap();
        let key = start::make_key(&store, &clock, "bench", vec![model::Scope::Admin], None);
        let key = key.await.unwrap().reveal().to_owned();
        store.close().await;
        let running = start::start(config, &[]).await.unwrap();
        LINKS.iter().for_each(|link| make(running.address, &key, link));
        running
    });
    let peer: SocketAddr = "127.0.0.1:4711".parse().unwrap();
    let mut service = Plain::new(running.app.clone(), 0);
    let request = format!(
        "GET /{target} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {AGENT}\r\n\
         Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n\
         Accept-Language: en-GB,en;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\n\
         Referer: https://news.example/2026/a-story\r\nX-Forwarded-For: {ADDRESS}\r\n\r\n"
    );
    let mut out = Vec::with_capacity(64 << 10);
    // Each request has a turn of its own; what is counted is all but the write to the spool. The first
    // few are not, for what is made when it is first needed.
    for turn in 0..3 + TIMES {
        out.clear();
        service.begin();
        let ask: Ask = if turn < 3 { redirected } else { counted_redirect };
        let verdict = ask(&mut service, black_box(&request), peer, &mut out);
        assert!(matches!(verdict, Parsed::Plain(Verdict::Answered, _)));
        assert!(out.starts_with(format!("HTTP/1.1 {status} ").as_bytes()), "{name}");
        service.commit();
    }
    runtime.block_on(running.shutdown());
}

type Ask = fn(&mut Plain, &str, SocketAddr, &mut Vec<u8>) -> Parsed<Verdict>;

#[inline(never)]
fn counted_redirect(
    service: &mut Plain,
    request: &str,
    peer: SocketAddr,
    out: &mut Vec<u8>,
) -> Parsed<Verdict> {
    redirected(service, request, peer, out)
}

fn redirected(
    service: &mut Plain,
    request: &str,
    peer: SocketAddr,
    out: &mut Vec<u8>,
) -> Parsed<Verdict> {
    door::parse(request.as_bytes(), 16 << 10, peer, |request| service.answer(request, out))
}

fn gather() {
    let facts = Facts::new(server::visitor::Proxies::default(), Some(GEO.into()));
    facts.geo.reload_if_changed();
    let header = |name: &str| match name {
        "user-agent" => Some(AGENT),
        "accept-language" => Some("en-GB,en;q=0.9"),
        _ => None,
    };
    let address: IpAddr = ADDRESS.parse().unwrap();
    let parts = Parts { address: Some(address), header: &header };
    let kept: Needs = Source::ALL.into_iter().collect();
    for _ in 0..3 {
        let gathered = facts.gather(Needs::default(), kept, parts);
        assert!(gathered.place().country.is_some() && gathered.agent().os == Some("Android"));
    }
    for _ in 0..TIMES {
        counted_gather(&facts, kept, black_box(parts));
    }
}

/// All that a click keeps of a visitor; a zone, which only rules ask for, takes a map.
#[inline(never)]
fn counted_gather(facts: &Facts, kept: Needs, parts: Parts<'_>) {
    let gathered: Gathered = facts.gather(Needs::default(), kept, parts);
    black_box((gathered.place(), gathered.network(), gathered.agent()));
}

/// The defaults, but for some flags.
fn settings(flags: &[(&str, &str)]) -> Settings {
    let words = flags.iter().flat_map(|(flag, value)| [*flag, *value]);
    let command = Settings::augment_args(Command::new("bench"));
    let matches = command.get_matches_from(["bench"].into_iter().chain(words));
    Settings::from_arg_matches(&matches).unwrap()
}

fn make(address: SocketAddr, key: &str, link: &str) {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = link.len();
    write!(
        stream,
        "POST /api/v1/links HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{link}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}
