//! Example visitors, and what they must get.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::drafts::DraftBody;

/// A visitor to try a link with: told by their facts (`visitor`), or by the request that they would
/// send (`ip`, `headers`, `userAgent`, `url`).
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "ip": "203.0.113.7",
    "userAgent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1",
    "url": "http://localhost:8080/spring?utm_source=mail",
}))]
pub(in super::super) struct Visitor {
    /// Facts by field, as in `{"country": "US"}`; all others are unknown.
    visitor: Option<serde_json::Map<String, Value>>,
    ip: Option<String>,
    /// Names with their texts.
    headers: Option<std::collections::BTreeMap<String, String>>,
    /// Short for the header of that name.
    user_agent: Option<String>,
    /// The clicked address, of which the query is read.
    url: Option<String>,
    /// The moment of the click; now, unless it is said.
    #[schema(format = DateTime)]
    at: Option<String>,
    /// Tries the saved draft, in the place of the link as it is.
    draft: Option<bool>,
    /// Tries a change of the link, in the place of the link as it is. What it leaves out is as there.
    #[schema(value_type = Option<DraftBody>)]
    change: Option<Value>,
}

/// A visitor that is kept with a link, and what they must get.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(title = "LinkTest", example = json!({
    "id": "test_000Yl3bWx", "link": "lnk_0001_y3bWuA", "name": "An American on an iPhone",
    "visitor": {"country": "US", "deviceType": "mobile"},
    "expect": {"destination": "https://example.com/ios"},
    "createdAt": "2026-11-21T10:00:00.000Z", "updatedAt": "2026-11-21T10:00:00.000Z",
}))]
pub(in super::super) struct LinkTest {
    id: String,
    link: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    visitor: Option<serde_json::Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<std::collections::BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    at: Option<String>,
    expect: Expected,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

/// A new test, or what changes of one: any key of the visitor puts a whole new visitor in the old
/// one's place.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LinkTestChange, example = json!({
    "name": "An American on an iPhone", "visitor": {"country": "US", "deviceType": "mobile"},
    "expect": {"destination": "https://example.com/ios"},
}))]
pub(in super::super) struct LinkTestBody {
    #[schema(min_length = 1, max_length = 255)]
    name: Option<String>,
    visitor: Option<serde_json::Map<String, Value>>,
    ip: Option<String>,
    headers: Option<std::collections::BTreeMap<String, String>>,
    user_agent: Option<String>,
    url: Option<String>,
    #[schema(format = DateTime)]
    at: Option<String>,
    expect: Option<Expected>,
}

/// What a visitor must get; at least one of the keys.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"destination": "https://example.com/ios"}))]
pub(in super::super) struct Expected {
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<String>,
    /// The rule that must decide; null where none may.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 100, maximum = 599)]
    status: Option<i64>,
}
