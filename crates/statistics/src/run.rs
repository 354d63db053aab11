//! Running a question: threads take one batch after another, and what they found is added up.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use jiff::Timestamp;
use model::{Click, ClickId};

use crate::{
    answer::{self, Answer, Key, Row},
    calendar::Calendar,
    columns::Columns,
    dimension::Dimension,
    kept::Kept,
    lexicon,
    query::{Group, Query, Unanswerable, VISITED},
    replay::{Replay, Replayed, Watch},
    scan::{By, Scan, Tally},
    series::DAY,
    value::Value,
    visitors::Visitors,
};

pub(crate) fn run(
    query: &Query,
    batches: Vec<&Columns>,
    threads: usize,
) -> Result<Answer, Unanswerable> {
    let plan = Plan::new(query, batches)?;
    let run = plan.run(query, threads);
    match query.group {
        Group::Breakdown { dimension, limit } if dimension.clock().is_none() => {
            run.by_value(dimension, limit)
        }
        Group::Cities { limit } => run.by_city(limit),
        Group::Total | Group::Series(_) | Group::Breakdown { .. } | Group::HourByDay => {
            run.by_piece(&plan.points)
        }
    }
}

/// The newest clicks that a question is about, newest first.
pub(crate) fn newest<'a>(
    query: &Query,
    batches: Vec<&'a Columns>,
    limit: usize,
    threads: usize,
) -> Result<Vec<(Click<'a>, Option<ClickId>)>, Unanswerable> {
    let query = &Query { group: Group::Total, ..query.clone() };
    let plan = Plan::new(query, batches)?;
    let found = plan.run(query, threads).tally(By::Newest(limit))?.newest;
    let click = |(batch, place): (usize, usize)| Ok(plan.batches[batch].click(place)?);
    found.places().map(click).collect()
}

/// Decides the clicks again that a question is about.
pub(crate) fn replay(
    replay: &Replay,
    query: &Query,
    batches: Vec<&Columns>,
    threads: usize,
    watch: &Watch,
) -> Result<Replayed, Unanswerable> {
    let query = &Query { group: Group::Total, ..query.clone() };
    let plan = Plan::new(query, batches)?;
    let places = |batch: &&Columns| batch.places(query.workspace, query.links.as_deref());
    let clicks = plan.batches.iter().flat_map(places).map(|places| places.len() as u64);
    watch.begin(clicks.sum());
    let tally = plan.run(query, threads).tally(By::Replay(replay, watch))?;
    Ok(tally.replayed.finish(tally.left_out, &plan.batches)?)
}

/// Where a question looks, and when.
struct Plan<'a> {
    from: i64,
    to: i64,
    points: Vec<i64>,
    calendar: Calendar,
    batches: Vec<&'a Columns>,
}

impl<'a> Plan<'a> {
    fn new(query: &Query, mut batches: Vec<&'a Columns>) -> Result<Plan<'a>, Unanswerable> {
        let from = query.from.max(Timestamp::MIN.as_millisecond() + 2 * DAY);
        let to = query.to.min(Timestamp::MAX.as_millisecond() - 2 * DAY);
        let points = match query.group {
            Group::Series(unit) => unit.starts(from, to, &query.zone)?,
            Group::Total | Group::Breakdown { .. } | Group::Cities { .. } | Group::HourByDay => {
                Vec::new()
            }
        };

        batches.retain(|batch| {
            batch.span().is_some_and(|(first, last)| first < to && from <= last)
                && !batch.places(query.workspace, query.links.as_deref()).is_empty()
        });
        // What no batch has need not be cut into pieces.
        let spans = || batches.iter().filter_map(|batch| batch.span());
        let first = spans().map(|(first, _)| first).min().map_or(from, |first| first.max(from));
        let last = spans().map(|(_, last)| last).max().map_or(from, |last| last.min(to - 1));
        let clock = match query.group {
            Group::HourByDay => true,
            Group::Breakdown { dimension, .. } => dimension.clock().is_some(),
            Group::Total | Group::Series(_) | Group::Cities { .. } => false,
        };
        let hourly = clock || query.filters.iter().any(|filter| filter.dimension.clock().is_some());
        let calendar = Calendar::new(first, last + 1, &points, hourly.then_some(&query.zone))?;
        Ok(Plan { from, to, points, calendar, batches })
    }

    fn run(&'a self, query: &'a Query, threads: usize) -> Run<'a> {
        let Plan { from, to, calendar, batches, .. } = self;
        Run { query, from: *from, to: *to, calendar, batches, threads }
    }
}

/// A question on its way.
struct Run<'a> {
    query: &'a Query,
    from: i64,
    to: i64,
    calendar: &'a Calendar,
    batches: &'a [&'a Columns],
    threads: usize,
}

impl Run<'_> {
    fn by_value(
        &self,
        dimension: &'static Dimension,
        limit: usize,
    ) -> Result<Answer, Unanswerable> {
        let remember = self.query.visitors;
        let counted = self.tally(By::Values { dimension, remember })?;
        let first = first(dimension, &counted.values, limit);
        let mut rows: Vec<Row> = first.iter().map(|(_, row)| row.clone()).collect();
        if self.query.visitors {
            let chosen: Vec<u32> = first.iter().take(VISITED).map(|(number, _)| *number).collect();
            self.visitors_of(&mut rows, dimension, &chosen, &counted.kept)?;
        }
        Ok(Answer {
            clicks: counted.values.iter().sum(),
            left_out: counted.left_out,
            groups: counted.values.iter().filter(|clicks| **clicks != 0).count(),
            rows,
            unread: Vec::new(),
        })
    }

    fn by_city(&self, limit: usize) -> Result<Answer, Unanswerable> {
        let Tally { left_out, cities, .. } = self.tally(By::Cities)?;
        let least = least(&cities.found.values().copied().collect::<Vec<_>>(), limit);
        let first = cities.found.iter().filter(|(_, clicks)| least <= **clicks);
        let mut rows = Vec::new();
        for (&(country, city), &clicks) in first {
            let country = lexicon::values(Dimension::country(), &[country]).pop().flatten();
            let city = lexicon::values(Dimension::city(), &[city]).pop().flatten();
            if let (Some(country), Some(city)) = (country, city) {
                rows.push(Row { key: Key::City { country, city }, clicks, visitors: None });
            }
        }
        rows.sort_unstable_by(answer::order);
        rows.truncate(limit);
        Ok(Answer {
            clicks: cities.clicks,
            left_out,
            groups: cities.found.len(),
            rows,
            unread: Vec::new(),
        })
    }

    /// Counts the visitors of the first rows, whose values have these numbers.
    fn visitors_of(
        &self,
        rows: &mut [Row],
        dimension: &'static Dimension,
        chosen: &[u32],
        kept: &[Kept],
    ) -> Result<(), Unanswerable> {
        let tally = self.tally(By::Chosen { dimension, chosen, kept })?;
        let mut visitors = tally.visitors.into_iter();
        for row in rows.iter_mut().take(chosen.len()) {
            let mut days = Days::default();
            for (piece, seen) in self.calendar.pieces.iter().zip(visitors.by_ref()) {
                days.add(piece.day, seen);
            }
            row.visitors = Some(days.visitors(row.clicks));
        }
        Ok(())
    }

    /// Adds the pieces of the calendar up to the rows of the question.
    fn by_piece(&self, points: &[i64]) -> Result<Answer, Unanswerable> {
        let Run { query, calendar, .. } = self;
        let tally = self.tally(By::Pieces { visitors: query.visitors })?;
        let mut cells: BTreeMap<Key, (u64, Days)> =
            rows(query.group, points).into_iter().map(|key| (key, Default::default())).collect();
        let mut visitors = tally.visitors.into_iter();
        for (piece, clicks) in calendar.pieces.iter().zip(&tally.pieces) {
            let seen = visitors.next().unwrap_or_default();
            if *clicks == 0 {
                continue;
            }
            let key = match query.group {
                Group::Total => Key::Whole,
                Group::Series(_) => Key::Since(points[piece.point]),
                Group::HourByDay => Key::Hour { weekday: piece.weekday, hour: piece.hour },
                Group::Breakdown { dimension, .. } => {
                    Key::Value(dimension.clock().map(|clock| piece.tell(clock)))
                }
                Group::Cities { .. } => continue,
            };
            let cell = cells.entry(key).or_default();
            cell.0 += clicks;
            cell.1.add(piece.day, seen);
        }

        let groups = cells.len();
        let row = |(key, (clicks, days)): (Key, (u64, Days))| Row {
            key,
            clicks,
            visitors: query.visitors.then(|| days.visitors(clicks)),
        };
        let mut rows: Vec<Row> = cells.into_iter().map(row).collect();
        if let Group::Breakdown { limit, .. } = query.group {
            rows.sort_unstable_by(answer::order);
            rows.truncate(limit);
        }
        Ok(Answer {
            clicks: tally.pieces.iter().sum(),
            left_out: tally.left_out,
            groups,
            rows,
            unread: Vec::new(),
        })
    }

    /// Scans all batches.
    fn tally(&self, by: By<'_>) -> Result<Tally, Unanswerable> {
        let Run { query, from, to, calendar, batches, threads } = *self;
        let scan = Scan { query, from, to, calendar, by };
        let taken: Vec<AtomicBool> = batches.iter().map(|_| AtomicBool::new(false)).collect();
        // Each begins at a place of its own and goes on from there, since batches next to each other
        // have most of their days in common, and a day's visitors are cheaper to count by one.
        let work = |first: usize| -> Result<Tally, Unanswerable> {
            let mut tally = Tally::new(&scan, batches.len());
            for nth in (first..batches.len()).chain(0..first) {
                if !taken[nth].swap(true, Ordering::Relaxed) {
                    tally.add(&scan, nth, batches[nth])?;
                }
            }
            tally.visitors.iter_mut().for_each(Visitors::settle);
            Ok(tally)
        };
        let threads = threads.clamp(1, batches.len().max(1));
        let work = &work;
        thread::scope(|scope| {
            let start = |nth: usize| nth * batches.len() / threads;
            let others: Vec<_> =
                (1..threads).map(|nth| scope.spawn(move || work(start(nth)))).collect();
            let mut sum = work(0)?;
            for other in others {
                match other.join() {
                    Ok(tally) => sum.merge(tally?),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            Ok(sum)
        })
    }
}

/// The visitors of a row, by UTC day.
#[derive(Default)]
struct Days(BTreeMap<i64, Visitors>);

impl Days {
    fn add(&mut self, day: i64, seen: Visitors) {
        if !seen.is_empty() {
            self.0.entry(day).or_default().merge(seen);
        }
    }

    /// Nobody visits without a click, whatever is estimated.
    fn visitors(&self, clicks: u64) -> u64 {
        self.0.values().map(Visitors::count).sum::<u64>().min(clicks)
    }
}

/// The rows of the values with the most clicks, given the clicks of each number, with the numbers;
/// those of as many clicks are in the order of their values.
fn first(dimension: &Dimension, clicks: &[u64], limit: usize) -> Vec<(u32, Row)> {
    let least = least(clicks, limit);
    // Of those that have just as many as the last row, values have to tell which comes first.
    let numbers: Vec<u32> = (0..)
        .zip(clicks)
        .filter(|(_, clicks)| **clicks != 0 && least <= **clicks)
        .map(|(number, _)| number)
        .collect();
    let values = lexicon::values(dimension, &numbers);
    let row = |(number, value): (u32, Option<Value>)| {
        let clicks = clicks[number as usize];
        (number, Row { key: Key::Value(value), clicks, visitors: None })
    };
    let mut rows: Vec<(u32, Row)> = numbers.into_iter().zip(values).map(row).collect();
    rows.sort_unstable_by(|(_, ours), (_, theirs)| answer::order(ours, theirs));
    rows.truncate(limit);
    rows
}

/// How many clicks the last of the first `limit` has.
fn least(clicks: &[u64], limit: usize) -> u64 {
    let mut most = BinaryHeap::with_capacity(limit.min(clicks.len()) + 1);
    let mut least = 1;
    for clicks in clicks.iter().copied() {
        // Few get here: whoever is below the first `limit` so far is passed over.
        if least <= clicks {
            most.push(Reverse(clicks));
            if limit < most.len() {
                most.pop();
            }
            if limit == most.len()
                && let Some(Reverse(last)) = most.peek()
            {
                least = (*last).max(1);
            }
        }
    }
    least
}

/// The rows that there are even where no click is.
fn rows(group: Group, points: &[i64]) -> Vec<Key> {
    match group {
        Group::Total => vec![Key::Whole],
        Group::Series(_) => points.iter().map(|point| Key::Since(*point)).collect(),
        Group::HourByDay => (1..=7)
            .flat_map(|weekday| (0..24).map(move |hour| Key::Hour { weekday, hour }))
            .collect(),
        Group::Breakdown { .. } | Group::Cities { .. } => Vec::new(),
    }
}
