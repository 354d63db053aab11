//! Starting and stopping the server.

mod installation;
mod parts;

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use model::Error;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    App, api,
    app::Clock,
    config::Config,
    dashboard::{self, Files},
    entrance::Entrance,
    health, jobs, listen, oidc, reach,
    snapshot::{self, Snapshots},
    visitor::Facts,
};

pub(crate) use installation::prepare;
pub use installation::{invite_first, make_invitation, make_key, open_store};
pub use parts::look;

/// A server that answers.
pub struct Running {
    pub address: SocketAddr,
    pub app: App,
    stop: CancellationToken,
    tasks: TaskTracker,
    listening: tokio::task::JoinHandle<()>,
}

/// When the database is looked through after a process that did not end in order: once the links are
/// loaded and the spool is drained, as a rule.
const CHECK_AFTER: Duration = Duration::from_secs(2);
/// How long a start waits for the database where it has a snapshot to redirect by.
const PATIENCE: Duration = Duration::from_millis(200);
/// How long stopping waits for the last clicks to be stored; the spool keeps what is not.
const LAST_CLICKS: Duration = Duration::from_secs(10);

/// Starts the server. With its answer, redirects work: by all that the database holds, or where that
/// cannot be reached in time, by this node's snapshot.
pub async fn start(config: Config, dashboard: Files) -> Result<Running, String> {
    let clock = system_clock();
    let limits = listen::Limits::default();
    let entrance = Entrance::bind(&config).await?;
    let address = entrance.address().map_err(|e| e.to_string())?;
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let facts = Arc::new(Facts::new(config.proxies.clone(), config.geo_dir.clone()));
    let warm = tokio::task::spawn_blocking({
        let facts = facts.clone();
        move || parts::warm(&facts)
    });
    let snapshots = Snapshots::new(&config.data_dir, &config.database_url);
    let opening = {
        let (tasks, stop) = (tasks.clone(), stop.clone());
        async move {
            let beside = (&tasks, &stop);
            let app = parts::open(config, dashboard, facts, snapshots, clock, beside).await?;
            if app.reach.has_snapshot() {
                reach_in_time(&app, &tasks, &stop).await?;
            } else {
                reach::reach(&app).await.map_err(|error| not_reached(&error))?;
            }
            Ok::<_, String>(app)
        }
    };
    // A task, whose thread stands back: SQLite's threads are its children, and do so too.
    let app = tokio::spawn(opening).await.map_err(|e| e.to_string())??;
    warm.await.map_err(|e| e.to_string())?;
    jobs::start(&app, &tasks, &stop);
    if app.clicks.spool().was_cut_short() {
        // Ends with the process: whoever stops the server does not wait for it.
        tokio::spawn(check_database(app.clone()));
    }
    let router = api::router(app.clone())
        .merge(health::router(app.clone()))
        .merge(dashboard::router(app.clone()))
        .merge(api::once_reached(oidc::router(app.clone()), app.clone()));
    let listening = entrance.open(&app, router, limits, stop.clone()).map_err(|e| e.to_string())?;
    Ok(Running { address, app, stop, tasks, listening })
}

impl Running {
    /// Stops accepting, finishes what is under way, stores the last clicks, and ends.
    pub async fn shutdown(self) {
        self.stop.cancel();
        let _ = self.listening.await;
        self.app.clicks.stop(LAST_CLICKS).await;
        if let Err(error) = self.app.clicks.spool().end() {
            tracing::warn!(%error, "the next start will look the database through");
        }
        if let Err(error) = snapshot::write(&self.app).await {
            tracing::warn!(%error, "could not write the snapshot: the next start takes longer");
        }
        if let Err(error) = self.app.end_lease().await {
            tracing::warn!(%error, "could not give the node's number back; it is free again in two minutes");
        }
        self.tasks.close();
        let _ = tokio::time::timeout(LAST_CLICKS, self.tasks.wait()).await;
    }
}

/// Looks the database through, beside everything else, and says what it finds.
async fn check_database(app: App) {
    app.reach.reached().await;
    tokio::time::sleep(CHECK_AFTER).await;
    let begun = Instant::now();
    match app.store.check().await {
        Ok(wrong) if wrong.is_empty() => {
            let seconds = begun.elapsed().as_secs_f32();
            tracing::info!(
                "the last process did not end in order: the database is whole ({seconds:.1} s)"
            );
        }
        Ok(wrong) => {
            app.damaged.store(true, Relaxed);
            let (places, first) = (wrong.len(), wrong.first());
            tracing::error!(
                places,
                first,
                "the database is damaged in {places} places: stop the server and restore a backup"
            );
        }
        Err(error) => tracing::warn!(%error, "could not look the database through"),
    }
}

/// Reaches the database, or leaves that to a task where it does not answer. One that answers is waited
/// for, since it may be another than the snapshot's, or have changed since; what else is wrong with it
/// is for the operator, as without a snapshot.
async fn reach_in_time(
    app: &App,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> Result<(), String> {
    let answers = match tokio::time::timeout(PATIENCE, app.store.ping()).await {
        Ok(Err(Error::Unavailable(_))) | Err(_) => false,
        // A database without our tables is one, too.
        Ok(_) => true,
    };
    if answers {
        match reach::reach(app).await {
            Err(Error::Unavailable(_)) => (),
            done => return done.map_err(|error| not_reached(&error)),
        }
    }
    tasks.spawn(reach::keep_trying(app.clone(), stop.clone()));
    Ok(())
}

fn not_reached(error: &Error) -> String {
    format!("could not open the database: {}", with_sources(error))
}

/// The clock of the machine, in whole milliseconds: what is stored is what was meant.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        #[expect(clippy::disallowed_methods, reason = "the one place where the time comes from")]
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    })
}

/// An error with all of its causes, in one line.
pub fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
