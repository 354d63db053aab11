//! New links: those of one transaction are stored together, and what cannot be leaves the others alone.

use std::collections::HashMap;

use model::{DomainId, Error, Link, Result, Revision, What};

use super::rows::{self, AddressRow, Domains, Slugs, Texts};
use crate::{Store, Stored, db::Conn, failure};

/// A link with what can be worked out before it is its turn to be written.
pub(crate) struct NewLink {
    link: Link,
    texts: Texts,
    author: String,
    body: String,
}

/// How links are tried together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Manner {
    /// All at once; a failure of one is a failure of all, but for a slug that is taken.
    Hopeful,
    /// In parts that can be taken back: where one fails, its halves are tried.
    Careful,
}

/// Links of one caller in one transaction.
const AT_ONCE: usize = 1_024;
/// Links of a part.
const TOGETHER: usize = 256;

impl Store {
    pub async fn insert_link(&self, link: &Link, author: &str) -> Result<Stored> {
        let mut results = self.insert_links(std::slice::from_ref(link), author).await;
        results.pop().expect("one link has one result")
    }

    /// Stores each link that can be, with its first revision; one that cannot be leaves the others
    /// alone. Many go in several transactions, so that nobody waits behind a whole import.
    pub async fn insert_links(&self, links: &[Link], author: &str) -> Vec<Result<Stored>> {
        let mut results = Vec::with_capacity(links.len());
        for links in links.chunks(AT_ONCE) {
            let new = links.iter().map(|link| NewLink::new(link.clone(), author)).collect();
            results.extend(self.writer.insert_links(new).await);
        }
        results
    }
}

impl NewLink {
    fn new(link: Link, author: &str) -> NewLink {
        NewLink {
            author: author.to_owned(),
            texts: Texts::of(&link),
            body: Revision::body(&link),
            link,
        }
    }

    pub(crate) fn link(&self) -> &Link {
        &self.link
    }

    pub(super) fn texts(&self) -> &Texts {
        &self.texts
    }

    pub(super) fn author(&self) -> &str {
        &self.author
    }

    pub(super) fn body(&self) -> &str {
        &self.body
    }
}

/// Inserts what can be inserted. A failure of all (the connection, a deadlock; hopefully, anything
/// but a domain that is another's) is returned as one.
pub(crate) async fn all(
    conn: &mut Conn,
    domains: &mut Domains,
    change: i64,
    links: &[&NewLink],
    manner: Manner,
) -> failure::Result<Vec<Result<()>>> {
    let theirs = links.iter().flat_map(|new| &new.link.addresses).map(|address| address.domain);
    let slugs = domains.slugs(conn, change, theirs).await?;
    let mut results: Vec<Result<()>> =
        links.iter().map(|new| rows::check_addresses(&new.link, slugs)).collect();
    let mut sound = Vec::with_capacity(links.len());
    sound.extend(links.iter().zip(&mut results).filter(|(_, result)| result.is_ok()));
    match manner {
        Manner::Hopeful => {
            let new: Vec<&NewLink> = sound.iter().map(|(new, _)| **new).collect();
            together(conn, change, &new, slugs).await?;
        }
        Manner::Careful => in_parts(conn, change, sound, slugs).await?,
    }
    Ok(results)
}

/// Inserts links with as few questions to the database as can be.
async fn together(
    conn: &mut Conn,
    change: i64,
    new: &[&NewLink],
    slugs: &HashMap<DomainId, Slugs>,
) -> failure::Result<()> {
    let links: Vec<&Link> = new.iter().map(|new| &new.link).collect();
    let addresses: Vec<AddressRow<'_>> =
        links.iter().flat_map(|link| rows::address_rows(link, slugs)).collect();
    let addresses = rows::addresses(&addresses);
    let (rows, revisions, counts) =
        (rows::links(change, new), rows::revisions(new), rows::counts(new));
    if addresses.len() == rows.len() {
        conn.insert_into_all([&addresses, &rows, &revisions, &counts]).await?;
    } else {
        conn.insert(&addresses).await?;
        conn.insert_into_all([&rows, &revisions, &counts]).await?;
    }
    rows::insert_tags(conn, &links).await?;
    rows::insert_rules(conn, &links).await
}

/// Inserts links in parts that can be taken back, each as large as can be.
async fn in_parts(
    conn: &mut Conn,
    change: i64,
    mut links: Vec<(&&NewLink, &mut Result<()>)>,
    slugs: &HashMap<DomainId, Slugs>,
) -> failure::Result<()> {
    let mut waiting: Vec<&mut [(&&NewLink, &mut Result<()>)]> =
        links.chunks_mut(TOGETHER).rev().collect();
    while let Some(now) = waiting.pop() {
        conn.save().await?;
        match part(conn, change, now, slugs).await {
            Ok(()) => conn.keep().await?,
            Err(failure) if failure.ends_the_group() => return Err(failure),
            Err(failure) => {
                conn.undo().await?;
                if let [(_, result)] = now {
                    **result = Err(failure.into());
                } else {
                    let (first, second) = now.split_at_mut(now.len() / 2);
                    waiting.extend([second, first]);
                }
            }
        }
    }
    Ok(())
}

/// Inserts the links whose addresses are free. Whatever else is wrong with one is a failure of all.
async fn part(
    conn: &mut Conn,
    change: i64,
    links: &mut [(&&NewLink, &mut Result<()>)],
    slugs: &HashMap<DomainId, Slugs>,
) -> failure::Result<()> {
    let addresses: Vec<AddressRow<'_>> =
        links.iter().flat_map(|(new, _)| rows::address_rows(&new.link, slugs)).collect();
    let taken = rows::insert_free_addresses(conn, &addresses).await?;
    let is_taken = |new: &NewLink| taken.contains(&new.link.id);
    // What one got of its several may be another's, which can only be found out by trying again.
    if links.iter().any(|(new, _)| is_taken(new) && 1 < new.link.addresses.len()) {
        return Err(Error::Taken(What::Slug).into());
    }
    let new: Vec<&NewLink> =
        links.iter().map(|(new, _)| **new).filter(|new| !is_taken(new)).collect();
    conn.insert(&rows::links(change, &new)).await.map_err(failure::taken(What::Link))?;
    conn.insert_into_all([&rows::revisions(&new), &rows::counts(&new)]).await?;
    let inserted: Vec<&Link> = new.iter().map(|new| &new.link).collect();
    rows::insert_tags(conn, &inserted).await?;
    rows::insert_rules(conn, &inserted).await?;
    for (_, result) in links.iter_mut().filter(|(new, _)| is_taken(new)) {
        **result = Err(Error::Taken(What::Slug));
    }
    Ok(())
}
