//! Many links made, changed or deleted by one call, each answered by itself.

use std::{collections::HashMap, iter};

use futures_util::{StreamExt, stream};
use model::{Caller, Change, Domain, Draft, Link, LinkId, Patch, Result, Scope};

use super::{
    Saved,
    batch::{self, New},
    creation, delete_link, domains,
    save::save_link,
};
use crate::App;

/// Links of one call that are changed at the same time, and so share transactions.
const AT_ONCE: usize = 64;
/// Links of one call that are made in one transaction.
const TOGETHER: usize = 256;
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
    let prepare = async |made: Result<Made<F>>| {
        let Made { domain, slug, password, draft } = made?;
        caller.may(Scope::LinksCreate)?;
        let domain = domains::domain_named(app, caller, domain.as_deref())?;
        let (draft, slug, password) = (draft(&domain)?, slug.as_deref(), password.as_deref());
        let prepared = creation::prepare(app, caller, &domain, draft, slug, password).await?;
        Ok(New { domain, prepared })
    };
    let mut all = all.into_iter();
    let groups = iter::from_fn(|| {
        let group: Vec<_> = all.by_ref().take(TOGETHER).collect();
        (!group.is_empty()).then_some(group)
    });
    let make = async |group| {
        let prepared = stream::iter(group).map(prepare).buffered(AT_ONCE).collect().await;
        batch::make(app, caller, prepared).await
    };
    // While one group is written, the next one is prepared.
    let groups: Vec<_> = stream::iter(groups).map(make).buffered(2).collect().await;
    groups.into_iter().flatten().collect()
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
