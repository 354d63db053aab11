//! `/api/v1/fields`: everything that a condition can test, and how.

use axum::Json;
use serde::Serialize;
use targeting::{Arity, FIELDS, Field, Group, OPERATORS, OperatorRow, Source};

use super::{Authed, Native};

#[derive(Serialize)]
pub(super) struct Vocabulary {
    fields: Vec<FieldView>,
    operators: Vec<OperatorView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldView {
    name: &'static str,
    label: &'static str,
    help: &'static str,
    group: Group,
    kind: &'static str,
    /// What has to be learnt about a visitor first.
    source: Source,
    example: &'static str,
    operators: Vec<&'static str>,
    /// The values that there are, where they can be listed.
    choices: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OperatorView {
    name: &'static str,
    label: &'static str,
    help: &'static str,
    /// How many values it takes: `none`, `one`, `two` or `many`.
    values: &'static str,
}

/// The same for every caller, but not for none: it says which version runs here.
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
