//! Rules that have been checked, and finding the first that holds.

use jiff::tz::TimeZone;

use crate::{
    Needs, Outcome, Problem, Trace, Visitor, When,
    check::Leaf,
    when::{MOST_LEVELS, MOST_TESTS},
    zone,
};

/// Rules that have been checked, in the order in which they are tried.
#[derive(Debug, Default)]
pub struct Rules {
    pub(crate) nodes: Box<[Node]>,
    needs: Needs,
}

/// A [`When`] that has been checked.
#[derive(Debug)]
pub(crate) enum Node {
    All(Box<[Node]>),
    Any(Box<[Node]>),
    Not(Box<Node>),
    Leaf(Leaf),
}

impl When {
    /// Everything that is wrong with the tree, had its rule this time zone.
    pub fn check(&self, timezone: Option<&str>) -> Vec<Problem> {
        match compile(self, timezone) {
            Ok(_) => Vec::new(),
            Err(wrong) => wrong.zone.into_iter().chain(wrong.when).collect(),
        }
    }
}

impl Rules {
    /// Checks conditions, each with the time zone that its rule names. There is no other way to get
    /// [`Rules`].
    ///
    /// # Errors
    ///
    /// Everything that is wrong: `rules[0].when.all[1].value: ...`.
    pub fn compile<'w>(
        rules: impl IntoIterator<Item = (&'w When, Option<&'w str>)>,
    ) -> Result<Rules, Vec<Problem>> {
        let (mut nodes, mut problems) = (Vec::new(), Vec::new());
        for (i, (when, timezone)) in rules.into_iter().enumerate() {
            match compile(when, timezone) {
                Ok(node) => nodes.push(node),
                Err(wrong) => {
                    let rule = format_args!("rules[{i}]");
                    problems.extend(wrong.zone.map(|problem| problem.under(rule)));
                    let inside = wrong
                        .when
                        .into_iter()
                        .map(|problem| problem.under(format_args!("{rule}.when")));
                    problems.extend(inside);
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let needs = nodes.iter().map(Node::needs).fold(Needs::default(), Needs::and);
        Ok(Rules { nodes: nodes.into_boxed_slice(), needs })
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What has to be learnt about a visitor before these rules can decide.
    pub fn needs(&self) -> Needs {
        self.needs
    }

    /// The first rule that holds for a visitor.
    pub fn decide(&self, visitor: &Visitor<'_>) -> Option<usize> {
        self.first(|leaf| leaf.outcome(&leaf.read(visitor)))
    }

    /// [`decide`](Self::decide), keeping the outcome of each test that it looked at.
    pub fn decide_traced(&self, visitor: &Visitor<'_>, trace: &mut Trace) -> Option<usize> {
        self.first(|leaf| {
            let outcome = leaf.outcome(&leaf.read(visitor));
            trace.push(outcome);
            outcome
        })
    }

    fn first(&self, mut ask: impl FnMut(&Leaf) -> Outcome) -> Option<usize> {
        self.nodes.iter().position(|node| node.outcome(&mut ask) == Outcome::True)
    }
}

impl Node {
    fn outcome<F: FnMut(&Leaf) -> Outcome>(&self, ask: &mut F) -> Outcome {
        match self {
            Node::Leaf(leaf) => ask(leaf),
            Node::All(nodes) => Outcome::all(nodes.iter().map(|node| node.outcome(ask))),
            Node::Any(nodes) => Outcome::any(nodes.iter().map(|node| node.outcome(ask))),
            Node::Not(node) => !node.outcome(ask),
        }
    }

    fn needs(&self) -> Needs {
        match self {
            Node::Leaf(leaf) => leaf.needs(),
            Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter().map(Node::needs).fold(Needs::default(), Needs::and)
            }
            Node::Not(node) => node.needs(),
        }
    }
}

/// What is wrong with a rule's time zone, and with its conditions.
struct Wrong {
    zone: Option<Problem>,
    when: Vec<Problem>,
}

fn compile(when: &When, timezone: Option<&str>) -> Result<Node, Wrong> {
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
    use crate::{Arity, FIELDS, Field, OperatorRow, Source, fixture};

    fn parse(json: &Json) -> When {
        When::parse(json).unwrap()
    }

    /// The outcome of one test of the Parisian.
    #[track_caller]
    fn check(field: &str, operator: &str, value: Json, expected: bool) {
        let outcome = ask(&When::test(field, operator, value.clone()), &fixture::parisian());
        assert_eq!(outcome, expected.into(), "{field} {operator} {value}");
    }

    #[track_caller]
    fn check_unknown(field: &str, operator: &str, value: Json) {
        let outcome = ask(&When::test(field, operator, value.clone()), &fixture::nobody());
        assert_eq!(outcome, Outcome::Unknown, "{field} {operator} {value}");
    }

    #[track_caller]
    fn ask(when: &When, visitor: &Visitor<'_>) -> Outcome {
        let rules = Rules::compile([(when, None)]).unwrap();
        rules.nodes[0].outcome(&mut |leaf| leaf.outcome(&leaf.read(visitor)))
    }

    #[track_caller]
    fn check_problem(when: Json, expected: &[&str]) {
        let when = parse(&when);
        let problems: Vec<String> = when.check(None).iter().map(ToString::to_string).collect();
        assert_eq!(problems, expected);
    }

    #[test]
    fn places() {
        check("country", "equals", json!("fr"), true);
        check("country", "in", json!(["US", "EU"]), true);
        check("country", "not_in", json!(["UK", "QN"]), true);
        check("country", "in", json!("FR"), true);
        check("continent", "equals", json!("europe"), true);
        check("continent", "in", json!(["AF", "NA"]), false);
        check("region", "equals", json!("IDF"), true);
        check("region", "equals", json!("ile-de-france"), true);
        check("region", "not_in", json!(["US-NY", "FR-NOR"]), true);
        check("city", "contains", json!("PAR"), true);
        check("timezone", "starts_with", json!("europe/"), true);
        check("asn", "equals", json!("AS3215"), true);
        check("asn", "in", json!([1, "2", 3215]), true);
        check("latitude", "between", json!([48, "49.5"]), true);
        check("longitude", "less_than", json!(2.35), false);
        check("isp", "ends_with", json!("s.a."), true);
    }

    #[test]
    fn devices() {
        check("deviceType", "equals", json!("phone"), true);
        check("os", "in", json!(["Windows", "iPadOS"]), true);
        check("os", "equals", json!("TempleOS"), false);
        check("osVersion", "equals", json!(17), true);
        check("osVersion", "greater_than", json!("17.3"), true);
        check("osVersion", "greater_than", json!("17"), false);
        check("osVersion", "between", json!(["16", "17"]), true);
        check("browser", "equals", json!("Mobile Safari"), true);
        check("browserVersion", "in", json!(["16", "17.4.0"]), true);
        check("deviceBrand", "matches", json!("^app"), true);
        check("language", "equals", json!("en"), true);
        check("language", "equals", json!("fr-fr"), true);
        check("language", "not_equals", json!("de"), true);
        check("language", "not_in", json!(["de", "fr"]), false);
    }

    #[test]
    fn networks_and_traffic() {
        check("vpn", "is_false", Json::Null, true);
        check("tor", "equals", json!("true"), false);
        check("bot", "is_true", json!("ignored"), false);
        check("ip", "in", json!(["10.0.0.0/8", "2001:db8::/32"]), true);
        check("referrer", "contains", json!("ID=1"), true);
        check("referrerDomain", "equals", json!("google.com"), true);
        check("referrerDomain", "in", json!(["bing.com", "*.Google.com"]), true);
        check("referrerDomain", "equals", json!("oogle.com"), false);
        check("utmSource", "equals", json!("news letter"), true);
        check("utmMedium", "equals", json!(""), true);
        check("query.ref", "ends_with", json!(42), true);
        check("query.flag", "exists", Json::Null, false);
        check("header.X-App", "equals", json!("BETA"), true);
        check("header.x-none", "not_equals", json!("beta"), true);
        check("cookie.plan", "equals", json!("pro"), true);
    }

    #[test]
    fn times_and_visitors() {
        check("hour", "equals", json!(0), true);
        check("dayOfWeek", "equals", json!("Tuesday"), true);
        check("date", "greater_than", json!("2026-01-05"), true);
        check("date", "between", json!(["2026-01-06", "2026-01-06"]), true);
        check("isReturning", "is_true", Json::Null, true);
        check("isNewVisitor", "is_true", Json::Null, false);
        check("percentile", "equals", json!(49), true);
        check("percentile", "less_than", json!(100), true);
    }

    #[test]
    fn the_zone_is_the_tests_own_else_the_rules_else_the_visitors_else_the_links() {
        let hour = |own: Option<&str>, rule: Option<&str>, visitor: &Visitor<'_>| {
            let mut json = json!({"field": "hour", "operator": "in", "value": []});
            if let Some(own) = own {
                json["timezone"] = own.into();
            }
            let holds = |hour: &u8| {
                json["value"] = json!([hour]);
                let when = parse(&json);
                Rules::compile([(&when, rule)]).unwrap().decide(visitor).is_some()
            };
            (0_u8..24).find(holds).unwrap()
        };
        let (tokyo, lima) = (Some("Asia/Tokyo"), Some("America/Lima"));
        assert_eq!(hour(tokyo, lima, &fixture::parisian()), 8);
        assert_eq!(hour(None, lima, &fixture::parisian()), 18);
        assert_eq!(hour(None, None, &fixture::parisian()), 0);
        assert_eq!(hour(None, None, &fixture::nobody()), 12);
    }

    #[test]
    fn what_nobody_knows_is_unknown_and_its_negation_too() {
        check_unknown("country", "equals", json!("US"));
        check_unknown("country", "not_in", json!(["US"]));
        check_unknown("bot", "is_false", Json::Null);
        check_unknown("osVersion", "between", json!([1, 99]));
        check_unknown("isNewVisitor", "is_true", Json::Null);
        check_unknown("ip", "not_equals", json!("::1"));
        let nobody = fixture::nobody();
        let exists = |field| ask(&When::test(field, "exists", Json::Null), &nobody);
        assert_eq!((exists("country"), exists("referrer")), (Outcome::False, Outcome::False));
        let empty = When::test("referrer", "equals", "");
        assert_eq!(ask(&empty, &nobody), Outcome::True);
    }

    #[test]
    fn the_first_rule_that_is_true_decides() {
        let rules = [
            json!({"not": {"field": "proxy", "operator": "is_true"}}),
            json!({"all": [{"field": "os", "operator": "equals", "value": "iOS"},
                           {"any": [{"field": "proxy", "operator": "is_true"},
                                    {"field": "country", "operator": "equals", "value": "DE"}]}]}),
            json!({"any": [{"field": "proxy", "operator": "is_true"},
                           {"field": "country", "operator": "equals", "value": "FR"}]}),
            json!({"field": "city", "operator": "exists"}),
        ];
        let rules: Vec<When> = rules.iter().map(parse).collect();
        let rules = Rules::compile(rules.iter().map(|when| (when, None))).unwrap();
        assert_eq!(rules.decide(&fixture::parisian()), Some(2));
        assert_eq!(rules.decide(&fixture::nobody()), None);
        let mut trace = Trace::default();
        assert_eq!(rules.decide_traced(&fixture::parisian(), &mut trace), Some(2));
        use Outcome::{False, True, Unknown};
        assert_eq!(
            trace.iter().collect::<Vec<_>>(),
            [Unknown, True, Unknown, False, Unknown, True]
        );
    }

    #[test]
    fn every_problem_of_meaning_is_named_with_its_place() {
        check_problem(
            json!({"all": [{"field": "ip", "operator": "in", "value": ["10.0.0.0/33", "::1", "x"]},
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
            check_problem(when, &[&format!("value: {why}")]);
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
            json!({"field": "hour", "operator": "equals", "value": 1, "timezone": "Mars/Base"}),
            &[r#"timezone: "Mars/Base" is no time zone such as Europe/Berlin"#],
        );
        check_problem(
            json!({"field": "os", "operator": "equals", "value": "iOS", "timezone": "Asia/Tokyo"}),
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
    fn only_what_the_rules_read_is_needed() {
        let needs = |when: &When, zone| {
            let rules = Rules::compile([(when, zone)]).unwrap();
            rules.needs().iter().collect::<Vec<_>>()
        };
        let hour = When::test("hour", "equals", 9);
        assert_eq!(needs(&hour, None), [Source::Clock, Source::Place]);
        assert_eq!(needs(&hour, Some("Asia/Tokyo")), [Source::Clock]);
        let both = When::Any {
            any: vec![When::test("os", "equals", "iOS"), When::test("country", "equals", "US")],
        };
        assert_eq!(needs(&both, None), [Source::Agent, Source::Country]);
        assert!(Rules::compile([]).unwrap().needs().is_empty());
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
