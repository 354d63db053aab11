//! Clicks in the order in which they were stored, for whoever wants each of them once.
//!
//! A segment's clicks are stored in the order of their places, so how far somebody is in each segment
//! says exactly what they have seen, whichever node stored it and wherever it is by now.

use std::{collections::BTreeMap, fmt, str::FromStr};

use model::Result;

use crate::{
    Store,
    batches::{RecentClick, recent},
    clicks::{PLACE_BITS, SEGMENT, segment_of},
    db::Conn,
    failure,
};

/// How far somebody is, in each segment that may still grow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// Segments below this number are done.
    floor: i64,
    /// The first place of each segment that was not seen; segments that are not here begin at 0.
    places: BTreeMap<i64, i64>,
}

/// What [`Store::clicks_after`] found.
#[derive(Debug, Default)]
pub struct After {
    /// Those that are in no block, by their keys.
    pub recent: Vec<RecentClick>,
    /// Where all others are.
    pub sealed: Vec<Sealed>,
    /// Whether there is more that was stored already.
    pub more: bool,
}

/// Clicks of one segment that are in a block by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub block: i64,
    pub number: i64,
    pub segment: u128,
    /// From one place up to another.
    pub from: u64,
    pub to: u64,
}

/// Bytes of a segment that are looked through at a time.
const AT_ONCE: i64 = 1 << 20;

/// Segments that the text of a tail may name: those of far more nodes than there can be.
const MOST: usize = 1_024;

/// What is no tail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the end of a stream of clicks")]
pub struct BadTail;

impl Tail {
    /// Whether a click was seen, and, if not, that it is now.
    pub fn see(&mut self, key: i64) -> bool {
        let (number, place) = (key >> PLACE_BITS, key % SEGMENT);
        if number < self.floor {
            return true;
        }
        let next = self.places.entry(number).or_insert(0);
        let seen = place < *next;
        *next = (*next).max(place + 1);
        seen
    }

    /// Takes over what another has seen besides.
    pub fn catch_up(&mut self, other: &Tail) {
        self.floor = self.floor.max(other.floor);
        for (number, place) in &other.places {
            let own = self.places.entry(*number).or_insert(0);
            *own = (*own).max(*place);
        }
        let floor = self.floor;
        self.places.retain(|number, _| floor <= *number);
    }

    /// Whether it has seen all that another has.
    pub fn has_seen(&self, other: &Tail) -> bool {
        let has = |(number, place): (&i64, &i64)| {
            *number < self.floor || *place <= self.places.get(number).copied().unwrap_or(0)
        };
        other.floor <= self.floor && other.places.iter().all(has)
    }
}

impl Sealed {
    /// The key of the click at a place.
    pub fn key(&self, place: u64) -> i64 {
        (self.number << PLACE_BITS) | (i64::try_from(place).unwrap_or(i64::MAX) % SEGMENT)
    }
}

impl Store {
    /// The end of all that is stored now.
    pub async fn tail(&self) -> Result<Tail> {
        let mut tail = Tail::default();
        let mut conn = self.db.read().await?;
        let segments = segments(&mut conn, 0).await?;
        tail.places.extend(segments.iter().map(|segment| (segment.number, segment.cursor)));
        tail.finish(&segments);
        Ok(tail)
    }

    /// The clicks that were stored after a tail, which has seen them then.
    pub async fn clicks_after(&self, tail: &mut Tail) -> Result<After> {
        let mut conn = self.db.read().await?;
        Ok(after(&mut conn, tail).await?)
    }
}

struct Segment {
    number: i64,
    name: u128,
    /// The first byte that is not stored yet.
    cursor: i64,
    gone: bool,
}

async fn segments(conn: &mut Conn, floor: i64) -> failure::Result<Vec<Segment>> {
    let sql = "select number, name, cursor, gone from segments where $1 <= number order by number";
    let rows = conn.fetch_all(sql, &[floor.into()]).await?;
    let segment = |row: &crate::db::Row| {
        Ok(Segment {
            number: row.int("number")?,
            name: segment_of(row.text("name")?)?,
            cursor: row.int("cursor")?,
            gone: row.int("gone")? == 1,
        })
    };
    rows.iter().map(segment).collect()
}

async fn after(conn: &mut Conn, tail: &mut Tail) -> failure::Result<After> {
    let segments = segments(conn, tail.floor).await?;
    let mut found = After::default();
    for segment in &segments {
        let from = tail.places.get(&segment.number).copied().unwrap_or(0);
        let to = segment.cursor.min(from + AT_ONCE);
        if to <= from {
            continue;
        }
        found.more |= to < segment.cursor;
        let base = segment.number << PLACE_BITS;
        // These first: one that is sealed meanwhile is found twice then, and never missed.
        found.recent.append(&mut recent(conn, base + from, base + to - 1).await?);
        found.sealed.append(&mut sealed(conn, segment, (from, to)).await?);
        tail.places.insert(segment.number, to);
    }
    tail.finish(&segments);
    Ok(found)
}

async fn sealed(
    conn: &mut Conn,
    segment: &Segment,
    (from, to): (i64, i64),
) -> failure::Result<Vec<Sealed>> {
    let base = segment.number << PLACE_BITS;
    let sql = "
        select distinct block_id from click_spans
        where first_id < $1 and $2 <= last_id order by block_id";
    let blocks = conn.fetch_all(sql, &[(base + to).into(), (base + from).into()]).await?;
    let one = |row: &crate::db::Row| {
        Ok(Sealed {
            block: row.int("block_id")?,
            number: segment.number,
            segment: segment.name,
            from: from.unsigned_abs(),
            to: to.unsigned_abs(),
        })
    };
    blocks.iter().map(one).collect()
}

impl Tail {
    /// Forgets segments that are done: their files are gone, and all of them was seen.
    fn finish(&mut self, segments: &[Segment]) {
        let is_open = |segment: &&Segment| {
            let seen = self.places.get(&segment.number).copied().unwrap_or(0);
            !segment.gone || seen < segment.cursor
        };
        let last = segments.last().map_or(self.floor, |segment| segment.number + 1);
        self.floor = segments.iter().find(is_open).map_or(last, |segment| segment.number);
        let floor = self.floor;
        self.places.retain(|number, place| floor <= *number && *place != 0);
    }
}

/// `floor`, then each segment's number and place: `3.5-1a0.7-20`, in hexadecimal digits.
impl fmt::Display for Tail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.floor)?;
        self.places.iter().try_for_each(|(number, place)| write!(f, ".{number:x}-{place:x}"))
    }
}

impl FromStr for Tail {
    type Err = BadTail;

    fn from_str(text: &str) -> Result<Tail, BadTail> {
        let number = |text: &str| match i64::from_str_radix(text, 16) {
            // No number of a segment is greater, nor is a place within one.
            Ok(number @ 0..SEGMENT) => Ok(number),
            _ => Err(BadTail),
        };
        let mut parts = text.split('.');
        let floor = number(parts.next().unwrap_or_default())?;
        let mut places = BTreeMap::new();
        for part in parts.take(MOST) {
            let (segment, place) = part.split_once('-').ok_or(BadTail)?;
            places.insert(number(segment)?, number(place)?);
        }
        Ok(Tail { floor, places })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(text: &str) -> Tail {
        text.parse().unwrap()
    }

    #[test]
    fn a_tail_is_read_back_and_other_text_is_none() {
        for text in ["0", "3.5-1a0.7-20", "ffff"] {
            assert_eq!(tail(text).to_string(), text);
        }
        for text in ["", "x", "-1", "3.", "3.5", "3.5-", "3.5-100000000", "clk_0_1"] {
            assert_eq!(text.parse::<Tail>(), Err(BadTail), "{text}");
        }
    }

    #[test]
    fn each_click_is_new_once() {
        let mut seen = tail("2.3-10");
        let key = |number: i64, place: i64| (number << PLACE_BITS) | place;
        assert!(seen.see(key(1, 500)) && seen.see(key(3, 0xf)));
        assert!(!seen.see(key(3, 0x10)) && seen.see(key(3, 0x10)));
        assert!(!seen.see(key(4, 0)) && seen.see(key(4, 0)));
        assert_eq!(seen.to_string(), "2.3-11.4-1");
    }

    #[test]
    fn who_catches_up_has_seen_what_the_other_has() {
        let (mut one, other) = (tail("2.3-10.4-8"), tail("3.3-20.5-1"));
        assert!(!one.has_seen(&other) && !other.has_seen(&one));
        one.catch_up(&other);
        assert!(one.has_seen(&other) && one.has_seen(&tail("2.3-10.4-8")));
        assert_eq!(one.to_string(), "3.3-20.4-8.5-1");
    }
}
