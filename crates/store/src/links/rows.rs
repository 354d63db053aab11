//! The rows of links: one statement a table, for one link and for many.

use std::collections::{BTreeSet, HashMap, HashSet};

use model::{
    Address, Class, Counted, Destination, DomainId, Error, Link, LinkId, Result, Rule, RuleId,
    What, WorkspaceId,
};

use super::{destination_hash, insert::NewLink};
use crate::{
    db::{Arg, Conn, Rows},
    failure::{self, taken},
    value,
};

/// What of a link is stored in another form than it has.
pub(super) struct Texts {
    destination_hash: i64,
    tags: String,
    card: Option<String>,
    parameters: String,
    kept: String,
    pixels: String,
}

/// The domains that a writer met, as of its last transaction.
#[derive(Default)]
pub(crate) struct Domains {
    /// The version counter's value then.
    as_of: i64,
    known: HashMap<DomainId, Slugs>,
}

/// How the slugs of a domain are compared, and whose it is.
pub(super) struct Slugs {
    workspace: WorkspaceId,
    case_sensitive: bool,
}

/// An address as it is stored.
pub(super) struct AddressRow<'a> {
    link: &'a Link,
    address: &'a Address,
    key: String,
    position: i64,
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

pub(super) fn links<'a>(change: i64, new: &'a [&'a NewLink]) -> Rows<'a> {
    let insert = "
        insert into links (id, workspace_id, destination, destination_hash, title, description, tags,
                           folder, enabled, archived, status, forward_query, starts_at, expires_at,
                           expired_destination, click_limit, limit_counts, password_hash, card,
                           parameters, cloaked, redirects, tracks_conversions, delete_at, kept,
                           pixels, revision, version, change, created_at, updated_at)";
    Rows::new(insert, new, |new, args| {
        let link = new.link();
        args.extend_from_slice(&[link.id.number().into(), link.workspace.number().into()]);
        args.extend(settings(link, new.texts()));
        let (created, updated) = (link.created_at, link.updated_at);
        args.extend([change, created.as_millisecond(), updated.as_millisecond()].map(Arg::from));
    })
}

pub(super) fn revisions<'a>(new: &'a [&'a NewLink]) -> Rows<'a> {
    let insert = "
        insert into revisions (link_id, number, workspace_id, body, author, created_at)";
    Rows::new(insert, new, |new, args| {
        let link = new.link();
        let numbers = [link.id.number(), link.revision, link.workspace.number()];
        args.extend(numbers.map(Arg::from));
        args.extend_from_slice(&[new.body().into(), new.author().into()]);
        args.push(link.updated_at.as_millisecond().into());
    })
}

/// A link without clicks has its place among the others in lists.
pub(super) fn counts<'a>(new: &'a [&'a NewLink]) -> Rows<'a> {
    let insert = "insert into link_clicks (link_id, class, workspace_id, n)";
    let rows = Rows::new(insert, new, |new, args| {
        let (id, workspace) = (new.link().id.number(), new.link().workspace.number());
        args.extend([id, Class::Person.number().into(), workspace, 0].map(Arg::from));
    });
    rows.on_conflict("on conflict (link_id, class) do nothing")
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

impl Domains {
    /// How the domains of new links compare slugs. Whoever changes one raises the counter: as long as
    /// nobody else did, what is known still holds.
    pub(super) async fn slugs(
        &mut self,
        conn: &mut Conn,
        change: i64,
        domains: impl Iterator<Item = DomainId> + Clone,
    ) -> failure::Result<&HashMap<DomainId, Slugs>> {
        if self.as_of + 1 != change {
            self.forget();
        }
        if !domains.clone().all(|domain| self.known.contains_key(&domain)) {
            self.known.extend(slugs(conn, domains).await?);
        }
        Ok(&self.known)
    }

    /// Holds on to what is known, now that a transaction is through that changed no domain.
    pub(crate) fn hold(&mut self, change: i64) {
        self.as_of = change;
    }

    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }
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
pub(super) fn check_addresses(link: &Link, slugs: &HashMap<DomainId, Slugs>) -> Result<()> {
    let own = |address: &Address| {
        slugs.get(&address.domain).is_some_and(|slugs| slugs.workspace == link.workspace)
    };
    if link.addresses.iter().all(own) { Ok(()) } else { Err(Error::NotFound(What::Domain)) }
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

pub(super) fn addresses<'a>(all: &'a [AddressRow<'a>]) -> Rows<'a> {
    let insert = "insert into addresses (domain_id, key, shown, link_id, workspace_id, position)";
    Rows::new(insert, all, |AddressRow { link, address, key, position }, args| {
        args.extend_from_slice(&[address.domain.number().into(), key.into()]);
        args.extend_from_slice(&[address.slug.as_str().into(), link.id.number().into()]);
        args.extend_from_slice(&[link.workspace.number().into(), (*position).into()]);
    })
}

/// Inserts all addresses, or fails where one is taken.
pub(super) async fn insert_addresses(
    conn: &mut Conn,
    all: &[AddressRow<'_>],
) -> failure::Result<()> {
    conn.insert(&addresses(all)).await.map(drop).map_err(taken(What::Slug))
}

/// Inserts those addresses that are free, the first where several are the same, and names the links
/// that did not get all of theirs.
pub(super) async fn insert_free_addresses(
    conn: &mut Conn,
    all: &[AddressRow<'_>],
) -> failure::Result<HashSet<LinkId>> {
    let rows = addresses(all).on_conflict("on conflict (domain_id, key) do nothing");
    if conn.insert(&rows).await? == rows.len() as u64 {
        return Ok(HashSet::new());
    }
    let mut missing: HashMap<i64, usize> = HashMap::new();
    all.iter().for_each(|row| *missing.entry(row.link.id.number()).or_default() += 1);
    let links: Vec<i64> = missing.keys().copied().collect();
    let sql = "select link_id from addresses where link_id in";
    for row in conn.fetch_among(sql, &links).await? {
        missing.entry(row.int("link_id")?).and_modify(|count| *count -= 1);
    }
    let taken = missing.into_iter().filter(|(_, count)| 0 < *count);
    taken.map(|(link, _)| value::id(link)).collect()
}

pub(super) async fn insert_tags(conn: &mut Conn, links: &[&Link]) -> failure::Result<()> {
    let all: Vec<(&Link, &String)> =
        links.iter().flat_map(|link| link.tags.iter().map(move |tag| (*link, tag))).collect();
    let insert = "insert into link_tags (workspace_id, tag, link_id)";
    let rows = Rows::new(insert, &all, |&(link, tag), args| {
        args.extend_from_slice(&[link.workspace.number().into(), tag.into()]);
        args.push(link.id.number().into());
    });
    // A tag that a link lists twice is found once.
    let rows = rows.on_conflict("on conflict (workspace_id, tag, link_id) do nothing");
    conn.insert(&rows).await.map(drop)
}

pub(super) async fn insert_rules(conn: &mut Conn, links: &[&Link]) -> failure::Result<()> {
    let all: Vec<(&Link, &Rule)> =
        links.iter().flat_map(|link| link.rules.iter().map(move |rule| (*link, rule))).collect();
    let insert = "insert into rules (rule_id, link_id, workspace_id, origin_id)";
    let rows = Rows::new(insert, &all, |&(link, rule), args| {
        let (id, workspace) = (link.id.number(), link.workspace.number());
        args.extend([rule.id.number(), id, workspace].map(Arg::from));
        args.push(rule.origin.map(RuleId::number).into());
    });
    conn.insert(&rows).await.map(drop).map_err(taken(What::Rule))
}
