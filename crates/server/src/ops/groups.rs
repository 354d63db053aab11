//! Folders by their names alone, whichever domains they are on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::{Caller, Error, Folder, FolderSettings, Link, Result, Scope, What};
use store::Filter;

use super::links::change;
use crate::App;

/// What the folders of one name are together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub name: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Links read at a time.
const AT_ONCE: i64 = 200;

/// By name.
pub async fn groups(app: &App, caller: &Caller) -> Result<Vec<Group>> {
    caller.may(Scope::LinksRead)?;
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for domain in app.store.domains(caller.workspace).await? {
        for folder in app.store.folders(caller.workspace, domain.id).await? {
            let new = Group::from(folder);
            let group = groups.entry(new.name.clone()).or_insert_with(|| new.clone());
            group.created_at = group.created_at.min(new.created_at);
            group.updated_at = group.updated_at.max(new.updated_at);
        }
    }
    Ok(groups.into_values().collect())
}

/// Gives the folders of a name another, on every domain, with their links.
pub async fn rename_group(app: &App, caller: &Caller, old: &str, new: &str) -> Result<Group> {
    caller.may(Scope::LinksWrite)?;
    if groups(app, caller).await?.iter().any(|group| group.name == new.trim() && group.name != old)
    {
        return Err(Error::Taken(What::Folder));
    }
    let now = app.now();
    let mut renamed = None;
    for domain in app.store.domains(caller.workspace).await? {
        let made = app.store.folder(caller.workspace, domain.id, old).await?;
        let settings = made.as_ref().map_or_else(FolderSettings::default, |it| it.settings.clone());
        let folder = Folder::new(caller.workspace, domain.id, new, settings, now)?;
        let created_at = made.as_ref().map_or(now, |made| made.created_at);
        let folder = Folder { created_at, ..folder };
        if folder.name == old {
            return Ok(Group::from(folder));
        }
        if made.is_some() {
            app.store.insert_folder(&folder).await?;
        }
        renamed = Some(Group::from(folder));
    }
    let renamed = renamed.ok_or(Error::NotFound(What::Folder))?;
    move_links(app, caller, old, Some(&renamed.name)).await?;
    app.store.delete_folders(caller.workspace, old).await?;
    Ok(renamed)
}

/// Removes the folders of a name; their links stay, in none.
pub async fn delete_group(app: &App, caller: &Caller, name: &str) -> Result<()> {
    caller.may(Scope::LinksWrite)?;
    move_links(app, caller, name, None).await?;
    app.store.delete_folders(caller.workspace, name).await
}

async fn move_links(app: &App, caller: &Caller, from: &str, to: Option<&str>) -> Result<()> {
    let inside = Filter { folder: Some(from.to_owned()), ..Filter::default() };
    let mut after = None;
    loop {
        let links = app.store.links(caller.workspace, &inside, after, AT_ONCE).await?;
        for link in &links {
            let edit = |link: &mut Link| {
                link.folder = to.map(str::to_owned);
                Ok(())
            };
            match change(app, caller, link.id, None, |link, _, _| edit(link)).await {
                // Somebody deleted it meanwhile.
                Err(Error::NotFound(What::Link)) => (),
                done => drop(done?),
            }
        }
        let Some(last) = links.last() else { return Ok(()) };
        after = Some(last.id);
    }
}

impl From<Folder> for Group {
    fn from(folder: Folder) -> Group {
        let Folder { name, created_at, updated_at, .. } = folder;
        Group { name, created_at, updated_at }
    }
}
