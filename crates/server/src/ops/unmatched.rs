//! What visitors asked for where no link is.

use model::{Caller, DomainId, Result, Scope};
use store::UnmatchedOf;

use super::domains;
use crate::App;

/// A slug that was asked for; an empty one is all those that are not told apart.
pub struct Wanted {
    pub host: String,
    pub slug: String,
    pub times: i64,
}

/// The most wanted slugs of a domain or of all, and how many requests there were; from one UTC day
/// since 1970 up to another.
pub async fn unmatched(
    app: &App,
    caller: &Caller,
    domain: Option<DomainId>,
    (from, to): (i64, i64),
    limit: i64,
) -> Result<(i64, Vec<Wanted>)> {
    caller.may(Scope::StatsRead)?;
    app.unmatched.store(app).await?;
    let (mut total, mut found) = (0, Vec::new());
    for (of, times) in app.store.unmatched_domains(caller.workspace, (from, to)).await? {
        if !caller.sees(of) || domain.is_some_and(|domain| domain != of) {
            continue;
        }
        // Of a domain that is gone nobody wants to know.
        let Ok(known) = domains::domain_by_id(app, caller, of) else { continue };
        total += times;
        let rows = app.store.unmatched(&UnmatchedOf { domain: of, from, to }, limit).await?;
        let host = known.host.as_str();
        let wanted = |(slug, times)| Wanted { host: host.to_owned(), slug, times };
        found.extend(rows.into_iter().map(wanted));
    }
    found.sort_by(|a, b| b.times.cmp(&a.times).then_with(|| a.slug.cmp(&b.slug)));
    found.truncate(usize::try_from(limit).unwrap_or_default());
    Ok((total, found))
}
