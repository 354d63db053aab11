//! Which networks an address belongs to: datacenters, VPNs, Tor exits and known crawlers.

use std::net::IpAddr;

use ipnet::IpNet;

/// The ranges that the binary carries; `data/ranges/NOTICE` says from where.
static BUILT_IN: &[u8] = include_bytes!("../../../../data/ranges/ranges.bin");

/// What a network is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Servers for rent, and content delivery networks.
    Datacenter,
    Vpn,
    Proxy,
    Tor,
    /// The addresses that a crawler's operator publishes: an agent's claim can be checked.
    Crawler,
}

/// Disjoint ranges of addresses in order, each with its label.
#[derive(Debug, Default)]
pub struct Ranges {
    labels: Vec<Label>,
    v4: Sorted<u32>,
    v6: Sorted<u128>,
    built: u64,
}

/// Ranges in order, and where every few of them begin: these are few enough to stay in the processor's
/// cache, so that a search waits for the memory of one stretch of ranges at most.
#[derive(Debug, Default)]
struct Sorted<A> {
    ranges: Vec<Range<A>>,
    landmarks: Vec<A>,
}

/// Who runs a range.
#[derive(Debug, PartialEq, Eq)]
pub struct Label {
    pub provider: Box<str>,
    pub kind: Kind,
}

/// Both ends belong to it.
#[derive(Clone, Copy, Debug)]
struct Range<A> {
    start: A,
    end: A,
    label: u16,
}

impl Ranges {
    /// How many ranges there are, merged as they are.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.v4.ranges.len() + self.v6.ranges.len()
    }

    pub fn built_in() -> Ranges {
        // A test reads the same bytes.
        Ranges::read(BUILT_IN).expect("the embedded ranges are whole")
    }

    /// Reads iporigin's format, version 1; none where the bytes are not that.
    fn read(bytes: &[u8]) -> Option<Ranges> {
        let mut input = Input(bytes);
        if input.take()? != *b"IPORIGIN" || u16::from_le_bytes(input.take()?) != 1 {
            return None;
        }
        let built = u64::from_le_bytes(input.take()?);
        let labels = u16::from_le_bytes(input.take()?);
        let v4 = u32::from_le_bytes(input.take()?);
        let v6 = u32::from_le_bytes(input.take()?);
        let labels = (0..labels).map(|_| input.label()).collect::<Option<Vec<_>>>()?;
        let mut range4 = || {
            let start = u32::from_le_bytes(input.take()?);
            let end = u32::from_le_bytes(input.take()?);
            Some(Range { start, end, label: u16::from_le_bytes(input.take()?) })
        };
        let v4 = (0..v4).map(|_| range4()).collect::<Option<Vec<_>>>()?;
        let mut range6 = || {
            let start = u128::from_be_bytes(input.take()?);
            let end = u128::from_be_bytes(input.take()?);
            Some(Range { start, end, label: u16::from_le_bytes(input.take()?) })
        };
        let v6 = (0..v6).map(|_| range6()).collect::<Option<Vec<_>>>()?;
        let sound = in_order(&v4, labels.len()) && in_order(&v6, labels.len());
        let (v4, v6) = (Sorted::new(v4), Sorted::new(v6));
        (sound && input.0.is_empty()).then_some(Ranges { labels, v4, v6, built })
    }

    /// Networks that one provider uses for one thing; they may overlap and come in any order.
    pub fn of(label: Label, networks: impl IntoIterator<Item = IpNet>) -> Ranges {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for network in networks {
            match network {
                IpNet::V4(network) => {
                    v4.push((network.network().to_bits(), network.broadcast().to_bits()));
                }
                IpNet::V6(network) => {
                    v6.push((network.network().to_bits(), network.broadcast().to_bits()));
                }
            }
        }
        let (v4, v6) = (Sorted::new(merged(v4)), Sorted::new(merged(v6)));
        Ranges { labels: vec![label], v4, v6, built: 0 }
    }

    pub fn find(&self, address: IpAddr) -> Option<&Label> {
        self.label(self.place(address)?)
    }

    /// Where among the labels that of an address is.
    pub(super) fn place(&self, address: IpAddr) -> Option<u16> {
        match address.to_canonical() {
            IpAddr::V4(address) => self.v4.label(address.to_bits()),
            IpAddr::V6(address) => self.v6.label(address.to_bits()),
        }
    }

    /// The label at a [place](Self::place).
    pub(super) fn label(&self, place: u16) -> Option<&Label> {
        self.labels.get(usize::from(place))
    }

    /// When the data were gathered, in seconds since 1970; 0 where they do not say.
    pub fn built(&self) -> u64 {
        self.built
    }
}

/// The same addresses in disjoint ranges, all with the first label.
fn merged<A: Copy + Ord>(mut ranges: Vec<(A, A)>) -> Vec<Range<A>> {
    ranges.sort_unstable();
    let mut merged: Vec<Range<A>> = Vec::with_capacity(ranges.len());
    for (start, end) in ranges {
        match merged.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ => merged.push(Range { start, end, label: 0 }),
        }
    }
    merged
}

/// How many ranges there are from one landmark to the next.
const STRETCH: usize = 16;

impl<A: Copy + Ord> Sorted<A> {
    fn new(ranges: Vec<Range<A>>) -> Sorted<A> {
        let landmarks = ranges.iter().step_by(STRETCH).map(|range| range.start).collect();
        Sorted { ranges, landmarks }
    }

    /// The label of the range that an address is in.
    fn label(&self, address: A) -> Option<u16> {
        let passed = self.landmarks.partition_point(|start| *start <= address);
        let stretch = self.ranges.chunks(STRETCH).nth(passed.checked_sub(1)?)?;
        let after = stretch.partition_point(|range| range.start <= address);
        let range = stretch.get(after.checked_sub(1)?)?;
        (address <= range.end).then_some(range.label)
    }
}

/// Whether the ranges can be searched: none overlaps the next, and each has a label.
fn in_order<A: Copy + Ord>(ranges: &[Range<A>], labels: usize) -> bool {
    ranges.iter().all(|range| range.start <= range.end && usize::from(range.label) < labels)
        && ranges.windows(2).all(|pair| pair[0].end < pair[1].start)
}

/// The rest of a file that is being read.
struct Input<'b>(&'b [u8]);

impl Input<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    fn label(&mut self) -> Option<Label> {
        let len = u16::from_le_bytes(self.take()?);
        let (text, rest) = self.0.split_at_checked(usize::from(len))?;
        self.0 = rest;
        let (provider, kind) = std::str::from_utf8(text).ok()?.split_once('\t')?;
        let kind = match kind {
            "hosting" | "cdn" => Kind::Datacenter,
            "vpn" => Kind::Vpn,
            "tor" => Kind::Tor,
            "bot" => Kind::Crawler,
            _ => return None,
        };
        Some(Label { provider: provider.into(), kind })
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn the_built_in_ranges_know_the_big_networks() {
        let ranges = Ranges::built_in();
        let find = |address: &str| {
            let label = ranges.find(address.parse().unwrap());
            label.map(|label| (&*label.provider, label.kind))
        };
        assert_eq!(find("66.249.66.1"), Some(("Googlebot", Kind::Crawler)));
        assert_eq!(find("::ffff:66.249.66.1"), Some(("Googlebot", Kind::Crawler)));
        assert_eq!(find("52.95.110.1"), Some(("Amazon AWS", Kind::Datacenter)));
        assert_eq!(find("2606:4700::1111"), Some(("Cloudflare", Kind::Datacenter)));
        assert_eq!(find("185.220.101.1").map(|(_, kind)| kind), Some(Kind::Tor));
        assert_eq!(find("91.0.0.1"), None);
        assert!(20_000 < ranges.count() && 0 < ranges.built());
    }

    #[test]
    fn sources_without_a_licence_are_left_out() {
        let ranges = Ranges::built_in();
        let refused = [
            "Akamai", "BunnyCDN", "BuyVM", "CDN77", "Cogent", "Contabo", "DataCamp", "GTHost",
            "GleSYS", "Melbicom", "Scalaxy", "Vercel",
        ];
        assert!(!ranges.labels.iter().any(|label| refused.contains(&&*label.provider)));
    }

    #[test]
    fn a_list_of_networks_is_merged() {
        let networks = ["10.0.1.0/24", "10.0.0.0/16", "192.0.2.1/32", "2001:db8::/32"];
        let label = Label { provider: "vpn.txt".into(), kind: Kind::Vpn };
        let ranges = Ranges::of(label, networks.map(|network| network.parse().unwrap()));
        assert_eq!(ranges.count(), 3);
        for inside in ["10.0.0.0", "10.0.255.255", "192.0.2.1", "2001:db8::1"] {
            assert!(ranges.find(inside.parse().unwrap()).is_some(), "{inside}");
        }
        for outside in ["9.255.255.255", "10.1.0.0", "192.0.2.2", "2001:db9::"] {
            assert!(ranges.find(outside.parse().unwrap()).is_none(), "{outside}");
        }
    }

    proptest! {
        #[test]
        fn a_search_finds_what_a_walk_finds(pairs in vec((any::<u16>(), 0_u16..200), 0..200)) {
            let pairs = pairs.into_iter().map(|(start, more)| (start, start.saturating_add(more)));
            let mut ranges = merged(pairs.collect());
            ranges.iter_mut().zip(1..).for_each(|(range, label)| range.label = label);
            let sorted = Sorted::new(ranges.clone());
            let ends = ranges.iter().flat_map(|range| [range.start, range.end]);
            let beside = ends.flat_map(|end| [end.saturating_sub(1), end, end.saturating_add(1)]);
            for address in beside.chain([0, u16::MAX]) {
                let is_in = |range: &&Range<u16>| (range.start..=range.end).contains(&address);
                let walked = ranges.iter().find(is_in).map(|range| range.label);
                prop_assert_eq!(sorted.label(address), walked);
            }
        }
    }

    #[test]
    fn broken_bytes_are_refused() {
        assert!(Ranges::read(b"").is_none());
        assert!(Ranges::read(&BUILT_IN[..BUILT_IN.len() - 1]).is_none());
        let mut broken = BUILT_IN.to_vec();
        broken.push(0);
        assert!(Ranges::read(&broken).is_none());
        let unlabelled = [Range { start: 1, end: 2, label: 1 }];
        assert!(!in_order(&unlabelled, 1));
        let [first, second] = [(1, 5), (5, 9)].map(|(start, end)| Range { start, end, label: 0 });
        assert!(!in_order(&[first, second], 1));
    }
}
