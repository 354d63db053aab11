//! Questions about clicks have the same answers before and after the clicks are sealed.

use serde_json::Value as Json;
use server::archive;

use crate::{
    client::{Request, send},
    world::World,
};

#[tokio::test(flavor = "multi_thread")]
async fn sealed_clicks_answer_as_rows_do_on_sqlite() {
    seal_in_the_middle(World::on_sqlite(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_clicks_answer_as_rows_do_on_postgresql() {
    if let Some(world) = World::on_postgres(false).await {
        seal_in_the_middle(world).await;
    }
}

/// What is asked; every answer but that to an empty span has clicks in it.
const QUESTIONS: &[&str] = &[
    "total",
    "total?bots=include",
    "series?interval=month&timezone=Asia/Kathmandu",
    "breakdown?by=country",
    "breakdown?by=country&format=csv",
    "breakdown?by=browser&country=DE,FR",
    "breakdown?by=link&country!=DE&device=mobile,desktop",
    "breakdown?by=rule",
    "breakdown?by=referrerDomain&bots=include&link=LINK",
    "hours?timezone=America/New_York&link=LINK",
    "breakdown?by=country&tag=two,unknown&device=mobile",
    "breakdown?by=browser&tag!=two&domain=localhost",
    "breakdown?by=folder&tag=both",
];

const VISITORS: &[(&str, &str, &str)] = &[
    (
        "217.0.0.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
        "https://news.example/",
    ),
    ("217.0.0.1", "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", ""),
    (
        "90.0.0.1",
        "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
        "https://www.google.com/",
    ),
    ("8.8.8.8", "curl/8.5.0", ""),
];

async fn seal_in_the_middle(world: World) {
    let links: Vec<String> = ["one", "two"].iter().map(|slug| create(&world, slug)).collect();
    for slug in ["one", "two", "one"] {
        for visitor in VISITORS {
            click(&world, slug, visitor);
        }
    }
    let before = answers(&world, &links[0]);
    let all: Json = serde_json::from_str(&before[1]).unwrap();
    assert_eq!((all["clicks"].as_u64(), all["rows"][0]["visitors"].as_u64()), (Some(12), Some(4)));
    let people: Json = serde_json::from_str(&before[0]).unwrap();
    assert_eq!((people["clicks"].as_u64(), people["leftOut"]["bot"].as_u64()), (Some(9), Some(3)));
    assert_eq!(before[4], "value,clicks,visitors\r\nDE,6,2\r\nFR,3,1\r\n".replace('\r', ""));

    links_are_chosen_by_what_they_have(&world, &links);

    let store = store::Store::open(&world.database).await.unwrap();
    // Five and five; two stay rows.
    assert_eq!(archive::seal(&store, 5).await.unwrap(), 2);
    assert_eq!(answers(&world, &links[0]), before);
    // Later clicks are rows beside the blocks.
    click(&world, "one", &VISITORS[0]);
    let after: Json = serde_json::from_str(&ask(&world, "statistics/total")).unwrap();
    assert_eq!(after["clicks"].as_u64(), Some(10));

    forget_a_visitor(&world, &links[0]);
    drop_what_is_over(&world, &store).await;
    store.close().await;
    world.end().await;
}

/// A filter by what links have counts as the sum over the links that have it.
fn links_are_chosen_by_what_they_have(world: &World, links: &[String]) {
    let clicks = |filter: &str| {
        let question = format!("statistics/total?bots=include&{filter}");
        let total: Json = serde_json::from_str(&ask(world, &question)).unwrap();
        total["clicks"].as_u64().unwrap()
    };
    let of = |link: &String| clicks(&format!("link={link}"));
    let (one, two) = (of(&links[0]), of(&links[1]));
    assert_eq!((one, two), (8, 4));
    let both = ["tag=both", "tag=one,two", "tag!=three", "domain=localhost"];
    let cases: [(u64, &[&str]); 4] = [
        (one + two, &both),
        (one, &["tag=one", "tag!=two", "folder=Sale", "folder!=unknown", "tag=both&folder=Sale"]),
        (two, &["tag=two", "folder=unknown", "folder!=Sale", "tag=both&tag!=one"]),
        (0, &["tag=unknown", "tag=three", "tag=one&tag=two", "domain=elsewhere.example"]),
    ];
    for (expected, filters) in cases {
        for filter in filters {
            assert_eq!(clicks(filter), expected, "{filter}");
            let link = format!("{filter}&link={}", links[0]);
            assert_eq!(clicks(&link), if expected < one { 0 } else { one }, "{link}");
        }
    }
    // Single clicks are chosen in the same way.
    let exported = ask(world, "clicks/export?format=ndjson&bots=include&tag=two");
    assert_eq!(exported.lines().count() as u64, two);
}

/// What is kept of a visitor is found and deleted, wherever it is stored; counts stay.
fn forget_a_visitor(world: &World, link: &str) {
    let (address, agent, _) = VISITORS[0];
    let phone = serde_json::json!({"address": address, "userAgent": agent}).to_string();
    let list = |which: &str| -> Json {
        serde_json::from_str(&call(world, "POST", "visitors/list", which.to_owned())).unwrap()
    };
    let delete = |which: &str| call(world, "POST", "visitors/delete", which.to_owned());
    let clicks = |which: &str| list(which)["clicks"].as_array().unwrap().clone();
    let counted = ask(world, &format!("links/{link}/clicks"));

    let found = clicks(&phone);
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|click| click["os"] == "iOS" && click["country"] == "DE"));
    let click = found[1]["id"].as_str().unwrap();
    let sale = format!(r#"{{"click":"{click}","event":"sale"}}"#);
    call(world, "POST", "conversions", sale);
    let by_click = format!(r#"{{"click":"{click}"}}"#);
    assert_eq!(clicks(&by_click), found);
    assert_eq!(list(&phone)["conversions"][0]["event"], "sale");

    assert_eq!(delete(&by_click), r#"{"clicks":4,"conversions":1}"#);
    assert_eq!(delete(&phone), r#"{"clicks":0,"conversions":0}"#);
    assert!(clicks(&phone).is_empty());
    assert_eq!(ask(world, "conversions"), r#"{"data":[],"next":null}"#);
    let total: Json = serde_json::from_str(&ask(world, "statistics/total")).unwrap();
    assert_eq!((&total["clicks"], &total["leftOut"]["bot"]), (&6.into(), &3.into()));
    assert_eq!(ask(world, &format!("links/{link}/clicks")), counted);
}

/// Each kind goes when its time is over, out of rows and blocks.
async fn drop_what_is_over(world: &World, store: &store::Store) {
    let total = || -> (Option<u64>, Option<u64>) {
        let total: Json = serde_json::from_str(&ask(world, "statistics/total")).unwrap();
        (total["clicks"].as_u64(), total["leftOut"]["bot"].as_u64())
    };
    // The beginnings of 2000 and of 2100.
    let (before, after) = (946_684_800_000, 4_102_444_800_000);
    let drop = async |people, others| {
        archive::drop_old(store, store::Until { people, others }).await.unwrap()
    };
    assert_eq!(drop(Some(before), Some(before)).await, 0);
    assert_eq!(drop(None, Some(after)).await, 3);
    assert_eq!(total(), (Some(6), Some(0)));
    assert_eq!(drop(None, Some(after)).await, 0);
    assert_eq!(drop(Some(after), Some(after)).await, 6);
    assert_eq!(total(), (Some(0), Some(0)));
    assert!(store.blocks().await.unwrap().is_empty());
}

fn create(world: &World, slug: &str) -> String {
    let rule = r#"{"name":"Germany","when":{"field":"country","operator":"equals","value":"DE"},"action":{"redirect":"https://example.com/de"}}"#;
    let folder = if slug == "one" { r#""Sale""# } else { "null" };
    let has = format!(r#""tags":["both","{slug}"],"folder":{folder}"#);
    let to = "https://example.com/";
    let body = format!(r#"{{"slug":"{slug}","destination":"{to}",{has},"rules":[{rule}]}}"#);
    let answer = call(world, "POST", "links", body);
    serde_json::from_str::<Json>(&answer).unwrap()["id"].as_str().unwrap().to_owned()
}

fn click(world: &World, slug: &str, (address, agent, referrer): &(&str, &str, &str)) {
    let headers = [("x-forwarded-for", *address), ("user-agent", *agent), ("referer", *referrer)];
    let headers = headers.iter().filter(|(_, value)| !value.is_empty());
    let request = Request {
        method: "GET".to_owned(),
        target: format!("/{slug}"),
        headers: headers.map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        body: Vec::new(),
    };
    assert_eq!(send(world.address, &request).status, 302);
}

/// The answers to all questions, each click of a link page by page, and why each went its way.
fn answers(world: &World, link: &str) -> Vec<String> {
    let mut answers: Vec<String> = QUESTIONS
        .iter()
        .map(|question| {
            let mark = if question.contains('?') { '&' } else { '?' };
            let question = question.replace("LINK", link);
            ask(world, &format!("statistics/{question}{mark}from=2026-01-01&to=2100-01-01"))
        })
        .collect();
    let mut cursor = String::new();
    loop {
        let page = ask(world, &format!("clicks?link={link}&limit=3{cursor}"));
        let read: Json = serde_json::from_str(&page).unwrap();
        answers.push(page);
        for click in read["data"].as_array().unwrap() {
            let id = click["id"].as_str().unwrap();
            answers.push(ask(world, &format!("clicks/{id}/explain")));
        }
        let Some(next) = read["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    answers
}

fn ask(world: &World, path: &str) -> String {
    call(world, "GET", path, String::new())
}

fn call(world: &World, method: &str, path: &str, body: String) -> String {
    let request = Request {
        method: method.to_owned(),
        target: format!("/api/v1/{path}"),
        headers: vec![("authorization".to_owned(), format!("Bearer {}", world.key))],
        body: body.into_bytes(),
    };
    let answer = tokio::task::block_in_place(|| send(world.address, &request));
    assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.body);
    answer.body
}
