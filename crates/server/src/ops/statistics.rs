//! Statistics: questions about the clicks of a workspace.

use std::sync::Arc;

use model::{Caller, Error, Result, Scope};
use statistics::{Answer, Query, Unanswerable};

use super::clicks::PATIENCE;
use crate::App;

/// Answers a question about the caller's clicks, all that were answered before the call included.
pub async fn ask(app: &App, caller: &Caller, query: Query) -> Result<Answer> {
    caller.may(Scope::StatsRead)?;
    app.clicks.flush(PATIENCE).await;
    let query = Query { workspace: caller.workspace, ..query };
    let query = match &caller.domains {
        None => query,
        Some(domains) => {
            let theirs = app.store.links_on(caller.workspace, domains).await?;
            let links = match &query.links {
                Some(asked) => asked & &theirs,
                None => theirs,
            };
            Query { links: Some(links), ..query }
        }
    };
    let batches = app.archive.batches(&app.store, query.from, query.to).await?;
    let app = app.clone();
    let answer = tokio::task::spawn_blocking(move || {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let answer = query.run(batches.iter().map(Arc::as_ref), threads);
        app.archive.trim(app.config.statistics_bytes);
        answer
    });
    answer.await.map_err(Error::internal)?.map_err(|error| match error {
        Unanswerable::Broken(broken) => Error::internal(broken),
        Unanswerable::Time(_) | Unanswerable::TooLong => {
            let why = error.to_string();
            Error::invalid("from", why.trim_start_matches("range: "))
        }
    })
}
