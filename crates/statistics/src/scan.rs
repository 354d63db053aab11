//! The scan of one batch: some thousand clicks at a time, column by column, in loops without a
//! decision where there need not be one.

use model::{CLASSES, Class};

use crate::{
    block::Broken,
    calendar::{Calendar, Piece},
    cities::Cities,
    codes::{Codes, NONE, Passes},
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
    /// Only clicks, by city and country.
    Cities,
    /// Nothing: so many of the newest are found.
    Newest(usize),
    /// Nothing: each is decided again.
    Replay(&'a Replay, &'a Watch),
    /// Only visitors, and only of the values with these numbers.
    Chosen {
        dimension: &'static Dimension,
        chosen: &'a [u32],
    },
}

/// What one thread has found so far.
pub(crate) struct Tally {
    pub(crate) left_out: [u64; CLASSES.len()],
    /// Clicks in each piece of the calendar.
    pub(crate) pieces: Vec<u64>,
    /// Clicks by the number of the value, as far as numbers were met.
    pub(crate) values: Vec<u64>,
    /// By chosen value, if there are any, and in it by piece.
    pub(crate) visitors: Vec<Visitors>,
    pub(crate) cities: Cities,
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
    /// The piece of each click while clocks are filtered by, and then of each that is kept.
    pieces: [u32; CHUNK],
}

impl Tally {
    pub(crate) fn new(scan: &Scan<'_>) -> Tally {
        let pieces = scan.calendar.pieces.len();
        let visitors = match scan.by {
            By::Pieces { visitors } => usize::from(visitors),
            By::Values(_) | By::Cities | By::Newest(_) | By::Replay(..) => 0,
            By::Chosen { chosen, .. } => chosen.len(),
        };
        let nobody = if scan.query.exact { Visitors::exact() } else { Visitors::default() };
        Tally {
            left_out: [0; CLASSES.len()],
            pieces: vec![0; pieces],
            values: Vec::new(),
            visitors: vec![nobody; visitors * pieces],
            cities: Cities::default(),
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
        self.values.resize(self.values.len().max(other.values.len()), 0);
        sum(&mut self.values, &other.values);
        for (ours, theirs) in self.visitors.iter_mut().zip(other.visitors) {
            ours.merge(theirs);
        }
        self.cities.merge(other.cities);
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
        // Who is left out was counted when the values were.
        let asked = matches!(scan.by, By::Chosen { .. }).then(|| classes.passes());
        let Tally { left_out, pieces, values, visitors, cities, newest, replayed, chunk } = self;
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
                match &asked {
                    Some(passes) => passes.keep(classes.codes, place, keep),
                    None => classes.leave_out(place, keep, left_out),
                }
                counter.keep(place, keep);
                let kept = select(keep, kept);
                let pieces = &mut pieces[..kept.len()];
                if counter.is_timed() {
                    lookup.find(times, place, kept, pieces);
                }
                counter.count(place, kept, pieces);
                if let By::Replay(_, watch) = scan.by {
                    watch.pass(clicks);
                }
            }
        }
        counter.finish(values, cities);
        Ok(())
    }
}

/// A filter on a column of a batch.
struct Test<'a> {
    codes: &'a Codes,
    passes: Passes,
}

impl<'a> Test<'a> {
    /// The filters that hold some clicks of a batch back; none where one of them holds all back.
    fn all(query: &Query, batch: &'a Columns) -> Result<Option<Vec<Test<'a>>>, Broken> {
        let mut tests = Vec::new();
        for filter in query.filters.iter().filter(|filter| filter.dimension.clock().is_none()) {
            let column = batch.dimension(filter.dimension)?;
            let numbers = column.numbers(filter.dimension);
            let mut passes = vec![u8::from(filter.negated); column.values.len() + 1];
            passes[NONE as usize] = u8::from(filter.passes(None));
            for code in filter.values.iter().filter_map(|value| numbers.code_of(value)) {
                passes[code as usize] = u8::from(!filter.negated);
            }
            if !passes.contains(&1) {
                return Ok(None);
            }
            if passes.contains(&0) {
                tests.push(Test { codes: &column.codes, passes: Passes::new(passes) });
            }
        }
        Ok(Some(tests))
    }

    fn keep(&self, place: usize, keep: &mut [u8]) {
        self.passes.keep(self.codes, place, keep);
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

    /// The codes that are asked for.
    fn passes(&self) -> Passes {
        let codes = self.unasked.iter().map(|(code, _)| *code).collect();
        Passes::Few { codes, negated: true }
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
    let (eights, rest) = keep.as_chunks::<8>();
    let mut select = |place: usize, keep: u8| {
        // Written always and left there only if it is kept: no branch to be guessed.
        kept[count % CHUNK] = place as u32;
        count += usize::from(keep);
    };
    for (nth, eight) in eights.iter().enumerate() {
        // Where little is kept, most are passed over eight at a time.
        if u64::from_ne_bytes(*eight) != 0 {
            eight.iter().enumerate().for_each(|(place, keep)| select(8 * nth + place, *keep));
        }
    }
    let last = 8 * eights.len();
    rest.iter().enumerate().for_each(|(place, keep)| select(last + place, *keep));
    &kept[..count]
}
