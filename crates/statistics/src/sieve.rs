//! The sieve of one batch: which of its clicks a question is about.

use model::Class;

use crate::{
    block::Broken,
    calendar::{Lookup, Piece},
    codes::{Codes, NONE, Passes},
    column::Column,
    columns::Columns,
    dimension::Dimension,
    query::Query,
    scan::Scan,
    times::Times,
    value::Value,
};

pub(crate) struct Sieve<'a> {
    from: i64,
    to: i64,
    /// Where some may be outside of the span that is asked about.
    times: Option<&'a Times>,
    tests: Vec<Test<'a>>,
    /// For each piece of the calendar 1 if it passes the filters on clocks; none without any.
    clocks: Option<Vec<u8>>,
    classes: Classes<'a>,
}

impl<'a> Sieve<'a> {
    /// None where no click passes.
    pub(crate) fn new(scan: &Scan<'a>, batch: &'a Columns) -> Result<Option<Sieve<'a>>, Broken> {
        let Some((first, last)) = batch.span() else {
            return Ok(None);
        };
        let Some(tests) = Test::all(scan.query, batch)? else {
            return Ok(None);
        };
        let within = scan.from <= first && last < scan.to;
        Ok(Some(Sieve {
            from: scan.from,
            to: scan.to,
            times: if within { None } else { Some(batch.times()?) },
            tests,
            clocks: clocks(scan),
            classes: Classes::new(scan.query, batch)?,
        }))
    }

    /// Whether it asks in which pieces of the calendar clicks are.
    pub(crate) fn is_timed(&self) -> bool {
        self.clocks.is_some()
    }

    /// Notes of the clicks from `place` on which are asked about: 1 for each that is, else 0. Counts
    /// those that are but for their class.
    pub(crate) fn keep(
        &self,
        place: usize,
        keep: &mut [u8],
        lookup: Option<&Lookup<'_>>,
        pieces: &mut [u32],
        left_out: &mut [u64],
    ) {
        keep.fill(1);
        if let Some(times) = self.times {
            keep_between(times, place, self.from, self.to, keep);
        }
        for test in &self.tests {
            test.keep(place, keep);
        }
        if let (Some(allowed), Some(lookup)) = (&self.clocks, lookup) {
            lookup.find_all(place, pieces);
            for (keep, piece) in keep.iter_mut().zip(&*pieces) {
                *keep &= allowed[*piece as usize];
            }
        }
        self.classes.leave_out(place, keep, left_out);
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
