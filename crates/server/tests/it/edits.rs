//! What was saved is what the next request meets, on the node that saved it.

use serde_json::json;

use crate::{
    client::{Request, Response, send},
    world::World,
};

const ROUNDS: usize = 50;

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_what_the_next_request_meets() {
    let world = World::on_sqlite(false).await;
    let call = |method: &str, target: &str, body: &serde_json::Value| {
        let headers = vec![
            ("authorization".to_owned(), format!("Bearer {}", world.key)),
            ("content-type".to_owned(), "application/json".to_owned()),
        ];
        let (method, target) = (method.to_owned(), target.to_owned());
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        send(world.address, &Request { method, target, headers, body })
    };
    let visit = |slug: &str| {
        let request =
            Request { target: format!("/{slug}"), method: "GET".to_owned(), ..Request::default() };
        send(world.address, &request)
    };
    tokio::task::block_in_place(|| {
        for round in 0..ROUNDS {
            assert_eq!(visit("spring").status, 404, "round {round}");
            let to = |name: &str| format!("https://example.com/{name}/{round}");
            let made =
                call("POST", "/api/v1/links", &json!({"slug": "spring", "destination": to("a")}));
            assert_eq!(location(&visit("Spring")), to("a"));
            let link: serde_json::Value = serde_json::from_str(&made.body).unwrap();
            let path = format!("/api/v1/links/{}", link["id"].as_str().unwrap());
            assert_eq!(call("PATCH", &path, &json!({"destination": to("b")})).status, 200);
            assert_eq!(location(&visit("spring")), to("b"));
            let rule = json!({"when": {"field": "bot", "operator": "is_true"},
                              "action": {"redirect": to("bots")}});
            assert_eq!(call("POST", &format!("{path}/rules"), &rule).status, 201);
            // Who names no agent is taken for a program.
            assert_eq!(location(&visit("spring")), to("bots"));
            assert_eq!(call("PATCH", &path, &json!({"slug": "summer"})).status, 200);
            assert_eq!((visit("spring").status, visit("summer").status), (404, 302));
            assert_eq!(call("PATCH", &path, &json!({"enabled": false})).status, 200);
            assert_eq!(visit("summer").status, 404);
            assert_eq!(call("DELETE", &path, &json!(null)).status, 204);
        }
    });
    world.end().await;
}

fn location(answer: &Response) -> &str {
    let found = answer.headers.iter().find(|(name, _)| name == "location");
    found.map_or_else(|| panic!("no redirect: {answer:?}"), |(_, url)| url.as_str())
}
