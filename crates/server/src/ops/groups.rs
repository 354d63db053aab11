//! Folders by their names alone, whichever domains they are on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::{Caller, Domain, Error, Folder, Result, Scope, What};

use super::folders;
use crate::App;

/// What the folders of one name are together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub name: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// By name.
pub async fn groups(app: &App, caller: &Caller) -> Result<Vec<Group>> {
    caller.may(Scope::LinksRead)?;
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for domain in theirs(app, caller).await? {
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
    let mut renamed = None;
    for domain in of(app, caller, old).await? {
        let folder = folders::edit_folder(app, caller, &domain, old, Some(new), |_| Ok(())).await?;
        renamed = Some(Group::from(folder));
    }
    renamed.ok_or(Error::NotFound(What::Folder))
}

/// Removes the folders of a name; their links stay, in none.
pub async fn delete_group(app: &App, caller: &Caller, name: &str) -> Result<()> {
    caller.may(Scope::LinksWrite)?;
    for domain in of(app, caller, name).await? {
        folders::delete_folder(app, caller, &domain, name).await?;
    }
    Ok(())
}

/// The domains that have a folder of a name.
async fn of(app: &App, caller: &Caller, name: &str) -> Result<Vec<Domain>> {
    let mut found = Vec::new();
    for domain in theirs(app, caller).await? {
        match folders::folder(app, caller, &domain, name).await {
            Ok(_) => found.push(domain),
            Err(Error::NotFound(_)) => (),
            Err(other) => return Err(other),
        }
    }
    Ok(found)
}

async fn theirs(app: &App, caller: &Caller) -> Result<Vec<Domain>> {
    let all = app.store.domains(caller.workspace).await?;
    Ok(all.into_iter().filter(|domain| caller.sees(domain.id)).collect())
}

impl From<Folder> for Group {
    fn from(folder: Folder) -> Group {
        let Folder { name, created_at, updated_at, .. } = folder;
        Group { name, created_at, updated_at }
    }
}
