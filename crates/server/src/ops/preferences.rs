//! How somebody likes the dashboard, in whichever browser they open it.

use model::{Caller, Error, Result, Who};
use serde_json::{Map, Value};

use crate::App;

/// Bytes of JSON.
const LARGEST: usize = 16 * 1024;

/// What the caller saved; nothing, where that is nothing. Everybody may read their own.
pub async fn preferences(app: &App, caller: &Caller) -> Result<Map<String, Value>> {
    let body = app.store.preferences(caller.workspace, owner(caller)).await?;
    let body = body.map(|body| serde_json::from_str(&body)).transpose();
    Ok(body.map_err(Error::internal)?.unwrap_or_default())
}

/// Saves the caller's own in the place of those that there were.
pub async fn save_preferences(
    app: &App,
    caller: &Caller,
    preferences: &Map<String, Value>,
) -> Result<()> {
    let body = serde_json::to_string(preferences).map_err(Error::internal)?;
    if LARGEST < body.len() {
        let why = format!("must not be longer than {LARGEST} bytes: they are {}", body.len());
        return Err(Error::invalid("", why));
    }
    app.store.save_preferences(caller.workspace, owner(caller), &body, app.now()).await
}

/// Ids of keys and members are never alike.
pub(super) fn owner(caller: &Caller) -> i64 {
    match caller.who {
        Who::Key(key) => key.number(),
        Who::Member(member, _) => member.number(),
        Who::Operator => 0,
    }
}
