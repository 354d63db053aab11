//! Questions as Short.io's clients ask them: the same words in an address and in a body.

use std::{collections::BTreeSet, sync::Arc};

use jiff::{
    Timestamp,
    civil::Date,
    tz::{Offset, TimeZone},
};
use model::{CLASSES, Class, Error, LinkId, Result, WorkspaceId};
use serde_json::{Map, Value as Json};
use statistics::{Dimension, Filter, Query, UNITS, Unit, Value};

use super::{
    super::Params,
    span::{Period, Span},
};

/// The parameters of a question; those of the body go before those of the address.
pub(super) struct Asked(Map<String, Json>);

/// A question that was understood.
pub(super) struct Question {
    /// All clicks that are asked about, counted as one.
    pub(super) query: Query,
    pub(super) span: Span,
}

/// The keys of `include` and `exclude`, and what they filter by.
const FILTERS: &[(&str, &str)] = &[
    ("countries", "country"),
    ("browsers", "browser"),
    ("browserVersions", "browserVersion"),
    ("socials", "social"),
    ("refhosts", "referrerDomain"),
    ("utmSources", "utmSource"),
    ("utmMediums", "utmMedium"),
    ("utmCampaigns", "utmCampaign"),
];

/// Longer series are shown by longer units where nobody chooses one: hours, days, months.
const HOURS_OF_DAYS: i64 = 2;
const DAYS_OF_DAYS: i64 = 92;

impl Asked {
    pub(super) fn new(params: &Params, body: Map<String, Json>) -> Asked {
        let pairs = params.but(&[]).filter(|(_, value)| !value.is_empty());
        let mut asked: Map<String, Json> =
            pairs.map(|(key, value)| (key.to_owned(), value.into())).collect();
        asked.extend(body.into_iter().filter(|(_, value)| !value.is_null()));
        Asked(asked)
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(Error::invalid(name, "must be a text")),
        }
    }

    pub(super) fn list(&self, name: &str) -> Result<&[Json]> {
        match self.0.get(name) {
            Some(Json::Array(list)) => Ok(list),
            Some(_) => Err(Error::invalid(name, "must be a list")),
            None => Err(Error::invalid(name, "is required")),
        }
    }

    pub(super) fn limit(&self, otherwise: usize, most: usize) -> Result<usize> {
        let limit = self.number("limit")?.map(usize::try_from);
        let within = limit.unwrap_or(Ok(otherwise)).ok().filter(|limit| (1..=most).contains(limit));
        within.ok_or_else(|| Error::invalid("limit", format!("must be from 1 to {most}")))
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool> {
        match self.0.get(name) {
            None => Ok(false),
            Some(value) => {
                truth(value).ok_or_else(|| Error::invalid(name, "must be true or false"))
            }
        }
    }

    /// A moment: milliseconds since 1970, ISO 8601, or the beginning of a day.
    pub(super) fn moment(&self, name: &str, zone: &TimeZone) -> Result<Option<Timestamp>> {
        self.0.get(name).map(|value| moment(name, value, zone)).transpose()
    }

    /// The unit of a series of this span, which the caller may choose.
    pub(super) fn unit(&self, query: &Query) -> Result<Unit> {
        let name = "clicksChartInterval";
        let Some(text) = self.text(name)? else {
            let days = (query.to - query.from).div_euclid(24 * 3_600_000);
            return Ok(match days {
                ..HOURS_OF_DAYS => Unit::Hour,
                ..=DAYS_OF_DAYS => Unit::Day,
                _ => Unit::Month,
            });
        };
        Unit::named(text).ok_or_else(|| {
            let names: Vec<_> = UNITS.iter().map(|row| row.1).collect();
            Error::invalid(name, format!("must be one of {}", names.join(", ")))
        })
    }

    /// The question about some links, of which none was clicked before `first`; `path` finds a link
    /// by what stands after the host.
    pub(super) fn question(
        &self,
        (workspace, now, first): (WorkspaceId, Timestamp, Timestamp),
        otherwise: Period,
        mut links: BTreeSet<LinkId>,
        path: impl Fn(&str) -> Option<LinkId>,
    ) -> Result<Question> {
        let zone = self.zone()?;
        let dates = (self.moment("startDate", &zone)?, self.moment("endDate", &zone)?);
        let period = match self.text("period")? {
            Some(name) => Period::named(name)?,
            None if dates != (None, None) => Period::Custom,
            None => otherwise,
        };
        let span = Span::of(period, (now, &zone), dates)?;
        let mut classes: Vec<Class> = CLASSES.iter().map(|row| row.0).collect();
        let mut filters = Vec::new();
        for (list, negated) in [("include", false), ("exclude", true)] {
            for (key, value) in self.filters(list)? {
                let at = format!("{list}.{key}");
                if key == "human" {
                    let human = truth(value)
                        .ok_or_else(|| Error::invalid(&*at, "must be true or false"))?;
                    classes.retain(|class| (*class == Class::Person) == (human != negated));
                } else if key == "paths" {
                    let named = texts(&at, value)?;
                    let named: BTreeSet<LinkId> = named.into_iter().filter_map(&path).collect();
                    links.retain(|link| named.contains(link) != negated);
                } else {
                    filters.push(filter(&at, key, value, negated)?);
                }
            }
        }
        let from = span.start.unwrap_or(first.min(span.end)).as_millisecond();
        let query = Query {
            links: Some(Arc::new(links)),
            zone,
            filters,
            classes,
            visitors: false,
            ..Query::total(workspace, from, span.end.as_millisecond())
        };
        Ok(Question { query, span })
    }

    /// The caller's clock: `tz` by name, `tzOffset` in minutes ahead of UTC.
    pub(super) fn zone(&self) -> Result<TimeZone> {
        if let Some(name) = self.text("tz")? {
            let unknown = |_| Error::invalid("tz", format!("no time zone {name:?}"));
            return TimeZone::get(name).map_err(unknown);
        }
        let Some(minutes) = self.number("tzOffset")? else { return Ok(TimeZone::UTC) };
        let seconds = i32::try_from(minutes).ok().and_then(|minutes| minutes.checked_mul(60));
        let offset = seconds.and_then(|seconds| Offset::from_seconds(seconds).ok());
        let wrong = || Error::invalid("tzOffset", "must be minutes such as 120");
        offset.map(Offset::to_time_zone).ok_or_else(wrong)
    }

    fn number(&self, name: &str) -> Result<Option<i64>> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
        number.map(Some).ok_or_else(|| Error::invalid(name, "must be a whole number"))
    }

    fn filters(&self, list: &str) -> Result<impl Iterator<Item = (&str, &Json)>> {
        let filters = match self.0.get(list) {
            None => None,
            Some(Json::Object(filters)) => Some(filters),
            Some(_) => return Err(Error::invalid(list, "must be an object")),
        };
        let pairs = filters.into_iter().flatten();
        Ok(pairs.filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.as_str(), value)))
    }
}

/// JavaScript's truth, or the text that stands for it in an address.
fn truth(value: &Json) -> Option<bool> {
    match value {
        Json::Bool(truth) => Some(*truth),
        Json::String(text) => match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn moment(at: &str, value: &Json, zone: &TimeZone) -> Result<Timestamp> {
    let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    let day = |text: &str| text.parse::<Date>().ok()?.to_zoned(zone.clone()).ok();
    let of_text = |text: &str| {
        let day = || day(text).map(|day| day.timestamp());
        text.parse::<Timestamp>().ok().or_else(day)
    };
    let found = match number {
        Some(milliseconds) => Timestamp::from_millisecond(milliseconds).ok(),
        None => value.as_str().and_then(of_text),
    };
    let expected = "must be a day such as 2026-11-21, milliseconds since 1970, or a time such as 2026-11-21T10:00:00.000Z";
    found.ok_or_else(|| Error::invalid(at, expected))
}

/// A filter of the table; an empty text is what is not known.
fn filter(at: &str, key: &str, value: &Json, negated: bool) -> Result<Filter> {
    let Some((_, name)) = FILTERS.iter().find(|(known, _)| *known == key) else {
        let known: Vec<_> = FILTERS.iter().map(|row| row.0).collect();
        let known = known.join(", ");
        let why = format!("clicks are not kept by that; known are {known}, paths, human");
        return Err(Error::invalid(at, why));
    };
    let none = || Error::internal(format!("{name} is no dimension"));
    let dimension = Dimension::named(name).ok_or_else(none)?;
    let texts = texts(at, value)?;
    let values = texts.iter().filter(|text| !text.is_empty()).map(|&text| match *name {
        "country" => Value::Text(text.to_ascii_uppercase().into()),
        _ => Value::Text(text.into()),
    });
    Ok(Filter { dimension, values: values.collect(), unknown: texts.contains(&""), negated })
}

fn texts<'v>(at: &str, value: &'v Json) -> Result<Vec<&'v str>> {
    let texts = value.as_array().and_then(|list| list.iter().map(Json::as_str).collect());
    texts.ok_or_else(|| Error::invalid(at, "must be a list of texts"))
}
