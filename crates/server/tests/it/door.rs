//! The two ways into the house, held to the same answers.
//!
//! A connection that asked for anything but a plain redirect is hyper's from then on. So one that has
//! begun with such a request and one that has not are answered by different code, and must not be told
//! apart: by recorded requests, and by requests that were made odd one change after the other.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng},
};
use serde_json::{Value as Json, json};

use crate::{
    client::{self, Request},
    world::World,
};

/// Requests of each kind; together they are 100,000.
const RECORDED: u32 = 70_000;
const MUTATED: u32 = 30_000;

const AGENTS: &str = include_str!("../../../../tests/demo/agents.tsv");
const ADDRESSES: &str = include_str!("../../../../tests/demo/addresses.tsv");

#[tokio::test(flavor = "multi_thread")]
async fn the_door_answers_as_hyper_does() {
    let world = World::with(|settings| settings.trusted_proxies = "127.0.0.1/32".to_owned()).await;
    tokio::task::block_in_place(|| {
        links().iter().for_each(|link| make(&world, link));
        let mut dice = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut pair = Pair::open(world.address);
        let handed = handed(&world);
        for _ in 0..RECORDED {
            let request = recorded(&mut dice);
            pair.check(request.as_bytes());
        }
        // Hyper's connection and the asking: with more, it would have been compared with itself.
        assert_eq!(self::handed(&world) - handed, 2.0, "plain requests were handed over");
        for _ in 0..MUTATED {
            let request = mutated(&mut dice);
            pair.check(&request);
            // What follows a broken request is another one's, and the door's is handed over.
            pair = Pair::open(world.address);
        }
    });
    world.end().await;
}

/// One link of each kind that is answered in another way.
fn links() -> Vec<Json> {
    let to = "https://example.com/to?a=%20b#c";
    let test = |field: &str, operator: &str, value: &str| json!({"field": field, "operator": operator, "value": value});
    let rule = |when: Json, to: &str| json!({"when": when, "action": {"redirect": to}});
    let ruled = json!([
        rule(json!({"all": [test("country", "equals", "DE"), test("os", "equals", "iOS")]}), "https://example.com/de"),
        rule(test("browser", "equals", "Firefox"), "https://example.com/{country}/{query.q}"),
        rule(test("utmSource", "contains", "mail"), "https://example.com/mail"),
        {"when": test("bot", "is_true", "true"), "action": {"block": 403}},
    ]);
    let split = json!([{"weight": 1, "redirect": "https://example.com/one"}, {"weight": 1, "redirect": "https://example.com/two"}]);
    vec![
        json!({"slug": "plain", "destination": to}),
        json!({"slug": "deep/er", "destination": to, "forwardQuery": false, "status": 307}),
        json!({"slug": "rules", "destination": to, "rules": ruled}),
        json!({"slug": "split", "destination": to, "rules": [{"when": test("continent", "equals", "EU"), "action": {"split": split}}]}),
        json!({"slug": "known", "destination": to, "rules": [rule(json!({"field": "isReturning", "operator": "is_true"}), "https://example.com/again")]}),
        json!({"slug": "hints", "destination": to, "rules": [rule(test("osVersion", "greater_than", "12"), "https://example.com/new")]}),
        json!({"slug": "off", "destination": to, "enabled": false}),
        json!({"slug": "over", "destination": to, "expiresAt": "2020-01-01T00:00:00Z"}),
        json!({"slug": "elsewhere", "destination": to, "expiresAt": "2020-01-01T00:00:00Z", "expiredDestination": "https://example.com/over"}),
        json!({"slug": "later", "destination": to, "startsAt": "2999-01-01T00:00:00Z"}),
        json!({"slug": "secret", "destination": to, "password": "open"}),
        json!({"slug": "limited", "destination": to, "clickLimit": 1_000_000}),
        json!({"slug": "kept", "destination": to, "status": 301, "forwardQuery": false}),
        json!({"slug": "frame", "destination": to, "cloaked": true}),
        json!({"slug": "card", "destination": to, "card": {"title": "A card"}}),
        json!({"slug": "told", "destination": to, "conversionTracking": true}),
    ]
}

fn make(world: &World, link: &Json) {
    let headers = vec![
        ("authorization".to_owned(), format!("Bearer {}", world.key)),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    let (method, target) = ("POST".to_owned(), "/api/v1/links".to_owned());
    let body = link.to_string().into_bytes();
    let made = client::send(world.address, &Request { method, target, headers, body });
    assert_eq!(made.status, 201, "{link}: {}", made.body);
}

/// How many connections were handed over, as operators see it.
fn handed(world: &World) -> f64 {
    let (method, target) = ("GET".to_owned(), "/metrics".to_owned());
    let page = client::send(
        world.address,
        &Request { method, target, headers: Vec::new(), body: Vec::new() },
    );
    let line = page.body.lines().find(|line| line.starts_with("waypost_connections_handed "));
    line.unwrap().split(' ').next_back().unwrap().parse().unwrap()
}

fn below(dice: &mut TestRng, end: usize) -> usize {
    dice.random_range(0..end)
}

fn one<'a, T: ?Sized>(dice: &mut TestRng, of: &[&'a T]) -> &'a T {
    of[below(dice, of.len())]
}

/// A cell of a table's first column.
fn of_table<'a>(dice: &mut TestRng, table: &'a str) -> &'a str {
    let lines: Vec<&str> = table.lines().skip(1).collect();
    one(dice, &lines).split('\t').next().unwrap()
}

/// A request as browsers, apps and crawlers send it.
fn recorded(dice: &mut TestRng) -> String {
    let method = one(dice, &["GET", "GET", "GET", "HEAD"]);
    let slug = one(
        dice,
        &[
            "",
            "plain",
            "PLAIN",
            "deep/er",
            "rules",
            "rules",
            "rules",
            "split",
            "known",
            "hints",
            "off",
            "over",
            "elsewhere",
            "later",
            "secret",
            "kept",
            "frame",
            "card",
            "told",
            "none",
            "plain+",
            "robots.txt",
            "%70lain",
            "plain/",
            ".well-known/assetlinks.json",
            "..",
            "//plain",
        ],
    );
    let query =
        one(dice, &["", "", "?", "?q=1", "?utm_source=mail&q=%2Fx", "?a=%20b&qr", "?q=../.."]);
    let agent = of_table(dice, AGENTS);
    let address = of_table(dice, ADDRESSES);
    let mut request = format!("{method} /{slug}{query} HTTP/1.1\r\nHost: localhost\r\n");
    request += &format!("User-Agent: {agent}\r\nX-Forwarded-For: {address}\r\n");
    for line in [
        "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\n",
        "Accept-Language: de-DE,de;q=0.9,en;q=0.8\r\n",
        "Referer: https://news.example/a?b=c\r\n",
        "Sec-Purpose: prefetch\r\n",
        "Connection: keep-alive\r\n",
        "Cookie: a=b; wp_v=0000000000000001000000000000000000000000\r\n",
        "Sec-CH-UA-Platform-Version: \"14.1.0\"\r\nSec-CH-UA-Model: \"Pixel 7\"\r\n",
        "DNT: 1\r\n",
    ] {
        if below(dice, 4) == 0 {
            request += line;
        }
    }
    request + "\r\n"
}

/// A request of which something was changed; it is whole, or none, but never the beginning of one.
fn mutated(dice: &mut TestRng) -> Vec<u8> {
    let mut bytes = recorded(dice).into_bytes();
    bytes.truncate(bytes.len() - 4);
    for _ in 0..=below(dice, 3) {
        let at = below(dice, bytes.len());
        match below(dice, 6) {
            0 => bytes[at] = below(dice, 256) as u8,
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, below(dice, 256) as u8),
            3 => bytes[at] ^= 0x20,
            4 => {
                let line = one(
                    dice,
                    &[
                        "Content-Length: 0",
                        "Content-Length: +1",
                        "Expect: nothing",
                        "Connection: close",
                        "Connection: Keep-Alive",
                        "Connection: keep-alive, x",
                        "Upgrade: x",
                        "Host: other",
                        "Host: LOCALHOST:80",
                        "X-Forwarded-For: 1.2.3.4, 5.6.7.8",
                        "Name : value",
                        " folded",
                        "User-Agent: second",
                        "A:",
                        "Transfer-Encoding: identity",
                    ],
                );
                bytes.extend_from_slice(b"\r\n");
                bytes.extend_from_slice(line.as_bytes());
            }
            _ => {
                let from = one(dice, &[" HTTP/1.1", "GET ", "/", "Host: localhost\r\n"]);
                let into = one(
                    dice,
                    &[
                        " HTTP/1.0",
                        " HTTP/1.2",
                        "POST ",
                        "OPTIONS ",
                        "get ",
                        "//",
                        "/a\u{e9}/",
                        "/api/v1/x",
                        "http://localhost/",
                        "\n",
                        "",
                    ],
                );
                let text = String::from_utf8_lossy(&bytes).replacen(from, into, 1);
                bytes = text.into_bytes();
            }
        }
        if bytes.is_empty() {
            bytes.push(b'x');
        }
    }
    bytes.extend_from_slice(b"\r\n\r\n");
    bytes
}

/// A connection of the door's and one of hyper's.
struct Pair {
    address: SocketAddr,
    door: Option<Stream>,
    hyper: Option<Stream>,
}

/// One answer, or that there will be none.
#[derive(Debug, PartialEq)]
enum Answer {
    Closed,
    Of { line: String, headers: Vec<(String, String)>, body: String },
}

impl Pair {
    fn open(address: SocketAddr) -> Pair {
        Pair { address, door: None, hyper: None }
    }

    /// Sends a request both ways and compares what comes back.
    fn check(&mut self, request: &[u8]) {
        let address = self.address;
        let door = self.door.get_or_insert_with(|| Stream::open(address));
        let hyper = self.hyper.get_or_insert_with(|| Stream::past_the_door(address));
        let is_head = request.starts_with(b"HEAD ");
        let answers = [door.ask(request, is_head), hyper.ask(request, is_head)];
        let [of_door, of_hyper] = &answers;
        assert_eq!(of_door, of_hyper, "{}", String::from_utf8_lossy(request));
        let closes = |answer: &Answer| match answer {
            Answer::Closed => true,
            Answer::Of { headers, .. } => headers.contains(&("connection".into(), "close".into())),
        };
        if closes(of_door) {
            (self.door, self.hyper) = (None, None);
        }
    }
}

struct Stream {
    stream: TcpStream,
    /// What was read and is no part of an answer yet.
    read: Vec<u8>,
}

impl Stream {
    fn open(address: SocketAddr) -> Stream {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Stream { stream, read: Vec::new() }
    }

    fn past_the_door(address: SocketAddr) -> Stream {
        let mut stream = Stream::open(address);
        let asked = stream.ask(b"OPTIONS / HTTP/1.1\r\nHost: localhost\r\n\r\n", false);
        assert!(matches!(asked, Answer::Of { .. }), "{asked:?}");
        stream
    }

    fn ask(&mut self, request: &[u8], is_head: bool) -> Answer {
        // Where it is closed already, reading tells.
        let _ = self.stream.write_all(request);
        let Some(end) = self.read_until(|read| {
            read.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
        }) else {
            return Answer::Closed;
        };
        let head = String::from_utf8(self.read.drain(..end).collect()).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let line = lines.next().unwrap().to_owned();
        let pairs = lines.map(|line| line.split_once(": ").unwrap_or((line, "")));
        let mut headers: Vec<(String, String)> = pairs.map(masked).collect();
        headers.sort();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.map_or(0, |(_, length)| length.parse().unwrap());
        let length = if is_head { 0 } else { length };
        self.read_until(|read| (length <= read.len()).then_some(length)).expect("a whole body");
        let body = String::from_utf8(self.read.drain(..length).collect()).unwrap();
        Answer::Of { line, headers, body }
    }

    fn read_until(&mut self, whole: impl Fn(&[u8]) -> Option<usize>) -> Option<usize> {
        loop {
            if let Some(end) = whole(&self.read) {
                return Some(end);
            }
            let mut more = [0; 16 << 10];
            match self.stream.read(&mut more) {
                Ok(0) => return None,
                Ok(count) => self.read.extend_from_slice(&more[..count]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("no answer: {error}"),
            }
        }
    }
}

/// A header without what is another one each time.
fn masked((name, value): (&str, &str)) -> (String, String) {
    let value = match name {
        "date" => "then".to_owned(),
        // The click's id, which is another one.
        "location" => value.split_once("lw_cid=").map_or(value, |(before, _)| before).to_owned(),
        _ => value.to_owned(),
    };
    (name.to_owned(), value)
}
