use proptest::prelude::*;

use super::*;

fn proxies(header: ForwardedHeader) -> Proxies {
    let trusted = ["10.0.0.0/8", "192.0.2.7/32", "2001:db8:ffff::/48"];
    Proxies { trusted: trusted.map(|network| network.parse().unwrap()).to_vec(), header }
}

#[track_caller]
fn check(header: ForwardedHeader, peer: &str, lines: &[&str], expected: &str) {
    let client = proxies(header).client(peer.parse().unwrap(), lines.iter().copied());
    assert_eq!(client.to_string(), expected, "{peer} {lines:?}");
}

#[track_caller]
fn check_xff(peer: &str, lines: &[&str], expected: &str) {
    check(ForwardedHeader::XForwardedFor, peer, lines, expected);
}

#[track_caller]
fn check_forwarded(lines: &[&str], expected: &str) {
    check(ForwardedHeader::Forwarded, "10.0.0.1", lines, expected);
}

#[test]
fn a_stranger_is_taken_for_what_it_is() {
    check_xff("198.51.100.9", &["1.2.3.4"], "198.51.100.9");
    check_xff("::ffff:198.51.100.9", &["1.2.3.4"], "198.51.100.9");
    check_xff("2001:db8::1", &["1.2.3.4"], "2001:db8::1");
}

#[test]
fn a_trusted_peer_tells_whom_it_serves() {
    check_xff("10.0.0.1", &[], "10.0.0.1");
    check_xff("10.0.0.1", &["1.2.3.4"], "1.2.3.4");
    check_xff("::ffff:10.0.0.1", &["1.2.3.4"], "1.2.3.4");
    check_xff("10.0.0.1", &["6.6.6.6, 1.2.3.4, 192.0.2.7"], "1.2.3.4");
    check_xff("10.0.0.1", &["6.6.6.6", "1.2.3.4", "192.0.2.7"], "1.2.3.4");
    check_xff("10.0.0.1", &["10.3.3.3, 10.2.2.2"], "10.3.3.3");
}

#[test]
fn the_walk_ends_where_an_entry_is_no_address() {
    check_xff("10.0.0.1", &["1.2.3.4, unknown"], "10.0.0.1");
    check_xff("10.0.0.1", &["1.2.3.4, _hidden, 10.2.2.2"], "10.2.2.2");
    check_xff("10.0.0.1", &["1.2.3.4, "], "10.0.0.1");
    check_xff("10.0.0.1", &["1.2.3.4,,10.2.2.2"], "10.2.2.2");
    check_xff("10.0.0.1", &["1.2.3.4, 1.2.3"], "10.0.0.1");
    check_xff("10.0.0.1", &["1.2.3.4, 010.2.2.2"], "10.0.0.1");
    check_xff("10.0.0.1", &["\"6.6.6.6", "1.2.3.4"], "1.2.3.4");
}

#[test]
fn addresses_are_read_in_every_spelling() {
    for spelling in ["1.2.3.4", " 1.2.3.4\t", "1.2.3.4:443", "\"1.2.3.4\"", "::ffff:1.2.3.4"] {
        check_xff("10.0.0.1", &[spelling], "1.2.3.4");
    }
    for spelling in ["2A00::1", "[2a00::1]", "[2a00::1]:443", "\"[2a00::1]:_p\""] {
        check_xff("10.0.0.1", &[spelling], "2a00::1");
    }
    for spelling in ["1.2.3.4:", "1.2.3.4:x", "1.2.3.4:99999", "[2a00::1", "2a00::1%eth0"] {
        check_xff("10.0.0.1", &[spelling], "10.0.0.1");
    }
}

#[test]
fn forwarded_is_read_by_its_own_grammar() {
    check_forwarded(&["for=1.2.3.4"], "1.2.3.4");
    check_forwarded(&["For=\"[2a00::1]:4711\";proto=https;by=203.0.113.43"], "2a00::1");
    check_forwarded(&["for=6.6.6.6, for=1.2.3.4;host=\"a, for=7.7.7.7\""], "1.2.3.4");
    check_forwarded(&["for=1.2.3.4;host=\"a;for=7.7.7.7\""], "1.2.3.4");
    check_forwarded(&["for=\"6.6.6.6", "for=1.2.3.4"], "1.2.3.4");
    check_forwarded(&["for=1.2.3.4;for=6.6.6.6"], "10.0.0.1");
    check_forwarded(&["for=1.2.3.4;host=\"\\\", for=6.6.6.6;x=\"b\""], "10.0.0.1");
    check_forwarded(&["for=1.2.3.4, proto=https"], "10.0.0.1");
    check_forwarded(&["1.2.3.4"], "10.0.0.1");
}

#[test]
fn only_addresses_of_the_internet_are_public() {
    for address in ["8.8.8.8", "1.128.0.0", "172.32.0.1", "2a00::1", "::ffff:8.8.8.8"] {
        assert!(is_public(address.parse().unwrap()), "{address}");
    }
    let private = [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.1.1",
        "172.16.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "64:ff9b::8.8.8.8",
        "::ffff:10.0.0.1",
    ];
    for address in private {
        assert!(!is_public(address.parse().unwrap()), "{address}");
    }
}

/// One entry of a chain, as what it means and how it was spelled.
#[derive(Clone, Debug)]
struct Entry {
    means: Option<IpAddr>,
    spelled: String,
}

fn entry() -> impl Strategy<Value = Entry> {
    let trusted = any::<[u8; 3]>().prop_map(|[b, c, d]| IpAddr::from([10, b, c, d]));
    let v4 = any::<[u8; 4]>().prop_map(IpAddr::from);
    let v6 = any::<[u8; 16]>().prop_map(IpAddr::from);
    let address = prop_oneof![4 => trusted, 2 => v4, 1 => v6];
    let garbage = prop_oneof!["unknown", "_[a-z0-9]{1,8}", "", "[ -!#-+\\-./:-\\[\\]-~]{0,12}"];
    let spelled = (address, 0..4).prop_map(|(address, form)| {
        let spelled = match (form, address) {
            (0, _) => address.to_string(),
            (1, IpAddr::V4(_)) => format!("{address}:80"),
            (2, IpAddr::V4(_)) => format!("::ffff:{address}"),
            (1, IpAddr::V6(_)) => format!("[{address}]:80"),
            (2, IpAddr::V6(_)) => format!("[{address}]"),
            _ => format!(" \"{address}\" "),
        };
        Entry { means: Some(address.to_canonical()), spelled }
    });
    let broken = garbage.prop_map(|spelled| Entry { means: node(&spelled), spelled });
    prop_oneof![6 => spelled, 1 => broken]
}

/// What the walk is meant to do, told over parsed entries.
fn reference(proxies: &Proxies, peer: IpAddr, chain: &[Entry]) -> IpAddr {
    let nearest_first = [Some(peer)].into_iter().chain(chain.iter().rev().map(|e| e.means));
    let known: Vec<IpAddr> = nearest_first.map_while(|hop| hop).collect();
    let first_stranger = known.iter().position(|hop| !proxies.trusts(*hop));
    known[first_stranger.unwrap_or(known.len() - 1)]
}

proptest! {
    #[test]
    fn dotted_addresses_are_read_as_the_library_reads_them(text in "[0-9.]{0,16}|([0-9]{1,4}[.]){3}[0-9]{1,4}|[0-2]?[0-9]{1,2}([.][0-2]?[0-9]{1,2}){3}") {
        prop_assert_eq!(dotted(text.as_bytes()), text.parse::<Ipv4Addr>().ok());
    }

    #[test]
    fn the_walk_agrees_with_the_reference(
        chain in prop::collection::vec((entry(), any::<bool>()), 0..100),
        peer in prop_oneof![Just("10.0.0.1"), Just("8.8.8.8")],
    ) {
        let proxies = proxies(ForwardedHeader::XForwardedFor);
        let peer = peer.parse().unwrap();
        let mut lines: Vec<String> = Vec::new();
        for (entry, new_line) in &chain {
            match lines.last_mut() {
                Some(line) if !new_line => *line = format!("{line},{}", entry.spelled),
                _ => lines.push(entry.spelled.clone()),
            }
        }
        let chain: Vec<Entry> = chain.into_iter().map(|(entry, _)| entry).collect();
        let alone_and_empty = lines.len() == 1 && lines[0].is_empty();
        let expected = if alone_and_empty { peer } else { reference(&proxies, peer, &chain) };
        let client = proxies.client(peer, lines.iter().map(String::as_str));
        prop_assert_eq!(client, expected);
    }

    #[test]
    fn a_stranger_cannot_change_its_address(lines in prop::collection::vec(".{0,80}", 0..5)) {
        for header in [ForwardedHeader::XForwardedFor, ForwardedHeader::Forwarded] {
            let peer: IpAddr = "8.8.8.8".parse().unwrap();
            let client = proxies(header).client(peer, lines.iter().map(String::as_str));
            prop_assert_eq!(client, peer);
        }
    }

    #[test]
    fn what_a_visitor_writes_is_never_believed(left in r"[ -\[\]-~]{0,80}") {
        let proxies = proxies(ForwardedHeader::Forwarded);
        let lines = [left.as_str(), "for=1.2.3.4"];
        let client = proxies.client("10.0.0.1".parse().unwrap(), lines.into_iter());
        prop_assert_eq!(client.to_string(), "1.2.3.4");
    }
}
