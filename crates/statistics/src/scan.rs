//! The scan of one batch: some thousand clicks at a time, column by column, in loops without a
//! decision where there need not be one.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use model::{CLASSES, Class};

use crate::{
    block::Broken,
    calendar::{Calendar, Piece},
    codes::{Codes, NONE},
    column::Column,
    columns::Columns,
    counter::Counter,
    dimension::Dimension,
    newest::Newest,
    query::Query,
    replay::{Found, Replay, Watch},
    times::Times,
    value::Value,
    visitors::Visitors,
};

/// So many clicks at a time: what is noted about them stays in the first cache.
pub(crate) const CHUNK: usize = 4_096;

/// What is to be found out.
pub(crate) struct Scan<'a> {
    pub(crate) query: &'a Query,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) calendar: &'a Calendar,
    pub(crate) by: By<'a>,
}

/// What clicks are counted by.
pub(crate) enum By<'a> {
    Pieces {
        visitors: bool,
    },
    /// Only clicks.
    Values(&'static Dimension),
    /// Nothing: so many of the newest are found.
    Newest(usize),
    /// Nothing: each is decided again.
    Replay(&'a Replay, &'a Watch),
    /// Only visitors, and only of these values.
    Chosen {
        dimension: &'static Dimension,
        chosen: &'a Chosen,
    },
}

/// The values of a breakdown of which visitors are counted, numbered from 0.
#[derive(Default)]
pub(crate) struct Chosen {
    pub(crate) values: HashMap<Value, u32, RandomState>,
    pub(crate) unknown: Option<u32>,
}

impl Chosen {
    pub(crate) fn len(&self) -> usize {
        self.values.len() + usize::from(self.unknown.is_some())
    }
}

/// What one thread has found so far.
pub(crate) struct Tally {
    pub(crate) left_out: [u64; CLASSES.len()],
    /// Clicks in each piece of the calendar.
    pub(crate) pieces: Vec<u64>,
    /// Clicks by value; those of what is not known stand alone.
    pub(crate) values: HashMap<Value, u64, RandomState>,
    pub(crate) unknown: u64,
    /// By chosen value, if there are any, and in it by piece.
    pub(crate) visitors: Vec<Visitors>,
    pub(crate) newest: Newest,
    pub(crate) replayed: Found,
    chunk: Box<Chunk>,
}

/// What is noted about the clicks at hand.
struct Chunk {
    /// 1 for each that is asked about, else 0.
    keep: [u8; CHUNK],
    /// Where those are that are kept, and to be counted.
    kept: [u32; CHUNK],
    /// The piece of each.
    pieces: [u32; CHUNK],
}

impl Tally {
    pub(crate) fn new(scan: &Scan<'_>) -> Tally {
        let pieces = scan.calendar.pieces.len();
        let visitors = match scan.by {
            By::Pieces { visitors } => usize::from(visitors),
            By::Values(_) | By::Newest(_) | By::Replay(..) => 0,
            By::Chosen { chosen, .. } => chosen.len(),
        };
        Tally {
            left_out: [0; CLASSES.len()],
            pieces: vec![0; pieces],
            values: HashMap::default(),
            unknown: 0,
            visitors: vec![Visitors::default(); visitors * pieces],
            newest: Newest::default(),
            replayed: Found::default(),
            chunk: Box::new(Chunk { keep: [0; CHUNK], kept: [0; CHUNK], pieces: [0; CHUNK] }),
        }
    }

    pub(crate) fn merge(&mut self, other: Tally) {
        let sum = |ours: &mut [u64], theirs: &[u64]| {
            ours.iter_mut().zip(theirs).for_each(|(our, their)| *our += their);
        };
        sum(&mut self.left_out, &other.left_out);
        sum(&mut self.pieces, &other.pieces);
        self.unknown += other.unknown;
        for (value, clicks) in other.values {
            *self.values.entry(value).or_default() += clicks;
        }
        for (ours, theirs) in self.visitors.iter_mut().zip(other.visitors) {
            ours.merge(theirs);
        }
        self.newest.merge(other.newest);
        self.replayed.merge(other.replayed);
    }

    /// Adds what the `nth` batch says.
    pub(crate) fn add(
        &mut self,
        scan: &Scan<'_>,
        nth: usize,
        batch: &Columns,
    ) -> Result<(), Broken> {
        let Some((first, last)) = batch.span() else {
            return Ok(());
        };
        let Some(tests) = Test::all(scan.query, batch)? else {
            return Ok(());
        };
        let within = scan.from <= first && last < scan.to;
        let times = batch.times()?;
        let lookup = scan.calendar.lookup(first, last);
        let clocks = clocks(scan);
        let classes = Classes::new(scan.query, batch)?;
        let Tally { left_out, pieces, values, unknown, visitors, newest, replayed, chunk } = self;
        if let By::Newest(limit) = scan.by {
            newest.begin(nth, limit);
        }
        if let By::Replay(replay, _) = scan.by {
            replayed.begin(nth, replay);
        }
        let mut counter = Counter::new(scan, batch, (pieces, visitors, newest, replayed))?;

        for places in batch.places(scan.query.workspace, scan.query.links.as_deref()) {
            for place in places.clone().step_by(CHUNK) {
                let clicks = CHUNK.min(places.end - place);
                let Chunk { keep, kept, pieces } = &mut **chunk;
                let (keep, pieces) = (&mut keep[..clicks], &mut pieces[..clicks]);
                keep.fill(1);
                if !within {
                    keep_between(times, place, scan.from, scan.to, keep);
                }
                for test in &tests {
                    test.keep(place, keep);
                }
                if let Some(allowed) = &clocks {
                    lookup.find_all(times, place, pieces);
                    for (keep, piece) in keep.iter_mut().zip(&*pieces) {
                        *keep &= allowed[*piece as usize];
                    }
                }
                classes.leave_out(place, keep, left_out);
                counter.keep(place, keep);
                let kept = select(keep, kept);
                if clocks.is_none() && counter.is_timed() {
                    lookup.find(times, place, kept, pieces);
                }
                counter.count(place, kept, pieces);
            }
        }
        counter.finish(values, unknown);
        Ok(())
    }
}

/// A filter on a column of a batch.
struct Test<'a> {
    codes: &'a Codes,
    /// For each code 1 if it passes, else 0.
    passes: Vec<u8>,
}

impl<'a> Test<'a> {
    /// The filters that hold some clicks of a batch back; none where one of them holds all back.
    fn all(query: &Query, batch: &'a Columns) -> Result<Option<Vec<Test<'a>>>, Broken> {
        let mut tests = Vec::new();
        for filter in query.filters.iter().filter(|filter| filter.dimension.clock().is_none()) {
            let column = batch.dimension(filter.dimension)?;
            let mut passes = vec![u8::from(filter.negated); column.values.len() + 1];
            passes[NONE as usize] = u8::from(filter.passes(None));
            for code in filter.values.iter().filter_map(|value| column.code(value)) {
                passes[code as usize] = u8::from(!filter.negated);
            }
            if !passes.contains(&1) {
                return Ok(None);
            }
            if passes.contains(&0) {
                tests.push(Test { codes: &column.codes, passes });
            }
        }
        Ok(Some(tests))
    }

    fn keep(&self, place: usize, keep: &mut [u8]) {
        self.codes.keep(place, &self.passes, keep);
    }
}

/// For each piece of the calendar 1 if it passes the filters on clocks; none without any.
fn clocks(scan: &Scan<'_>) -> Option<Vec<u8>> {
    let filters = || {
        let filters = scan.query.filters.iter();
        filters.filter_map(|filter| Some((filter, filter.dimension.clock()?)))
    };
    filters().next()?;
    let passes =
        |piece: &Piece| filters().all(|(filter, clock)| filter.passes(Some(&piece.tell(clock))));
    Some(scan.calendar.pieces.iter().map(|piece| u8::from(passes(piece))).collect())
}

fn keep_between(times: &Times, place: usize, from: i64, to: i64, keep: &mut [u8]) {
    match times {
        Times::Near { first, after } => {
            for (keep, after) in keep.iter_mut().zip(&after[place..]) {
                let at = first + i64::from(*after);
                *keep &= u8::from(from <= at) & u8::from(at < to);
            }
        }
        Times::Far(times) => {
            for (keep, at) in keep.iter_mut().zip(&times[place..]) {
                *keep &= u8::from(from <= *at) & u8::from(*at < to);
            }
        }
    }
}

/// The classes that are not asked for.
struct Classes<'a> {
    codes: &'a Codes,
    /// Their codes and numbers.
    unasked: Vec<(u32, usize)>,
}

impl<'a> Classes<'a> {
    fn new(query: &Query, batch: &'a Columns) -> Result<Classes<'a>, Broken> {
        let dimension = Dimension::named("class").ok_or(Broken::Absent)?;
        let Column { codes, values, .. } = batch.dimension(dimension)?;
        let class = |value: &Value| match value {
            Value::Text(name) => Class::named(name),
            Value::Flag(_) | Value::Number(_) => None,
        };
        let unasked = values.iter().zip(1..).filter_map(|(value, code)| {
            let class = class(value)?;
            (!query.classes.contains(&class)).then_some((code, class.number().into()))
        });
        Ok(Classes { codes, unasked: unasked.collect() })
    }

    /// Counts those that are left out, and leaves them out.
    fn leave_out(&self, place: usize, keep: &mut [u8], left_out: &mut [u64]) {
        fn each<C: Copy + PartialEq>(codes: &[C], code: C, keep: &mut [u8]) -> u64 {
            let mut left_out = 0;
            // Sums of so few fit a byte, which more of are added at once.
            for (keep, codes) in keep.chunks_mut(255).zip(codes.chunks(255)) {
                let mut few = 0_u8;
                for (keep, this) in keep.iter_mut().zip(codes) {
                    let other = *keep & u8::from(*this == code);
                    few += other;
                    *keep ^= other;
                }
                left_out += u64::from(few);
            }
            left_out
        }
        for &(code, class) in &self.unasked {
            left_out[class] += match self.codes {
                Codes::One(codes) => each(&codes[place..], code as u8, keep),
                Codes::Two(codes) => each(&codes[place..], code as u16, keep),
                Codes::Four(codes) => each(&codes[place..], code, keep),
            };
        }
    }
}

/// Where those are that are kept.
fn select<'a>(keep: &[u8], kept: &'a mut [u32; CHUNK]) -> &'a [u32] {
    let mut count = 0;
    for (place, keep) in keep.iter().enumerate() {
        // Written always and left there only if it is kept: no branch to be guessed.
        kept[count % CHUNK] = place as u32;
        count += usize::from(*keep);
    }
    &kept[..count]
}
