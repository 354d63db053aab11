//! Click limits: the one thing that a redirect asks the database for.

use futures_util::FutureExt;
use model::{LinkId, Result, WorkspaceId};

use crate::Store;

impl Store {
    /// Takes one of a link's `limit` clicks. False: all are taken. Never one too many, whoever asks
    /// at the same time, and whatever becomes of the database afterwards.
    pub async fn take_click(
        &self,
        workspace: WorkspaceId,
        link: LinkId,
        limit: u64,
    ) -> Result<bool> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        if limit == 0 {
            return Ok(false);
        }
        self.clicks
            .write(move |tx| {
                async move {
                    // A click that a crash gave back would be served twice.
                    tx.outlive_a_crash().await?;
                    let sql = "
                        insert into click_limits (link_id, workspace_id, used) values ($1, $2, 1)
                        on conflict (link_id) do update set used = click_limits.used + 1
                        where click_limits.used < $3";
                    let (link, workspace) = (link.number(), workspace.number());
                    let args = [link.into(), workspace.into(), limit.into()];
                    Ok(0 < tx.conn.execute(sql, &args).await?)
                }
                .boxed()
            })
            .await
    }

    /// How many clicks of its limit a link has used.
    pub async fn clicks_taken(&self, workspace: WorkspaceId, link: LinkId) -> Result<i64> {
        let sql = "select used from click_limits where link_id = $1 and workspace_id = $2";
        let args = [link.number().into(), workspace.number().into()];
        let row = self.db.read().await?.fetch_optional(sql, &args).await?;
        Ok(row.map(|row| row.int("used")).transpose()?.unwrap_or(0))
    }
}
