//! What was asked for where no link is: counts by domain and day, of a bounded number of slugs.

use std::sync::Arc;

use futures_util::FutureExt;
use model::{DomainId, Result, WorkspaceId};

use crate::{
    Store,
    db::Conn,
    failure::{self, Failure},
    value,
};

/// How often a slug of a domain was asked for on a UTC day since 1970. An empty slug is all those for
/// which there was no room.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmatched {
    pub domain: DomainId,
    pub day: i64,
    pub slug: String,
    pub workspace: WorkspaceId,
    pub times: i64,
}

/// Which rows are asked for.
#[derive(Clone, Debug)]
pub struct UnmatchedOf {
    pub domain: DomainId,
    /// From one day up to another.
    pub from: i64,
    pub to: i64,
}

impl Store {
    /// Counts what was asked for. A domain and a day keep so many slugs at most; a new one takes the
    /// place of the one that was asked for least, if that was no more often.
    pub async fn count_unmatched(&self, mut found: Vec<Unmatched>, most: i64) -> Result<()> {
        // Two nodes that lock the same rows in the same order do not wait for each other for ever.
        found.sort_unstable();
        let found = Arc::new(found);
        self.clicks
            .write(move |tx| {
                let found = Arc::clone(&found);
                async move {
                    for unmatched in found.iter() {
                        count(&mut tx.conn, unmatched, most).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    /// The slugs of a domain with how often each was asked for, the most wanted first.
    pub async fn unmatched(&self, of: &UnmatchedOf, limit: i64) -> Result<Vec<(String, i64)>> {
        let sql = "
            select slug, cast(sum(n) as bigint) as times from unmatched
            where domain_id = $1 and $2 <= day and day < $3
            group by slug order by times desc, slug limit $4";
        let args = [of.domain.number().into(), of.from.into(), of.to.into(), limit.into()];
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let read = |row: &crate::db::Row| Ok((row.text("slug")?.to_owned(), row.int("times")?));
        Ok(rows.iter().map(read).collect::<failure::Result<_>>()?)
    }

    /// How often each domain of a workspace was asked for what it has not.
    pub async fn unmatched_domains(
        &self,
        workspace: WorkspaceId,
        (from, to): (i64, i64),
    ) -> Result<Vec<(DomainId, i64)>> {
        let sql = "
            select domain_id, cast(sum(n) as bigint) as times from unmatched
            where workspace_id = $1 and $2 <= day and day < $3
            group by domain_id order by domain_id";
        let args = [workspace.number().into(), from.into(), to.into()];
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let read =
            |row: &crate::db::Row| Ok((value::id(row.int("domain_id")?)?, row.int("times")?));
        Ok(rows.iter().map(read).collect::<failure::Result<_>>()?)
    }

    /// Drops the counts of the days before this one.
    pub async fn drop_unmatched_before(&self, day: i64) -> Result<()> {
        self.clicks
            .write(move |tx| {
                async move {
                    let sql = "delete from unmatched where day < $1";
                    tx.conn.execute(sql, &[day.into()]).await.map(drop)
                }
                .boxed()
            })
            .await
    }
}

async fn count(conn: &mut Conn, unmatched: &Unmatched, most: i64) -> failure::Result<()> {
    let Unmatched { domain, day, slug, times, .. } = unmatched;
    if slug.is_empty() {
        return put(conn, unmatched, slug, *times).await;
    }
    if add(conn, unmatched, slug, *times).await? {
        return Ok(());
    }
    let (domain, day) = (domain.number(), *day);
    let sql = "
        select count(*) as kept from unmatched where domain_id = $1 and day = $2 and slug <> ''";
    let row = conn.fetch_optional(sql, &[domain.into(), day.into()]).await?;
    if row.map_or(Ok(0), |row| row.int("kept"))? < most {
        return put(conn, unmatched, slug, *times).await;
    }
    let sql = "
        select slug, n from unmatched where domain_id = $1 and day = $2 and slug <> ''
        order by n, slug limit 1";
    let least = conn.fetch_optional(sql, &[domain.into(), day.into()]).await?;
    let least = least.ok_or_else(|| Failure::internal("no slug where there were many"))?;
    let (other, n) = (least.text("slug")?.to_owned(), least.int("n")?);
    if *times < n {
        return put(conn, unmatched, "", *times).await;
    }
    let sql = "delete from unmatched where domain_id = $1 and day = $2 and slug = $3";
    conn.execute(sql, &[domain.into(), day.into(), (&other).into()]).await?;
    put(conn, unmatched, "", n).await?;
    put(conn, unmatched, slug, *times).await
}

/// Whether the slug was there.
async fn add(
    conn: &mut Conn,
    unmatched: &Unmatched,
    slug: &str,
    times: i64,
) -> failure::Result<bool> {
    let sql = "update unmatched set n = n + $4 where domain_id = $1 and day = $2 and slug = $3";
    let args = [unmatched.domain.number().into(), unmatched.day.into(), slug.into(), times.into()];
    Ok(conn.execute(sql, &args).await? != 0)
}

async fn put(
    conn: &mut Conn,
    unmatched: &Unmatched,
    slug: &str,
    times: i64,
) -> failure::Result<()> {
    let sql = "
        insert into unmatched (domain_id, day, slug, workspace_id, n) values ($1, $2, $3, $4, $5)
        on conflict (domain_id, day, slug) do update set n = unmatched.n + excluded.n";
    let args = [
        unmatched.domain.number().into(),
        unmatched.day.into(),
        slug.into(),
        unmatched.workspace.number().into(),
        times.into(),
    ];
    conn.execute(sql, &args).await.map(drop)
}
