//! Links: what is not said where they are read.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, RefOr, Schema},
};

use super::super::link::LinkBody;

/// How a shared link looks in a chat or a feed.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Card, example = json!({
    "title": "Spring sale", "description": "Everything must go.",
    "image": "https://example.com/spring.png",
}))]
pub(in super::super) struct CardView {
    title: Option<String>,
    description: Option<String>,
    /// The URL of a picture.
    image: Option<String>,
    /// Further properties in their order, such as `["twitter:card", "summary"]`; Open Graph's own are
    /// written without `og:`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    properties: Vec<Vec<String>>,
}

/// What turns one revision into another; positions count from 1.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "destination": {"from": "https://example.com/", "to": "https://example.com/new"},
    "defaultSplit": null, "added": [], "removed": [], "changed": [], "moved": [],
}))]
pub(in super::super) struct Diff {
    /// Null where it is the same.
    destination: Option<ValueChange>,
    default_split: Option<ValueChange>,
    /// Rules that came, each with its `position`.
    added: Vec<Object>,
    /// Rules that went.
    removed: Vec<Object>,
    /// Rules that differ, each with its `changes` by key.
    changed: Vec<Object>,
    /// The fewest rules that have to move: `from` and `to`.
    moved: Vec<Object>,
}

/// One key's two values; null where it is not set.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"from": "https://example.com/", "to": "https://example.com/new"}))]
pub(in super::super) struct ValueChange {
    from: Value,
    to: Value,
}

/// A change of a link, and which.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"id": "lnk_0001_y3bWuA", "archived": true}))]
pub(in super::super) struct BulkChange {
    id: String,
    #[serde(flatten)]
    change: LinkBody,
}

/// A new link: a change of which `destination` is required.
pub(in super::super) struct NewLink;

impl PartialSchema for NewLink {
    fn schema() -> RefOr<Schema> {
        let mut schema = LinkBody::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.push("destination".to_owned());
            object.description = Some("A new link; only `destination` is required.".to_owned());
        }
        schema
    }
}

impl ToSchema for NewLink {
    fn name() -> std::borrow::Cow<'static, str> {
        "NewLink".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        LinkBody::schemas(schemas);
    }
}
