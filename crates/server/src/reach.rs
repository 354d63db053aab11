//! Getting to the database: at the start, or later where that found it away.
//!
//! Until then a node redirects by its [snapshot](crate::snapshot) and does nothing else: it has no
//! number, so it can make no ids; it knows no keys, so the APIs answer that the database cannot be
//! reached; and a slug that it does not know may be a new link's.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use jiff::SignedDuration;
use model::{Error, Result};
use store::NODES;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    App,
    app::{Parts, random_bytes},
    jobs,
    snapshot::Identity,
    start::{prepare, with_sources},
    sync,
};

/// What this node is to its database.
pub struct Reach {
    /// What its number is leased by.
    token: String,
    number: Arc<OnceLock<u8>>,
    /// The database whose links were taken from a snapshot.
    taken: Option<Identity>,
    is_reached: watch::Sender<bool>,
}

/// How long a node's number stays its own without renewal.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// Between two tries to reach the database.
const PAUSE: Duration = Duration::from_millis(500);

impl Reach {
    /// A node that has not tried yet. Its `number` is filled when it gets one.
    pub fn new(token: String, number: Arc<OnceLock<u8>>, taken: Option<Identity>) -> Reach {
        Reach { token, number, taken, is_reached: watch::Sender::new(false) }
    }

    /// Whether the database was reached since the start, and all that redirects and calls need of it
    /// is here.
    pub fn is_reached(&self) -> bool {
        *self.is_reached.borrow()
    }

    /// Waits until the database was reached.
    pub fn reached(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut is_reached = self.is_reached.subscribe();
        async move {
            // An error would mean that the whole server is gone.
            let _ = is_reached.wait_for(|reached| *reached).await;
        }
    }

    /// Whether redirects are answered by what a snapshot says.
    pub fn has_snapshot(&self) -> bool {
        self.taken.is_some()
    }
}

impl Parts {
    /// Keeps this node's number from being given to another.
    pub async fn renew_lease(&self) -> Result<()> {
        let Some(&number) = self.reach.number.get() else { return Ok(()) };
        if self.store.renew_node(number, &self.reach.token, self.now() + LEASE).await? {
            return Ok(());
        }
        Err(Error::internal("another node took this one's number: start it again"))
    }

    /// Gives the node's number back, if it has one.
    pub async fn end_lease(&self) -> Result<()> {
        let Some(&number) = self.reach.number.get() else { return Ok(()) };
        self.store.release_node(number, &self.reach.token).await
    }
}

/// Reaches the database once: brings its tables up to date, and everything of it that is held in
/// memory. Where it fails, it can be tried again.
pub async fn reach(app: &App) -> Result<()> {
    app.store.migrate().await?;
    // First: by a clock that is fast, other nodes' leases would have ended.
    app.compare_clocks().await?;
    prepare(&app.store, &app.config, &app.clock.shared()).await?;
    let database = app.store.secret("database", || random_bytes::<16>().to_vec()).await?;
    let database =
        database.try_into().map_err(|_| Error::internal("no identity has this length"))?;
    let key = app.store.secret("cookies", || random_bytes::<32>().to_vec()).await?;
    let reach = &app.reach;
    if reach.taken.is_some_and(|of| of != database) {
        tracing::warn!("the snapshot was another database's: all links are loaded anew");
        sync::forget(app);
    }
    app.snapshots.reached(database);
    app.visits.set_key(key);
    if reach.number.get().is_none() {
        let leased = app.store.lease_node(&reach.token, app.now(), app.now() + LEASE).await?;
        let none =
            || Error::internal(format!("{NODES} nodes run already, and no more can make ids"));
        let _ = reach.number.set(leased.ok_or_else(none)?);
    }
    jobs::turn_salts(app).await?;
    sync::load(app).await?;
    reach.is_reached.send_replace(true);
    Ok(())
}

/// Tries until the database is reached.
pub async fn keep_trying(app: App, stop: CancellationToken) {
    tracing::warn!(
        "the database is not reached yet: known links are redirected by the snapshot, all else answers 503"
    );
    let mut said = String::new();
    while stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_some() {
        match reach(&app).await {
            Ok(()) => {
                tracing::info!(links = app.routes.len(), "the database is reached");
                return;
            }
            Err(error) => {
                let why = with_sources(&error);
                if why != said {
                    tracing::error!("could not reach the database, and go on trying: {why}");
                    said = why;
                }
            }
        }
    }
}
