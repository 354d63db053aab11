//! What a visitor has to pass before the rules are asked.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Route;

/// What the link's own state says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = "open")]
pub enum Gate {
    Open,
    /// Disabled, archived, not yet active or about to be deleted: as if there were no such link.
    Closed,
    Expired,
}

/// Half-open: a link works from its start up to, and not at, its end.
pub(super) fn check(route: &Route, now: Timestamp) -> Gate {
    if route.delete_at.is_some_and(|end| end <= now) {
        return Gate::Closed;
    }
    if !route.enabled || route.starts_at.is_some_and(|start| now < start) {
        return Gate::Closed;
    }
    if route.expires_at.is_some_and(|end| end <= now) {
        return Gate::Expired;
    }
    Gate::Open
}
