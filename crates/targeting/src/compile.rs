//! From conditions as their author wrote them to conditions that can be asked.

use jiff::tz::TimeZone;

use crate::{
    Problem, When,
    check::Leaf,
    rules::Node,
    when::{MOST_LEVELS, MOST_TESTS},
    zone,
};

impl When {
    /// Everything that is wrong with the tree, had its rule this time zone.
    pub fn check(&self, timezone: Option<&str>) -> Vec<Problem> {
        match compile(self, timezone) {
            Ok(_) => Vec::new(),
            Err(wrong) => wrong.zone.into_iter().chain(wrong.when).collect(),
        }
    }
}

/// What is wrong with a rule's time zone, and with its conditions.
pub(crate) struct Wrong {
    pub(crate) zone: Option<Problem>,
    pub(crate) when: Vec<Problem>,
}

pub(crate) fn compile(when: &When, timezone: Option<&str>) -> Result<Node, Wrong> {
    let zone = timezone.map(zone::parse).transpose();
    let mut compiler = Compiler { zone: None, tests: 0, problems: Vec::new() };
    let wrong_zone = match zone {
        Ok(zone) => {
            compiler.zone = zone;
            None
        }
        Err(why) => Some(Problem::new("timezone", why)),
    };
    match compiler.node(when, 0) {
        Some(node) if wrong_zone.is_none() && compiler.problems.is_empty() => Ok(node),
        _ => Err(Wrong { zone: wrong_zone, when: compiler.problems }),
    }
}

struct Compiler {
    zone: Option<TimeZone>,
    tests: usize,
    problems: Vec<Problem>,
}

impl Compiler {
    fn node(&mut self, when: &When, level: usize) -> Option<Node> {
        // A tree that was not read by `When::parse` may be of any size.
        if !matches!(when, When::Test(_)) && level == MOST_LEVELS {
            return self.refuse(Problem::new("", format!("lies deeper than {MOST_LEVELS} groups")));
        }
        match when {
            When::All { all } => self.group("all", all, level).map(Node::All),
            When::Any { any } => self.group("any", any, level).map(Node::Any),
            When::Not { not } => {
                let node = self.inside("not", |compiler| compiler.node(not, level + 1))?;
                Some(Node::Not(Box::new(node)))
            }
            When::Test(test) => {
                self.tests += 1;
                if self.tests == MOST_TESTS + 1 {
                    let why = format!("is one test more than the {MOST_TESTS} of a rule");
                    return self.refuse(Problem::new("", why));
                }
                if MOST_TESTS < self.tests {
                    return None;
                }
                match Leaf::compile(test, self.zone.as_ref()) {
                    Ok(leaf) => Some(Node::Leaf(leaf)),
                    Err(problems) => {
                        self.problems.extend(problems);
                        None
                    }
                }
            }
        }
    }

    fn group(&mut self, name: &str, parts: &[When], level: usize) -> Option<Box<[Node]>> {
        if parts.is_empty() {
            return self.refuse(Problem::new(name, "must hold at least one condition"));
        }
        let mut nodes = Vec::with_capacity(parts.len());
        for (i, part) in parts.iter().enumerate() {
            let place = format_args!("{name}[{i}]");
            nodes.extend(self.inside(place, |compiler| compiler.node(part, level + 1)));
        }
        (nodes.len() == parts.len()).then(|| nodes.into_boxed_slice())
    }

    /// Puts the problems that are found inside a part under the part's place.
    fn inside<T>(
        &mut self,
        place: impl std::fmt::Display,
        read: impl FnOnce(&mut Compiler) -> Option<T>,
    ) -> Option<T> {
        let before = self.problems.len();
        let read = read(self);
        let found: Vec<Problem> = self.problems.drain(before..).collect();
        self.problems.extend(found.into_iter().map(|problem| problem.under(&place)));
        read
    }

    fn refuse<T>(&mut self, problem: Problem) -> Option<T> {
        self.problems.push(problem);
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::{Arity, FIELDS, Field, OperatorRow, Rules};

    #[track_caller]
    fn check_problem(when: &Json, expected: &[&str]) {
        let when = When::parse(when).unwrap();
        let problems: Vec<String> = when.check(None).iter().map(ToString::to_string).collect();
        assert_eq!(problems, expected);
    }

    #[test]
    fn every_problem_of_meaning_is_named_with_its_place() {
        check_problem(
            &json!({"all": [{"field": "ip", "operator": "in", "value": ["10.0.0.0/33", "::1", "x"]},
                           {"field": "mood", "operator": "foo"},
                           {"field": "country", "operator": "greater_than", "value": "US"}]}),
            &[
                r#"all[0].value: "10.0.0.0/33" is no address and no network such as 10.0.0.0/8"#,
                r#"all[0].value: "x" is no address and no network such as 10.0.0.0/8"#,
                r#"all[1]: no field "mood""#,
                r#"all[1].operator: no operator "foo""#,
                r#"all[2].operator: "greater_than" does not fit field "country""#,
            ],
        );
        let one = |field: &str, operator: &str, value: Json, why: &str| {
            let when = json!({"field": field, "operator": operator, "value": value});
            check_problem(&when, &[&format!("value: {why}")]);
        };
        one(
            "country",
            "equals",
            json!(["US"]),
            r#"must be a single value for "equals": write "in" to give several"#,
        );
        one(
            "isp",
            "contains",
            json!(["a", "b"]),
            r#"must be a single value for "contains": write several tests"#,
        );
        one(
            "country",
            "equals",
            json!("germany"),
            r#""germany" is no ISO 3166-1 country code: write "DE""#,
        );
        one("country", "in", json!([]), "must hold at least one value");
        one("country", "in", json!([null]), "must be text, a number, true or false, and not null");
        one("country", "in", json!(null), r#"is missing, and "in" needs one"#);
        one("hour", "less_than", json!(24), r#""24" is no whole hour from 0 to 23"#);
        one(
            "hour",
            "between",
            json!([1]),
            r#"must be an array of two for "between": the lowest and the highest value"#,
        );
        one("hour", "between", json!([9, 3]), "must hold the lower value first");
        one(
            "deviceType",
            "equals",
            json!("fridge"),
            r#""fridge" is none of mobile, tablet, desktop, tv, console, bot"#,
        );
        one("city", "starts_with", json!(""), "must not be empty, since everything would fit");
        one(
            "city",
            "exists",
            json!(false),
            r#"must be left out, since "exists" takes none: negate it with "not""#,
        );
        check_problem(
            &json!({"field": "hour", "operator": "equals", "value": 1, "timezone": "Mars/Base"}),
            &[r#"timezone: "Mars/Base" is no time zone such as Europe/Berlin"#],
        );
        check_problem(
            &json!({"field": "os", "operator": "equals", "value": "iOS", "timezone": "Asia/Tokyo"}),
            &[r#"timezone: means nothing to field "os""#],
        );
    }

    #[test]
    fn problems_stand_under_their_rule() {
        let wrong = When::All { all: vec![When::test("mood", "equals", 1)] };
        let right = When::test("hour", "equals", 1);
        let problems = Rules::compile([(&right, None), (&wrong, None), (&right, Some("Nowhere"))])
            .unwrap_err();
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            [
                r#"rules[1].when.all[0]: no field "mood""#,
                r#"rules[2].timezone: "Nowhere" is no time zone such as Europe/Berlin"#,
            ]
        );
        assert_eq!(right.check(Some("Nowhere"))[0].at, "timezone");
    }

    #[test]
    fn a_tree_that_nobody_parsed_is_bounded_too() {
        let test = || When::test("hour", "equals", 1);
        let deep = (0..17).fold(test(), |inner, _| When::Not { not: Box::new(inner) });
        assert!(deep.check(None)[0].to_string().ends_with("lies deeper than 16 groups"));
        let wide = When::Any { any: (0..600).map(|_| test()).collect() };
        let problems: Vec<String> = wide.check(None).iter().map(ToString::to_string).collect();
        assert_eq!(problems, ["any[500]: is one test more than the 500 of a rule"]);
        let empty = When::All { all: Vec::new() };
        assert_eq!(empty.check(None), [Problem::new("all", "must hold at least one condition")]);
    }

    #[test]
    fn every_fields_example_fits_every_operator_that_fits_the_field() {
        for field in FIELDS {
            for operator in field.kind.operators() {
                let when = example(field, operator);
                assert_eq!(when.check(None), [], "{} {}", field.name, operator.name);
            }
            assert!(2 <= field.kind.operators().count(), "{}", field.name);
        }
    }

    fn example(field: &Field, operator: &OperatorRow) -> When {
        let value = match operator.arity {
            Arity::None => Json::Null,
            Arity::One => json!(field.example),
            Arity::Many => json!([field.example]),
            Arity::Two => json!([field.example, field.example]),
        };
        When::test(&field.name.replace('*', "x"), operator.name, value)
    }
}
