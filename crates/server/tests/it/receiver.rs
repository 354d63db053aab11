//! A receiver of webhooks on this machine.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value as Json;
use sha2::Sha256;

/// A server on this machine that keeps every message.
pub(crate) struct Receiver {
    address: SocketAddr,
    messages: Arc<Mutex<Vec<Message>>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) timestamp: String,
    pub(crate) signatures: Vec<String>,
    pub(crate) body: String,
}

/// What a receiver does with a message.
pub(crate) enum Does {
    Answers(u16),
    Hangs,
}

const PATIENCE: Duration = Duration::from_secs(30);

impl Receiver {
    /// `does` is asked about each message and how many came before it.
    pub(crate) fn start(
        does: impl Fn(&Message, usize) -> Does + Send + Sync + 'static,
    ) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let messages = Arc::<Mutex<Vec<Message>>>::default();
        let (kept, does) = (messages.clone(), Arc::new(does));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (kept, does) = (kept.clone(), does.clone());
                std::thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let message = Message::read(&mut stream);
                    let before = {
                        let mut kept = kept.lock().unwrap();
                        kept.push(message.clone());
                        kept.len() - 1
                    };
                    match does(&message, before) {
                        Does::Hangs => std::thread::sleep(Duration::from_secs(10)),
                        Does::Answers(status) => {
                            let _ =
                                write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n");
                        }
                    }
                });
            }
        });
        Receiver { address, messages }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub(crate) fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap().clone()
    }

    /// Waits until so many messages have come.
    #[track_caller]
    pub(crate) fn wait(&self, count: usize) -> Vec<Message> {
        until(|| Some(self.messages()).filter(|messages| count <= messages.len()))
    }
}

impl Message {
    fn read(stream: &mut TcpStream) -> Message {
        let mut bytes = Vec::new();
        let mut part = [0; 4_096];
        loop {
            let length = stream.read(&mut part).unwrap();
            bytes.extend_from_slice(&part[..length]);
            let text = String::from_utf8_lossy(&bytes);
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let header = |name: &str| {
                let mut lines = head.lines().filter_map(|line| line.split_once(": "));
                let found = lines.rfind(|(key, _)| key.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.to_owned()).unwrap_or_default()
            };
            if body.len() < header("content-length").parse().unwrap() {
                continue;
            }
            assert!(head.starts_with("POST /hook HTTP/1.1\r\n"), "{head}");
            assert_eq!(header("content-type"), "application/json; charset=utf-8");
            return Message {
                id: header("webhook-id"),
                timestamp: header("webhook-timestamp"),
                signatures: header("webhook-signature").split(' ').map(str::to_owned).collect(),
                body: body.to_owned(),
            };
        }
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn is_signed_by(&self, secret: &str) -> bool {
        let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.{}", self.id, self.timestamp, self.body).as_bytes());
        let expected = format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
        self.signatures.contains(&expected)
    }
}

/// Waits until something is there.
#[track_caller]
pub(crate) fn until<T>(found: impl Fn() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = tokio::task::block_in_place(&found) {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "it did not happen in time");
        std::thread::sleep(Duration::from_millis(20));
    }
}
