//! The tracking pixels of a workspace.

use model::{Caller, Error, Pixel, PixelId, Result, Scope, Tag, WorkspaceId};

use super::links::SAVES;
use crate::App;

pub async fn pixels(app: &App, caller: &Caller) -> Result<Vec<Pixel>> {
    caller.may(Scope::LinksRead)?;
    app.store.pixels(caller.workspace).await
}

pub async fn pixel(app: &App, caller: &Caller, id: PixelId) -> Result<Pixel> {
    caller.may(Scope::LinksRead)?;
    app.store.pixel(caller.workspace, id).await
}

pub async fn create_pixel(app: &App, caller: &Caller, name: &str, tag: Tag) -> Result<Pixel> {
    caller.may(Scope::LinksWrite)?;
    let stamp = app.stamp();
    let pixel = Pixel {
        id: PixelId::next(&stamp),
        workspace: caller.workspace,
        name: name.trim().to_owned(),
        tag,
        created_at: stamp.now,
        updated_at: stamp.now,
    };
    pixel.check()?;
    app.store.insert_pixel(&pixel).await?;
    app.routes.put_pixel(&pixel);
    Ok(pixel)
}

/// Changes a pixel for all links that fire it.
pub async fn edit_pixel(
    app: &App,
    caller: &Caller,
    id: PixelId,
    edit: impl Fn(&mut Pixel) -> Result<()>,
) -> Result<Pixel> {
    caller.may(Scope::LinksWrite)?;
    caller.may_everywhere()?;
    for _ in 0..SAVES {
        let before = app.store.pixel(caller.workspace, id).await?;
        let mut after = before.clone();
        edit(&mut after)?;
        after.check()?;
        after.updated_at = app.now();
        match app.store.update_pixel(&before, &after).await {
            Err(Error::Stale) => continue,
            done => done?,
        }
        app.routes.put_pixel(&after);
        return Ok(after);
    }
    Err(Error::Stale)
}

/// Removes a pixel; the links that name it fire it no more.
pub async fn delete_pixel(app: &App, caller: &Caller, id: PixelId) -> Result<()> {
    caller.may(Scope::LinksWrite)?;
    caller.may_everywhere()?;
    app.store.delete_pixel(caller.workspace, id, app.now()).await?;
    app.routes.remove_pixel(id);
    Ok(())
}

/// Refuses pixels that a link may not name: those of others, and one twice. Those that it named
/// `before` may have been deleted since.
pub(super) async fn check(
    app: &App,
    workspace: WorkspaceId,
    named: &[PixelId],
    before: &[PixelId],
) -> Result<()> {
    if named == before {
        return Ok(());
    }
    let known = app.store.pixels(workspace).await?;
    for (i, id) in named.iter().enumerate() {
        if named[..i].contains(id) {
            return Err(Error::invalid(format!("pixels[{i}]"), "stands twice in the list"));
        }
        if !before.contains(id) && !known.iter().any(|pixel| pixel.id == *id) {
            return Err(Error::invalid(format!("pixels[{i}]"), "no pixel has this id"));
        }
    }
    Ok(())
}
