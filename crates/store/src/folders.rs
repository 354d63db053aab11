//! The folders of a domain.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use futures_util::FutureExt;
use model::{DomainId, Error, Folder, FolderSettings, LinkId, Result, What, WorkspaceId};

use crate::{
    Store,
    db::{Conn, Row},
    failure::{self, taken},
    value,
};

impl Store {
    pub async fn insert_folder(&self, folder: &Folder) -> Result<()> {
        let folder = Arc::new(folder.clone());
        self.writer
            .write(move |tx| {
                let folder = Arc::clone(&folder);
                async move { insert(&mut tx.conn, &folder).await }.boxed()
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

    /// The links that are in each folder, on whichever domain.
    pub async fn links_by_folder(
        &self,
        workspace: WorkspaceId,
    ) -> Result<BTreeMap<String, BTreeSet<LinkId>>> {
        let sql = "
            select folder, id from links
            where workspace_id = $1 and deleted_at is null and folder is not null";
        let rows = self.db.read().await?.fetch_all(sql, &[workspace.number().into()]).await?;
        let mut folders: BTreeMap<String, BTreeSet<LinkId>> = BTreeMap::new();
        for row in rows {
            let link = value::id(row.int("id")?)?;
            folders.entry(row.text("folder")?.to_owned()).or_default().insert(link);
        }
        Ok(folders)
    }

    /// How many links each folder of a domain holds, by its name.
    pub async fn folder_sizes(
        &self,
        workspace: WorkspaceId,
        domain: DomainId,
    ) -> Result<HashMap<String, i64>> {
        let sql = "
            select l.folder, count(distinct l.id) as n
            from links l join addresses a on a.link_id = l.id and a.domain_id = $1
            where l.workspace_id = $2 and l.folder is not null and l.deleted_at is null
            group by l.folder";
        let args = [domain.number().into(), workspace.number().into()];
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        let size = |row: &Row| Ok((row.text("folder")?.to_owned(), row.int("n")?));
        Ok(rows.iter().map(size).collect::<failure::Result<_>>()?)
    }

    /// Puts a folder in the place of another, unless that one's settings were changed since it was
    /// read; one that only links named is made.
    pub async fn replace_folder(&self, before: &Folder, after: &Folder) -> Result<()> {
        let folders = Arc::new((before.clone(), after.clone()));
        self.writer
            .write(move |tx| {
                let folders = Arc::clone(&folders);
                async move {
                    let (before, after) = &*folders;
                    let sql = "
                        select settings from folders
                        where domain_id = $1 and name = $2 and workspace_id = $3";
                    let args = [
                        before.domain.number().into(),
                        (&before.name).into(),
                        before.workspace.number().into(),
                    ];
                    let settings = match tx.conn.fetch_optional(sql, &args).await? {
                        Some(row) => value::from_json(row.text("settings")?)?,
                        None => FolderSettings::default(),
                    };
                    if settings != before.settings {
                        return Err(Error::Stale.into());
                    }
                    delete(&mut tx.conn, before.workspace, before.domain, &before.name).await?;
                    insert(&mut tx.conn, after).await
                }
                .boxed()
            })
            .await
    }

    /// Forgets a folder's settings; it is gone once no link names it.
    pub async fn delete_folder(
        &self,
        workspace: WorkspaceId,
        domain: DomainId,
        name: &str,
    ) -> Result<()> {
        let name = name.to_owned();
        self.writer
            .write(move |tx| {
                let name = name.clone();
                async move { delete(&mut tx.conn, workspace, domain, &name).await }.boxed()
            })
            .await
    }
}

async fn insert(conn: &mut Conn, folder: &Folder) -> failure::Result<()> {
    let sql = "
        insert into folders (domain_id, name, workspace_id, settings, created_at, updated_at)
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
    conn.execute(sql, &args).await.map(drop).map_err(taken(What::Folder))
}

async fn delete(
    conn: &mut Conn,
    workspace: WorkspaceId,
    domain: DomainId,
    name: &str,
) -> failure::Result<()> {
    let sql = "delete from folders where domain_id = $1 and name = $2 and workspace_id = $3";
    let args = [domain.number().into(), name.into(), workspace.number().into()];
    conn.execute(sql, &args).await.map(drop)
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
