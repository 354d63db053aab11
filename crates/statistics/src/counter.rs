//! The counter of one batch: what is added up of the clicks that a scan keeps.

use crate::{
    block::Broken,
    cities::{Cities, Tour},
    codes::{Codes, Passes},
    columns::Columns,
    lexicon::Numbers,
    newest::Newest,
    replay::{Found, Passing},
    scan::{By, Scan},
    times::Times,
    visitors::{Marks, Visitors},
};

pub(crate) enum Counter<'a> {
    Pieces {
        sums: &'a mut [u64],
        /// Clicks by piece. One after another is often in the same: four counts take turns, so that
        /// none waits for the one before it.
        clicks: Vec<[u32; 4]>,
        /// By piece.
        visitors: Option<Seen<'a>>,
    },
    Values {
        codes: &'a Codes,
        numbers: &'a Numbers,
        /// Clicks by code.
        clicks: Vec<u32>,
    },
    Newest {
        times: &'a Times,
        newest: &'a mut Newest,
    },
    Cities(Tour<'a>),
    Replay(Passing<'a>),
    Chosen {
        codes: &'a Codes,
        /// The codes whose values are chosen.
        passes: Passes,
        /// For each code the place of its value's first piece.
        first: Vec<u32>,
        visitors: Seen<'a>,
    },
}

/// The visitors of each cell, and who came in the batch.
pub(crate) struct Seen<'a> {
    cells: &'a mut [Visitors],
    marks: &'a Marks,
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
            By::Pieces { visitors: counted } => {
                let visitors = if *counted { Some(Seen::new(visitors, batch)?) } else { None };
                Counter::Pieces { clicks: vec![[0; 4]; pieces.len()], sums: pieces, visitors }
            }
            By::Values { dimension, .. } => {
                let column = batch.dimension(dimension)?;
                Counter::Values {
                    codes: &column.codes,
                    numbers: column.numbers(dimension),
                    clicks: vec![0; column.values.len() + 1],
                }
            }
            By::Replay(replay, watch) => {
                Counter::Replay(Passing::new(replay, watch, batch, replayed)?)
            }
            By::Cities => Counter::Cities(Tour::new(batch)?),
            By::Newest(_) => Counter::Newest { times: batch.times()?, newest },
            By::Chosen { dimension, chosen, .. } => {
                let column = batch.dimension(dimension)?;
                let numbers = column.numbers(dimension);
                let mut passes = vec![0; column.values.len() + 1];
                let mut first = vec![0; column.values.len() + 1];
                for (number, place) in chosen.iter().zip(0_u32..) {
                    if let Some(code) = numbers.code(*number) {
                        passes[code as usize] = 1;
                        first[code as usize] = place * pieces.len() as u32;
                    }
                }
                let visitors = Seen::new(visitors, batch)?;
                let passes = Passes::new(passes);
                Counter::Chosen { codes: &column.codes, passes, first, visitors }
            }
        })
    }

    /// Lets go of clicks that it does not count.
    pub(crate) fn keep(&self, place: usize, keep: &mut [u8]) {
        if let Counter::Chosen { codes, passes, .. } = self {
            passes.keep(codes, place, keep);
        }
    }

    /// Whether the pieces of clicks have to be known.
    pub(crate) fn is_timed(&self) -> bool {
        matches!(self, Counter::Pieces { .. } | Counter::Chosen { .. })
    }

    /// Counts those that are kept of the clicks from `place` on; `pieces` are those of the kept.
    pub(crate) fn count(&mut self, place: usize, kept: &[u32], pieces: &mut [u32]) {
        match self {
            Counter::Pieces { clicks, visitors, .. } => {
                let (fours, rest) = pieces.as_chunks::<4>();
                for four in fours {
                    for (turn, piece) in four.iter().enumerate() {
                        clicks[*piece as usize][turn] += 1;
                    }
                }
                rest.iter().for_each(|piece| clicks[*piece as usize][0] += 1);
                if let Some(visitors) = visitors {
                    visitors.note(place, kept, pieces);
                }
            }
            Counter::Values { codes, clicks, .. } => match codes {
                Codes::One(codes) => add_bytes(&codes[place..], kept, clicks),
                Codes::Two(codes) => add(&codes[place..], kept, clicks),
                Codes::Four(codes) => add(&codes[place..], kept, clicks),
            },
            Counter::Cities(tour) => tour.count(place, kept),
            Counter::Newest { times, newest } => {
                for &click in kept {
                    let place = place + click as usize;
                    newest.meet(times.get(place), place);
                }
            }
            Counter::Replay(passing) => passing.pass(place, kept),
            Counter::Chosen { codes, first, visitors, .. } => {
                match codes {
                    Codes::One(codes) => move_by(&codes[place..], kept, first, pieces),
                    Codes::Two(codes) => move_by(&codes[place..], kept, first, pieces),
                    Codes::Four(codes) => move_by(&codes[place..], kept, first, pieces),
                }
                visitors.note(place, kept, pieces);
            }
        }
    }

    /// Adds the batch's codes up to the numbers of the values that they stand for.
    pub(crate) fn finish(self, values: &mut Vec<u64>, cities: &mut Cities) {
        let (numbers, clicks) = match self {
            Counter::Values { numbers, clicks, .. } => (numbers, clicks),
            Counter::Cities(tour) => return tour.finish(cities),
            Counter::Replay(passing) => return passing.finish(),
            Counter::Pieces { sums, clicks, .. } => {
                for (sum, four) in sums.iter_mut().zip(clicks) {
                    *sum += four.map(u64::from).iter().sum::<u64>();
                }
                return;
            }
            Counter::Newest { .. } | Counter::Chosen { .. } => return,
        };
        values.resize(values.len().max(numbers.highest() as usize + 1), 0);
        for (number, clicks) in numbers.of_codes().iter().zip(clicks) {
            values[*number as usize] += u64::from(clicks);
        }
    }
}

impl<'a> Seen<'a> {
    fn new(cells: &'a mut [Visitors], batch: &'a Columns) -> Result<Seen<'a>, Broken> {
        Ok(Seen { cells, marks: batch.marks()? })
    }

    /// Notes who made the clicks that are kept, each in its cell.
    fn note(&mut self, place: usize, kept: &[u32], cells: &[u32]) {
        self.marks.note(place, kept, cells, self.cells);
    }
}

/// As [`add`], in four counts that take turns: where codes are few, one after another is often the same.
fn add_bytes(codes: &[u8], kept: &[u32], clicks: &mut [u32]) {
    let mut counts = [[0_u32; 256]; 4];
    let (fours, rest) = kept.as_chunks::<4>();
    for four in fours {
        for (counts, click) in counts.iter_mut().zip(four) {
            counts[usize::from(codes[*click as usize])] += 1;
        }
    }
    add(codes, rest, clicks);
    for (code, clicks) in clicks.iter_mut().enumerate() {
        *clicks += counts.iter().map(|counts| counts[code]).sum::<u32>();
    }
}

fn add<C: Copy + Into<u32>>(codes: &[C], kept: &[u32], clicks: &mut [u32]) {
    for &click in kept {
        let code: u32 = codes[click as usize].into();
        clicks[code as usize] += 1;
    }
}

/// Makes cells of the pieces of those that are kept, by the first cell of each one's code.
fn move_by<C: Copy + Into<u32>>(codes: &[C], kept: &[u32], first: &[u32], pieces: &mut [u32]) {
    for (&click, piece) in kept.iter().zip(pieces) {
        let code: u32 = codes[click as usize].into();
        *piece += first[code as usize];
    }
}
