//! Keys are in memory, and yet right on every node.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use serde_json::Value as Json;

use crate::{
    client::{Request, Response, send},
    world::World,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_known_and_revoked_on_every_node_on_sqlite() {
    make_and_revoke(World::on_sqlite(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_known_and_revoked_on_every_node_on_postgresql() {
    if let Some(world) = World::on_postgres(false).await {
        make_and_revoke(world).await;
    }
}

async fn make_and_revoke(world: World) {
    let other = world.another(|_| ()).await;
    let body = r#"{"name":"new","scopes":["links:read"]}"#;
    let made = call(world.address, "POST", "keys", &world.key, body);
    assert_eq!(made.status, 201, "{}", made.body);
    let made: Json = serde_json::from_str(&made.body).unwrap();
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    // At once, on the node that has not heard of it yet too.
    assert_eq!(call(other.address, "GET", "links", key, "").status, 200);
    assert_eq!(call(world.address, "GET", "links", key, "").status, 200);

    let revoked = call(world.address, "DELETE", &format!("keys/{id}"), &world.key, "");
    assert_eq!(revoked.status, 204, "{}", revoked.body);
    assert_eq!(call(world.address, "GET", "links", key, "").status, 401);
    let since = Instant::now();
    while call(other.address, "GET", "links", key, "").status != 401 {
        assert!(since.elapsed() < Duration::from_secs(1), "the other node has not heard of it");
    }
    other.end().await;
    world.end().await;
}

fn call(to: SocketAddr, method: &str, path: &str, key: &str, body: &str) -> Response {
    let request = Request {
        method: method.to_owned(),
        target: format!("/api/v1/{path}"),
        headers: vec![("authorization".to_owned(), format!("Bearer {key}"))],
        body: body.as_bytes().to_vec(),
    };
    tokio::task::block_in_place(|| send(to, &request))
}
