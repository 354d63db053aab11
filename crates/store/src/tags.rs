//! The tags of a workspace's links.

use model::{Result, WorkspaceId};

use crate::{Store, failure};

impl Store {
    /// Every tag by name, and how many links have it.
    pub async fn tags(&self, workspace: WorkspaceId) -> Result<Vec<(String, i64)>> {
        let sql = "
            select tag, count(*) as n from link_tags where workspace_id = $1
            group by tag order by tag";
        let rows = self.db.read().await?.fetch_all(sql, &[workspace.number().into()]).await?;
        let read = |row: &crate::db::Row| Ok((row.text("tag")?.to_owned(), row.int("n")?));
        Ok(rows.iter().map(read).collect::<failure::Result<_>>()?)
    }
}
