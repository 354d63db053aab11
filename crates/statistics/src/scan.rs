//! The scan of one batch: some thousand clicks at a time, column by column, in loops without a
//! decision where there need not be one.

use model::CLASSES;

use crate::{
    block::Broken,
    calendar::Calendar,
    cities::Cities,
    columns::Columns,
    counter::Counter,
    dimension::Dimension,
    kept::{Chunks, Kept, Places, select},
    newest::Newest,
    query::Query,
    replay::{Found, Replay, Watch},
    sieve::Sieve,
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
    /// Only clicks; which of them are kept may be remembered.
    Values {
        dimension: &'static Dimension,
        remember: bool,
    },
    /// Only clicks, by city and country.
    Cities,
    /// Nothing: so many of the newest are found.
    Newest(usize),
    /// Nothing: each is decided again.
    Replay(&'a Replay, &'a Watch),
    /// Only visitors, and only of the values with these numbers; of the clicks that were kept when
    /// all values were counted, batch by batch.
    Chosen {
        dimension: &'static Dimension,
        chosen: &'a [u32],
        kept: &'a [Kept],
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
    /// Of each batch, where that is to be remembered.
    pub(crate) kept: Vec<Kept>,
    chunk: Box<Chunk>,
}

/// What is noted about the clicks at hand.
struct Chunk {
    /// 1 for each that is asked about, else 0.
    keep: [u8; CHUNK],
    /// Where those are that are kept, and to be counted.
    kept: Places,
    /// The piece of each click while clocks are filtered by, and then of each that is kept.
    pieces: [u32; CHUNK],
}

impl Tally {
    /// Nothing yet of so many batches.
    pub(crate) fn new(scan: &Scan<'_>, batches: usize) -> Tally {
        let pieces = scan.calendar.pieces.len();
        let visitors = match scan.by {
            By::Pieces { visitors } => usize::from(visitors),
            By::Values { .. } | By::Cities | By::Newest(_) | By::Replay(..) => 0,
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
            kept: match scan.by {
                By::Values { remember: true, .. } => vec![Kept::default(); batches],
                _ => Vec::new(),
            },
            chunk: Box::new(Chunk { keep: [0; CHUNK], kept: [0; CHUNK + 8], pieces: [0; CHUNK] }),
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
        for (ours, theirs) in self.kept.iter_mut().zip(other.kept) {
            ours.merge(theirs);
        }
    }

    /// Adds what the `nth` batch says.
    pub(crate) fn add(
        &mut self,
        scan: &Scan<'_>,
        nth: usize,
        batch: &Columns,
    ) -> Result<(), Broken> {
        let Tally { left_out, pieces, values, visitors, cities, newest, replayed, kept, chunk } =
            self;
        let mut source = match scan.by {
            By::Chosen { kept, .. } if kept[nth].is_empty() => return Ok(()),
            By::Chosen { kept, .. } => Source::Kept(kept[nth].chunks()),
            _ => match Sieve::new(scan, batch)? {
                Some(sieve) => Source::Sieve(sieve),
                None => return Ok(()),
            },
        };
        if let By::Newest(limit) = scan.by {
            newest.begin(nth, limit);
        }
        if let By::Replay(replay, _) = scan.by {
            replayed.begin(nth, replay);
        }
        let mut counter = Counter::new(scan, batch, (pieces, visitors, newest, replayed))?;
        let timed = counter.is_timed() || source.is_timed();
        let lookup = if timed { Some(scan.calendar.lookup(batch)?) } else { None };
        let mut remembered = kept.get_mut(nth);

        for places in batch.places(scan.query.workspace, scan.query.links.as_deref()) {
            for place in places.clone().step_by(CHUNK) {
                let clicks = CHUNK.min(places.end - place);
                let Chunk { keep, kept, pieces } = &mut **chunk;
                let (keep, pieces) = (&mut keep[..clicks], &mut pieces[..clicks]);
                match &mut source {
                    Source::Sieve(sieve) => {
                        sieve.keep(place, keep, lookup.as_ref(), pieces, left_out);
                    }
                    Source::Kept(chunks) => chunks.next(keep),
                }
                if let Some(remembered) = &mut remembered {
                    remembered.push(keep);
                }
                counter.keep(place, keep);
                let kept = select(keep, kept);
                let pieces = &mut pieces[..kept.len()];
                if let Some(lookup) = &lookup
                    && counter.is_timed()
                {
                    lookup.find(place, kept, pieces);
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

/// What says which clicks are asked about.
enum Source<'a> {
    Sieve(Sieve<'a>),
    /// What a sieve said before.
    Kept(Chunks<'a>),
}

impl Source<'_> {
    fn is_timed(&self) -> bool {
        matches!(self, Source::Sieve(sieve) if sieve.is_timed())
    }
}
