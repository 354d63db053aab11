//! Links whose end has come.

use model::{Error, Result};

use crate::App;

/// Links that one round deletes.
const AT_ONCE: i64 = 1_000;

/// Deletes the links that were to be deleted by now, and those that have expired where the domain
/// wants them gone; for the job, which acts for nobody. Another node may have been first.
pub async fn purge(app: &App) -> Result<()> {
    let now = app.now();
    let domains = app.store.all_domains().await?;
    let purging: Vec<_> =
        domains.iter().filter(|it| it.manner.purges_expired).map(|it| it.id).collect();
    for (workspace, link) in app.store.links_to_delete(now, &purging, AT_ONCE).await? {
        match app.store.delete_link(workspace, link, now).await {
            Ok(()) | Err(Error::NotFound(_)) => app.routes.remove(link),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
