//! Breakdowns in Short.io's words: columns with their rows, the most clicked first.

use model::{Class, Error, Result};
use serde_json::{Value as Json, json};
use statistics::{Answer, Dimension, Group, Key, Query, Value};
use targeting::Country;

/// A breakdown that comes with the statistics of a link or domain.
pub(super) struct Top {
    /// Its key.
    pub(super) name: &'static str,
    dimension: &'static str,
    row: fn(&str, u64) -> Json,
    /// Whether clicks without a value are a row too, of an empty text.
    with_unknown: bool,
}

/// The breakdowns of a link.
pub(super) const OF_LINK: &[Top] = &[
    top(
        "browser",
        "browser",
        |browser, score| json!({"browser": browser, "browserName": browser, "score": score}),
    ),
    top(
        "country",
        "country",
        |code, score| json!({"country": code, "countryName": country(code), "score": score}),
    ),
    top("city", "city", |name, score| json!({"city": number(name), "name": name, "score": score})),
    top("os", "os", |os, score| json!({"os": os, "score": score})),
    // Who comes from nowhere typed the address, or was not told on.
    Top {
        with_unknown: true,
        ..top(
            "referer",
            "referrerDomain",
            |host, score| json!({"referer": host, "refhost": host, "score": score}),
        )
    },
    top(
        "social",
        "social",
        |site, score| json!({"social": site, "socialName": site, "score": score}),
    ),
];

/// What the statistics of a domain are broken down by besides.
pub(super) const OF_DOMAIN: &[Top] = &[
    top("utm_source", "utmSource", |value, score| json!({"utm_source": value, "score": score})),
    top("utm_medium", "utmMedium", |value, score| json!({"utm_medium": value, "score": score})),
    top(
        "utm_campaign",
        "utmCampaign",
        |value, score| json!({"utm_campaign": value, "score": score}),
    ),
    top("utm_term", "utmTerm", |value, score| json!({"utm_term": value, "score": score})),
    top("utm_content", "utmContent", |value, score| json!({"utm_content": value, "score": score})),
];

/// The columns of `top`, each with our dimension; none where no click keeps such a thing.
pub(super) const COLUMNS: &[(&str, Option<&str>)] = &[
    ("ab_path", None),
    ("browser", Some("browser")),
    ("browser_version", Some("browserVersion")),
    ("city", Some("city")),
    ("country", Some("country")),
    ("goal_completed", None),
    ("human", Some("class")),
    ("method", None),
    ("os", Some("os")),
    ("path", Some("link")),
    ("path_404", None),
    ("proto", None),
    ("refhost", Some("referrerDomain")),
    ("social", Some("social")),
    ("st", None),
    ("utm_campaign", Some("utmCampaign")),
    ("utm_content", Some("utmContent")),
    ("utm_medium", Some("utmMedium")),
    ("utm_source", Some("utmSource")),
    ("utm_term", Some("utmTerm")),
];

/// Rows of a breakdown that comes with others.
const ROWS: usize = 10;

const fn top(name: &'static str, dimension: &'static str, row: fn(&str, u64) -> Json) -> Top {
    Top { name, dimension, row, with_unknown: false }
}

impl Top {
    pub(super) fn query(&self, query: &Query) -> Result<Query> {
        breakdown(query, self.dimension, ROWS + 1)
    }

    pub(super) fn rows(&self, answer: &Answer) -> Json {
        let rows = values(answer).filter(|(value, _)| self.with_unknown || !value.is_empty());
        rows.take(ROWS).map(|(value, clicks)| (self.row)(&value, clicks)).collect()
    }
}

/// A question, broken down by a dimension.
pub(super) fn breakdown(query: &Query, dimension: &str, limit: usize) -> Result<Query> {
    let none = || Error::internal(format!("{dimension} is no dimension"));
    let dimension = Dimension::named(dimension).ok_or_else(none)?;
    Ok(Query { group: Group::Breakdown { dimension, limit }, ..query.clone() })
}

/// Values with their clicks, the most clicked first; an empty text is what is not known.
pub(super) fn values(answer: &Answer) -> impl Iterator<Item = (String, u64)> {
    answer.rows().iter().filter_map(|row| match &row.key {
        Key::Value(value) => {
            Some((value.as_ref().map_or_else(String::new, ToString::to_string), row.clicks))
        }
        Key::Whole | Key::Since(_) | Key::City { .. } | Key::Hour { .. } => None,
    })
}

/// All clicks and those of people, of a breakdown by class.
pub(super) fn classes(answer: &Answer) -> (u64, u64) {
    let person = Key::Value(Some(Value::Text(Class::Person.name().into())));
    let rows = answer.rows();
    let people = rows.iter().find(|row| row.key == person).map_or(0, |row| row.clicks);
    (answer.clicks(), people)
}

/// What people read of a value of a column.
pub(super) fn shown(column: &str, value: &str) -> String {
    if column == "country" { country(value) } else { value.to_owned() }
}

fn country(code: &str) -> String {
    Country::parse(code).map_or_else(|| code.to_owned(), |country| country.name().to_owned())
}

/// A number for a city, where Short.io has that of GeoNames: the same for the same name.
pub(super) fn number(name: &str) -> u32 {
    crc32c::crc32c(name.as_bytes()) >> 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_and_breakdown_has_a_dimension_of_ours() {
        let columns = COLUMNS.iter().filter_map(|(_, dimension)| *dimension);
        let tops = OF_LINK.iter().chain(OF_DOMAIN).map(|top| top.dimension);
        for name in columns.chain(tops) {
            assert!(Dimension::named(name).is_some(), "{name}");
        }
        assert!(COLUMNS.is_sorted());
    }

    #[test]
    fn a_country_has_its_name_and_another_text_its_own() {
        assert_eq!(shown("country", "DE"), "Germany");
        assert_eq!(shown("country", "EU"), "EU");
        assert_eq!(shown("browser", "DE"), "DE");
    }
}
