//! What conditions speak of: a field with its parameter and its zone.

use std::sync::LazyLock;

use crate::{Continent, Country, Field, FieldRef, Kind, Numbers, Source, Test, zone};

use super::{
    ordinal,
    ranges::Ranges,
    set::{Set, Universe, Values},
    texts::{Ask, Shelf},
};
use crate::text::{self, Shape};

/// Fields that read one and the same thing.
const SAME: &[(&str, &str)] = &[
    ("header.referer", "referrer"),
    ("query.utm_source", "utmSource"),
    ("query.utm_medium", "utmMedium"),
    ("query.utm_campaign", "utmCampaign"),
    ("query.utm_term", "utmTerm"),
    ("query.utm_content", "utmContent"),
];

/// The field that says the opposite of another.
const OPPOSITE: (&str, &str) = ("isNewVisitor", "isReturning");

/// Everything that the rules of one analysis speak of.
#[derive(Debug, Default)]
pub(super) struct Variables(Vec<Variable>);

#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    /// The IANA name of the zone in which it is read; none where it is the visitor's.
    pub(super) zone: Option<String>,
    pub(super) universe: Universe,
}

/// A field as a condition reads it.
pub(super) struct Read {
    pub(super) variable: usize,
    pub(super) field: FieldRef,
    /// Whether the variable is true where the field is false.
    pub(super) opposite: bool,
}

/// Every country, in order.
static COUNTRIES: LazyLock<Box<[u128]>> = LazyLock::new(|| {
    let mut countries: Vec<u128> = Country::all().map(ordinal::country).collect();
    countries.sort_unstable();
    countries.into_boxed_slice()
});

impl Variables {
    /// The variable that a test reads in a rule of this zone; none where the test cannot be read.
    pub(super) fn of(&mut self, test: &Test, timezone: Option<&str>) -> Option<Read> {
        let field = Field::parse(&test.field)?;
        let zone = match test.timezone.as_deref().or(timezone) {
            Some(name) if field.field().is_zoned() => {
                Some(zone::parse(name).ok()?.iana_name()?.to_owned())
            }
            _ => None,
        };
        let own = field.name();
        let opposite = own == OPPOSITE.1;
        let name = match SAME.iter().find(|(name, _)| own == *name) {
            Some((_, same)) => same,
            None if opposite => OPPOSITE.0,
            None => &*own,
        };
        let known = self.0.iter().position(|other| other.name == name && other.zone == zone);
        let variable = known.unwrap_or_else(|| {
            let universe = universe(field.field());
            self.0.push(Variable { name: name.to_owned(), zone, universe });
            self.0.len() - 1
        });
        Some(Read { variable, field, opposite })
    }

    pub(super) fn universe(&self, variable: usize) -> &Universe {
        &self.0[variable].universe
    }

    /// The variable of a field without parameter and zone, where any rule reads it.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|variable| variable.name == name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Variable)> {
        self.0.iter().enumerate()
    }

    pub(super) fn is_empty(&self, variable: usize, set: &Set) -> bool {
        set.is_empty(self.universe(variable))
    }
}

fn universe(field: &Field) -> Universe {
    let texts = |shape| Values::Texts(Shelf { shape, many: false }, None);
    let all = |last| Values::Ranges(Ranges::span(0, last));
    let known = match field.kind {
        Kind::Country => {
            Values::Ranges(COUNTRIES.iter().map(|country| (*country, *country)).collect())
        }
        Kind::Continent => all(Continent::ALL.len() as u128 - 1),
        Kind::Region => all(ordinal::last_region()),
        Kind::Flag => all(1),
        Kind::Number(Numbers { low, high, whole, .. }) => {
            let ordinal = |number| ordinal::number(number, *whole);
            Values::Ranges(Ranges::span(ordinal(*low), ordinal(*high)))
        }
        Kind::Version | Kind::Address | Kind::Date => all(u128::MAX),
        Kind::Text => texts(Shape::Whole),
        Kind::Domain => texts(Shape::Domain),
        Kind::Languages => Values::Texts(Shelf { shape: Shape::Tag, many: true }, None),
        Kind::Name(names) => {
            let words = || names.all().map(|name| text::fold(name).into_boxed_str()).collect();
            let closed = names.closed.then(|| Ask::OneOf(std::rc::Rc::new(words())));
            Values::Texts(Shelf { shape: Shape::Whole, many: false }, closed)
        }
    };
    Universe { unknown: may_be_unknown(field), known }
}

/// The clock always shows a time, and what a request lacks is empty.
pub(super) fn may_be_unknown(field: &Field) -> bool {
    let is_text = matches!(field.kind, Kind::Text | Kind::Domain | Kind::Languages);
    field.source != Source::Clock && !(field.source == Source::Request && is_text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FIELDS, Value, fixture};

    #[test]
    fn what_is_never_unknown_is_known_even_of_nobody() {
        for field in FIELDS.iter().filter(|field| !may_be_unknown(field)) {
            let read = Field::parse(&field.name.replace('*', "x")).unwrap();
            assert_ne!(read.read(&fixture::nobody()), Value::Unknown, "{}", field.name);
        }
    }

    #[test]
    fn fields_that_are_said_to_be_the_same_exist() {
        for name in SAME.iter().flat_map(|(a, b)| [a, b]).chain([&OPPOSITE.0, &OPPOSITE.1]) {
            assert!(Field::parse(name).is_some(), "{name}");
        }
    }
}
