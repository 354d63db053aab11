//! Where addresses are and whose they are: the files of the geo folder and the built-in tables.
//!
//! A fact is told by the first source that knows it: network lists before databases, databases of
//! cities before those of anonymity, providers, autonomous systems and countries, newer ones before
//! older ones of the same sort, and the built-in tables last.

mod database;
mod entry;
mod folder;
mod list;
mod recent;
mod record;
mod source;
mod told;
mod zones;

use std::{
    net::IpAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::{ArcSwap, Guard};
use jiff::Timestamp;
use targeting::{Country, Network, Place};

use self::{
    database::Database,
    entry::Entry,
    folder::{Content, File, Stamp},
    record::Record,
};
use super::{
    address::is_public,
    ranges::{Kind, Label, Ranges},
};

pub use source::{Fact, Problem, Source};

/// The loaded sources, replaced as a whole when the folder changes.
pub struct Geo {
    folder: Option<PathBuf>,
    loaded: ArcSwap<Loaded>,
    /// The folder as it was last read. Held while it is read again, which nobody waits for but a
    /// second reader of the folder.
    seen: Mutex<Option<Result<Vec<Stamp>, String>>>,
}

/// One state of all sources. Facts borrow from it, so it lives as long as a visitor is looked at.
pub struct Loaded {
    /// No other state has this number.
    state: u64,
    /// In the order in which they are asked.
    files: Vec<Arc<File>>,
    ranges: Arc<Ranges>,
    problems: Vec<Problem>,
}

/// Which facts of a place somebody asks for; the country always comes with them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wants {
    /// Region, city, coordinates and the zone that a database has.
    pub place: bool,
    /// The zone from the map, where no database has one.
    pub zone: bool,
    /// Provider and autonomous system.
    pub provider: bool,
}

impl Wants {
    pub const ALL: Wants = Wants { place: true, zone: true, provider: true };
}

impl Geo {
    /// Only the built-in tables, until [`Geo::reload_if_changed`] has read the folder.
    pub fn new(folder: Option<PathBuf>) -> Geo {
        let loaded = Loaded::new(Vec::new(), Arc::new(Ranges::built_in()), Vec::new());
        Geo { folder, loaded: ArcSwap::from_pointee(loaded), seen: Mutex::default() }
    }

    /// Reads the files that changed since the last time, and puts them in place together.
    ///
    /// Returns the new state where anything changed; its problems are news then. A changed file
    /// that cannot be used leaves its earlier content in place. Blocks on the disk.
    pub fn reload_if_changed(&self) -> Option<Arc<Loaded>> {
        let folder = self.folder.as_deref()?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let found = folder::scan(folder);
        if seen.as_ref() == Some(&found) {
            return None;
        }
        let old = self.loaded.load();
        let (files, problems) = match &found {
            Ok(stamps) => folder::load(folder, stamps, &old.files),
            Err(error) => {
                let kept = !old.files.is_empty();
                let file = folder.display().to_string();
                (old.files.clone(), vec![Problem { file, error: error.clone(), kept }])
            }
        };
        let loaded = Arc::new(Loaded::new(files, Arc::clone(&old.ranges), problems));
        self.loaded.store(Arc::clone(&loaded));
        *seen = Some(found);
        Some(loaded)
    }

    /// The state to look a visitor up in; a reload meanwhile does not change it.
    pub fn loaded(&self) -> Guard<Arc<Loaded>> {
        self.loaded.load()
    }
}

impl Loaded {
    fn new(files: Vec<Arc<File>>, ranges: Arc<Ranges>, problems: Vec<Problem>) -> Loaded {
        Loaded { state: recent::new_state(), files, ranges, problems }
    }

    /// The number of this state, which no other has.
    pub fn state(&self) -> u64 {
        self.state
    }

    /// Where an address is. All is unknown of one that is not on the internet.
    pub fn place(&self, address: IpAddr, wants: Wants) -> Place<'_> {
        self.place_by(&self.files, true, address, wants)
    }

    /// Where an address is by the first files, with or without the built-in tables.
    fn place_by<'l>(
        &'l self,
        files: &'l [Arc<File>],
        built_in: bool,
        address: IpAddr,
        wants: Wants,
    ) -> Place<'l> {
        let mut place = Place::default();
        if !is_public(address) {
            return place;
        }
        let address = address.to_canonical();
        let sighting = self.sighting(address);
        let mut as_name = None;
        for (number, file) in files.iter().enumerate() {
            if !file.database().is_some_and(|database| is_wanted(database, &place, wants)) {
                continue;
            }
            let Some(entry) = sighting.entry(number, file, address) else { continue };
            add_place(&mut place, &entry, wants);
            if wants.provider {
                place.isp = place.isp.or(entry.isp);
                place.connection = place.connection.or(entry.facts.connection);
                if place.asn.is_none() {
                    (place.asn, as_name) = (entry.facts.asn, entry.as_name);
                }
            }
        }
        place.isp = place.isp.or(as_name);
        if built_in {
            place.country =
                place.country.or_else(|| Country::parse(iptocc::country_code(address)?));
        }
        place.continent = place.continent.or(place.country.map(Country::continent));
        if built_in && wants.zone && place.timezone.is_none() {
            let coordinates = place.latitude.zip(place.longitude);
            place.timezone = coordinates.and_then(|(north, east)| zones::at(north, east));
        }
        place
    }

    /// Where a city is by the first source that knows: degrees north and east. The first call may
    /// take seconds, as a source has to be gone through once.
    pub fn city(&self, country: Country, name: &str) -> Option<(f32, f32)> {
        let mut databases = self.files.iter().filter_map(|file| file.database());
        databases.find_map(|database| database.city(country, name))
    }

    /// What an address is used for. In no list is "no"; of one that is not on the internet,
    /// nothing is known.
    pub fn network(&self, address: IpAddr) -> Network {
        self.network_by(&self.files, true, address)
    }

    /// What an address is used for by the first files, with or without the built-in ranges.
    fn network_by(&self, files: &[Arc<File>], built_in: bool, address: IpAddr) -> Network {
        let mut network = Network::default();
        if !is_public(address) {
            return network;
        }
        let address = address.to_canonical();
        let sighting = self.sighting(address);
        for (number, file) in files.iter().enumerate() {
            match &file.content {
                Content::List(kind, _) if sighting.is_in(number, file, address) => {
                    add_network(&mut network, only_yes(*kind));
                }
                Content::Database(database)
                    if database.knows(Fact::Anonymity) && database.covers(address) =>
                {
                    let entry = sighting.entry(number, file, address);
                    let told =
                        entry.map_or_else(|| Record::default().network(), |it| it.facts.network);
                    add_network(&mut network, told);
                }
                _ => {}
            }
        }
        if !built_in {
            return network;
        }
        let label = sighting.label.and_then(|place| self.ranges.label(place));
        let kind = label.map(|label| label.kind);
        let by_ranges = Network {
            vpn: Some(kind == Some(Kind::Vpn)),
            proxy: Some(kind == Some(Kind::Proxy)),
            tor: Some(kind == Some(Kind::Tor)),
            // The crawlers' ranges are cut out of those of their hosts.
            datacenter: Some(matches!(kind, Some(Kind::Datacenter | Kind::Crawler))),
        };
        add_network(&mut network, by_ranges);
        network
    }

    /// Whose crawler visits from an address, by what its operator publishes.
    pub fn crawler(&self, address: IpAddr) -> Option<&str> {
        let Label { provider, kind } = self.ranges.find(address)?;
        (*kind == Kind::Crawler).then_some(provider)
    }

    /// The sources in the order in which they are asked.
    pub fn sources(&self) -> Vec<Source> {
        let files = self.files.iter().map(|file| file.source());
        files.chain([self.networks(), Loaded::countries()]).collect()
    }

    /// The built-in ranges of networks.
    fn networks(&self) -> Source {
        let built = i64::try_from(self.ranges.built()).ok();
        Source {
            name: "built-in ranges".to_owned(),
            kind: "iporigin".to_owned(),
            knows: vec![Fact::Anonymity],
            built: built.and_then(|seconds| Timestamp::from_second(seconds).ok()),
        }
    }

    /// The built-in table of countries.
    fn countries() -> Source {
        Source {
            name: "built-in countries".to_owned(),
            kind: "iptocc".to_owned(),
            knows: vec![Fact::Country],
            built: None,
        }
    }

    /// The files that are not in use as they lie in the folder.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// Whether a database may know something that is asked for and that no earlier one knew.
fn is_wanted(database: &Database, place: &Place<'_>, wants: Wants) -> bool {
    let on_map = wants.place || wants.zone;
    let missing = [
        (place.country.is_none(), Fact::Country),
        (wants.place && place.region.is_none(), Fact::Region),
        (wants.place && place.city.is_none(), Fact::City),
        (on_map && place.latitude.is_none(), Fact::Coordinates),
        (on_map && place.timezone.is_none(), Fact::Timezone),
        (wants.provider && place.isp.is_none(), Fact::Isp),
        (wants.provider && place.asn.is_none(), Fact::Asn),
        (wants.provider && place.connection.is_none(), Fact::Connection),
    ];
    missing.into_iter().any(|(missing, fact)| missing && database.knows(fact))
}

fn add_place<'d>(place: &mut Place<'d>, entry: &Entry<'d>, wants: Wants) {
    // One source's city in another source's country would be nowhere.
    if place.country.is_some()
        && entry.facts.country.is_some()
        && place.country != entry.facts.country
    {
        return;
    }
    if place.country.is_none() {
        (place.country, place.continent) = (entry.facts.country, entry.facts.continent);
    }
    if wants.place {
        place.region = place.region.or(entry.facts.region);
        place.city = place.city.or(entry.city);
    }
    if wants.place || wants.zone {
        place.timezone = place.timezone.or(entry.timezone);
        if let (None, Some((north, east))) = (place.latitude, entry.facts.coordinates) {
            (place.latitude, place.longitude) = (Some(north), Some(east));
        }
    }
}

/// Fills in what is not known yet.
fn add_network(network: &mut Network, more: Network) {
    network.vpn = network.vpn.or(more.vpn);
    network.proxy = network.proxy.or(more.proxy);
    network.tor = network.tor.or(more.tor);
    network.datacenter = network.datacenter.or(more.datacenter);
}

/// A list says what is in it; what is not may be in another.
fn only_yes(kind: Kind) -> Network {
    let yes = |of: Kind| (kind == of).then_some(true);
    Network {
        vpn: yes(Kind::Vpn),
        proxy: yes(Kind::Proxy),
        tor: yes(Kind::Tor),
        datacenter: yes(Kind::Datacenter),
    }
}

#[cfg(test)]
mod tests;
