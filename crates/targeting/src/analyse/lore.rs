//! How fields hang together, by the way in which facts are gathered.
//!
//! Always so: a region lies in the country that is told with it, and where the country is known the
//! continent is too; the device is `bot` exactly where `bot` is true, which it is of every crawler;
//! a date has one day of the week. Usually so: a country is on the continent of our table, though a
//! database may put Cyprus elsewhere.
//!
//! None of it binds whoever describes a visitor by hand.

use std::sync::LazyLock;

use crate::Country;

use super::{
    ordinal,
    ranges::Ranges,
    set::{Known, Set},
    term::Term,
    texts::{Ask, Texts},
    variable::Variables,
};

/// A country and what goes with it, as ordinals.
struct Place {
    country: u128,
    continent: u128,
    /// The first and the last of its regions; none where it has none.
    regions: Option<(u128, u128)>,
}

/// Every country, in order: a rule of places asks them dozens of times.
static PLACES: LazyLock<Box<[Place]>> = LazyLock::new(|| {
    let place = |country: Country| Place {
        country: ordinal::country(country),
        continent: ordinal::continent(country.continent()),
        regions: ordinal::regions_of(country),
    };
    let mut places: Vec<Place> = Country::all().map(place).collect();
    places.sort_unstable_by_key(|place| place.country);
    places.into_boxed_slice()
});

/// Whether nobody can meet a term whose sets are none of them empty.
pub(super) fn rules_out(term: &Term, variables: &Variables, usual: bool) -> bool {
    let get = |name| term.get(variables.named(name));
    places(get("country"), get("region"), get("continent"), usual)
        || programs(term, variables)
        || days(term, variables)
}

fn places(
    country: Option<&Set>,
    region: Option<&Set>,
    continent: Option<&Set>,
    usual: bool,
) -> bool {
    let countries = country.and_then(Set::ranges);
    let regions = region.filter(|set| !set.unknown).and_then(Set::ranges);
    let may_be_unknown = regions.is_none() && country.is_none_or(|set| set.unknown);
    if may_be_unknown {
        return false;
    }
    let continents = continent.and_then(Set::ranges);
    if continents.is_none() && regions.is_none() {
        return false;
    }
    let fits = |place: &Place| {
        let has_region = |regions: &Ranges| {
            place.regions.is_some_and(|(first, last)| regions.meets(first, last))
        };
        let on_continent = |continents: &Ranges| {
            if usual { continents.contains(place.continent) } else { !continents.is_empty() }
        };
        regions.is_none_or(has_region) && continents.is_none_or(on_continent)
    };
    match countries {
        Some(countries) => {
            !countries.iter().any(|(first, last)| within(first, last).iter().any(fits))
        }
        None => !PLACES.iter().any(fits),
    }
}

/// The places from a first to a last country.
fn within(first: u128, last: u128) -> &'static [Place] {
    let start = PLACES.partition_point(|place| place.country < first);
    let end = PLACES.partition_point(|place| place.country <= last);
    &PLACES[start..end]
}

fn programs(term: &Term, variables: &Variables) -> bool {
    let flag = |name, value| {
        let set = term.get(variables.named(name));
        set.and_then(Set::ranges).is_none_or(|ranges| ranges.contains(value))
    };
    let is_known = |set: &&Set| !set.unknown;
    let crawler = term.get(variables.named("isCrawler")).filter(is_known);
    let must_crawl = crawler.is_some() && !flag("isCrawler", 0);
    if must_crawl && !flag("bot", 1) {
        return true;
    }
    let says = |name| term.get(variables.named(name)).is_some();
    if !says("bot") && !says("isCrawler") {
        return false;
    }
    let device = variables.named("deviceType");
    let Some((device, set)) = device.zip(term.get(device)) else { return false };
    if set.unknown {
        return false;
    }
    let bot = || vec![Ask::word("bot")];
    let can_be = |texts: Texts| {
        let narrower = set.and(&Set::of(Known::Texts(texts)));
        !variables.is_empty(device, &narrower)
    };
    let bot_fits = can_be(Texts { yes: bot(), no: Vec::new() }) && flag("bot", 1);
    let other_fits =
        can_be(Texts { yes: Vec::new(), no: bot() }) && flag("bot", 0) && flag("isCrawler", 0);
    !bot_fits && !other_fits
}

fn days(term: &Term, variables: &Variables) -> bool {
    let dates = variables.iter().filter(|(_, variable)| variable.name == "date");
    dates.into_iter().any(|(i, date)| {
        let same_zone =
            |name: &str, zone: &Option<String>| name == "dayOfWeek" && *zone == date.zone;
        let day = variables.iter().find(|(_, other)| same_zone(&other.name, &other.zone));
        let (Some(dates), Some(days)) = (term.get(Some(i)), term.get(day.map(|(i, _)| i))) else {
            return false;
        };
        dates.ranges().zip(days.ranges()).is_some_and(|(dates, days)| !share_a_day(dates, days))
    })
}

fn share_a_day(dates: &Ranges, days: &Ranges) -> bool {
    dates.iter().any(|(first, last)| {
        let week = (0..7).map_while(|i| first.checked_add(i).filter(|day| *day <= last));
        week.map(ordinal::weekday).any(|day| days.contains(day))
    })
}
