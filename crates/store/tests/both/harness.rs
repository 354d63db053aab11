//! One story, told to both databases.

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    sync::atomic::{AtomicI64, Ordering},
};

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{
    Address, Destination, Domain, DomainId, Draft, Host, Id, Link, RuleDraft, Schemes, Slug, Stamp,
    Status, Workspace, WorkspaceId,
};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use store::Store;

/// A database with two workspaces, each with a domain.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) url: String,
    pub(crate) ours: Domain,
    pub(crate) theirs: Domain,
    next: AtomicI64,
}

/// A superuser's URL; where it is unset, the stories are told to SQLite alone.
const POSTGRES: &str = "WAYPOST_TEST_POSTGRES";

/// Tells a story to an empty database of each kind, and to both even where the first fails.
pub(crate) async fn on_both(story: impl AsyncFn(World)) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/new/waypost.db", folder.path().display());
    let sqlite = AssertUnwindSafe(tell(&url, &story)).catch_unwind().await;
    let postgres = match std::env::var(POSTGRES) {
        Ok(server) => on_postgres(&server, &story).await,
        Err(_) => {
            eprintln!("{POSTGRES} is unset: this test ran on SQLite alone");
            Ok(())
        }
    };
    for (name, outcome) in [("SQLite", sqlite), ("PostgreSQL", postgres)] {
        if let Err(panic) = outcome {
            eprintln!("the test failed on {name}");
            resume_unwind(panic);
        }
    }
}

async fn on_postgres(server: &str, story: &impl AsyncFn(World)) -> std::thread::Result<()> {
    static COUNT: AtomicI64 = AtomicI64::new(0);
    let name =
        format!("waypost_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::connect(server).await.unwrap();
    admin.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
    let (base, query) = server.split_once('?').map_or((server, ""), |(base, query)| (base, query));
    let (base, _) = base.rsplit_once('/').unwrap();
    let outcome =
        AssertUnwindSafe(tell(&format!("{base}/{name}?{query}"), story)).catch_unwind().await;
    admin.execute(AssertSqlSafe(format!("drop database {name} with (force)"))).await.unwrap();
    outcome
}

async fn tell(url: &str, story: &impl AsyncFn(World)) {
    let store = Store::open(url).await.unwrap();
    store.migrate().await.unwrap();
    let next = AtomicI64::new(1_000);
    let mut domains = ["go.example.com", "s.example.net"].map(|host| {
        let id = next.fetch_add(2, Ordering::Relaxed);
        let host = Host::parse(host).unwrap();
        Domain::new(Id::new(id).unwrap(), Id::new(id + 1).unwrap(), host, now())
    });
    for domain in &mut domains {
        let name = format!("of {}", domain.host);
        let workspace = Workspace { id: domain.workspace, name, created_at: now() };
        store.insert_workspace(&workspace).await.unwrap();
        store.insert_domain(domain).await.unwrap();
    }
    let [ours, theirs] = domains;
    let closing = store.clone();
    story(World { store, url: url.to_owned(), ours, theirs, next }).await;
    closing.close().await;
}

impl World {
    pub(crate) fn workspace(&self) -> WorkspaceId {
        self.ours.workspace
    }

    pub(crate) fn id<T>(&self) -> Id<T> {
        Id::new(self.next.fetch_add(1, Ordering::Relaxed)).unwrap()
    }

    /// Runs a statement behind the store's back.
    pub(crate) async fn run(&self, sql: &'static str, arg: i64) {
        if self.url.starts_with("sqlite") {
            let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::query(sql).bind(arg).execute(&mut conn).await.unwrap();
            conn.close().await.unwrap();
        } else {
            let mut conn = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query(sql).bind(arg).execute(&mut conn).await.unwrap();
            conn.close().await.unwrap();
        }
    }

    /// A link of ours with two rules, unstored.
    pub(crate) fn link(&self, slug: &str) -> Link {
        self.link_on(&self.ours, &[slug])
    }

    pub(crate) fn link_on(&self, domain: &Domain, slugs: &[&str]) -> Link {
        let mut draft = Draft::new(url(&format!("https://example.com/{}", slugs[0])));
        draft.rules =
            vec![rule(2, "FR", "https://example.fr/"), rule(1, "BE", "https://example.be/")];
        let addresses = slugs.iter().map(|slug| address(domain.id, domain.host.as_str(), slug));
        self.stamped(|stamp| {
            draft.into_link(domain.workspace, addresses.collect(), Status::default(), stamp)
        })
        .unwrap()
    }

    /// Lets an edit make ids.
    pub(crate) fn stamped<T>(&self, edit: impl FnOnce(&Stamp<'_>) -> T) -> T {
        let next_id = || self.next.fetch_add(1, Ordering::Relaxed);
        edit(&Stamp { now: now(), next_id: &next_id })
    }

    /// Stores some links one by one and gives them back.
    pub(crate) async fn stored<const N: usize>(&self, slugs: [&str; N]) -> [Link; N] {
        let links = slugs.map(|slug| self.link(slug));
        for link in &links {
            self.store.insert_link(link, "tester").await.unwrap();
        }
        links
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-11-22T10:00:00.123Z".parse().unwrap()
}

pub(crate) fn url(text: &str) -> Destination {
    Destination::parse("", text, Schemes::AsSaved).unwrap()
}

pub(crate) fn address(domain: DomainId, host: &str, slug: &str) -> Address {
    let host = Host::parse(host).unwrap();
    Address { domain, host, slug: Slug::parse(slug, false).unwrap() }
}

pub(crate) fn rule(priority: i64, country: &str, to: &str) -> RuleDraft {
    let rule = json!({
        "name": format!("To {country}"), "priority": priority,
        "when": {"field": "country", "operator": "equals", "value": country},
        "action": {"redirect": to},
    });
    RuleDraft::parse(&rule, Schemes::AsSaved).unwrap()
}
