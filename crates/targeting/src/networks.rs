//! Sets of addresses and networks.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use crate::{beginnings::Beginnings, word::Word};

/// Networks of both families; a look-up costs the same for a few and for thousands.
#[derive(Debug)]
pub(crate) struct Networks {
    v4: Beginnings<Word>,
    v6: Beginnings<u128>,
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
            IpAddr::V4(address) => self.v4.contains(address.to_bits().into()),
            IpAddr::V6(address) => self.v6.contains(address.to_bits()),
        }
    }

    /// The words of the addresses, if all are of the old family.
    ///
    /// # Errors
    ///
    /// The networks themselves if they are not.
    pub(crate) fn into_words(self) -> Result<Beginnings<Word>, Networks> {
        if self.v6.is_empty() { Ok(self.v4) } else { Err(self) }
    }
}

impl FromIterator<IpNet> for Networks {
    fn from_iter<I: IntoIterator<Item = IpNet>>(nets: I) -> Networks {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for net in nets {
            match net {
                IpNet::V4(net) => {
                    v4.push((net.network().to_bits().into(), net.broadcast().to_bits().into()));
                }
                IpNet::V6(net) => v6.push((net.network().to_bits(), net.broadcast().to_bits())),
            }
        }
        Networks { v4: Beginnings::new(v4), v6: Beginnings::new(v6) }
    }
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
        for inside in ["10.0.0.0", "10.255.255.255", "192.0.2.7", "2001:db8::1", "::ffff:10.1.2.3"]
        {
            assert!(nets.contains(address(inside)), "{inside}");
        }
        for outside in ["9.255.255.255", "11.0.0.0", "192.0.2.8", "2001:db9::", "::"] {
            assert!(!nets.contains(address(outside)), "{outside}");
        }
        assert!(set(&["::ffff:10.0.0.0/104"]).contains(address("10.2.3.4")));
        assert!(set(&["0.0.0.0/0"]).contains(address("255.255.255.255")));
        assert!(!set(&[]).contains(address("1.1.1.1")));
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
