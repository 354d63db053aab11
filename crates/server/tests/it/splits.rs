//! A visitor keeps the way that they were sent: by the day without a cookie, for good with one.

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use crate::{
    client::{Request, Response, send},
    world::World,
};

/// Enough that three ways of the same weight are all taken, and that chance explains nothing.
const VISITORS: u8 = 120;

/// Where somebody was sent, and the cookie that they were offered.
#[derive(Clone, Debug, PartialEq)]
struct Sent {
    to: String,
    cookie: Option<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_keep_their_way_with_a_cookie_and_without() {
    let world = World::on_sqlite(false).await;
    keep_their_way(&world);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_keep_their_way_on_postgresql() {
    let Some(world) = World::on_postgres(false).await else { return };
    keep_their_way(&world);
    world.end().await;
}

fn keep_their_way(world: &World) {
    tokio::task::block_in_place(|| {
        let id = make_links(world);
        for slug in ["split", "ruled", "percentile"] {
            let visit = |visitor| ask(world, slug, visitor, &[]);
            let today: Vec<Sent> = (0..VISITORS).map(visit).collect();
            assert!(2 < ways(&today), "/{slug} leads one way: {today:?}");
            // A client that keeps no cookies is offered the same one again, and sent the same way.
            assert_eq!(today, (0..VISITORS).map(visit).collect::<Vec<_>>(), "/{slug}");
            let with_cookie = |sent: &Sent, visitor| {
                let cookie = sent.cookie.as_deref().unwrap();
                let (pair, _) = cookie.split_once(';').unwrap();
                ask(world, slug, visitor, &[("cookie", pair)])
            };
            // Whoever kept it comes from elsewhere, too.
            for (visitor, sent) in (0..VISITORS).zip(&today) {
                assert_eq!(*sent, with_cookie(sent, visitor), "/{slug}");
                assert_eq!(*sent, with_cookie(sent, VISITORS + visitor), "/{slug}");
            }
            // Who asks not to be known is sent the same way today, and offered nothing.
            for header in ["dnt", "sec-gpc"] {
                for (visitor, sent) in (0..VISITORS).zip(&today) {
                    let unknown = Sent { cookie: None, ..sent.clone() };
                    assert_eq!(ask(world, slug, visitor, &[(header, "1")]), unknown, "/{slug}");
                }
            }
            world.turn_day();
            for (visitor, sent) in (0..VISITORS).zip(&today) {
                assert_eq!(*sent, with_cookie(sent, visitor), "/{slug} on the day after");
            }
            let tomorrow: Vec<Sent> = (0..VISITORS).map(visit).collect();
            assert!(ways(&tomorrow) == ways(&today) && tomorrow != today, "/{slug}");
            let cookies: HashSet<_> = today.iter().chain(&tomorrow).map(|it| &it.cookie).collect();
            assert_eq!(cookies.len(), 2 * usize::from(VISITORS), "a cookie tells two days apart");
        }
        explained_as_it_is(world, &id);
    });
}

/// Explain says where a visitor really goes, and what keeps them to it.
fn explained_as_it_is(world: &World, id: &str) {
    for visitor in 0..VISITORS {
        let sent = ask(world, "split", visitor, &[]);
        let explain = |headers: Json| {
            let body = json!({"ip": address(visitor), "headers": headers});
            let answer = call(world, &format!("/api/v1/links/{id}/explain"), &body);
            let told: Json = serde_json::from_str(&answer.body).unwrap();
            (told["goesTo"].clone(), told["variantBy"].clone())
        };
        let to = json!(sent.to);
        assert_eq!(explain(json!({"user-agent": AGENT})), (to.clone(), json!("dailyHash")));
        let cookie = sent.cookie.unwrap();
        let (pair, _) = cookie.split_once(';').unwrap();
        let known = explain(json!({"user-agent": AGENT, "cookie": pair}));
        assert_eq!(known, (to.clone(), json!("cookie")));
        assert_eq!(explain(json!({"user-agent": AGENT, "dnt": "1"})), (to, json!("dailyHash")));
    }
}

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Makes links that lead several ways, and tells the id of the first.
fn make_links(world: &World) -> String {
    let to = |way: &str| format!("https://example.com/{way}");
    let split = json!(["a", "b", "c"].map(|way| json!({"weight": 1, "redirect": to(way)})));
    let always = json!({"field": "deviceType", "operator": "equals", "value": "desktop"});
    let below = |end: u8| json!({"field": "percentile", "operator": "less_than", "value": end});
    let rule = |end, way| json!({"when": below(end), "action": {"redirect": to(way)}});
    let links = [
        json!({"slug": "split", "destination": to("a"), "defaultSplit": split}),
        json!({"slug": "ruled", "destination": to("a"), "rules": [{"when": always, "action": {"split": split}}]}),
        json!({"slug": "percentile", "destination": to("a"), "rules": [rule(33, "b"), rule(66, "c")]}),
    ];
    let ids = links.map(|link| {
        let made = call(world, "/api/v1/links", &link);
        assert_eq!(made.status, 201, "{made:?}");
        let made: Json = serde_json::from_str(&made.body).unwrap();
        made["id"].as_str().unwrap().to_owned()
    });
    let [first, ..] = ids;
    first
}

fn call(world: &World, target: &str, body: &Json) -> Response {
    let headers = vec![
        ("authorization".to_owned(), format!("Bearer {}", world.key)),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    let (method, target) = ("POST".to_owned(), target.to_owned());
    send(world.address, &Request { method, target, headers, body: body.to_string().into_bytes() })
}

fn address(visitor: u8) -> String {
    format!("192.0.2.{visitor}")
}

fn ask(world: &World, slug: &str, visitor: u8, headers: &[(&str, &str)]) -> Sent {
    let address = address(visitor);
    let own = [("user-agent", AGENT), ("x-forwarded-for", &address)];
    let headers = own.iter().chain(headers);
    let headers = headers.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let (method, target) = ("GET".to_owned(), format!("/{slug}"));
    let answer = send(world.address, &Request { method, target, headers, body: Vec::new() });
    assert_eq!(answer.status, 302, "{answer:?}");
    let value = |name: &str| {
        let found = answer.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.clone())
    };
    Sent { to: value("location").unwrap(), cookie: value("set-cookie") }
}

fn ways(sent: &[Sent]) -> usize {
    sent.iter().map(|it| &it.to).collect::<HashSet<_>>().len()
}
