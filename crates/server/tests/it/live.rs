//! Clicks are told as they come, and each once to whoever comes back.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::Value as Json;
use server::archive;

use crate::{
    client::{Request, send},
    world::World,
};

#[tokio::test(flavor = "multi_thread")]
async fn clicks_are_told_once_on_sqlite() {
    watch(World::on_sqlite(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clicks_are_told_once_on_postgresql() {
    if let Some(world) = World::on_postgres(false).await {
        watch(world).await;
    }
}

/// How long a click may take from its answer to whoever watches. A loaded machine gets more than the
/// second that it takes at most.
const SOON: Duration = Duration::from_secs(5);

const PERSON: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
const PROGRAM: &str = "curl/8.5.0";

async fn watch(world: World) {
    let rule = r#"{"when":{"field":"country","operator":"equals","value":"DE"},"action":{"redirect":"https://example.com/de"}}"#;
    let made = call(
        &world,
        "POST",
        "links",
        &format!(r#"{{"slug":"live","destination":"https://example.com/","rules":[{rule}]}}"#),
    );
    let rule = made["rules"][0]["id"].as_str().unwrap().to_owned();
    click(&world, "90.0.0.1", PERSON);

    // What came before is not told, and neither are programs or others than Germans.
    let mut germans = Stream::open(&world, "?country=DE", None);
    let mut all = Stream::open(&world, "?bots=include", None);
    let begun = Instant::now();
    click(&world, "90.0.0.1", PERSON);
    click(&world, "217.0.0.1", PERSON);
    click(&world, "217.0.0.1", PROGRAM);
    let (_, german) = germans.click();
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert_eq!((german["country"].as_str(), german["rule"].as_str()), (Some("DE"), Some(&*rule)));
    assert!(german["decisionMicroseconds"].is_u64(), "{german}");
    let told: Vec<(String, Json)> = (0..3).map(|_| all.click()).collect();
    let classes: Vec<_> = told.iter().map(|(_, click)| click["class"].as_str().unwrap()).collect();
    assert_eq!(classes.iter().filter(|class| **class == "bot").count(), 1, "{classes:?}");
    drop(all);

    // Whoever saw one and comes back is told the other two, and what came meanwhile, once each; be
    // they rows still or a block by now.
    let (mark, first) = &told[0];
    for _ in 0..4 {
        click(&world, "90.0.0.7", PERSON);
    }
    let mut seen = vec![id(first)];
    let mut again = Stream::open(&world, "?bots=include", Some(mark));
    let mut last = String::new();
    for _ in 0..6 {
        let (mark, click) = again.click();
        (last, _) = (mark, seen.push(id(&click)));
    }
    drop(again);
    let store = store::Store::open(&world.database).await.unwrap();
    assert_eq!(archive::seal(&store, 5).await.unwrap(), 1);
    click(&world, "90.0.0.8", PERSON);
    let mut sealed = Stream::open(&world, "?bots=include", Some(mark));
    let clicks: Vec<String> = (0..7).map(|_| id(&sealed.click().1)).collect();
    assert_eq!(
        clicks[..6].iter().collect::<std::collections::BTreeSet<_>>(),
        seen[1..].iter().collect()
    );
    seen.push(clicks[6].clone());
    let mut rest = Stream::open(&world, "?bots=include", Some(&last));
    assert_eq!(id(&rest.click().1), clicks[6]);
    let mut unique = seen.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!((seen.len(), unique.len()), (8, 8));

    let wrong = ask(&world, "?mood=good", None);
    assert_eq!(wrong, 422);
    assert_eq!(ask(&world, "?hour=3", None), 422);
    assert_eq!(ask(&world, "", Some("yesterday")), 422);
    assert_eq!(ask(&world, "?domain=nowhere.example", None), 404);
    drop((germans, sealed, rest));
    store.close().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_watch_and_the_next_one_when_one_of_them_goes() {
    let world = World::on_sqlite(false).await;
    let mut many: Vec<Stream> = (0..20).map(|_| Stream::open(&world, "", None)).collect();
    assert_eq!(ask(&world, "", None), 429);
    assert_eq!(Stream::try_open(&world, "", None).unwrap_err(), "HTTP/1.1 429 Too Many Requests");
    call(&world, "POST", "links", r#"{"slug":"live","destination":"https://example.com/"}"#);
    many.pop();
    // The end of a connection is noticed at once, or with the next beat.
    let begun = Instant::now();
    let mut next = loop {
        match Stream::try_open(&world, "", None) {
            Ok(next) => break next,
            Err(_) => assert!(begun.elapsed() < 6 * SOON, "no place was given free"),
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    click(&world, "90.0.0.1", PERSON);
    let (_, told) = next.click();
    assert!(many.iter_mut().all(|stream| id(&stream.click().1) == id(&told)));
    drop((many, next));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_too_slowly_misses_clicks_is_told_so_and_gets_them_later() {
    const CLICKS: usize = 40_000;
    let world = World::on_sqlite(false).await;
    let made =
        call(&world, "POST", "links", r#"{"slug":"live","destination":"https://example.com/"}"#);
    let link = model::LinkId::parse(made["id"].as_str().unwrap()).unwrap();
    let store = store::Store::open(&world.database).await.unwrap();
    let workspace = store.first_workspace().await.unwrap().unwrap().id;
    let mut slow = Stream::open(&world, "", None);

    // Some forty megabytes, which neither its connection nor the server holds for it.
    let city = "x".repeat(900);
    let record = model::Click {
        at: 1_795_341_600_000,
        workspace: workspace.number(),
        link: link.number(),
        city: Some(&city),
        ..model::Click::default()
    };
    let mut bytes = Vec::new();
    record.encode(&mut bytes);
    let places: Vec<u64> = (0..CLICKS as u64).map(|nth| nth * 1_000).collect();
    let mut from = 0;
    for some in places.chunks(2_000) {
        let batch: Vec<(u64, &[u8])> = some.iter().map(|place| (*place, &*bytes)).collect();
        let next = some.last().unwrap() + 1_000;
        store.record_clicks(0xabc, &batch, from, next, false).await.unwrap();
        from = next;
    }
    // Nobody else is held up, once those have been told: until then, others may miss some as well.
    let mut clicks = CLICKS;
    let (quick, last) = loop {
        let mut quick = Stream::open(&world, "", None);
        let begun = Instant::now();
        click(&world, "90.0.0.1", PERSON);
        clicks += 1;
        let (name, _, told) = quick.event();
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
        if name == "click" {
            break (quick, id(&told));
        }
        assert!(clicks < CLICKS + 50, "whoever is quick misses clicks too");
    };

    let mut seen = std::collections::HashSet::new();
    let resume = loop {
        match slow.event() {
            (name, _, told) if name == "missed" => {
                break told["resume"].as_str().unwrap().to_owned();
            }
            (_, _, click) => assert!(seen.insert(id(&click)), "{click} came twice"),
        }
    };
    let before = seen.len();
    assert!(before < CLICKS, "nothing was missed");
    let mut rest = Stream::open(&world, "", Some(&resume));
    while seen.len() < clicks {
        let (_, click) = rest.click();
        assert!(seen.insert(id(&click)), "{click} came twice");
    }
    assert!(seen.contains(&last), "{before} of {clicks} before");
    drop((slow, quick, rest));
    store.close().await;
    world.end().await;
}

fn id(click: &Json) -> String {
    click["id"].as_str().unwrap().to_owned()
}

/// An open stream of events.
#[derive(Debug)]
struct Stream(BufReader<TcpStream>);

impl Stream {
    fn open(world: &World, query: &str, last: Option<&str>) -> Stream {
        Stream::try_open(world, query, last).unwrap()
    }

    /// The status line where there is no stream.
    fn try_open(world: &World, query: &str, last: Option<&str>) -> Result<Stream, String> {
        let mut stream = TcpStream::connect(world.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let last = last.map(|last| format!("last-event-id: {last}\r\n")).unwrap_or_default();
        let key = &world.key;
        let head = format!(
            "GET /api/v1/clicks/stream{query} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n{last}\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut stream = Stream(BufReader::new(stream));
        let status = stream.line();
        if status != "HTTP/1.1 200 OK" {
            return Err(status);
        }
        // The first comment says that it watches.
        while !stream.line().starts_with(": waiting") {}
        Ok(stream)
    }

    /// The next click, with the id of its event.
    fn click(&mut self) -> (String, Json) {
        let (name, mark, click) = self.event();
        assert_eq!(name, "click");
        (mark, click)
    }

    /// The next event: its name, its id, and what it says.
    fn event(&mut self) -> (String, String, Json) {
        let (mut name, mut mark) = (String::new(), String::new());
        let begun = Instant::now();
        loop {
            // Comments come for ever, whether clicks do or not.
            assert!(begun.elapsed() < 4 * SOON, "no event came");
            let line = self.line();
            if let Some(event) = line.strip_prefix("event: ") {
                name = event.to_owned();
            } else if let Some(id) = line.strip_prefix("id: ") {
                mark = id.to_owned();
            } else if let Some(data) = line.strip_prefix("data: ") {
                return (name, mark, serde_json::from_str(data).unwrap());
            }
        }
    }

    /// The next line; those that say how long a chunk is are like any other.
    fn line(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the stream ended");
        line.trim_end().to_owned()
    }
}

fn ask(world: &World, query: &str, last: Option<&str>) -> u16 {
    let mut headers = vec![("authorization".to_owned(), format!("Bearer {}", world.key))];
    headers.extend(last.map(|last| ("last-event-id".to_owned(), last.to_owned())));
    let target = format!("/api/v1/clicks/stream{query}");
    let request = Request { method: "GET".to_owned(), target, headers, body: Vec::new() };
    tokio::task::block_in_place(|| send(world.address, &request)).status
}

fn click(world: &World, address: &str, agent: &str) {
    let headers = [("x-forwarded-for", address), ("user-agent", agent)];
    let request = Request {
        method: "GET".to_owned(),
        target: "/live".to_owned(),
        headers: headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        body: Vec::new(),
    };
    assert_eq!(tokio::task::block_in_place(|| send(world.address, &request)).status, 302);
}

fn call(world: &World, method: &str, path: &str, body: &str) -> Json {
    let request = Request {
        method: method.to_owned(),
        target: format!("/api/v1/{path}"),
        headers: vec![("authorization".to_owned(), format!("Bearer {}", world.key))],
        body: body.as_bytes().to_vec(),
    };
    let answer = tokio::task::block_in_place(|| send(world.address, &request));
    assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.body);
    serde_json::from_str(&answer.body).unwrap()
}
