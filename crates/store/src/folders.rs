//! The folders of a domain.

use std::sync::Arc;

use futures_util::FutureExt;
use model::{DomainId, Folder, Result, What, WorkspaceId};

use crate::{
    Store,
    db::Row,
    failure::{self, taken},
    value,
};

impl Store {
    pub async fn insert_folder(&self, folder: &Folder) -> Result<()> {
        let folder = Arc::new(folder.clone());
        self.writer
            .write(move |tx| {
                let folder = Arc::clone(&folder);
                async move {
                    let sql = "
                        insert into folders (domain_id, name, workspace_id, settings, created_at,
                                             updated_at)
                        values ($1, $2, $3, $4, $5, $6)";
                    let settings = value::json(&folder.settings);
                    let args = [
                        folder.domain.number().into(),
                        (&folder.name).into(),
                        folder.workspace.number().into(),
                        (&settings).into(),
                        folder.created_at.as_millisecond().into(),
                        folder.updated_at.as_millisecond().into(),
                    ];
                    tx.conn.execute(sql, &args).await.map_err(taken(What::Folder))?;
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    /// The folder of a name, if it was made; one that only a link names is none.
    pub async fn folder(
        &self,
        workspace: WorkspaceId,
        domain: DomainId,
        name: &str,
    ) -> Result<Option<Folder>> {
        let sql = "
            select domain_id, name, workspace_id, settings, created_at, updated_at from folders
            where domain_id = $1 and name = $2 and workspace_id = $3";
        let args = [domain.number().into(), name.into(), workspace.number().into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        Ok(row.as_ref().map(folder).transpose()?)
    }

    /// The folders of a domain by name: those that were made, and those that links name.
    pub async fn folders(&self, workspace: WorkspaceId, domain: DomainId) -> Result<Vec<Folder>> {
        let sql = "
            select domain_id, name, workspace_id, settings, created_at, updated_at from folders
            where domain_id = $1 and workspace_id = $2
            union all
            select a.domain_id, l.folder, l.workspace_id, '{}', min(l.created_at),
                   min(l.created_at)
            from links l join addresses a on a.link_id = l.id and a.domain_id = $1
            where l.workspace_id = $2 and l.folder is not null and l.deleted_at is null
              and not exists
                  (select 1 from folders f where f.domain_id = $1 and f.name = l.folder)
            group by a.domain_id, l.folder, l.workspace_id
            order by 2";
        let args = [domain.number().into(), workspace.number().into()];
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        Ok(rows.iter().map(folder).collect::<failure::Result<_>>()?)
    }
}

fn folder(row: &Row) -> failure::Result<Folder> {
    Ok(Folder {
        workspace: value::id(row.int("workspace_id")?)?,
        domain: value::id(row.int("domain_id")?)?,
        name: row.text("name")?.to_owned(),
        settings: value::from_json(row.text("settings")?)?,
        created_at: value::time(row.int("created_at")?)?,
        updated_at: value::time(row.int("updated_at")?)?,
    })
}
