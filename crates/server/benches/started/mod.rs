//! A server in this process with links on it, for benches that ask its door's service themselves.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use clap::{Args, Command, FromArgMatches};
use door::{Parsed, Service, Verdict};
use serde_json::{Value, json};
use server::{
    Plain, Settings,
    start::{self, Running, system_clock},
};

/// The demonstration's folder, whose database says where addresses are.
pub const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/demo");
/// What every request comes from: a proxy that is trusted.
const PEER: &str = "127.0.0.1:4711";
/// Links of a bulk call.
const AT_ONCE: usize = 500;

pub struct Started {
    runtime: tokio::runtime::Runtime,
    running: Running,
    _folder: tempfile::TempDir,
}

impl Started {
    /// Starts a server of its own on SQLite, and makes the links by its API.
    pub fn with(links: &[Value]) -> Started {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}/waypost.db", folder.path().display());
        let settings = settings(&[
            ("--listen", "127.0.0.1:0"),
            ("--database-url", &database),
            ("--trusted-proxies", "127.0.0.1/32"),
            ("--geo-dir", DEMO),
        ]);
        let running = runtime.block_on(async {
            let config = settings.resolve().unwrap();
            let clock = system_clock();
            let store = start::open_store(&config, &clock).await.unwrap();
            let key = start::make_key(&store, &clock, "bench", vec![model::Scope::Admin], None);
            let key = key.await.unwrap().reveal().to_owned();
            store.close().await;
            let running = start::start(config, &[]).await.unwrap();
            for links in links.chunks(AT_ONCE) {
                make(running.address, &key, links);
            }
            running
        });
        Started { runtime, running, _folder: folder }
    }

    /// A service as each loop of the door has one.
    pub fn service(&self) -> Plain {
        Plain::new(self.running.app.clone(), 0)
    }

    pub fn stop(self) {
        self.runtime.block_on(self.running.shutdown());
    }
}

/// The way from a request's bytes to its answer's.
pub fn ask(service: &mut Plain, request: &[u8], out: &mut Vec<u8>) {
    let peer = PEER.parse().unwrap();
    let parsed = door::parse(request, 16 << 10, peer, |request| service.answer(request, out));
    assert!(matches!(parsed, Parsed::Plain(Verdict::Answered, _)));
}

/// The defaults, but for some flags.
fn settings(flags: &[(&str, &str)]) -> Settings {
    let words = flags.iter().flat_map(|(flag, value)| [*flag, *value]);
    let command = Settings::augment_args(Command::new("bench"));
    let matches = command.get_matches_from(["bench"].into_iter().chain(words));
    Settings::from_arg_matches(&matches).unwrap()
}

fn make(address: SocketAddr, key: &str, links: &[Value]) {
    let body = json!({ "links": links }).to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /api/v1/links/bulk HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 2") && answer.contains("\"failed\":0"), "{answer}");
}
