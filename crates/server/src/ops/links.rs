//! Finding, changing and removing links.

use model::{Caller, Domain, Error, Link, LinkId, Patch, Result, Scope, Stamp, What};
use store::{Filter, Order, Place};

use super::{domains, link_tests, loops, permissions::may_with, pixels};
use crate::App;

/// How often a random slug is tried again when it is taken.
pub(super) const TRIES: usize = 5;
/// How often an edit is tried again when someone else saved first. Each time one of all who try
/// succeeds, so that this many can save one link at the same moment.
pub(super) const SAVES: usize = 100;

pub async fn link(app: &App, caller: &Caller, id: LinkId) -> Result<Link> {
    may_with(app, caller, Scope::LinksRead, id).await?;
    own(app, caller, id).await
}

/// A link that is there for the caller: of their workspace, on a domain that they see.
pub(super) async fn own(app: &App, caller: &Caller, id: LinkId) -> Result<Link> {
    let link = app.store.link(caller.workspace, id).await?;
    seen(caller, link)
}

/// A link, where the caller sees its domain.
pub(super) fn seen(caller: &Caller, link: Link) -> Result<Link> {
    let sees = link.addresses.iter().any(|address| caller.sees(address.domain));
    if sees { Ok(link) } else { Err(Error::NotFound(What::Link)) }
}

/// A filter that chooses only what is there for the caller.
pub(super) fn within(caller: &Caller, filter: &Filter) -> Filter {
    Filter { domains: caller.domains.clone(), ..filter.clone() }
}

/// The link that answers at a slug of a domain.
pub async fn link_at(app: &App, caller: &Caller, domain: &Domain, slug: &str) -> Result<Link> {
    caller.may(Scope::LinksRead)?;
    let key = model::fold_path(slug, domain.case_sensitive).ok_or(Error::NotFound(What::Link))?;
    app.store.link_by_address(caller.workspace, domain.id, &key).await
}

/// The links of a domain that lead to a destination, as its author wrote it; oldest first.
pub async fn links_to(
    app: &App,
    caller: &Caller,
    domain: &Domain,
    destination: &str,
) -> Result<Vec<Link>> {
    caller.may(Scope::LinksRead)?;
    app.store.links_to(caller.workspace, domain.id, destination).await
}

/// A page of links, newest first, those after `after`.
pub async fn links(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    after: Option<LinkId>,
    limit: i64,
) -> Result<Vec<Link>> {
    caller.may(Scope::LinksRead)?;
    links_within(app, caller, filter, after, limit).await
}

/// A page of links in an order, those after a place, each with its own place.
pub async fn links_in_order(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    order: Order,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<(Link, Place)>> {
    caller.may(Scope::LinksRead)?;
    app.store.links_in_order(caller.workspace, &within(caller, filter), order, after, limit).await
}

/// How many links a filter chooses, as far as they are no more than `most`.
pub async fn count_links_to(app: &App, caller: &Caller, filter: &Filter, most: i64) -> Result<i64> {
    caller.may(Scope::LinksRead)?;
    app.store.count_links_to(caller.workspace, &within(caller, filter), most).await
}

/// [`links`] for operations that have asked for a scope of their own.
pub(super) async fn links_within(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    after: Option<LinkId>,
    limit: i64,
) -> Result<Vec<Link>> {
    app.store.links(caller.workspace, &within(caller, filter), after, limit).await
}

/// Edits a link and its rules as one, and hands back what `edit` returned.
///
/// Someone else may save first; then `edit` runs again on what they saved, unless the caller
/// named the `version` that it had read: then that is [`Error::Stale`].
pub async fn edit_link<T>(
    app: &App,
    caller: &Caller,
    id: LinkId,
    version: Option<i64>,
    edit: impl Fn(&mut Link, &Domain, &Stamp<'_>) -> Result<T>,
) -> Result<(Link, T)> {
    may_with(app, caller, Scope::LinksWrite, id).await?;
    change(app, caller, id, version, edit).await
}

/// [`edit_link`] for operations that have asked for a scope of their own.
pub(super) async fn change<T>(
    app: &App,
    caller: &Caller,
    id: LinkId,
    version: Option<i64>,
    edit: impl Fn(&mut Link, &Domain, &Stamp<'_>) -> Result<T>,
) -> Result<(Link, T)> {
    for _ in 0..SAVES {
        let before = own(app, caller, id).await?;
        if version.is_some_and(|version| version != before.version) {
            return Err(Error::Stale);
        }
        let domain = domains::by_id(app, before.address().domain)?;
        let stamp = app.stamp();
        let mut after = before.clone();
        let edited = edit(&mut after, &domain, &stamp)?;
        if after == before {
            return Ok((after, edited));
        }
        pixels::check(app, caller.workspace, &after.pixels, &before.pixels).await?;
        after.edited(&before, stamp.now);
        loops::refuse(app, &after)?;
        link_tests::guard(app, caller, &before, &after).await?;
        match app.store.update_link(&before, &after, &caller.name).await {
            Err(Error::Stale) if version.is_none() => continue,
            done => done?,
        }
        app.routes.put(&after);
        return Ok((after, edited));
    }
    Err(Error::Stale)
}

/// Removes a link; its addresses are free again at once, its clicks stay.
pub async fn delete_link(app: &App, caller: &Caller, id: LinkId) -> Result<()> {
    delete_link_at(app, caller, id, None).await
}

/// Removes a link, where it is still the `version` that the caller read.
pub async fn delete_link_at(
    app: &App,
    caller: &Caller,
    id: LinkId,
    version: Option<i64>,
) -> Result<()> {
    may_with(app, caller, Scope::LinksWrite, id).await?;
    let link = own(app, caller, id).await?;
    if version.is_some_and(|version| version != link.version) {
        return Err(Error::Stale);
    }
    app.store.delete_link(caller.workspace, id, app.now()).await?;
    app.routes.remove(id);
    Ok(())
}

/// Whether there was such a link, and it was deleted.
pub async fn was_deleted(app: &App, caller: &Caller, id: LinkId) -> Result<bool> {
    caller.may(Scope::LinksWrite)?;
    app.store.was_deleted(caller.workspace, id).await
}

/// Applies a patch, with the password that only the server can hash.
pub async fn patch_link(
    app: &App,
    caller: &Caller,
    id: LinkId,
    version: Option<i64>,
    password: model::Change<String>,
    patch: impl Fn(&Domain) -> Result<Patch>,
) -> Result<Link> {
    may_with(app, caller, Scope::LinksWrite, id).await?;
    let hash = match password {
        model::Change::Set(password) => model::Change::Set(app.passwords.hash(&password).await?),
        model::Change::Clear => model::Change::Clear,
        model::Change::Keep => model::Change::Keep,
    };
    let edit = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        let patch = Patch { password_hash: hash.clone(), ..patch(domain)? };
        patch.apply(link, stamp)
    };
    Ok(edit_link(app, caller, id, version, edit).await?.0)
}
