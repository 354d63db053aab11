//! Lists of links by page number, for dialects without cursors.

use model::{Caller, Link, LinkId, Result, Scope};
use store::Filter;

use super::links::{links, within};
use crate::App;

/// How many links are passed over at a time.
const STEP: i64 = 500;

/// How many links a filter chooses.
pub async fn count_links(app: &App, caller: &Caller, filter: &Filter) -> Result<i64> {
    caller.may(Scope::LinksRead)?;
    app.store.count_links(caller.workspace, &within(caller, filter)).await
}

/// The links that follow the first `skipped` ones, at most `limit`, and how many there are.
///
/// What is skipped is walked over, so late pages of long lists are dear; a cursor is not.
pub async fn links_page(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    skipped: i64,
    limit: i64,
) -> Result<(Vec<Link>, i64)> {
    let total = count_links(app, caller, filter).await?;
    if total <= skipped {
        return Ok((Vec::new(), total));
    }
    let (mut passed, mut after): (i64, Option<LinkId>) = (0, None);
    while passed < skipped {
        let step = links(app, caller, filter, after, STEP.min(skipped - passed)).await?;
        let Some(last) = step.last() else { return Ok((Vec::new(), total)) };
        after = Some(last.id);
        passed += step.len() as i64;
    }
    Ok((links(app, caller, filter, after, limit).await?, total))
}
