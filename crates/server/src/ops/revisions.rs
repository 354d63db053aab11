//! The numbered states that a link went through.

use model::{Caller, Diff, Link, LinkId, Result, Revision, Scope};

use super::{links::change, links::own};
use crate::App;

/// The revisions of a link below the number `before`, newest first.
pub async fn revisions(
    app: &App,
    caller: &Caller,
    link: LinkId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Revision>> {
    caller.may(Scope::LinksRead)?;
    let link = own(app, caller, link).await?.id;
    app.store.revisions(caller.workspace, link, before, limit).await
}

pub async fn revision(app: &App, caller: &Caller, link: LinkId, number: i64) -> Result<Revision> {
    caller.may(Scope::LinksRead)?;
    let link = own(app, caller, link).await?.id;
    app.store.revision(caller.workspace, link, number).await
}

/// What one revision of a link changes of another.
pub async fn diff_revisions(
    app: &App,
    caller: &Caller,
    link: LinkId,
    from: i64,
    to: i64,
) -> Result<Diff> {
    let from = revision(app, caller, link, from).await?;
    let to = revision(app, caller, link, to).await?;
    Ok(Diff::between(&from.plan, &to.plan))
}

/// Makes an earlier state of a link its newest revision. Where it is the present one, nothing
/// changes.
pub async fn restore_revision(
    app: &App,
    caller: &Caller,
    link: LinkId,
    number: i64,
    version: Option<i64>,
) -> Result<Link> {
    caller.may(Scope::RulesWrite)?;
    let link = own(app, caller, link).await?.id;
    let plan = app.store.revision(caller.workspace, link, number).await?.plan;
    let restored = change(app, caller, link, version, |link, _, _| {
        link.follow(plan.clone());
        Ok(())
    });
    Ok(restored.await?.0)
}
