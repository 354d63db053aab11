//! A visitor to try a link with: told by their facts, or by the request that they would send.

use std::net::IpAddr;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use targeting::{Described, Problem};

use crate::{Error, Result, error::problem};

/// Whose visit is tried.
#[derive(Clone, Debug)]
pub enum Example {
    /// What is known of them by field; all else is unknown.
    Described {
        facts: Described,
        /// As authored.
        wire: Map<String, Value>,
        /// The moment of the click; none: whenever it is tried.
        at: Option<Timestamp>,
    },
    /// A request as the server would see it.
    Raw {
        ip: Option<IpAddr>,
        /// With lower-case names.
        headers: Vec<(String, String)>,
        /// The clicked address with its query.
        url: Option<String>,
        at: Option<Timestamp>,
    },
}

/// The keys that make an example a raw one; `userAgent` is short for the header.
pub const RAW_KEYS: &[&str] = &["ip", "headers", "url", "userAgent"];
const MOST_HEADERS: usize = 64;
const LONGEST_HEADER: usize = 8_192;

impl Example {
    /// Reads `{"ip", "headers", "url", "at"}`, `{"visitor": {"country": "US"}, "at"}`, or facts
    /// alone: `{"country": "US"}`. One of the forms, and never an empty one.
    pub fn parse(value: &Value) -> Result<Example> {
        let Some(object) = value.as_object() else {
            return Err(Error::invalid(
                "",
                "must be an object with `ip`, `headers`, `url` or `visitor`",
            ));
        };
        let at = match object.get("at") {
            None | Some(Value::Null) => None,
            Some(at) => Some(moment(at)?),
        };
        if let Some(visitor) = object.get("visitor") {
            only(object, &["visitor", "at"])?;
            return described("visitor", visitor, at);
        }
        if RAW_KEYS.iter().any(|key| object.contains_key(*key)) {
            only(object, &["ip", "headers", "url", "userAgent", "at"])?;
            return raw(object, at);
        }
        let facts: Map<String, Value> = object
            .iter()
            .filter(|(key, _)| *key != "at")
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        if facts.is_empty() {
            return Err(Error::invalid("", "must hold `ip`, `headers` or `url`, or a `visitor`"));
        }
        described("", &Value::Object(facts), at)
    }

    /// The form that [`parse`](Self::parse) reads.
    pub fn wire(&self) -> Value {
        let mut wire = match self {
            Example::Described { wire, .. } => json!({ "visitor": wire }),
            Example::Raw { ip, headers, url, .. } => {
                let mut wire = json!({});
                if let Some(ip) = ip {
                    wire["ip"] = json!(ip);
                }
                if !headers.is_empty() || (ip.is_none() && url.is_none()) {
                    let headers = headers.iter().map(|(name, text)| (name.clone(), json!(text)));
                    wire["headers"] = Value::Object(headers.collect());
                }
                if let Some(url) = url {
                    wire["url"] = json!(url);
                }
                wire
            }
        };
        if let Some(at) = self.at() {
            wire["at"] = json!(at);
        }
        wire
    }

    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Example::Described { at, .. } | Example::Raw { at, .. } => *at,
        }
    }

    /// The query of the clicked address, without its `?`; empty where there is none.
    pub fn query(&self) -> &str {
        let Example::Raw { url: Some(url), .. } = self else { return "" };
        let whole = url.split('#').next().unwrap_or_default();
        whole.split_once('?').map_or("", |(_, query)| query)
    }
}

impl PartialEq for Example {
    fn eq(&self, other: &Example) -> bool {
        self.wire() == other.wire()
    }
}

fn described(place: &str, facts: &Value, at: Option<Timestamp>) -> Result<Example> {
    let read = Described::parse(facts).map_err(|problems| match place {
        "" => Error::Invalid(problems),
        place => Error::Invalid(problems).under(place),
    });
    let wire = facts.as_object().cloned().unwrap_or_default();
    Ok(Example::Described { facts: read?, wire, at })
}

fn raw(object: &Map<String, Value>, at: Option<Timestamp>) -> Result<Example> {
    let mut problems: Vec<Problem> = Vec::new();
    let text = |key: &str, problems: &mut Vec<Problem>| match object.get(key) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => {
            problems.push(problem(key, "must be text"));
            None
        }
    };
    let ip = text("ip", &mut problems).and_then(|text| match text.trim().parse::<IpAddr>() {
        Ok(ip) => Some(ip),
        Err(_) => {
            problems.push(problem("ip", format!("{text:?} is no IP address")));
            None
        }
    });
    let url = text("url", &mut problems);
    let agent = text("userAgent", &mut problems);
    let mut headers = match object.get("headers") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Object(map)) => headers(map, &mut problems),
        Some(_) => {
            problems.push(problem("headers", "must be an object of names, each with its text"));
            Vec::new()
        }
    };
    if let Some(agent) = agent {
        if headers.iter().any(|(name, _)| name == "user-agent") {
            problems.push(problem("userAgent", "stands in the headers already"));
        }
        headers.push(("user-agent".to_owned(), agent));
    }
    if problems.is_empty() {
        Ok(Example::Raw { ip, headers, url, at })
    } else {
        Err(Error::Invalid(problems))
    }
}

fn headers(map: &Map<String, Value>, problems: &mut Vec<Problem>) -> Vec<(String, String)> {
    let mut headers = Vec::with_capacity(map.len());
    if MOST_HEADERS < map.len() {
        problems.push(problem("headers", format!("must not be more than {MOST_HEADERS}")));
        return headers;
    }
    for (name, value) in map {
        let at = || format!("headers.{name}");
        match value.as_str() {
            Some(text) if LONGEST_HEADER < text.len() => {
                problems
                    .push(problem(at(), format!("must not be longer than {LONGEST_HEADER} bytes")));
            }
            Some(text) => headers.push((name.trim().to_lowercase(), text.to_owned())),
            None => problems.push(problem(at(), "must be text")),
        }
    }
    headers
}

fn moment(value: &Value) -> Result<Timestamp> {
    let time = value.as_str().and_then(|text| text.parse().ok());
    time.ok_or_else(|| Error::invalid("at", "must be a time such as 2026-11-21T10:00:00.000Z"))
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Result<()> {
    let problems: Vec<Problem> = object
        .keys()
        .filter(|key| !known.contains(&key.as_str()))
        .map(|key| problem(key, format!("does not go with these; known are {}", known.join(", "))))
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wire: &Value) -> Example {
        let example = Example::parse(wire).unwrap();
        assert_eq!(Example::parse(&example.wire()).unwrap(), example);
        example
    }

    #[track_caller]
    fn check_refused(wire: &Value, why: &str) {
        assert_eq!(Example::parse(wire).unwrap_err().to_string(), why);
    }

    #[test]
    fn a_raw_request_is_one_with_any_of_its_keys() {
        let whole = check(&json!({
            "ip": "81.2.69.142", "headers": {"User-Agent": "curl/8", "DNT": "1"},
            "url": "http://localhost:8080/spring?utm_source=mail#top", "at": "2026-11-21T10:00:00Z",
        }));
        let Example::Raw { headers, .. } = &whole else { panic!("{whole:?}") };
        assert!(headers.contains(&("user-agent".to_owned(), "curl/8".to_owned())), "{headers:?}");
        assert_eq!(whole.query(), "utm_source=mail");
        assert!(whole.at().is_some());
        assert_eq!(
            check(&json!({"userAgent": "curl/8"})),
            check(&json!({"headers": {"user-agent": "curl/8"}}))
        );
        assert_eq!(check(&json!({"headers": {}})).query(), "");
    }

    #[test]
    fn a_visitor_is_described_under_a_key_or_alone() {
        let under = check(&json!({"visitor": {"country": "US"}, "at": "2026-11-21T10:00:00Z"}));
        assert_eq!(check(&json!({"country": "US", "at": "2026-11-21T10:00:00Z"})), under);
        check(&json!({"visitor": {}}));
    }

    #[test]
    fn the_forms_do_not_mix_and_none_is_empty() {
        let known = "known are ip, headers, url, userAgent, at";
        check_refused(
            &json!({"ip": "::1", "country": "US"}),
            &format!("country: does not go with these; {known}"),
        );
        check_refused(
            &json!({"visitor": {}, "ip": "::1"}),
            "ip: does not go with these; known are visitor, at",
        );
        for empty in [json!({}), json!({"at": "2026-11-21T10:00:00Z"})] {
            check_refused(&empty, "must hold `ip`, `headers` or `url`, or a `visitor`");
        }
    }

    #[test]
    fn every_fault_is_named_with_its_place() {
        check_refused(
            &json!({"ip": "x", "headers": {"a": 1}, "url": 7}),
            "ip: \"x\" is no IP address; url: must be text; headers.a: must be text",
        );
        check_refused(
            &json!({"visitor": {"country": "Atlantis"}}),
            "visitor.country: \"Atlantis\" is no ISO 3166-1 country code such as \"US\"",
        );
        check_refused(
            &json!({"ip": "::1", "at": "noon"}),
            "at: must be a time such as 2026-11-21T10:00:00.000Z",
        );
    }
}
