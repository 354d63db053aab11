//! Rules that have been checked, and finding the first that holds.

use crate::{
    Needs, Problem, Trace, Visitor, When, check::Leaf, compile::compile, program::Program,
};

/// Rules that have been checked, in the order in which they are tried.
#[derive(Debug, Default)]
pub struct Rules {
    pub(crate) program: Program,
    len: usize,
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
        Ok(Rules { len: nodes.len(), needs, program: Program::new(nodes) })
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What has to be learnt about a visitor before these rules can decide.
    pub fn needs(&self) -> Needs {
        self.needs
    }

    /// The first rule that holds for a visitor.
    pub fn decide(&self, visitor: &Visitor<'_>) -> Option<usize> {
        self.program.decide(visitor, None)
    }

    /// [`decide`](Self::decide), keeping the outcome of each test that it looked at.
    pub fn decide_traced(&self, visitor: &Visitor<'_>, trace: &mut Trace) -> Option<usize> {
        self.program.decide(visitor, Some(trace))
    }
}

impl Node {
    fn needs(&self) -> Needs {
        match self {
            Node::Leaf(leaf) => leaf.field.needs(),
            Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter().map(Node::needs).fold(Needs::default(), Needs::and)
            }
            Node::Not(node) => node.needs(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::{Outcome, Source, fixture};

    fn parse(json: &Json) -> When {
        When::parse(json).unwrap()
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
    fn only_what_the_rules_read_is_needed() {
        let needs = |when: &When, zone| {
            let rules = Rules::compile([(when, zone)]).unwrap();
            rules.needs().iter().collect::<Vec<_>>()
        };
        let hour = When::test("hour", "equals", 9);
        assert_eq!(needs(&hour, None), [Source::Clock, Source::Zone]);
        assert_eq!(needs(&hour, Some("Asia/Tokyo")), [Source::Clock]);
        let both = When::Any {
            any: vec![When::test("os", "equals", "iOS"), When::test("country", "equals", "US")],
        };
        assert_eq!(needs(&both, None), [Source::Agent, Source::Country]);
        assert!(Rules::compile([]).unwrap().needs().is_empty());
    }

    #[test]
    fn rules_are_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Rules>();
    }
}
