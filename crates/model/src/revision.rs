//! Where a link sends whom, and the numbered states that this went through.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::{Action, Destination, Error, Link, Result, Rule, RuleId, Schemes, Variant};

/// All of a link that a revision keeps: where it sends whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub destination: Destination,
    /// Where visitors go whom no rule matches, in the destination's place; empty: there.
    pub default_split: Vec<Variant>,
    /// In the order in which they are tried.
    pub rules: Vec<Rule>,
}

/// A plan as it was saved, numbered from 1 per link.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    pub number: i64,
    pub plan: Plan,
    /// The name of the key or person that saved it.
    pub author: String,
    pub created_at: Timestamp,
}

impl Plan {
    /// The stored text: the wire's words, with what the wire leaves out of a rule.
    pub fn body(&self) -> String {
        body(&self.destination, &self.default_split, &self.rules)
    }

    /// The splits, each with the rule that leads to it: none leads to the link's own.
    pub fn splits(&self) -> impl Iterator<Item = (Option<&Rule>, &[Variant])> {
        let own = Some((None, self.default_split.as_slice())).filter(|(_, ways)| !ways.is_empty());
        let of_rules = self.rules.iter().filter_map(|rule| match &rule.action {
            Action::Split(ways) => Some((Some(rule), ways.as_slice())),
            Action::Redirect(_) | Action::Block(_) => None,
        });
        own.into_iter().chain(of_rules)
    }

    /// The split of a rule, or the link's own.
    pub fn split_of(&self, rule: Option<RuleId>) -> Option<&[Variant]> {
        let mut splits = self.splits();
        splits.find(|(of, _)| of.map(|rule| rule.id) == rule).map(|(_, ways)| ways)
    }

    /// Reads a stored text back.
    pub fn read(body: &str) -> Result<Plan> {
        let body: Value = serde_json::from_str(body).map_err(Error::internal)?;
        let destination = body["destination"].as_str().unwrap_or_default();
        let destination = Destination::parse("destination", destination, Schemes::AsSaved)?;
        let default_split = match &body[SPLIT] {
            Value::Null => Vec::new(),
            split => Variant::parse_list(SPLIT, split, Schemes::AsSaved)?,
        };
        let rules = body["rules"].as_array().map(Vec::as_slice).unwrap_or_default();
        let rules = rules.iter().map(Rule::from_stored).collect::<Result<_>>()?;
        Ok(Plan { destination, default_split, rules })
    }
}

impl Revision {
    /// The stored text of a link's plan.
    pub fn body(link: &Link) -> String {
        body(&link.destination, &link.default_split, &link.rules)
    }
}

/// A plan as it is stored.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'p> {
    destination: &'p str,
    rules: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_split: Option<Value>,
}

/// The wire's key of a default split.
const SPLIT: &str = "defaultSplit";

fn body(destination: &Destination, split: &[Variant], rules: &[Rule]) -> String {
    let body = Body {
        destination: destination.authored(),
        rules: rules.iter().map(Rule::stored).collect(),
        default_split: (!split.is_empty()).then(|| Variant::list_wire(split)),
    };
    serde_json::to_string(&body).expect("what has texts for keys is always JSON")
}
