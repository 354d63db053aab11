//! Reading JSON bodies: every fault is named with its place, and none of them is the server's.

use jiff::Timestamp;
use model::{Destination, Domain, Error, Result};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::error::Category;
use targeting::Problem;

use super::strict::Strict;

/// Reads a body, whatever its content type says.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(Strict(&mut deserializer)).map_err(|error| {
        let path = error.path().to_string();
        fault(&path, error.inner())
    })?;
    deserializer.end().map_err(|error| fault(".", &error))?;
    Ok(read)
}

fn fault(path: &str, error: &serde_json::Error) -> Error {
    let text = error.to_string();
    if error.classify() != Category::Data {
        return Error::Malformed(format!("the body is no JSON: {text}"));
    }
    let at = if path == "." { "" } else { path };
    let why = text.rsplit_once(" at line ").map_or(text.as_str(), |(why, _)| why);
    if let Some(key) = quoted(why, "missing field `") {
        let dot = if at.is_empty() { "" } else { "." };
        return Error::invalid(format!("{at}{dot}{key}"), "is required");
    }
    let (what, expected) = why.split_once(", expected ").unwrap_or((why, ""));
    if what.starts_with("unknown field `") {
        let known = expected.trim_start_matches("one of ").replace('`', "");
        return Error::invalid(at, format!("no such key; known are {known}"));
    }
    let found = ["invalid type: ", "invalid value: ", "invalid length ", "unknown variant "];
    match found.iter().find_map(|beginning| what.strip_prefix(beginning)) {
        Some(found) => {
            Error::invalid(at, format!("must be {}, not {}", plain(expected), plain(found)))
        }
        None => Error::invalid(at, why),
    }
}

/// What serde expects or found, in the words of JSON.
fn plain(thing: &str) -> &str {
    match thing {
        "a sequence" | "sequence" => "a list",
        "a map" | "map" => "an object",
        "i64" | "u64" | "u32" | "u16" => "a whole number in the range that is allowed",
        thing if thing.starts_with("struct ") => "an object",
        thing => thing,
    }
}

/// The name in backquotes that follows `beginning`.
fn quoted<'t>(text: &'t str, beginning: &str) -> Option<&'t str> {
    text.strip_prefix(beginning)?.split_once('`').map(|(name, _)| name)
}

/// A key that may be absent and, where it is there, may be null: [`model::Change`] in JSON.
pub(super) fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// A key that may be absent and, where it is there, may not be null.
pub(super) fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// A whole number, written `1` or `1.0`: JavaScript does not tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Whole(pub i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Whole, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        let float = || number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e15);
        let whole = number.as_i64().or_else(|| float().map(|n| n as i64));
        whole.map(Whole).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "{number} is no whole number in the range that is allowed"
            ))
        })
    }
}

/// Collects what is wrong with a request, so that one answer names all of it.
#[derive(Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    /// What was read, or nothing and a problem more.
    pub(super) fn keep<T>(&mut self, read: Result<T>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(Error::Invalid(problems)) => {
                self.0.extend(problems);
                None
            }
            Err(other) => {
                self.0.push(Problem::new("", other.to_string()));
                None
            }
        }
    }

    /// [`keep`](Self::keep) for what need not be there.
    pub(super) fn keep_any<T>(&mut self, read: Option<Result<T>>) -> Option<T> {
        read.and_then(|read| self.keep(read))
    }

    pub(super) fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

/// A destination on a domain, its place named as the dialect does.
pub(super) fn destination(at: &str, text: &str, domain: &Domain) -> Result<Destination> {
    Destination::parse(at, text, domain.schemes())
}

/// A time in ISO 8601, with its offset.
pub(super) fn time(at: &str, text: &str) -> Result<Timestamp> {
    text.parse().map_err(|_| Error::invalid(at, "must be a time such as 2026-11-21T10:00:00.000Z"))
}

/// A count that cannot be negative.
pub(super) fn count(at: &str, Whole(number): Whole) -> Result<u64> {
    u64::try_from(number).map_err(|_| Error::invalid(at, "must not be negative"))
}

/// `2026-11-21T10:00:00.000Z`, as all APIs but dgLnk's write times.
pub(super) fn iso(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        name: String,
        #[serde(default)]
        parts: Vec<Part>,
        #[serde(default)]
        #[expect(dead_code, reason = "is read in vain alone")]
        days: Option<u32>,
    }

    #[derive(Debug, Deserialize)]
    struct Part {
        size: Whole,
    }

    #[track_caller]
    fn check(body: impl AsRef<[u8]>, expected: &str) {
        assert_eq!(read::<Sample>(body.as_ref()).unwrap_err().to_string(), expected);
    }

    #[test]
    fn a_fault_names_its_place() {
        check(r#"{"parts":[]}"#, "name: is required");
        check(r#"{"name":7}"#, "name: must be a string, not integer `7`");
        check(r#"{"name":"a","parts":7}"#, "parts: must be a list, not integer `7`");
        check(
            r#"{"name":"a","days":1.5}"#,
            "days: must be a whole number in the range that is allowed, not floating point `1.5`",
        );
        check(r#"{"name":"a","mood":1}"#, "mood: no such key; known are name, parts, days");
        check(r#"{"name":"a","parts":[{}]}"#, "parts[0].size: is required");
        check(
            r#"{"name":"a","parts":[{"size":1},{"size":1.5}]}"#,
            "parts[1].size: 1.5 is no whole number in the range that is allowed",
        );
        check(r#"{"name":"a","name":"b"}"#, "duplicate field `name`");
        check("[]", "must be an object, not a list");
        check(r#"["a",[]]"#, "must be an object, not a list");
        check(r#"{"name":"a","parts":[[1]]}"#, "parts[0]: must be an object, not a list");
        check("7", "must be an object, not integer `7`");
    }

    #[test]
    fn what_is_no_json_is_said_to_be_none() {
        for body in ["", "{", "{\"name\":}", "{\"name\":\"a\"} x"] {
            let error = read::<Sample>(body.as_bytes()).unwrap_err();
            assert!(matches!(error, Error::Malformed(_)), "{body:.20}: {error:?}");
        }
        let nested = format!("{{\"name\":\"a\",\"parts\":{}", "[".repeat(100_000));
        assert!(read::<Sample>(nested.as_bytes()).is_err());
        assert!(matches!(read::<serde_json::Value>(nested.as_bytes()), Err(Error::Malformed(_))));
        assert!(read::<Sample>(b"{\"name\":\"\xff\"}").is_err());
    }

    #[test]
    fn whole_numbers_may_be_written_as_floats() {
        let sample: Sample = read(br#"{"name":"a","parts":[{"size":3.0}]}"#).unwrap();
        assert_eq!((sample.name.as_str(), sample.parts[0].size), ("a", Whole(3)));
    }

    #[test]
    fn times_are_written_with_milliseconds() {
        let time: Timestamp = "2026-11-21T10:00:00.1234Z".parse().unwrap();
        assert_eq!(iso(time), "2026-11-21T10:00:00.123Z");
    }
}
