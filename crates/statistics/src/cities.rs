//! Cities, each in its country: pairs of values, counted by the numbers that they have in all batches.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::{block::Broken, codes::NONE, column::Column, columns::Columns, dimension::Dimension};

/// What one thread has counted.
#[derive(Default)]
pub(crate) struct Cities {
    /// All that are asked about, those of which country or city is not known as well.
    pub(crate) clicks: u64,
    /// Clicks by the numbers of country and city.
    pub(crate) found: HashMap<(u32, u32), u64, RandomState>,
}

impl Cities {
    pub(crate) fn merge(&mut self, other: Cities) {
        self.clicks += other.clicks;
        for (pair, clicks) in other.found {
            *self.found.entry(pair).or_default() += clicks;
        }
    }
}

/// The counting of one batch, by codes.
pub(crate) struct Tour<'a> {
    countries: &'a Column,
    cities: &'a Column,
    clicks: u64,
    /// For each city the country that it was met in first, and its clicks there: nearly all names
    /// of cities are those of one country alone.
    first: Vec<(u32, u32)>,
    /// Clicks by country and city where that is another country.
    others: HashMap<(u32, u32), u32, RandomState>,
}

impl<'a> Tour<'a> {
    pub(crate) fn new(batch: &'a Columns) -> Result<Tour<'a>, Broken> {
        let (countries, cities) =
            (batch.dimension(Dimension::country())?, batch.dimension(Dimension::city())?);
        let first = vec![(NONE, 0); cities.values.len() + 1];
        Ok(Tour { countries, cities, clicks: 0, first, others: HashMap::default() })
    }

    pub(crate) fn count(&mut self, place: usize, kept: &[u32]) {
        self.clicks += kept.len() as u64;
        for &click in kept {
            let place = place + click as usize;
            let (country, city) = (self.countries.codes.get(place), self.cities.codes.get(place));
            if country == NONE || city == NONE {
                continue;
            }
            let (known, clicks) = &mut self.first[city as usize];
            if *known == NONE {
                *known = country;
            }
            if *known == country {
                *clicks += 1;
            } else {
                *self.others.entry((country, city)).or_default() += 1;
            }
        }
    }

    /// Adds the batch's codes up to the numbers of what they stand for.
    pub(crate) fn finish(self, sum: &mut Cities) {
        let countries = self.countries.numbers(Dimension::country()).of_codes();
        let cities = self.cities.numbers(Dimension::city()).of_codes();
        let first =
            (0..).zip(self.first).map(|(city, (country, clicks))| ((country, city), clicks));
        for ((country, city), clicks) in first.chain(self.others).filter(|(_, clicks)| *clicks != 0)
        {
            let pair = (countries[country as usize], cities[city as usize]);
            *sum.found.entry(pair).or_default() += u64::from(clicks);
        }
        sum.clicks += self.clicks;
    }
}
