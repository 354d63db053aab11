//! A link begins and ends at its millisecond, by the clock of the server that is asked.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use server::start::system_clock;

use crate::{
    client::{Request, send},
    world::World,
};

const LINKS: i64 = 200;
const VISITORS: i64 = 8;

/// How visitors of a moment or less around an edge were answered.
#[derive(Debug, Default)]
struct Edges {
    before: usize,
    after: usize,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_link_redirects_after_its_end_or_before_its_start_and_each_does_in_between() {
    let world = World::on_sqlite(false).await;
    let now = system_clock();
    // Each has its edge ten milliseconds after the one before: an end, or a start.
    let first = now() + SignedDuration::from_secs(4);
    let edge = |link: i64| first + SignedDuration::from_millis(10 * link);
    let links: Vec<_> = (0..LINKS)
        .map(|link| {
            let key = if link % 2 == 0 { "expiresAt" } else { "startsAt" };
            let edge = edge(link).to_string();
            json!({ "slug": format!("edge-{link}"), "destination": "https://example.com/", key: edge })
        })
        .collect();
    let request = Request {
        method: "POST".to_owned(),
        target: "/api/v1/links/bulk".to_owned(),
        headers: vec![("authorization".to_owned(), format!("Bearer {}", world.key))],
        body: json!({ "links": links }).to_string().into_bytes(),
    };
    let made = tokio::task::block_in_place(|| send(world.address, &request));
    assert!(made.body.contains(r#""failed":0"#), "{made:?}");
    assert!(now() < first, "this machine is too slow for this test");

    let address = world.address;
    let edges: Vec<Edges> = tokio::task::block_in_place(|| {
        std::thread::scope(|scope| {
            let visit = |visitor: i64| {
                scope.spawn(move || {
                    let mut edges = Edges::default();
                    let mut connection = connect(address);
                    for link in (visitor..LINKS).step_by(VISITORS as usize) {
                        watch(&mut connection, link, edge(link), &mut edges);
                    }
                    edges
                })
            };
            let visitors: Vec<_> = (0..VISITORS).map(visit).collect();
            visitors.into_iter().map(|visitor| visitor.join().unwrap()).collect()
        })
    });
    let [before, after] = [|it: &Edges| it.before, |it: &Edges| it.after]
        .map(|count| edges.iter().map(count).sum::<usize>());
    // As many saw each side of an edge, and closely.
    assert!(LINKS as usize / 2 < before && LINKS as usize / 2 < after, "{edges:?}");
    world.end().await;
}

fn connect(to: SocketAddr) -> BufReader<TcpStream> {
    BufReader::new(TcpStream::connect(to).unwrap())
}

/// Visits a link from a little before its edge to a little after it. What a visitor was told must be
/// so at some moment between question and answer.
fn watch(connection: &mut BufReader<TcpStream>, link: i64, edge: Timestamp, edges: &mut Edges) {
    let now = system_clock();
    let around = SignedDuration::from_millis(20);
    let early = (edge - around).duration_since(now());
    if let Ok(early) = Duration::try_from(early) {
        std::thread::sleep(early);
    }
    loop {
        let asked = now();
        if edge + around < asked {
            return;
        }
        let status = status(connection, link);
        let answered = now();
        let is_before = match (link % 2 == 0, status) {
            (true, 302) | (false, 404) => true,
            (true, 410) | (false, 302) => false,
            (_, other) => panic!("edge-{link} answered {other}"),
        };
        if is_before {
            assert!(asked < edge, "edge-{link} of {edge} was as before when asked at {asked}");
            edges.before += 1;
        } else {
            assert!(edge <= answered, "edge-{link} of {edge} was as after at {answered}");
            edges.after += 1;
        }
    }
}

fn status(connection: &mut BufReader<TcpStream>, link: i64) -> u16 {
    let request = format!("GET /edge-{link} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    connection.get_mut().write_all(request.as_bytes()).unwrap();
    let (mut status, mut length) = (0, 0);
    loop {
        let mut line = String::new();
        assert_ne!(connection.read_line(&mut line).unwrap(), 0);
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(rest) = line.strip_prefix("http/1.1 ") {
            status = rest[..3].parse().unwrap();
        } else if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        } else if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    std::io::Read::read_exact(connection, &mut body).unwrap();
    status
}
