//! Callers who cost little: one thread, requests made by hand, answers read as far as is needed.

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use model::LinkId;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::LocalSet,
};

use crate::{Way, server::Server};

/// Calls of one kind to one server.
pub(crate) struct Asked<'w> {
    way: &'w Way,
    address: SocketAddr,
    key: String,
    /// The number of the next link.
    next: Rc<Cell<u64>>,
}

/// What was answered.
#[derive(Default)]
pub(crate) struct Made {
    /// The links.
    pub(crate) ids: Vec<LinkId>,
    /// How long each call took.
    pub(crate) calls: Vec<Duration>,
    /// From the first call to the last answer.
    pub(crate) time: Duration,
}

impl<'w> Asked<'w> {
    pub(crate) fn new(way: &'w Way, server: &Server) -> Asked<'w> {
        let (address, key) = (server.address, server.key.clone());
        Asked { way, address, key, next: Rc::default() }
    }

    /// Asks for so long, and then waits for the answers that are still to come.
    pub(crate) async fn during(&self, time: Duration) -> Made {
        let made = Rc::new(RefCell::new(Made::default()));
        let start = Instant::now();
        let callers = LocalSet::new();
        for _ in 0..self.way.connections {
            let (to, key, body) = (self.address, self.key.clone(), self.way.body);
            let (path, links) = (self.way.path, self.way.links);
            let (next, made) = (self.next.clone(), made.clone());
            callers.spawn_local(async move {
                let mut stream = TcpStream::connect(to).await.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut answer = Vec::new();
                while start.elapsed() < time {
                    let request = request(path, &key, &body(next.get(), links));
                    next.set(next.get() + links);
                    let begun = Instant::now();
                    stream.write_all(request.as_bytes()).await.unwrap();
                    let body = read(&mut stream, &mut answer).await;
                    let mut made = made.borrow_mut();
                    made.calls.push(begun.elapsed());
                    let before = made.ids.len();
                    made.ids.extend(ids(body));
                    let links = usize::try_from(links).unwrap();
                    assert_eq!(made.ids.len() - before, links, "{}", String::from_utf8_lossy(body));
                }
            });
        }
        callers.await;
        let mut made = made.take();
        made.time = start.elapsed();
        made
    }
}

fn request(path: &str, key: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: {}{key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        // Short.io's clients send the key and nothing else.
        if path.starts_with("/api/v1") { "Bearer " } else { "" },
        body.len()
    )
}

/// Reads one answer, which must say that it went well, and gives its body.
async fn read<'a>(stream: &mut TcpStream, answer: &'a mut Vec<u8>) -> &'a [u8] {
    answer.clear();
    let (mut head, mut whole) = (0, usize::MAX);
    while answer.len() < whole {
        assert_ne!(stream.read_buf(answer).await.unwrap(), 0, "the server hung up");
        if head == 0
            && let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n")
        {
            head = end + 4;
            whole = head + length(&answer[..head]);
        }
    }
    let text = || String::from_utf8_lossy(answer);
    assert!(answer.starts_with(b"HTTP/1.1 20"), "{}", text());
    &answer[head..whole]
}

fn length(head: &[u8]) -> usize {
    let head = std::str::from_utf8(head).unwrap();
    let lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
    let length = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    length.map(|(_, value)| value.parse().unwrap()).next().unwrap()
}

/// The ids of the links that an answer shows: each stands first in its object, in our own API and in
/// Short.io's, where no rule has one.
fn ids(body: &[u8]) -> impl Iterator<Item = LinkId> {
    let mut rest = std::str::from_utf8(body).unwrap();
    std::iter::from_fn(move || {
        loop {
            let (_, after) = rest.split_once(r#""id":"lnk_"#)?;
            let (id, after) = after.split_once('"')?;
            rest = after;
            if let Some(id) = LinkId::parse(&format!("lnk_{id}")) {
                return Some(id);
            }
        }
    })
}
