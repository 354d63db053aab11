//! Query parameters that a link adds to wherever it leads, such as `utm_source=mail`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::form_urlencoded::{self, Serializer};

use crate::{Error, Result};

/// Names and values in their order, as they are before encoding; no name stands twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>", into = "Map<String, Value>")]
pub struct Parameters(Vec<(String, String)>);

const MOST: usize = 20;
/// Bytes of a name and its value.
const LONGEST: usize = 500;

impl Parameters {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Sets a parameter in its place or at the end; without a value it goes.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        let known = self.0.iter().position(|(known, _)| known == name);
        match (known, value) {
            (Some(i), Some(value)) => self.0[i].1 = value.to_owned(),
            (Some(i), None) => drop(self.0.remove(i)),
            (None, Some(value)) => self.0.push((name.to_owned(), value.to_owned())),
            (None, None) => (),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn check(&self) -> Result<()> {
        if MOST < self.0.len() {
            return Err(Error::invalid("parameters", format!("must not be more than {MOST}")));
        }
        for (i, (name, value)) in self.0.iter().enumerate() {
            let twice = self.0[..i].iter().any(|(before, _)| before == name);
            if name.is_empty() || twice || LONGEST < name.len() + value.len() {
                let why = format!("must have a name of its own, and {LONGEST} bytes at most");
                return Err(Error::invalid(format!("parameters[{i}]"), why));
            }
        }
        Ok(())
    }

    /// The query of a click with these before it; they win over the visitor's of the same name,
    /// and the rest of the visitor's stays byte for byte.
    pub fn before<'q>(&self, visitors: Option<&'q str>) -> Option<Cow<'q, str>> {
        if self.0.is_empty() {
            return visitors.map(Cow::Borrowed);
        }
        let mut query = Serializer::new(String::new()).extend_pairs(&self.0).finish();
        for pair in visitors.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let name = form_urlencoded::parse(pair.as_bytes()).next();
            if name.is_some_and(|(name, _)| self.get(&name).is_none()) {
                query.push('&');
                query.push_str(pair);
            }
        }
        Some(Cow::Owned(query))
    }
}

impl TryFrom<Map<String, Value>> for Parameters {
    type Error = String;

    fn try_from(object: Map<String, Value>) -> Result<Parameters, String> {
        let pair = |(name, value)| match value {
            Value::String(value) => Ok((name, value)),
            _ => Err(format!("the value of {name:?} must be a text")),
        };
        object.into_iter().map(pair).collect::<Result<_, _>>().map(Parameters)
    }
}

impl From<Parameters> for Map<String, Value> {
    fn from(Parameters(pairs): Parameters) -> Map<String, Value> {
        pairs.into_iter().map(|(name, value)| (name, value.into())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(visitors: Option<&str>, expected: &str) {
        let mut parameters = Parameters::default();
        parameters.set("utm_source", Some("a&b"));
        parameters.set("utm_term", Some("x y"));
        assert_eq!(parameters.before(visitors).as_deref(), Some(expected));
    }

    #[test]
    fn they_win_over_the_visitors_and_leave_the_rest_as_it_is() {
        check(None, "utm_source=a%26b&utm_term=x+y");
        check(Some(""), "utm_source=a%26b&utm_term=x+y");
        check(Some("a=%C3&utm%5Fterm=z&&b"), "utm_source=a%26b&utm_term=x+y&a=%C3&b");
        assert_eq!(Parameters::default().before(Some("a=1")).as_deref(), Some("a=1"));
        assert_eq!(Parameters::default().before(None), None);
    }

    #[test]
    fn one_is_set_once() {
        let mut parameters = Parameters::default();
        parameters.set("a", Some("1"));
        parameters.set("a", Some("2"));
        parameters.set("b", None);
        assert_eq!(parameters.iter().collect::<Vec<_>>(), [("a", "2")]);
        parameters.set("a", None);
        assert!(parameters.is_empty());
    }
}
