//! Time zones by name, from the database that the binary carries.

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The zone of an IANA name such as `Europe/Berlin`.
pub(crate) fn named(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// # Errors
///
/// What is wrong with the name.
pub(crate) fn parse(name: &str) -> Result<TimeZone, String> {
    named(name).ok_or_else(|| format!("{name:?} is no time zone such as Europe/Berlin"))
}
