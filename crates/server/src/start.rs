//! Starting and stopping the server.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use model::{
    ApiKey, Domain, DomainId, Error, InvitationToken, Key, KeyId, Role, Scope, Stamp, Workspace,
    WorkspaceId,
};
use store::{NODES, Store};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    App, api,
    app::{Clock, Ids, LEASE, Parts, random_below_62, random_bytes},
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
    redirect::Routes,
    spool::{Spool, drain, keep_synced},
    sync,
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
    let store = Store::open(&config.database_url)
        .await
        .map_err(|e| format!("WAYPOST_DATABASE_URL: {e}"))?;
    let say = |error: Error| format!("could not prepare the database: {}", with_sources(&error));
    store.migrate().await.map_err(say)?;
    prepare(&store, config, clock).await.map_err(say)?;
    Ok(store)
}

async fn prepare(store: &Store, config: &Config, clock: &Clock) -> model::Result<()> {
    let now = clock();
    // Two nodes may start at once; the first to insert wins, and the other finds it there.
    let ids = Ids::new(0, clock.clone());
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
    let ids = Ids::new(random_bytes::<1>()[0] % 32, clock.clone());
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
    let ids = Ids::new(random_bytes::<1>()[0] % 32, clock.clone());
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

/// Starts the server. With its answer, redirects work.
pub async fn start(config: Config, dashboard: Files) -> Result<Running, String> {
    let clock = system_clock();
    let limits = listen::Limits::default();
    let entrance = Entrance::bind(&config).await?;
    let address = entrance.address().map_err(|e| e.to_string())?;
    let store = open_store(&config, &clock).await?;
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let app = open_app(config, dashboard, store, clock, &tasks).await?;
    sync::load(&app)
        .await
        .map_err(|e| format!("could not load the links: {}", with_sources(&e)))?;
    jobs::start(&app, &tasks, &stop);
    if app.clicks.spool().was_cut_short() {
        // Ends with the process: whoever stops the server does not wait for it.
        tokio::spawn(check_database(app.clone()));
    }
    let router = api::router(app.clone())
        .merge(health::router(app.clone()))
        .merge(dashboard::router(app.clone()))
        .merge(oidc::router(app.clone()));
    let listening = entrance.open(&app, router, limits, stop.clone()).map_err(|e| e.to_string())?;
    Ok(Running { address, app, stop, tasks, listening })
}

/// Looks the database through, beside everything else, and says what it finds.
async fn check_database(app: App) {
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

async fn open_app(
    config: Config,
    dashboard: Files,
    store: Store,
    clock: Clock,
    tasks: &TaskTracker,
) -> Result<App, String> {
    let say = |error: Error| format!("could not open the database: {}", with_sources(&error));
    let signing = store.secret("cookies", || random_bytes::<32>().to_vec()).await.map_err(say)?;
    let geo_dir = config.geo_dir.clone();
    let proxies = config.proxies.clone();
    let facts = tokio::task::spawn_blocking(move || {
        let facts = Facts::new(proxies, geo_dir);
        if let Some(loaded) = facts.geo.reload_if_changed() {
            jobs::say_geo(&loaded);
        }
        // So that no visitor waits for the tables.
        facts.warm();
        facts
    });
    let facts = facts.await.map_err(|e| e.to_string())?;
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
    let node = store.lease_node(&token, clock(), clock() + LEASE).await.map_err(say)?;
    let node =
        node.ok_or_else(|| format!("{NODES} nodes run already, and no more can make ids"))?;
    let spool = Arc::new(spool);
    let (drain, work) = drain::new(spool.clone(), Database(store.clone()), drain::Pace::default());
    tasks.spawn(work);
    // Ends with the process: a clean stop syncs by itself.
    tokio::spawn(keep_synced(spool.clone(), SYNC_EVERY));
    let ids = Ids::new(node, clock.clone());
    let app = App::new(Parts {
        routes: Routes::new(config.host.clone(), config.serve_unknown_hosts),
        keys: Keys::default(),
        calls: config.rate_limit.map(Calls::new),
        clicks: Clicks::new(spool, drain, loops..lanes),
        archive: Archive::default(),
        live: Live::default(),
        visits: Visits::new(signing),
        passwords: Passwords::default(),
        outward: Outward::new(Guard::opening(config.fetch_networks.clone())),
        webhooks: Webhooks::default(),
        metrics: Metrics::new(),
        unmatched: Unmatched::default(),
        clock_offset: AtomicI64::new(0),
        damaged: AtomicBool::new(false),
        next_id: Box::new(move || ids.next()),
        node,
        node_token: token,
        seen: AtomicI64::new(0),
        keys_used: Mutex::new(HashMap::new()),
        config,
        dashboard,
        store,
        facts,
        clock,
    });
    webhooks::listen(&app);
    jobs::turn_salts(&app).await.map_err(say)?;
    Ok(app)
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
        if let Err(error) = self.app.store.release_node(self.app.node, &self.app.node_token).await {
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
    let store = open_store(&config, &clock).await?;
    let folder = std::env::temp_dir().join(format!("waypost-look-{}", std::process::id()));
    // No click comes here, so nothing is set aside for any.
    let config = Config { data_dir: folder, spool_bytes: 0, ..config };
    let app = open_app(config, &[], store, clock, &TaskTracker::new()).await?;
    sync::load(&app)
        .await
        .map_err(|e| format!("could not load the links: {}", with_sources(&e)))?;
    Ok(app)
}
