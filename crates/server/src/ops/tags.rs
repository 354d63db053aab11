//! Tags: words that links share.

use model::{Caller, Error, LONGEST_TAG, Link, Result, Scope, What};
use store::Filter;

use super::{links, many::edit_chosen};
use crate::App;

/// Every tag by name, and how many links have it.
pub async fn tags(app: &App, caller: &Caller) -> Result<Vec<(String, i64)>> {
    caller.may(Scope::LinksRead)?;
    app.store.tags(caller.workspace, caller.domains.as_deref()).await
}

/// Gives all links that have a tag another in its place; where one has that already, once.
pub async fn rename_tag(app: &App, caller: &Caller, tag: &str, name: &str) -> Result<()> {
    caller.may(Scope::LinksWrite)?;
    let links = there(app, caller, tag).await?;
    if name.trim().is_empty() {
        return Err(Error::invalid("name", "must not be empty"));
    }
    if LONGEST_TAG < name.len() {
        return Err(Error::invalid("name", format!("must not be longer than {LONGEST_TAG} bytes")));
    }
    if name == tag {
        return Ok(());
    }
    let rename = |link: &mut Link| {
        if link.tags.iter().any(|known| known == name) {
            link.tags.retain(|known| known != tag);
        } else {
            for known in link.tags.iter_mut().filter(|known| *known == tag) {
                name.clone_into(known);
            }
        }
    };
    edit_chosen(app, caller, &links, rename).await
}

/// Takes a tag from all links.
pub async fn delete_tag(app: &App, caller: &Caller, tag: &str) -> Result<()> {
    caller.may(Scope::LinksWrite)?;
    let links = there(app, caller, tag).await?;
    edit_chosen(app, caller, &links, |link| link.tags.retain(|known| known != tag)).await
}

/// The links of a tag, of which there is at least one.
async fn there(app: &App, caller: &Caller, tag: &str) -> Result<Filter> {
    let links = Filter { tag: Some(tag.to_owned()), ..Filter::default() };
    match links::links(app, caller, &links, None, 1).await?.is_empty() {
        true => Err(Error::NotFound(What::Tag)),
        false => Ok(links),
    }
}
