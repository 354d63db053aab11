//! The immutable states of links.

use model::{Error, LinkId, Plan, Result, Revision, What, WorkspaceId};

use crate::{Store, db::Row, failure, value};

impl Store {
    /// The revisions of a link below the number `before`, if that is given, newest first.
    pub async fn revisions(
        &self,
        workspace: WorkspaceId,
        link: LinkId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Revision>> {
        let sql = "
            select number, body, author, created_at from revisions
            where link_id = $1 and workspace_id = $2 and number < $3
            order by number desc limit $4";
        let (workspace, link) = (workspace.number(), link.number());
        let before = before.unwrap_or(i64::MAX);
        let args = [link.into(), workspace.into(), before.into(), limit.into()];
        let rows = self.db.read().await?.fetch_all(sql, &args).await?;
        Ok(rows.iter().map(revision).collect::<failure::Result<_>>()?)
    }

    pub async fn revision(
        &self,
        workspace: WorkspaceId,
        link: LinkId,
        number: i64,
    ) -> Result<Revision> {
        let sql = "
            select number, body, author, created_at from revisions
            where link_id = $1 and workspace_id = $2 and number = $3";
        let args = [link.number().into(), workspace.number().into(), number.into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        Ok(revision(&row.ok_or(Error::NotFound(What::Revision))?)?)
    }
}

fn revision(row: &Row) -> failure::Result<Revision> {
    Ok(Revision {
        number: row.int("number")?,
        plan: Plan::read(row.text("body")?).map_err(value::stored)?,
        author: row.text("author")?.to_owned(),
        created_at: value::time(row.int("created_at")?)?,
    })
}
