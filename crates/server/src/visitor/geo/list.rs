//! A text file of networks that are all of one kind: `vpn.txt`, `proxy.txt`, `tor.txt`,
//! `datacenter.txt`.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::visitor::ranges::{Kind, Label, Ranges};

/// What the part of a file's name before the first of `.`, `-` and `_` says of its networks.
const KINDS: &[(&str, Kind)] = &[
    ("vpn", Kind::Vpn),
    ("proxy", Kind::Proxy),
    ("tor", Kind::Tor),
    ("datacenter", Kind::Datacenter),
];

/// Reads one network or address a line; `#` starts a comment.
pub(super) fn read(file: &str, text: &str) -> Result<(Kind, Ranges), String> {
    let stem = file.split(['.', '-', '_']).next().unwrap_or_default();
    let row = KINDS.iter().find(|(name, _)| stem.eq_ignore_ascii_case(name));
    let Some((_, kind)) = row else {
        let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        return Err(format!("a list of networks is named after its kind: {}", names.join(", ")));
    };
    let mut networks = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let entry = line.split('#').next().unwrap_or_default().trim();
        if !entry.is_empty() {
            let network = network(entry);
            networks
                .push(network.ok_or_else(|| format!("line {}: no network \"{entry}\"", i + 1))?);
        }
    }
    Ok((*kind, Ranges::of(Label { provider: file.into(), kind: *kind }, networks)))
}

fn network(entry: &str) -> Option<IpNet> {
    entry.parse().ok().or_else(|| entry.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_addresses_and_comments_are_read() {
        let text = "# ours\n192.0.2.0/24  # office\n\n2001:db8::1\r\n198.51.100.7\n";
        let (kind, ranges) = read("VPN-extra.txt", text).unwrap();
        assert_eq!((kind, ranges.count()), (Kind::Vpn, 3));
        assert!(ranges.find("192.0.2.9".parse().unwrap()).is_some());
        assert!(ranges.find("2001:db8::2".parse().unwrap()).is_none());
    }

    #[test]
    fn an_error_names_the_line() {
        assert_eq!(read("tor.txt", "1.2.3.4\nx/8").unwrap_err(), "line 2: no network \"x/8\"");
        let error = read("notes.txt", "").unwrap_err();
        let expected = "a list of networks is named after its kind: vpn, proxy, tor, datacenter";
        assert_eq!(error, expected);
    }
}
