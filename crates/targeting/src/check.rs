//! One test, made ready to be asked many times.

use std::borrow::Cow;

use jiff::{civil::Date, tz::TimeZone};
use serde_json::Value as Json;

use crate::{
    Arity, Continent, Country, Field, FieldRef, OPERATORS, OperatorRow, Problem, Region, Test,
    Value, Version,
    beginnings::Beginnings,
    country::Countries,
    networks::Networks,
    ordered::OrderCheck,
    text::{Shape, TextCheck},
    zone,
};

/// A [`Test`] that has been checked.
#[derive(Debug)]
pub(crate) struct Leaf {
    pub(crate) field: FieldRef,
    pub(crate) operator: &'static OperatorRow,
    pub(crate) check: Check,
}

/// A comparison with a rule's values, which have been read, sorted and folded.
#[derive(Debug)]
pub(crate) enum Check {
    Exists,
    Flags {
        yes: bool,
        no: bool,
    },
    Country(Country),
    Countries(Box<Countries>),
    /// One bit for each continent.
    Continents(u8),
    /// Sorted.
    Regions(Box<[Region]>),
    Text(TextCheck, Shape),
    Numbers(OrderCheck<f64>),
    Versions(OrderCheck<Version>),
    /// Versions by the digits of their numbers, for those that are too great for words.
    VersionSpans(Box<Beginnings<u128>>),
    Dates(OrderCheck<Date>),
    Addresses(Box<Networks>),
}

/// How many values one test may hold.
const MOST_VALUES: usize = 10_000;

impl Leaf {
    /// # Errors
    ///
    /// Everything that is wrong with the test.
    pub(crate) fn compile(test: &Test, zone: Option<&TimeZone>) -> Result<Leaf, Vec<Problem>> {
        let mut problems = Vec::new();
        let field = Field::parse(&test.field);
        if field.is_none() {
            problems.push(Problem::new("", format!("no field {:?}", test.field)));
        }
        let operator = OperatorRow::named(&test.operator);
        if operator.is_none() {
            problems.push(Problem::new("operator", format!("no operator {:?}", test.operator)));
        }
        let own_zone = test.timezone.as_deref().map(zone::parse).transpose();
        let own_zone = own_zone.unwrap_or_else(|why| {
            problems.push(Problem::new("timezone", why));
            None
        });
        let (Some(field), Some(operator)) = (field, operator) else { return Err(problems) };
        let zoned = field.field().is_zoned();
        if test.timezone.is_some() && !zoned {
            let why = format!("means nothing to field {:?}", test.field);
            problems.push(Problem::new("timezone", why));
        }
        let kind = field.field().kind;
        if !kind.comparisons().contains(&operator.comparison) {
            let why = format!("{:?} does not fit field {:?}", test.operator, test.field);
            problems.push(Problem::new("operator", why));
            return Err(problems);
        }
        let texts = values(operator, test.value.as_ref());
        match texts.and_then(|texts| kind.check(operator.comparison, &texts)) {
            Ok(check) if problems.is_empty() => {
                let field = field.in_zone(own_zone.or_else(|| zone.cloned()));
                Ok(Leaf { field, operator, check })
            }
            Ok(_) => Err(problems),
            Err(whys) => {
                problems.extend(whys.into_iter().map(|why| Problem::new("value", why)));
                Err(problems)
            }
        }
    }
}

impl Check {
    /// What the comparison says of a visitor's value; none where that is unknown.
    #[inline]
    pub(crate) fn holds(&self, value: &Value<'_>) -> Option<bool> {
        Some(match (self, value) {
            (Check::Country(wanted), Value::Country(country)) => wanted == country,
            (Check::Countries(set), Value::Country(country)) => set.contains(*country),
            (Check::Text(check, shape), Value::Text(text)) => check.holds(text, *shape),
            (Check::Exists, value) => value.exists(),
            (Check::Flags { yes, no }, Value::Flag(flag)) => *if *flag { yes } else { no },
            (Check::Continents(set), Value::Continent(continent)) => has(*set, *continent),
            (Check::Regions(set), Value::Region(region)) => set.binary_search(region).is_ok(),
            (Check::Text(check, shape), Value::Languages(languages)) => {
                languages.iter().any(|tag| check.holds(tag, *shape))
            }
            (Check::Numbers(check), Value::Number(number)) => check.holds(*number),
            (Check::Versions(check), Value::Version(version)) => check.holds(*version),
            (Check::VersionSpans(set), Value::Version(version)) => set.contains(version.span().0),
            (Check::Dates(check), Value::Date(date)) => check.holds(*date),
            (Check::Addresses(networks), Value::Address(address)) => networks.contains(*address),
            // What is unknown. A field's kind makes both sides, so known ones always agree; were a
            // row of the table wrong, nothing would be known.
            _ => return None,
        })
    }
}

fn has(set: u8, continent: Continent) -> bool {
    set >> continent as u8 & 1 == 1
}

/// The texts of as many values as the operator takes.
pub(crate) fn values<'t>(
    operator: &OperatorRow,
    value: Option<&'t Json>,
) -> Result<Vec<Cow<'t, str>>, Vec<String>> {
    let name = operator.name;
    let wrong = |why: String| Err(vec![why]);
    match (operator.arity, value) {
        // Who writes this means the opposite, and must not get the opposite of that.
        (Arity::None, Some(Json::Bool(false))) => {
            wrong(format!("must be left out, since {name:?} takes none: negate it with \"not\""))
        }
        (Arity::None, _) => Ok(Vec::new()),
        (_, None | Some(Json::Null)) => wrong(format!("is missing, and {name:?} needs one")),
        (Arity::One, Some(Json::Array(_))) => {
            let many = OPERATORS.iter().find(|other| {
                let same = other.comparison == operator.comparison;
                same && other.negated == operator.negated && other.arity == Arity::Many
            });
            let instead = many.map_or("write several tests".to_owned(), |row| {
                format!("write {:?} to give several", row.name)
            });
            wrong(format!("must be a single value for {name:?}: {instead}"))
        }
        (Arity::Many, Some(Json::Array(values))) if values.is_empty() => {
            wrong("must hold at least one value".to_owned())
        }
        (Arity::Many, Some(Json::Array(values))) if MOST_VALUES < values.len() => {
            wrong(format!("holds {} values, over {MOST_VALUES}", values.len()))
        }
        (Arity::Two, Some(Json::Array(values))) if values.len() == 2 => scalars(values),
        (Arity::Two, Some(_)) => {
            wrong(format!("must be an array of two for {name:?}: the lowest and the highest value"))
        }
        (Arity::Many, Some(Json::Array(values))) => scalars(values),
        (Arity::One | Arity::Many, Some(value)) => scalars(std::slice::from_ref(value)),
    }
}

fn scalars(values: &[Json]) -> Result<Vec<Cow<'_, str>>, Vec<String>> {
    let texts = values.iter().map(|value| scalar(value).ok_or_else(|| vec![no_scalar(value)]));
    texts.collect()
}

/// A number may be sent as text and a text as a number, so both are read from text.
pub(crate) fn scalar(value: &Json) -> Option<Cow<'_, str>> {
    match value {
        Json::String(text) => Some(Cow::Borrowed(text)),
        Json::Number(number) => Some(Cow::Owned(number.to_string())),
        Json::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

pub(crate) fn no_scalar(value: &Json) -> String {
    let found = match value {
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
        _ => "null",
    };
    format!("must be text, a number, true or false, and not {found}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Outcome, Rules, Visitor, When, fixture};

    /// The outcome of one test of the Parisian.
    #[track_caller]
    fn check(field: &str, operator: &str, value: Json, expected: bool) {
        let asked = format!("{field} {operator} {value}");
        let outcome = ask(&When::test(field, operator, value), &fixture::parisian());
        assert_eq!(outcome, expected.into(), "{asked}");
    }

    #[track_caller]
    fn check_unknown(field: &str, operator: &str, value: Json) {
        let asked = format!("{field} {operator} {value}");
        let outcome = ask(&When::test(field, operator, value), &fixture::nobody());
        assert_eq!(outcome, Outcome::Unknown, "{asked}");
    }

    #[track_caller]
    fn ask(when: &When, visitor: &Visitor<'_>) -> Outcome {
        let rules = Rules::compile([(when, None)]).unwrap();
        rules.explain(visitor).rules[0].outcome.unwrap()
    }

    #[test]
    fn places() {
        check("country", "equals", json!("fr"), true);
        check("country", "in", json!(["US", "EU"]), true);
        check("country", "not_in", json!(["UK", "QN"]), true);
        check("country", "in", json!("FR"), true);
        check("continent", "equals", json!("europe"), true);
        check("continent", "in", json!(["AF", "NA"]), false);
        check("region", "equals", json!("IDF"), true);
        check("region", "equals", json!("ile-de-france"), true);
        check("region", "not_in", json!(["US-NY", "FR-NOR"]), true);
        check("city", "contains", json!("PAR"), true);
        check("timezone", "starts_with", json!("europe/"), true);
        check("asn", "equals", json!("AS3215"), true);
        check("asn", "in", json!([1, "2", 3215]), true);
        check("latitude", "between", json!([48, "49.5"]), true);
        check("longitude", "less_than", json!(2.35), false);
        check("isp", "ends_with", json!("s.a."), true);
    }

    #[test]
    fn devices() {
        check("deviceType", "equals", json!("phone"), true);
        check("os", "in", json!(["Windows", "iPadOS"]), true);
        check("os", "equals", json!("TempleOS"), false);
        check("osVersion", "equals", json!(17), true);
        check("osVersion", "greater_than", json!("17.3"), true);
        check("osVersion", "greater_than", json!("17"), false);
        check("osVersion", "between", json!(["16", "17"]), true);
        check("browser", "equals", json!("Mobile Safari"), true);
        check("browserVersion", "in", json!(["16", "17.4.0"]), true);
        check("deviceBrand", "matches", json!("^app"), true);
        check("language", "equals", json!("en"), true);
        check("language", "equals", json!("fr-fr"), true);
        check("language", "not_equals", json!("de"), true);
        check("language", "not_in", json!(["de", "fr"]), false);
    }

    #[test]
    fn networks_and_traffic() {
        check("vpn", "is_false", Json::Null, true);
        check("tor", "equals", json!("true"), false);
        check("bot", "is_true", json!("ignored"), false);
        check("ip", "in", json!(["10.0.0.0/8", "2001:db8::/32"]), true);
        check("referrer", "contains", json!("ID=1"), true);
        check("referrerDomain", "equals", json!("google.com"), true);
        check("referrerDomain", "in", json!(["bing.com", "*.Google.com"]), true);
        check("referrerDomain", "equals", json!("oogle.com"), false);
        check("utmSource", "equals", json!("news letter"), true);
        check("utmMedium", "equals", json!(""), true);
        check("query.ref", "ends_with", json!(42), true);
        check("query.flag", "exists", Json::Null, false);
        check("header.X-App", "equals", json!("BETA"), true);
        check("header.x-none", "not_equals", json!("beta"), true);
        check("cookie.plan", "equals", json!("pro"), true);
    }

    #[test]
    fn times_and_visitors() {
        check("hour", "equals", json!(0), true);
        check("dayOfWeek", "equals", json!("Tuesday"), true);
        check("date", "greater_than", json!("2026-01-05"), true);
        check("date", "between", json!(["2026-01-06", "2026-01-06"]), true);
        check("isReturning", "is_true", Json::Null, true);
        check("isNewVisitor", "is_true", Json::Null, false);
        check("percentile", "equals", json!(49), true);
        check("percentile", "less_than", json!(100), true);
    }

    #[test]
    fn the_zone_is_the_tests_own_else_the_rules_else_the_visitors_else_the_links() {
        let hour = |own: Option<&str>, rule: Option<&str>, visitor: &Visitor<'_>| {
            let mut json = json!({"field": "hour", "operator": "in", "value": []});
            if let Some(own) = own {
                json["timezone"] = own.into();
            }
            let holds = |hour: &u8| {
                json["value"] = json!([hour]);
                let when = When::parse(&json).unwrap();
                Rules::compile([(&when, rule)]).unwrap().decide(visitor).is_some()
            };
            (0_u8..24).find(holds).unwrap()
        };
        let (tokyo, lima) = (Some("Asia/Tokyo"), Some("America/Lima"));
        assert_eq!(hour(tokyo, lima, &fixture::parisian()), 8);
        assert_eq!(hour(None, lima, &fixture::parisian()), 18);
        assert_eq!(hour(None, None, &fixture::parisian()), 0);
        assert_eq!(hour(None, None, &fixture::nobody()), 12);
    }

    #[test]
    fn what_nobody_knows_is_unknown_and_its_negation_too() {
        check_unknown("country", "equals", json!("US"));
        check_unknown("country", "not_in", json!(["US"]));
        check_unknown("bot", "is_false", Json::Null);
        check_unknown("osVersion", "between", json!([1, 99]));
        check_unknown("isNewVisitor", "is_true", Json::Null);
        check_unknown("ip", "not_equals", json!("::1"));
        let nobody = fixture::nobody();
        let exists = |field| ask(&When::test(field, "exists", Json::Null), &nobody);
        assert_eq!((exists("country"), exists("referrer")), (Outcome::False, Outcome::False));
        let empty = When::test("referrer", "equals", "");
        assert_eq!(ask(&empty, &nobody), Outcome::True);
    }
}
