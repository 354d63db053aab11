//! Many who change one thing at the same moment: none is refused, and nothing is lost.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::{
    client::{Request, send},
    world::World,
};

const EDITORS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_are_added_at_once_are_all_there() {
    let world = World::on_sqlite(false).await;
    let call = |method, path: &str, body| ask(world.address, &world.key, method, path, &body);
    tokio::task::block_in_place(|| {
        let link = json!({"slug": "all", "destination": "https://example.com/"});
        let (_, link) = call("POST", "/api/v1/links", link);
        let rules = format!("/api/v1/links/{}/rules", link["id"].as_str().unwrap());
        let rule = |i: usize| {
            json!({"name": i.to_string(),
                   "when": {"field": "os", "operator": "equals", "value": "iOS"},
                   "action": {"redirect": format!("https://example.com/{i}")}})
        };
        assert_eq!(at_once(|i| call("POST", &rules, rule(i)).0), [201; EDITORS]);
        let (_, found) = call("GET", &rules, Value::Null);
        assert_eq!(found["data"].as_array().unwrap().len(), EDITORS);
    });
    world.end().await;
}

/// A thing of its own path, the keys that are set, and the values that each key gets.
type Thing = (String, [(&'static str, Value); 4]);

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_set_at_once_are_all_set() {
    let world = World::on_sqlite(false).await;
    let call = |method, path: &str, body| ask(world.address, &world.key, method, path, &body);
    tokio::task::block_in_place(|| {
        let made = |path: &str, body| {
            let (status, made) = call("POST", path, body);
            assert_eq!(status, 201, "{made}");
            format!("{path}/{}", made["id"].as_str().or(made["name"].as_str()).unwrap())
        };
        let domain = made("/api/v1/domains", json!({"host": "go.example.com"}));
        let key = made("/api/v1/keys", json!({"name": "old"}));
        let folder = made("/api/v1/folders", json!({"name": "sale"}));
        let things: [Thing; 3] = [
            (
                domain,
                [
                    ("timezone", json!("Europe/Berlin")),
                    ("cloaks", json!(true)),
                    ("rootUrl", json!("https://example.com/")),
                    ("appSchemes", json!(["myapp"])),
                ],
            ),
            (
                key,
                [
                    ("name", json!("new")),
                    ("scopes", json!(["links:read"])),
                    ("domains", json!(["go.example.com"])),
                    ("expiresAt", json!("2099-01-01T00:00:00.000Z")),
                ],
            ),
            (
                folder,
                [
                    ("prefix", json!("s/")),
                    ("status", json!(301)),
                    ("expiresAfterDays", json!(7)),
                    ("parameters", json!({"utm_source": "sale"})),
                ],
            ),
        ];
        for (path, keys) in things {
            let set = |i: usize| {
                let (name, value) = &keys[i % keys.len()];
                call("PATCH", &path, json!({ *name: value })).0
            };
            assert_eq!(at_once(set), [200; EDITORS], "{path}");
            let (_, found) = call("GET", &path, Value::Null);
            for (name, value) in &keys {
                assert_eq!(found[*name], *value, "{name} of {found}");
            }
        }
        let pixel = json!({"name": "old", "kind": "facebook", "code": "123456"});
        let pixel = made("/api/v1/pixels", pixel);
        let change = |i: usize| match i % 2 {
            0 => json!({"name": "new"}),
            _ => json!({"code": "654321"}),
        };
        assert_eq!(at_once(|i| call("PATCH", &pixel, change(i)).0), [200; EDITORS]);
        let (_, found) = call("GET", &pixel, Value::Null);
        assert_eq!((&found["name"], &found["code"]), (&json!("new"), &json!("654321")));
    });
    world.end().await;
}

/// What each editor got.
fn at_once(edit: impl Fn(usize) -> u16 + Sync) -> Vec<u16> {
    std::thread::scope(|scope| {
        let edit = &edit;
        let threads: Vec<_> = (0..EDITORS).map(|i| scope.spawn(move || edit(i))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// The status and the body of an answer.
fn ask(to: SocketAddr, key: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = Request {
        method: method.to_owned(),
        target: path.to_owned(),
        headers: vec![("authorization".to_owned(), format!("Bearer {key}"))],
        body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
    };
    let answer = send(to, &request);
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}
