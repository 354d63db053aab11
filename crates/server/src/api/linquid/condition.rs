//! What a Linquid rule asks, in its two forms: a flat list of conditions, or a type with an object.
//!
//! A flat list is a tree of one level, so that nothing but the tree needs to be kept. An object is
//! kept with the rule, and is what the rule says as long as it still means the rule's tree: whoever
//! edits that elsewhere makes it void by that alone.

use model::{Error, Result, Rule};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use targeting::{Problem, Test, When};

use super::typed;

/// What a rule asks, as it was sent.
#[derive(Debug, PartialEq)]
pub(super) enum Said<'r> {
    Flat(Vec<&'r Test>, Logic),
    Typed(&'r str, &'r Map<String, Value>),
}

/// A tree, and what has to be kept to say it again.
pub(super) struct Read {
    pub(super) when: When,
    pub(super) kept: Option<Value>,
}

/// Where it is kept with a rule.
const KEPT: &str = "linquid";

/// How the conditions of one list are combined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Logic {
    #[default]
    And,
    Or,
}

/// Reads conditions of either form.
pub(super) fn read(kind: Option<&str>, conditions: &Value, logic: Option<Logic>) -> Result<Read> {
    match (kind, conditions) {
        (None, Value::Array(list)) => {
            Ok(Read { when: read_list(list, logic.unwrap_or_default())?, kept: None })
        }
        (Some(_), Value::Object(_)) if logic.is_some() => {
            Err(Error::invalid("conditionLogic", "has no place beside a `type`"))
        }
        (Some(kind), Value::Object(object)) => {
            let when = typed::read(kind, object)?;
            Ok(Read { when, kept: Some(json!({ "type": kind, "conditions": object })) })
        }
        (None, Value::Object(_)) => {
            Err(Error::invalid("type", "is required where the conditions are an object"))
        }
        (Some(_), _) => Err(Error::invalid("conditions", "must be an object beside a `type`")),
        (None, _) => {
            Err(Error::invalid("conditions", "must be a list, or an object beside a `type`"))
        }
    }
}

/// What a rule asks, where that can be said here.
pub(super) fn said(rule: &Rule) -> Option<Said<'_>> {
    let typed = || {
        let kept = rule.kept.get(KEPT)?;
        let (kind, conditions) = (kept["type"].as_str()?, kept["conditions"].as_object()?);
        let still_means = typed::read(kind, conditions).is_ok_and(|when| when == rule.when);
        still_means.then_some(Said::Typed(kind, conditions))
    };
    typed().or_else(|| shown(&rule.when).map(|(tests, logic)| Said::Flat(tests, logic)))
}

/// What a rule keeps once it asks something new; what others keep there stays.
pub(super) fn keep(before: &Map<String, Value>, kept: Option<Value>) -> Map<String, Value> {
    let mut after = before.clone();
    match kept {
        Some(kept) => drop(after.insert(KEPT.to_owned(), kept)),
        None => drop(after.shift_remove(KEPT)),
    }
    after
}

/// Reads a list of conditions; places are those of the list: `conditions[1].operator`.
fn read_list(conditions: &[Value], logic: Logic) -> Result<When> {
    let (key, tree) = match logic {
        Logic::And => ("all", json!({ "all": conditions })),
        Logic::Or => ("any", json!({ "any": conditions })),
    };
    let named = |problems: Vec<Problem>| {
        Error::Invalid(problems.into_iter().map(|it| place(it, key)).collect())
    };
    let when = When::parse(&tree).map_err(named)?;
    let groups = when.parts().iter().enumerate().filter(|(_, part)| !matches!(part, When::Test(_)));
    let groups: Vec<Problem> = groups
        .map(|(i, _)| {
            Problem::new(format!("conditions[{i}]"), "must be one test: groups have no place here")
        })
        .collect();
    if !groups.is_empty() {
        return Err(Error::Invalid(groups));
    }
    match when.check(None) {
        problems if problems.is_empty() => Ok(when),
        problems => Err(named(problems)),
    }
}

/// The list and its logic, each condition as it was sent; none for a tree that is no flat list.
fn shown(when: &When) -> Option<(Vec<&Test>, Logic)> {
    let (parts, logic) = match when {
        When::All { all } => (all.as_slice(), Logic::And),
        When::Any { any } => (any.as_slice(), Logic::Or),
        When::Test(_) => (std::slice::from_ref(when), Logic::And),
        When::Not { .. } => return None,
    };
    let tests = parts.iter().map(|part| match part {
        When::Test(test) => Some(test),
        _ => None,
    });
    Some((tests.collect::<Option<_>>()?, logic))
}

fn place(problem: Problem, key: &str) -> Problem {
    let Problem { at, why } = problem;
    let rest = at.strip_prefix(key).unwrap_or("");
    Problem { at: format!("conditions{rest}"), why }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<Value> {
        serde_json::from_str(text).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        for logic in [Logic::And, Logic::Or] {
            assert_eq!(read_list(&list(text), logic).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn conditions_come_back_as_they_were_sent() {
        let text = r#"[{"field":"country","operator":"in","value":["US","UK"]},{"field":"bot","operator":"is_false"},{"field":"hour","operator":"less_than","value":"9"}]"#;
        for logic in [Logic::And, Logic::Or] {
            let when = read_list(&list(text), logic).unwrap();
            let (tests, shown_logic) = shown(&when).unwrap();
            assert_eq!(serde_json::to_string(&tests).unwrap(), text);
            assert_eq!(shown_logic, logic);
        }
    }

    #[test]
    fn a_fault_names_its_condition() {
        let os = r#"{"field":"os","operator":"equals","value":"iOS"}"#;
        check("[]", "conditions: must hold at least one condition");
        check(
            &format!(r#"[{os},{{"field":"country","operator":"greater_than","value":"US"}}]"#),
            r#"conditions[1].operator: "greater_than" does not fit field "country""#,
        );
        check(
            &format!(r#"[{os},{{"field":"mood","operator":"equals","value":1}}]"#),
            r#"conditions[1]: no field "mood""#,
        );
        check(
            &format!(r#"[{os},{{"any":[{os}]}}]"#),
            "conditions[1]: must be one test: groups have no place here",
        );
    }

    #[test]
    fn the_two_forms_are_not_mixed() {
        let refuse = |kind, conditions: Value, logic, expected: &str| {
            assert_eq!(read(kind, &conditions, logic).err().unwrap().to_string(), expected);
        };
        let geo = || json!({"countries": ["US"]});
        refuse(None, geo(), None, "type: is required where the conditions are an object");
        refuse(Some("geo"), json!([]), None, "conditions: must be an object beside a `type`");
        refuse(None, json!("US"), None, "conditions: must be a list, or an object beside a `type`");
        refuse(Some("geo"), geo(), Some(Logic::Or), "conditionLogic: has no place beside a `type`");
        let read = read(Some("geo"), &geo(), None).unwrap();
        assert_eq!(read.when, When::test("country", "in", json!(["US"])));
        assert_eq!(read.kept, Some(json!({"type": "geo", "conditions": geo()})));
    }

    #[test]
    fn a_tree_is_not_shown() {
        let not = When::Not { not: Box::new(When::test("os", "equals", "iOS")) };
        assert!(shown(&not).is_none());
        assert!(shown(&When::All { all: vec![not] }).is_none());
        assert!(shown(&When::test("os", "equals", "iOS")).is_some());
    }
}
