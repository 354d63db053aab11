//! A limit of calls is kept, is told in every dialect, and ends by itself.

use std::{net::SocketAddr, time::Duration};

use crate::{
    client::{Request, Response, send},
    world::World,
};

/// A call of each dialect with the header of its key, and how its refusals begin.
const DIALECTS: &[(&str, &str, &str)] = &[
    ("/api/v1/links", "authorization", r#"{"type":"about:blank","title":"Too Many Requests""#),
    ("/shortio/api/domains", "authorization", r#"{"success":false,"error":"#),
    ("/linquid/api/links", "x-api-key", r#"{"success":false,"#),
    ("/dglnk/api/links", "x-api-key", "{"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_call_too_many_is_refused_in_every_dialect() {
    let world = World::on_sqlite(false).await;
    for &(path, header, refusal) in DIALECTS {
        let node = world.another(|settings| settings.rate_limit = "2/hour".to_owned()).await;
        let key = bearer(&world);
        let key = if header == "authorization" { &key } else { &world.key };
        let ask = || call(node.address, path, &[(header, key), ("x-forwarded-for", "::1")]);
        let left = [ask(), ask()].map(|answer| (told(&answer, "remaining"), answer.status));
        assert!(left.iter().all(|(_, status)| *status != 429), "{path}: {left:?}");
        assert_eq!(left.map(|(left, _)| left), [1, 0], "{path}");
        let refused = ask();
        assert_eq!((refused.status, told(&refused, "limit")), (429, 2), "{path}");
        assert!(refused.body.starts_with(refusal), "{path}: {}", refused.body);
        let wait: i64 = value(&refused, "retry-after").parse().unwrap();
        assert!((1..=1_800).contains(&wait), "{path}: {wait}");
        // Who has no key is counted by address, and has not asked yet.
        let nobody = |from| call(node.address, path, &[("x-forwarded-for", from)]).status;
        let wrong =
            || call(node.address, path, &[(header, "wp_x"), ("x-forwarded-for", "8.8.8.8")]);
        assert_ne!((nobody("8.8.8.8"), wrong().status), (429, 429), "{path}");
        assert_eq!((nobody("8.8.8.8"), wrong().status), (429, 429), "{path}");
        assert_ne!(nobody("8.8.4.4"), 429, "{path}");
        node.end().await;
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_ends_by_itself_and_is_not_overshot() {
    let world = World::on_sqlite(false).await;
    let node = world.another(|settings| settings.rate_limit = "20/minute".to_owned()).await;
    let ask = || call(node.address, "/api/v1/fields", &[("authorization", &bearer(&world))]);
    let answered = tokio::task::block_in_place(|| {
        let some = || (0..8).filter(|_| ask().status == 200).count();
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(some)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
        })
    });
    // One more every three seconds, however long the machine took for these.
    assert!((20..=24).contains(&answered), "{answered}");
    let wait = value(&ask(), "retry-after").parse().unwrap();
    tokio::time::sleep(Duration::from_secs(wait)).await;
    assert_eq!(ask().status, 200);
    node.end().await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_limit_everybody_has_all_calls_left() {
    let world = World::on_sqlite(false).await;
    let answer = call(world.address, "/api/v1/fields", &[]);
    assert_eq!(
        (told(&answer, "limit"), told(&answer, "remaining")),
        (2_147_483_647, 2_147_483_647)
    );
    world.end().await;
}

fn bearer(world: &World) -> String {
    format!("Bearer {}", world.key)
}

fn told(answer: &Response, what: &str) -> i64 {
    value(answer, &format!("x-ratelimit-{what}")).parse().unwrap()
}

fn value<'a>(answer: &'a Response, name: &str) -> &'a str {
    let header = answer.headers.iter().find(|(known, _)| known == name);
    &header.unwrap_or_else(|| panic!("{} without {name}", answer.status)).1
}

fn call(to: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = Request {
        method: "GET".to_owned(),
        target: path.to_owned(),
        headers: headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        body: Vec::new(),
    };
    tokio::task::block_in_place(|| send(to, &request))
}
