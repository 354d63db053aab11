//! What the facts of an agent cost that was seen before.
//!
//! `again` asks for one agent in a loop of nothing else: what the cache itself costs. The others have
//! the rest of a request between two look-ups. `claims` has the headers at hand; `headers` looks them
//! up in a request as hyper has read it, from a browser that knows no Client Hints and from one that
//! sends all that it is asked for. `one` is the same visitor again and again; `traffic` are 10,000 real
//! visitors in any order, of whom many send the same agent; `each` is the worst that can be, the
//! demonstration's 1,000 agents in turn. Requests are written just before they are looked at, since a
//! server looks at what it has just read; that is not counted.

#![expect(clippy::unwrap_used, reason = "a bench that cannot go on may panic")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{Bencher, Criterion, criterion_group, criterion_main};
use http::{HeaderMap, HeaderName, HeaderValue};
use server::visitor::{Agents, Claims};

/// What browsers send beside their agent; the agent stands in the middle, as theirs does.
const PLAIN: &[(&str, &str)] = &[
    ("host", "go.example.com"),
    ("upgrade-insecure-requests", "1"),
    ("user-agent", ""),
    ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("referer", "https://news.example/"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "en-GB,en;q=0.9,de;q=0.8"),
];

/// What Chromium adds to it.
const HINTS: &[(&str, &str)] = &[
    ("sec-ch-ua", r#""Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99""#),
    ("sec-ch-ua-mobile", "?0"),
    ("sec-ch-ua-platform", "\"Windows\""),
    ("sec-ch-ua-platform-version", "\"15.0.0\""),
    ("sec-ch-ua-model", "\"\""),
    (
        "sec-ch-ua-full-version-list",
        r#""Chromium";v="142.0.7444.60", "Google Chrome";v="142.0.7444.60", "Not_A Brand";v="99.0.0.0""#,
    ),
];

/// As many as fit into the nearest cache.
const BATCH: usize = 32;

fn traffic() -> Vec<&'static str> {
    let table = include_str!("../../../tests/accuracy/agents.tsv");
    let mut visitors = Vec::new();
    for line in table.lines().skip(1) {
        let mut cells = line.split('\t');
        let (agent, seen) = (cells.next().unwrap(), cells.next().unwrap().parse().unwrap());
        visitors.extend(std::iter::repeat_n(agent, seen));
    }
    // Any order will do that is the same each time: a multiplicative hash of the place.
    let mut order: Vec<_> = (0_u32..).zip(visitors).collect();
    order.sort_unstable_by_key(|(i, _)| i.wrapping_mul(2_654_435_769));
    order.into_iter().map(|(_, agent)| agent).collect()
}

fn each() -> Vec<&'static str> {
    let table = include_str!("../../../tests/demo/agents.tsv");
    table.lines().skip(1).map(|line| line.split('\t').next().unwrap()).collect()
}

fn request(agent: &str, sent: &[(&'static str, &'static str)]) -> HeaderMap {
    let header = |&(name, text): &(&'static str, &'static str)| {
        let text = if name == "user-agent" { agent } else { text };
        (HeaderName::from_static(name), HeaderValue::from_str(text).unwrap())
    };
    sent.iter().map(header).collect()
}

/// As `front` looks a header up.
fn claims(request: &HeaderMap) -> Claims<'_> {
    Claims::of(|name| request.get(name)?.to_str().ok())
}

fn from_cache(c: &mut Criterion) {
    let known = Agents::new();
    let mut group = c.benchmark_group("agent facts from the cache");
    for (kind, headers) in [("plain", PLAIN.to_vec()), ("hinted", [PLAIN, HINTS].concat())] {
        let request = request(traffic()[0], &headers);
        let claims = claims(&request);
        group.bench_function(format!("again/{kind}"), |b| {
            b.iter(|| drop(black_box(known.facts(black_box(&claims)))));
        });
    }
    let one = traffic()[..1].to_vec();
    for (visitors, agents) in [("one", one), ("traffic", traffic()), ("each", each())] {
        for (kind, headers) in [("plain", PLAIN.to_vec()), ("hinted", [PLAIN, HINTS].concat())] {
            let sent = |agent: &&str| request(agent, &headers);
            for agent in &agents {
                known.facts(&claims(&sent(agent)));
            }
            group.bench_function(format!("claims/{visitors}/{kind}"), |b| {
                timed(b, agents.iter().map(sent), |batch| {
                    let claims: Vec<_> = batch.iter().map(claims).collect();
                    time(&claims, |claims| drop(black_box(known.facts(claims))))
                });
            });
            group.bench_function(format!("headers/{visitors}/{kind}"), |b| {
                timed(b, agents.iter().map(sent), |batch| {
                    time(batch, |request| drop(black_box(known.facts(&claims(request)))))
                });
            });
        }
    }
    group.finish();
}

/// How long one of them takes, looked at in turn.
fn timed(
    b: &mut Bencher<'_>,
    requests: impl Iterator<Item = HeaderMap> + Clone,
    look: impl Fn(&[HeaderMap]) -> Duration,
) {
    let mut turn = requests.cycle();
    b.iter_custom(|times| {
        let mut left = usize::try_from(times).unwrap();
        let mut total = Duration::ZERO;
        while 0 < left {
            let batch: Vec<_> = turn.by_ref().take(left.min(BATCH)).collect();
            total += look(&batch);
            left -= batch.len();
        }
        total
    });
}

fn time<T>(batch: &[T], look: impl Fn(&T)) -> Duration {
    let start = Instant::now();
    batch.iter().for_each(|it| look(black_box(it)));
    start.elapsed()
}

criterion_group!(benches, from_cache);
criterion_main!(benches);
