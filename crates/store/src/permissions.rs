//! Links that are shared with single keys.

use futures_util::FutureExt;
use model::{Error, KeyId, LinkId, Permission, Result, What, WorkspaceId};

use crate::{Store, db::Row, failure, value};

const COLUMNS: &str = "select id, workspace_id, link_id, key_id, created_at from link_permissions";

impl Store {
    /// Shares a link with a key of its workspace. Where it is shared already, that stands.
    pub async fn insert_permission(&self, new: &Permission) -> Result<Permission> {
        let new = new.clone();
        let (workspace, link, key) = (new.workspace, new.link, new.key);
        self.writer
            .write(move |tx| {
                let new = new.clone();
                async move {
                    let (link, key) = (new.link.number(), new.key.number());
                    let workspace = new.workspace.number();
                    let sql = "
                        insert into link_permissions (link_id, key_id, id, workspace_id, created_at)
                        select l.id, k.id, $1, l.workspace_id, $2
                        from links l join keys k on k.workspace_id = l.workspace_id
                        where l.id = $3 and k.id = $4 and l.workspace_id = $5
                          and l.deleted_at is null and k.revoked_at is null
                        on conflict (link_id, key_id) do nothing";
                    let (id, at) = (new.id.number(), new.created_at.as_millisecond());
                    let args = [id.into(), at.into(), link.into(), key.into(), workspace.into()];
                    tx.conn.execute(sql, &args).await.map(drop)
                }
                .boxed()
            })
            .await?;
        self.link(workspace, link).await?;
        let all = self.permissions(workspace, link).await?;
        all.into_iter().find(|known| known.key == key).ok_or(Error::NotFound(What::Key))
    }

    /// With whom a link is shared, oldest first.
    pub async fn permissions(
        &self,
        workspace: WorkspaceId,
        link: LinkId,
    ) -> Result<Vec<Permission>> {
        let sql = sqlx::AssertSqlSafe(format!(
            "{COLUMNS} where link_id = $1 and workspace_id = $2 order by id"
        ));
        let args = [link.number().into(), workspace.number().into()];
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        Ok(rows.iter().map(permission).collect::<failure::Result<_>>()?)
    }

    /// Whether a link is shared with a key.
    pub async fn is_shared(
        &self,
        workspace: WorkspaceId,
        link: LinkId,
        key: KeyId,
    ) -> Result<bool> {
        let sql = "
            select 1 from link_permissions
            where link_id = $1 and key_id = $2 and workspace_id = $3 and exists
                (select 1 from links l
                 where l.id = link_permissions.link_id and l.deleted_at is null)";
        let args = [link.number().into(), key.number().into(), workspace.number().into()];
        Ok(self.db.read().await?.fetch_optional(sql, &args).await?.is_some())
    }

    pub async fn delete_permission(
        &self,
        workspace: WorkspaceId,
        link: LinkId,
        key: KeyId,
    ) -> Result<()> {
        self.writer
            .write(move |tx| {
                async move {
                    let sql = "
                        delete from link_permissions
                        where link_id = $1 and key_id = $2 and workspace_id = $3";
                    let (link, key) = (link.number(), key.number());
                    let args = [link.into(), key.into(), workspace.number().into()];
                    match tx.conn.execute(sql, &args).await? {
                        0 => Err(Error::NotFound(What::Permission).into()),
                        _ => Ok(()),
                    }
                }
                .boxed()
            })
            .await
    }
}

fn permission(row: &Row) -> failure::Result<Permission> {
    Ok(Permission {
        id: value::id(row.int("id")?)?,
        workspace: value::id(row.int("workspace_id")?)?,
        link: value::id(row.int("link_id")?)?,
        key: value::id(row.int("key_id")?)?,
        created_at: value::time(row.int("created_at")?)?,
    })
}
