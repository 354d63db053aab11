//! The folders of a domain.

use model::{Caller, Domain, Folder, FolderSettings, Result, Scope};

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
