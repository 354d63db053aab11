//! Everything but the doors, opened and put together.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, AtomicI64},
    },
    time::Duration,
};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{installation::connect, not_reached};
use crate::{
    App,
    app::{Clock, Ids, Parts, random_bytes},
    archive::Archive,
    clicks::{Clicks, Database},
    config::Config,
    dashboard::Files,
    entrance, jobs,
    keys::Keys,
    live::Live,
    metrics::Metrics,
    node_clock::NodeClock,
    ops::Findings,
    outward::{Guard, Outward},
    password::Passwords,
    rate::Calls,
    reach::{self, Reach},
    redirect::{Routes, Table},
    snapshot::{Snapshot, Snapshots},
    spool::{Spool, drain, keep_synced},
    unmatched::Unmatched,
    visitor::Facts,
    visits::Visits,
    webhooks::{self, Webhooks},
};

/// How often the spool is synced to the disk: what a power failure can take.
const SYNC_EVERY: Duration = Duration::from_millis(50);

/// Opens the database, which need not be up, the snapshot and the spool. What runs beside ends with
/// `tasks`, at `stop`.
pub(super) async fn open(
    config: Config,
    dashboard: Files,
    facts: Arc<Facts>,
    snapshots: Snapshots,
    clock: Clock,
    (tasks, stop): (&TaskTracker, &CancellationToken),
) -> Result<App, String> {
    let snapshots = Arc::new(snapshots);
    let reading = tokio::task::spawn_blocking({
        let snapshots = snapshots.clone();
        move || snapshots.read()
    });
    let store = connect(&config).await?;
    // One for each loop of the door, and one for whatever comes past it.
    let loops = entrance::loops();
    let lanes = loops + 1;
    let folder = config.data_dir.join("spool");
    let random_id = || u128::from_le_bytes(random_bytes());
    let spool = Spool::open(&folder, lanes, config.spool_bytes, random_id)
        .map_err(|e| format!("WAYPOST_DATA_DIR: cannot use {}: {e}", folder.display()))?
        .durable(config.durable);
    // A server that was killed takes its own number again, however often that happens.
    let token = spool.holder().unwrap_or_else(|| format!("{:032x}", random_id()));
    let spool = Arc::new(spool);
    let (drain, work) = drain::new(spool.clone(), Database(store.clone()), drain::Pace::default());
    // Ends with the process: a clean stop syncs by itself.
    tokio::spawn(keep_synced(spool.clone(), SYNC_EVERY));
    let number = Arc::new(OnceLock::new());
    let clock = NodeClock::new(clock);
    let ids = Ids::new(number.clone(), clock.shared());
    let taken = reading.await.map_err(|e| e.to_string())?;
    let reach = Reach::new(token, number, taken.as_ref().map(|taken| taken.database));
    let (reached, stop) = (reach.reached(), stop.clone());
    tasks.spawn(async move {
        // Before that there may be no tables. What comes meanwhile waits in the spool.
        if stop.run_until_cancelled(reached).await.is_some() {
            work.await;
        }
    });
    let change = taken.as_ref().map_or(0, |taken| taken.change);
    let (routes, visits) = restore(&config, taken);
    snapshots.lie_there(routes.edits());
    let app = App::new(Parts {
        routes,
        keys: Keys::default(),
        calls: config.rate_limit.map(Calls::new),
        clicks: Clicks::new(spool, drain, loops..lanes),
        archive: Archive::default(),
        live: Live::default(),
        visits,
        passwords: Passwords::default(),
        findings: Findings::default(),
        outward: Outward::new(Guard::opening(config.fetch_networks.clone())),
        webhooks: Webhooks::default(),
        metrics: Metrics::new(),
        unmatched: Unmatched::default(),
        damaged: AtomicBool::new(false),
        next_id: Box::new(move || ids.next()),
        reach,
        snapshots,
        seen: AtomicI64::new(change),
        keys_used: Mutex::new(HashMap::new()),
        config,
        dashboard,
        store,
        facts,
        clock,
    });
    webhooks::listen(&app);
    Ok(app)
}

/// What a snapshot says; without one, no routes and a key that signs nothing anybody has.
fn restore(config: &Config, taken: Option<Snapshot>) -> (Routes, Visits) {
    let routes = |table| Routes::new(config.host.clone(), config.serve_unknown_hosts, table);
    let Some(taken) = taken else {
        return (routes(Table::new(random_bytes())), Visits::new(random_bytes::<32>().to_vec()));
    };
    let (routes, visits) = (routes(taken.table), Visits::new(taken.key));
    routes.put_domains(&taken.domains);
    taken.pixels.iter().for_each(|pixel| routes.put_pixel(pixel));
    visits.set_salts(taken.salts);
    tracing::info!(links = routes.len(), "redirecting by the snapshot of {}", taken.written_at);
    (routes, visits)
}

/// Opens everything but the doors: for commands that look at links while a server may run.
pub async fn look(config: Config, clock: Clock) -> Result<App, String> {
    let folder = std::env::temp_dir().join(format!("waypost-look-{}", std::process::id()));
    // No click comes here, so nothing is set aside for any.
    let config = Config { data_dir: folder, spool_bytes: 0, ..config };
    let facts = Arc::new(Facts::new(config.proxies.clone(), config.geo_dir.clone()));
    let beside = (&TaskTracker::new(), &CancellationToken::new());
    let nowhere = Snapshots::nowhere();
    let app = open(config, &[], facts.clone(), nowhere, clock, beside).await?;
    reach::reach(&app).await.map_err(|error| not_reached(&error))?;
    tokio::task::spawn_blocking(move || warm(&facts)).await.map_err(|e| e.to_string())?;
    Ok(app)
}

/// Reads geo files and makes the tables of agents, so that no visitor waits for them.
pub(super) fn warm(facts: &Facts) {
    std::thread::scope(|scope| {
        scope.spawn(|| facts.warm());
        if let Some(loaded) = facts.geo.reload_if_changed() {
            jobs::say_geo(&loaded);
        }
    });
}
