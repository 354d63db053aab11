//! Many who save one link at the same moment: none is refused, and nothing is lost.

use std::net::SocketAddr;

use crate::{
    client::{Request, Response, send},
    world::World,
};

const EDITORS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_are_added_at_once_are_all_there() {
    let world = World::on_sqlite(false).await;
    let call = |method: &str, path: &str, body: String| {
        ask(world.address, &world.key, method, path, body.into_bytes())
    };
    let made = tokio::task::block_in_place(|| {
        call(
            "POST",
            "/api/v1/links",
            r#"{"slug":"all","destination":"https://example.com/"}"#.into(),
        )
    });
    let link: serde_json::Value = serde_json::from_str(&made.body).unwrap();
    let rules = format!("/api/v1/links/{}/rules", link["id"].as_str().unwrap());
    let rule = |i: usize| {
        format!(
            r#"{{"name":"{i}","when":{{"field":"os","operator":"equals","value":"iOS"}},
            "action":{{"redirect":"https://example.com/{i}"}}}}"#
        )
    };
    let (statuses, found) = tokio::task::block_in_place(|| {
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..EDITORS)
                .map(|i| {
                    let (call, rules, body) = (&call, &rules, rule(i));
                    scope.spawn(move || call("POST", rules, body).status)
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        (statuses, call("GET", &rules, String::new()))
    });
    assert_eq!(statuses, [201; EDITORS]);
    let found: serde_json::Value = serde_json::from_str(&found.body).unwrap();
    assert_eq!(found["data"].as_array().unwrap().len(), EDITORS);
    world.end().await;
}

fn ask(to: SocketAddr, key: &str, method: &str, path: &str, body: Vec<u8>) -> Response {
    let request = Request {
        method: method.to_owned(),
        target: path.to_owned(),
        headers: vec![("authorization".to_owned(), format!("Bearer {key}"))],
        body,
    };
    send(to, &request)
}
