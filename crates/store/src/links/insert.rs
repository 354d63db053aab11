//! New links, many of one transaction in one statement a table.

use std::collections::{BTreeSet, HashMap};

use model::{
    Address, Class, Counted, Destination, DomainId, Error, Link, Result, Revision, Rule, RuleId,
    What, WorkspaceId,
};

use super::destination_hash;
use crate::{
    Store,
    db::{Arg, Conn},
    failure::{self, taken},
    value,
};

/// A link with what can be worked out before it is its turn to be written.
pub(crate) struct NewLink {
    link: Link,
    texts: Texts,
    author: String,
    body: String,
}

/// What of a link is stored in another form than it has.
pub(super) struct Texts {
    destination_hash: i64,
    tags: String,
    card: Option<String>,
    parameters: String,
    kept: String,
    pixels: String,
}

/// How the slugs of a domain are compared, and whose it is.
pub(super) struct Slugs {
    workspace: WorkspaceId,
    case_sensitive: bool,
}

/// Links of one caller in one transaction.
const AT_ONCE: usize = 1_024;
/// Links that are tried together; when one of them cannot be, its half is tried again.
const TOGETHER: usize = 256;

impl Store {
    pub async fn insert_link(&self, link: &Link, author: &str) -> Result<()> {
        let mut results = self.insert_links(std::slice::from_ref(link), author).await;
        results.pop().expect("one link has one result")
    }

    /// Stores each link that can be, with its first revision; one that cannot be leaves the others
    /// alone. Many go in several transactions, so that nobody waits behind a whole import.
    pub async fn insert_links(&self, links: &[Link], author: &str) -> Vec<Result<()>> {
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
}

impl Texts {
    pub(super) fn of(link: &Link) -> Texts {
        Texts {
            destination_hash: destination_hash(link.destination.authored()),
            tags: value::to_list(&link.tags),
            card: link.card.as_ref().map(value::json),
            parameters: value::json(&link.parameters),
            kept: value::json(&link.kept),
            pixels: value::to_ids(&link.pixels),
        }
    }
}

/// Inserts what can be inserted. A failure of all (the connection, a deadlock) is returned as one.
pub(crate) async fn all(
    conn: &mut Conn,
    change: i64,
    links: &[&NewLink],
) -> failure::Result<Vec<Result<()>>> {
    let mut results = Vec::with_capacity(links.len());
    let mut waiting: Vec<&[&NewLink]> = links.chunks(TOGETHER).rev().collect();
    while let Some(now) = waiting.pop() {
        conn.save().await?;
        match part(conn, change, now).await {
            Ok(()) => {
                conn.keep().await?;
                results.extend(now.iter().map(|_| Ok(())));
            }
            Err(failure) if failure.ends_the_group() => return Err(failure),
            Err(failure) => {
                conn.undo().await?;
                if now.len() == 1 {
                    results.push(Err(failure.into()));
                } else {
                    let (first, second) = now.split_at(now.len() / 2);
                    waiting.extend([second, first]);
                }
            }
        }
    }
    Ok(results)
}

/// Inserts all links or fails as a whole.
pub(crate) async fn part(conn: &mut Conn, change: i64, links: &[&NewLink]) -> failure::Result<()> {
    let addresses = links.iter().flat_map(|new| &new.link.addresses);
    let slugs = slugs(conn, addresses.map(|address| address.domain)).await?;
    insert_rows(conn, change, links).await?;
    for new in links {
        // Sorted out here so that one statement takes the addresses of all links.
        check_addresses(&new.link, &slugs)?;
    }
    let rows: Vec<AddressRow<'_>> =
        links.iter().flat_map(|new| address_rows(&new.link, &slugs)).collect();
    insert_addresses(conn, &rows).await?;
    conn.insert(
        "insert into revisions (link_id, number, workspace_id, body, author, created_at)",
        links,
        "",
        |new, args| {
            let link = &new.link;
            let (id, workspace) = (link.id.number(), link.workspace.number());
            args.extend_from_slice(&[
                id.into(),
                link.revision.into(),
                workspace.into(),
                (&new.body).into(),
            ]);
            args.extend_from_slice(&[
                (&new.author).into(),
                link.updated_at.as_millisecond().into(),
            ]);
        },
    )
    .await?;
    let links: Vec<&Link> = links.iter().map(|new| &new.link).collect();
    insert_tags(conn, &links).await?;
    insert_counts(conn, &links).await?;
    insert_rules(conn, &links).await
}

/// A link without clicks has its place among the others in lists.
async fn insert_counts(conn: &mut Conn, links: &[&Link]) -> failure::Result<()> {
    conn.insert(
        "insert into link_clicks (link_id, class, workspace_id, n)",
        links,
        "on conflict (link_id, class) do nothing",
        |link, args| {
            let (id, workspace) = (link.id.number(), link.workspace.number());
            args.extend([id, Class::Person.number().into(), workspace, 0].map(Arg::from));
        },
    )
    .await
}

async fn insert_rows(conn: &mut Conn, change: i64, links: &[&NewLink]) -> failure::Result<()> {
    conn.insert(
        "insert into links (id, workspace_id, destination, destination_hash, title, description,
                            tags, folder, enabled, archived, status, forward_query, starts_at,
                            expires_at, expired_destination, click_limit, limit_counts,
                            password_hash, card, parameters, cloaked, redirects,
                            tracks_conversions, delete_at, kept, pixels, revision, version, change,
                            created_at, updated_at)",
        links,
        "",
        |new, args| {
            args.extend_from_slice(&[
                new.link.id.number().into(),
                new.link.workspace.number().into(),
            ]);
            args.extend(settings(&new.link, &new.texts));
            args.extend_from_slice(&[change.into(), new.link.created_at.as_millisecond().into()]);
            args.push(new.link.updated_at.as_millisecond().into());
        },
    )
    .await
    .map_err(taken(What::Link))
}

/// The columns from `destination` to `version`.
pub(super) fn settings<'a>(link: &'a Link, texts: &'a Texts) -> [Arg<'a>; 26] {
    let limit = link.click_limit.map(|limit| i64::try_from(limit).unwrap_or(i64::MAX));
    [
        link.destination.authored().into(),
        texts.destination_hash.into(),
        (&link.title).into(),
        (&link.description).into(),
        (&texts.tags).into(),
        (&link.folder).into(),
        link.enabled.into(),
        link.archived.into(),
        i64::from(link.status.code()).into(),
        link.forward_query.into(),
        value::milliseconds(link.starts_at).into(),
        value::milliseconds(link.expires_at).into(),
        Arg::Text(link.expired_destination.as_ref().map(Destination::authored)),
        limit.into(),
        (link.limit_counts == Counted::Everyone).into(),
        (&link.password_hash).into(),
        (&texts.card).into(),
        (&texts.parameters).into(),
        link.cloaked.into(),
        link.redirects.number().into(),
        link.tracks_conversions.into(),
        value::milliseconds(link.delete_at).into(),
        (&texts.kept).into(),
        (&texts.pixels).into(),
        link.revision.into(),
        link.version.into(),
    ]
}

/// An address as it is stored.
pub(super) struct AddressRow<'a> {
    link: &'a Link,
    address: &'a Address,
    key: String,
    position: i64,
}

/// How the domains compare slugs.
pub(super) async fn slugs(
    conn: &mut Conn,
    domains: impl Iterator<Item = DomainId>,
) -> failure::Result<HashMap<DomainId, Slugs>> {
    let mut slugs = HashMap::new();
    for domain in domains.collect::<BTreeSet<_>>() {
        let sql = "select workspace_id, case_sensitive from domains where id = $1";
        let Some(row) = conn.fetch_optional(sql, &[domain.number().into()]).await? else {
            continue;
        };
        let workspace = value::id(row.int("workspace_id")?)?;
        slugs.insert(domain, Slugs { workspace, case_sensitive: row.truth("case_sensitive")? });
    }
    Ok(slugs)
}

/// A link lives on domains of its own workspace.
pub(super) fn check_addresses(
    link: &Link,
    slugs: &HashMap<DomainId, Slugs>,
) -> failure::Result<()> {
    let own = |address: &Address| {
        slugs.get(&address.domain).is_some_and(|slugs| slugs.workspace == link.workspace)
    };
    if link.addresses.iter().all(own) { Ok(()) } else { Err(Error::NotFound(What::Domain).into()) }
}

pub(super) fn address_rows<'a>(
    link: &'a Link,
    slugs: &HashMap<DomainId, Slugs>,
) -> impl Iterator<Item = AddressRow<'a>> {
    link.addresses.iter().zip(0..).map(|(address, position)| {
        let case_sensitive = slugs.get(&address.domain).is_some_and(|slugs| slugs.case_sensitive);
        AddressRow { link, address, key: address.slug.key(case_sensitive), position }
    })
}

pub(super) async fn insert_addresses(
    conn: &mut Conn,
    rows: &[AddressRow<'_>],
) -> failure::Result<()> {
    conn.insert(
        "insert into addresses (domain_id, key, shown, link_id, workspace_id, position)",
        rows,
        "",
        |row, args| {
            args.extend_from_slice(&[row.address.domain.number().into(), (&row.key).into()]);
            args.extend_from_slice(&[
                row.address.slug.as_str().into(),
                row.link.id.number().into(),
            ]);
            args.extend_from_slice(&[row.link.workspace.number().into(), row.position.into()]);
        },
    )
    .await
    .map_err(taken(What::Slug))
}

pub(super) async fn insert_tags(conn: &mut Conn, links: &[&Link]) -> failure::Result<()> {
    let rows: Vec<(&Link, &String)> =
        links.iter().flat_map(|link| link.tags.iter().map(move |tag| (*link, tag))).collect();
    conn.insert(
        "insert into link_tags (workspace_id, tag, link_id)",
        &rows,
        // A tag that a link lists twice is found once.
        "on conflict (workspace_id, tag, link_id) do nothing",
        |&(link, tag), args| {
            args.extend_from_slice(&[
                link.workspace.number().into(),
                tag.into(),
                link.id.number().into(),
            ]);
        },
    )
    .await
}

pub(super) async fn insert_rules(conn: &mut Conn, links: &[&Link]) -> failure::Result<()> {
    let rows: Vec<(&Link, &Rule)> =
        links.iter().flat_map(|link| link.rules.iter().map(move |rule| (*link, rule))).collect();
    let insert = "insert into rules (rule_id, link_id, workspace_id, origin_id)";
    conn.insert(insert, &rows, "", |&(link, rule), args| {
        let (id, workspace) = (link.id.number(), link.workspace.number());
        args.extend_from_slice(&[rule.id.number().into(), id.into(), workspace.into()]);
        args.push(rule.origin.map(RuleId::number).into());
    })
    .await
    .map_err(taken(What::Rule))
}
