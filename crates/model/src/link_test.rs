//! Example visitors that are kept with a link, and what each must get.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use url::Url;

use crate::{Error, Example, LinkId, Result, RuleId, TestId, WorkspaceId, error::problem};

/// One saved example with its demand.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkTest {
    pub id: TestId,
    pub workspace: WorkspaceId,
    pub link: LinkId,
    pub name: String,
    pub example: Example,
    pub expected: Expected,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What a visitor must get; at least one of these is said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    /// As in `Location`, or as it was written in the link.
    pub destination: Option<String>,
    /// The rule that must decide; `Some(None)` where none may.
    pub rule: Option<Option<RuleId>>,
    pub status: Option<u16>,
}

/// What a visitor got.
#[derive(Clone, Debug, PartialEq)]
pub struct Got {
    /// The URL; none where a page was shown.
    pub location: Option<String>,
    /// The destination as its author wrote it.
    pub authored: Option<String>,
    pub rule: Option<RuleId>,
    pub status: u16,
}

const LONGEST_NAME: usize = 255;
const LONGEST_URL: usize = 8_192;

impl LinkTest {
    /// What cannot be kept.
    pub fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() || LONGEST_NAME < self.name.len() {
            return Err(Error::invalid("name", format!("must be 1 to {LONGEST_NAME} bytes long")));
        }
        Ok(())
    }
}

impl Expected {
    /// Reads `{"destination": "https://…", "rule": "rule_…" or null, "status": 302}`.
    pub fn parse(value: &Value) -> Result<Expected> {
        let Some(object) = value.as_object().filter(|object| !object.is_empty()) else {
            return Err(Error::invalid("", "must hold `destination`, `rule` or `status`"));
        };
        let mut problems = crate::rule::unknown_keys(object, &["destination", "rule", "status"]);
        let destination = destination(object).map_err(|problem| problems.push(problem));
        let rule = match object.get("rule") {
            None => None,
            Some(Value::Null) => Some(None),
            Some(rule) => {
                let id = rule.as_str().and_then(RuleId::parse);
                if id.is_none() {
                    problems.push(problem("rule", "must be the id of a rule, or null for none"));
                }
                Some(id)
            }
        };
        let status = object.get("status").map(|status| {
            let code = status.as_u64().and_then(|code| u16::try_from(code).ok());
            code.filter(|code| (100..600).contains(code))
        });
        if status == Some(None) {
            problems.push(problem("status", "must be a status such as 302"));
        }
        match destination {
            Ok(destination) if problems.is_empty() => {
                Ok(Expected { destination, rule, status: status.flatten() })
            }
            _ => Err(Error::Invalid(problems)),
        }
    }

    /// The form that [`parse`](Self::parse) reads.
    pub fn wire(&self) -> Value {
        let mut wire = json!({});
        if let Some(destination) = &self.destination {
            wire["destination"] = json!(destination);
        }
        if let Some(rule) = self.rule {
            wire["rule"] = json!(rule.map(|rule| rule.plain("rule")));
        }
        if let Some(status) = self.status {
            wire["status"] = json!(status);
        }
        wire
    }

    /// What was demanded and not got, as `must get …, and gets …`; empty where all is well.
    pub fn misses(&self, got: &Got) -> Vec<String> {
        let mut misses = Vec::new();
        if let Some(wanted) = &self.destination
            && !got.went_to(wanted)
        {
            let went = got.location.as_deref().unwrap_or("no redirect");
            misses.push(format!("must get {wanted}, and gets {went}"));
        }
        if let Some(wanted) = self.rule
            && wanted != got.rule
        {
            let name = |rule: Option<RuleId>| {
                rule.map_or_else(|| "no rule".to_owned(), |rule| rule.plain("rule"))
            };
            misses.push(format!("must meet {}, and meets {}", name(wanted), name(got.rule)));
        }
        if let Some(wanted) = self.status.filter(|wanted| *wanted != got.status) {
            misses.push(format!("must get status {wanted}, and gets {}", got.status));
        }
        misses
    }
}

impl Got {
    fn went_to(&self, wanted: &str) -> bool {
        let Some(location) = &self.location else { return false };
        let is_authored = self.authored.as_deref() == Some(wanted);
        is_authored
            || location == wanted
            || Url::parse(wanted).is_ok_and(|url| url.as_str() == location)
    }
}

fn destination(object: &Map<String, Value>) -> Result<Option<String>, targeting::Problem> {
    let Some(value) = object.get("destination") else { return Ok(None) };
    let text = value.as_str().filter(|text| text.len() <= LONGEST_URL && !text.is_empty());
    text.map(|text| Some(text.to_owned())).ok_or_else(|| problem("destination", "must be a URL"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn got() -> Got {
        Got {
            location: Some("https://example.com/?a=1".to_owned()),
            authored: Some("https://example.com?a={country}".to_owned()),
            rule: RuleId::new(7),
            status: 302,
        }
    }

    #[track_caller]
    fn check(expected: &Value, misses: &[&str]) {
        let read = Expected::parse(expected).unwrap();
        assert_eq!(read.wire(), *expected);
        assert_eq!(read.misses(&got()), misses);
    }

    #[test]
    fn each_demand_is_held_against_what_was_got() {
        let (rule, other) =
            (RuleId::new(7).unwrap().plain("rule"), RuleId::new(8).unwrap().plain("rule"));
        check(
            &json!({"destination": "https://example.com/?a=1", "rule": rule, "status": 302}),
            &[],
        );
        check(&json!({"destination": "https://EXAMPLE.com?a=1"}), &[]);
        check(&json!({"destination": "https://example.com?a={country}"}), &[]);
        check(
            &json!({"destination": "https://example.com/", "status": 301}),
            &[
                "must get https://example.com/, and gets https://example.com/?a=1",
                "must get status 301, and gets 302",
            ],
        );
        check(&json!({"rule": other}), &[&format!("must meet {other}, and meets {rule}")]);
        check(&json!({"rule": null}), &[&format!("must meet no rule, and meets {rule}")]);
    }

    #[test]
    fn a_demand_says_something() {
        let refused = |wire: &Value| Expected::parse(wire).unwrap_err().to_string();
        assert_eq!(refused(&json!({})), "must hold `destination`, `rule` or `status`");
        let all = refused(&json!({"destination": 1, "rule": "x", "status": 9, "mood": 1}));
        for place in ["destination: ", "rule: ", "status: ", "mood: "] {
            assert!(all.contains(place), "{all}");
        }
    }
}
