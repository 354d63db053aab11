//! Bringing what the database holds into this node's memory: domains, keys and links.

use std::sync::atomic::Ordering;

use model::{LinkId, Result};

use crate::App;

/// Links fetched at a time.
const PAGE: i64 = 1_000;

/// Loads everything, or what changed since the snapshot; afterwards an unknown slug is truly unknown.
pub async fn load(app: &App) -> Result<()> {
    // No snapshot holds keys.
    for (change, key) in app.store.keys_changed_since(0).await? {
        app.keys.put(change, key);
    }
    bring_changes(app).await?;
    app.routes.set_complete();
    Ok(())
}

/// Forgets all that was brought, so that it is brought anew.
pub fn forget(app: &App) {
    app.routes.clear();
    app.keys.clear();
    app.seen.store(0, Ordering::Release);
}

/// Brings what changed since the last call, on this node or on another. Costs one small query
/// where nothing did.
pub async fn bring_changes(app: &App) -> Result<()> {
    let seen = app.seen.load(Ordering::Acquire);
    let newest = app.store.version().await?;
    // What this node changed itself is in its memory.
    let mut since = app.store.known_from(seen);
    if seen <= newest && newest <= since {
        app.seen.fetch_max(since, Ordering::AcqRel);
        return Ok(());
    }
    if newest < seen {
        tracing::warn!(
            change = newest,
            known = seen,
            "the database is an older one than before: all links are loaded anew"
        );
        forget(app);
        since = 0;
    }
    app.routes.put_domains(&app.store.domains_changed_since(since).await?);
    for domain in app.store.domains_deleted_since(since).await? {
        app.routes.remove_domain(domain);
    }
    for (change, key) in app.store.keys_changed_since(since).await? {
        app.keys.put(change, key);
    }
    for (id, pixel) in app.store.pixels_changed_since(since).await? {
        match pixel {
            Some(pixel) => app.routes.put_pixel(&pixel),
            None => app.routes.remove_pixel(id),
        }
    }
    let mut after: Option<LinkId> = None;
    loop {
        let changes = app.store.changes_since(since, after, PAGE).await?;
        let count = changes.len() as i64;
        for (version, id, link) in changes {
            (since, after) = (version, Some(id));
            match link {
                Some(link) => app.routes.put(&link),
                None => app.routes.remove(id),
            }
        }
        if count < PAGE {
            break;
        }
    }
    // Two may bring changes at once, and neither takes back what the other brought.
    app.seen.fetch_max(newest, Ordering::AcqRel);
    if app.reach.is_reached() {
        // Only where all was forgotten is this news.
        app.routes.set_complete();
    }
    Ok(())
}
