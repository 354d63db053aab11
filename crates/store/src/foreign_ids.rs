//! What other services called the links that were brought over from them.

use futures_util::FutureExt;
use model::{Error, ForeignId, LinkId, Result, What, WorkspaceId};

use crate::{
    Store,
    failure::{self, taken},
    value,
};

impl Store {
    /// Lets a link of the workspace be found by the id that another service gave it.
    pub async fn insert_foreign_id(
        &self,
        workspace: WorkspaceId,
        id: &ForeignId,
        link: LinkId,
    ) -> Result<()> {
        let id = id.clone();
        self.writer
            .write(move |tx| {
                let id = id.clone();
                async move {
                    // A link that was deleted needs its id no longer.
                    let free = "
                        delete from foreign_ids
                        where workspace_id = $1 and dialect = $2 and text = $3 and exists
                            (select 1 from links l
                             where l.id = foreign_ids.link_id and l.deleted_at is not null)";
                    let args = [workspace.number().into(), id.service().into(), id.text().into()];
                    tx.conn.execute(free, &args).await?;
                    let sql = "
                        insert into foreign_ids (workspace_id, dialect, text, link_id)
                        select workspace_id, $2, $3, id from links
                        where workspace_id = $1 and id = $4 and deleted_at is null";
                    let args = [
                        workspace.number().into(),
                        id.service().into(),
                        id.text().into(),
                        link.number().into(),
                    ];
                    match tx.conn.execute(sql, &args).await.map_err(taken(What::ForeignId))? {
                        0 => Err(Error::NotFound(What::Link).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }

    /// The link that another service gave an id.
    pub async fn find_foreign_id(
        &self,
        workspace: WorkspaceId,
        id: &ForeignId,
    ) -> Result<Option<LinkId>> {
        let sql = "
            select f.link_id from foreign_ids f join links l on l.id = f.link_id
            where f.workspace_id = $1 and f.dialect = $2 and f.text = $3
              and l.deleted_at is null";
        let args = [workspace.number().into(), id.service().into(), id.text().into()];
        let Some(row) = self.db.read().await?.fetch_optional(sql, &args).await? else {
            return Ok(None);
        };
        Ok(Some(value::id(row.int("link_id")?)?))
    }

    /// What other services called a link.
    pub async fn foreign_ids(
        &self,
        workspace: WorkspaceId,
        link: LinkId,
    ) -> Result<Vec<ForeignId>> {
        let sql = "
            select dialect, text from foreign_ids where workspace_id = $1 and link_id = $2
            order by dialect, text";
        let args = [workspace.number().into(), link.number().into()];
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let read = |row: &crate::db::Row| {
            ForeignId::new(row.text("dialect")?, row.text("text")?).map_err(value::stored)
        };
        Ok(rows.iter().map(read).collect::<failure::Result<_>>()?)
    }

    pub async fn delete_foreign_id(
        &self,
        workspace: WorkspaceId,
        id: &ForeignId,
        link: LinkId,
    ) -> Result<()> {
        let id = id.clone();
        self.writer
            .write(move |tx| {
                let id = id.clone();
                async move {
                    let sql = "
                        delete from foreign_ids
                        where workspace_id = $1 and dialect = $2 and text = $3 and link_id = $4";
                    let args = [
                        workspace.number().into(),
                        id.service().into(),
                        id.text().into(),
                        link.number().into(),
                    ];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::NotFound(What::ForeignId).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }
}
