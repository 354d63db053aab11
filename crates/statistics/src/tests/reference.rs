//! The same questions, put to one click after another as plainly as possible.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, Weekday},
    tz::{Offset, TimeZone},
};
use model::{CLASSES, Click};

use crate::*;

/// What a group is called by the clocks of its zone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Label {
    Whole,
    Hour(Date, i8, Offset),
    Date(Date),
    Hours {
        weekday: u8,
        hour: u8,
    },
    Value(Option<Value>),
    City(Value, Value),
    /// Has no row.
    Nowhere,
}

#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) clicks: u64,
    days: BTreeMap<i64, HashSet<u64>>,
}

pub(super) struct Expected {
    pub(super) left_out: [u64; CLASSES.len()],
    pub(super) groups: HashMap<Label, Group>,
}

impl Group {
    pub(super) fn visitors(&self) -> u64 {
        self.days.values().map(|day| day.len() as u64).sum()
    }
}

pub(super) fn expected<'a>(
    query: &Query,
    clicks: impl Iterator<Item = &'a Click<'static>>,
) -> Expected {
    let mut expected = Expected { left_out: Default::default(), groups: HashMap::new() };
    for click in clicks {
        let linked = query
            .links
            .as_ref()
            .is_none_or(|links| links.iter().any(|link| link.number() == click.link));
        let asked = click.workspace == query.workspace.number()
            && linked
            && (query.from..query.to).contains(&click.at)
            && query.filters.iter().all(|filter| {
                let value = value(filter.dimension, click, &query.zone);
                value.map_or(filter.unknown, |value| filter.values.contains(&value))
                    != filter.negated
            });
        if !asked {
            continue;
        }
        if !query.classes.contains(&click.class) {
            expected.left_out[usize::from(click.class.number())] += 1;
            continue;
        }
        let label = match query.group {
            crate::Group::Total => Label::Whole,
            crate::Group::Series(unit) => point(unit, &local(click.at, &query.zone)),
            crate::Group::HourByDay => {
                let local = local(click.at, &query.zone);
                let weekday = local.weekday().to_monday_one_offset() as u8;
                Label::Hours { weekday, hour: local.hour() as u8 }
            }
            crate::Group::Breakdown { dimension, .. } => {
                Label::Value(value(dimension, click, &query.zone))
            }
            crate::Group::Cities { .. } => {
                let fact = |name| value(Dimension::named(name).unwrap(), click, &query.zone);
                match (fact("country"), fact("city")) {
                    (Some(country), Some(city)) => Label::City(country, city),
                    _ => Label::Nowhere,
                }
            }
        };
        let group = expected.groups.entry(label).or_default();
        group.clicks += 1;
        if let Some(visitor) = click.visitor {
            group.days.entry(click.at.div_euclid(86_400_000)).or_default().insert(visitor);
        }
    }
    expected
}

/// What the row of a key is called.
pub(super) fn label(query: &Query, key: &Key) -> Label {
    match (key, query.group) {
        (Key::Whole, _) => Label::Whole,
        (Key::Since(start), crate::Group::Series(unit)) => point(unit, &local(*start, &query.zone)),
        (Key::Since(_), _) => panic!("{key:?} is not asked for"),
        (Key::Value(value), _) => Label::Value(value.clone()),
        (Key::City { country, city }, _) => Label::City(country.clone(), city.clone()),
        (&Key::Hour { weekday, hour }, _) => Label::Hours { weekday, hour },
    }
}

pub(super) fn value(dimension: &Dimension, click: &Click<'_>, zone: &TimeZone) -> Option<Value> {
    let local = local(click.at, zone);
    match dimension.source {
        Source::Column { read, .. } => read(click).map(Value::from),
        Source::Derived { of, read } => {
            let of = value(Dimension::named(of)?, click, zone)?;
            read(&of.to_string()).map(|told| Value::Text(told.into()))
        }
        Source::Link => None,
        Source::Clock(Clock::Hour) => Some(Value::Number(local.hour().into())),
        Source::Clock(Clock::Weekday) => {
            Some(Value::Number(local.weekday().to_monday_one_offset().into()))
        }
    }
}

fn point(unit: Unit, local: &Zoned) -> Label {
    match unit {
        Unit::Hour => Label::Hour(local.date(), local.hour(), local.offset()),
        Unit::Day => Label::Date(local.date()),
        Unit::Week => {
            let days = local.weekday().since(Weekday::Monday);
            Label::Date(local.date().checked_sub(days.days()).unwrap())
        }
        Unit::Month => Label::Date(local.date().first_of_month()),
    }
}

fn local(at: i64, zone: &TimeZone) -> Zoned {
    Timestamp::from_millisecond(at).unwrap().to_zoned(zone.clone())
}
