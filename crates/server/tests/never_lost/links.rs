//! `kill -9` while links are made: each that was answered is there with all of its parts, and none is
//! there with some of them.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use crate::{database::Database, kills::moment, long, server::Server};

const CALLERS: u64 = 16;

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_takes_a_link_that_was_answered_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    survive(database, if long() { 60 } else { 6 }, "SQLite").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_takes_a_link_that_was_answered_on_postgresql() {
    let Some(database) = Database::postgres().await else { return };
    survive(database, if long() { 20 } else { 3 }, "PostgreSQL").await;
}

async fn survive(database: Database, kills: u32, name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let numbers = Arc::new(AtomicU64::new(0));
    let mut slugs = Vec::new();
    let mut server = Server::start(folder.path(), &database.url);
    // Nobody listens there, and yet what happens is put down for it, in the transaction in which it
    // does.
    server.make("/api/v1/webhooks", r#"{"url":"http://127.0.0.1:1/","events":["link.created"]}"#);
    let key = server.key().to_owned();
    for _ in 0..kills {
        let stop = Arc::new(AtomicBool::new(false));
        let mut callers = JoinSet::new();
        for caller in 0..CALLERS {
            let (numbers, stop) = (numbers.clone(), stop.clone());
            // Some make many by one call, and some ask for what is there already.
            callers.spawn(make(server.address(), key.clone(), caller % 4, numbers, stop));
        }
        tokio::time::sleep(moment(50..800)).await;
        server.kill();
        stop.store(true, Relaxed);
        while let Some(answered) = callers.join_next().await {
            slugs.extend(answered.unwrap());
        }
        database.assert_whole().await;
        server = Server::start(folder.path(), &database.url);
    }
    assert!(server.terminate().success());
    assert!(100 < slugs.len(), "{}: too few to tell", slugs.len());
    let links = database.links().await;
    let lost = slugs.iter().filter(|slug| !links.whole.contains(*slug)).count();
    eprintln!(
        "{kills} kills on {name}: {} links answered, {lost} lost; {} stored, {} of them whole",
        slugs.len(),
        links.all,
        links.whole.len()
    );
    assert_eq!(lost, 0);
    assert_eq!(links.whole.len() as u64, links.all, "some lack a part");
    assert_eq!(links.parts, [1, 2, 2, 1, 1, 1].map(|each| each * links.all), "parts of none");
    database.drop().await;
}

/// Makes links until the server is gone, and tells which it answered for.
async fn make(
    to: SocketAddr,
    key: String,
    kind: u64,
    numbers: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
) -> Vec<String> {
    let mut made = Vec::new();
    let Ok(mut stream) = TcpStream::connect(to).await else { return made };
    while !stop.load(Relaxed) {
        let count = if kind == 1 { 20 } else { 1 };
        let first = numbers.fetch_add(count, Relaxed);
        let slugs: Vec<String> = (first..first + count).map(|n| format!("made-{n}")).collect();
        let links: Vec<String> = slugs.iter().map(|slug| link(slug)).collect();
        let again = slugs[0].clone();
        let (path, body) = match kind {
            1 => ("/api/v1/links/bulk", format!(r#"{{"links":[{}]}}"#, links.join(","))),
            _ => ("/api/v1/links", links.concat()),
        };
        let Some(status) = post(&mut stream, path, &key, &body).await else { return made };
        assert!(matches!(status, 200 | 201), "{status}");
        made.extend(slugs);
        if kind == 2 {
            let Some(status) = post(&mut stream, path, &key, &link(&again)).await else {
                return made;
            };
            assert_eq!(status, 409, "the same slug again");
        }
    }
    made
}

fn link(slug: &str) -> String {
    let rule = |country: &str| {
        format!(
            r#"{{"when":{{"field":"country","operator":"equals","value":"{country}"}},
                "action":{{"redirect":"https://example.com/{country}"}}}}"#
        )
    };
    format!(
        r#"{{"slug":"{slug}","destination":"https://example.com/","tags":["spring","mail"],
            "rules":[{},{}]}}"#,
        rule("FR"),
        rule("DE")
    )
}

/// The status of an answer that arrived whole.
async fn post(stream: &mut TcpStream, path: &str, key: &str, body: &str) -> Option<u16> {
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let (mut answer, mut whole) = (Vec::new(), None);
    while whole.is_none_or(|whole| answer.len() < whole) {
        if stream.read_buf(&mut answer).await.ok()? == 0 {
            return None;
        }
        let head = answer.windows(4).position(|four| four == b"\r\n\r\n").map(|end| end + 4);
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&answer[..head]).to_lowercase();
            let (_, length) = text.split_once("content-length: ").unwrap();
            let length = length.split("\r\n").next().unwrap();
            whole = Some(head + length.parse::<usize>().unwrap());
        }
    }
    String::from_utf8_lossy(&answer).split(' ').nth(1)?.parse().ok()
}
