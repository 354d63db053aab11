//! The counter of one batch: what is added up of the clicks that a scan keeps.

use std::collections::HashMap;

use crate::{
    block::Broken,
    codes::Codes,
    column::Column,
    columns::Columns,
    scan::{By, Scan},
    value::Value,
    visitors::Visitors,
};

pub(crate) enum Counter<'a> {
    Pieces {
        clicks: &'a mut [u64],
        /// By piece, and the hashes of the batch.
        visitors: Option<(&'a mut [Visitors], &'a [u64])>,
    },
    Values {
        column: &'a Column,
        /// Clicks by code.
        clicks: Vec<u64>,
        values: &'a mut HashMap<Option<Value>, u64>,
    },
    Chosen {
        codes: &'a Codes,
        /// For each code the place of its value's first piece, or [`OTHER`].
        first: Vec<u32>,
        hashes: &'a [u64],
        visitors: &'a mut [Visitors],
    },
}

/// Not one of the chosen values.
const OTHER: u32 = u32::MAX;

impl<'a> Counter<'a> {
    pub(crate) fn new(
        scan: &Scan<'_>,
        batch: &'a Columns,
        pieces: &'a mut [u64],
        values: &'a mut HashMap<Option<Value>, u64>,
        visitors: &'a mut [Visitors],
    ) -> Result<Counter<'a>, Broken> {
        Ok(match &scan.by {
            By::Pieces { visitors: false } => Counter::Pieces { clicks: pieces, visitors: None },
            By::Pieces { visitors: true } => {
                Counter::Pieces { clicks: pieces, visitors: Some((visitors, batch.visitors()?)) }
            }
            By::Values(dimension) => {
                let column = batch.dimension(dimension)?;
                Counter::Values { column, clicks: vec![0; column.values.len() + 1], values }
            }
            By::Chosen { dimension, chosen } => {
                let column = batch.dimension(dimension)?;
                let first = |value: Option<&Value>| match chosen.get(&value.cloned()) {
                    Some(place) => place * pieces.len() as u32,
                    None => OTHER,
                };
                let known = column.values.iter().map(|value| first(Some(value)));
                Counter::Chosen {
                    codes: &column.codes,
                    first: [first(None)].into_iter().chain(known).collect(),
                    hashes: batch.visitors()?,
                    visitors,
                }
            }
        })
    }

    /// Whether the pieces of clicks have to be known.
    pub(crate) fn is_timed(&self) -> bool {
        !matches!(self, Counter::Values { .. })
    }

    /// Counts those that are kept of the clicks from `place` on.
    pub(crate) fn count(&mut self, place: usize, kept: &[u32], pieces: &[u32]) {
        match self {
            Counter::Pieces { clicks, visitors } => {
                for &click in kept {
                    clicks[pieces[click as usize] as usize] += 1;
                }
                let Some((visitors, hashes)) = visitors else {
                    return;
                };
                let hashes = &hashes[place..];
                for &click in kept {
                    let hash = hashes[click as usize];
                    if hash != 0 {
                        visitors[pieces[click as usize] as usize].insert(hash);
                    }
                }
            }
            Counter::Values { column, clicks, .. } => match &column.codes {
                Codes::One(codes) => add(&codes[place..], kept, clicks),
                Codes::Two(codes) => add(&codes[place..], kept, clicks),
                Codes::Four(codes) => add(&codes[place..], kept, clicks),
            },
            Counter::Chosen { codes, first, hashes, visitors } => {
                let hashes = &hashes[place..];
                let mut insert = |click: usize, code: u32| {
                    let first = first[code as usize];
                    if first != OTHER && hashes[click] != 0 {
                        visitors[(first + pieces[click]) as usize].insert(hashes[click]);
                    }
                };
                match codes {
                    Codes::One(codes) => each(&codes[place..], kept, &mut insert),
                    Codes::Two(codes) => each(&codes[place..], kept, &mut insert),
                    Codes::Four(codes) => each(&codes[place..], kept, &mut insert),
                }
            }
        }
    }

    /// Adds the batch's codes up to the values that they stand for.
    pub(crate) fn finish(self) {
        let Counter::Values { column, clicks, values } = self else {
            return;
        };
        for (code, clicks) in clicks.into_iter().enumerate().filter(|(_, clicks)| *clicks != 0) {
            let value = code.checked_sub(1).map(|value| column.values[value].clone());
            *values.entry(value).or_default() += clicks;
        }
    }
}

fn add<C: Copy + Into<u32>>(codes: &[C], kept: &[u32], clicks: &mut [u64]) {
    each(codes, kept, &mut |_, code| clicks[code as usize] += 1);
}

fn each<C: Copy + Into<u32>>(codes: &[C], kept: &[u32], note: &mut impl FnMut(usize, u32)) {
    for &click in kept {
        note(click as usize, codes[click as usize].into());
    }
}
