//! Which addresses may be connected to: the table of all networks that are nobody's to ask for.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::LazyLock,
};

use ipnet::IpNet;

/// Judges addresses. A value, so that an operator may open networks of their own, and a test its
/// own machine.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// Networks that are allowed whatever the table says, on every port.
    opened: Vec<IpNet>,
}

/// Networks that are not the public internet, and why: IANA's special-purpose registries, and what
/// embeds an IPv4 address that nobody could judge.
const FORBIDDEN: &[(&str, &str)] = &[
    ("0.0.0.0/8", "this host"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "carrier-grade NAT, and Alibaba's metadata at 100.100.100.200"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "Azure's metadata"),
    ("169.254.0.0/16", "link-local, and most clouds' metadata at 169.254.169.254"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments, and Oracle's metadata at 192.0.0.192"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "AS112"),
    ("192.52.193.0/24", "automatic multicast tunneling"),
    ("192.88.99.0/24", "6to4 relays"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "AS112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved, and broadcast"),
    // Of IPv6, 2000::/3 alone is given out; the table has what lies outside of it in two halves.
    ("::/3", "loopback, unspecified, IPv4-compatible, local NAT64 64:ff9b:1::/48, reserved"),
    ("2001::/23", "protocol assignments: Teredo, benchmarking, ORCHID"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("2620:4f:8000::/48", "AS112"),
    ("3fff::/20", "documentation"),
    ("4000::/2", "reserved, segment routing"),
    ("8000::/1", "unique local, link-local, site-local, multicast, reserved"),
];

static NETWORKS: LazyLock<Vec<IpNet>> = LazyLock::new(|| {
    let parse = |(text, _): &(&str, &str)| text.parse().expect("a test reads every row");
    FORBIDDEN.iter().map(parse).collect()
});

/// Where web servers are found. Other ports speak other protocols, some of which would take a
/// request's lines for commands.
const PORTS: &[u16] = &[80, 443, 8080, 8443];

impl Guard {
    /// The table alone, but for networks that somebody opened.
    pub fn opening(opened: Vec<IpNet>) -> Guard {
        Guard { opened }
    }

    /// Whether a connection to this very address may be made.
    pub fn permits(&self, to: SocketAddr) -> bool {
        let address = plain(to.ip());
        if self.opened.iter().any(|network| network.contains(&address)) {
            return true;
        }
        PORTS.contains(&to.port()) && is_public(address)
    }
}

fn is_public(address: IpAddr) -> bool {
    let forbidden = NETWORKS.iter().any(|network| network.contains(&address));
    !forbidden && embedded(address).is_none_or(|inner| is_public(inner.into()))
}

/// An address without the forms that say the same of an IPv4 address: mapped, and NAT64's well-known
/// prefix, by which a host with IPv6 alone reaches IPv4.
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    if let Some(v4) = v6.to_ipv4_mapped() {
        return v4.into();
    }
    match v6.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => halves(high, low).into(),
        _ => address,
    }
}

/// The IPv4 address within an ISATAP interface, where a tunnel might end.
fn embedded(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(v6) = address else { return None };
    match v6.segments() {
        [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => Some(halves(high, low)),
        _ => None,
    }
}

fn halves(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(Ipv6Addr::from([0, 0, 0, 0, 0, 0, high, low]).to_bits() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(guard: &Guard, address: &str, port: u16, expected: bool) {
        let to = SocketAddr::new(address.parse().unwrap(), port);
        assert_eq!(guard.permits(to), expected, "{to}");
    }

    #[test]
    fn the_public_internet_may_be_asked() {
        for address in [
            "8.8.8.8",
            "1.1.1.1",
            "172.15.255.255",
            "172.32.0.1",
            "100.63.255.255",
            "169.253.0.1",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450:4001:830::200e",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2a00:1450::5efe:8.8.8.8",
        ] {
            check(&Guard::default(), address, 443, true);
        }
    }

    #[test]
    fn nothing_else_may() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "64:ff9b:1:a00:1:0:808:808",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::",
            "2a00:1450::5efe:127.0.0.1",
            "2a00:1450::200:5efe:10.0.0.1",
            "3fff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            check(&Guard::default(), address, 443, false);
        }
    }

    #[test]
    fn only_the_ports_of_the_web_are_asked() {
        for (port, expected) in [(80, true), (8443, true), (22, false), (6379, false), (0, false)] {
            check(&Guard::default(), "8.8.8.8", port, expected);
        }
    }

    #[test]
    fn an_opened_network_is_open_on_every_port_and_in_every_form() {
        let guard = Guard::opening(vec!["127.0.0.0/8".parse().unwrap()]);
        for address in ["127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"] {
            check(&guard, address, 40_000, true);
        }
        check(&guard, "10.0.0.1", 80, false);
        check(&guard, "::1", 80, false);
    }

    #[test]
    fn every_row_is_a_network_written_as_short_as_it_can_be() {
        for (text, _) in FORBIDDEN {
            let network: IpNet = text.parse().unwrap();
            assert_eq!(network.trunc().to_string(), *text);
        }
    }
}
