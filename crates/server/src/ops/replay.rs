//! Replays: how a link's past clicks would have gone by other rules.

use std::sync::Arc;

use model::{
    Caller, Domain, Error, Link, LinkId, Patch, Plan, Redirects, Result, Rule, Scope, What,
};
use statistics::{Columns, Query, Replay, Replayed, Unanswerable, Watch};
use tokio::sync::Semaphore;

use super::{
    clicks::PATIENCE,
    domains,
    links::own,
    statistics::{threads, unanswered},
};
use crate::App;

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
        check(&plan)?;
        return Ok(Trial { link, plan });
    };
    let domain = domains::by_id(app, link.address().domain)?;
    let mut tried = link.clone();
    change(&domain)?.apply(&mut tried, &app.stamp())?;
    tried.check()?;
    let plan = tried.plan();
    check(&plan)?;
    Ok(Trial { link, plan })
}

/// Rules that were saved may compile no more, as where a time zone is gone since.
fn check(plan: &Plan) -> Result<()> {
    let live = plan.rules.iter().enumerate().filter(|(_, rule)| rule.enabled);
    let wrong = |(i, rule): (usize, &Rule)| {
        let found = rule.when.check(rule.timezone.as_deref());
        found.into_iter().map(move |problem| problem.under(format_args!("rules[{i}].when")))
    };
    let problems: Vec<_> = live.flat_map(wrong).collect();
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
    let turn = TURNS.acquire().await.map_err(Error::internal)?;
    app.clicks.flush(PATIENCE).await;
    let links = Some(Arc::new([link.id].into()));
    let query = Query { workspace: caller.workspace, links, ..query };
    let batches = app.archive.batches(&app.store, query.from, query.to).await?;
    let asked = query.clone();
    let (batches, revisions) = blocking(move || {
        let revisions = Replay::revisions(&asked, refs(&batches), threads());
        Ok((batches, revisions?))
    })
    .await?;
    let mut past = Vec::with_capacity(revisions.len());
    for number in revisions {
        match app.store.revision(caller.workspace, link.id, number).await {
            Ok(revision) => past.push((number, revision.plan)),
            Err(Error::NotFound(What::Revision)) => (),
            Err(other) => return Err(other),
        }
    }
    let (app, watch, plan) = (app.clone(), Arc::clone(watch), plan.clone());
    let stays = link.redirects == Redirects::RuleOnly;
    blocking(move || {
        // Kept until the work is done, even where nobody waits for it any more.
        let _turn = turn;
        let past = past.iter().map(|(number, plan)| (*number, plan));
        let replay = Replay::new(&plan, past, stays, samples);
        let found = replay.run(&query, refs(&batches), threads(), &watch);
        app.archive.trim(app.config.statistics_bytes);
        found
    })
    .await
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
