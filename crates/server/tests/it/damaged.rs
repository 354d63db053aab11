//! A damaged block of clicks is left out of answers, which say so; once restored, it is there again.

use serde_json::Value as Json;
use server::archive;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use crate::{
    client::{Request, Response, send},
    world::World,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_block_is_left_out_with_a_warning_on_sqlite() {
    damage(World::on_sqlite(false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_block_is_left_out_with_a_warning_on_postgresql() {
    if let Some(world) = World::on_postgres(false).await {
        damage(world).await;
    }
}

const SPAN: &str = "from=2026-01-01&to=2100-01-01";
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";

async fn damage(world: World) {
    let body = r#"{"slug":"one","destination":"https://example.com/"}"#;
    let link = json(&call(&world, "POST", "links", body))["id"].as_str().unwrap().to_owned();
    for _ in 0..12 {
        click(&world);
    }
    // Five, five, and two that stay rows.
    let store = store::Store::open(&world.database).await.unwrap();
    let total = || json(&call(&world, "GET", &format!("statistics/total?{SPAN}"), ""));
    assert_eq!(total()["clicks"], 12);
    assert_eq!(archive::seal(&store, 5).await.unwrap(), 2);
    let damaged = store.blocks().await.unwrap()[0];

    execute(&world, "create table saved as select id, bytes from click_blocks").await;
    let shorten = "update click_blocks set bytes = substr(bytes, 1, length(bytes) - 9)";
    execute(&world, &format!("{shorten} where id = {}", damaged.id)).await;

    for _ in 0..2 {
        let total = total();
        assert_eq!((&total["clicks"], &total["rows"][0]["clicks"]), (&7.into(), &7.into()));
        let warnings = total["warnings"].as_array().unwrap();
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0]["kind"], "damagedBlock");
        assert_eq!(
            (&warnings[0]["block"], &warnings[0]["clicks"]),
            (&damaged.id.into(), &5.into())
        );
    }
    let before = call(&world, "GET", "statistics/total?from=2026-01-01&to=2026-01-02", "");
    assert!(json(&before).get("warnings").is_none(), "{}", before.body);
    for by in ["country", "tag", "link"] {
        let answer =
            json(&call(&world, "GET", &format!("statistics/breakdown?by={by}&{SPAN}"), ""));
        assert_eq!((&answer["clicks"], &answer["warnings"][0]["clicks"]), (&7.into(), &5.into()));
    }
    for (path, lines) in [
        (format!("statistics/breakdown?by=browser&format=csv&{SPAN}"), 2),
        (format!("statistics/breakdown?by=browser&format=ndjson&{SPAN}"), 1),
        (format!("clicks/export?format=ndjson&{SPAN}"), 7),
    ] {
        let answer = call(&world, "GET", &path, "");
        assert_eq!(answer.body.lines().count(), lines, "{path}");
        assert_eq!(unread(&answer), Some("5"), "{path}");
    }
    let page = json(&call(&world, "GET", &format!("clicks?link={link}&limit=100"), ""));
    assert_eq!(page["data"].as_array().unwrap().len(), 7);
    let change = r#"{"destination":"https://example.org/","from":"2026-01-01"}"#;
    let replay = json(&call(&world, "POST", &format!("links/{link}/replay"), change));
    assert_eq!((&replay["changed"], &replay["warnings"][0]["clicks"]), (&7.into(), &5.into()));
    assert_eq!(metric(&world), 1);

    // What can be read is exported, and what cannot is named.
    let folder = tempfile::tempdir().unwrap();
    let mut exported = 0;
    let left_out = archive::export(&store, folder.path(), |file| exported += file.clicks);
    assert_eq!((left_out.await.unwrap(), exported), (vec![damaged.id], 7));
    let saved = "select bytes from saved where saved.id = click_blocks.id";
    execute(
        &world,
        &format!("update click_blocks set bytes = ({saved}) where id = {}", damaged.id),
    )
    .await;
    let whole = total();
    assert_eq!(whole["clicks"], 12, "{whole}");
    assert!(whole.get("warnings").is_none(), "{whole}");
    let export = call(&world, "GET", &format!("clicks/export?format=ndjson&{SPAN}"), "");
    assert_eq!((export.body.lines().count(), unread(&export)), (12, None));
    assert_eq!(metric(&world), 0);

    store.close().await;
    world.end().await;
}

/// Does what an operator would do with a client of the database.
async fn execute(world: &World, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    if world.database.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(&world.database).await.unwrap();
        connection.execute(sql).await.unwrap();
    } else {
        let mut connection = PgConnection::connect(&world.database).await.unwrap();
        connection.execute(sql).await.unwrap();
    }
}

fn click(world: &World) {
    let request = Request {
        method: "GET".to_owned(),
        target: "/one".to_owned(),
        headers: vec![("user-agent".to_owned(), BROWSER.to_owned())],
        body: Vec::new(),
    };
    assert_eq!(tokio::task::block_in_place(|| send(world.address, &request)).status, 302);
}

fn metric(world: &World) -> u64 {
    let request =
        Request { method: "GET".to_owned(), target: "/metrics".to_owned(), ..Request::default() };
    let page = tokio::task::block_in_place(|| send(world.address, &request));
    let name = "waypost_click_blocks_damaged ";
    let line = page.body.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("{}", page.body)).parse().unwrap()
}

fn unread(answer: &Response) -> Option<&str> {
    let header = answer.headers.iter().find(|(name, _)| name == "waypost-unread-clicks");
    header.map(|(_, value)| value.as_str())
}

fn json(answer: &Response) -> Json {
    serde_json::from_str(&answer.body).unwrap()
}

fn call(world: &World, method: &str, path: &str, body: &str) -> Response {
    let request = Request {
        method: method.to_owned(),
        target: format!("/api/v1/{path}"),
        headers: vec![("authorization".to_owned(), format!("Bearer {}", world.key))],
        body: body.as_bytes().to_vec(),
    };
    let answer = tokio::task::block_in_place(|| send(world.address, &request));
    assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.body);
    answer
}
