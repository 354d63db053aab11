//! What other services called the links that were brought over from them.

use futures_util::FutureExt;
use model::{Error, LinkId, Result, What, WorkspaceId};

use crate::{Store, failure::taken, value};

impl Store {
    /// Lets a link of the workspace be found by the id that `dialect` gave it.
    pub async fn insert_foreign_id(
        &self,
        workspace: WorkspaceId,
        dialect: &'static str,
        text: &str,
        link: LinkId,
    ) -> Result<()> {
        let text = text.to_owned();
        self.writer
            .write(move |tx| {
                let text = text.clone();
                async move {
                    let sql = "
                        insert into foreign_ids (workspace_id, dialect, text, link_id)
                        select workspace_id, $2, $3, id from links
                        where workspace_id = $1 and id = $4 and deleted_at is null";
                    let (workspace, link) = (workspace.number(), link.number());
                    let args = [workspace.into(), dialect.into(), (&text).into(), link.into()];
                    match tx.conn.execute(sql, &args).await.map_err(taken(What::Link))? {
                        0 => Err(Error::NotFound(What::Link).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }

    pub async fn find_foreign_id(
        &self,
        workspace: WorkspaceId,
        dialect: &str,
        text: &str,
    ) -> Result<Option<LinkId>> {
        let sql = "
            select f.link_id from foreign_ids f join links l on l.id = f.link_id
            where f.workspace_id = $1 and f.dialect = $2 and f.text = $3
              and l.deleted_at is null";
        let args = [workspace.number().into(), dialect.into(), text.into()];
        let Some(row) = self.db.read().await?.fetch_optional(sql, &args).await? else {
            return Ok(None);
        };
        Ok(Some(value::id(row.int("link_id")?)?))
    }
}
