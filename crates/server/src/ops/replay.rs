//! Replays: how a link's past clicks would have gone by other rules.

use std::sync::Arc;

use model::{
    CLASSES, Caller, Domain, Error, Link, LinkId, Patch, Plan, Redirects, Result, Rule, Scope, What,
};
use statistics::{Asked, Columns, Group, Query, Replay, Replayed, Unanswerable, Unread, Watch};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    clicks::PATIENCE,
    domains,
    links::own,
    statistics::{threads, unanswered, within},
};
use crate::{App, archive::Found};

/// A link, and where it might send whom.
pub struct Trial {
    pub link: Link,
    pub plan: Plan,
}

/// Replays that run at a time; each takes every core. Others wait for their turn.
static TURNS: Semaphore = Semaphore::const_new(2);

/// What is to be tried: a change of the link, else its saved draft. Nothing is saved.
pub async fn trial(
    app: &App,
    caller: &Caller,
    id: LinkId,
    change: Option<impl FnOnce(&Domain) -> Result<Patch>>,
) -> Result<Trial> {
    caller.may(Scope::RulesRead)?;
    let link = own(app, caller, id).await?;
    let Some(change) = change else {
        let plan = app.store.draft(caller.workspace, id).await?.plan;
        check(&plan, |rule| rule.enabled)?;
        return Ok(Trial { link, plan });
    };
    let domain = domains::by_id(app, link.address().domain)?;
    let mut tried = link.clone();
    change(&domain)?.apply(&mut tried, &app.stamp())?;
    tried.check()?;
    let plan = tried.plan();
    check(&plan, |rule| rule.enabled)?;
    Ok(Trial { link, plan })
}

/// Rules that were saved may compile no more, as where a time zone is gone since.
fn check(plan: &Plan, those: impl Fn(&Rule) -> bool) -> Result<()> {
    let rules = plan.rules.iter().enumerate().filter(|(_, rule)| those(rule));
    let wrong = |(i, rule): (usize, &Rule)| {
        let found = rule.when.check(rule.timezone.as_deref());
        found.into_iter().map(move |problem| problem.under(format_args!("rules[{i}].when")))
    };
    let problems: Vec<_> = rules.flat_map(wrong).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Runs a trial over the link's clicks that a question is about, all that were answered before the
/// call included. Whoever holds the watch sees how far it is, and can stop it.
pub async fn replay(
    app: &App,
    caller: &Caller,
    Trial { link, plan }: &Trial,
    query: Query,
    samples: usize,
    watch: &Arc<Watch>,
) -> Result<Replayed> {
    caller.may(Scope::StatsRead)?;
    let Past { turn, query, batches, unread, plans, .. } = past(app, caller, link, query).await?;
    let (app, watch, plan) = (app.clone(), Arc::clone(watch), plan.clone());
    let stays = link.redirects == Redirects::RuleOnly;
    blocking(move || {
        // Kept until the work is done, even where nobody waits for it any more.
        let _turn = turn;
        let past = plans.iter().map(|(number, plan)| (*number, plan));
        let replay = Replay::new(&plan, past, stays, samples);
        let found = replay.run(&query, refs(&batches), threads(), &watch);
        app.archive.trim(app.config.statistics_bytes);
        let mut found = found?;
        found.unread = unread;
        Ok(found)
    })
    .await
}

/// What the rules of a trial are for past clicks.
pub struct Matches {
    pub asked: Asked,
    /// Of so many clicks one was looked at.
    pub every: u64,
    /// Clicks that were not asked about, by the number of their class.
    pub left_out: [u64; CLASSES.len()],
}

/// So many clicks are looked at one by one; of more, every so-manieth.
const LOOKED_AT: u64 = 1_000_000;

/// For how many of the link's clicks each rule and each condition of a trial holds. Stopped as a
/// [replay](replay()) is.
pub async fn matches(
    app: &App,
    caller: &Caller,
    Trial { link, plan }: &Trial,
    query: Query,
    watch: &Arc<Watch>,
) -> Result<Matches> {
    caller.may(Scope::StatsRead)?;
    check(plan, |_| true)?;
    let Past { turn, query, batches, plans, clicks, .. } = past(app, caller, link, query).await?;
    let every = clicks.div_ceil(LOOKED_AT).max(1);
    let (app, watch, plan) = (app.clone(), Arc::clone(watch), plan.clone());
    let stays = link.redirects == Redirects::RuleOnly;
    blocking(move || {
        let _turn = turn;
        let past = plans.iter().map(|(number, plan)| (*number, plan));
        let step = usize::try_from(every).unwrap_or(usize::MAX);
        let replay = Replay::asking(&plan, past, stays, step);
        let found = replay.run(&query, refs(&batches), threads(), &watch);
        app.archive.trim(app.config.statistics_bytes);
        let found = found?;
        Ok(Matches { asked: found.asked(&replay), every, left_out: found.left_out })
    })
    .await
}

/// What a replay needs of the past.
struct Past {
    /// To be kept until the work is done.
    turn: SemaphorePermit<'static>,
    query: Query,
    batches: Vec<Arc<Columns>>,
    unread: Vec<Unread>,
    /// The plans that the clicks were decided by, by the number of the revision.
    plans: Vec<(i64, Plan)>,
    clicks: u64,
}

/// The clicks of a link that a question is about, and what they were decided by.
async fn past(app: &App, caller: &Caller, link: &Link, query: Query) -> Result<Past> {
    let turn = TURNS.acquire().await.map_err(Error::internal)?;
    app.clicks.flush(PATIENCE).await;
    let links = Some(Arc::new([link.id].into()));
    let query = within(app, caller, vec![Query { links, ..query }]).await?.remove(0);
    let Found { batches, unread } = app.archive.batches(&app.store, query.from, query.to).await?;
    let asked = query.clone();
    let (batches, revisions, clicks) = blocking(move || {
        let revisions = Replay::revisions(&asked, refs(&batches), threads())?;
        let total = Query { group: Group::Total, visitors: false, ..asked };
        let clicks = total.run(refs(&batches), threads())?.clicks();
        Ok((batches, revisions, clicks))
    })
    .await?;
    let mut plans = Vec::with_capacity(revisions.len());
    for number in revisions {
        match app.store.revision(caller.workspace, link.id, number).await {
            Ok(revision) => plans.push((number, revision.plan)),
            Err(Error::NotFound(What::Revision)) => (),
            Err(other) => return Err(other),
        }
    }
    Ok(Past { turn, query, batches, unread, plans, clicks })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Unanswerable> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(Error::internal)?.map_err(unanswered)
}

fn refs(batches: &[Arc<Columns>]) -> impl Iterator<Item = &Columns> {
    batches.iter().map(Arc::as_ref)
}
