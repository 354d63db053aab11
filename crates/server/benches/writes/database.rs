//! The database behind the server: made, looked into, and dropped.

use std::{collections::HashSet, path::Path};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection, query_scalar};

use crate::client::Made;

pub(crate) struct Database {
    pub(crate) url: String,
    /// The URL of the PostgreSQL server that it is on.
    postgres: Option<String>,
}

/// The database on a PostgreSQL server; there is one at a time.
const NAME: &str = "waypost_bench";
/// Links that lack nothing: each has as many of everything as the answers said.
const WHOLE: &str = "
    select l.id from links l
    where exists (select 1 from addresses a where a.link_id = l.id and a.position = 0)
      and exists (select 1 from revisions r where r.link_id = l.id and r.number = l.revision)
      and exists (select 1 from link_clicks k where k.link_id = l.id and k.class = 0)";

impl Database {
    /// An empty one: a file in the folder, or on a PostgreSQL server.
    pub(crate) async fn make(folder: &Path, postgres: Option<&str>) -> Database {
        let Some(server) = postgres else {
            let url = format!("sqlite://{}/waypost.db", folder.display());
            return Database { url, postgres: None };
        };
        let mut admin = PgConnection::connect(server).await.unwrap();
        let waits: String = query_scalar("show fsync").fetch_one(&mut admin).await.unwrap();
        if waits != "on" {
            eprintln!("this PostgreSQL has fsync off: what it answers is not on the disk");
        }
        admin.execute(AssertSqlSafe(format!("create database {NAME}"))).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        Database { url: format!("{base}/{NAME}"), postgres: Some(server.to_owned()) }
    }

    /// PostgreSQL's processes, who run on this machine.
    pub(crate) async fn processes(&self) -> Vec<u32> {
        let Some(server) = &self.postgres else { return Vec::new() };
        let mut admin = PgConnection::connect(server).await.unwrap();
        let sql = "select pid from pg_stat_activity where pid <> pg_backend_pid()";
        let ids: Vec<i32> = query_scalar(sql).fetch_all(&mut admin).await.unwrap();
        ids.into_iter().map(|id| u32::try_from(id).unwrap()).collect()
    }

    /// Every link that was answered is here with all its parts.
    pub(crate) async fn assert_has(&self, made: &Made) {
        let ids: Vec<i64> = if self.postgres.is_some() {
            let mut conn = PgConnection::connect(&self.url).await.unwrap();
            query_scalar(WHOLE).fetch_all(&mut conn).await.unwrap()
        } else {
            let mut conn = SqliteConnection::connect(&self.url).await.unwrap();
            query_scalar(WHOLE).fetch_all(&mut conn).await.unwrap()
        };
        let stored: HashSet<i64> = ids.into_iter().collect();
        let lost = made.ids.iter().filter(|id| !stored.contains(&id.number())).count();
        assert_eq!(lost, 0, "of {} links that were answered", made.ids.len());
    }

    pub(crate) async fn drop(self) {
        if let Some(server) = self.postgres {
            let mut admin = PgConnection::connect(&server).await.unwrap();
            admin
                .execute(AssertSqlSafe(format!("drop database {NAME} with (force)")))
                .await
                .unwrap();
        }
    }
}
