//! BeLink's rules: one key, one destination, tried in the order in which they were written.

use model::{Action, Domain, Error, Result, RuleDraft, Tier};
use serde::{Deserialize, Serialize};
use targeting::{Country, Problem, When};

use super::{super::json::Problems, create::url};

/// A rule as it is sent and echoed.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireRule {
    key: String,
    value: String,
    r#type: String,
}

/// Each device with the name that rules have for it.
const DEVICES: &[(&str, &str)] =
    &[("phone", "mobile"), ("mobile", "mobile"), ("tablet", "tablet"), ("desktop", "desktop")];

/// Each platform likewise.
const PLATFORMS: &[(&str, &str)] = &[
    ("windows", "Windows"),
    ("osx", "macOS"),
    ("ios", "iOS"),
    ("android", "Android"),
    ("linux", "Linux"),
];

impl WireRule {
    /// An ordinary rule; without a priority it goes behind those before it.
    pub(super) fn draft(&self, domain: &Domain) -> Result<RuleDraft> {
        let mut problems = Problems::default();
        let when = problems.keep(self.when());
        let destination = problems.keep(url("value", &self.value, domain));
        problems.finish()?;
        let (Some((name, when)), Some(destination)) = (when, destination) else {
            return Err(Error::internal("a rule without problems lacks a part"));
        };
        Ok(RuleDraft {
            name,
            ..RuleDraft::new(Tier::Authored, when, Action::Redirect(destination))
        })
    }

    /// What the rule tests, with a name for it.
    fn when(&self) -> Result<(String, When)> {
        let test =
            |field, value: &str, name: &str| (name.to_owned(), When::test(field, "equals", value));
        let listed = |names: &[(&str, &'static str)]| {
            let found = names.iter().find(|(key, _)| self.key.eq_ignore_ascii_case(key));
            found.map(|(_, name)| *name).ok_or_else(|| self.unknown(names))
        };
        match self.r#type.as_str() {
            "geo" => {
                let why = || format!("{:?} is no country code such as \"ru\"", self.key);
                let country =
                    Country::parse(&self.key).ok_or_else(|| Error::invalid("key", why()))?;
                Ok(test("country", country.as_str(), country.name()))
            }
            "device" => listed(DEVICES).map(|device| test("deviceType", device, device)),
            "platform" => listed(PLATFORMS).map(|os| test("os", os, os)),
            other => {
                let why = format!("no rule type {other:?}: use geo, device or platform");
                Err(Error::invalid("type", why))
            }
        }
    }

    fn unknown(&self, names: &[(&str, &str)]) -> Error {
        let keys: Vec<&str> = names.iter().map(|(key, _)| *key).collect();
        Error::from(vec![Problem::new(
            "key",
            format!("{:?} is none of {}", self.key, keys.join(", ")),
        )])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(r#type: &str, key: &str, expected: &str) {
        let (key, value) = (key.to_owned(), String::new());
        let when = WireRule { key, value, r#type: r#type.to_owned() }.when();
        let read =
            when.map_or_else(|e| e.to_string(), |(_, when)| serde_json::to_string(&when).unwrap());
        assert_eq!(read, expected);
    }

    #[test]
    fn each_type_is_a_test_of_one_field() {
        check("geo", "ru", r#"{"field":"country","operator":"equals","value":"RU"}"#);
        check("device", "phone", r#"{"field":"deviceType","operator":"equals","value":"mobile"}"#);
        check("platform", "osx", r#"{"field":"os","operator":"equals","value":"macOS"}"#);
    }

    #[test]
    fn a_dead_rule_is_refused() {
        check("geo", "zz", r#"key: "zz" is no country code such as "ru""#);
        check("device", "fridge", r#"key: "fridge" is none of phone, mobile, tablet, desktop"#);
        check("mood", "ru", r#"type: no rule type "mood": use geo, device or platform"#);
    }

    #[test]
    fn every_key_of_the_tables_is_a_rule_that_holds() {
        for (r#type, names) in [("device", DEVICES), ("platform", PLATFORMS)] {
            for (key, _) in names {
                let rule = WireRule {
                    key: (*key).to_owned(),
                    value: String::new(),
                    r#type: r#type.to_owned(),
                };
                assert_eq!(rule.when().unwrap().1.check(None), []);
            }
        }
    }
}
