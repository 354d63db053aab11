//! What stands at a destination, for whoever is about to link to it.

use std::time::Duration;

use model::{Caller, Destination, Error, Result, Scope};

use super::preferences::owner;
use crate::{App, outward::Preview};

/// How long a destination may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// A destination that was looked at, or why it was not.
pub enum Previewed {
    Asked(Box<Preview>),
    /// It leads to a domain of this server: a page of ours would count a click.
    Ours,
    /// It depends on the visitor, or is no page of the web.
    Varies,
    /// The settings say that nobody is asked.
    Off,
}

/// Looks at a destination through the guarded client, within 2 seconds.
pub async fn preview(app: &App, caller: &Caller, destination: &Destination) -> Result<Previewed> {
    caller.may(Scope::LinksCreate)?;
    let Some(url) = destination.url().filter(|_| !destination.varies()) else {
        return Ok(Previewed::Varies);
    };
    if app.routes.domain(url.host_str().unwrap_or_default()).is_some() {
        return Ok(Previewed::Ours);
    }
    if !app.config.fetch_titles {
        return Ok(Previewed::Off);
    }
    app.outward.take_preview(owner(caller), app.now()).map_err(Error::TooMany)?;
    Ok(Previewed::Asked(Box::new(app.outward.preview(&url, PATIENCE).await)))
}
