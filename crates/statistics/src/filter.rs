//! Filters: which clicks a question is about, as they are written in an address.

use std::collections::BTreeSet;

use model::Click;

use crate::{
    dimension::{Dimension, UNKNOWN},
    value::Value,
};

/// A dimension has one of some values, or has none of them.
///
/// What is not known is a value like any other here, so that a filter and its negation always share
/// all clicks between them.
#[derive(Clone, Debug)]
pub struct Filter {
    pub dimension: &'static Dimension,
    pub values: BTreeSet<Value>,
    /// Whether what is not known is one of the values.
    pub unknown: bool,
    pub negated: bool,
}

/// Why text is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFilter {
    #[error("filters[{place}]: no dimension `{name}`")]
    Dimension { place: usize, name: String },
    #[error("filters[{place}].{dimension}[{value}]: `{text}` is not {expected}")]
    Value {
        place: usize,
        dimension: &'static str,
        /// Which of the values, counted from 0.
        value: usize,
        text: String,
        expected: &'static str,
    },
}

impl Filter {
    /// Reads the pairs of a query string, already decoded: `country` with `US,CA`, and `browser!`
    /// with `Chrome`, which is what `browser!=Chrome` is split into.
    ///
    /// A comma that belongs to a value has a backslash before it, and so has a backslash.
    pub fn parse_all<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Vec<Filter>, BadFilter> {
        pairs.into_iter().enumerate().map(|(place, pair)| Filter::parse(place, pair)).collect()
    }

    fn parse(place: usize, (key, list): (&str, &str)) -> Result<Filter, BadFilter> {
        let name = key.strip_suffix('!').unwrap_or(key);
        let Some(dimension) = Dimension::named(name) else {
            return Err(BadFilter::Dimension { place, name: name.to_owned() });
        };
        let mut filter =
            Filter { dimension, values: BTreeSet::new(), unknown: false, negated: name != key };
        for (value, text) in split(list).into_iter().enumerate() {
            if text == UNKNOWN {
                filter.unknown = true;
                continue;
            }
            let parsed = dimension.parse(&text).map_err(|expected| BadFilter::Value {
                place,
                dimension: dimension.name,
                value,
                text,
                expected,
            });
            filter.values.insert(parsed?);
        }
        Ok(filter)
    }

    /// Whether a click passes; where only a clock could tell, none does that has to be known.
    pub fn admits(&self, click: &Click<'_>) -> bool {
        self.passes(self.dimension.read(click).map(Value::from).as_ref())
    }

    /// Whether clicks with this value pass.
    pub(crate) fn passes(&self, value: Option<&Value>) -> bool {
        let named = value.map_or(self.unknown, |value| self.values.contains(value));
        named != self.negated
    }
}

/// Splits at the commas without a backslash.
fn split(list: &str) -> Vec<String> {
    let (mut values, mut value) = (Vec::new(), String::new());
    let mut letters = list.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ',' => values.push(std::mem::take(&mut value)),
            '\\' => value.push(letters.next().unwrap_or('\\')),
            _ => value.push(letter),
        }
    }
    values.push(value);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn pairs_are_dimensions_with_their_values() {
        let pairs =
            [("country", "US,CA,unknown"), ("browser!", "Chrome"), ("vpn", "true"), ("asn", "1")];
        let filters = Filter::parse_all(pairs).unwrap();
        let values: Vec<_> = filters.iter().map(|f| (f.dimension.name, f.negated)).collect();
        assert_eq!(values, [("country", false), ("browser", true), ("vpn", false), ("asn", false)]);
        assert_eq!(filters[0].values, [text("US"), text("CA")].into());
        assert!(filters[0].unknown && !filters[1].unknown);
        assert_eq!(filters[2].values, [Value::Flag(true)].into());
        assert_eq!(filters[3].values, [Value::Number(1)].into());
    }

    #[test]
    fn a_comma_after_a_backslash_belongs_to_the_value() {
        let filters = Filter::parse_all([("isp", r"Example\, Inc.,a\\b,c\")]).unwrap();
        assert_eq!(filters[0].values, [text("Example, Inc."), text(r"a\b"), text(r"c\")].into());
    }

    #[test]
    fn ids_are_read_in_every_spelling() {
        let filters = Filter::parse_all([("link", "12345,lnk_0000_003D7")]).unwrap();
        assert_eq!(filters[0].values, [Value::Number(12_345)].into());
    }

    #[test]
    fn errors_name_the_place() {
        #[track_caller]
        fn check(pairs: &[(&str, &str)], error: &str) {
            let found =
                Filter::parse_all(pairs.iter().copied()).map(|_| ()).map_err(|e| e.to_string());
            assert_eq!(found, Err(error.to_owned()));
        }
        check(&[("country", "DE"), ("mood!", "good")], "filters[1]: no dimension `mood`");
        check(&[("vpn", "true,yes")], "filters[0].vpn[1]: `yes` is not `true` or `false`");
        check(&[("asn", "AS1")], "filters[0].asn[0]: `AS1` is not a whole number");
        check(&[("city", "")], "filters[0].city[0]: `` is not a text, or `unknown`");
        check(&[("link", "lnk")], "filters[0].link[0]: `lnk` is not an id");
    }
}
