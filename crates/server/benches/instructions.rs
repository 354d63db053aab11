//! Runs one scenario for callgrind to count: `instructions SCENARIO redirect|gather`.
//!
//! Without a scenario it lists them all; `scripts/instructions.sh` runs each. A *redirect* is the whole
//! way from a request's bytes to its answer's, with the click on its way to the spool; *gather* is
//! what is learnt of the visitor for it.

#![expect(clippy::print_stdout, reason = "a script reads the list")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on may panic")]

mod started;

use std::{hint::black_box, net::IpAddr};

use door::Service;
use server::{
    Plain,
    visitor::{Facts, Gathered, Parts},
};
use targeting::{Needs, Source};

use started::{DEMO, Started, ask};

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
    let links: Vec<_> = LINKS.iter().map(|link| serde_json::from_str(link).unwrap()).collect();
    let started = Started::with(&links);
    let mut service = started.service();
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
        let ask: Ask = if turn < 3 { ask } else { counted_redirect };
        ask(&mut service, black_box(request.as_bytes()), &mut out);
        assert!(out.starts_with(format!("HTTP/1.1 {status} ").as_bytes()), "{name}");
        service.commit();
    }
    started.stop();
}

type Ask = fn(&mut Plain, &[u8], &mut Vec<u8>);

#[inline(never)]
fn counted_redirect(service: &mut Plain, request: &[u8], out: &mut Vec<u8>) {
    ask(service, request, out);
}

fn gather() {
    let facts = Facts::new(server::visitor::Proxies::default(), Some(DEMO.into()));
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
        let gathered = facts.gather(kept, parts);
        assert!(gathered.place().country.is_some() && gathered.agent().os == Some("Android"));
    }
    for _ in 0..TIMES {
        counted_gather(&facts, kept, black_box(parts));
    }
}

/// All that a click keeps of a visitor; a zone, which only rules ask for, takes a map.
#[inline(never)]
fn counted_gather(facts: &Facts, kept: Needs, parts: Parts<'_>) {
    let gathered: Gathered = facts.gather(kept, parts);
    black_box((gathered.place(), gathered.network(), gathered.agent()));
}
