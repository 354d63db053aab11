//! One `*.mmdb` file, held in memory and tried out before anyone relies on it.

use std::{
    collections::{HashMap, HashSet, hash_map},
    net::IpAddr,
    panic,
    sync::OnceLock,
};

use jiff::Timestamp;
use maxminddb::{MaxMindDbError, Reader, WithinOptions};

use targeting::Country;

use super::{
    entry::{Entries, Entry},
    record::Record,
    source::Fact,
};

/// How many records are decoded before a file is taken.
const PROBES: usize = 10_000;

pub(super) struct Database {
    reader: Reader<Vec<u8>>,
    /// What its records can tell.
    pub(super) knows: Vec<Fact>,
    entries: Entries,
    /// Where cities are, once somebody has asked.
    cities: OnceLock<Cities>,
}

/// Degrees north and east of cities, by country and folded name.
type Cities = HashMap<(Country, Box<str>), (f32, f32)>;

impl Database {
    /// Reads a whole file. The error is one line, without the file's name.
    pub(super) fn read(bytes: Vec<u8>) -> Result<Database, String> {
        // The reader is fuzzed, but a panic here must cost a file and not the server.
        let read = panic::catch_unwind(|| Database::probe(bytes));
        read.unwrap_or_else(|_| Err("reading it panicked".to_owned()))
    }

    fn probe(bytes: Vec<u8>) -> Result<Database, String> {
        let reader = Reader::from_source(bytes).map_err(|error| error.to_string())?;
        let mut knows = known_of_type(&reader.metadata().database_type);
        let mut note = |record: &Record<'_>| {
            let told = Fact::ALL.iter().filter(|fact| fact.is_in(record));
            let new: Vec<Fact> = told.copied().filter(|fact| !knows.contains(fact)).collect();
            knows.extend(new);
        };
        // Half of the probes walk what is there, since chance would miss a small file's networks.
        let networks = reader.networks(WithinOptions::default()).map_err(|e| e.to_string())?;
        for network in networks.take(PROBES / 2) {
            let record = network.and_then(|found| found.decode()).map_err(|e| e.to_string())?;
            note(&record.unwrap_or_default());
        }
        let v6_too = reader.metadata().ip_version == 6;
        for address in (0..).map(probe_address).filter(|a| v6_too || a.is_ipv4()).take(PROBES / 2) {
            let record = reader.lookup(address).and_then(|found| found.decode());
            note(&record.map_err(|error| error.to_string())?.unwrap_or_default());
        }
        if knows.is_empty() {
            let kind = &reader.metadata().database_type;
            return Err(format!("a database of type \"{kind}\" has no fact that a rule can test"));
        }
        knows.sort_unstable();
        Ok(Database { reader, knows, entries: Entries::new(), cities: OnceLock::new() })
    }

    /// Where a city is: degrees north and east of the first of its networks in the file. The first
    /// call goes through the whole file, which takes a second or two for a large one.
    pub(super) fn city(&self, country: Country, name: &str) -> Option<(f32, f32)> {
        if !self.knows(Fact::City) || !self.knows(Fact::Coordinates) {
            return None;
        }
        let cities = self.cities.get_or_init(|| {
            let read = panic::catch_unwind(panic::AssertUnwindSafe(|| self.read_cities()));
            read.ok().and_then(Result::ok).unwrap_or_default()
        });
        cities.get(&(country, name.to_lowercase().into())).copied()
    }

    fn read_cities(&self) -> Result<Cities, MaxMindDbError> {
        let mut cities = Cities::new();
        // Many networks have one record in common, which is looked at once.
        let mut seen = HashSet::new();
        for network in self.reader.networks(WithinOptions::default())? {
            let network = network?;
            if !network.offset().is_some_and(|offset| seen.insert(offset)) {
                continue;
            }
            let Some(record) = network.decode::<Record<'_>>()? else { continue };
            let place = record.country().zip(record.city()).zip(record.coordinates());
            if let Some(((country, city), (north, east))) = place
                && let hash_map::Entry::Vacant(entry) =
                    cities.entry((country, city.to_lowercase().into()))
            {
                entry.insert((north as f32, east as f32));
            }
        }
        Ok(cities)
    }

    /// What is said of an address; none where the file says nothing.
    pub(super) fn find(&self, address: IpAddr) -> Option<Entry<'_>> {
        self.entry(self.offset(address)?, address)
    }

    /// Where the record of an address begins.
    pub(super) fn offset(&self, address: IpAddr) -> Option<usize> {
        // As in `read`: the probes cannot have seen every record of a large file.
        let look_up = || self.reader.lookup(address).ok()?.offset();
        panic::catch_unwind(panic::AssertUnwindSafe(look_up)).ok()?
    }

    /// What is said at the [offset](Self::offset) of an address.
    pub(super) fn entry(&self, offset: usize, address: IpAddr) -> Option<Entry<'_>> {
        let read = || {
            let found = self.reader.lookup(address).ok()?;
            Some(Entry::from(&found.decode::<Record<'_>>().ok()??))
        };
        self.entries.at(offset, || panic::catch_unwind(panic::AssertUnwindSafe(read)).ok()?)
    }

    pub(super) fn knows(&self, fact: Fact) -> bool {
        self.knows.contains(&fact)
    }

    /// The file's own word for itself, such as `GeoLite2-City`.
    pub(super) fn kind(&self) -> &str {
        &self.reader.metadata().database_type
    }

    pub(super) fn built(&self) -> Option<Timestamp> {
        let seconds = i64::try_from(self.reader.metadata().build_epoch).ok()?;
        Timestamp::from_second(seconds).ok()
    }

    /// Whether an address of this form can be in it at all.
    pub(super) fn covers(&self, address: IpAddr) -> bool {
        address.is_ipv4() || self.reader.metadata().ip_version == 6
    }
}

/// Anonymity databases list only addresses with a flag, so none of a few probes need have one.
fn known_of_type(database_type: &str) -> Vec<Fact> {
    let kind = database_type.to_ascii_lowercase();
    let about_anonymity = ["anonymous", "privacy"].iter().any(|word| kind.contains(word));
    if about_anonymity { vec![Fact::Anonymity] } else { Vec::new() }
}

/// Addresses spread evenly over the internet by Knuth's multiplicative hash; every fourth is IPv6.
fn probe_address(i: u32) -> IpAddr {
    let spread = i.wrapping_mul(2_654_435_769);
    if i % 4 == 3 {
        // Within 2000::/3, all that is in use.
        let high = 0x2000_0000 | (spread >> 3);
        return IpAddr::from((u128::from(high) << 96 | u128::from(spread)).to_be_bytes());
    }
    IpAddr::from(spread.to_be_bytes())
}
