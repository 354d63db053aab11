//! BeLink's rules: one key, one destination, tried in the order in which they were written.

use model::{Action, Destination, Domain, Error, Link, Result, Rule, RuleDraft, Tier};
use serde::{Deserialize, Serialize};
use targeting::{Country, Problem, Test, When};

use super::{super::json::Problems, body::url};

/// A rule as it is sent and echoed.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireRule {
    key: String,
    value: String,
    r#type: String,
}

/// A list of rules. The clicks after which all others go elsewhere are the link's own limit, for no
/// condition counts clicks.
pub(super) struct Rules {
    pub(super) drafts: Vec<RuleDraft>,
    pub(super) after: Option<(u64, Destination)>,
}

/// The type that says after how many clicks all others go elsewhere.
const AFTER: &str = "exp_clicks";

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

/// Reads a whole list, collecting all that is wrong.
pub(super) fn read(rules: &[WireRule], domain: &Domain, problems: &mut Problems) -> Rules {
    let mut read = Rules { drafts: Vec::new(), after: None };
    for (i, rule) in rules.iter().enumerate() {
        let at = format!("rules[{i}]");
        let under = |error: Error| error.under(&at);
        if rule.r#type != AFTER {
            read.drafts.extend(problems.keep(rule.draft(domain).map_err(under)));
            continue;
        }
        let twice = rules[..i].iter().any(|before| before.r#type == AFTER);
        let once = if twice { Err(Error::invalid("type", "can stand once")) } else { Ok(()) };
        problems.keep(once.map_err(under));
        let clicks = problems.keep(rule.clicks().map_err(under));
        let then = problems.keep(url("value", &rule.value, domain).map_err(under));
        read.after = clicks.zip(then);
    }
    read
}

/// After how many clicks a link leads elsewhere, and where.
pub(super) fn after(link: &Link) -> Option<(u64, &Destination)> {
    link.click_limit.zip(link.expired_destination.as_ref())
}

impl WireRule {
    fn clicks(&self) -> Result<u64> {
        let clicks = self.key.parse().ok().filter(|clicks| *clicks != 0);
        clicks.ok_or_else(|| {
            Error::invalid("key", format!("{:?} is no number of clicks such as \"100\"", self.key))
        })
    }

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

    /// The rule as BeLink says it; none where it can not.
    pub(super) fn of(rule: &Rule) -> Option<WireRule> {
        let (When::Test(test), Action::Redirect(to)) = (&rule.when, &rule.action) else {
            return None;
        };
        let Test { field, operator, value: Some(value), timezone: None } = test else {
            return None;
        };
        let value = value.as_str().filter(|_| operator == "equals")?;
        let key = |names: &[(&'static str, &str)]| {
            names.iter().find(|(_, name)| *name == value).map(|(key, _)| (*key).to_owned())
        };
        let (r#type, key) = match field.as_str() {
            "country" => ("geo", value.to_lowercase()),
            "deviceType" => ("device", key(DEVICES)?),
            "os" => ("platform", key(PLATFORMS)?),
            _ => return None,
        };
        let says_it = rule.enabled && rule.tier == Tier::Authored && rule.timezone.is_none();
        says_it.then(|| WireRule {
            key,
            value: to.authored().to_owned(),
            r#type: r#type.to_owned(),
        })
    }

    /// All rules of a link that BeLink can say.
    pub(super) fn all(link: &Link) -> Vec<WireRule> {
        let after = after(link).map(|(clicks, to)| WireRule {
            key: clicks.to_string(),
            value: to.authored().to_owned(),
            r#type: AFTER.to_owned(),
        });
        link.rules.iter().filter_map(WireRule::of).chain(after).collect()
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
                let why =
                    format!("no rule type {other:?}: use geo, device, platform or exp_clicks");
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
        check(
            "mood",
            "ru",
            r#"type: no rule type "mood": use geo, device, platform or exp_clicks"#,
        );
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
