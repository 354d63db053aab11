//! Making, finding, changing and removing links.

use model::{
    Address, Caller, Domain, Draft, Error, Link, LinkId, Patch, Result, Scope, Slug, Stamp, What,
};
use store::Filter;

use super::{domains, link_tests, loops};
use crate::App;

/// What every dialect says of a new link beside its [`Draft`].
#[derive(Clone, Debug, Default)]
pub struct NewLink<'a> {
    /// A host; none is the default domain.
    pub domain: Option<&'a str>,
    /// None: a random one.
    pub slug: Option<&'a str>,
    /// Whether a random address is wanted beside the slug, as dgLnk does.
    pub random_too: bool,
    pub password: Option<&'a str>,
}

/// How often an edit is tried again when someone else saved first, and a random slug when taken.
pub(super) const TRIES: usize = 5;

/// Makes a link; `draft` is called with its domain, whose settings say which destinations it allows.
pub async fn create_link(
    app: &App,
    caller: &Caller,
    new: NewLink<'_>,
    draft: impl FnOnce(&Domain) -> Result<Draft>,
) -> Result<Link> {
    caller.may(Scope::LinksWrite)?;
    let domain = domains::domain_named(app, caller, new.domain)?;
    let mut draft = draft(&domain)?;
    let slug = new.slug.map(|slug| Slug::parse(slug, app.manages(&domain))).transpose()?;
    if let Some(password) = new.password {
        draft.password_hash = Some(app.passwords.hash(password).await?);
    }
    let stamp = app.stamp();
    let addresses = Vec::new();
    let mut link = draft.into_link(caller.workspace, addresses, domain.default_status, &stamp)?;
    for tries in 0.. {
        link.addresses = addresses_of(app, &domain, slug.as_ref(), new.random_too);
        loops::refuse(app, &link)?;
        match app.store.insert_link(&link, &caller.name).await {
            // A random slug may clash; one that was asked for is the caller's to change.
            Err(Error::Taken(What::Slug))
                if tries < TRIES && (slug.is_none() || new.random_too) =>
            {
                if let Some(slug) = &slug
                    && app
                        .store
                        .link_by_address(
                            caller.workspace,
                            domain.id,
                            &slug.key(domain.case_sensitive),
                        )
                        .await
                        .is_ok()
                {
                    return Err(Error::Taken(What::Slug));
                }
            }
            done => {
                done?;
                break;
            }
        }
    }
    app.routes.put(&link);
    Ok(link)
}

fn addresses_of(app: &App, domain: &Domain, slug: Option<&Slug>, random_too: bool) -> Vec<Address> {
    let address = |slug: Slug| Address { domain: domain.id, host: domain.host.clone(), slug };
    let random = (slug.is_none() || random_too).then(|| app.random_slug());
    slug.cloned().into_iter().chain(random).map(address).collect()
}

pub async fn link(app: &App, caller: &Caller, id: LinkId) -> Result<Link> {
    caller.may(Scope::LinksRead)?;
    app.store.link(caller.workspace, id).await
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
    app.store.links(caller.workspace, filter, after, limit).await
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
    caller.may(Scope::LinksWrite)?;
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
    for _ in 0..TRIES {
        let before = app.store.link(caller.workspace, id).await?;
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
    caller.may(Scope::LinksWrite)?;
    app.store.delete_link(caller.workspace, id, app.now()).await?;
    app.routes.remove(id);
    Ok(())
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
    caller.may(Scope::LinksWrite)?;
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
