//! The tenants.

use futures_util::FutureExt;
use model::{Result, What, Workspace};

use crate::{
    Store,
    db::Row,
    failure::{self, taken},
    value,
};

impl Store {
    /// The oldest workspace, which exists from the first start on.
    pub async fn first_workspace(&self) -> Result<Option<Workspace>> {
        let sql = "select id, name, created_at from workspaces order by id limit 1";
        let row = self.db.read().await?.fetch_optional(sql, &[]).await?;
        Ok(row.as_ref().map(workspace).transpose()?)
    }

    /// All workspaces, oldest first.
    pub async fn workspaces(&self) -> Result<Vec<Workspace>> {
        let sql = "select id, name, created_at from workspaces order by id";
        let rows = self.db.read().await?.fetch_all(sql, &[]).await?;
        Ok(rows.iter().map(workspace).collect::<failure::Result<_>>()?)
    }

    pub async fn insert_workspace(&self, workspace: &Workspace) -> Result<()> {
        let Workspace { id, name, created_at } = workspace.clone();
        self.writer
            .write(move |tx| {
                let name = name.clone();
                async move {
                    let sql = "insert into workspaces (id, name, created_at) values ($1, $2, $3)";
                    let created_at = created_at.as_millisecond();
                    let args = [id.number().into(), (&name).into(), created_at.into()];
                    tx.conn.execute(sql, &args).await.map_err(taken(What::Workspace))?;
                    Ok(())
                }
                .boxed()
            })
            .await
    }
}

fn workspace(row: &Row) -> failure::Result<Workspace> {
    Ok(Workspace {
        id: value::id(row.int("id")?)?,
        name: row.text("name")?.to_owned(),
        created_at: value::time(row.int("created_at")?)?,
    })
}
