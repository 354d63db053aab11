//! The time zone of a place on the map.

use std::sync::LazyLock;

use tzf_rs::EmbeddedFinder;

/// Made at the first use: only databases without zones (DB-IP's free one) need it.
static FINDER: LazyLock<EmbeddedFinder> = LazyLock::new(EmbeddedFinder::new);

/// An IANA name; on the open sea one of the `Etc/GMT` zones.
pub(super) fn at(latitude: f64, longitude: f64) -> Option<&'static str> {
    let name = FINDER.get_tz_name(longitude, latitude);
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_their_zone() {
        assert_eq!(at(51.5, -0.12), Some("Europe/London"));
        assert_eq!(at(40.71, -74.0), Some("America/New_York"));
        assert_eq!(at(27.7, 85.3), Some("Asia/Kathmandu"));
        assert_eq!(at(f64::NAN, f64::NAN), None);
    }
}
