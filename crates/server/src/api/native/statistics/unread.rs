//! Warnings of clicks that could not be read, and so are missing in an answer.

use axum::http::{HeaderName, HeaderValue};
use jiff::Timestamp;
use model::{Error, Result};
use serde::Serialize;
use statistics::Unread;
use utoipa::ToSchema;

use super::super::super::json::iso;

/// Clicks that are stored, and that the answer is without.
#[derive(Serialize, ToSchema)]
#[schema(as = UnreadClicks, example = json!({
    "kind": "damagedBlock", "block": 12, "clicks": 131_072, "from": "2026-11-01T00:00:00.000Z",
    "to": "2026-11-02T04:19:51.000Z",
    "message": "block 12 of clicks is damaged: up to 131072 clicks are missing here",
}))]
pub(in super::super) struct UnreadView {
    /// `damagedBlock`.
    kind: &'static str,
    /// The number of the block.
    block: i64,
    /// All clicks of the block, those that were not asked about included.
    clicks: u64,
    /// When the first of them came.
    from: String,
    /// When the last of them came.
    to: String,
    /// For people.
    message: String,
}

impl UnreadView {
    pub(in super::super) fn of(unread: &Unread) -> Result<UnreadView> {
        let moment = |at| Timestamp::from_millisecond(at).map(iso).map_err(Error::internal);
        let Unread { block, clicks, first, last } = *unread;
        Ok(UnreadView {
            kind: "damagedBlock",
            block,
            clicks,
            from: moment(first)?,
            to: moment(last)?,
            message: format!(
                "block {block} of clicks is damaged: up to {clicks} clicks are missing here"
            ),
        })
    }
}

/// The header by which answers that are tables tell how many clicks could not be read.
pub(in super::super) fn header(unread: &[Unread]) -> Option<(HeaderName, HeaderValue)> {
    let clicks: u64 = unread.iter().map(|unread| unread.clicks).sum();
    let name = HeaderName::from_static("waypost-unread-clicks");
    (!unread.is_empty()).then(|| (name, HeaderValue::from(clicks)))
}
