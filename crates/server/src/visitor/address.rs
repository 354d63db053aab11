//! The client's address, when proxies stand between.

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::IpNet;

/// Which peers are proxies of ours, and where those write whom they serve.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    pub trusted: Vec<IpNet>,
    pub header: ForwardedHeader,
}

/// The one header that is read; a second one would be the visitor's to forge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForwardedHeader {
    #[default]
    XForwardedFor,
    /// RFC 7239.
    Forwarded,
}

impl ForwardedHeader {
    pub fn parse(name: &str) -> Option<ForwardedHeader> {
        let all = [ForwardedHeader::XForwardedFor, ForwardedHeader::Forwarded];
        all.into_iter().find(|header| header.name().eq_ignore_ascii_case(name))
    }

    /// In lower case, as `http` spells header names.
    pub fn name(self) -> &'static str {
        match self {
            ForwardedHeader::XForwardedFor => "x-forwarded-for",
            ForwardedHeader::Forwarded => "forwarded",
        }
    }

    fn address(self, hop: &str) -> Option<IpAddr> {
        match self {
            ForwardedHeader::XForwardedFor => node(hop),
            ForwardedHeader::Forwarded => forwarded_for(hop).and_then(node),
        }
    }
}

impl Proxies {
    /// Whose request this is: the peer's, unless the peer is trusted.
    ///
    /// All lines of the header count as one list. It is walked from the right, where the nearest
    /// proxy wrote, to the first address that is not trusted. An entry that is no address ends the
    /// walk, and the trusted hop that wrote it is the client: what stands further left is hearsay.
    pub fn client<'h>(&self, peer: IpAddr, mut lines: impl Iterator<Item = &'h str>) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        let mut list = Cow::Borrowed(lines.next().unwrap_or_default());
        for line in lines {
            list = format!("{list},{line}").into();
        }
        // An escaped quote could hide where a quoted text ends; nobody needs one for an address.
        if self.header == ForwardedHeader::Forwarded && list.contains('\\') {
            return client;
        }
        let mut rest = Some(&*list).filter(|list| !list.is_empty());
        while let Some(list) = rest {
            let (left, hop) = split_last(list, b',');
            let Some(address) = self.header.address(hop) else { return client };
            client = address;
            if !self.trusts(client) {
                return client;
            }
            rest = left;
        }
        client
    }

    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted.iter().any(|network| network.contains(&address))
    }
}

/// Whether an address can be a visitor's on the internet; nothing is to be learnt of any other
/// (private, local, documentation, multicast, reserved).
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let reserved = match a {
        0 | 10 | 127 | 224.. => true,
        100 => (64..128).contains(&b),
        169 => b == 254,
        172 => (16..32).contains(&b),
        192 => (b, c) == (0, 0) || (b, c) == (0, 2) || b == 168,
        198 => b == 18 || b == 19 || (b, c) == (51, 100),
        203 => (b, c) == (0, 113),
        _ => false,
    };
    !reserved
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Only 2000::/3 has been given out, less the documentation ranges in it; NAT64's well-known
    // prefix carries the public IPv4 address of a server, never of a visitor.
    let [a, b, ..] = address.segments();
    let documentation = (a, b) == (0x2001, 0x0db8) || (a == 0x3fff && b < 0x1000);
    (0x2000..0x4000).contains(&a) && !documentation
}

/// The `for` of one element of `Forwarded`; none where it is missing or stands twice.
fn forwarded_for(element: &str) -> Option<&str> {
    let mut found = None;
    let mut rest = Some(element);
    while let Some(pairs) = rest {
        let (left, pair) = split_last(pairs, b';');
        let (name, value) = pair.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("for") && found.replace(value).is_some() {
            return None;
        }
        rest = left;
    }
    found
}

/// Parts a list at its last separator outside of quotes.
///
/// It is read from the right because only that end is sure to be a proxy's: a quote that a visitor
/// left open further left cannot swallow it.
fn split_last(list: &str, separator: u8) -> (Option<&str>, &str) {
    let mut quoted = false;
    // By bytes: neither of these is a part of another character.
    for (i, byte) in list.bytes().enumerate().rev() {
        if byte == b'"' {
            quoted = !quoted;
        } else if byte == separator && !quoted {
            return (Some(&list[..i]), &list[i + 1..]);
        }
    }
    (None, list)
}

/// Reads `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`, each with or without
/// quotes; `unknown` and `_hidden` are no addresses.
fn node(text: &str) -> Option<IpAddr> {
    if let Some(address) = dotted(text.as_bytes()) {
        return Some(IpAddr::V4(address));
    }
    let text = text.trim();
    let text = match text.strip_prefix('"') {
        Some(open) => open.strip_suffix('"')?.trim(),
        None => text,
    };
    if let Some(open) = text.strip_prefix('[') {
        let (address, port) = open.split_once(']')?;
        let address: Ipv6Addr = address.parse().ok()?;
        let fits = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return fits.then(|| IpAddr::from(address).to_canonical());
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let (address, port) = text.split_once(':')?;
    let address: Ipv4Addr = address.parse().ok()?;
    is_port(port).then_some(IpAddr::V4(address))
}

/// Reads the form that nearly all have, `192.0.2.1`, as `Ipv4Addr::from_str` does, at a quarter of the
/// cost.
fn dotted(text: &[u8]) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    let (mut at, mut digits, mut value) = (0, 0, 0);
    for &byte in text.strip_prefix(b" ").unwrap_or(text) {
        match byte {
            // A zero in front would be read as octal elsewhere.
            b'0'..=b'9' if digits < 3 && (digits == 0 || value != 0) => {
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
            }
            b'.' if digits != 0 && at < 3 => {
                octets[at] = u8::try_from(value).ok()?;
                (at, digits, value) = (at + 1, 0, 0);
            }
            _ => return None,
        }
    }
    octets[3] = u8::try_from(value).ok()?;
    (at == 3 && digits != 0).then(|| octets.into())
}

/// A port, or RFC 7239's obfuscated one.
fn is_port(text: &str) -> bool {
    let obfuscated = |rest: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        !rest.is_empty() && rest.bytes().all(fits)
    };
    text.parse::<u16>().is_ok() || text.strip_prefix('_').is_some_and(obfuscated)
}

#[cfg(test)]
mod tests {
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
}
