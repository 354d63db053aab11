//! The drafts of links.

use std::sync::Arc;

use futures_util::FutureExt;
use model::{Error, Link, LinkId, Result, SavedDraft, What, WorkspaceId};

use crate::{
    Store,
    db::{Conn, Row},
    failure::{self, Failure},
    links::edit,
    value,
};

impl Store {
    pub async fn draft(&self, workspace: WorkspaceId, link: LinkId) -> Result<SavedDraft> {
        let sql = "
            select link_id, workspace_id, base, body, author, version, editors, created_at,
                   updated_at
            from drafts where link_id = $1 and workspace_id = $2 and exists
                (select 1 from links l where l.id = drafts.link_id and l.deleted_at is null)";
        let args = [link.number().into(), workspace.number().into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        Ok(draft(&row.ok_or(Error::NotFound(What::Draft))?)?)
    }

    /// Saves a draft whose version before was one less; the first has version 1. Somebody else's
    /// save in between is [`Error::Stale`].
    pub async fn save_draft(&self, draft: &SavedDraft) -> Result<()> {
        let draft = Arc::new(draft.clone());
        self.writer
            .write(move |tx| {
                let draft = Arc::clone(&draft);
                async move { save(&mut tx.conn, &draft).await }.boxed()
            })
            .await
    }

    /// Throws a draft away.
    pub async fn delete_draft(&self, workspace: WorkspaceId, link: LinkId) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "delete from drafts where link_id = $1 and workspace_id = $2";
                    let args = [link.number().into(), workspace.number().into()];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::NotFound(What::Draft).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }

    /// Saves what a draft makes of its link and throws the draft away, both or neither. A save of
    /// the link or of the draft in between is [`Error::Stale`].
    pub async fn publish_draft(
        &self,
        before: &Link,
        after: &Link,
        draft: &SavedDraft,
        author: &str,
    ) -> Result<()> {
        let (link, version) = (draft.link.number(), draft.version);
        let edit = Arc::new((before.clone(), after.clone(), author.to_owned()));
        self.writer
            .announce(move |tx| {
                let edit = Arc::clone(&edit);
                async move {
                    let sql = "delete from drafts where link_id = $1 and version = $2";
                    if tx.conn.execute(sql, &[link.into(), version.into()]).await? == 0 {
                        return Err(Error::Stale.into());
                    }
                    let (before, after, author) = &*edit;
                    edit::update(tx, before, after, author).await
                }
                .boxed()
            })
            .await
    }
}

async fn save(conn: &mut Conn, draft: &SavedDraft) -> failure::Result<()> {
    let body = draft.plan.body();
    let editors = serde_json::to_string(&draft.editors).map_err(Failure::internal)?;
    let (link, workspace) = (draft.link.number(), draft.workspace.number());
    let updated_at = draft.updated_at.as_millisecond();
    if draft.version == 1 {
        // Only for a link that is there; a draft that is there already was begun by someone else.
        let sql = "
            insert into drafts (link_id, workspace_id, base, body, author, version, editors,
                                created_at, updated_at)
            select id, workspace_id, $3, $4, $5, 1, $6, $7, $8 from links
            where id = $1 and workspace_id = $2 and deleted_at is null
            on conflict (link_id) do nothing";
        let args = [
            link.into(),
            workspace.into(),
            draft.base.into(),
            (&body).into(),
            (&draft.author).into(),
            (&editors).into(),
            draft.created_at.as_millisecond().into(),
            updated_at.into(),
        ];
        return stale_where_none(conn.execute(sql, &args).await?);
    }
    let sql = "
        update drafts
        set base = $4, body = $5, author = $6, version = version + 1, editors = $7, updated_at = $8
        where link_id = $1 and workspace_id = $2 and version = $3";
    let args = [
        link.into(),
        workspace.into(),
        (draft.version - 1).into(),
        draft.base.into(),
        (&body).into(),
        (&draft.author).into(),
        (&editors).into(),
        updated_at.into(),
    ];
    stale_where_none(conn.execute(sql, &args).await?)
}

fn stale_where_none(rows: u64) -> failure::Result<()> {
    if rows == 0 { Err(Error::Stale.into()) } else { Ok(()) }
}

fn draft(row: &Row) -> failure::Result<SavedDraft> {
    Ok(SavedDraft {
        link: value::id(row.int("link_id")?)?,
        workspace: value::id(row.int("workspace_id")?)?,
        base: row.int("base")?,
        plan: model::Plan::read(row.text("body")?).map_err(value::stored)?,
        author: row.text("author")?.to_owned(),
        version: row.int("version")?,
        editors: serde_json::from_str(row.text("editors")?).map_err(Failure::internal)?,
        created_at: value::time(row.int("created_at")?)?,
        updated_at: value::time(row.int("updated_at")?)?,
    })
}
