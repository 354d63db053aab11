//! Hints that something was changed, between the processes that share a database.
//!
//! PostgreSQL's NOTIFY, and nothing in SQLite, whose file one server has to itself.
//!
//! **Invariant:** a hint is only a hint. It is sent after its transaction, one for many, and where it
//! cannot be sent that is nobody's trouble; who listens may have lost the connection without knowing.
//! Whatever must be seen is found by asking for the version counter now and then.

use std::time::Duration;

use sqlx::{PgPool, postgres::PgListener};
use tokio::{sync::mpsc, time::Instant};
use tracing::debug;

use super::Db;
use crate::failure::Result;

/// Where it is said that something was changed.
#[derive(Clone, Debug)]
pub(crate) struct Hinter(mpsc::Sender<()>);

/// Where hints arrive, this process's own among them.
pub struct Hints {
    postgres: Option<PgPool>,
    listener: Option<PgListener>,
    /// When the next hint may be heard: those in between are that one.
    next: Instant,
}

const CHANNEL: &str = "waypost_changes";
const NOTIFY: &str = "notify waypost_changes";
/// Between two hints that are sent, and between two that are heard.
const PAUSE: Duration = Duration::from_millis(10);
/// Before listening anew.
const AGAIN: Duration = Duration::from_secs(1);

impl Db {
    /// Starts the task that sends hints; it ends when the last hinter is dropped.
    pub(crate) fn hinter(&self) -> Hinter {
        let (say, mut said) = mpsc::channel(1);
        if let Db::Postgres { pool, .. } = self {
            let pool = pool.clone();
            tokio::spawn(async move {
                while said.recv().await.is_some() {
                    if let Err(error) = sqlx::query(NOTIFY).execute(&pool).await {
                        debug!(%error, "could not tell other nodes of a change; they will find it");
                    }
                    tokio::time::sleep(PAUSE).await;
                }
            });
        }
        Hinter(say)
    }

    pub(crate) fn hints(&self) -> Hints {
        let postgres = match self {
            Db::Sqlite { .. } => None,
            Db::Postgres { listening, .. } => Some(listening.clone()),
        };
        Hints { postgres, listener: None, next: Instant::now() }
    }
}

impl Hinter {
    /// Says that something was changed. Who says so while a hint is waiting to be sent means the same.
    pub(crate) fn hint(&self) {
        let _ = self.0.try_send(());
    }
}

impl Hints {
    /// Waits for the next hint. Waits for ever where there is nobody who could give one.
    pub async fn next(&mut self) {
        let Some(pool) = self.postgres.clone() else { return std::future::pending().await };
        tokio::time::sleep_until(self.next).await;
        loop {
            match self.heard(&pool).await {
                Ok(()) => {
                    self.next = Instant::now() + PAUSE;
                    return;
                }
                Err(error) => {
                    debug!(?error, "cannot hear of other nodes' changes; they are asked for");
                    self.listener = None;
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }

    async fn heard(&mut self, pool: &PgPool) -> Result<()> {
        let listener = match &mut self.listener {
            Some(listener) => listener,
            none => {
                let mut listener = PgListener::connect_with(pool).await?;
                listener.listen(CHANNEL).await?;
                none.insert(listener)
            }
        };
        listener.recv().await?;
        // Many at once say no more than one.
        while listener.next_buffered().is_some() {}
        Ok(())
    }
}

impl std::fmt::Debug for Hints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hints")
    }
}
