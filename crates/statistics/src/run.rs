//! Running a question: threads take one batch after another, and what they found is added up.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use jiff::Timestamp;
use model::{Click, ClickId};

use crate::{
    answer::{Answer, Cell, Key},
    calendar::Calendar,
    columns::Columns,
    dimension::Dimension,
    query::{Group, Query, Unanswerable, VISITED},
    replay::{Replay, Replayed, Watch},
    scan::{By, Chosen, Scan, Tally},
    series::DAY,
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
            Group::Total | Group::Breakdown { .. } | Group::HourByDay => Vec::new(),
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
            Group::Total | Group::Series(_) => false,
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
        let counted = self.tally(By::Values(dimension))?;
        let mut answer = Answer { left_out: counted.left_out, ..Answer::none(self.query.group) };
        let known = counted.values.into_iter().map(|(value, clicks)| (Some(value), clicks));
        let unknown = Some((None, counted.unknown)).filter(|(_, clicks)| *clicks != 0);
        answer.cells.reserve(known.len() + 1);
        for (value, clicks) in known.chain(unknown) {
            answer.clicks += clicks;
            answer.cells.insert(Key::Value(value), Cell { clicks, visitors: None });
        }
        if self.query.visitors {
            self.visitors_of(&mut answer, dimension, limit.min(VISITED))?;
        }
        Ok(answer)
    }

    /// Counts the visitors of the first values.
    fn visitors_of(
        &self,
        answer: &mut Answer,
        dimension: &'static Dimension,
        limit: usize,
    ) -> Result<(), Unanswerable> {
        let keys: Vec<Key> = answer.first(limit).into_iter().map(|(key, _)| key.clone()).collect();
        let mut chosen = Chosen::default();
        for (key, place) in keys.iter().zip(0..) {
            match key {
                Key::Value(Some(value)) => drop(chosen.values.insert(value.clone(), place)),
                Key::Value(None) => chosen.unknown = Some(place),
                Key::Whole | Key::Since(_) | Key::Hour { .. } => {}
            }
        }
        let tally = self.tally(By::Chosen { dimension, chosen: &chosen })?;
        let mut visitors = tally.visitors.into_iter();
        for key in &keys {
            let mut days: BTreeMap<i64, Visitors> = BTreeMap::new();
            for (piece, seen) in self.calendar.pieces.iter().zip(visitors.by_ref()) {
                if !seen.is_empty() {
                    days.entry(piece.day).or_default().merge(seen);
                }
            }
            if let Some(cell) = answer.cells.get_mut(key) {
                cell.visitors = Some(days);
            }
        }
        Ok(())
    }

    /// Adds the pieces of the calendar up to the rows of the question.
    fn by_piece(&self, points: &[i64]) -> Result<Answer, Unanswerable> {
        let Run { query, calendar, .. } = self;
        let tally = self.tally(By::Pieces { visitors: query.visitors })?;
        let mut answer = Answer { left_out: tally.left_out, ..Answer::none(query.group) };
        let empty = || Cell { clicks: 0, visitors: query.visitors.then(Default::default) };
        answer.cells.extend(rows(query.group, points).into_iter().map(|key| (key, empty())));

        let mut visitors = tally.visitors.into_iter();
        for (piece, clicks) in calendar.pieces.iter().zip(tally.pieces) {
            let seen = visitors.next().unwrap_or_default();
            if clicks == 0 {
                continue;
            }
            let key = match query.group {
                Group::Total => Key::Whole,
                Group::Series(_) => Key::Since(points[piece.point]),
                Group::HourByDay => Key::Hour { weekday: piece.weekday, hour: piece.hour },
                Group::Breakdown { dimension, .. } => {
                    Key::Value(dimension.clock().map(|clock| piece.tell(clock)))
                }
            };
            let cell = answer.cells.entry(key).or_insert_with(empty);
            cell.clicks += clicks;
            answer.clicks += clicks;
            if let Some(days) = &mut cell.visitors {
                days.entry(piece.day).or_default().merge(seen);
            }
        }
        Ok(answer)
    }

    /// Scans all batches.
    fn tally(&self, by: By<'_>) -> Result<Tally, Unanswerable> {
        let Run { query, from, to, calendar, batches, threads } = *self;
        let (scan, next) = (Scan { query, from, to, calendar, by }, AtomicUsize::new(0));
        let work = || -> Result<Tally, Unanswerable> {
            let mut tally = Tally::new(&scan);
            loop {
                let nth = next.fetch_add(1, Ordering::Relaxed);
                let Some(batch) = batches.get(nth) else { break };
                tally.add(&scan, nth, batch)?;
            }
            tally.visitors.iter_mut().for_each(Visitors::settle);
            Ok(tally)
        };
        let others = threads.min(batches.len()).saturating_sub(1);
        thread::scope(|scope| {
            let others: Vec<_> = (0..others).map(|_| scope.spawn(work)).collect();
            let mut sum = work()?;
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

/// The rows that there are even where no click is.
fn rows(group: Group, points: &[i64]) -> Vec<Key> {
    match group {
        Group::Total => vec![Key::Whole],
        Group::Series(_) => points.iter().map(|point| Key::Since(*point)).collect(),
        Group::HourByDay => (1..=7)
            .flat_map(|weekday| (0..24).map(move |hour| Key::Hour { weekday, hour }))
            .collect(),
        Group::Breakdown { .. } => Vec::new(),
    }
}
