//! Linquid's flat lists of conditions, and the trees that they are.

use model::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use targeting::{Problem, Test, When};

/// How the conditions of one list are combined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Logic {
    #[default]
    And,
    Or,
}

/// Reads a list of conditions; places are those of the list: `conditions[1].operator`.
pub(super) fn read(conditions: &[Value], logic: Logic) -> Result<When> {
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
pub(super) fn shown(when: &When) -> Option<(Vec<&Test>, Logic)> {
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
            assert_eq!(read(&list(text), logic).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn conditions_come_back_as_they_were_sent() {
        let text = r#"[{"field":"country","operator":"in","value":["US","UK"]},{"field":"bot","operator":"is_false"},{"field":"hour","operator":"less_than","value":"9"}]"#;
        for logic in [Logic::And, Logic::Or] {
            let when = read(&list(text), logic).unwrap();
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
    fn a_tree_is_not_shown() {
        let not = When::Not { not: Box::new(When::test("os", "equals", "iOS")) };
        assert!(shown(&not).is_none());
        assert!(shown(&When::All { all: vec![not] }).is_none());
        assert!(shown(&When::test("os", "equals", "iOS")).is_some());
    }
}
