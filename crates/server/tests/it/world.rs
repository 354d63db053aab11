//! A server with an empty database, and a key to it.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicU32, Ordering},
};

use model::Scope;
use server::{
    Settings,
    dashboard::Files,
    start::{self, Running, system_clock},
};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;

pub(crate) struct World {
    pub(crate) address: SocketAddr,
    /// A key that may do everything.
    pub(crate) key: String,
    pub(crate) database: String,
    running: Running,
    /// The server and the name of a PostgreSQL database, to be dropped.
    postgres: Option<(String, String)>,
    _folder: TempDir,
}

/// A further server of a world.
pub(crate) struct Node {
    pub(crate) address: SocketAddr,
    running: Running,
    _folder: TempDir,
}

/// A superuser's URL; where it is unset, nothing is run on PostgreSQL.
const POSTGRES: &str = "WAYPOST_TEST_POSTGRES";

impl World {
    pub(crate) async fn on_sqlite(geo: bool) -> World {
        World::sqlite(&[], |settings| settings.geo_dir = databases(geo)).await
    }

    /// A server that carries this dashboard.
    pub(crate) async fn that_shows(dashboard: Files) -> World {
        World::sqlite(dashboard, |_| ()).await
    }

    /// A server with settings of its own.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> World {
        World::sqlite(&[], change).await
    }

    /// [`with`](Self::with) on PostgreSQL.
    pub(crate) async fn with_on_postgres(change: impl FnOnce(&mut Settings)) -> Option<World> {
        World::postgres(change).await
    }

    /// A server that asks destinations for their titles, in these networks too.
    pub(crate) async fn that_asks(networks: &str) -> World {
        let asks = |settings: &mut Settings| {
            settings.fetch_titles = "on".to_owned();
            settings.fetch_networks = networks.to_owned();
        };
        World::sqlite(&[], asks).await
    }

    /// [`that_asks`](Self::that_asks) on PostgreSQL.
    pub(crate) async fn that_asks_on_postgres(networks: &str) -> Option<World> {
        World::postgres(|settings| settings.fetch_networks = networks.to_owned()).await
    }

    /// None where there is no server to make a database on.
    pub(crate) async fn on_postgres(geo: bool) -> Option<World> {
        World::postgres(|settings| settings.geo_dir = databases(geo)).await
    }

    async fn sqlite(dashboard: Files, change: impl FnOnce(&mut Settings)) -> World {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/waypost.db", folder.path().display());
        World::start(&url, folder, None, dashboard, change).await
    }

    async fn postgres(change: impl FnOnce(&mut Settings)) -> Option<World> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var(POSTGRES) else {
            eprintln!("{POSTGRES} is unset: nothing was run on PostgreSQL");
            return None;
        };
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("waypost_it_{}_{count}", std::process::id());
        let mut admin = PgConnection::connect(&server).await.unwrap();
        admin.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
        let (base, query) = server.split_once('?').map_or((server.as_str(), ""), |parts| parts);
        let (base, _) = base.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}?{query}");
        let folder = tempfile::tempdir().unwrap();
        Some(World::start(&url, folder, Some((server, name)), &[], change).await)
    }

    async fn start(
        url: &str,
        folder: TempDir,
        postgres: Option<(String, String)>,
        dashboard: Files,
        change: impl FnOnce(&mut Settings),
    ) -> World {
        let mut settings = settings(url, &folder);
        change(&mut settings);
        let config = settings.resolve().unwrap();
        let clock = system_clock();
        let store = start::open_store(&config, &clock).await.unwrap();
        let key = start::make_key(&store, &clock, "test", vec![Scope::Admin], None).await.unwrap();
        let key = key.reveal().to_owned();
        store.close().await;
        let running = start::start(config, dashboard).await.unwrap();
        let database = url.to_owned();
        World { address: running.address, key, database, running, postgres, _folder: folder }
    }

    /// Has another day begin, as far as visitors are told apart: with salts that nobody knew.
    pub(crate) fn turn_day(&self) {
        let visits = &self.running.app.visits;
        let mut salts = visits.salts();
        salts.iter_mut().for_each(|salt| getrandom::fill(&mut salt.value).unwrap());
        visits.set_salts(salts);
    }

    /// Another node on the same database.
    pub(crate) async fn another(&self, change: impl FnOnce(&mut Settings)) -> Node {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(&self.database, &folder);
        change(&mut settings);
        let running = start::start(settings.resolve().unwrap(), &[]).await.unwrap();
        Node { address: running.address, running, _folder: folder }
    }

    /// Stops the server and leaves nothing behind.
    pub(crate) async fn end(self) {
        self.running.shutdown().await;
        if let Some((server, name)) = self.postgres {
            let mut admin = PgConnection::connect(&server).await.unwrap();
            admin
                .execute(AssertSqlSafe(format!("drop database {name} with (force)")))
                .await
                .unwrap();
        }
    }
}

impl Node {
    pub(crate) async fn end(self) {
        self.running.shutdown().await;
    }
}

fn settings(url: &str, folder: &TempDir) -> Settings {
    Settings {
        listen: "127.0.0.1:0".to_owned(),
        database_url: url.to_owned(),
        public_url: "http://localhost:8080".to_owned(),
        geo_dir: String::new(),
        trusted_proxies: "127.0.0.1".to_owned(),
        forwarded_header: "X-Forwarded-For".to_owned(),
        data_dir: folder.path().join("data").display().to_string(),
        spool_size: "1GiB".to_owned(),
        durable: "process".to_owned(),
        statistics_memory: "64MiB".to_owned(),
        click_days: "0".to_owned(),
        bot_days: String::new(),
        conversion_days: "0".to_owned(),
        rate_limit: String::new(),
        tls_cert: String::new(),
        tls_key: String::new(),
        unknown_host: "default".to_owned(),
        fetch_titles: "off".to_owned(),
        fetch_networks: String::new(),
        oidc_issuer: String::new(),
        oidc_client_id: String::new(),
        oidc_client_secret: String::new(),
        oidc_name: String::new(),
        oidc_join: String::new(),
        log: "warn".to_owned(),
    }
}

/// The folder of geo databases, if any are wanted.
fn databases(geo: bool) -> String {
    let databases = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/geo/maxmind");
    if geo { databases.to_owned() } else { String::new() }
}
