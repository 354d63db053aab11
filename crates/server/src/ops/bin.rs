//! Deleted links, which can be brought back for 30 days.

use jiff::{SignedDuration, Timestamp};
use model::{Caller, Error, Link, LinkId, Result, Scope, What};

use super::permissions::may_with;
use crate::App;

/// For so long.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Links that one round of the job forgets.
const AT_ONCE: i64 = 1_000;

/// The links that can be brought back, the last one first, those before a moment and a link, each with
/// when it was deleted.
pub async fn deleted_links(
    app: &App,
    caller: &Caller,
    before: Option<(Timestamp, LinkId)>,
    limit: i64,
) -> Result<Vec<(Link, Timestamp)>> {
    caller.may(Scope::LinksRead)?;
    let since = app.now() - KEPT;
    let domains = caller.domains.as_deref();
    app.store.deleted_links(caller.workspace, domains, since, before, limit).await
}

/// Brings a link back as it was: its rules, revisions, tests and clicks are its own again. Its address
/// was free meanwhile; where another link has it now, that is [`Error::Taken`].
pub async fn undelete_link(app: &App, caller: &Caller, id: LinkId) -> Result<Link> {
    may_with(app, caller, Scope::LinksWrite, id).await?;
    let since = app.now() - KEPT;
    if let Some(domains) = &caller.domains {
        let all = app.store.deleted_link(caller.workspace, id, since).await?;
        let sees = |link: &Link| link.addresses.iter().any(|it| domains.contains(&it.domain));
        all.filter(sees).ok_or(Error::NotFound(What::Link))?;
    }
    let link = app.store.undelete_link(caller.workspace, id, since, app.now()).await?;
    app.routes.put(&link);
    Ok(link)
}

/// Forgets what was kept of links that can come back no more; for the job, which acts for nobody.
pub async fn empty_bin(app: &App) -> Result<()> {
    while 0 < app.store.empty_bin(app.now() - KEPT, AT_ONCE).await? {}
    Ok(())
}
