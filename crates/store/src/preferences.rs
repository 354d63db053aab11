//! How members like the dashboard.

use futures_util::FutureExt;
use jiff::Timestamp;
use model::{Result, WorkspaceId};

use crate::Store;

impl Store {
    /// What somebody saved, as they wrote it.
    pub async fn preferences(&self, workspace: WorkspaceId, owner: i64) -> Result<Option<String>> {
        let sql = "select body from preferences where workspace_id = $1 and owner_id = $2";
        let args = [workspace.number().into(), owner.into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        Ok(row.map(|row| row.text("body").map(str::to_owned)).transpose()?)
    }

    /// Saves them in the place of those that there were.
    pub async fn save_preferences(
        &self,
        workspace: WorkspaceId,
        owner: i64,
        body: &str,
        now: Timestamp,
    ) -> Result<()> {
        let body = body.to_owned();
        self.writer
            .write(move |tx| {
                let body = body.clone();
                async move {
                    let sql = "
                        insert into preferences (workspace_id, owner_id, body, updated_at)
                        values ($1, $2, $3, $4)
                        on conflict (workspace_id, owner_id)
                        do update set body = excluded.body, updated_at = excluded.updated_at";
                    let (workspace, now) = (workspace.number(), now.as_millisecond());
                    let args = [workspace.into(), owner.into(), (&body).into(), now.into()];
                    tx.conn.execute(sql, &args).await.map(drop)
                }
                .boxed()
            })
            .await
    }
}
