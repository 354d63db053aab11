//! What a database's record says, read once.
//!
//! Decoding a record and finding its region in ISO's list takes longer than all the rest of a redirect.
//! Many addresses share a record, and most visitors come from few of them, so a database keeps what
//! the records that it was asked for say.

use std::sync::OnceLock;

use targeting::{Continent, Country, Network, Region};

use super::record::Record;

/// What one record says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry<'d> {
    pub(super) facts: Facts,
    pub(super) city: Option<&'d str>,
    pub(super) timezone: Option<&'d str>,
    pub(super) isp: Option<&'d str>,
    pub(super) as_name: Option<&'d str>,
}

/// The part of a record that is no text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    pub(super) country: Option<Country>,
    pub(super) continent: Option<Continent>,
    pub(super) region: Option<Region>,
    /// Degrees north and east.
    pub(super) coordinates: Option<(f64, f64)>,
    pub(super) asn: Option<u32>,
    pub(super) connection: Option<&'static str>,
    pub(super) network: Network,
}

/// Records that were asked for, by where they lie in the file.
///
/// Each has one place, which the first that comes keeps: most visitors' are among the first. So
/// nothing is ever written that another core reads, and memory is bounded: at most some 5 MB a
/// database.
pub(super) struct Entries(Box<[OnceLock<Kept>]>);

/// An entry in two places of memory, as each is a wait for it.
struct Kept {
    offset: usize,
    facts: Facts,
    /// City, time zone, provider and autonomous system, one behind the other.
    texts: Box<str>,
    /// Where each of the texts ends; [`ABSENT`] for one that is not there.
    ends: [u32; 4],
}

const ABSENT: u32 = u32::MAX;

const PLACES: usize = 1 << 15;

impl Entries {
    pub(super) fn new() -> Entries {
        Entries((0..PLACES).map(|_| OnceLock::new()).collect())
    }

    /// The entry at an offset; none where its place is another's. `read` is asked the first time.
    pub(super) fn at<'d>(
        &'d self,
        offset: usize,
        read: impl FnOnce() -> Option<Entry<'d>>,
    ) -> Option<Entry<'d>> {
        // Records lie close together: by Fibonacci hashing neighbours get places far apart.
        let spread = (offset as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let place = &self.0[(spread >> (64 - PLACES.ilog2())) as usize];
        let mut read = Some(read);
        let mut found = None;
        let kept = match place.get() {
            Some(kept) => kept,
            None => {
                found = read.take()?();
                let entry = found?;
                place.get_or_init(|| Kept::new(offset, &entry))
            }
        };
        if kept.offset == offset {
            return Some(kept.entry());
        }
        found.or_else(|| read?())
    }
}

impl Kept {
    fn new(offset: usize, entry: &Entry<'_>) -> Kept {
        let mut texts = String::new();
        let ends = [entry.city, entry.timezone, entry.isp, entry.as_name].map(|text| {
            let Some(text) = text else { return ABSENT };
            texts.push_str(text);
            // The reader takes no file of so many bytes.
            u32::try_from(texts.len()).unwrap_or(ABSENT)
        });
        Kept { offset, facts: entry.facts, texts: texts.into(), ends }
    }

    fn entry(&self) -> Entry<'_> {
        let mut begin = 0;
        let [city, timezone, isp, as_name] = self.ends.map(|end| {
            let text = self.texts.get(begin..end as usize)?;
            begin = end as usize;
            Some(text)
        });
        Entry { facts: self.facts, city, timezone, isp, as_name }
    }
}

impl<'d> From<&Record<'d>> for Entry<'d> {
    fn from(record: &Record<'d>) -> Entry<'d> {
        Entry {
            facts: Facts {
                country: record.country(),
                continent: record.continent(),
                region: record.region(),
                coordinates: record.coordinates(),
                asn: record.asn(),
                connection: record.connection(),
                network: record.network(),
            },
            city: record.city(),
            timezone: record.timezone(),
            isp: record.isp(),
            as_name: record.as_name(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn an_entry_is_read_once_and_each_offset_has_its_own() {
        let entries = Entries::new();
        let reads = Cell::new(0);
        let at = |offset: usize| {
            let read = || {
                reads.set(reads.get() + 1);
                let facts = Facts { asn: Some(offset as u32), ..Facts::default() };
                let (city, as_name) = (Some("Köln"), Some("AS"));
                Some(Entry { facts, city, as_name, ..Entry::default() })
            };
            let entry = entries.at(offset, read).unwrap();
            assert_eq!(entry.facts.asn, Some(offset as u32));
            let texts = [entry.city, entry.timezone, entry.isp, entry.as_name];
            assert_eq!(texts, [Some("Köln"), None, None, Some("AS")], "{offset}");
        };
        (0..5).for_each(|_| at(7));
        assert_eq!(reads.get(), 1);
        // More than there are places, so that some share one.
        (0..3 * PLACES).for_each(at);
        (0..3 * PLACES).for_each(at);
    }
}
