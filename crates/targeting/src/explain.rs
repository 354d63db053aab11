//! Saying why a visitor gets what they get.

use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Outcome, Rules, Source, Trace, Visitor, When,
    operator::OperatorRow,
    program::{Outline, Question},
};

/// Every rule with every condition, and which rule was the first that holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The index of the rule that decided; none where none holds.
    pub winner: Option<usize>,
    pub rules: Vec<Explained>,
}

/// One condition, a group or a test.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// None where a past decision never asked.
    pub outcome: Option<Outcome>,
    /// Whether the decision depended on it; what stands behind a settled group or the winner was
    /// not looked at.
    pub looked_at: bool,
    #[serde(flatten)]
    pub part: Part,
}

/// The shape of the authored [`When`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Part {
    All { all: Vec<Explained> },
    Any { any: Vec<Explained> },
    Not { not: Box<Explained> },
    Test(ExplainedTest),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedTest {
    pub field: String,
    pub operator: &'static str,
    /// As authored; none until [`Explanation::beside`] has put it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// The visitor's value, for people; none for a past decision, which kept outcomes alone.
    pub saw: Option<String>,
    pub source: Source,
    /// Whether somebody stated the value, so that it came from no source.
    pub stated: bool,
}

/// What is known of one test.
struct Answer {
    outcome: Option<Outcome>,
    saw: Option<String>,
    stated: bool,
}

impl Rules {
    /// [`decide`](Self::decide) with reasons; tests that the decision did not look at are asked
    /// too.
    pub fn explain(&self, visitor: &Visitor<'_>) -> Explanation {
        self.explain_with(&mut |question, _| {
            let value = question.reading.field.read(visitor);
            let field = &question.reading.field;
            let described = visitor
                .described
                .and_then(|described| described.get(field.field().name, field.parameter()));
            Answer {
                saw: Some(value.to_string()),
                outcome: Some(question.outcome(value)),
                stated: described.is_some(),
            }
        })
    }

    /// The decision that left this trace, made by these same rules.
    pub fn recall(&self, trace: &Trace) -> Explanation {
        let mut outcomes = trace.iter();
        self.explain_with(&mut |_, looked_at| {
            let outcome = if looked_at { outcomes.next() } else { None };
            Answer { outcome, saw: None, stated: false }
        })
    }

    /// What a trace tells of each test of these same rules, in their order.
    pub(crate) fn recall_tests(&self, trace: &Trace) -> Vec<Option<Outcome>> {
        let (mut outcomes, mut told) = (trace.iter(), Vec::new());
        self.explain_with(&mut |_, looked_at| {
            let outcome = if looked_at { outcomes.next() } else { None };
            told.push(outcome);
            Answer { outcome, saw: None, stated: false }
        });
        told
    }

    fn explain_with(&self, ask: &mut dyn FnMut(Question<'_>, bool) -> Answer) -> Explanation {
        let mut explanation = Explanation { winner: None, rules: Vec::with_capacity(self.len()) };
        let (outline, questions) = (self.program.outline().iter(), self.program.questions());
        let mut teller = Teller { outline, questions, ask };
        while let Some(explained) = teller.part(explanation.winner.is_none()) {
            if explanation.winner.is_none() && explained.outcome == Some(Outcome::True) {
                explanation.winner = Some(explanation.rules.len());
            }
            explanation.rules.push(explained);
        }
        explanation
    }
}

impl Explanation {
    /// The same with the authored value and zone of each test. The conditions are those that the
    /// rules were compiled from, in the same order.
    #[must_use]
    pub fn beside<'w>(mut self, rules: impl IntoIterator<Item = &'w When>) -> Explanation {
        for (explained, when) in self.rules.iter_mut().zip(rules) {
            explained.take_authored(when);
        }
        self
    }
}

impl Explained {
    fn take_authored(&mut self, when: &When) {
        match &mut self.part {
            Part::All { all: parts } | Part::Any { any: parts } => {
                for (part, when) in parts.iter_mut().zip(when.parts()) {
                    part.take_authored(when);
                }
            }
            Part::Not { not } => {
                if let [when] = when.parts() {
                    not.take_authored(when);
                }
            }
            Part::Test(explained) => {
                if let When::Test(test) = when {
                    explained.value.clone_from(&test.value);
                    explained.timezone.clone_from(&test.timezone);
                }
            }
        }
    }
}

/// Walks the rules as they were authored.
struct Teller<'p, Q> {
    outline: std::slice::Iter<'p, Outline>,
    questions: Q,
    ask: &'p mut dyn FnMut(Question<'_>, bool) -> Answer,
}

impl<'p, Q: Iterator<Item = Question<'p>>> Teller<'p, Q> {
    /// The next condition; none after the last.
    fn part(&mut self, looked_at: bool) -> Option<Explained> {
        let (outcome, part) = match *self.outline.next()? {
            Outline::Test(operator) => self.test(operator, looked_at)?,
            Outline::All(count) => {
                let all = self.group(count, Outcome::False, looked_at);
                (settled(&all, Outcome::False, Outcome::all), Part::All { all })
            }
            Outline::Any(count) => {
                let any = self.group(count, Outcome::True, looked_at);
                (settled(&any, Outcome::True, Outcome::any), Part::Any { any })
            }
            Outline::Not => {
                let not = Box::new(self.part(looked_at)?);
                (not.outcome.map(|outcome| !outcome), Part::Not { not })
            }
        };
        Some(Explained { outcome, looked_at, part })
    }

    fn group(&mut self, count: u16, decisive: Outcome, mut looked_at: bool) -> Vec<Explained> {
        let mut parts = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let Some(part) = self.part(looked_at) else { break };
            looked_at &= part.outcome != Some(decisive);
            parts.push(part);
        }
        parts
    }

    fn test(&mut self, operator: &OperatorRow, looked_at: bool) -> Option<(Option<Outcome>, Part)> {
        let question = self.questions.next()?;
        let Answer { outcome, saw, stated } = (self.ask)(question, looked_at);
        let field = &question.reading.field;
        let test = ExplainedTest {
            field: field.name().into_owned(),
            operator: operator.name,
            value: None,
            timezone: None,
            saw,
            source: field.field().source,
            stated,
        };
        Some((outcome, Part::Test(test)))
    }
}

/// What a group says, as far as its parts are known: the parts behind a decisive one need not be.
fn settled(
    parts: &[Explained],
    decisive: Outcome,
    combine: impl Fn(Vec<Outcome>) -> Outcome,
) -> Option<Outcome> {
    let known: Vec<Outcome> = parts.iter().map_while(|part| part.outcome).collect();
    let complete = known.len() == parts.len();
    let outcome = combine(known);
    (complete || outcome == decisive).then_some(outcome)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Described, fixture};

    fn whens() -> Vec<When> {
        let when = |json| When::parse(&json).unwrap();
        vec![
            when(json!({"any": [{"field": "proxy", "operator": "is_true"},
                                {"field": "country", "operator": "in", "value": ["US", "ca"]}]})),
            when(json!({"all": [{"field": "country", "operator": "equals", "value": "DE"},
                                {"field": "os", "operator": "equals", "value": "iOS"}]})),
            when(json!({"not": {"field": "bot", "operator": "is_true"}})),
            when(
                json!({"field": "hour", "operator": "equals", "value": 3, "timezone": "Asia/Tokyo"}),
            ),
        ]
    }

    fn rules() -> Rules {
        Rules::compile(whens().iter().map(|when| (when, None))).unwrap()
    }

    #[test]
    fn an_explanation_shows_every_condition_as_json() {
        let whens = whens();
        let explanation = rules().explain(&fixture::parisian()).beside(&whens);
        assert_eq!(
            serde_json::to_value(&explanation).unwrap(),
            json!({"winner": 2, "rules": [
                {"outcome": "unknown", "lookedAt": true, "any": [
                    {"outcome": "unknown", "lookedAt": true, "field": "proxy",
                     "operator": "is_true", "saw": "unknown", "source": "ranges", "stated": false},
                    {"outcome": "false", "lookedAt": true, "field": "country", "operator": "in",
                     "value": ["US", "ca"], "saw": "FR", "source": "country", "stated": false}]},
                {"outcome": "false", "lookedAt": true, "all": [
                    {"outcome": "false", "lookedAt": true, "field": "country",
                     "operator": "equals", "value": "DE", "saw": "FR", "source": "country",
                     "stated": false},
                    {"outcome": "true", "lookedAt": false, "field": "os", "operator": "equals",
                     "value": "iOS", "saw": "iOS", "source": "agent", "stated": false}]},
                {"outcome": "true", "lookedAt": true, "not":
                    {"outcome": "false", "lookedAt": true, "field": "bot", "operator": "is_true",
                     "saw": "false", "source": "agent", "stated": false}},
                {"outcome": "false", "lookedAt": false, "field": "hour", "operator": "equals",
                 "value": 3, "timezone": "Asia/Tokyo", "saw": "8", "source": "clock",
                 "stated": false}]})
        );
    }

    #[test]
    fn a_trace_tells_the_same_decision_without_the_visitor() {
        let rules = rules();
        let mut trace = Trace::default();
        assert_eq!(rules.decide_traced(&fixture::parisian(), &mut trace), Some(2));
        let recalled = rules.recall(&Trace::from_bytes(trace.as_bytes()));
        assert_eq!(recalled.winner, Some(2));
        let outcomes: Vec<_> = recalled.rules.iter().map(|rule| rule.outcome).collect();
        let expected = [Some(Outcome::Unknown), Some(Outcome::False), Some(Outcome::True), None];
        assert_eq!(outcomes, expected);
        let Part::All { all } = &recalled.rules[1].part else { panic!("{recalled:?}") };
        assert_eq!((all[0].outcome, all[1].outcome), (Some(Outcome::False), None));
        assert_eq!(rules.recall(&Trace::default()).winner, None);
    }

    #[test]
    fn a_stated_fact_says_so() {
        let described = Described::parse(&json!({"country": "US"})).unwrap();
        let visitor = Visitor { described: Some(&described), ..fixture::parisian() };
        let explanation = rules().explain(&visitor);
        let Part::Any { any } = &explanation.rules[0].part else { panic!("{explanation:?}") };
        let Part::Test(test) = &any[1].part else { panic!("{any:?}") };
        assert_eq!((test.saw.as_deref(), test.stated), (Some("US"), true));
        assert_eq!(explanation.winner, Some(0));
    }
}
