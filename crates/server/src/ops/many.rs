//! One thing done to many links.

use futures_util::{StreamExt, TryStreamExt, stream};
use model::{Caller, Error, Link, LinkId, Result, Scope, What};
use store::Filter;

use super::{
    links::{change, own, within},
    permissions::may_with,
};
use crate::App;

/// Links that are written at the same time, and so share a transaction.
const AT_ONCE: usize = 64;

/// Chosen links that are read at a time.
const STEP: i64 = 500;

/// Archives links or brings them back. Where one is not there, none is touched.
pub async fn archive_links(
    app: &App,
    caller: &Caller,
    ids: &[LinkId],
    archived: bool,
) -> Result<()> {
    edit_all(app, caller, ids, |link| link.archived = archived).await
}

/// Gives links a tag, but for those that have it. Where one is not there, none is touched.
pub async fn tag_links(app: &App, caller: &Caller, ids: &[LinkId], tag: &str) -> Result<()> {
    let add = |link: &mut Link| {
        if !link.tags.iter().any(|known| known == tag) {
            link.tags.push(tag.to_owned());
        }
    };
    edit_all(app, caller, ids, add).await
}

/// Removes links. Where one is not there, none is touched.
pub async fn delete_links(app: &App, caller: &Caller, ids: &[LinkId]) -> Result<()> {
    let ids = all_there(app, caller, ids).await?;
    let now = app.now();
    let delete = async |id| {
        app.store.delete_link(caller.workspace, id, now).await?;
        app.routes.remove(id);
        Ok(())
    };
    stream::iter(ids).map(delete).buffer_unordered(AT_ONCE).try_collect().await
}

async fn edit_all(
    app: &App,
    caller: &Caller,
    ids: &[LinkId],
    edit: impl Fn(&mut Link),
) -> Result<()> {
    let ids = all_there(app, caller, ids).await?;
    let edits = stream::iter(ids).map(|id| edit_one(app, caller, id, &edit));
    edits.buffer_unordered(AT_ONCE).try_collect().await
}

async fn edit_one(app: &App, caller: &Caller, id: LinkId, edit: &impl Fn(&mut Link)) -> Result<()> {
    let edit = |link: &mut Link| {
        edit(link);
        link.check()
    };
    change(app, caller, id, None, |link, _, _| edit(link)).await.map(drop)
}

/// What was deleted meanwhile is no trouble.
fn still_there(edited: Result<()>) -> Result<()> {
    match edited {
        Err(Error::NotFound(What::Link)) => Ok(()),
        other => other,
    }
}

/// Edits every link that a filter chooses.
pub(super) async fn edit_chosen(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    edit: impl Fn(&mut Link),
) -> Result<()> {
    let mut after = None;
    loop {
        let some = app.store.links(caller.workspace, &within(caller, filter), after, STEP).await?;
        let ids: Vec<LinkId> = some.iter().map(|link| link.id).collect();
        let Some(&last) = ids.last() else { return Ok(()) };
        let done = stream::iter(ids).map(|id| edit_one(app, caller, id, &edit));
        done.buffer_unordered(AT_ONCE).map(still_there).try_collect::<()>().await?;
        after = Some(last);
    }
}

/// Each of the links once, if the caller may change all of them.
async fn all_there(app: &App, caller: &Caller, ids: &[LinkId]) -> Result<Vec<LinkId>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    for &id in &ids {
        may_with(app, caller, Scope::LinksWrite, id).await?;
        own(app, caller, id).await?;
    }
    Ok(ids)
}
