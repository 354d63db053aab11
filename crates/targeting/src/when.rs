//! Conditions as their author wrote them.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::Problem;

/// When a rule holds: one test, or several under `all`, `any` and `not`.
///
/// This is what is stored and echoed, so nothing of it is ever corrected;
/// [`Rules`](crate::Rules) holds what it means.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum When {
    All { all: Vec<When> },
    Any { any: Vec<When> },
    Not { not: Box<When> },
    Test(Test),
}

/// One comparison of one field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Test {
    pub field: String,
    pub operator: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The IANA zone in which `hour`, `dayOfWeek` and `date` are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// How many groups may lie around a test.
pub(crate) const MOST_LEVELS: usize = 16;

/// How many tests one tree may hold.
pub(crate) const MOST_TESTS: usize = 500;

impl When {
    /// Reads a tree. What its fields, operators and values mean is checked by
    /// [`check`](Self::check), which can only be asked once the tree has a shape.
    ///
    /// # Errors
    ///
    /// Every place where the shape is wrong: `any[0]: no key "mood"`.
    pub fn parse(json: &Value) -> Result<When, Vec<Problem>> {
        let mut reader = Reader { tests: 0, problems: Vec::new() };
        match reader.when(json, "", 0) {
            Some(when) if reader.problems.is_empty() => Ok(when),
            _ => Err(reader.problems),
        }
    }

    /// One test without a time zone.
    pub fn test(field: &str, operator: &str, value: impl Into<Value>) -> When {
        When::Test(Test {
            field: field.to_owned(),
            operator: operator.to_owned(),
            value: Some(value.into()),
            timezone: None,
        })
    }

    /// How many conditions it is, all of its parts included.
    pub fn size(&self) -> usize {
        1 + self.parts().iter().map(When::size).sum::<usize>()
    }

    /// The groups' members; none for a test.
    pub fn parts(&self) -> &[When] {
        match self {
            When::All { all } => all,
            When::Any { any } => any,
            When::Not { not } => std::slice::from_ref(not),
            When::Test(_) => &[],
        }
    }
}

struct Reader {
    tests: usize,
    problems: Vec<Problem>,
}

impl Reader {
    fn when(&mut self, json: &Value, at: &str, level: usize) -> Option<When> {
        let Value::Object(map) = json else {
            return self.refuse(at, r#"must be a test or a group, such as {"all": [...]}"#);
        };
        let Some(name) = ["all", "any", "not"].into_iter().find(|name| map.contains_key(*name))
        else {
            return self.test(map, at).map(When::Test);
        };
        if level == MOST_LEVELS {
            return self.refuse(at, format!("lies deeper than {MOST_LEVELS} groups"));
        }
        for key in map.keys().filter(|key| *key != name) {
            self.refuse::<()>(at, format!("no key {key:?} beside {name:?}"));
        }
        let inside = join(at, name);
        if name == "not" {
            let not = Box::new(self.when(&map[name], &inside, level + 1)?);
            return Some(When::Not { not });
        }
        let Value::Array(parts) = &map[name] else {
            return self.refuse(&inside, "must be an array of conditions");
        };
        if parts.is_empty() {
            return self.refuse(&inside, "must hold at least one condition");
        }
        let mut read = Vec::with_capacity(parts.len());
        for (i, part) in parts.iter().enumerate() {
            if MOST_TESTS < self.tests {
                break;
            }
            read.extend(self.when(part, &format!("{inside}[{i}]"), level + 1));
        }
        Some(if name == "all" { When::All { all: read } } else { When::Any { any: read } })
    }

    fn test(&mut self, map: &Map<String, Value>, at: &str) -> Option<Test> {
        self.tests += 1;
        if MOST_TESTS < self.tests {
            return self.refuse("", format!("holds more than {MOST_TESTS} tests"));
        }
        for key in map.keys() {
            if !["field", "operator", "value", "timezone"].contains(&key.as_str()) {
                self.refuse::<()>(at, format!("no key {key:?}"));
            }
        }
        let field = self.text(map, "field", at);
        let operator = self.text(map, "operator", at);
        let timezone = match map.get("timezone") {
            Some(_) => Some(self.text(map, "timezone", at)?),
            None => None,
        };
        Some(Test {
            field: field?,
            operator: operator?,
            value: map.get("value").cloned(),
            timezone,
        })
    }

    fn text(&mut self, map: &Map<String, Value>, key: &str, at: &str) -> Option<String> {
        match map.get(key) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => self.refuse(&join(at, key), "must be text"),
            None => self.refuse(&join(at, key), "is missing"),
        }
    }

    fn refuse<T>(&mut self, at: &str, why: impl Into<String>) -> Option<T> {
        self.problems.push(Problem::new(at, why));
        None
    }
}

fn join(at: &str, key: &str) -> String {
    let dot = if at.is_empty() { "" } else { "." };
    format!("{at}{dot}{key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &[&str]) {
        let json: Value = serde_json::from_str(json).unwrap();
        let problems = When::parse(&json).unwrap_err();
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, expected);
    }

    #[test]
    fn a_tree_is_echoed_byte_for_byte() {
        for text in [
            r#"{"field":"country","operator":"in","value":["US","uk"]}"#,
            r#"{"field":"bot","operator":"is_false","value":null}"#,
            r#"{"field":"bot","operator":"is_false"}"#,
            r#"{"field":"hour","operator":"less_than","value":"9","timezone":"Europe/Berlin"}"#,
            r#"{"all":[{"field":"os","operator":"equals","value":1.50},{"not":{"any":[{"field":"x","operator":"y"}]}}]}"#,
        ] {
            let json: Value = serde_json::from_str(text).unwrap();
            let when = When::parse(&json).unwrap();
            assert_eq!(
                serde_json::to_string(&when).unwrap(),
                serde_json::to_string(&json).unwrap()
            );
        }
    }

    #[test]
    fn every_problem_of_shape_is_named_with_its_place() {
        check("7", &[r#"must be a test or a group, such as {"all": [...]}"#]);
        check(
            r#"{"all":[{"field":"os"},{"field":1,"operator":"equals","mood":2},[]]}"#,
            &[
                "all[0].operator: is missing",
                r#"all[1]: no key "mood""#,
                "all[1].field: must be text",
                r#"all[2]: must be a test or a group, such as {"all": [...]}"#,
            ],
        );
        check(r#"{"any":[]}"#, &["any: must hold at least one condition"]);
        check(r#"{"not":{"all":[]}}"#, &["not.all: must hold at least one condition"]);
        check(r#"{"not":[]}"#, &[r#"not: must be a test or a group, such as {"all": [...]}"#]);
        check(r#"{"any":{}}"#, &["any: must be an array of conditions"]);
        check(
            r#"{"all":[{"field":"a","operator":"b"}],"any":[]}"#,
            &[r#"no key "any" beside "all""#],
        );
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let test = r#"{"field":"bot","operator":"is_true"}"#;
        let nested =
            |levels: usize| format!("{}{test}{}", r#"{"not":"#.repeat(levels), "}".repeat(levels));
        let parse = |text: &str| When::parse(&serde_json::from_str(text).unwrap());
        assert!(parse(&nested(16)).is_ok());
        let problems = parse(&nested(17)).unwrap_err();
        assert_eq!(problems[0].why, "lies deeper than 16 groups");
        let wide = |tests: usize| format!(r#"{{"all":[{}]}}"#, vec![test; tests].join(","));
        assert!(parse(&wide(500)).is_ok());
        let problems = parse(&wide(600)).unwrap_err();
        assert_eq!(problems, [Problem::new("", "holds more than 500 tests")]);
    }
}
