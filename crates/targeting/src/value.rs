//! A field's value for one visitor.

use std::{borrow::Cow, fmt, net::IpAddr};

use jiff::civil::Date;

use crate::{Continent, Country, Languages, Region, Version};

#[derive(Clone, Debug, PartialEq)]
pub enum Value<'v> {
    /// It could not be learnt.
    Unknown,
    /// Empty where it was not sent.
    Text(Cow<'v, str>),
    Languages(Languages<'v>),
    /// Never NaN or infinite.
    Number(f64),
    Flag(bool),
    Version(Version),
    Address(IpAddr),
    Country(Country),
    Continent(Continent),
    Region(Region),
    Date(Date),
}

impl<'v> Value<'v> {
    /// Text of a fact that may not have been learnt.
    pub(crate) fn text(text: Option<&'v str>) -> Value<'v> {
        text.map_or(Value::Unknown, |text| Value::Text(Cow::Borrowed(text)))
    }

    pub(crate) fn flag(flag: Option<bool>) -> Value<'v> {
        flag.map_or(Value::Unknown, Value::Flag)
    }

    pub(crate) fn number(number: Option<f64>) -> Value<'v> {
        number.filter(|number| number.is_finite()).map_or(Value::Unknown, Value::Number)
    }

    pub(crate) fn version(version: Option<Version>) -> Value<'v> {
        version.map_or(Value::Unknown, Value::Version)
    }

    /// Whether it is known and not empty.
    pub fn exists(&self) -> bool {
        match self {
            Value::Unknown => false,
            Value::Text(text) => !text.is_empty(),
            Value::Languages(languages) => languages.iter().next().is_some(),
            Value::Number(_)
            | Value::Flag(_)
            | Value::Version(_)
            | Value::Address(_)
            | Value::Country(_)
            | Value::Continent(_)
            | Value::Region(_)
            | Value::Date(_) => true,
        }
    }

    /// The bare text that a destination inserts, such as `US`, `NY` or the first language; none
    /// where it is unknown.
    pub fn into_text(self) -> Option<Cow<'v, str>> {
        match self {
            Value::Unknown => None,
            Value::Text(text) => Some(text),
            Value::Languages(languages) => {
                Some(Cow::Borrowed(languages.iter().next().unwrap_or_default()))
            }
            Value::Region(region) => Some(Cow::Owned(region.code().to_owned())),
            Value::Continent(continent) => Some(Cow::Borrowed(continent.as_str())),
            other => Some(Cow::Owned(other.to_string())),
        }
    }
}

/// For people who read an explanation.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Unknown => f.write_str("unknown"),
            Value::Text(_) | Value::Languages(_) if !self.exists() => f.write_str("empty"),
            Value::Text(text) => f.write_str(text),
            Value::Languages(languages) => {
                for (i, tag) in languages.iter().enumerate() {
                    let comma = if i == 0 { "" } else { ", " };
                    write!(f, "{comma}{tag}")?;
                }
                Ok(())
            }
            Value::Number(number) => write!(f, "{number}"),
            Value::Flag(flag) => write!(f, "{flag}"),
            Value::Version(version) => write!(f, "{version}"),
            Value::Address(address) => write!(f, "{address}"),
            Value::Country(country) => write!(f, "{country}"),
            Value::Continent(continent) => write!(f, "{continent}"),
            Value::Region(region) => write!(f, "{region}"),
            Value::Date(date) => write!(f, "{date}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: Value<'_>, shown: &str, inserted: Option<&str>) {
        assert_eq!(value.to_string(), shown);
        assert_eq!(value.into_text().as_deref(), inserted);
    }

    #[test]
    fn values_are_shown_to_people_and_inserted_into_addresses() {
        check(Value::Unknown, "unknown", None);
        check(Value::text(Some("")), "empty", Some(""));
        check(Value::text(Some("Berlin")), "Berlin", Some("Berlin"));
        check(Value::Languages(Languages("fr-CH,en;q=0.5")), "fr-CH, en", Some("fr-CH"));
        check(Value::Languages(Languages("")), "empty", Some(""));
        check(Value::number(Some(13_335.0)), "13335", Some("13335"));
        check(Value::number(Some(f64::NAN)), "unknown", None);
        check(Value::Flag(true), "true", Some("true"));
        check(Value::Region(Region::parse("US-NY").unwrap()), "US-NY", Some("NY"));
        check(Value::version(Version::parse("17.4")), "17.4", Some("17.4"));
    }
}
