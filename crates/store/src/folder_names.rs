//! Folders of one name on all domains of a workspace.

use futures_util::FutureExt;
use model::{Result, WorkspaceId};

use crate::Store;

impl Store {
    /// Forgets the folders of a name that were made; those that links name are there as before.
    pub async fn delete_folders(&self, workspace: WorkspaceId, name: &str) -> Result<()> {
        let name = name.to_owned();
        self.writer
            .write(move |tx| {
                let name = name.clone();
                async move {
                    let sql = "delete from folders where workspace_id = $1 and name = $2";
                    let args = [workspace.number().into(), (&name).into()];
                    tx.conn.execute(sql, &args).await.map(drop)
                }
                .boxed()
            })
            .await
    }
}
