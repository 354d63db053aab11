//! Conditions with what a decision made of them, and why it left some out.

use serde::Serialize;
use serde_json::Value;
use targeting::{Explained, Outcome, Source};
use utoipa::ToSchema;

use super::origin::{Origin, Origins};

/// One condition, a group or a test.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExplainedCondition, example = json!({
    "outcome": "true", "lookedAt": true, "field": "country", "operator": "in", "value": ["US"],
    "saw": "US", "source": "place",
    "from": {"kind": "builtIn", "text": "the countries that the server carries"},
}))]
pub struct Condition {
    /// None where a past decision never asked.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<Outcome>,
    /// Whether the decision depended on it.
    pub looked_at: bool,
    /// Why it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed_over_because: Option<String>,
    #[serde(flatten)]
    pub part: Part,
}

/// The shape of the authored condition.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ExplainedPart)]
pub enum Part {
    All {
        #[schema(no_recursion)]
        all: Vec<Condition>,
    },
    Any {
        #[schema(no_recursion)]
        any: Vec<Condition>,
    },
    Not {
        #[schema(no_recursion)]
        not: Box<Condition>,
    },
    Test(Box<Test>),
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExplainedTest, example = json!({
    "field": "country", "operator": "in", "value": ["US"], "saw": "US", "source": "place",
    "from": {"kind": "builtIn", "text": "the countries that the server carries"},
}))]
pub struct Test {
    pub field: String,
    pub operator: &'static str,
    /// As authored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// The visitor's value, for people; none for a past decision, which kept outcomes alone.
    pub saw: Option<String>,
    /// What had to be learnt about the visitor.
    #[schema(value_type = String)]
    pub source: Source,
    /// Where the value came from, or why there is none; none for a past decision.
    pub from: Option<Origin>,
}

impl Condition {
    /// `unreached` says why the decision never came as far as the whole.
    pub(super) fn of(
        explained: Explained,
        unreached: Option<&str>,
        zone: Option<&str>,
        origins: Option<&Origins<'_>>,
    ) -> Condition {
        let Explained { outcome, looked_at, part } = explained;
        let inside = |part, why: Option<&str>| Condition::of(part, why, zone, origins);
        let part = match part {
            targeting::Part::All { all } => {
                Part::All { all: group(all, unreached, Outcome::False, inside) }
            }
            targeting::Part::Any { any } => {
                Part::Any { any: group(any, unreached, Outcome::True, inside) }
            }
            targeting::Part::Not { not } => Part::Not { not: Box::new(inside(*not, unreached)) },
            targeting::Part::Test(test) => {
                let zone = test.timezone.as_deref().or(zone);
                let from = origins.map(|origins| origins.of_test(&test, zone));
                Part::Test(Box::new(Test {
                    field: test.field,
                    operator: test.operator,
                    value: test.value,
                    timezone: test.timezone,
                    saw: test.saw,
                    source: test.source,
                    from,
                }))
            }
        };
        let looked_at = looked_at && unreached.is_none();
        let passed_over_because = (!looked_at).then(|| unreached.map(str::to_owned)).flatten();
        Condition { outcome, looked_at, passed_over_because, part }
    }

    /// What its tests said that the decision looked at, such as `country in ["AT"] saw AT`; of a
    /// group only what agrees with the group.
    pub(super) fn decisive(&self, sentences: &mut Vec<String>) {
        match &self.part {
            Part::All { all: parts } | Part::Any { any: parts } => {
                let agrees = |part: &&Condition| part.looked_at && part.outcome == self.outcome;
                parts.iter().filter(agrees).for_each(|part| part.decisive(sentences));
            }
            Part::Not { not } => {
                let from = sentences.len();
                not.decisive(sentences);
                sentences[from..].iter_mut().for_each(|s| s.insert_str(0, "not "));
            }
            Part::Test(test) => sentences.push(test.sentence()),
        }
    }
}

impl Test {
    fn sentence(&self) -> String {
        let value = self.value.as_ref().map(|value| format!(" {value}")).unwrap_or_default();
        let saw = self.saw.as_deref().unwrap_or("nothing kept");
        format!("{} {}{value} saw {saw}", self.field, self.operator)
    }
}

/// The parts of a group; what stands behind a decisive one was passed over because of it.
fn group(
    parts: Vec<Explained>,
    unreached: Option<&str>,
    decisive: Outcome,
    inside: impl Fn(Explained, Option<&str>) -> Condition,
) -> Vec<Condition> {
    let mut settled = None;
    let mut conditions = Vec::with_capacity(parts.len());
    for (i, part) in parts.into_iter().enumerate() {
        let outcome = part.outcome;
        conditions.push(inside(part, unreached.or(settled.as_deref())));
        if settled.is_none() && outcome == Some(decisive) {
            let word = if decisive == Outcome::True { "true" } else { "false" };
            settled = Some(format!("condition {} of its group was {word}", i + 1));
        }
    }
    conditions
}
