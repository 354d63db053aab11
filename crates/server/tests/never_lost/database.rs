//! The database behind a server: made, asked for what is stored, and dropped.

use std::{
    collections::HashSet,
    path::Path,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use futures_util::TryStreamExt;
use model::Click;
use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection, query, query_scalar,
};
use statistics::Columns;

/// A superuser's URL; where it is unset, nothing is run on PostgreSQL.
const POSTGRES: &str = "WAYPOST_TEST_POSTGRES";

pub(crate) struct Database {
    pub(crate) url: String,
    /// The server and the name of a PostgreSQL database, to be dropped.
    postgres: Option<(String, String)>,
}

/// What is stored of the clicks of a test.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    /// How many clicks each number has.
    pub(crate) rows: Vec<u8>,
    /// Clicks with no number that was sent.
    pub(crate) strangers: u64,
    /// What the totals add up to, with what is noted to be counted.
    pub(crate) total: i64,
    /// How many node numbers were ever taken.
    pub(crate) nodes: i64,
}

/// What is stored of links.
#[derive(Debug)]
pub(crate) struct Links {
    /// The slugs of those that have all of their parts.
    pub(crate) whole: HashSet<String>,
    /// How many there are.
    pub(crate) all: u64,
    /// How many revisions, tags, rules, counts, events and deliveries there are.
    pub(crate) parts: [u64; 6],
}

impl Database {
    pub(crate) fn sqlite(folder: &Path) -> Database {
        let url = format!("sqlite://{}/waypost.db", folder.display());
        Database { url, postgres: None }
    }

    /// None where there is no server to make a database on.
    pub(crate) async fn postgres() -> Option<Database> {
        if Database::no_postgres() {
            return None;
        }
        Some(Database::on(&std::env::var(POSTGRES).unwrap()).await)
    }

    /// Whether nothing is run on PostgreSQL, which this says.
    pub(crate) fn no_postgres() -> bool {
        let none = std::env::var_os(POSTGRES).is_none();
        if none {
            eprintln!("{POSTGRES} is unset: nothing was run on PostgreSQL");
        }
        none
    }

    /// A new database on a PostgreSQL server.
    pub(crate) async fn on(server: &str) -> Database {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Relaxed);
        let name = format!("waypost_kept_{}_{count}", std::process::id());
        let mut admin = PgConnection::connect(server).await.unwrap();
        admin.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
        let (base, query) = server.split_once('?').map_or((server, ""), |parts| parts);
        let (base, _) = base.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}?{query}");
        Database { url, postgres: Some((server.to_owned(), name)) }
    }

    /// Counts the rows of each of `sent` numbers.
    pub(crate) async fn stored(&self, sent: u64) -> Stored {
        const BATCHES: &str = "select records, splits from click_batches";
        const BLOCKS: &str = "select bytes from click_blocks";
        const TOTAL: &str = "
            select cast((select coalesce(sum(n), 0) from click_totals)
                      + (select coalesce(sum(b.clicks), 0) from uncounted_batches u
                         join click_batches b on b.id = u.id) as bigint)";
        const NODES: &str = "select count(*) from nodes where token <> ''";
        let mut stored =
            Stored { rows: vec![0; usize::try_from(sent).unwrap()], ..Stored::default() };
        if self.postgres.is_some() {
            let mut conn = PgConnection::connect(&self.url).await.unwrap();
            let mut rows = query(BATCHES).fetch(&mut conn);
            while let Some(row) = rows.try_next().await.unwrap() {
                stored.add_batch(row.get("records"), row.get("splits"));
            }
            drop(rows);
            for block in query(BLOCKS).fetch_all(&mut conn).await.unwrap() {
                stored.add_block(block.get("bytes"));
            }
            stored.total = query_scalar(TOTAL).fetch_one(&mut conn).await.unwrap();
            stored.nodes = query_scalar(NODES).fetch_one(&mut conn).await.unwrap();
        } else {
            let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
            let mut rows = query(BATCHES).fetch(&mut conn);
            while let Some(row) = rows.try_next().await.unwrap() {
                stored.add_batch(row.get("records"), row.get("splits"));
            }
            drop(rows);
            for block in query(BLOCKS).fetch_all(&mut conn).await.unwrap() {
                stored.add_block(block.get("bytes"));
            }
            stored.total = query_scalar(TOTAL).fetch_one(&mut conn).await.unwrap();
            stored.nodes = query_scalar(NODES).fetch_one(&mut conn).await.unwrap();
        }
        stored
    }

    /// The links of which each has two tags and two rules, and was told of to one webhook.
    pub(crate) async fn links(&self) -> Links {
        const WHOLE: &str = "
            select a.shown from links l join addresses a on a.link_id = l.id and a.position = 0
            where exists (select 1 from revisions r where r.link_id = l.id and r.number = 1)
              and 2 = (select count(*) from link_tags t where t.link_id = l.id)
              and 2 = (select count(*) from rules r where r.link_id = l.id)
              and 1 = (select count(*) from link_clicks k where k.link_id = l.id)";
        const PARTS: &str = "
            select count(*), (select count(*) from revisions), (select count(*) from link_tags),
                   (select count(*) from rules), (select count(*) from link_clicks),
                   (select count(*) from events), (select count(*) from deliveries)
            from links";
        let (whole, counts): (Vec<String>, [i64; 7]) = if self.postgres.is_some() {
            let mut conn = PgConnection::connect(&self.url).await.unwrap();
            let row = query(PARTS).fetch_one(&mut conn).await.unwrap();
            let whole = query_scalar(WHOLE).fetch_all(&mut conn).await.unwrap();
            (whole, std::array::from_fn(|i| row.get(i)))
        } else {
            let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
            let row = query(PARTS).fetch_one(&mut conn).await.unwrap();
            let whole = query_scalar(WHOLE).fetch_all(&mut conn).await.unwrap();
            (whole, std::array::from_fn(|i| row.get(i)))
        };
        let [all, parts @ ..] = counts.map(|count| u64::try_from(count).unwrap());
        Links { whole: whole.into_iter().collect(), all, parts }
    }

    /// Keeps everybody else from writing to a SQLite file until it is dropped.
    pub(crate) async fn lock(&self) -> SqliteConnection {
        let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
        conn.execute("begin immediate").await.unwrap();
        conn
    }

    /// Copies a SQLite file that is in use into a folder.
    pub(crate) async fn copy_to(&self, folder: &Path) {
        let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
        let sql = format!("vacuum into '{}/waypost.db'", folder.display());
        conn.execute(AssertSqlSafe(sql)).await.unwrap();
    }

    /// Has SQLite look at every page of its file.
    pub(crate) async fn assert_whole(&self) {
        if self.postgres.is_none() {
            let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
            let said: String =
                query_scalar("pragma integrity_check").fetch_one(&mut conn).await.unwrap();
            assert_eq!(said, "ok");
        }
    }

    pub(crate) async fn drop(self) {
        if let Some((server, name)) = self.postgres {
            let mut admin = PgConnection::connect(&server).await.unwrap();
            let drop = format!("drop database {name} with (force)");
            admin.execute(AssertSqlSafe(drop)).await.unwrap();
        }
    }
}

impl Stored {
    fn add_batch(&mut self, records: Vec<u8>, splits: &[u8]) {
        for (_, record) in store::clicks(&records.into(), splits) {
            self.add(&Click::decode(&record.unwrap()).unwrap());
        }
    }

    fn add_block(&mut self, bytes: Vec<u8>) {
        let columns = Columns::decode(bytes).unwrap();
        (0..columns.len()).for_each(|place| self.add(&columns.click(place).unwrap().0));
    }

    fn add(&mut self, click: &Click<'_>) {
        let number = click.utm.content.and_then(|text| text.parse::<usize>().ok());
        match number.and_then(|number| self.rows.get_mut(number)) {
            Some(rows) => *rows = rows.saturating_add(1),
            None => self.strangers += 1,
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.rows.iter().map(|&rows| u64::from(rows)).sum::<u64>() + self.strangers
    }
}
