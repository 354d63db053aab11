//! Answers: clicks and visitors by group, which add up with those to the same question about other
//! clicks.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;
use model::{CLASSES, Class};

use crate::{query::Group, value::Value, visitors::Visitors};

/// What a question found.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(crate) group: Group,
    pub(crate) clicks: u64,
    /// By the number of the class.
    pub(crate) left_out: [u64; CLASSES.len()],
    pub(crate) cells: HashMap<Key, Cell, RandomState>,
}

/// A group's clicks and visitors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) clicks: u64,
    /// Those of each UTC day; none where they were not counted.
    pub(crate) visitors: Option<BTreeMap<i64, Visitors>>,
}

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// Everything.
    Whole,
    /// The point of a series that begins at this millisecond since 1970.
    Since(i64),
    /// A value; none is what is not known.
    Value(Option<Value>),
    /// An hour (0 to 23) of a day of the week (1 is Monday).
    Hour { weekday: u8, hour: u8 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub key: Key,
    pub clicks: u64,
    /// The different visitors of each UTC day, summed: who comes on two days counts twice, since
    /// nobody can know. Clicks whose visitor is not known count none. None where visitors were not
    /// counted. Beyond 1,024 a day it is an estimate with a standard error of 1.6 % of the day's.
    pub visitors: Option<u64>,
}

impl Answer {
    pub(crate) fn none(group: Group) -> Answer {
        Answer { group, clicks: 0, left_out: [0; CLASSES.len()], cells: HashMap::default() }
    }

    /// A breakdown by what links have: the answers to a question about all links, and about those of
    /// each value. A link may have several values, or none.
    pub fn by_links(group: Group, all: &Answer, parts: Vec<(Value, Answer)>) -> Answer {
        let cell = |(value, part): (Value, Answer)| {
            let cell = part.cells.into_values().next()?;
            (cell.clicks != 0).then_some((Key::Value(Some(value)), cell))
        };
        let cells = parts.into_iter().filter_map(cell).collect();
        Answer { group, clicks: all.clicks, left_out: all.left_out, cells }
    }

    /// Adds the answer to the same question about other clicks. The sum is what asking about all of
    /// them would have answered, except that a breakdown knows the visitors of a value only if
    /// both answers counted them.
    pub fn merge(&mut self, other: Answer) {
        self.clicks += other.clicks;
        for (our, their) in self.left_out.iter_mut().zip(other.left_out) {
            *our += their;
        }
        for (key, theirs) in other.cells {
            let Some(ours) = self.cells.get_mut(&key) else {
                self.cells.insert(key, theirs);
                continue;
            };
            ours.clicks += theirs.clicks;
            ours.visitors = match (ours.visitors.take(), theirs.visitors) {
                (Some(mut ours), Some(theirs)) => {
                    for (day, visitors) in theirs {
                        ours.entry(day).or_default().merge(visitors);
                    }
                    Some(ours)
                }
                _ => None,
            };
        }
    }

    /// Clicks of all groups, those without a row included.
    pub fn clicks(&self) -> u64 {
        self.clicks
    }

    /// Clicks that are asked about but for their class.
    pub fn left_out(&self, class: Class) -> u64 {
        self.left_out[usize::from(class.number())]
    }

    /// How many groups there are; of a breakdown, perhaps more than rows.
    pub fn groups(&self) -> usize {
        self.cells.len()
    }

    /// The rows, in the order and as many as the group says.
    pub fn rows(&self) -> Vec<Row> {
        let cells = match self.group {
            Group::Breakdown { limit, .. } => self.first(limit),
            Group::Total | Group::Series(_) | Group::HourByDay => {
                let mut cells: Vec<_> = self.cells.iter().collect();
                cells.sort_unstable_by_key(|(key, _)| *key);
                cells
            }
        };
        let row = |(key, cell): (&Key, &Cell)| Row {
            key: key.clone(),
            clicks: cell.clicks,
            visitors: cell.visitors.as_ref().map(|days| {
                let visitors: u64 = days.values().map(Visitors::count).sum();
                // Nobody visits without a click, whatever is estimated.
                visitors.min(cell.clicks)
            }),
        };
        cells.into_iter().map(row).collect()
    }

    /// The groups of the most clicks; those of as many in the order of their values.
    pub(crate) fn first(&self, limit: usize) -> Vec<(&Key, &Cell)> {
        let mut cells: Vec<(&Key, &Cell)> = self.cells.iter().collect();
        let order = |ours: &(&Key, &Cell), theirs: &(&Key, &Cell)| {
            theirs.1.clicks.cmp(&ours.1.clicks).then_with(|| ours.0.cmp(theirs.0))
        };
        if limit < cells.len() {
            cells.select_nth_unstable_by(limit, order);
            cells.truncate(limit);
        }
        cells.sort_unstable_by(order);
        cells
    }
}
