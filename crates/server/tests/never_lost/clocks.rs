//! Nodes whose machines disagree about the time begin and end links at the same moment.

use std::{
    path::PathBuf,
    time::{Duration, SystemTime},
};

use tokio::time::sleep;

use crate::{
    client::{Request, send},
    database::Database,
    server::Server,
};

/// The library that gives a process another time; none where it is not installed, which this says.
fn faketime() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let found = folders
        .map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"))
        .find(|library| library.exists());
    if found.is_none() {
        eprintln!("there is no faketime: no node had another time");
    }
    found
}

fn redirects(server: &Server, slug: &str) -> bool {
    let request =
        Request { method: "GET".to_owned(), target: format!("/{slug}"), ..Request::default() };
    send(server.address(), &request).status == 302
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_clock_is_an_hour_wrong_begins_and_ends_links_with_the_others() {
    let Some(library) = faketime() else { return };
    let Some(database) = Database::postgres().await else { return };
    let library = library.to_str().unwrap();
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let node = |number: usize, time: &str| {
        let settings =
            [("LD_PRELOAD", library), ("FAKETIME", time), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
        let settings = if time.is_empty() { &[][..] } else { &settings };
        Server::start_with(folders[number].path(), &database.url, settings)
    };
    let right = node(0, "");
    let wrong = [node(1, "+1h"), node(2, "-1h")];

    #[expect(clippy::disallowed_methods, reason = "the time that the node that is right has, too")]
    let now = SystemTime::now;
    let edge = now() + Duration::from_secs(10);
    let at = jiff::Timestamp::try_from(edge).unwrap();
    for (slug, key) in [("soon", "startsAt"), ("over", "expiresAt")] {
        right.make_link(&format!(
            r#"{{"slug":"{slug}","destination":"https://example.com/","{key}":"{at}"}}"#
        ));
    }
    let nodes = [&right, &wrong[0], &wrong[1]];
    for server in nodes {
        while !redirects(server, "over") {
            assert!(now() < edge, "a node has not heard of the links, or ends them too early");
            sleep(Duration::from_millis(50)).await;
        }
    }
    let early = nodes.map(|server| redirects(server, "soon"));
    assert!(now() < edge, "this machine is too slow for this test");
    assert_eq!(early, [false; 3]);

    sleep(edge.duration_since(now()).unwrap_or_default() + Duration::from_millis(500)).await;
    assert_eq!(nodes.map(|server| redirects(server, "soon")), [true; 3]);
    assert_eq!(nodes.map(|server| redirects(server, "over")), [false; 3]);
    // A machine that is right was not complained about.
    let complaints =
        nodes.map(|server| server.logged("this machine's clock is not the database's"));
    assert_eq!(complaints, [0, 1, 1]);
    drop((right, wrong));
    database.drop().await;
}
