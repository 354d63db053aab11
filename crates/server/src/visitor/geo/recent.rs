//! Where the addresses that one thread met lately are in the sources.
//!
//! A search goes through twenty places of a database, of which each says where the next is: in a large
//! one most are waits for memory. Who clicks once often clicks again, and many share an address.

use std::{
    cell::RefCell,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    Loaded,
    entry::Entry,
    folder::{Content, File},
};

thread_local! {
    static RECENT: RefCell<Recent> = const { RefCell::new(Recent { of: 0, places: Vec::new() }) };
}

/// Each address at the one place that it hashes to, if no other came there since. Which place that is
/// everybody can tell, and make others be searched for: as if there were no such table.
struct Recent {
    /// The state of the sources that all of it was found in.
    of: u64,
    places: Vec<Sighting>,
}

/// Where one address is in the sources.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sighting {
    /// As it is in IPv6; all zeros, which is nobody's address, where there is none.
    address: u128,
    /// Where its record begins in each of the first files; for a list, anything.
    offsets: [u32; FILES],
    /// Its place among the labels of the built-in ranges.
    pub(super) label: Option<u16>,
}

/// Files whose offsets are kept; further ones are searched each time.
const FILES: usize = 6;
/// The file has nothing of the address.
const NOTHING: u32 = u32::MAX;
/// The offset is too large to be kept.
const FAR: u32 = u32::MAX - 1;
/// Addresses that a thread keeps: 200 kB.
const PLACES: usize = 1 << 12;

const NOBODY: Sighting = Sighting { address: 0, offsets: [NOTHING; FILES], label: None };

/// A number that no other state of the sources has.
pub(super) fn new_state() -> u64 {
    static STATES: AtomicU64 = AtomicU64::new(1);
    STATES.fetch_add(1, Ordering::Relaxed)
}

impl Loaded {
    /// Where a canonical address is in all sources.
    pub(super) fn sighting(&self, address: IpAddr) -> Sighting {
        let number = number(address);
        RECENT.with_borrow_mut(|recent| {
            if recent.of != self.state {
                recent.of = self.state;
                recent.places.clear();
                recent.places.resize(PLACES, NOBODY);
            }
            let place = &mut recent.places[place(number)];
            if place.address != number {
                *place = self.look_for(address, number);
            }
            *place
        })
    }

    fn look_for(&self, address: IpAddr, number: u128) -> Sighting {
        let mut offsets = [NOTHING; FILES];
        for (kept, file) in offsets.iter_mut().zip(&self.files) {
            *kept = match &file.content {
                Content::Database(database) if database.covers(address) => {
                    let offset = database.offset(address);
                    offset.map_or(NOTHING, |it| u32::try_from(it).unwrap_or(FAR).min(FAR))
                }
                Content::Database(_) => NOTHING,
                Content::List(_, ranges) => ranges.find(address).map_or(NOTHING, |_| 0),
            };
        }
        Sighting { address: number, offsets, label: self.ranges.place(address) }
    }
}

impl Sighting {
    /// What a database, which is the file of this number, says of the address.
    pub(super) fn entry<'f>(
        &self,
        number: usize,
        file: &'f Arc<File>,
        address: IpAddr,
    ) -> Option<Entry<'f>> {
        let database = file.database()?;
        match self.offsets.get(number) {
            Some(&NOTHING) => None,
            Some(&FAR) | None => database.covers(address).then(|| database.find(address))?,
            Some(&offset) => database.entry(offset as usize, address),
        }
    }

    /// Whether the address is in a list, which is the file of this number.
    pub(super) fn is_in(&self, number: usize, file: &File, address: IpAddr) -> bool {
        let Content::List(_, ranges) = &file.content else { return false };
        match self.offsets.get(number) {
            Some(&offset) => offset != NOTHING,
            None => ranges.find(address).is_some(),
        }
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// By Fibonacci hashing, as neighbours are no rarer than others.
fn place(number: u128) -> usize {
    let folded = number as u64 ^ (number >> 64) as u64;
    (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - PLACES.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Geo, Wants},
        *,
    };

    const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/demo");

    fn geo(folder: Option<&str>) -> Geo {
        let geo = Geo::new(folder.map(Into::into));
        geo.reload_if_changed();
        geo
    }

    /// All that is known of an address, in words.
    fn told(geo: &Geo, address: IpAddr) -> String {
        let loaded = geo.loaded();
        format!("{:?} {:?}", loaded.place(address, Wants::ALL), loaded.network(address))
    }

    #[test]
    fn what_was_met_before_is_told_as_it_was_the_first_time() {
        let geo = geo(Some(DEMO));
        // More than there are places; every other one is met twice in a row.
        let address = |i: u32| IpAddr::from((i.wrapping_mul(2_654_435_769)).to_be_bytes());
        let all: Vec<IpAddr> = (0..3 * PLACES as u32).map(|i| address(i - i % 4 / 3)).collect();
        let here: Vec<String> = all.iter().map(|address| told(&geo, *address)).collect();
        let elsewhere = || all.iter().rev().map(|address| told(&geo, *address)).collect();
        let mut elsewhere: Vec<String> =
            std::thread::scope(|scope| scope.spawn(elsewhere).join().unwrap());
        elsewhere.reverse();
        assert_eq!(here, elsewhere);
        assert!(here.iter().any(|told| told.contains("city: Some")), "{}", here[0]);
    }

    #[test]
    fn other_sources_are_asked_anew() {
        let (demo, built_in) = (geo(Some(DEMO)), geo(None));
        let address = "82.152.64.1".parse().unwrap();
        let (with, without) = (told(&demo, address), told(&built_in, address));
        assert_ne!(with, without);
        assert_eq!((told(&demo, address), told(&built_in, address)), (with, without));
    }

    #[test]
    fn neighbours_have_places_of_their_own() {
        let of = |last: u8| place(number(IpAddr::from([203, 0, 113, last])));
        let places: std::collections::HashSet<usize> = (0..=255).map(of).collect();
        assert!(240 < places.len(), "{}", places.len());
    }
}
