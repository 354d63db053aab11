//! Failures.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// Why a call failed: a problem in the form of RFC 9457.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "type": "about:blank", "title": "Unprocessable Entity", "status": 422,
    "detail": "destination: is required",
    "errors": [{"at": "destination", "detail": "is required"}],
}))]
pub(in super::super) struct Problem {
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
pub(in super::super) struct Fault {
    /// A key of the body or the query, as in `rules[0].when.all[1].value`.
    at: String,
    detail: String,
}
