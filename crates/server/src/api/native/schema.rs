//! Shapes of what is read and written by hand, for the OpenAPI document: rules, conditions and example
//! visitors. The code that reads them is `model`'s; no value of these types is made.

#![expect(dead_code, reason = "these types say in the document what other code reads")]

use serde::{Deserialize, Serialize};
use serde_json::Value;
use targeting::{FIELDS, OPERATORS};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, RefOr, Schema, schema::SchemaType},
};

use super::link::LinkBody;

/// A rule: whoever meets `when` gets `action`. Rules are tried in the order of their priorities; the
/// first that matches decides.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(title = "Rule", example = json!({
    "id": "rule_000Yl3bWu", "name": "Mobile iOS users in the US", "enabled": true, "priority": 1,
    "when": {"all": [
        {"field": "deviceType", "operator": "equals", "value": "mobile"},
        {"field": "country", "operator": "in", "value": ["US", "CA"]},
    ]},
    "action": {"redirect": "https://example.com/ios"},
}))]
pub(super) struct Rule {
    id: String,
    /// Up to 255 bytes.
    name: String,
    /// A rule that is not enabled is passed over.
    enabled: bool,
    /// Lower goes first; of two alike, the older one.
    priority: i64,
    when: Condition,
    action: Action,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The IANA time zone of this rule's tests of hours, days and dates; without it the visitor's,
    /// where that is known, else the domain's.
    #[serde(skip_serializing_if = "Option::is_none")]
    timezone: Option<String>,
    /// 0 are rules that somebody wrote; 1 to 4 the fixed shapes of Short.io's API, which come after
    /// them: region, country, platform, split.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 4)]
    tier: Option<i64>,
    /// What may not have been meant; in answers to saves alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<crate::ops::Warning>>,
}

/// A new rule, or a rule of a list that replaces a link's.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "name": "Evenings", "timezone": "Europe/Berlin",
    "when": {"field": "hour", "operator": "between", "value": [18, 23]},
    "action": {"split": [
        {"weight": 60, "redirect": "https://example.com/a"},
        {"weight": 40, "redirect": "https://example.com/b"},
    ]},
}))]
pub(super) struct NewRule {
    /// In a list that replaces a link's rules: the rule that this one stands for.
    id: Option<String>,
    #[schema(max_length = 255)]
    name: Option<String>,
    description: Option<String>,
    /// True unless it is said to be false.
    enabled: Option<bool>,
    /// Lower goes first. Without one the rule goes last.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000)]
    priority: Option<i64>,
    /// An IANA time zone.
    timezone: Option<String>,
    #[schema(minimum = 0, maximum = 4)]
    tier: Option<i64>,
    when: Condition,
    action: Action,
}

/// What changes of a rule; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"enabled": false}))]
pub(super) struct RuleChange {
    #[schema(max_length = 255)]
    name: Option<String>,
    description: Option<String>,
    enabled: Option<bool>,
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000)]
    priority: Option<i64>,
    timezone: Option<String>,
    when: Option<Condition>,
    action: Option<Action>,
}

/// A test of one fact, or `all`, `any` or `not` of further conditions. A fact that cannot be learnt
/// of a visitor makes its test neither true nor false, and a rule matches only where it is true.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({"field": "country", "operator": "in", "value": ["US", "CA"]}))]
pub(super) enum Condition {
    All(All),
    Any(Any),
    Not(Not),
    Test(Test),
}

/// True where every part is.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"all": [{"field": "vpn", "operator": "is_false"}]}))]
pub(super) struct All {
    #[schema(no_recursion, min_items = 1)]
    all: Vec<Condition>,
}

/// True where one part is.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"any": [
    {"field": "os", "operator": "equals", "value": "iOS"},
    {"field": "os", "operator": "equals", "value": "Android"},
]}))]
pub(super) struct Any {
    #[schema(no_recursion, min_items = 1)]
    any: Vec<Condition>,
}

/// True where its part is false.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"not": {"field": "bot", "operator": "is_true"}}))]
pub(super) struct Not {
    #[schema(no_recursion)]
    not: Box<Condition>,
}

/// A test of one fact. `GET /api/v1/fields` says which operators and values fit which field.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"field": "deviceType", "operator": "equals", "value": "mobile"}))]
pub(super) struct Test {
    #[schema(schema_with = field)]
    field: String,
    #[schema(schema_with = operator)]
    operator: String,
    /// A text, a number, or a list of them for `in`, `not_in` and `between`; `is_true`, `is_false`
    /// and `exists` need none.
    value: Option<Value>,
}

/// What happens to whom a rule matches: a redirect, a split by weight, or a page.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({"redirect": "https://example.com/ios"}))]
pub(super) enum Action {
    Redirect(Redirect),
    Split(Split),
    Block(Block),
}

/// To one destination.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"redirect": "https://example.com/ios"}))]
pub(super) struct Redirect {
    redirect: String,
}

/// To one of several destinations; a visitor keeps to theirs.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"split": [
    {"weight": 60, "redirect": "https://example.com/a"},
    {"weight": 40, "redirect": "https://example.com/b"},
]}))]
pub(super) struct Split {
    #[schema(min_items = 1, max_items = 100)]
    split: Vec<Variant>,
}

/// One way of a split; its share is its weight of the sum of all.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"weight": 60, "redirect": "https://example.com/a"}))]
pub(super) struct Variant {
    #[schema(minimum = 0, maximum = 1_000_000)]
    weight: i64,
    redirect: String,
}

/// A page instead of a redirect.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"block": 451}))]
pub(super) struct Block {
    /// 403, 404, 410 or 451.
    #[schema(schema_with = blocks)]
    block: i64,
}

/// A visitor to try a link with: told by their facts (`visitor`), or by the request that they would
/// send (`ip`, `headers`, `userAgent`, `url`).
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "ip": "203.0.113.7",
    "userAgent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1",
    "url": "http://localhost:8080/spring?utm_source=mail",
}))]
pub(super) struct Visitor {
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
pub(super) struct LinkTest {
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
pub(super) struct LinkTestBody {
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
pub(super) struct Expected {
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<String>,
    /// The rule that must decide; null where none may.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 100, maximum = 599)]
    status: Option<i64>,
}

/// How a shared link looks in a chat or a feed.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Card, example = json!({
    "title": "Spring sale", "description": "Everything must go.",
    "image": "https://example.com/spring.png",
}))]
pub(super) struct CardView {
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
pub(super) struct Diff {
    /// Null where it is the same.
    destination: Option<KeyChange>,
    default_split: Option<KeyChange>,
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
pub(super) struct KeyChange {
    from: Value,
    to: Value,
}

/// Why a call failed: a problem in the form of RFC 9457.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "type": "about:blank", "title": "Unprocessable Entity", "status": 422,
    "detail": "destination: is required",
    "errors": [{"at": "destination", "detail": "is required"}],
}))]
pub(super) struct Problem {
    r#type: String,
    /// The status in words.
    title: String,
    #[schema(minimum = 400, maximum = 599)]
    status: i64,
    /// What is wrong, for people.
    detail: String,
    /// Every place that is wrong, where the request's content is.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<Fault>>,
    /// How a draft and its link went apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    diverged: Option<Value>,
}

/// One place that is wrong.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"at": "rules[0].when.all[1].value", "detail": "must be a list"}))]
pub(super) struct Fault {
    /// A key of the body or the query, as in `rules[0].when.all[1].value`.
    at: String,
    detail: String,
}

/// A change of a link, and which.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"id": "lnk_0001_y3bWuA", "archived": true}))]
pub(super) struct BulkChange {
    id: String,
    #[serde(flatten)]
    change: LinkBody,
}

/// A new link: a change of which `destination` is required.
pub(super) struct NewLink;

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

fn field() -> Object {
    let names = FIELDS.iter().map(|field| field.name);
    let description = "A field of `GET /api/v1/fields`, such as `country`, or one that is named by \
                       its beginning, such as `query.ref`.";
    Object::builder()
        .schema_type(SchemaType::new(utoipa::openapi::schema::Type::String))
        .description(Some(description))
        .examples(names.take(5))
        .build()
}

fn operator() -> Object {
    Object::builder()
        .schema_type(SchemaType::new(utoipa::openapi::schema::Type::String))
        .description(Some("How the value is compared."))
        .enum_values(Some(OPERATORS.iter().map(|operator| operator.name)))
        .build()
}

fn blocks() -> Object {
    Object::builder()
        .schema_type(SchemaType::new(utoipa::openapi::schema::Type::Integer))
        .description(Some("The page's status."))
        .enum_values(Some(model::BLOCKS.iter().copied()))
        .build()
}
