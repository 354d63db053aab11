//! Links, with everything that belongs to one.

mod bin;
pub(crate) mod edit;
mod filter;
pub(crate) mod insert;
mod listed;
pub(crate) mod rows;

use model::{
    Address, Counted, DomainId, Error, Host, Link, LinkId, Plan, Redirects, Result, RuleId, Slug,
    Status, What, WorkspaceId,
};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, SqlSafeStr};

pub use filter::{Filter, STATES, State};
pub use listed::{By, Key, Order, Place};

use crate::{
    Store,
    db::{Arg, Row},
    failure::{self, Failure},
    value,
};

/// Addresses that are looked for at a time.
const AT_ONCE: usize = 500;

impl Store {
    pub async fn link(&self, workspace: WorkspaceId, id: LinkId) -> Result<Link> {
        let args = [workspace.number().into(), id.number().into()];
        let sql = select("where l.workspace_id = $1 and l.id = $2 and l.deleted_at is null");
        self.one_link(sql, &args).await?.ok_or(Error::NotFound(What::Link))
    }

    /// The link at an address; `key` is the slug as its domain compares slugs.
    pub async fn link_by_address(
        &self,
        workspace: WorkspaceId,
        domain: DomainId,
        key: &str,
    ) -> Result<Link> {
        let args = [workspace.number().into(), domain.number().into(), key.into()];
        let sql = select(
            "where l.workspace_id = $1 and l.deleted_at is null and l.id =
                 (select link_id from addresses where domain_id = $2 and key = $3)",
        );
        self.one_link(sql, &args).await?.ok_or(Error::NotFound(What::Link))
    }

    /// The links at some addresses of a domain; `keys` are slugs as the domain compares them.
    pub async fn links_at(
        &self,
        workspace: WorkspaceId,
        domain: DomainId,
        keys: &[String],
    ) -> Result<Vec<Link>> {
        let mut links = Vec::new();
        for keys in keys.chunks(AT_ONCE) {
            let places: Vec<String> =
                (3..keys.len() + 3).map(|place| format!("${place}")).collect();
            let sql = select(&format!(
                "where l.workspace_id = $1 and l.deleted_at is null and l.id in
                     (select link_id from addresses where domain_id = $2 and key in ({}))",
                places.join(", ")
            ));
            let mut args = vec![workspace.number().into(), domain.number().into()];
            args.extend(keys.iter().map(Arg::from));
            links.extend(self.many_links(sql, &args).await?);
        }
        Ok(links)
    }

    /// The link that has a rule.
    pub async fn link_of_rule(&self, workspace: WorkspaceId, rule: RuleId) -> Result<Link> {
        let args = [workspace.number().into(), rule.number().into()];
        let sql = select(
            "where l.workspace_id = $1 and l.deleted_at is null and l.id =
                 (select link_id from rules where rule_id = $2)",
        );
        self.one_link(sql, &args).await?.ok_or(Error::NotFound(What::Rule))
    }

    /// Whether a link was there and was deleted.
    pub async fn was_deleted(&self, workspace: WorkspaceId, id: LinkId) -> Result<bool> {
        let sql = "
            select 1 from links where workspace_id = $1 and id = $2 and deleted_at is not null";
        let args = [workspace.number().into(), id.number().into()];
        Ok(self.db.read().await?.fetch_optional(sql, &args).await?.is_some())
    }

    /// The links that have a rule or a copy of it, oldest first.
    pub async fn links_of_origin(
        &self,
        workspace: WorkspaceId,
        origin: RuleId,
    ) -> Result<Vec<Link>> {
        let args = [workspace.number().into(), origin.number().into()];
        let sql = select(
            "where l.workspace_id = $1 and l.deleted_at is null and l.id in
                 (select link_id from rules where rule_id = $2 or origin_id = $2)
             order by l.id",
        );
        self.many_links(sql, &args).await
    }

    /// The links of a domain whose destination was written so, oldest first.
    pub async fn links_to(
        &self,
        workspace: WorkspaceId,
        domain: DomainId,
        destination: &str,
    ) -> Result<Vec<Link>> {
        let hash = destination_hash(destination);
        let (workspace, domain) = (workspace.number(), domain.number());
        let args = [workspace.into(), hash.into(), destination.into(), domain.into()];
        let sql = select(
            "where l.workspace_id = $1 and l.destination_hash = $2 and l.destination = $3
                 and l.deleted_at is null and exists
                 (select 1 from addresses a where a.link_id = l.id and a.domain_id = $4)
             order by l.id",
        );
        self.many_links(sql, &args).await
    }

    async fn one_link(&self, sql: impl SqlSafeStr, args: &[Arg<'_>]) -> Result<Option<Link>> {
        let row = self.db.read().await?.fetch_optional(sql, args).await?;
        Ok(row.as_ref().map(link).transpose()?)
    }

    async fn many_links(&self, sql: impl SqlSafeStr, args: &[Arg<'_>]) -> Result<Vec<Link>> {
        let rows = self.db.read().await?.fetch_all(sql, args).await?;
        Ok(rows.iter().map(link).collect::<failure::Result<_>>()?)
    }
}

/// Reads links (`l`) with their revision and addresses in one statement, so that no write falls in
/// between. Neither hosts nor slugs hold spaces.
pub(crate) fn select(which: &str) -> AssertSqlSafe<String> {
    select_from("addresses", which)
}

/// [`select`] with the addresses of this table.
fn select_from(addresses: &str, which: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "select l.id, l.workspace_id, l.title, l.description, l.tags, l.folder, l.enabled,
                l.archived, l.status, l.forward_query, l.starts_at, l.expires_at,
                l.expired_destination, l.click_limit, l.limit_counts, l.password_hash, l.card,
                l.parameters, l.cloaked, l.redirects, l.tracks_conversions, l.delete_at, l.kept,
                l.pixels,
                l.revision, l.version, l.change, l.created_at, l.updated_at, l.deleted_at, r.body,
                (select string_agg(a.domain_id || ' ' || d.host || ' ' || a.shown, ' '
                                   order by a.position)
                 from {addresses} a join domains d on d.id = a.domain_id
                 where a.link_id = l.id) as addresses
         from links l join revisions r on r.link_id = l.id and r.number = l.revision {which}"
    ))
}

pub(crate) fn link(row: &Row) -> failure::Result<Link> {
    let Plan { destination, default_split, rules } =
        Plan::read(row.text("body")?).map_err(value::stored)?;
    let click_limit = row.maybe_int("click_limit")?.map(u64::try_from).transpose();
    Ok(Link {
        id: value::id(row.int("id")?)?,
        workspace: value::id(row.int("workspace_id")?)?,
        addresses: addresses(row.maybe_text("addresses")?.unwrap_or_default())?,
        destination,
        default_split,
        title: value::owned(row.maybe_text("title")?),
        description: value::owned(row.maybe_text("description")?),
        tags: value::list(row.text("tags")?)?,
        folder: value::owned(row.maybe_text("folder")?),
        enabled: row.truth("enabled")?,
        archived: row.truth("archived")?,
        status: Status::new("status", row.int("status")?).map_err(value::stored)?,
        forward_query: row.truth("forward_query")?,
        parameters: value::from_json(row.text("parameters")?)?,
        cloaked: row.truth("cloaked")?,
        redirects: Redirects::numbered(row.int("redirects")?).unwrap_or_default(),
        tracks_conversions: row.truth("tracks_conversions")?,
        starts_at: value::maybe_time(row.maybe_int("starts_at")?)?,
        expires_at: value::maybe_time(row.maybe_int("expires_at")?)?,
        expired_destination: row
            .maybe_text("expired_destination")?
            .map(value::destination)
            .transpose()?,
        delete_at: value::maybe_time(row.maybe_int("delete_at")?)?,
        click_limit: click_limit.map_err(Failure::internal)?,
        limit_counts: if row.truth("limit_counts")? { Counted::Everyone } else { Counted::People },
        password_hash: value::owned(row.maybe_text("password_hash")?),
        card: row.maybe_text("card")?.map(value::from_json).transpose()?,
        pixels: value::ids(row.text("pixels")?)?,
        kept: value::from_json(row.text("kept")?)?,
        rules,
        revision: row.int("revision")?,
        version: row.int("version")?,
        created_at: value::time(row.int("created_at")?)?,
        updated_at: value::time(row.int("updated_at")?)?,
    })
}

/// Reads `12 go.example.com spring 12 go.example.com lenz`.
fn addresses(text: &str) -> failure::Result<Vec<Address>> {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let read = |words: &[&str]| {
        let [domain, host, shown] = words else {
            return Err(Failure::internal(format!("{text:?} is stored as addresses")));
        };
        Ok(Address {
            domain: value::id(domain.parse().map_err(Failure::internal)?)?,
            host: Host::parse(host).map_err(value::stored)?,
            slug: Slug::parse(shown, false).map_err(value::stored)?,
        })
    };
    words.chunks(3).map(read).collect()
}

/// The first 64 bits of a destination's SHA-256: as good as the text for finding it.
fn destination_hash(destination: &str) -> i64 {
    let hash: [u8; 32] = Sha256::digest(destination.as_bytes()).into();
    let (first, _) = hash.split_first_chunk().expect("32 bytes hold 8");
    i64::from_be_bytes(*first)
}
