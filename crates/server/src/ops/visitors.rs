//! What is kept of one visitor, to be shown to them, and to be forgotten when they ask for it.

use std::net::IpAddr;

use bytes::Bytes;
use model::{Caller, Click, ClickId, Conversion, Error, Head, Result, Scope};

use super::clicks::{PATIENCE, click};
use crate::{
    App,
    visitor::digest_of,
    visits::{DAY, day},
};

/// Which visitor.
///
/// Nobody can be found by an address once its day's salt is destroyed, 48 hours after the day
/// began; by one of their clicks, all others of its day are found.
#[derive(Clone, Debug)]
pub enum Visitor {
    /// Who came from this address with this `User-Agent`, today or yesterday (UTC).
    Here { address: IpAddr, agent: String },
    /// Who made this click.
    Click(ClickId),
}

/// Everything that is kept of a visitor.
#[derive(Debug)]
pub struct Traces {
    /// Their clicks, as they were recorded, newest first.
    pub clicks: Vec<(ClickId, Bytes)>,
    /// What became of these clicks.
    pub conversions: Vec<Conversion>,
}

/// What was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forgotten {
    pub clicks: i64,
    pub conversions: i64,
}

/// Deleting is tried again while clicks are being sealed into blocks at the same moment.
const TRIES: usize = 5;

/// Finds everything that is kept of a visitor, all that was answered before the call included.
pub async fn visitor(app: &App, caller: &Caller, visitor: &Visitor) -> Result<Traces> {
    caller.may(Scope::Admin)?;
    let clicks = find(app, caller, visitor).await?;
    let ids: Vec<ClickId> = clicks.iter().map(|(id, _)| *id).collect();
    let conversions = app.store.conversions_of(&ids).await?;
    Ok(Traces { clicks, conversions })
}

/// Deletes everything that is kept of a visitor, but for what their clicks were added up to.
pub async fn forget_visitor(app: &App, caller: &Caller, visitor: &Visitor) -> Result<Forgotten> {
    caller.may(Scope::Admin)?;
    let mut forgotten = Forgotten { clicks: 0, conversions: 0 };
    // By a click that goes first nobody would be found again.
    let hashes = hashes(app, caller, visitor).await?;
    let mut tries = 0;
    loop {
        let found = stored(app, caller, &hashes).await?;
        if found.is_empty() {
            break;
        }
        tries += 1;
        if TRIES < tries {
            return Err(Error::Unavailable("clicks are being moved all the time".into()));
        }
        let ids: Vec<ClickId> = found.iter().map(|(id, _)| *id).collect();
        forgotten.conversions += app.store.drop_conversions_of(&ids).await?;
        forgotten.clicks += app.archive.drop_clicks(&app.store, &ids).await?;
    }
    // The spool has them as well until its files are removed, which those are that are sealed.
    let spool = app.clone();
    let seal = move || spool.clicks.spool().seal();
    tokio::task::spawn_blocking(seal).await.map_err(Error::internal)?;
    app.clicks.flush(PATIENCE).await;
    Ok(forgotten)
}

/// A visitor's hash on each day (in milliseconds since 1970) on which it was theirs.
type Hashes = Vec<(i64, u64)>;

async fn find(app: &App, caller: &Caller, visitor: &Visitor) -> Result<Vec<(ClickId, Bytes)>> {
    let hashes = hashes(app, caller, visitor).await?;
    stored(app, caller, &hashes).await
}

async fn hashes(app: &App, caller: &Caller, visitor: &Visitor) -> Result<Hashes> {
    app.clicks.flush(PATIENCE).await;
    match visitor {
        Visitor::Here { address, agent } => {
            let now = app.now();
            let days = [now, now - jiff::SignedDuration::from_hours(24)];
            let agent = digest_of(agent);
            let hash = |at| Some((day(at) * DAY, app.visits.hash(at, *address, agent)?));
            Ok(days.into_iter().filter_map(hash).collect())
        }
        Visitor::Click(id) => {
            let record = click(app, caller, *id).await?;
            let click = Click::decode(&record).map_err(Error::internal)?;
            let start = click.at.div_euclid(DAY) * DAY;
            Ok(click.visitor.map(|hash| (start, hash)).into_iter().collect())
        }
    }
}

async fn stored(app: &App, caller: &Caller, hashes: &Hashes) -> Result<Vec<(ClickId, Bytes)>> {
    let (Some(from), Some(to)) =
        (hashes.iter().map(|day| day.0).min(), hashes.iter().map(|day| day.0 + DAY).max())
    else {
        return Ok(Vec::new());
    };
    let visitors = hashes.iter().map(|day| day.1).collect();
    let found = app.archive.of_visitors(&app.store, caller.workspace, visitors, (from, to)).await?;
    let theirs = |record: &[u8]| -> Result<bool> {
        let at = Head::read(record).map_err(Error::internal)?.at;
        Ok(from <= at && at < to)
    };
    let mut clicks = Vec::new();
    for (_, id, record) in found {
        if theirs(&record)? {
            clicks.push((id, record));
        }
    }
    app.archive.trim(app.config.statistics_bytes);
    Ok(clicks)
}
