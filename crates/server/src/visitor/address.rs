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
mod tests;
