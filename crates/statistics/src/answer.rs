//! Answers: clicks and visitors by group.

use std::cmp::Ordering;

use model::{CLASSES, Class};

use crate::value::Value;

/// What a question found.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub(crate) clicks: u64,
    /// By the number of the class.
    pub(crate) left_out: [u64; CLASSES.len()],
    pub(crate) groups: usize,
    pub(crate) rows: Vec<Row>,
    /// What was to be asked too and could not be read: whoever brings the clicks knows.
    pub unread: Vec<Unread>,
}

/// Clicks that are stored, and cannot be read: they are missing in an answer, as far as they were
/// asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The number of their block.
    pub block: i64,
    pub clicks: u64,
    /// When the first and the last of them came, in milliseconds since 1970.
    pub first: i64,
    pub last: i64,
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
    /// A city, with the country that it is in, since there is more than one Paris.
    City { country: Value, city: Value },
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
    /// A breakdown by what links have, of so many rows at most: the answers to a question about all
    /// links, and about those of each value. A link may have several values, or none.
    pub fn by_links(limit: usize, all: &Answer, parts: Vec<(Value, Answer)>) -> Answer {
        let row = |(value, part): (Value, Answer)| {
            let row = part.rows.into_iter().next()?;
            (row.clicks != 0).then_some(Row { key: Key::Value(Some(value)), ..row })
        };
        let mut rows: Vec<Row> = parts.into_iter().filter_map(row).collect();
        let groups = rows.len();
        rows.sort_unstable_by(order);
        rows.truncate(limit);
        let unread = all.unread.clone();
        Answer { clicks: all.clicks, left_out: all.left_out, groups, rows, unread }
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
        self.groups
    }

    /// The rows, in the order and as many as the group says.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}

/// The most clicked first, those of as many clicks in the order of their keys.
pub(crate) fn order(ours: &Row, theirs: &Row) -> Ordering {
    theirs.clicks.cmp(&ours.clicks).then_with(|| ours.key.cmp(&theirs.key))
}
