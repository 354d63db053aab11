//! Keys of Short.io's requests that this version does not act on.
//!
//! A key that Short.io knows must not be lost in silence: it is refused, unless its value asks for
//! nothing. Keys that Short.io does not know either are ignored, as it does.

use model::{Error, Result};
use serde_json::{Map, Value};
use targeting::Problem;

const LATER: &[&str] = &[
    "cloaking",
    "createdAt",
    "integrationAdroll",
    "integrationFB",
    "integrationGA",
    "integrationGTM",
    "integrationTT",
    "passwordContact",
    "ttl",
    "utmCampaign",
    "utmContent",
    "utmMedium",
    "utmSource",
    "utmTerm",
];

/// Refuses the keys that ask for something.
pub(super) fn refuse(rest: &Map<String, Value>) -> Result<()> {
    let asks =
        |(key, value): &(&String, &Value)| LATER.contains(&key.as_str()) && !is_nothing(value);
    let problem = |(key, _): (&String, &Value)| {
        Problem::new(key, "is not acted on by this version: leave it out")
    };
    let problems: Vec<Problem> = rest.iter().filter(asks).map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_asks_for_something_is_refused() {
        for key in LATER {
            for nothing in [json!(null), json!(false), json!("")] {
                assert!(refuse(json!({ *key: nothing }).as_object().unwrap()).is_ok());
            }
            let error = refuse(json!({ *key: 1 }).as_object().unwrap()).unwrap_err().to_string();
            assert_eq!(error, format!("{key}: is not acted on by this version: leave it out"));
        }
        assert!(refuse(json!({ "source": "api" }).as_object().unwrap()).is_ok());
    }
}
