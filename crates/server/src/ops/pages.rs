//! Lists of links by page number, for dialects without cursors.

use model::{Caller, Link, LinkId, Result, Scope};
use store::LinkFilter;

use super::links::links;
use crate::App;

/// How many links are passed over at a time.
const STEP: usize = 500;

/// How many links a filter chooses.
pub async fn count_links(app: &App, caller: &Caller, filter: &LinkFilter) -> Result<usize> {
    caller.may(Scope::LinksRead)?;
    let count = app.store.count_links(caller.workspace, filter).await?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// The links that follow the first `skipped` ones, at most `limit`, and how many there are.
///
/// What is skipped is walked over, so late pages of long lists are dear; a cursor is not.
pub async fn links_page(
    app: &App,
    caller: &Caller,
    filter: &LinkFilter,
    skipped: usize,
    limit: usize,
) -> Result<(Vec<Link>, usize)> {
    let total = count_links(app, caller, filter).await?;
    if total <= skipped {
        return Ok((Vec::new(), total));
    }
    let (mut left, mut after): (usize, Option<LinkId>) = (skipped, None);
    while 0 < left {
        let step = links(app, caller, filter, after, left.min(STEP)).await?;
        let Some(last) = step.last() else { return Ok((Vec::new(), total)) };
        after = Some(last.id);
        left -= step.len();
    }
    Ok((links(app, caller, filter, after, limit).await?, total))
}
