//! Links that are made together, many in a transaction, each with a result of its own.

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use model::{Caller, Domain, Error, Link, Result, What};

use super::{
    creation::{Prepared, addresses_of, put},
    links::TRIES,
    loops,
};
use crate::App;

/// A link that is to be made.
pub(super) struct New {
    pub(super) domain: Arc<Domain>,
    pub(super) prepared: Prepared,
}

/// Links whose slugs are asked for at the same time, where a domain counts them.
const AT_ONCE: usize = 64;

/// Makes links, the first where several name the same slug; what could not be prepared is handed
/// through in its place.
pub(super) async fn make(app: &App, caller: &Caller, all: Vec<Result<New>>) -> Vec<Result<Link>> {
    let mut made: Vec<Option<Result<Link>>> = Vec::new();
    let mut open = Vec::new();
    for (place, new) in all.into_iter().enumerate() {
        match new {
            Ok(new) => {
                made.push(None);
                open.push((place, new));
            }
            Err(error) => made.push(Some(Err(error))),
        }
    }
    for turn in 0..TRIES {
        let address =
            async |(place, new): (usize, New)| (place, link(app, caller, &new).await, new);
        let addressed: Vec<_> = stream::iter(open).map(address).buffered(AT_ONCE).collect().await;
        let (mut links, mut those) = (Vec::new(), Vec::new());
        for (place, link, new) in addressed {
            match link {
                Ok(link) => {
                    links.push(link);
                    those.push((place, new));
                }
                Err(error) => made[place] = Some(Err(error)),
            }
        }
        let stored = app.store.insert_links(&links, &caller.name).await;
        open = Vec::new();
        for (((place, new), link), stored) in those.into_iter().zip(links).zip(stored) {
            made[place] = Some(match stored {
                Ok(stored) => {
                    put(app, &link, stored);
                    Ok(link)
                }
                // A slug that nobody chose met another.
                Err(Error::Taken(What::Slug))
                    if new.prepared.slug.is_none() && turn + 1 < TRIES =>
                {
                    open.push((place, new));
                    continue;
                }
                Err(error) => Err(error),
            });
        }
        if open.is_empty() {
            break;
        }
    }
    let missing = || Err(Error::internal("a link without an answer"));
    made.into_iter().map(|made| made.unwrap_or_else(missing)).collect()
}

async fn link(app: &App, caller: &Caller, New { domain, prepared }: &New) -> Result<Link> {
    let mut link = prepared.link(caller, domain, &app.stamp())?;
    link.addresses = addresses_of(app, domain, prepared, false).await?;
    loops::refuse(app, &link)?;
    Ok(link)
}
