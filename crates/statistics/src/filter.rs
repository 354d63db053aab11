//! Filters: which clicks a question is about, as they are written in an address.

use std::collections::BTreeSet;

use model::{Click, LinkId};

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
        let Some(dimension) = Dimension::of_any(name) else {
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

    /// For a filter by what links have, the filter by links that chooses the same clicks, where these
    /// are the links that have each value now. A link may have several values, or none.
    pub fn by_links(&self, links: &[(Value, BTreeSet<LinkId>)]) -> Filter {
        let of = |named: bool| {
            let values =
                links.iter().filter(move |(value, _)| self.values.contains(value) == named);
            values.flat_map(|(_, links)| links.iter().map(|link| Value::Number(link.number())))
        };
        let mut values: BTreeSet<Value> = of(!self.unknown).collect();
        if self.unknown {
            // Links without a value are known by those that have one of the others alone.
            for link in of(true) {
                values.remove(&link);
            }
        }
        Filter {
            dimension: Dimension::named("link").expect("it is in the table"),
            values,
            unknown: false,
            negated: self.negated != self.unknown,
        }
    }

    /// Whether something passes that has these values, which may be several, or none.
    pub fn chooses<'v>(&self, values: impl IntoIterator<Item = &'v str>) -> bool {
        let mut values = values.into_iter().peekable();
        let has = |value: &str| self.values.contains(&Value::Text(value.into()));
        let named = if values.peek().is_none() { self.unknown } else { values.any(has) };
        named != self.negated
    }

    /// Whether clicks with this value pass.
    pub(crate) fn passes(&self, value: Option<&Value>) -> bool {
        let named = value.map_or(self.unknown, |value| self.values.contains(value));
        named != self.negated
    }
}

/// The values of a list, which has commas between them; one with a backslash before it is none.
pub fn split(list: &str) -> Vec<String> {
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
    fn what_links_have_is_a_filter_by_links_that_chooses_as_the_links_do() {
        let tags: [&[&str]; 4] = [&["a"], &["a", "b"], &["b"], &[]];
        let link = |place: usize| LinkId::new(place as i64 + 1).unwrap();
        let of = |tag: &str| (0..4).filter(|place| tags[*place].contains(&tag)).map(link).collect();
        let links = ["a", "b"].map(|tag| (text(tag), of(tag)));
        let questions = ["a", "b", "a,b", "a,unknown", "unknown", "c", "a,b,unknown"];
        for (key, list) in questions.iter().flat_map(|list| [("tag", list), ("tag!", list)]) {
            let filter = &Filter::parse_all([(key, *list)]).unwrap()[0];
            let by_links = filter.by_links(&links);
            assert_eq!(by_links.dimension.name, "link");
            for (place, tags) in tags.iter().enumerate() {
                let chosen = filter.chooses(tags.iter().copied());
                let value = Value::Number(link(place).number());
                assert_eq!(by_links.passes(Some(&value)), chosen, "{key}={list} {tags:?}");
                let named = list.split(',').any(|name| match name {
                    "unknown" => tags.is_empty(),
                    name => tags.contains(&name),
                });
                assert_eq!(chosen, named == (key == "tag"), "{key}={list} {tags:?}");
            }
            // The clicks of links that are gone are those of links without any.
            let gone = filter.chooses([]);
            assert_eq!(by_links.passes(Some(&Value::Number(99))), gone, "{key}={list}");
        }
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
