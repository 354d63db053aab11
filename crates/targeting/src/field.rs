//! What a field is, and how one is named.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::{FIELDS, Kind, Needs, Source, Value, Visitor};

/// One thing about a visitor that a condition can test.
#[derive(Debug)]
pub struct Field {
    /// Its name in JSON. One that ends in `.*` takes a parameter in the star's place, such as
    /// `query.ref`. Databases hold names: never rename one.
    pub name: &'static str,
    /// Its name on the dashboard.
    pub label: &'static str,
    /// One sentence for the rule editor and the documentation.
    pub help: &'static str,
    pub group: Group,
    /// What its values are, how a rule's are read, and which operators fit.
    pub kind: Kind,
    /// What has to be learnt before it can be read.
    pub source: Source,
    /// A value that a rule may give.
    pub example: &'static str,
    pub read: for<'v> fn(&Visitor<'v>, &Slot) -> Value<'v>,
}

/// Where a field stands in the rule editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Group {
    Location,
    Device,
    Network,
    Traffic,
    Time,
    Visitor,
}

/// What a condition adds to its field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slot {
    /// What stands in place of the name's star; empty for other fields.
    pub parameter: Box<str>,
    /// The zone that the condition or its rule names.
    pub zone: Option<Box<TimeZone>>,
}

/// A field as a condition or a destination names it.
#[derive(Clone, Debug)]
pub struct FieldRef {
    field: &'static Field,
    slot: Slot,
}

/// The length of a parameter, in bytes.
const LONGEST_PARAMETER: usize = 200;

impl Field {
    /// Reads a name such as `country` or `query.ref`.
    pub fn parse(name: &str) -> Option<FieldRef> {
        let reference = |field: &'static Field| match field.prefix() {
            None => (field.name == name).then(|| FieldRef { field, slot: Slot::default() }),
            Some(prefix) => {
                let parameter = name.strip_prefix(prefix)?;
                let fits = (1..=LONGEST_PARAMETER).contains(&parameter.len());
                let clean = fits && !parameter.chars().any(char::is_control);
                // Names of headers have no case, and visitors hold them in lower case.
                let parameter = match prefix {
                    "header." => parameter.to_ascii_lowercase(),
                    _ => parameter.to_owned(),
                };
                let slot = Slot { parameter: parameter.into(), zone: None };
                clean.then_some(FieldRef { field, slot })
            }
        };
        FIELDS.iter().find_map(reference)
    }

    /// What stands before the parameter, such as `query.`; none where the field takes none.
    pub fn prefix(&self) -> Option<&'static str> {
        self.name.strip_suffix('*')
    }

    /// Whether its value depends on a time zone.
    pub fn is_zoned(&self) -> bool {
        self.source == Source::Clock
    }
}

impl FieldRef {
    pub fn field(&self) -> &'static Field {
        self.field
    }

    /// What stands in place of the name's star; empty for other fields.
    pub fn parameter(&self) -> &str {
        &self.slot.parameter
    }

    /// The name that [`Field::parse`] reads.
    pub fn name(&self) -> Cow<'static, str> {
        match self.field.prefix() {
            None => Cow::Borrowed(self.field.name),
            Some(prefix) => Cow::Owned(format!("{prefix}{}", self.parameter())),
        }
    }

    /// What has to be learnt before it can be read.
    pub fn needs(&self) -> Needs {
        let needs = Needs::default().with(self.field.source);
        let in_visitors_zone = self.field.is_zoned() && self.slot.zone.is_none();
        if in_visitors_zone { needs.with(Source::Zone) } else { needs }
    }

    /// The same field, read in a zone where it is one that depends on it.
    pub(crate) fn in_zone(mut self, zone: Option<TimeZone>) -> FieldRef {
        self.slot.zone = zone.filter(|_| self.field.is_zoned()).map(Box::new);
        self
    }

    /// The zone that it is read in, where one was named.
    pub fn zone(&self) -> Option<&TimeZone> {
        self.slot.zone.as_deref()
    }

    /// What a destination inserts: `US` for a country, `NY` for a region; none where unknown.
    pub fn text<'v>(&self, visitor: &Visitor<'v>) -> Option<Cow<'v, str>> {
        self.read(visitor).into_text()
    }

    /// What was stated of the visitor, else what was gathered.
    pub(crate) fn read<'v>(&self, visitor: &Visitor<'v>) -> Value<'v> {
        let stated =
            visitor.described.and_then(|all| all.get(self.field.name, &self.slot.parameter));
        stated.unwrap_or_else(|| self.gathered(visitor))
    }

    /// What was gathered, whatever was stated of this field.
    #[inline]
    pub(crate) fn gathered<'v>(&self, visitor: &Visitor<'v>) -> Value<'v> {
        (self.field.read)(visitor, &self.slot)
    }
}

impl PartialEq for FieldRef {
    fn eq(&self, other: &FieldRef) -> bool {
        std::ptr::eq(self.field, other.field) && self.slot == other.slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_help_is_one_sentence() {
        for (i, field) in FIELDS.iter().enumerate() {
            let twice = FIELDS[..i].iter().any(|other| other.name == field.name);
            assert!(!twice, "{} stands twice", field.name);
            let sentences = field.help.matches(". ").count();
            assert!(field.help.ends_with('.') && sentences == 0, "{}: {}", field.name, field.help);
            assert!(!field.label.is_empty(), "{} has no label", field.name);
        }
    }

    #[test]
    fn every_name_is_read_back() {
        for field in FIELDS {
            let name = field.name.replace('*', "x");
            let reference = Field::parse(&name).unwrap();
            assert_eq!((reference.field().name, &*reference.name()), (field.name, &*name));
        }
    }

    #[test]
    fn a_parameter_stands_in_place_of_the_star() {
        assert_eq!(Field::parse("query.Ref").unwrap().parameter(), "Ref");
        assert_eq!(Field::parse("header.X-Foo").unwrap().name(), "header.x-foo");
        assert_eq!(Field::parse("query.a.b").unwrap().parameter(), "a.b");
        let long = format!("cookie.{}", "x".repeat(201));
        for name in ["", "mood", "query", "query.", "query.*\n", "Country", "country.x", &long] {
            assert!(Field::parse(name).is_none(), "{name}");
        }
    }
}
