//! What destinations say of themselves, for links whose author gives neither title nor description.

use std::time::Duration;

use futures_util::future::join_all;
use model::{Caller, Destination, Result, Scope};

use crate::{App, outward::About};

/// How long all destinations of a call may take together.
const PATIENCE: Duration = Duration::from_secs(2);

/// The title and description of each destination, as far as they can be had in time. The settings may
/// say that nobody is asked.
pub async fn about(app: &App, caller: &Caller, destinations: &[Destination]) -> Result<Vec<About>> {
    caller.may(Scope::LinksCreate)?;
    let asked = destinations.iter().map(async |destination| {
        // What varies leads to no one page, and a page of ours would count a click.
        let url = destination.url().filter(|_| app.config.fetch_titles && !destination.varies());
        let url = url.filter(|url| app.routes.domain(url.host_str().unwrap_or_default()).is_none());
        match url {
            Some(url) => app.outward.about(&url, PATIENCE).await,
            None => About::default(),
        }
    });
    Ok(join_all(asked).await)
}
