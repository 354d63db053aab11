//! Deleted links, which can be brought back for a while.

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{DomainId, Error, Happened, Link, LinkId, Result, What, WorkspaceId};
use sqlx::AssertSqlSafe;

use super::{link, rows, select_from};
use crate::{
    Store,
    db::{Arg, Row},
    failure::{self, taken},
    value,
};

impl Store {
    /// The links that were deleted since a moment and had an address, the last one first: those before
    /// a moment and a link, at most `limit`, each with when it was deleted.
    pub async fn deleted_links(
        &self,
        workspace: WorkspaceId,
        domains: Option<&[DomainId]>,
        since: Timestamp,
        before: Option<(Timestamp, LinkId)>,
        limit: i64,
    ) -> Result<Vec<(Link, Timestamp)>> {
        let (at, id) =
            before.map_or((i64::MAX, i64::MAX), |(at, link)| (at.as_millisecond(), link.number()));
        let mut args: Vec<Arg<'_>> =
            vec![workspace.number().into(), since.as_millisecond().into(), at.into(), id.into()];
        args.push(limit.into());
        let mut on = String::new();
        if let Some(domains) = domains {
            let places: Vec<String> =
                (6..domains.len() + 6).map(|place| format!("${place}")).collect();
            let list = if places.is_empty() { "null".to_owned() } else { places.join(", ") };
            on = format!("and b.domain_id in ({list})");
            args.extend(domains.iter().map(|domain| Arg::from(domain.number())));
        }
        let sql = select_from(
            "deleted_addresses",
            &format!(
                "where l.workspace_id = $1 and $2 <= l.deleted_at and (l.deleted_at, l.id) < ($3, $4)
                   and exists (select 1 from deleted_addresses b join domains e on e.id = b.domain_id
                               where b.link_id = l.id and b.position = 0 {on})
                 order by l.deleted_at desc, l.id desc limit $5"
            ),
        );
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let read = |row: &Row| {
            let at = value::maybe_time(row.maybe_int("deleted_at")?)?;
            Ok((link(row)?, at.unwrap_or_default()))
        };
        Ok(rows.iter().map(read).collect::<failure::Result<_>>()?)
    }

    /// A link that was deleted since a moment; none where there is no such link.
    pub async fn deleted_link(
        &self,
        workspace: WorkspaceId,
        id: LinkId,
        since: Timestamp,
    ) -> Result<Option<Link>> {
        let sql = select_from(
            "deleted_addresses",
            "where l.workspace_id = $1 and l.id = $2 and $3 <= l.deleted_at",
        );
        let args = [workspace.number().into(), id.number().into(), since.as_millisecond().into()];
        self.one_link(sql, &args).await
    }

    /// Brings back a link that was deleted since a moment, with all that it had. Where another link has
    /// one of its addresses now, that is [`Error::Taken`].
    pub async fn undelete_link(
        &self,
        workspace: WorkspaceId,
        id: LinkId,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Link> {
        self.writer
            .announce(move |tx| {
                async move {
                    let missing = || Error::NotFound(What::Link);
                    let (link_id, since) = (id.number(), since.as_millisecond());
                    let of = [workspace.number().into(), link_id.into()];
                    // What was to go by itself by now would go again at once.
                    let sql = "
                        update links
                        set deleted_at = null, updated_at = $4, version = version + 1, change = $5,
                            delete_at = case when delete_at <= $4 then null else delete_at end
                        where workspace_id = $1 and id = $2 and $3 <= deleted_at";
                    let now = now.as_millisecond();
                    let args = [of[0], of[1], since.into(), now.into(), tx.change.into()];
                    if tx.conn.execute(sql, &args).await? == 0 {
                        return Err(missing().into());
                    }
                    // Of domains that are there still.
                    let sql = "
                        insert into addresses (domain_id, key, shown, link_id, workspace_id, position)
                        select b.domain_id, b.key, b.shown, b.link_id, b.workspace_id, b.position
                        from deleted_addresses b join domains d on d.id = b.domain_id
                        where b.workspace_id = $1 and b.link_id = $2";
                    tx.conn.execute(sql, &of).await.map_err(taken(What::Slug))?;
                    let sql = "delete from deleted_addresses where link_id = $1";
                    tx.conn.execute(sql, &of[1..]).await?;
                    let sql = super::select("where l.workspace_id = $1 and l.id = $2");
                    let row = tx.conn.fetch_optional(sql, &of).await?;
                    let back = link(&row.ok_or_else(missing)?)?;
                    if back.addresses.is_empty() {
                        return Err(missing().into());
                    }
                    rows::insert_tags(&mut tx.conn, &[&back]).await?;
                    rows::insert_rules(&mut tx.conn, &[&back]).await?;
                    tx.happened(&[Happened::LinkCreated(&back)]).await?;
                    Ok(back)
                }
                .boxed()
            })
            .await
    }

    /// Forgets what only links that were deleted before a moment would need to come back, of at most
    /// `limit` of them; how many they were.
    pub async fn empty_bin(&self, before: Timestamp, limit: i64) -> Result<u64> {
        self.writer
            .write(move |tx| {
                async move {
                    let old = "
                        select b.link_id from deleted_addresses b join links l on l.id = b.link_id
                        where b.position = 0 and l.deleted_at < $1 order by b.link_id limit $2";
                    let args = [before.as_millisecond().into(), limit.into()];
                    let rows = tx.conn.fetch_all(old, &args).await?;
                    for row in &rows {
                        let link = row.int("link_id")?;
                        for table in
                            ["deleted_addresses", "drafts", "link_tests", "link_permissions"]
                        {
                            let sql = format!("delete from {table} where link_id = $1");
                            tx.conn.execute(AssertSqlSafe(sql), &[link.into()]).await?;
                        }
                    }
                    Ok(rows.len() as u64)
                }
                .boxed()
            })
            .await
    }
}
