//! Titles that dgLnk's call has from destinations, and the destinations that are never asked.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::{Value as Json, json};

use crate::{
    client::{Request, send},
    world::World,
};

const PAGE: &str = "<head><title> Caf&eacute; </title><meta name=description content='Good &amp; hot'><link rel='shortcut icon' href=/i.png>";

/// A destination on this machine that answers after a while, and the paths that it was asked for.
fn destination(after: Duration) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, asked) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<String>>>::default());
    let paths = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 2_048];
            let length = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            paths.lock().unwrap().push(request.split(' ').nth(1).unwrap_or_default().to_owned());
            std::thread::sleep(after);
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n\r\n";
            let _ = stream.write_all(format!("{head}{PAGE}").as_bytes());
        }
    });
    (address, asked)
}

fn create(world: &World, body: &Json) -> Json {
    let request = Request {
        method: "POST".to_owned(),
        target: format!("/api/links/create?api_token={}", world.key),
        headers: Vec::new(),
        body: body.to_string().into_bytes(),
    };
    let answer = tokio::task::block_in_place(|| send(world.address, &request));
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// The title and description of a link.
fn about(link: &Json) -> [Option<&str>; 2] {
    [link["title"].as_str(), link["description"].as_str()]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_tells_what_its_author_does_not() {
    let world = World::that_asks("127.0.0.1").await;
    let (address, asked) = destination(Duration::ZERO);
    let url = |path: &str| format!("http://{address}{path}");

    let made = create(&world, &json!({ "long_url": url("/one") }));
    assert_eq!(about(&made["link"]), [Some("Café"), Some("Good & hot")]);
    let made =
        create(&world, &json!({ "long_url": url("/two"), "title": "", "description": null }));
    assert_eq!(about(&made["link"]), [Some("Café"), Some("Good & hot")]);
    let made = create(&world, &json!({ "long_url": url("/no"), "title": "Own" }));
    assert_eq!(about(&made["link"]), [Some("Own"), None]);
    let made = create(&world, &json!({ "long_url": url("/no"), "description": "Own" }));
    assert_eq!(about(&made["link"]), [None, Some("Own")]);
    let made =
        create(&world, &json!({ "multiple_urls": [url("/three"), "http://localhost/our-own"] }));
    assert_eq!(about(&made["links"][0]), [Some("Café"), Some("Good & hot")]);
    assert_eq!(about(&made["links"][1]), [None, None]);
    assert_eq!(*asked.lock().unwrap(), ["/one", "/two", "/three"]);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_destination_is_not_waited_for() {
    let world = World::that_asks("127.0.0.1").await;
    let (address, _) = destination(Duration::from_secs(8));
    let began = Instant::now();
    let made = create(&world, &json!({ "long_url": format!("http://{address}/") }));
    assert_eq!(about(&made["link"]), [None, None]);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_destination_is_a_link_and_is_never_asked() {
    let world = World::that_asks("").await;
    let (address, asked) = destination(Duration::ZERO);
    let port = address.port();
    let began = Instant::now();
    for host in ["127.0.0.1", "127.1", "2130706433", "[::ffff:127.0.0.1]", "169.254.169.254"] {
        let made = create(&world, &json!({ "long_url": format!("http://{host}:{port}/") }));
        assert_eq!(about(&made["link"]), [None, None], "{host}");
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(*asked.lock().unwrap(), [""; 0]);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_is_looked_at_before_it_is_linked_to_and_not_too_often() {
    let world = World::that_asks("127.0.0.1").await;
    let (address, _) = destination(Duration::ZERO);
    let preview = || {
        let request = Request {
            method: "POST".to_owned(),
            target: "/api/v1/destinations/preview".to_owned(),
            headers: vec![("authorization".to_owned(), format!("Bearer {}", world.key))],
            body: json!({"url": format!("http://{address}/page")}).to_string().into_bytes(),
        };
        tokio::task::block_in_place(|| send(world.address, &request))
    };
    let answer = preview();
    let found: Json = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(about(&found), [Some("Café"), Some("Good & hot")], "{found}");
    assert_eq!((&found["status"], &found["problem"]), (&200.into(), &Json::Null));
    assert_eq!(found["icon"], format!("http://{address}/i.png"));
    assert_eq!(found["finalUrl"], format!("http://{address}/page"));
    assert_eq!(found["warnings"][0]["kind"], "insecure");
    // One more may be asked for each second.
    assert!((0..1_000).any(|_| preview().status == 429));
    world.end().await;
}
