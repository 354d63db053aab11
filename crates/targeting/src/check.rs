//! One test, made ready to be asked many times.

use std::borrow::Cow;

use jiff::{civil::Date, tz::TimeZone};
use serde_json::Value as Json;

use crate::{
    Arity, Continent, Country, FieldRef, Needs, OPERATORS, OperatorRow, Outcome, Problem, Region,
    Source, Test, Value, Version, Visitor,
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
    zone: Option<TimeZone>,
    check: Check,
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
        let field = FieldRef::parse(&test.field);
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
                let zone = own_zone.or_else(|| zone.cloned()).filter(|_| zoned);
                Ok(Leaf { field, operator, zone, check })
            }
            Ok(_) => Err(problems),
            Err(whys) => {
                problems.extend(whys.into_iter().map(|why| Problem::new("value", why)));
                Err(problems)
            }
        }
    }

    pub(crate) fn needs(&self) -> Needs {
        match self.zone {
            Some(_) => Needs::default().with(Source::Clock),
            None => self.field.needs(),
        }
    }

    /// The value that the test sees of a visitor.
    pub(crate) fn read<'v>(&self, visitor: &Visitor<'v>) -> Value<'v> {
        self.field.read(visitor, self.zone.as_ref())
    }

    /// What the test says of a value.
    pub(crate) fn outcome(&self, value: &Value<'_>) -> Outcome {
        let outcome = self.check.outcome(value);
        if self.operator.negated { !outcome } else { outcome }
    }
}

impl Check {
    fn outcome(&self, value: &Value<'_>) -> Outcome {
        let holds = match (self, value) {
            (Check::Exists, value) => value.exists(),
            (_, Value::Unknown) => return Outcome::Unknown,
            (Check::Flags { yes, no }, Value::Flag(flag)) => *if *flag { yes } else { no },
            (Check::Country(wanted), Value::Country(country)) => wanted == country,
            (Check::Countries(set), Value::Country(country)) => set.contains(*country),
            (Check::Continents(set), Value::Continent(continent)) => has(*set, *continent),
            (Check::Regions(set), Value::Region(region)) => set.binary_search(region).is_ok(),
            (Check::Text(check, shape), Value::Text(text)) => check.holds(text, *shape),
            (Check::Text(check, shape), Value::Languages(languages)) => {
                languages.iter().any(|tag| check.holds(tag, *shape))
            }
            (Check::Numbers(check), Value::Number(number)) => check.holds(*number),
            (Check::Versions(check), Value::Version(version)) => check.holds(*version),
            (Check::Dates(check), Value::Date(date)) => check.holds(*date),
            (Check::Addresses(networks), Value::Address(address)) => networks.contains(*address),
            // A field's kind makes both sides, so they always agree; were a row of the table
            // wrong, nothing would be known.
            _ => return Outcome::Unknown,
        };
        holds.into()
    }
}

fn has(set: u8, continent: Continent) -> bool {
    set >> continent as u8 & 1 == 1
}

/// The texts of as many values as the operator takes.
fn values<'t>(
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
