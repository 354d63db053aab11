//! Rules, conditions and actions.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use targeting::{FIELDS, OPERATORS};
use utoipa::{
    ToSchema,
    openapi::{Object, schema::SchemaType},
};

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
pub(in super::super) struct Rule {
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
pub(in super::super) struct NewRule {
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
pub(in super::super) struct RuleChange {
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
pub(in super::super) enum Condition {
    All(All),
    Any(Any),
    Not(Not),
    Test(Test),
}

/// True where every part is.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"all": [{"field": "vpn", "operator": "is_false"}]}))]
pub(in super::super) struct All {
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
pub(in super::super) struct Any {
    #[schema(no_recursion, min_items = 1)]
    any: Vec<Condition>,
}

/// True where its part is false.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"not": {"field": "bot", "operator": "is_true"}}))]
pub(in super::super) struct Not {
    #[schema(no_recursion)]
    not: Box<Condition>,
}

/// A test of one fact. `GET /api/v1/fields` says which operators and values fit which field.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"field": "deviceType", "operator": "equals", "value": "mobile"}))]
pub(in super::super) struct Test {
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
pub(in super::super) enum Action {
    Redirect(Redirect),
    Split(Split),
    Block(Block),
}

/// To one destination.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"redirect": "https://example.com/ios"}))]
pub(in super::super) struct Redirect {
    redirect: String,
}

/// To one of several destinations; a visitor keeps to theirs.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"split": [
    {"weight": 60, "redirect": "https://example.com/a"},
    {"weight": 40, "redirect": "https://example.com/b"},
]}))]
pub(in super::super) struct Split {
    #[schema(min_items = 1, max_items = 100)]
    split: Vec<Variant>,
}

/// One way of a split; its share is its weight of the sum of all.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"weight": 60, "redirect": "https://example.com/a"}))]
pub(in super::super) struct Variant {
    #[schema(minimum = 0, maximum = 1_000_000)]
    weight: i64,
    redirect: String,
}

/// A page instead of a redirect.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"block": 451}))]
pub(in super::super) struct Block {
    /// 403, 404, 410 or 451.
    #[schema(schema_with = blocks)]
    block: i64,
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
