//! The folders of a domain.

use std::collections::HashMap;

use model::{Caller, Domain, Error, Folder, FolderSettings, Link, Result, Scope, What};
use store::Filter;

use super::{links::SAVES, many::edit_chosen};
use crate::App;

/// By name: those that were made, and those that are there because a link names them.
pub async fn folders(app: &App, caller: &Caller, domain: &Domain) -> Result<Vec<Folder>> {
    caller.may(Scope::LinksRead)?;
    app.store.folders(caller.workspace, domain.id).await
}

pub async fn create_folder(
    app: &App,
    caller: &Caller,
    domain: &Domain,
    name: &str,
    settings: FolderSettings,
) -> Result<Folder> {
    caller.may(Scope::LinksWrite)?;
    let folder = Folder::new(caller.workspace, domain.id, name, settings, app.now())?;
    app.store.insert_folder(&folder).await?;
    Ok(folder)
}

/// How many links each folder holds, by its name.
pub async fn folder_sizes(
    app: &App,
    caller: &Caller,
    domain: &Domain,
) -> Result<HashMap<String, i64>> {
    caller.may(Scope::LinksRead)?;
    app.store.folder_sizes(caller.workspace, domain.id).await
}

pub async fn folder(app: &App, caller: &Caller, domain: &Domain, name: &str) -> Result<Folder> {
    let all = folders(app, caller, domain).await?;
    all.into_iter().find(|folder| folder.name == name).ok_or(Error::NotFound(What::Folder))
}

/// Changes what new links in a folder start with, and its name, which its links follow.
pub async fn edit_folder(
    app: &App,
    caller: &Caller,
    domain: &Domain,
    name: &str,
    new_name: Option<&str>,
    edit: impl Fn(&mut FolderSettings) -> Result<()>,
) -> Result<Folder> {
    caller.may(Scope::LinksWrite)?;
    for _ in 0..SAVES {
        let before = folder(app, caller, domain, name).await?;
        let mut settings = before.settings.clone();
        edit(&mut settings)?;
        let named = new_name.unwrap_or(name);
        let new = Folder::new(caller.workspace, domain.id, named, settings, app.now())?;
        // A link may name a folder with space around it, which only a new name takes away.
        let kept = new_name.is_none().then(|| before.name.clone());
        let name = kept.unwrap_or(new.name);
        let after = Folder { name, created_at: before.created_at, ..new };
        let moves = after.name != before.name;
        if moves && folder(app, caller, domain, &after.name).await.is_ok() {
            return Err(Error::Taken(What::Folder));
        }
        match app.store.replace_folder(&before, &after).await {
            Err(Error::Stale) => continue,
            done => done?,
        }
        if moves {
            let to = Some(after.name.clone());
            let move_to = |link: &mut Link| link.folder.clone_from(&to);
            edit_chosen(app, caller, &of(domain, &before.name), move_to).await?;
        }
        return Ok(after);
    }
    Err(Error::Stale)
}

/// Takes a folder away; its links stay, in none.
pub async fn delete_folder(app: &App, caller: &Caller, domain: &Domain, name: &str) -> Result<()> {
    caller.may(Scope::LinksWrite)?;
    folder(app, caller, domain, name).await?;
    app.store.delete_folder(caller.workspace, domain.id, name).await?;
    edit_chosen(app, caller, &of(domain, name), |link: &mut Link| link.folder = None).await
}

fn of(domain: &Domain, name: &str) -> Filter {
    Filter { domain: Some(domain.id), folder: Some(name.to_owned()), ..Filter::default() }
}
