//! `/api/v1/fields`: everything that a condition can test, and how.

use axum::Json;
use serde::Serialize;
use targeting::{Arity, FIELDS, Field, Group, OPERATORS, OperatorRow, Source};
use utoipa::ToSchema;

use super::{Authed, Native};

/// All that conditions are made of.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"fields": [], "operators": []}))]
pub(super) struct Vocabulary {
    fields: Vec<FieldView>,
    operators: Vec<OperatorView>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Field, example = json!({
    "name": "country", "label": "Country", "help": "The country that the visitor is in.", "group": "place", "kind": "country",
    "source": "place", "example": "US", "operators": ["equals", "in"], "choices": ["AD", "AE"],
}))]
struct FieldView {
    name: &'static str,
    label: &'static str,
    help: &'static str,
    #[schema(value_type = String)]
    group: Group,
    kind: &'static str,
    /// What has to be learnt about a visitor first.
    #[schema(value_type = String)]
    source: Source,
    example: &'static str,
    operators: Vec<&'static str>,
    /// The values that there are, where they can be listed.
    choices: Vec<&'static str>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Operator, example = json!({"name": "in", "label": "is one of", "help": "One of several values.", "values": "many"}))]
struct OperatorView {
    name: &'static str,
    label: &'static str,
    help: &'static str,
    /// How many values it takes: `none`, `one`, `two` or `many`.
    values: &'static str,
}

/// List what conditions can test
///
/// Every field with its operators, values and help, and every operator.
#[utoipa::path(
    get,
    operation_id = "listFields",
    path = "/fields",
    tag = "Rules",
    responses((status = 200, description = "as asked", body = Vocabulary)),
)]
pub(super) async fn list(_: Authed<Native>) -> Json<Vocabulary> {
    Json(Vocabulary {
        fields: FIELDS.iter().map(FieldView::from).collect(),
        operators: OPERATORS.iter().map(OperatorView::from).collect(),
    })
}

impl From<&Field> for FieldView {
    fn from(field: &Field) -> FieldView {
        FieldView {
            name: field.name,
            label: field.label,
            help: field.help,
            group: field.group,
            kind: field.kind.name(),
            source: field.source,
            example: field.example,
            operators: field.kind.operators().map(|operator| operator.name).collect(),
            choices: field.kind.choices(),
        }
    }
}

impl From<&OperatorRow> for OperatorView {
    fn from(operator: &OperatorRow) -> OperatorView {
        let values = match operator.arity {
            Arity::None => "none",
            Arity::One => "one",
            Arity::Two => "two",
            Arity::Many => "many",
        };
        OperatorView { name: operator.name, label: operator.label, help: operator.help, values }
    }
}
