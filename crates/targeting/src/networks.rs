//! Sets of addresses and networks.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

/// Ranges of addresses, both ends included, in order and apart from each other: a look-up is one
/// binary search for any number of networks.
#[derive(Debug, Default)]
pub(crate) struct Networks {
    v4: Box<[(u32, u32)]>,
    v6: Box<[(u128, u128)]>,
}

/// Reads an address or a network such as `10.0.0.0/8`; bits after the prefix do not matter.
pub(crate) fn parse(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let net = text.parse::<IpAddr>().map(IpNet::from).or_else(|_| text.parse::<IpNet>()).ok()?;
    Some(unmap(net.trunc()))
}

impl Networks {
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(address) => covers(&self.v4, address.to_bits()),
            IpAddr::V6(address) => covers(&self.v6, address.to_bits()),
        }
    }
}

impl Networks {
    /// The first and the last address of each network, if all are of the old family.
    pub(crate) fn v4_alone(&self) -> Option<&[(u32, u32)]> {
        self.v6.is_empty().then_some(&*self.v4)
    }
}

impl FromIterator<IpNet> for Networks {
    fn from_iter<I: IntoIterator<Item = IpNet>>(nets: I) -> Networks {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for net in nets {
            match net {
                IpNet::V4(net) => v4.push((net.network().to_bits(), net.broadcast().to_bits())),
                IpNet::V6(net) => v6.push((net.network().to_bits(), net.broadcast().to_bits())),
            }
        }
        Networks { v4: apart(v4), v6: apart(v6) }
    }
}

/// Networks either hold one another or lie apart, so a range that starts inside the one before it
/// adds nothing.
fn apart<T: Copy + Ord>(mut ranges: Vec<(T, T)>) -> Box<[(T, T)]> {
    ranges.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    ranges.dedup_by(|next, kept| next.0 <= kept.1);
    ranges.into_boxed_slice()
}

fn covers<T: Copy + Ord>(ranges: &[(T, T)], address: T) -> bool {
    let after = ranges.partition_point(|(first, _)| *first <= address);
    after.checked_sub(1).is_some_and(|i| address <= ranges[i].1)
}

/// `::ffff:10.0.0.0/104` is `10.0.0.0/8`, since visitors' addresses are read that way too.
fn unmap(net: IpNet) -> IpNet {
    const MAPPED: u8 = 96;
    let IpNet::V6(v6) = net else { return net };
    let v4 = match v6.network().to_ipv4_mapped() {
        Some(v4) if MAPPED <= v6.prefix_len() => Ipv4Net::new(v4, v6.prefix_len() - MAPPED),
        _ => return net,
    };
    v4.map_or(net, IpNet::V4)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(nets: &[&str]) -> Networks {
        nets.iter().map(|net| parse(net).unwrap()).collect()
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_and_networks_of_both_families_are_found() {
        let nets = set(&["10.0.0.0/8", "10.1.0.0/16", "192.0.2.7", "2001:db8::/32", "10.9.9.9/8"]);
        assert_eq!((nets.v4.len(), nets.v6.len()), (2, 1));
        for inside in ["10.0.0.0", "10.255.255.255", "192.0.2.7", "2001:db8::1", "::ffff:10.1.2.3"]
        {
            assert!(nets.contains(address(inside)), "{inside}");
        }
        for outside in ["9.255.255.255", "11.0.0.0", "192.0.2.8", "2001:db9::", "::"] {
            assert!(!nets.contains(address(outside)), "{outside}");
        }
        assert!(set(&["::ffff:10.0.0.0/104"]).contains(address("10.2.3.4")));
        assert!(set(&["0.0.0.0/0"]).contains(address("255.255.255.255")));
        assert!(!Networks::default().contains(address("1.1.1.1")));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.0/33", "10.0.0", "example.com", "10.0.0.0/", "::/129"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_set_says_what_its_networks_say(
            nets in prop::collection::vec((any::<u32>(), 20_u8..=32), 0..40),
            wanted in any::<u32>(),
        ) {
            // Few distinct bits, so that networks meet each other and the address.
            let low = |bits: u32| std::net::Ipv4Addr::from_bits(bits & 0xffff);
            let net = |(bits, prefix)| IpNet::V4(Ipv4Net::new(low(bits), prefix).unwrap().trunc());
            let nets: Vec<IpNet> = nets.into_iter().map(net).collect();
            let wanted = IpAddr::V4(low(wanted));
            let expected = nets.iter().any(|net| net.contains(&wanted));
            prop_assert_eq!(nets.into_iter().collect::<Networks>().contains(wanted), expected);
        }
    }
}
