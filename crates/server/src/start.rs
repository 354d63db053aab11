//! Starting and stopping the server.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use model::{
    ApiKey, Domain, DomainId, Error, InvitationToken, Key, KeyId, Role, Scope, Stamp, Workspace,
    WorkspaceId,
};
use store::Store;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    App, api,
    app::{Clock, Ids, Parts, random_below_62, random_bytes},
    archive::Archive,
    clicks::{Clicks, Database},
    config::Config,
    dashboard::{self, Files},
    entrance::{self, Entrance},
    health, jobs,
    keys::Keys,
    listen,
    live::Live,
    metrics::Metrics,
    oidc, ops,
    outward::{Guard, Outward},
    password::Passwords,
    rate::Calls,
    reach::{self, Reach},
    redirect::{Routes, Table},
    snapshot::{self, Snapshot, Snapshots},
    spool::{Spool, drain, keep_synced},
    unmatched::Unmatched,
    visitor::Facts,
    visits::Visits,
    webhooks::{self, Webhooks},
};

/// A server that answers.
pub struct Running {
    pub address: SocketAddr,
    pub app: App,
    stop: CancellationToken,
    tasks: TaskTracker,
    listening: tokio::task::JoinHandle<()>,
}

/// How often the spool is synced to the disk: what a power failure can take.
const SYNC_EVERY: Duration = Duration::from_millis(50);
/// The note of the invitation that the first start prints.
const FIRST: &str = "the first member";
/// When the database is looked through after a process that did not end in order: once the links are
/// loaded and the spool is drained, as a rule.
const CHECK_AFTER: Duration = Duration::from_secs(2);
/// How long a start waits for the database where it has a snapshot to redirect by.
const PATIENCE: Duration = Duration::from_millis(200);
/// How long stopping waits for the last clicks to be stored; the spool keeps what is not.
const LAST_CLICKS: Duration = Duration::from_secs(10);

/// The clock of the machine, in whole milliseconds: what is stored is what was meant.
pub fn system_clock() -> Clock {
    Arc::new(|| {
        #[expect(clippy::disallowed_methods, reason = "the one place where the time comes from")]
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    })
}

/// Opens and migrates the database, and makes what every installation has: a workspace and the
/// default domain.
pub async fn open_store(config: &Config, clock: &Clock) -> Result<Store, String> {
    let store = connect(config).await?;
    let say = |error: Error| format!("could not prepare the database: {}", with_sources(&error));
    store.migrate().await.map_err(say)?;
    prepare(&store, config, clock).await.map_err(say)?;
    Ok(store)
}

/// The database as it is; PostgreSQL need not be up.
async fn connect(config: &Config) -> Result<Store, String> {
    Store::open(&config.database_url).await.map_err(|e| format!("WAYPOST_DATABASE_URL: {e}"))
}

/// Makes what every installation has, where it is not there.
pub(crate) async fn prepare(store: &Store, config: &Config, clock: &Clock) -> model::Result<()> {
    let now = clock();
    // Two nodes may start at once; the first to insert wins, and the other finds it there.
    let ids = Ids::of_node(0, clock.clone());
    let next_id = || ids.next();
    let stamp = Stamp { now, next_id: &next_id };
    let workspace = match store.first_workspace().await? {
        Some(workspace) => workspace,
        None => {
            let id = WorkspaceId::next(&stamp);
            let workspace = Workspace { id, name: "Main".to_owned(), created_at: now };
            store.insert_workspace(&workspace).await?;
            store.first_workspace().await?.unwrap_or(workspace)
        }
    };
    let domains = store.all_domains().await?;
    if domains.iter().any(|domain| domain.host == config.host) {
        return Ok(());
    }
    let domain = Domain::new(DomainId::next(&stamp), workspace.id, config.host.clone(), now);
    match store.insert_domain(&domain).await {
        Err(Error::Taken(_)) => Ok(()),
        done => done,
    }
}

/// Makes an invitation to the first workspace; for the command line.
pub async fn make_invitation(
    store: &Store,
    clock: &Clock,
    note: &str,
    role: Role,
) -> model::Result<InvitationToken> {
    let workspace =
        store.first_workspace().await?.ok_or(Error::NotFound(model::What::Workspace))?;
    let ids = Ids::of_node(random_bytes::<1>()[0] % 32, clock.clone());
    let next_id = || ids.next();
    let stamp = Stamp { now: clock(), next_id: &next_id };
    let (invitation, token) = ops::new_invitation(workspace.id, role, note, &stamp)?;
    store.insert_invitation(&invitation).await?;
    Ok(token)
}

/// Invites the first owner where nobody is a member yet, and takes back what an earlier start sent: who
/// lost that link starts the server again.
pub async fn invite_first(store: &Store, clock: &Clock) -> model::Result<Option<InvitationToken>> {
    let Some(workspace) = store.first_workspace().await? else { return Ok(None) };
    if store.has_members().await? {
        return Ok(None);
    }
    let earlier = store.invitations(workspace.id).await?;
    for invitation in earlier.iter().filter(|it| it.note == FIRST && it.member.is_none()) {
        match store.delete_invitation(workspace.id, invitation.id).await {
            // Another node that starts was faster.
            Ok(()) | Err(Error::NotFound(_)) => (),
            Err(error) => return Err(error),
        }
    }
    make_invitation(store, clock, FIRST, Role::Owner).await.map(Some)
}

/// Makes a key of the first workspace with every right; for the command line and the first start.
pub async fn make_key(
    store: &Store,
    clock: &Clock,
    name: &str,
    scopes: Vec<Scope>,
    expires_at: Option<Timestamp>,
) -> model::Result<ApiKey> {
    let workspace =
        store.first_workspace().await?.ok_or(Error::NotFound(model::What::Workspace))?;
    // No lease is needed for an id that carries 190 random bits beside it, but it must not clash.
    let ids = Ids::of_node(random_bytes::<1>()[0] % 32, clock.clone());
    for _ in 0..10 {
        let next_id = || ids.next();
        let id = KeyId::next(&Stamp { now: clock(), next_id: &next_id });
        let secret = ApiKey::new(id, random_below_62());
        let key: Key =
            ops::new_key(&secret, workspace.id, name, scopes.clone(), expires_at, clock())?;
        match store.insert_key(&key).await {
            Err(Error::Taken(_)) => (),
            done => return done.map(|()| secret),
        }
    }
    Err(Error::Taken(model::What::Key))
}

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
        move || warm(&facts)
    });
    let snapshots = Snapshots::new(&config.data_dir, &config.database_url);
    let app = open_app(config, dashboard, facts, snapshots, clock, (&tasks, &stop)).await?;
    if app.reach.has_snapshot() {
        reach_in_time(&app, &tasks, &stop).await?;
    } else {
        reach::reach(&app).await.map_err(|error| not_reached(&error))?;
    }
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

/// Reads geo files and makes the tables of agents, so that no visitor waits for them.
fn warm(facts: &Facts) {
    std::thread::scope(|scope| {
        scope.spawn(|| facts.warm());
        if let Some(loaded) = facts.geo.reload_if_changed() {
            jobs::say_geo(&loaded);
        }
    });
}

fn not_reached(error: &Error) -> String {
    format!("could not open the database: {}", with_sources(error))
}

async fn open_app(
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
    let ids = Ids::new(number.clone(), clock.clone());
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
        outward: Outward::new(Guard::opening(config.fetch_networks.clone())),
        webhooks: Webhooks::default(),
        metrics: Metrics::new(),
        unmatched: Unmatched::default(),
        clock_offset: AtomicI64::new(0),
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

/// Opens everything but the doors: for commands that look at links while a server may run.
pub async fn look(config: Config, clock: Clock) -> Result<App, String> {
    let folder = std::env::temp_dir().join(format!("waypost-look-{}", std::process::id()));
    // No click comes here, so nothing is set aside for any.
    let config = Config { data_dir: folder, spool_bytes: 0, ..config };
    let facts = Arc::new(Facts::new(config.proxies.clone(), config.geo_dir.clone()));
    let beside = (&TaskTracker::new(), &CancellationToken::new());
    let nowhere = Snapshots::nowhere();
    let app = open_app(config, &[], facts.clone(), nowhere, clock, beside).await?;
    reach::reach(&app).await.map_err(|error| not_reached(&error))?;
    tokio::task::spawn_blocking(move || warm(&facts)).await.map_err(|e| e.to_string())?;
    Ok(app)
}
