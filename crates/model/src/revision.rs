//! One immutable state of what a link does.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{Destination, Error, Link, Result, Rule, Schemes};

/// A link's destination and rules as they were saved, numbered from 1 per link.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    pub number: i64,
    pub destination: Destination,
    pub rules: Vec<Rule>,
    /// The name of the key or person that saved it.
    pub author: String,
    pub created_at: Timestamp,
}

impl Revision {
    /// The stored text: the wire's words, with what the wire leaves out of a rule.
    pub fn body(link: &Link) -> String {
        let rules: Vec<Value> = link.rules.iter().map(Rule::stored).collect();
        json!({ "destination": link.destination.authored(), "rules": rules }).to_string()
    }

    /// Reads a stored text back.
    pub fn read_body(body: &str) -> Result<(Destination, Vec<Rule>)> {
        let body: Value = serde_json::from_str(body).map_err(Error::internal)?;
        let destination = body["destination"].as_str().unwrap_or_default();
        let destination = Destination::parse("destination", destination, Schemes::AsSaved)?;
        let rules = body["rules"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok((destination, rules.iter().map(Rule::from_stored).collect::<Result<_>>()?))
    }
}
