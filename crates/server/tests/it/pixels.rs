//! Pixels that another node makes and deletes reach the redirects of this one.

use std::time::{Duration, Instant};

use model::{Draft, LinkId, Pixel, PixelId, PixelKind, Stamp, Tag};
use store::Store;

use crate::{
    client::{Request, Response, send},
    world::World,
};

const PERSON: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";

fn click(world: &World) -> Response {
    let request = Request {
        method: "GET".to_owned(),
        target: "/far".to_owned(),
        headers: vec![("user-agent".to_owned(), PERSON.to_owned())],
        body: Vec::new(),
    };
    tokio::task::block_in_place(|| send(world.address, &request))
}

/// Waits until a click is answered so.
#[track_caller]
fn until(world: &World, expected: impl Fn(&Response) -> bool) {
    let began = Instant::now();
    loop {
        let answer = click(world);
        if expected(&answer) {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{} {}", answer.status, answer.body);
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_node_fires_what_one_was_told_on_sqlite() {
    tell_another(World::on_sqlite(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_node_fires_what_one_was_told_on_postgresql() {
    if let Some(world) = World::on_postgres(false).await {
        tell_another(world).await;
    }
}

async fn tell_another(world: World) {
    let store = Store::open(&world.database).await.unwrap();
    let domain = store.all_domains().await.unwrap().remove(0);
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let pixel = |code| Pixel {
        id: PixelId::new(1).unwrap(),
        workspace: domain.workspace,
        name: "Far".to_owned(),
        tag: Tag::parse(PixelKind::Facebook, code).unwrap(),
        created_at: now,
        updated_at: now,
    };
    store.insert_pixel(&pixel("11111")).await.unwrap();
    let stamp = Stamp { now, next_id: &|| 1 };
    let to = model::Destination::parse("", "https://example.com/", domain.schemes()).unwrap();
    let draft = Draft { pixels: vec![pixel("11111").id], ..Draft::new(to) };
    let slug = model::Slug::parse("far", true).unwrap();
    let address = model::Address { domain: domain.id, host: domain.host.clone(), slug };
    let link = draft.into_link(domain.workspace, vec![address], domain.default_status, &stamp);
    let link = link.unwrap();
    assert_eq!(link.id, LinkId::new(1).unwrap());
    store.insert_link(&link, "another node").await.unwrap();
    until(&world, |answer| answer.status == 200 && answer.body.contains("/tr?id=11111&"));

    store.update_pixel(&pixel("11111"), &pixel("22222")).await.unwrap();
    until(&world, |answer| answer.status == 200 && answer.body.contains("/tr?id=22222&"));

    store.delete_pixel(domain.workspace, pixel("22222").id, now).await.unwrap();
    until(&world, |answer| answer.status == 302);
    store.close().await;
    world.end().await;
}
