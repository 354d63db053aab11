//! MaxMind's test databases: what we tell of each network, held against their own sources.

use std::{fmt::Write, fs, net::IpAddr, path::PathBuf, sync::Arc};

use server::visitor::{Geo, Loaded, Wants, is_public};
use targeting::{Country, Region};
use tempfile::TempDir;

use crate::tally::Tally;

/// Made by `tests/geo/records.py`; `NOTICE` there says from what.
static RECORDS: &str = include_str!("../../tests/geo/records.tsv");

const DATABASES: [&str; 6] = [
    "GeoIP2-City-Test",
    "GeoLite2-ASN-Test",
    "GeoIP2-ISP-Test",
    "GeoIP2-Anonymous-IP-Test",
    "GeoIP-Anonymous-Plus-Test",
    "GeoIP2-Connection-Type-Test",
];

const DIFFERS: &str = "Wrong.";
const PRIVATE: &str = "On purpose: the address is not on the internet, so nothing is known of it.";

/// One network's first address, and what its record says; empty where it says nothing.
struct Record<'r> {
    address: IpAddr,
    country: &'r str,
    /// ISO 3166-2 without the country, the narrowest first.
    regions: &'r str,
    city: &'r str,
    zone: &'r str,
    isp: &'r str,
    asn: &'r str,
    flags: &'r str,
    connection: &'r str,
}

pub(crate) fn section() -> String {
    let mut text = "\
## Databases

MaxMind's test databases, as PyPI's maxminddb 3.2.0 carries them: the first address of each network,
held against the sources that MaxMind made them from. A network is right where country, region, city,
zone, provider, AS number, flags and kind of connection all are.

| | networks | right | |
|---|---|---|---|
"
    .to_owned();
    let tallies = DATABASES.map(told);
    tallies.iter().for_each(|tally| text.push_str(&tally.row()));
    tallies.iter().for_each(|tally| text.push_str(&tally.reasons()));
    let broken = fixture("broken");
    let mut files: Vec<PathBuf> =
        fs::read_dir(broken).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    text.push_str(
        "
Files that are refused, each with what the log says. What was loaded under the file's name before stays
in use.

| file | |
|---|---|
",
    );
    for file in files {
        let (loaded, _folder) = load(&file);
        let problem = loaded.problems().first().map_or("in use", |problem| &problem.error);
        let name = file.file_name().unwrap().to_string_lossy();
        writeln!(text, "| {name} | {problem} |").unwrap();
    }
    text
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/geo").join(name)
}

/// A folder with one file.
fn load(file: &PathBuf) -> (Arc<Loaded>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(file, folder.path().join(file.file_name().unwrap())).unwrap();
    (Geo::new(Some(folder.path().to_owned())).reload_if_changed().unwrap(), folder)
}

fn told(database: &'static str) -> Tally {
    let (loaded, _folder) = load(&fixture(&format!("maxmind/{database}.mmdb")));
    let mut tally = Tally::new(database);
    for line in RECORDS.lines().filter(|line| line.split('\t').next() == Some(database)) {
        let record = Record::read(line);
        let wrong = record.wrong(&loaded);
        let why = if is_public(record.address) { DIFFERS } else { PRIVATE };
        let what = || format!("{}: {}", record.address, wrong.join(", "));
        tally.count((!wrong.is_empty()).then(|| (why, what())));
    }
    tally
}

impl<'r> Record<'r> {
    fn read(line: &'r str) -> Record<'r> {
        let cells: Vec<&str> = line.split('\t').collect();
        let [_, address, country, regions, city, zone, isp, asn, flags, connection] = cells[..]
        else {
            panic!("ten cells, not {line}");
        };
        let address = address.parse().unwrap();
        Record { address, country, regions, city, zone, isp, asn, flags, connection }
    }

    /// What we tell otherwise than the record says; what it does not say is not compared.
    fn wrong(&self, loaded: &Loaded) -> Vec<&'static str> {
        let place = loaded.place(self.address, Wants::ALL);
        let network = loaded.network(self.address);
        let country = Country::parse(self.country);
        let mut regions = self.regions.split(',').filter(|code| !code.is_empty());
        let region = regions.find_map(|code| Region::coded(country?, code));
        let flag = |names: [&str; 2]| Some(self.flags.split(',').any(|flag| names.contains(&flag)));
        let is_about_flags = !self.flags.is_empty();
        let rows = [
            ("country", self.country.is_empty() || place.country == country),
            ("region", region.is_none() || place.region == region),
            ("city", self.city.is_empty() || place.city == Some(self.city)),
            ("zone", self.zone.is_empty() || place.timezone == Some(self.zone)),
            ("provider", self.isp.is_empty() || place.isp == Some(self.isp)),
            ("number", self.asn.is_empty() || place.asn == self.asn.parse().ok()),
            ("connection", self.connection.is_empty() || place.connection == Some(self.connection)),
            ("vpn", !is_about_flags || network.vpn == flag(["anonymous_vpn"; 2])),
            (
                "proxy",
                !is_about_flags || network.proxy == flag(["public_proxy", "residential_proxy"]),
            ),
            ("tor", !is_about_flags || network.tor == flag(["tor_exit_node"; 2])),
            ("datacenter", !is_about_flags || network.datacenter == flag(["hosting_provider"; 2])),
        ];
        rows.into_iter().filter(|(_, right)| !right).map(|(name, _)| name).collect()
    }
}

#[test]
fn every_network_is_told_as_its_source_says() {
    for tally in DATABASES.map(told) {
        assert_eq!(tally.apart.get(DIFFERS), None, "{}", tally.what);
        assert!(10 < tally.agreed, "{}", tally.what);
    }
}

#[test]
fn no_broken_or_useless_file_is_in_use() {
    assert!(!section().contains("| in use |"));
}
