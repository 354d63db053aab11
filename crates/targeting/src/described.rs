//! Facts about a visitor that somebody stated.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use crate::{
    Continent, Country, Field, FieldRef, Kind, Languages, Problem, Region, Value, Visitor,
    check::{no_scalar, scalar},
    kind,
};

/// Stated facts, by field; they go before whatever was gathered.
#[derive(Clone, Debug, Default)]
pub struct Described {
    facts: Vec<Stated>,
}

#[derive(Clone, Debug)]
struct Stated {
    field: FieldRef,
    fact: Fact,
}

#[derive(Clone, Debug)]
enum Fact {
    Languages(String),
    Other(Value<'static>),
}

impl Described {
    /// Reads facts such as `{"country":"US","deviceType":"mobile","query.ref":"x"}`, each in the
    /// spellings that a rule may use. Null states that a fact is not known.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, each under its field's name.
    pub fn parse(json: &Json) -> Result<Described, Vec<Problem>> {
        let Json::Object(map) = json else {
            let why = r#"must be an object of facts, such as {"country": "US"}"#;
            return Err(vec![Problem::new("", why)]);
        };
        let (mut facts, mut problems) = (Vec::with_capacity(map.len()), Vec::new());
        for (name, value) in map {
            let Some(field) = Field::parse(name) else {
                problems.push(Problem::new("", format!("no field {name:?}")));
                continue;
            };
            match fact(field.field().kind, value, map) {
                Ok(fact) => facts.push(Stated { field, fact }),
                Err(why) => problems.push(Problem::new(name.as_str(), why)),
            }
        }
        if problems.is_empty() { Ok(Described { facts }) } else { Err(problems) }
    }

    pub(crate) fn get(&self, field: &str, parameter: &str) -> Option<Value<'_>> {
        let is_it = |stated: &&Stated| {
            stated.field.field().name == field && stated.field.parameter() == parameter
        };
        self.facts.iter().find(is_it).map(|stated| match &stated.fact {
            Fact::Languages(tags) => Value::Languages(Languages(tags)),
            Fact::Other(Value::Text(text)) => Value::Text(Cow::Borrowed(text)),
            Fact::Other(other) => other.clone(),
        })
    }
}

impl<'v> Visitor<'v> {
    /// What was stated of a field without a parameter.
    pub(crate) fn stated(&self, field: &str) -> Option<Value<'v>> {
        self.described?.get(field, "")
    }
}

fn fact(kind: Kind, json: &Json, all: &Map<String, Json>) -> Result<Fact, String> {
    if let (Kind::Languages, Json::Array(tags)) = (kind, json) {
        let tags: Option<Vec<_>> = tags.iter().map(Json::as_str).collect();
        let tags = tags.ok_or("must hold language tags such as \"en-US\"")?;
        return Ok(Fact::Languages(tags.join(",")));
    }
    if json.is_null() {
        return Ok(Fact::Other(Value::Unknown));
    }
    let text = scalar(json).ok_or_else(|| no_scalar(json))?;
    let owned = |text: &str| Value::Text(Cow::Owned(text.to_owned()));
    Ok(Fact::Other(match kind {
        Kind::Country => Value::Country(
            Country::parse(text.trim())
                .ok_or_else(|| format!("{text:?} is no ISO 3166-1 country code such as \"US\""))?,
        ),
        Kind::Continent => Value::Continent(
            Continent::parse(text.trim())
                .ok_or_else(|| format!("{text:?} is no continent such as \"EU\" or \"Europe\""))?,
        ),
        Kind::Region => Value::Region(region(&text, all)?),
        Kind::Text => owned(&text),
        Kind::Name(names) => owned(kind::name(names, &text)?),
        Kind::Domain => owned(crate::request::host(&text)),
        Kind::Languages => return Ok(Fact::Languages(text.into_owned())),
        Kind::Flag => Value::Flag(kind::flag(&text)?),
        Kind::Number(numbers) => Value::Number(numbers.parse(&text)?),
        Kind::Version => Value::Version(kind::version(&text)?),
        Kind::Address => {
            let address = text.trim().parse::<std::net::IpAddr>();
            let address = address.map_err(|_| format!("{text:?} is no address"))?;
            Value::Address(address.to_canonical())
        }
        Kind::Date => Value::Date(kind::date(&text)?),
    }))
}

/// The region that a text means; a bare code or name is looked for in the stated country.
fn region(text: &str, all: &Map<String, Json>) -> Result<Region, String> {
    let country = all.get("country").and_then(Json::as_str).and_then(Country::parse);
    let meant = Region::meant_by(text);
    let mut fitting = meant.iter().filter(|region| country.is_none_or(|c| region.country() == c));
    match (fitting.next(), fitting.next()) {
        (Some(region), None) => Ok(*region),
        (Some(region), Some(_)) => {
            Err(format!("{text:?} may be several regions: write \"{region}\""))
        }
        (None, _) => {
            let place = country.map_or("ISO 3166-2", Country::name);
            Err(format!("{text:?} is no region of {place}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{FIELDS, fixture};

    /// What a visitor of whom this was stated shows for a field.
    #[track_caller]
    fn check(stated: &Json, field: &str, expected: &str) {
        let described = Described::parse(stated).unwrap();
        let visitor = Visitor { described: Some(&described), ..fixture::parisian() };
        let value = Field::parse(field).unwrap().read(&visitor);
        assert_eq!(value.to_string(), expected, "{stated} {field}");
    }

    #[test]
    fn stated_facts_go_before_gathered_ones_and_lead_to_others() {
        check(&json!({"os": "Mac OS X"}), "os", "macOS");
        check(&json!({"os": "Mac OS X"}), "country", "FR");
        check(&json!({"country": null}), "country", "unknown");
        check(&json!({"country": "us"}), "continent", "NA");
        check(&json!({"country": "us", "region": "ny"}), "region", "US-NY");
        check(&json!({"region": "Bayern"}), "country", "DE");
        check(&json!({"query.ref": "x"}), "query.ref", "x");
        check(&json!({"query.ref": "x"}), "query.flag", "empty");
        check(&json!({"header.X-App": "y"}), "header.x-app", "y");
        check(&json!({"language": ["de", "en"]}), "language", "de, en");
        check(&json!({"language": "de,en;q=0.5"}), "language", "de, en");
        check(&json!({"referrer": "https://www.bing.com/"}), "referrerDomain", "bing.com");
        check(&json!({"timezone": "Asia/Tokyo"}), "hour", "8");
        check(&json!({"timezone": null}), "hour", "12");
        check(&json!({"hour": "4"}), "hour", "4");
        check(&json!({"isReturning": false}), "isNewVisitor", "true");
        check(&json!({"isNewVisitor": true}), "isReturning", "false");
        check(&json!({"isNewVisitor": null}), "isReturning", "unknown");
        check(&json!({"asn": "AS13335"}), "asn", "13335");
    }

    #[test]
    fn every_mistake_is_named() {
        let json = json!({"mood": 1, "country": "ZZ", "hour": 25, "vpn": "maybe", "city": []});
        let problems = Described::parse(&json).unwrap_err();
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            [
                r#"no field "mood""#,
                r#"country: "ZZ" is no ISO 3166-1 country code such as "US""#,
                r#"hour: "25" is no whole hour from 0 to 23"#,
                r#"vpn: "maybe" is neither true nor false"#,
                "city: must be text, a number, true or false, and not an array",
            ]
        );
        assert!(Described::parse(&json!([])).is_err());
        assert!(Described::parse(&json!({"region": "01"})).is_err());
    }

    #[test]
    fn every_field_can_be_stated_by_its_example() {
        for field in FIELDS {
            let example = if field.name == "ip" { "192.0.2.1" } else { field.example };
            let name = field.name.replace('*', "x");
            let described = Described::parse(&json!({ name: example })).unwrap();
            assert!(described.get(field.name, described.facts[0].field.parameter()).is_some());
        }
    }
}
