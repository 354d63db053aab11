//! Linquid's older conditions, a `type` with an object, and the trees that they are.
//!
//! The names of the types and of most keys stand in Linquid's pages; where those only speak of a
//! type, its keys are our inference, and the dialect's page says so.

use std::collections::BTreeSet;

use model::{Error, Result};
use serde_json::{Map, Value, json};
use targeting::{Problem, Test, When};

/// A type whose conditions are lists of values, and which fields those are of.
struct Listed {
    name: &'static str,
    /// Each key with its field. Where several are there, the visitor has to meet all of them.
    keys: &'static [(&'static str, &'static str)],
}

const GEO: &[(&str, &str)] = &[
    ("countries", "country"),
    ("regions", "region"),
    ("cities", "city"),
    ("continents", "continent"),
    ("timezones", "timezone"),
];
const NETWORK: &[(&str, &str)] =
    &[("ips", "ip"), ("ranges", "ip"), ("asns", "asn"), ("isps", "isp")];

const LISTED: &[Listed] = &[
    Listed { name: "geo", keys: GEO },
    Listed {
        name: "device",
        keys: &[
            ("devices", "deviceType"),
            ("os", "os"),
            ("browsers", "browser"),
            ("brands", "deviceBrand"),
        ],
    },
    Listed { name: "language", keys: &[("languages", "language")] },
    Listed { name: "referrer", keys: &[("referrers", "referrerDomain")] },
    Listed {
        name: "utm",
        keys: &[
            ("utm_source", "utmSource"),
            ("utm_medium", "utmMedium"),
            ("utm_campaign", "utmCampaign"),
            ("utm_term", "utmTerm"),
            ("utm_content", "utmContent"),
        ],
    },
    Listed { name: "ip", keys: NETWORK },
    Listed { name: "network", keys: NETWORK },
    Listed { name: "asn", keys: NETWORK },
    Listed { name: "isp", keys: NETWORK },
];

/// The types that name one thing by its `name`, and how our fields begin that read it.
const NAMED: &[(&str, &str)] = &[("header", "header"), ("cookie", "cookie"), ("query", "query")];

type ReadType = fn(&mut Reader<'_>) -> Option<When>;

/// Types with keys of their own.
const OTHERS: &[(&str, ReadType)] =
    &[("time", time), ("percentage", percentage), ("visitor_state", visitor_state)];

/// How the values of a list are compared: the word, the operator for a whole list or else the one
/// for each of its values, and whether a visitor must meet none of them.
const OPERATORS: &[(&str, Each, bool)] = &[
    ("in", Each::Together("in"), false),
    ("equals", Each::Together("in"), false),
    ("not_in", Each::Together("not_in"), true),
    ("not_equals", Each::Together("not_in"), true),
    ("contains", Each::Alone("contains"), false),
    ("not_contains", Each::Alone("contains"), true),
];

#[derive(Clone, Copy)]
enum Each {
    Together(&'static str),
    Alone(&'static str),
}

const DAYS: [&str; 7] =
    ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const LAST_MINUTE: &str = "23:59";

/// Reads conditions of a type; places are those of the object: `conditions.countries`.
pub(super) fn read(kind: &str, conditions: &Map<String, Value>) -> Result<When> {
    let mut reader = Reader { conditions, known: Vec::new(), problems: Vec::new() };
    let listed = LISTED.iter().find(|listed| listed.name == kind);
    let named = NAMED.iter().find(|(name, _)| *name == kind);
    let other = OTHERS.iter().find(|(name, _)| *name == kind);
    let when = match (listed, named, other) {
        (Some(listed), _, _) => reader.lists(listed),
        (_, Some((_, field)), _) => reader.named(field),
        (_, _, Some((_, read))) => read(&mut reader),
        (None, None, None) => {
            let why = format!("{kind:?} cannot be said here; known are {}", names().join(", "));
            return Err(Error::invalid("type", why));
        }
    };
    let Reader { known, mut problems, .. } = reader;
    for key in conditions.keys().filter(|key| !known.contains(&key.as_str())) {
        let why = format!("no such key; known are {}", known.join(", "));
        problems.push(Problem::new(format!("conditions.{key}"), why));
    }
    match when {
        Some(when) if problems.is_empty() => shaped(&when),
        _ if problems.is_empty() => Err(Error::invalid("conditions", "must say something")),
        _ => Err(Error::Invalid(problems)),
    }
}

/// A tree as it will be read when it is loaded again, which has a largest size.
fn shaped(when: &When) -> Result<When> {
    let json = serde_json::to_value(when).map_err(Error::internal)?;
    When::parse(&json).map_err(|problems| {
        let why = problems.first().map(|problem| problem.why.clone()).unwrap_or_default();
        Error::invalid("conditions", why)
    })
}

fn names() -> Vec<&'static str> {
    let listed = LISTED.iter().map(|listed| listed.name);
    let named = NAMED.iter().map(|(name, _)| *name);
    listed.chain(named).chain(OTHERS.iter().map(|(name, _)| *name)).collect()
}

/// The object of a type, and what was found in it.
struct Reader<'c> {
    conditions: &'c Map<String, Value>,
    /// The keys that the type has.
    known: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl<'c> Reader<'c> {
    /// What stands at a key; null is as if it were not there.
    fn get(&mut self, key: &'static str) -> Option<&'c Value> {
        self.known.push(key);
        self.conditions.get(key).filter(|value| !value.is_null())
    }

    fn text(&mut self, key: &'static str) -> Option<&'c str> {
        let value = self.get(key)?;
        let text = value.as_str();
        if text.is_none() {
            self.refuse(key, "must be a text");
        }
        text
    }

    /// The values of a list, or the one that stands in its place.
    fn values(&mut self, key: &'static str) -> Option<Vec<Value>> {
        match self.get(key)? {
            Value::Array(list) if list.is_empty() => {
                self.refuse(key, "must hold at least one value");
                None
            }
            Value::Array(list) => Some(list.clone()),
            one @ (Value::String(_) | Value::Number(_)) => Some(vec![one.clone()]),
            _ => {
                self.refuse(key, "must be a list of values");
                None
            }
        }
    }

    fn refuse(&mut self, key: &str, why: impl Into<String>) {
        self.problems.push(Problem::new(format!("conditions.{key}"), why));
    }

    /// One test, checked at once so that what is wrong with it is said of the key it comes from.
    fn test(&mut self, key: &str, test: Test) -> When {
        let when = When::Test(test);
        let problems = when.check(None);
        for Problem { at, why } in problems {
            let key = if at == "timezone" { "timezone" } else { key };
            let problem = Problem::new(format!("conditions.{key}"), why);
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        when
    }

    fn field(&mut self, key: &str, field: &str, operator: &str, value: Value) -> When {
        let (field, operator) = (field.to_owned(), operator.to_owned());
        self.test(key, Test { field, operator, value: Some(value), timezone: None })
    }

    fn operator(&mut self) -> Option<(&'static str, Each, bool)> {
        let word = self.text("operator").unwrap_or("in");
        let found = OPERATORS.iter().find(|(name, ..)| *name == word).copied();
        if found.is_none() {
            let names: Vec<_> = OPERATORS.iter().map(|(name, ..)| *name).collect();
            self.refuse("operator", format!("must be one of {}", names.join(", ")));
        }
        found
    }

    fn lists(&mut self, listed: &Listed) -> Option<When> {
        let operator = self.operator();
        let mut found = Vec::new();
        for &(key, field) in listed.keys {
            if let Some(values) = self.values(key) {
                found.push((key, field, values));
            }
        }
        let (_, each, negative) = operator?;
        if found.is_empty() && self.problems.is_empty() {
            let keys: Vec<_> = listed.keys.iter().map(|(key, _)| *key).collect();
            let why = format!("must hold at least one of {}", keys.join(", "));
            self.problems.push(Problem::new("conditions", why));
        }
        // A whole list has a negative operator; several lists, or values one by one, have not.
        let alone = found.len() == 1;
        let mut parts = Vec::new();
        for (key, field, values) in found {
            parts.push(match each {
                Each::Together(operator) => {
                    let operator = if negative && !alone { "in" } else { operator };
                    self.field(key, field, operator, Value::Array(values))
                }
                Each::Alone(operator) => {
                    // A part of an address may lie anywhere in it, not in its host alone.
                    let field = if field == "referrerDomain" { "referrer" } else { field };
                    let tests = values.into_iter();
                    let tests = tests.map(|value| self.field(key, field, operator, value));
                    any(tests.collect())
                }
            });
        }
        let is_said = !negative || (alone && matches!(each, Each::Together(_)));
        let whole = all(parts);
        Some(if is_said { whole } else { When::Not { not: Box::new(whole) } })
    }

    fn named(&mut self, field: &str) -> Option<When> {
        let name = self.text("name");
        let operator = self.text("operator").unwrap_or("equals");
        let value = self.get("value");
        let values = self.get("values");
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            self.refuse("name", "is required");
            return None;
        };
        let (field, operator) = (format!("{field}.{name}"), operator.to_owned());
        let value = value.or(values).cloned();
        Some(self.test("value", Test { field, operator, value, timezone: None }))
    }

    /// A time of day as it is compared, and whether it is given at all.
    fn clock(&mut self, key: &'static str) -> Option<&'c str> {
        // The end of a day is its last minute.
        self.text(key).map(|text| if text == "24:00" { LAST_MINUTE } else { text })
    }
}

/// Days of the week and a span of the day, its last minute included. A span that ends before it
/// begins lasts over midnight, and what follows midnight belongs to the day on which it began.
fn time(reader: &mut Reader<'_>) -> Option<When> {
    let zone = reader.text("timezone").map(str::to_owned);
    let days = days(reader);
    let (start, end) = (reader.clock("startTime"), reader.clock("endTime"));
    if days.is_none() && start.is_none() && end.is_none() && reader.problems.is_empty() {
        let why = "must hold at least one of days, startTime, endTime";
        reader.problems.push(Problem::new("conditions", why));
    }
    let zoned = |field: &str, operator: &str, value: Value| Test {
        field: field.to_owned(),
        operator: operator.to_owned(),
        value: Some(value),
        timezone: zone.clone(),
    };
    let on = |reader: &mut Reader<'_>, days: &[usize]| {
        let names: Vec<_> = days.iter().map(|day| DAYS[*day]).collect();
        reader.test("days", zoned("dayOfWeek", "in", json!(names)))
    };
    let within = |reader: &mut Reader<'_>, start: &str, end: &str| {
        for (key, at) in [("startTime", start), ("endTime", end)] {
            reader.test(key, zoned("time", "equals", json!(at)));
        }
        When::Test(zoned("time", "between", json!([start, end])))
    };
    if start.is_none() && end.is_none() {
        return days.map(|days| on(reader, &days));
    }
    let (start, end) = (start.unwrap_or("00:00"), end.unwrap_or(LAST_MINUTE));
    if !is_before(end, start) {
        let span = within(reader, start, end);
        return Some(match days {
            Some(days) => When::All { all: vec![on(reader, &days), span] },
            None => span,
        });
    }
    let (evening, morning) = (within(reader, start, LAST_MINUTE), within(reader, "00:00", end));
    let Some(days) = days else { return Some(any(vec![evening, morning])) };
    let next: Vec<usize> = days.iter().map(|day| (day + 1) % DAYS.len()).collect();
    let (tonight, tomorrow) = (on(reader, &days), on(reader, &next));
    Some(any(vec![
        When::All { all: vec![tonight, evening] },
        When::All { all: vec![tomorrow, morning] },
    ]))
}

/// The days that are named, from 0 for Sunday.
fn days(reader: &mut Reader<'_>) -> Option<Vec<usize>> {
    let values = reader.values("days")?;
    let mut days = BTreeSet::new();
    for value in values {
        let text = value.as_str().map(str::to_lowercase).unwrap_or_default();
        let day =
            DAYS.iter().position(|day| *day == text || (text.len() == 3 && day.starts_with(&text)));
        match day {
            Some(day) => drop(days.insert(day)),
            None => reader.refuse("days", format!("{value} is no day such as \"monday\"")),
        }
    }
    (!days.is_empty()).then(|| days.into_iter().collect())
}

/// Whether a time of day comes before another, where both can be read.
fn is_before(a: &str, b: &str) -> bool {
    let minute = |text: &str| {
        let (hour, minute) = text.split_once(':')?;
        Some((hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?))
    };
    minute(a).zip(minute(b)).is_some_and(|(a, b)| a < b)
}

/// So many of a hundred visitors, always the same ones.
fn percentage(reader: &mut Reader<'_>) -> Option<When> {
    let Some(share) = reader.get("percentage").cloned() else {
        reader.refuse("percentage", "is required");
        return None;
    };
    Some(reader.field("percentage", "percentile", "less_than", share))
}

fn visitor_state(reader: &mut Reader<'_>) -> Option<When> {
    let state = reader.text("state");
    let field = match state {
        Some("new") => "isNewVisitor",
        Some("returning") => "isReturning",
        _ => {
            reader.refuse("state", "must be new or returning");
            return None;
        }
    };
    let operator = "is_true".to_owned();
    let test = Test { field: field.to_owned(), operator, value: None, timezone: None };
    Some(reader.test("state", test))
}

fn all(parts: Vec<When>) -> When {
    single(parts).unwrap_or_else(|all| When::All { all })
}

fn any(parts: Vec<When>) -> When {
    single(parts).unwrap_or_else(|any| When::Any { any })
}

/// The only part, or all of them again.
fn single(mut parts: Vec<When>) -> std::result::Result<When, Vec<When>> {
    match parts.pop() {
        Some(part) if parts.is_empty() => Ok(part),
        Some(part) => {
            parts.push(part);
            Err(parts)
        }
        None => Err(parts),
    }
}

#[cfg(test)]
mod tests;
