use std::{fs, path::Path, sync::Arc};

use tempfile::TempDir;

use super::*;

/// The fixtures; `NOTICE` there says where they are from.
fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/geo").join(name)
}

fn folder_with(fixtures: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in fixtures {
        let from = fixture(name);
        fs::copy(&from, folder.path().join(from.file_name().unwrap())).unwrap();
    }
    folder
}

/// The state of a folder that must load without a problem.
#[track_caller]
fn load(fixtures: &[&str]) -> Arc<Loaded> {
    let folder = folder_with(fixtures);
    let loaded = Geo::new(Some(folder.path().to_owned())).reload_if_changed().unwrap();
    assert_eq!(loaded.problems(), []);
    loaded
}

/// Country, region, city, zone, provider and number, with `-` for unknown.
fn told(loaded: &Loaded, address: &str) -> String {
    let place = loaded.place(address.parse().unwrap(), Wants::ALL);
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let country = or_dash(place.country.map(|country| country.to_string()));
    let region = or_dash(place.region.map(|region| region.to_string()));
    let city = place.city.unwrap_or("-");
    let zone = place.timezone.unwrap_or("-");
    let isp = place.isp.unwrap_or("-");
    format!(
        "{country}, {region}, {city}, {zone}, {isp}, {}",
        or_dash(place.asn.map(|a| a.to_string()))
    )
}

fn flags(loaded: &Loaded, address: &str) -> [Option<bool>; 4] {
    let Network { vpn, proxy, tor, datacenter } = loaded.network(address.parse().unwrap());
    [vpn, proxy, tor, datacenter]
}

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

#[test]
fn without_any_file_the_country_is_known() {
    let loaded = Geo::new(None).loaded();
    assert_eq!(told(&loaded, "8.8.8.8"), "US, -, -, -, -, -");
    assert_eq!(told(&loaded, "2a01:e00::1"), "FR, -, -, -, -, -");
    assert_eq!(loaded.sources().len(), 2);
}

#[test]
fn nothing_is_known_of_addresses_that_are_not_on_the_internet() {
    let loaded = load(&["maxmind/GeoIP2-City-Test.mmdb", "maxmind/GeoIP2-Anonymous-IP-Test.mmdb"]);
    for address in ["10.0.0.1", "127.0.0.1", "::1", "::ffff:192.168.0.1"] {
        assert_eq!(told(&loaded, address), "-, -, -, -, -, -");
        assert_eq!(flags(&loaded, address), [None; 4]);
    }
}

#[test]
fn a_nested_city_database_is_read() {
    let loaded = load(&["maxmind/GeoIP2-City-Test.mmdb"]);
    assert_eq!(told(&loaded, "2.125.160.216"), "GB, GB-WBK, Boxford, Europe/London, -, -");
    assert_eq!(told(&loaded, "::ffff:2.125.160.216"), told(&loaded, "2.125.160.216"));
    assert!(told(&loaded, "81.2.69.142").contains(", London, Europe/London,"));
    let place = loaded.place("2.125.160.216".parse().unwrap(), Wants::ALL);
    assert_eq!((place.latitude, place.longitude), (Some(51.75), Some(-1.25)));
    assert_eq!(place.continent, Some(targeting::Continent::Europe));
}

#[test]
fn cities_are_where_their_networks_are() {
    let files = ["maxmind/GeoIP2-City-Test.mmdb", "made/flat-city-ipv4.mmdb"];
    let loaded = load(&files);
    let city = |country, name| loaded.city(targeting::Country::parse(country).unwrap(), name);
    assert_eq!(city("GB", "boxford"), Some((51.75, -1.25)));
    assert_eq!(city("US", "Boxford"), None);
    assert_eq!(load(&[]).city(targeting::Country::parse("GB").unwrap(), "Boxford"), None);
}

#[test]
fn regions_by_name_alone_and_zones_from_the_map() {
    let loaded = load(&["made/dbip-city-lite.mmdb"]);
    let expected = "US, US-CA, Los Angeles (Downtown), America/Los_Angeles, -, -";
    assert_eq!(told(&loaded, "5.4.1.1"), expected);
}

#[test]
fn flat_city_databases_in_two_files_are_read() {
    let loaded = load(&["made/flat-city-ipv4.mmdb", "made/flat-city-ipv6.mmdb"]);
    assert_eq!(told(&loaded, "5.1.2.3"), "DE, DE-BY, Munich, Europe/Berlin, -, -");
    assert_eq!(told(&loaded, "5.2.2.3"), "NP, NP-P3, Kathmandu, Asia/Kathmandu, -, -");
    assert_eq!(told(&loaded, "2a00:1::5"), "FR, FR-IDF, Paris, Europe/Paris, -, -");
    let place = loaded.place("5.1.2.3".parse().unwrap(), Wants::ALL);
    assert_eq!((place.latitude, place.longitude), (Some(48.1375), Some(11.575)));
}

#[test]
fn providers_and_autonomous_systems_are_read() {
    let loaded = load(&["maxmind/GeoLite2-ASN-Test.mmdb"]);
    assert!(told(&loaded, "1.128.0.0").ends_with("Telstra Pty Ltd, 1221"));
    let loaded = load(&["maxmind/GeoIP2-ISP-Test.mmdb", "maxmind/GeoLite2-ASN-Test.mmdb"]);
    assert!(told(&loaded, "1.128.0.0").ends_with("Telstra Internet, 1221"));
    let loaded = load(&["made/ipinfo-lite.mmdb"]);
    assert_eq!(told(&loaded, "5.1.2.3"), "DE, -, -, -, Cogent Communications, 174");
}

#[test]
fn anonymity_databases_say_no_by_leaving_out() {
    let loaded = load(&["maxmind/GeoIP2-Anonymous-IP-Test.mmdb"]);
    assert_eq!(flags(&loaded, "1.2.0.1"), [YES, NO, NO, NO]);
    assert_eq!(flags(&loaded, "91.0.0.1"), [NO, NO, NO, NO]);
    let loaded = load(&["made/privacy.mmdb"]);
    assert_eq!(flags(&loaded, "5.1.1.1"), [YES, NO, NO, YES]);
}

#[test]
fn the_database_of_anonymous_plus_is_one_of_anonymity() {
    let loaded = load(&["maxmind/GeoIP-Anonymous-Plus-Test.mmdb"]);
    assert_eq!(flags(&loaded, "1.2.0.1"), [YES, NO, NO, NO]);
    assert_eq!(flags(&loaded, "6.1.0.2"), [NO, NO, NO, YES]);
    // Residential proxies are proxies.
    assert_eq!(flags(&loaded, "6.1.0.4"), [NO, YES, NO, NO]);
    assert_eq!(flags(&loaded, "65.0.0.0"), [NO, NO, YES, NO]);
    assert_eq!(flags(&loaded, "81.2.69.1"), [YES; 4]);
    assert_eq!(flags(&loaded, "91.0.0.1"), [NO; 4]);
    assert_eq!(loaded.sources()[0].knows, [Fact::Anonymity]);
}

#[test]
fn types_of_connections_are_told_under_our_names() {
    let loaded = load(&["maxmind/GeoIP2-Connection-Type-Test.mmdb"]);
    #[track_caller]
    fn check(loaded: &Loaded, address: &str, expected: Option<&str>) {
        let place = loaded.place(address.parse().unwrap(), Wants::ALL);
        assert_eq!(place.connection, expected, "{address}");
    }
    check(&loaded, "1.0.0.1", Some("cable/dsl"));
    check(&loaded, "1.0.1.1", Some("cellular"));
    check(&loaded, "8.8.8.8", None);
    assert_eq!(loaded.sources()[0].knows, [Fact::Connection]);
    assert!(
        loaded.can_tell("connectionType") && !Geo::new(None).loaded().can_tell("connectionType")
    );
}

#[test]
fn built_in_ranges_tell_where_no_file_does() {
    let loaded = Geo::new(None).loaded();
    assert_eq!(flags(&loaded, "52.95.110.1"), [NO, NO, NO, YES]);
    assert_eq!(flags(&loaded, "66.249.66.1"), [NO, NO, NO, YES]);
    assert_eq!(flags(&loaded, "91.0.0.1"), [NO, NO, NO, NO]);
    assert_eq!(loaded.crawler("66.249.66.1".parse().unwrap()), Some("Googlebot"));
    assert_eq!(loaded.crawler("52.95.110.1".parse().unwrap()), None);
}

#[test]
fn lists_of_networks_go_before_databases() {
    let folder = folder_with(&["maxmind/GeoIP2-Anonymous-IP-Test.mmdb"]);
    fs::write(folder.path().join("vpn.txt"), "91.0.0.0/24\n").unwrap();
    let loaded = Geo::new(Some(folder.path().to_owned())).reload_if_changed().unwrap();
    assert_eq!(flags(&loaded, "91.0.0.1"), [YES, NO, NO, NO]);
    assert_eq!(flags(&loaded, "91.0.1.1"), [NO, NO, NO, NO]);
    let names: Vec<_> = loaded.sources().into_iter().map(|source| source.name).collect();
    let expected =
        ["vpn.txt", "GeoIP2-Anonymous-IP-Test.mmdb", "built-in ranges", "built-in countries"];
    assert_eq!(names, expected);
}

#[test]
fn the_most_special_source_goes_first_and_the_others_agree_or_are_silent() {
    let loaded = load(&["made/ipinfo-lite.mmdb", "made/flat-city-ipv4.mmdb"]);
    let names: Vec<_> = loaded.sources().into_iter().map(|source| source.name).collect();
    assert_eq!(names[..2], ["flat-city-ipv4.mmdb", "ipinfo-lite.mmdb"]);
    // The lite file has India there: its network counts, its place does not.
    let expected = "NP, NP-P3, Kathmandu, Asia/Kathmandu, Elsewhere Ltd, 65536";
    assert_eq!(told(&loaded, "5.2.2.3"), expected);
}

#[test]
fn only_what_is_asked_for_is_looked_up() {
    let loaded = load(&["made/flat-city-ipv4.mmdb", "made/ipinfo-lite.mmdb"]);
    let place = loaded.place("5.1.2.3".parse().unwrap(), Wants::default());
    assert_eq!(place.country.map(|country| country.to_string()).as_deref(), Some("DE"));
    assert!(place.city.is_none() && place.asn.is_none() && place.timezone.is_none());
    let wants = Wants { zone: true, ..Wants::default() };
    assert_eq!(loaded.place("5.1.2.3".parse().unwrap(), wants).timezone, Some("Europe/Berlin"));
}

#[test]
fn sources_say_what_they_know_and_how_old_they_are() {
    let loaded = load(&["maxmind/GeoIP2-City-Test.mmdb"]);
    let source = &loaded.sources()[0];
    assert_eq!((&*source.name, &*source.kind), ("GeoIP2-City-Test.mmdb", "GeoIP2-City"));
    assert!(source.knows.contains(&Fact::City) && !source.knows.contains(&Fact::Isp));
    assert!("2020-01-01T00:00:00Z".parse::<Timestamp>().unwrap() < source.built.unwrap());
}

#[test]
fn the_papers_that_come_with_a_database_are_left_alone() {
    let folder = folder_with(&["made/dbip-city-lite.mmdb"]);
    for paper in ["README.txt", "LICENSE.txt", ".hidden.txt", "notes.md"] {
        fs::write(folder.path().join(paper), "free of charge").unwrap();
    }
    let loaded = Geo::new(Some(folder.path().to_owned())).reload_if_changed().unwrap();
    assert_eq!(loaded.problems(), []);
    let attribution = loaded.sources()[0].attribution();
    assert_eq!(attribution, Some("IP geolocation by DB-IP, https://db-ip.com"));
}

#[test]
fn the_folder_is_read_again_only_when_it_changes() {
    let folder = folder_with(&["made/flat-city-ipv4.mmdb"]);
    let geo = Geo::new(Some(folder.path().to_owned()));
    assert!(geo.reload_if_changed().is_some());
    assert!(geo.reload_if_changed().is_none());
    fs::copy(fixture("made/ipinfo-lite.mmdb"), folder.path().join("lite.mmdb")).unwrap();
    let before = geo.loaded();
    assert!(geo.reload_if_changed().is_some());
    assert_eq!((before.sources().len(), geo.loaded().sources().len()), (3, 4));
    fs::remove_file(folder.path().join("lite.mmdb")).unwrap();
    assert_eq!(geo.reload_if_changed().unwrap().sources().len(), 3);
}

#[test]
fn a_bad_file_leaves_the_old_one_in_place() {
    let folder = folder_with(&["made/flat-city-ipv4.mmdb"]);
    let geo = Geo::new(Some(folder.path().to_owned()));
    geo.reload_if_changed().unwrap();
    let path = folder.path().join("flat-city-ipv4.mmdb");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let loaded = geo.reload_if_changed().unwrap();
    let [problem] = loaded.problems() else { panic!("{:?}", loaded.problems()) };
    assert_eq!((&*problem.file, problem.kept), ("flat-city-ipv4.mmdb", true));
    assert_eq!(told(&loaded, "5.1.2.3"), "DE, DE-BY, Munich, Europe/Berlin, -, -");
    fs::write(&path, &whole).unwrap();
    assert_eq!(geo.reload_if_changed().unwrap().problems(), []);
}

#[test]
fn every_broken_database_is_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    for entry in fs::read_dir(fixture("broken")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        count += 1;
    }
    let loaded = Geo::new(Some(folder.path().to_owned())).reload_if_changed().unwrap();
    let refused: Vec<_> = loaded.problems().iter().map(|problem| &*problem.file).collect();
    assert_eq!(refused.len(), count, "{:?}", loaded.sources());
    for problem in loaded.problems() {
        assert!(!problem.error.contains('\n') && !problem.error.is_empty(), "{problem:?}");
        assert!(!problem.kept);
    }
    assert_eq!(told(&loaded, "8.8.8.8"), "US, -, -, -, -, -");
}

#[test]
fn no_broken_database_takes_the_place_of_a_good_one() {
    let folder = folder_with(&["made/flat-city-ipv4.mmdb"]);
    let path = folder.path().join("flat-city-ipv4.mmdb");
    let geo = Geo::new(Some(folder.path().to_owned()));
    geo.reload_if_changed().unwrap();
    for entry in fs::read_dir(fixture("broken")).unwrap() {
        let broken = entry.unwrap().path();
        fs::copy(&broken, &path).unwrap();
        let loaded = geo.reload_if_changed().unwrap();
        let [problem] = loaded.problems() else { panic!("{broken:?} {:?}", loaded.problems()) };
        assert!(problem.kept && problem.to_string().ends_with("its earlier content stays in use"));
        assert_eq!(
            told(&loaded, "5.1.2.3"),
            "DE, DE-BY, Munich, Europe/Berlin, -, -",
            "{broken:?}"
        );
    }
}

#[test]
fn a_folder_that_cannot_be_read_is_news_once() {
    let geo = Geo::new(Some("/nonexistent/geo".into()));
    let loaded = geo.reload_if_changed().unwrap();
    assert_eq!(loaded.problems()[0].file, "/nonexistent/geo");
    assert!(geo.reload_if_changed().is_none());
}

#[test]
fn each_fact_is_told_by_the_first_source_that_it_needs() {
    let loaded = load(&[
        "maxmind/GeoIP2-City-Test.mmdb",
        "maxmind/GeoIP2-ISP-Test.mmdb",
        "maxmind/GeoLite2-ASN-Test.mmdb",
    ]);
    #[track_caller]
    fn check(loaded: &Loaded, address: &str, field: &str, expected: Option<&str>) {
        let teller = loaded.teller(address.parse().unwrap(), field).map(|source| source.name);
        assert_eq!(teller.as_deref(), expected, "{field} of {address}");
    }
    let london = "81.2.69.142";
    for field in ["country", "continent", "region", "city", "timezone", "latitude"] {
        check(&loaded, london, field, Some("GeoIP2-City-Test.mmdb"));
    }
    check(&loaded, london, "datacenter", Some("built-in ranges"));
    check(&loaded, "1.128.0.0", "asn", Some("GeoIP2-ISP-Test.mmdb"));
    // Nobody's city, and the country of the built-in table.
    check(&loaded, "8.8.8.8", "city", None);
    check(&loaded, "8.8.8.8", "country", Some("built-in countries"));
    check(&loaded, "192.168.0.1", "country", None);
    check(&loaded, london, "os", None);
}

#[test]
fn what_no_source_can_tell_is_known() {
    let bare = Geo::new(None).loaded();
    for field in ["country", "continent", "vpn", "datacenter", "os", "query.*"] {
        assert!(bare.can_tell(field), "{field}");
    }
    for field in ["city", "region", "timezone", "latitude", "isp", "asn"] {
        assert!(!bare.can_tell(field), "{field}");
    }
    let cities = load(&["maxmind/GeoIP2-City-Test.mmdb"]);
    assert!(cities.can_tell("city") && cities.can_tell("timezone") && !cities.can_tell("asn"));
    for loaded in [&**bare, &*cities] {
        let tells = loaded.tells();
        for field in targeting::FIELDS {
            assert_eq!(tells(field), loaded.can_tell(field.name), "{}", field.name);
        }
    }
}
