//! What somebody is about to make of a link: kept by the server until it is published or thrown
//! away, one draft a link.

use model::{
    Caller, Diff, Divergence, Domain, Error, Link, LinkId, Patch, Result, SavedDraft, Scope, What,
};

use super::{
    domains, link_tests,
    links::{SAVES, own},
    loops,
};
use crate::App;

/// A link's draft, and the link as it is.
pub async fn draft(app: &App, caller: &Caller, id: LinkId) -> Result<(Link, SavedDraft)> {
    caller.may(Scope::RulesRead)?;
    let link = own(app, caller, id).await?;
    let draft = app.store.draft(caller.workspace, id).await?;
    Ok((link, draft))
}

/// Saves a link's draft, beginning one where there is none. What the patch leaves out is as in the
/// draft, else as in the link.
///
/// `base` moves the draft to another revision of the link, as after looking at what others have
/// changed meanwhile. `version` is the draft's that the caller had read: another one by now is
/// [`Error::Stale`]; without it the last one to save wins, and the draft says who else did.
pub async fn save_draft(
    app: &App,
    caller: &Caller,
    id: LinkId,
    version: Option<i64>,
    base: Option<i64>,
    patch: impl Fn(&Domain) -> Result<Patch>,
) -> Result<(Link, SavedDraft)> {
    caller.may(Scope::RulesWrite)?;
    for _ in 0..SAVES {
        let link = own(app, caller, id).await?;
        let before = existing(app, caller, id).await?;
        if version.is_some() && version != before.as_ref().map(|draft| draft.version) {
            return Err(Error::Stale);
        }
        if base.is_some_and(|base| link.revision < base) {
            return Err(Error::invalid("base", "is no revision of this link"));
        }
        let domain = domains::by_id(app, link.address().domain)?;
        let draft = next(app, caller, &link, before.as_ref(), base, patch(&domain)?)?;
        match app.store.save_draft(&draft).await {
            Err(Error::Stale) if version.is_none() => continue,
            done => done?,
        }
        return Ok((link, draft));
    }
    Err(Error::Stale)
}

pub async fn delete_draft(app: &App, caller: &Caller, id: LinkId) -> Result<()> {
    caller.may(Scope::RulesWrite)?;
    let link = own(app, caller, id).await?.id;
    app.store.delete_draft(caller.workspace, link).await
}

/// Makes the draft the link's newest revision and ends it. A link that has moved on since the
/// draft's base is [`Error::Diverged`], unless the caller insists.
pub async fn publish_draft(
    app: &App,
    caller: &Caller,
    id: LinkId,
    version: Option<i64>,
) -> Result<Link> {
    caller.may(Scope::RulesWrite)?;
    for _ in 0..SAVES {
        let before = own(app, caller, id).await?;
        let draft = app.store.draft(caller.workspace, id).await?;
        if version.is_some_and(|version| version != draft.version) {
            return Err(Error::Stale);
        }
        if draft.base != before.revision && !caller.insists {
            return Err(diverged(app, &before, &draft).await?);
        }
        let mut after = before.clone();
        after.follow(draft.plan.clone());
        after.edited(&before, app.now());
        after.check()?;
        loops::refuse(app, &after)?;
        link_tests::guard(app, caller, &before, &after).await?;
        match app.store.publish_draft(&before, &after, &draft, &caller.name).await {
            Err(Error::Stale) if version.is_none() => continue,
            done => done?,
        }
        app.routes.put(&after);
        return Ok(after);
    }
    Err(Error::Stale)
}

/// The draft as this save makes it.
fn next(
    app: &App,
    caller: &Caller,
    link: &Link,
    before: Option<&SavedDraft>,
    base: Option<i64>,
    patch: Patch,
) -> Result<SavedDraft> {
    let stamp = app.stamp();
    let start = before.map_or_else(|| link.plan(), |draft| draft.plan.clone());
    let mut work = link.clone();
    work.follow(start.clone());
    if patch.rules.is_some() {
        // A rule that the draft had left out may come back as the rule that it was.
        let is_out = |id| start.rules.iter().all(|rule| rule.id != id);
        work.rules.extend(link.rules.iter().filter(|rule| is_out(rule.id)).cloned());
    }
    patch.apply(&mut work, &stamp)?;
    let (plan, now) = (work.plan(), stamp.now);
    Ok(match before {
        Some(draft) => draft.saved(base.unwrap_or(draft.base), plan, &caller.name, now),
        None => {
            let base = base.unwrap_or(link.revision);
            SavedDraft::begin(link.id, link.workspace, base, plan, &caller.name, now)
        }
    })
}

async fn existing(app: &App, caller: &Caller, id: LinkId) -> Result<Option<SavedDraft>> {
    match app.store.draft(caller.workspace, id).await {
        Ok(draft) => Ok(Some(draft)),
        Err(Error::NotFound(What::Draft)) => Ok(None),
        Err(other) => Err(other),
    }
}

async fn diverged(app: &App, link: &Link, draft: &SavedDraft) -> Result<Error> {
    let base = app.store.revision(link.workspace, link.id, draft.base).await?.plan;
    Ok(Error::Diverged(Box::new(Divergence {
        base: draft.base,
        revision: link.revision,
        draft: Diff::between(&base, &draft.plan),
        link: Diff::between(&base, &link.plan()),
    })))
}
