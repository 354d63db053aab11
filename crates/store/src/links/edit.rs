//! Saving a link again, and deleting it.

use std::sync::Arc;

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{
    DomainId, Error, EventKind, Happened, Link, LinkId, Result, Revision, What, WorkspaceId,
};

use super::{link, rows, select};
use crate::{Store, db::Conn, failure, value, writer::Tx};

impl Store {
    /// Saves an edit, unless the link was saved since `before` was read. A new revision is written
    /// where the number is a new one.
    pub async fn update_link(&self, before: &Link, after: &Link, author: &str) -> Result<()> {
        if before.id != after.id || before.workspace != after.workspace {
            return Err(Error::internal("an edit gave a link another id or workspace"));
        }
        let edit = Arc::new((before.clone(), after.clone(), author.to_owned()));
        self.writer
            .announce(move |tx| {
                let edit = Arc::clone(&edit);
                async move {
                    let (before, after, author) = &*edit;
                    update(tx, before, after, author).await
                }
                .boxed()
            })
            .await
    }

    /// The links of every workspace whose end has come: those that were to be deleted by now, and
    /// those that have expired on a domain in `purging`. At most `limit`.
    pub async fn links_to_delete(
        &self,
        now: Timestamp,
        purging: &[DomainId],
        limit: i64,
    ) -> Result<Vec<(WorkspaceId, LinkId)>> {
        let now = now.as_millisecond();
        let due = "
            select workspace_id, id from links
            where delete_at is not null and delete_at <= $1 and deleted_at is null
            order by id limit $2";
        let mut conn = self.db.read().await?;
        let mut rows = conn.fetch_all(due, &[now.into(), limit.into()]).await?;
        for domain in purging {
            let expired = "
                select l.workspace_id, l.id from links l join addresses a on a.link_id = l.id
                where a.domain_id = $1 and a.position = 0 and l.expires_at <= $2
                  and l.deleted_at is null
                order by l.id limit $3";
            let args = [domain.number().into(), now.into(), limit.into()];
            rows.extend(conn.fetch_all(expired, &args).await?);
        }
        let ids = rows
            .iter()
            .take(limit as usize)
            .map(|row| Ok((value::id(row.int("workspace_id")?)?, value::id(row.int("id")?)?)));
        Ok(ids.collect::<failure::Result<_>>()?)
    }

    /// Deletes a link: its addresses are free again at once, its revisions stay, and it can be
    /// [brought back](Store::undelete_link) for a while.
    pub async fn delete_link(
        &self,
        workspace: WorkspaceId,
        id: LinkId,
        now: Timestamp,
    ) -> Result<()> {
        self.writer
            .announce(move |tx| {
                async move {
                    tell_of_deletion(tx, workspace, id, now).await?;
                    let sql = "
                        update links
                        set deleted_at = $3, updated_at = $3, version = version + 1, change = $4
                        where id = $1 and workspace_id = $2 and deleted_at is null";
                    let (now, change) = (now.as_millisecond(), tx.change);
                    let (link, workspace) = (id.number(), workspace.number());
                    let args = [link.into(), workspace.into(), now.into(), change.into()];
                    if tx.conn.execute(sql, &args).await? == 0 {
                        return Err(Error::NotFound(What::Link).into());
                    }
                    let sql = "
                        insert into deleted_addresses
                            (link_id, position, domain_id, key, shown, workspace_id)
                        select link_id, position, domain_id, key, shown, workspace_id
                        from addresses where link_id = $1";
                    tx.conn.execute(sql, &[link.into()]).await?;
                    release_addresses(&mut tx.conn, id).await?;
                    forget_tags(&mut tx.conn, id).await?;
                    forget_rules(&mut tx.conn, id).await
                }
                .boxed()
            })
            .await
    }
}

pub(crate) async fn update(
    tx: &mut Tx,
    before: &Link,
    after: &Link,
    author: &str,
) -> failure::Result<()> {
    let sql = "
        update links
        set destination = $4, destination_hash = $5, title = $6, description = $7, tags = $8,
            folder = $9, enabled = $10, archived = $11, status = $12, forward_query = $13,
            starts_at = $14, expires_at = $15, expired_destination = $16, click_limit = $17,
            limit_counts = $18, password_hash = $19, card = $20, parameters = $21,
            cloaked = $22, redirects = $23, tracks_conversions = $24, delete_at = $25,
            kept = $26, pixels = $27, revision = $28, version = $29, change = $30, updated_at = $31
        where id = $1 and workspace_id = $2 and version = $3 and deleted_at is null";
    let (id, workspace) = (after.id.number(), after.workspace.number());
    let texts = rows::Texts::of(after);
    let mut args = vec![id.into(), workspace.into(), before.version.into()];
    args.extend(rows::settings(after, &texts));
    args.extend_from_slice(&[tx.change.into(), after.updated_at.as_millisecond().into()]);
    if tx.conn.execute(sql, &args).await? == 0 {
        let sql = "
            select 1 from links where id = $1 and workspace_id = $2 and deleted_at is null";
        let there = tx.conn.fetch_optional(sql, &[id.into(), workspace.into()]).await?;
        return Err(there.map_or(Error::NotFound(What::Link), |_| Error::Stale).into());
    }
    if before.revision != after.revision {
        insert_revision(&mut tx.conn, after, author).await?;
        forget_rules(&mut tx.conn, after.id).await?;
        rows::insert_rules(&mut tx.conn, &[after]).await?;
    }
    if before.addresses != after.addresses {
        let domains = after.addresses.iter().map(|address| address.domain);
        let slugs = rows::slugs(&mut tx.conn, domains).await?;
        rows::check_addresses(after, &slugs)?;
        release_addresses(&mut tx.conn, after.id).await?;
        let rows: Vec<_> = rows::address_rows(after, &slugs).collect();
        rows::insert_addresses(&mut tx.conn, &rows).await?;
    }
    if before.tags != after.tags {
        forget_tags(&mut tx.conn, after.id).await?;
        rows::insert_tags(&mut tx.conn, &[after]).await?;
    }
    tx.happened(&[Happened::LinkUpdated(after)]).await
}

/// Puts down that a link goes, as it was.
async fn tell_of_deletion(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: LinkId,
    now: Timestamp,
) -> failure::Result<()> {
    if !tx.is_heard(workspace, EventKind::LinkDeleted).await? {
        return Ok(());
    }
    let sql = select("where l.workspace_id = $1 and l.id = $2 and l.deleted_at is null");
    let args = [workspace.number().into(), id.number().into()];
    match tx.conn.fetch_optional(sql, &args).await? {
        Some(row) => tx.happened(&[Happened::LinkDeleted(&link(&row)?, now)]).await,
        None => Ok(()),
    }
}

async fn insert_revision(conn: &mut Conn, link: &Link, author: &str) -> failure::Result<()> {
    let sql = "
        insert into revisions (link_id, number, workspace_id, body, author, created_at)
        values ($1, $2, $3, $4, $5, $6)";
    let body = Revision::body(link);
    let (id, workspace) = (link.id.number(), link.workspace.number());
    let at = link.updated_at.as_millisecond();
    let args = [
        id.into(),
        link.revision.into(),
        workspace.into(),
        (&body).into(),
        author.into(),
        at.into(),
    ];
    conn.execute(sql, &args).await.map(drop)
}

async fn release_addresses(conn: &mut Conn, id: LinkId) -> failure::Result<()> {
    conn.execute("delete from addresses where link_id = $1", &[id.number().into()]).await.map(drop)
}

async fn forget_tags(conn: &mut Conn, id: LinkId) -> failure::Result<()> {
    conn.execute("delete from link_tags where link_id = $1", &[id.number().into()]).await.map(drop)
}

async fn forget_rules(conn: &mut Conn, id: LinkId) -> failure::Result<()> {
    conn.execute("delete from rules where link_id = $1", &[id.number().into()]).await.map(drop)
}
