//! A social card: how a shared link looks in a chat or a feed.

use serde::{Deserialize, Serialize};
use targeting::Problem;

use crate::{Error, Result, error::problem};

/// What link-preview bots are shown instead of a redirect.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    /// The URL of a picture.
    #[serde(default)]
    pub image: Option<String>,
    /// Further properties in their order, such as `image:width` or `twitter:card`, each with its
    /// value; Open Graph's own are written without `og:`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<(String, String)>,
}

const MOST_PROPERTIES: usize = 120;
const LONGEST_NAME: usize = 64;
const LONGEST_VALUE: usize = 2_000;

impl Card {
    pub fn is_empty(&self) -> bool {
        *self == Card::default()
    }

    pub(super) fn check(&self) -> Result<()> {
        let mut problems: Vec<Problem> = Vec::new();
        let long = |text: &str| LONGEST_VALUE < text.len();
        for (at, text) in
            [("title", &self.title), ("description", &self.description), ("image", &self.image)]
        {
            if text.as_deref().is_some_and(long) {
                problems
                    .push(problem(at, format!("must not be longer than {LONGEST_VALUE} bytes")));
            }
        }
        if MOST_PROPERTIES < self.properties.len() {
            problems
                .push(problem("properties", format!("must not be more than {MOST_PROPERTIES}")));
        }
        for (i, (name, value)) in self.properties.iter().enumerate() {
            let at = format!("properties[{i}]");
            if !is_name(name) {
                problems.push(problem(&at, format!("{name:?} is no property such as image:width")));
            } else if long(value) {
                problems
                    .push(problem(at, format!("must not be longer than {LONGEST_VALUE} bytes")));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems).under("card")) }
    }
}

fn is_name(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_:".contains(&b);
    (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Card {
        Card { properties: vec![(name.to_owned(), value.to_owned())], ..Card::default() }
    }

    #[test]
    fn a_property_has_a_name_and_a_short_value() {
        assert!(with("twitter:image:alt", "A cat").check().is_ok());
        for (name, value) in
            [("", "x"), ("onload=\"", "x"), ("a b", "x"), ("title", &"x".repeat(2_001))]
        {
            assert!(with(name, value).check().is_err(), "{name}");
        }
    }
}
