//! Making links: one, or many of which some may be there already.

use std::collections::HashSet;

use model::{
    Address, Caller, Domain, Draft, Error, Link, LinkId, Result, Scope, Slug, Stamp, What,
};
use store::Stored;

use super::{
    domains,
    links::{TRIES, own},
    loops,
    permissions::may_with,
    pixels, slugs,
};
use crate::App;

/// What every dialect says of a new link beside its [`Draft`].
#[derive(Clone, Debug, Default)]
pub struct NewLink<'a> {
    /// A host; none is the default domain.
    pub domain: Option<&'a str>,
    /// None: one that the domain makes.
    pub slug: Option<&'a str>,
    /// Whether such an address is wanted beside the slug, as dgLnk does.
    pub random_too: bool,
    pub password: Option<&'a str>,
}

/// A link that somebody wants to be there, whoever made it.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub draft: Draft,
    pub slug: Option<String>,
    pub password: Option<String>,
    /// Whether any link of the domain to the same destination will do, where no slug is named.
    pub any: bool,
}

/// A link, and whether it was there before.
pub type Ensured = (Link, bool);

/// A draft with the slug that was asked for and what stands before one that was not.
pub(super) struct Prepared {
    draft: Draft,
    pub(super) slug: Option<Slug>,
    pub(super) prefix: String,
}

/// Makes a link; `draft` is called with its domain, whose settings say which destinations it allows.
pub async fn create_link(
    app: &App,
    caller: &Caller,
    new: NewLink<'_>,
    draft: impl FnOnce(&Domain) -> Result<Draft>,
) -> Result<Link> {
    caller.may(Scope::LinksCreate)?;
    let domain = domains::domain_named(app, caller, new.domain)?;
    let prepared = prepare(app, caller, &domain, draft(&domain)?, new.slug, new.password).await?;
    let stamp = app.stamp();
    let mut link = prepared.link(caller, &domain, &stamp)?;
    for tries in 0.. {
        link.addresses = addresses_of(app, &domain, &prepared, new.random_too).await?;
        loops::refuse(app, &link)?;
        match app.store.insert_link(&link, &caller.name).await {
            // A random slug may clash; one that was asked for is the caller's to change.
            Err(Error::Taken(What::Slug))
                if tries < TRIES && (prepared.slug.is_none() || new.random_too) =>
            {
                if let Some(slug) = &prepared.slug
                    && Box::pin(there(app, caller, &domain, slug)).await.is_ok()
                {
                    return Err(Error::Taken(What::Slug));
                }
            }
            done => {
                put(app, &link, done?);
                break;
            }
        }
    }
    Ok(link)
}

/// Has redirects find a link that was just stored.
pub(super) fn put(app: &App, link: &Link, stored: Stored) {
    app.routes.put(link);
    stored.is_in_memory();
}

/// Makes another link like one that there is, with a slug of its own.
pub async fn duplicate_link(
    app: &App,
    caller: &Caller,
    id: LinkId,
    slug: Option<&str>,
) -> Result<Link> {
    may_with(app, caller, Scope::LinksRead, id).await?;
    let link = own(app, caller, id).await?;
    let host = link.address().host.to_string();
    let new = NewLink { domain: Some(&host), slug, ..NewLink::default() };
    // Those that were deleted since are none that a new link may name.
    let pixels = app.routes.pixels(&link.pixels).iter().map(|pixel| pixel.id).collect();
    create_link(app, caller, new, |_| Ok(Draft { pixels, ..Draft::like(&link) })).await
}

/// Sees to it that links are there, each answered by itself and in the order asked.
///
/// One that names a slug is there already if that slug leads to the same destination, and cannot be
/// if it leads to another. One that names none is there, where any will do, as soon as some link of
/// the domain leads to its destination; the ones before it in the list count.
pub async fn ensure_links(
    app: &App,
    caller: &Caller,
    domain: &Domain,
    wanted: Vec<Result<Wanted>>,
) -> Result<Vec<Result<Ensured>>> {
    caller.may(Scope::LinksCreate)?;
    let mut results: Vec<Option<Result<Ensured>>> = wanted.iter().map(|_| None).collect();
    let mut open = Vec::new();
    for (i, wanted) in wanted.into_iter().enumerate() {
        match wanted {
            Ok(wanted) => open.push((i, wanted)),
            Err(error) => results[i] = Some(Err(error)),
        }
    }
    // What waits for a link before it in the list, or met a slug that was taken, comes again.
    for _ in 0..TRIES {
        let (mut later, mut now, mut leading) = (Vec::new(), Vec::new(), HashSet::new());
        for (i, wanted) in open {
            let to = wanted.draft.destination.authored().to_owned();
            if wanted.is_any() && leading.contains(&to) {
                later.push((i, wanted));
                continue;
            }
            match attempt(app, caller, domain, &wanted).await {
                Ok(Attempt::Found(link)) => results[i] = Some(Ok((*link, true))),
                Ok(Attempt::New(link)) => {
                    leading.insert(to);
                    now.push((i, wanted, *link));
                }
                Err(error) => results[i] = Some(Err(error)),
            }
        }
        let links: Vec<Link> = now.iter().map(|(_, _, link)| link.clone()).collect();
        let stored = app.store.insert_links(&links, &caller.name).await;
        for ((i, wanted, link), stored) in now.into_iter().zip(stored) {
            results[i] = settle(app, caller, domain, &wanted, link, stored).await;
            if results[i].is_none() {
                later.push((i, wanted));
            }
        }
        later.sort_by_key(|(i, _)| *i);
        open = later;
        if open.is_empty() {
            break;
        }
    }
    Ok(results.into_iter().map(|it| it.unwrap_or(Err(Error::Taken(What::Slug)))).collect())
}

enum Attempt {
    Found(Box<Link>),
    New(Box<Link>),
}

impl Wanted {
    fn is_any(&self) -> bool {
        self.any && self.slug.is_none()
    }
}

async fn attempt(app: &App, caller: &Caller, domain: &Domain, wanted: &Wanted) -> Result<Attempt> {
    if wanted.is_any() {
        let to = wanted.draft.destination.authored();
        let found = app.store.links_to(caller.workspace, domain.id, to).await?;
        if let Some(link) = found.into_iter().next() {
            return Ok(Attempt::Found(Box::new(link)));
        }
    }
    let Wanted { draft, slug, password, .. } = wanted;
    let (slug, password) = (slug.as_deref(), password.as_deref());
    let prepared = prepare(app, caller, domain, draft.clone(), slug, password).await?;
    let mut link = prepared.link(caller, domain, &app.stamp())?;
    link.addresses = addresses_of(app, domain, &prepared, false).await?;
    loops::refuse(app, &link)?;
    Ok(Attempt::New(Box::new(link)))
}

/// What became of a link; none where it should be tried again with another random slug.
async fn settle(
    app: &App,
    caller: &Caller,
    domain: &Domain,
    wanted: &Wanted,
    link: Link,
    stored: Result<Stored>,
) -> Option<Result<Ensured>> {
    match (stored, &wanted.slug) {
        (Ok(stored), _) => {
            put(app, &link, stored);
            Some(Ok((link, false)))
        }
        (Err(Error::Taken(What::Slug)), None) => None,
        (Err(Error::Taken(What::Slug)), Some(_)) => {
            let there = there(app, caller, domain, &link.address().slug).await.ok();
            let same = there.filter(|there| there.destination == link.destination);
            Some(same.map(|there| (there, true)).ok_or(Error::Taken(What::Slug)))
        }
        (Err(error), _) => Some(Err(error)),
    }
}

/// Fills in what the domain and the folder say, and hashes the password. What few links ask for is
/// on the heap, as every call that makes a link carries this along.
pub(super) async fn prepare(
    app: &App,
    caller: &Caller,
    domain: &Domain,
    mut draft: Draft,
    slug: Option<&str>,
    password: Option<&str>,
) -> Result<Prepared> {
    let slug = slug.map(|slug| Slug::parse(slug, app.manages(domain))).transpose()?;
    if !draft.pixels.is_empty() {
        Box::pin(pixels::check(app, caller.workspace, &draft.pixels, &[])).await?;
    }
    draft.cloaked.get_or_insert(domain.manner.cloaks);
    let mut prefix = String::new();
    if let Some(name) = &draft.folder
        && let Some(folder) = Box::pin(app.store.folder(caller.workspace, domain.id, name)).await?
    {
        folder.complete(&mut draft, app.now());
        prefix = folder.settings.prefix.unwrap_or_default();
    }
    if let Some(password) = password {
        draft.password_hash = Some(Box::pin(app.passwords.hash(password)).await?);
    }
    Ok(Prepared { draft, slug, prefix })
}

impl Prepared {
    /// The link, but for its addresses.
    pub(super) fn link(&self, caller: &Caller, domain: &Domain, stamp: &Stamp<'_>) -> Result<Link> {
        let draft = self.draft.clone();
        draft.into_link(caller.workspace, Vec::new(), domain.default_status, stamp)
    }
}

pub(super) async fn addresses_of(
    app: &App,
    domain: &Domain,
    prepared: &Prepared,
    random_too: bool,
) -> Result<Vec<Address>> {
    let mut slugs: Vec<Slug> = prepared.slug.iter().cloned().collect();
    if slugs.is_empty() || random_too {
        slugs.push(slugs::fresh(app, domain, &prepared.prefix).await?);
    }
    let address = |slug| Address { domain: domain.id, host: domain.host.clone(), slug };
    Ok(slugs.into_iter().map(address).collect())
}

/// The link that has a slug of a domain already.
async fn there(app: &App, caller: &Caller, domain: &Domain, slug: &Slug) -> Result<Link> {
    let key = slug.key(domain.case_sensitive);
    app.store.link_by_address(caller.workspace, domain.id, &key).await
}
