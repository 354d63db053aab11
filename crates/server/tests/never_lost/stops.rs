//! SIGTERM under load, and the limit of a link's clicks.

use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use tokio::time::sleep;

use crate::{
    client::{self, Request},
    database::Database,
    ledger::Compared,
    load::{Answers, CONNECTIONS, Load, Numbers},
    server::Server,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_answers_what_it_counts_and_stores_it() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::sqlite(folder.path());
    let (numbers, mut answers) = (Numbers::default(), Answers::default());
    let mut server = Server::start(folder.path(), &database.url);
    server.make_links();
    for stop in 1..=3 {
        let load = Load::begin(server.address(), &numbers);
        sleep(Duration::from_millis(400)).await;
        let ended = tokio::task::block_in_place(|| server.terminate());
        assert!(ended.success());
        answers.add(load.end().await);
        assert_eq!(server.segments(), 0, "stop {stop}");
        server = Server::start(folder.path(), &database.url);
    }
    let compared = Compared::of(&answers, &database.stored(numbers.load(Relaxed)).await);
    compared.report("3 stops by SIGTERM on SQLite");
    compared.assert_exact();
    // Nothing was killed, so every click that is stored was answered, too.
    assert_eq!(compared.unanswered_and_stored, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_a_thousand_gives_a_thousand_redirects_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    use_up(Database::sqlite(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_a_thousand_gives_a_thousand_redirects_on_postgresql() {
    let Some(database) = Database::postgres().await else { return };
    use_up(database).await;
}

/// A redirect's only where it leads to the destination.
fn status(response: &client::Response) -> u16 {
    let location = response.headers.iter().find(|(name, _)| name == "location");
    assert_eq!(location.is_some(), response.status == 302, "{response:?}");
    response.status
}

const LIMIT: usize = 1_000;

async fn use_up(database: Database) {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(folder.path(), &database.url);
    server.make_link(&format!(
        r#"{{"slug":"few","destination":"https://example.com/","clickLimit":{LIMIT}}}"#
    ));
    let to = server.address();
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let request = Request {
        method: "GET".to_owned(),
        target: "/few".to_owned(),
        headers: vec![("user-agent".to_owned(), agent.to_owned())],
        body: Vec::new(),
    };
    // Half as many again as there are.
    let each = LIMIT * 3 / 2 / CONNECTIONS;
    let statuses: Vec<u16> = tokio::task::block_in_place(|| {
        std::thread::scope(|scope| {
            let click =
                || (0..each).map(|_| status(&client::send(to, &request))).collect::<Vec<_>>();
            let visitors: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(click)).collect();
            visitors.into_iter().flat_map(|visitor| visitor.join().unwrap()).collect()
        })
    });
    let of = |status: u16| statuses.iter().filter(|given| **given == status).count();
    assert_eq!((of(302), of(410)), (LIMIT, each * CONNECTIONS - LIMIT), "of {}", statuses.len());
    assert!(server.terminate().success());
    database.drop().await;
}
