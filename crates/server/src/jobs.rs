//! What runs beside the redirects, each at its own pace.
//!
//! [`JOBS`] is the table of all of them.

use std::{future::Future, pin::Pin, time::Duration};

use jiff::SignedDuration;
use store::Until;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    App,
    app::random_bytes,
    archive,
    config::Kept,
    ops, snapshot, sync,
    visitor::Loaded,
    visits::{Salt, day},
    webhooks,
};

/// One job: what it does, how often, and the function that does it once.
pub struct Job {
    pub name: &'static str,
    pub every: Duration,
    /// Whether it has work while the database was not reached since the start.
    pub is_alone: bool,
    run: fn(App) -> Done,
}

type Done = Pin<Box<dyn Future<Output = model::Result<()>> + Send>>;

pub const JOBS: &[Job] = &[
    Job {
        name: "bring what other nodes changed",
        every: Duration::from_millis(250),
        is_alone: false,
        run: |app| Box::pin(async move { sync::bring_changes(&app).await }),
    },
    Job {
        name: "tell those who watch clicks of new ones",
        every: Duration::from_millis(250),
        is_alone: false,
        run: |app| Box::pin(async move { app.live.feed(&app).await }),
    },
    Job {
        name: "load geo files that changed",
        every: Duration::from_secs(5),
        is_alone: true,
        run: |app| Box::pin(async move { reload_geo(app).await }),
    },
    Job {
        name: "make the salts of today and tomorrow, drop those older than 48 hours",
        every: Duration::from_secs(600),
        is_alone: false,
        run: |app| Box::pin(async move { turn_salts(&app).await }),
    },
    Job {
        name: "write down the routes, so that a start needs no database",
        every: Duration::from_secs(10),
        is_alone: false,
        run: |app| Box::pin(async move { snapshot::write_when_due(&app).await }),
    },
    Job {
        name: "delete links whose end has come",
        every: Duration::from_secs(60),
        is_alone: false,
        run: |app| Box::pin(async move { ops::purge(&app).await }),
    },
    Job {
        name: "forget links that were deleted more than 30 days ago",
        every: Duration::from_secs(3_600),
        is_alone: false,
        run: |app| Box::pin(async move { ops::empty_bin(&app).await }),
    },
    Job {
        name: "store when keys were used",
        every: Duration::from_secs(10),
        is_alone: false,
        run: |app| Box::pin(async move { store_key_use(&app).await }),
    },
    Job {
        name: "store what was asked for in vain",
        every: Duration::from_secs(10),
        is_alone: false,
        run: |app| Box::pin(async move { app.unmatched.store(&app).await }),
    },
    Job {
        name: "count the clicks of each link",
        every: Duration::from_secs(10),
        is_alone: false,
        run: |app| Box::pin(async move { app.store.count_clicks().await }),
    },
    Job {
        name: "seal old clicks into blocks",
        every: Duration::from_secs(30),
        is_alone: false,
        run: |app| Box::pin(async move { seal_clicks(&app).await }),
    },
    Job {
        name: "drop clicks and conversions that are kept no longer",
        every: Duration::from_secs(3_600),
        is_alone: false,
        run: |app| Box::pin(async move { drop_what_is_over(&app).await }),
    },
    Job {
        name: "drop answers of named calls that are older than 24 hours",
        every: Duration::from_secs(600),
        is_alone: false,
        run: |app| Box::pin(async move { ops::drop_replies(&app).await }),
    },
    Job {
        name: "send what webhooks are to hear",
        every: Duration::from_millis(250),
        is_alone: false,
        run: |app| Box::pin(async move { webhooks::send_due(&app).await }),
    },
    Job {
        name: "count what webhooks have not heard",
        every: Duration::from_secs(15),
        is_alone: false,
        run: |app| Box::pin(async move { webhooks::count(&app).await }),
    },
    Job {
        name: "forget what happened more than 30 days ago",
        every: Duration::from_secs(3_600),
        is_alone: false,
        run: |app| Box::pin(async move { webhooks::drop_old(&app).await }),
    },
    Job {
        name: "renew the node's lease",
        every: Duration::from_secs(20),
        is_alone: false,
        run: |app| Box::pin(async move { app.renew_lease().await }),
    },
    Job {
        name: "set the node's clock by the database's",
        every: Duration::from_secs(20),
        is_alone: false,
        run: |app| Box::pin(async move { app.compare_clocks().await }),
    },
];

/// Starts every job; they end with `stop`.
pub fn start(app: &App, tasks: &TaskTracker, stop: &CancellationToken) {
    let follow = follow_hints(app.clone());
    tasks.spawn(stop.clone().run_until_cancelled_owned(follow));
    for job in JOBS {
        let (app, stop) = (app.clone(), stop.clone());
        tasks.spawn(async move {
            let mut failing = false;
            while stop.run_until_cancelled(tokio::time::sleep(job.every)).await.is_some() {
                if !job.is_alone && !app.reach.is_reached() {
                    continue;
                }
                // Trouble is logged when it begins and when it ends, not each time.
                match (job.run)(app.clone()).await {
                    Err(error) if !failing => {
                        failing = true;
                        tracing::error!(%error, "job failed: {}; it is tried again", job.name);
                    }
                    Err(_) => (),
                    Ok(()) if failing => {
                        failing = false;
                        tracing::info!("job works again: {}", job.name);
                    }
                    Ok(()) => (),
                }
            }
        });
    }
}

/// Brings what another node changed as soon as it says so. What a hint does not reach is found by the
/// job that asks every quarter of a second.
async fn follow_hints(app: App) {
    // Before that there is nothing that a change could be brought to.
    app.reach.reached().await;
    let mut hints = app.store.hints();
    loop {
        hints.next().await;
        if let Err(error) = sync::bring_changes(&app).await {
            tracing::debug!(%error, "could not bring a change at once");
        }
    }
}

async fn reload_geo(app: App) -> model::Result<()> {
    let reload = move || app.facts.geo.reload_if_changed();
    if let Some(loaded) =
        tokio::task::spawn_blocking(reload).await.map_err(model::Error::internal)?
    {
        say_geo(&loaded);
    }
    Ok(())
}

/// What the geo folder holds now, and what in it cannot be used.
pub fn say_geo(loaded: &Loaded) {
    for source in loaded.sources() {
        tracing::info!("geo source: {source}");
    }
    for problem in loaded.problems() {
        tracing::error!("geo source: {problem}");
    }
}

/// A salt is made a day ahead, so that midnight waits for nothing, and destroyed after 48 hours,
/// so that nobody can tell afterwards who clicked.
pub async fn turn_salts(app: &App) -> model::Result<()> {
    let today = day(app.now());
    let mut salts = Vec::new();
    for day in [today, today + 1] {
        let value = app.store.salt(day, app.now(), || random_bytes::<16>().to_vec()).await?;
        if let Ok(value) = value.try_into() {
            salts.push(Salt { day, value });
        }
    }
    app.visits.set_salts(salts);
    snapshot::write_secrets(app).await?;
    app.store.drop_salts_before(today - 1).await
}

async fn seal_clicks(app: &App) -> model::Result<()> {
    let sealed = archive::seal(&app.store, statistics::Builder::FULL).await?;
    if 0 < sealed {
        tracing::debug!(blocks = sealed, "old clicks were sealed");
    }
    Ok(())
}

async fn drop_what_is_over(app: &App) -> model::Result<()> {
    let Kept { people, bots, conversions } = app.config.keep;
    let until = |kept: Option<SignedDuration>| kept.map(|kept| (app.now() - kept).as_millisecond());
    let clicks = Until { people: until(people), others: until(bots) };
    if clicks != Until::default() {
        let dropped = archive::drop_old(&app.store, clicks).await?;
        if 0 < dropped {
            tracing::info!(clicks = dropped, "dropped clicks whose time was over");
        }
    }
    if let Some(until) = until(conversions) {
        let dropped = app.store.drop_conversions_before(until).await?;
        if 0 < dropped {
            tracing::info!(conversions = dropped, "dropped conversions whose time was over");
        }
    }
    Ok(())
}

async fn store_key_use(app: &App) -> model::Result<()> {
    let used: Vec<_> = std::mem::take(&mut *app.keys_used()).into_iter().collect();
    if used.is_empty() { Ok(()) } else { app.store.touch_keys(&used).await }
}
