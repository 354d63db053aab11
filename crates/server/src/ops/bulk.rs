//! Many links made, changed or deleted by one call, each answered by itself.

use std::collections::HashMap;

use futures_util::{StreamExt, stream};
use model::{Caller, Change, Domain, Draft, Link, LinkId, Patch, Result};

use super::{NewLink, Saved, create_link, delete_link, save::save_link};
use crate::App;

/// Links of one call that are written at the same time, and so share transactions. In the order of
/// the call, but for those of one call that want the same slug at the same moment.
const AT_ONCE: usize = 64;
/// Links of one call.
pub const MOST: usize = 1_000;

/// A link to be made.
pub struct Made<F> {
    pub domain: Option<String>,
    pub slug: Option<String>,
    pub password: Option<String>,
    pub draft: F,
}

/// A link to be changed.
pub struct Changed<F> {
    pub id: LinkId,
    pub version: Option<i64>,
    pub slug: Option<String>,
    pub password: Change<String>,
    pub patch: F,
}

/// Makes links; what could not be read is handed through in its place.
pub async fn create_many<F>(
    app: &App,
    caller: &Caller,
    all: Vec<Result<Made<F>>>,
) -> Vec<Result<Link>>
where
    F: FnOnce(&Domain) -> Result<Draft>,
{
    let make = async |made: Result<Made<F>>| {
        let Made { domain, slug, password, draft } = made?;
        let new = NewLink {
            domain: domain.as_deref(),
            slug: slug.as_deref(),
            random_too: false,
            password: password.as_deref(),
        };
        create_link(app, caller, new, draft).await
    };
    stream::iter(all).map(make).buffered(AT_ONCE).collect().await
}

/// Changes links; one that is named twice is changed twice, in the order of the call.
pub async fn change_many<F>(
    app: &App,
    caller: &Caller,
    all: Vec<Result<Changed<F>>>,
) -> Vec<Result<Link>>
where
    F: Fn(&Domain) -> Result<Patch>,
{
    let change = async |changed: Result<Changed<F>>| {
        let Changed { id, version, slug, password, patch } = changed?;
        let with = Saved { version, slug: slug.as_deref(), password };
        save_link(app, caller, id, with, |link, domain, stamp| patch(domain)?.apply(link, stamp))
            .await
    };
    let mut turns: Vec<Vec<(usize, Result<Changed<F>>)>> = Vec::new();
    let mut named = HashMap::new();
    for (place, changed) in all.into_iter().enumerate() {
        let new = turns.len();
        let whose = changed.as_ref().map_or(new, |it| *named.entry(it.id).or_insert(new));
        match turns.get_mut(whose) {
            Some(turns) => turns.push((place, changed)),
            None => turns.push(vec![(place, changed)]),
        }
    }
    let one_by_one = async |turns: Vec<_>| {
        let mut done = Vec::with_capacity(turns.len());
        for (place, changed) in turns {
            done.push((place, change(changed).await));
        }
        done
    };
    let turns = stream::iter(turns).map(one_by_one).buffer_unordered(AT_ONCE);
    let mut done: Vec<_> = turns.flat_map(stream::iter).collect().await;
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, link)| link).collect()
}

/// Deletes links.
pub async fn delete_many(
    app: &App,
    caller: &Caller,
    all: Vec<Result<LinkId>>,
) -> Vec<Result<LinkId>> {
    let delete = async |id: Result<LinkId>| {
        let id = id?;
        delete_link(app, caller, id).await.map(|()| id)
    };
    stream::iter(all).map(delete).buffered(AT_ONCE).collect().await
}
