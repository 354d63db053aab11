//! The counter of one batch: what is added up of the clicks that a scan keeps.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::{
    block::Broken,
    codes::{Codes, NONE},
    column::Column,
    columns::Columns,
    newest::Newest,
    replay::{Found, Passing},
    scan::{By, Scan},
    times::Times,
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
    },
    Newest {
        times: &'a Times,
        newest: &'a mut Newest,
    },
    Replay(Passing<'a>),
    Chosen {
        codes: &'a Codes,
        /// For each code 1 if its value is chosen, else 0.
        passes: Vec<u8>,
        /// For each code the place of its value's first piece.
        first: Vec<u32>,
        hashes: &'a [u64],
        visitors: &'a mut [Visitors],
    },
}

/// What a thread adds up: by piece, its visitors, the newest, and what was decided again.
type Sums<'a> = (&'a mut [u64], &'a mut [Visitors], &'a mut Newest, &'a mut Found);

impl<'a> Counter<'a> {
    pub(crate) fn new(
        scan: &Scan<'a>,
        batch: &'a Columns,
        (pieces, visitors, newest, replayed): Sums<'a>,
    ) -> Result<Counter<'a>, Broken> {
        Ok(match &scan.by {
            By::Pieces { visitors: false } => Counter::Pieces { clicks: pieces, visitors: None },
            By::Pieces { visitors: true } => {
                Counter::Pieces { clicks: pieces, visitors: Some((visitors, batch.visitors()?)) }
            }
            By::Values(dimension) => {
                let column = batch.dimension(dimension)?;
                Counter::Values { column, clicks: vec![0; column.values.len() + 1] }
            }
            By::Replay(replay, watch) => {
                Counter::Replay(Passing::new(replay, watch, batch, replayed)?)
            }
            By::Newest(_) => Counter::Newest { times: batch.times()?, newest },
            By::Chosen { dimension, chosen } => {
                let column = batch.dimension(dimension)?;
                let known = chosen
                    .values
                    .iter()
                    .filter_map(|(value, place)| column.code(value).map(|code| (code, *place)));
                let unknown = chosen.unknown.map(|place| (NONE, place));
                let mut passes = vec![0; column.values.len() + 1];
                let mut first = vec![0; column.values.len() + 1];
                for (code, place) in known.chain(unknown) {
                    passes[code as usize] = 1;
                    first[code as usize] = place * pieces.len() as u32;
                }
                Counter::Chosen {
                    codes: &column.codes,
                    passes,
                    first,
                    hashes: batch.visitors()?,
                    visitors,
                }
            }
        })
    }

    /// Lets go of clicks that it does not count.
    pub(crate) fn keep(&self, place: usize, keep: &mut [u8]) {
        if let Counter::Chosen { codes, passes, .. } = self {
            codes.keep(place, passes, keep);
        }
    }

    /// Whether the pieces of clicks have to be known.
    pub(crate) fn is_timed(&self) -> bool {
        !matches!(self, Counter::Values { .. } | Counter::Newest { .. } | Counter::Replay(_))
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
            Counter::Newest { times, newest } => {
                for &click in kept {
                    let place = place + click as usize;
                    newest.meet(times.get(place), place);
                }
            }
            Counter::Replay(passing) => passing.pass(place, kept, pieces.len()),
            Counter::Chosen { codes, first, hashes, visitors, .. } => {
                let hashes = &hashes[place..];
                let mut insert = |click: usize, code: u32| {
                    if hashes[click] != 0 {
                        let cell = first[code as usize] + pieces[click];
                        visitors[cell as usize].insert(hashes[click]);
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
    pub(crate) fn finish(self, values: &mut HashMap<Value, u64, RandomState>, unknown: &mut u64) {
        let (column, clicks) = match self {
            Counter::Values { column, clicks } => (column, clicks),
            Counter::Replay(passing) => return passing.finish(),
            Counter::Pieces { .. } | Counter::Newest { .. } | Counter::Chosen { .. } => return,
        };
        *unknown += clicks[NONE as usize];
        for (value, clicks) in column.values.iter().zip(&clicks[1..]) {
            if *clicks == 0 {
                continue;
            }
            match values.get_mut(value) {
                Some(sum) => *sum += clicks,
                None => {
                    values.insert(value.clone(), *clicks);
                }
            }
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
