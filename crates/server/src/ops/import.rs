//! Importing links: a table of them looked at as a whole, and then made and changed in bulk.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use futures_util::{StreamExt, stream};
use model::{
    Address, Caller, Domain, DomainId, Draft, Error, Link, Patch, Result, Scope, Slug, What,
};

use super::{
    Saved,
    batch::{self, New},
    creation::{Prepared, prepare},
    domains, link_tests, loops, pixels,
    save::save_link,
};
use crate::App;

/// Where a line's link is to answer.
pub struct Line {
    pub domain: Option<String>,
    pub slug: Option<String>,
}

/// What is done where a slug has a link already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    Skip,
    Update,
    Fail,
}

/// What becomes of a line; without a link where it was only tried.
pub enum Became {
    Created(Option<Box<Link>>),
    Updated(Box<Link>),
    Unchanged(Box<Link>),
    Skipped(Box<Link>),
}

/// What lines say of links, by their place.
pub struct Reads<'r> {
    pub draft: &'r (dyn Fn(usize, &Domain) -> Result<Draft> + Sync),
    pub patch: &'r (dyn Fn(usize, &Domain) -> Result<Patch> + Sync),
}

/// Links that are changed at the same time, and so share transactions.
const AT_ONCE: usize = 64;

/// Makes and changes links, each line answered by itself and in its order; `tries` saves nothing.
pub async fn import_links(
    app: &App,
    caller: &Caller,
    lines: &[Line],
    existing: Existing,
    tries: bool,
    reads: &Reads<'_>,
) -> Result<Vec<Result<Became>>> {
    caller.may(Scope::LinksCreate)?;
    if existing == Existing::Update {
        caller.may(Scope::LinksWrite)?;
    }
    let mut became: HashMap<usize, Result<Became>> = HashMap::new();
    let mut places = Vec::new();
    for (line, asked) in lines.iter().enumerate() {
        match place(app, caller, asked) {
            Ok((domain, slug)) => places.push((line, domain, slug)),
            Err(error) => drop(became.insert(line, Err(error))),
        }
    }
    let known = known(app, caller, &places).await?;
    let (mut seen, mut new, mut there) = (HashSet::new(), Vec::new(), Vec::new());
    for (line, domain, slug) in places {
        if let Some(slug) = &slug {
            let key = (domain.id, slug.key(domain.case_sensitive));
            let link = known.get(&key).cloned();
            if !seen.insert(key) {
                let again = Error::invalid("slug", "is in a line before this one too");
                became.insert(line, Err(again));
                continue;
            }
            if let Some(link) = link {
                there.push((line, link));
                continue;
            }
        }
        match draft(app, caller, &domain, line, slug, reads).await {
            Ok(prepared) => new.push((line, New { domain, prepared })),
            Err(error) => drop(became.insert(line, Err(error))),
        }
    }
    let meets = async |(line, link): (usize, Link)| {
        (line, meet(app, caller, line, link, existing, tries, reads).await)
    };
    became
        .extend(stream::iter(there).map(meets).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await);
    let (places, new): (Vec<usize>, Vec<New>) = new.into_iter().unzip();
    if tries {
        became.extend(places.into_iter().map(|line| (line, Ok(Became::Created(None)))));
    } else {
        let made = batch::make(app, caller, new.into_iter().map(Ok).collect()).await;
        let made = made.into_iter().map(|made| made.map(|it| Became::Created(Some(Box::new(it)))));
        became.extend(places.into_iter().zip(made));
    }
    let missing = || Err(Error::internal("a line without an answer"));
    Ok((0..lines.len()).map(|line| became.remove(&line).unwrap_or_else(missing)).collect())
}

fn place(app: &App, caller: &Caller, line: &Line) -> Result<(Arc<Domain>, Option<Slug>)> {
    let domain = domains::domain_named(app, caller, line.domain.as_deref())?;
    let slug = line.slug.as_deref().map(|slug| Slug::parse(slug, app.manages(&domain)));
    Ok((domain, slug.transpose()?))
}

/// The links that are there already, by domain and slug.
async fn known(
    app: &App,
    caller: &Caller,
    places: &[(usize, Arc<Domain>, Option<Slug>)],
) -> Result<HashMap<(DomainId, String), Link>> {
    let mut wanted: BTreeMap<DomainId, (&Arc<Domain>, Vec<String>)> = BTreeMap::new();
    for (_, domain, slug) in places {
        let keys = &mut wanted.entry(domain.id).or_insert((domain, Vec::new())).1;
        keys.extend(slug.iter().map(|slug| slug.key(domain.case_sensitive)));
    }
    let mut known = HashMap::new();
    for (id, (domain, keys)) in wanted {
        for link in app.store.links_at(caller.workspace, id, &keys).await? {
            let here = link.addresses.iter().filter(|address| address.domain == id);
            let keys: Vec<String> =
                here.map(|address| address.slug.key(domain.case_sensitive)).collect();
            known.extend(keys.into_iter().map(|key| ((id, key), link.clone())));
        }
    }
    Ok(known)
}

/// A link that is not there yet, as far as it can be made.
async fn draft(
    app: &App,
    caller: &Caller,
    domain: &Domain,
    line: usize,
    slug: Option<Slug>,
    reads: &Reads<'_>,
) -> Result<Prepared> {
    let slug = slug.as_ref().map(Slug::as_str);
    let mut draft = (reads.draft)(line, domain)?;
    // A table that was exported names the rules of a link that is another's, or gone.
    draft.rules.iter_mut().for_each(|rule| rule.id = None);
    let prepared = prepare(app, caller, domain, draft, slug, None).await?;
    let mut link = prepared.link(caller, domain, &app.stamp())?;
    if let Some(slug) = prepared.slug.clone() {
        link.addresses.push(Address { domain: domain.id, host: domain.host.clone(), slug });
        loops::refuse(app, &link)?;
    }
    Ok(prepared)
}

/// What becomes of a line whose link is there.
async fn meet(
    app: &App,
    caller: &Caller,
    line: usize,
    link: Link,
    existing: Existing,
    tries: bool,
    reads: &Reads<'_>,
) -> Result<Became> {
    match existing {
        Existing::Skip => return Ok(Became::Skipped(Box::new(link))),
        Existing::Fail => return Err(Error::Taken(What::Slug)),
        Existing::Update => (),
    }
    let after = if tries {
        let domain = domains::by_id(app, link.address().domain)?;
        let mut after = link.clone();
        (reads.patch)(line, &domain)?.apply(&mut after, &app.stamp())?;
        if after != link {
            pixels::check(app, caller.workspace, &after.pixels, &link.pixels).await?;
            loops::refuse(app, &after)?;
            link_tests::guard(app, caller, &link, &after).await?;
            after.version += 1;
        }
        after
    } else {
        let edit = |link: &mut Link, domain: &Domain, stamp: &model::Stamp<'_>| {
            (reads.patch)(line, domain)?.apply(link, stamp)
        };
        save_link(app, caller, link.id, Saved::default(), edit).await?
    };
    let is_same = after.version == link.version;
    Ok(if is_same { Became::Unchanged(Box::new(after)) } else { Became::Updated(Box::new(after)) })
}
