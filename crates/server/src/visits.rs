//! Who came before, without knowing who: a signed cookie, and a hash whose salt dies each day.

use std::{hash::Hasher, net::IpAddr};

use arc_swap::ArcSwap;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use siphasher::sip::SipHasher24;

/// Cookies and hashes of visitors.
pub struct Visits {
    /// Signs cookies; lives in the database, so that all nodes read each other's.
    key: ArcSwap<Vec<u8>>,
    salts: ArcSwap<Vec<Salt>>,
}

/// The secret of one UTC day.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt {
    pub day: i64,
    pub value: [u8; 16],
}

/// What is known of a visitor's earlier visits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visit {
    /// None where the visitor asked not to be known.
    pub returning: Option<bool>,
    /// The cookie's number, new or known; none where there may be no cookie. It draws the visitor's
    /// ways and is nothing else: it tells nobody apart, and two visitors may have the same.
    pub number: Option<u64>,
}

pub const COOKIE: &str = "wp_v";
const YEAR: u32 = 365 * 24 * 3_600;
/// Hex digits of the signature: 96 bits.
const SIGNATURE: usize = 24;

/// Whether a visitor asks not to be known, by Global Privacy Control or Do Not Track.
pub fn asks_not<'r>(header: &dyn Fn(&str) -> Option<&'r str>) -> bool {
    ["sec-gpc", "dnt"].iter().any(|name| header(name).is_some_and(|value| value.trim() == "1"))
}

impl Visits {
    pub fn new(key: Vec<u8>) -> Visits {
        Visits { key: ArcSwap::from_pointee(key), salts: ArcSwap::default() }
    }

    pub fn key(&self) -> Vec<u8> {
        self.key.load().to_vec()
    }

    /// Takes over the database's key, where another was kept from an earlier start.
    pub fn set_key(&self, key: Vec<u8>) {
        self.key.store(key.into());
    }

    pub fn salts(&self) -> Vec<Salt> {
        self.salts.load().to_vec()
    }

    /// Takes over the salts of today and its neighbours.
    pub fn set_salts(&self, salts: Vec<Salt>) {
        self.salts.store(salts.into());
    }

    /// What a request says of earlier visits; `fresh` is the number of a visitor who has none.
    pub fn read<'r>(&self, header: &dyn Fn(&str) -> Option<&'r str>, fresh: u64) -> Visit {
        if asks_not(header) {
            return Visit { returning: None, number: None };
        }
        let known = header("cookie").and_then(|cookies| self.known(cookies));
        Visit { returning: Some(known.is_some()), number: Some(known.unwrap_or(fresh)) }
    }

    /// `Set-Cookie` for a visitor's number.
    pub fn cookie(&self, number: u64, secure: bool) -> String {
        let secure = if secure { "; Secure" } else { "" };
        let signature = self.sign(&format!("{COOKIE}:{number:016x}"), SIGNATURE);
        format!(
            "{COOKIE}={number:016x}{signature}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{secure}"
        )
    }

    fn known(&self, cookies: &str) -> Option<u64> {
        let value = cookie(cookies, COOKIE)?;
        let (number, signature) = value.split_at_checked(16)?;
        let parsed = u64::from_str_radix(number, 16).ok()?;
        let expected = self.sign(&format!("{COOKIE}:{parsed:016x}"), SIGNATURE);
        same(signature, &expected).then_some(parsed)
    }

    /// The first `digits` hex digits of a keyed hash of `text`.
    pub fn sign(&self, text: &str, digits: usize) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key.load())
            .expect("HMAC takes keys of any length");
        mac.update(text.as_bytes());
        let bytes = mac.finalize().into_bytes();
        let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]).take(digits);
        halves.map(|half| char::from(b"0123456789abcdef"[usize::from(half)])).collect()
    }

    /// The visitor's hash of the day, by the [digest] of their agent; none while the day's salt is not
    /// known.
    pub fn hash(&self, now: Timestamp, address: IpAddr, agent: u64) -> Option<u64> {
        Some(self.hasher(now, address, agent)?.finish())
    }

    /// What draws the ways of a visitor without a cookie until the day ends, and is the number of the
    /// cookie that they are offered: who accepts it goes on as they began. Nobody who reads it can
    /// tell the [hash](Self::hash) that clicks keep, nor the number of another day.
    pub fn lot(&self, now: Timestamp, address: IpAddr, agent: u64) -> Option<u64> {
        let mut hasher = self.hasher(now, address, agent)?;
        // No hash is made of so many bytes, so none has this value but by chance.
        hasher.write_u8(0);
        Some(hasher.finish())
    }

    /// Knows all that stands for a visitor on a day.
    fn hasher(&self, now: Timestamp, address: IpAddr, agent: u64) -> Option<SipHasher24> {
        let salts = self.salts.load();
        let today = day(now);
        let salt = salts.iter().find(|salt| salt.day == today)?;
        let mut hasher = SipHasher24::new_with_key(&salt.value);
        match address {
            IpAddr::V4(address) => hasher.write_u32(u32::from(address).to_be()),
            // Addresses of one household share a /64.
            IpAddr::V6(address) => hasher.write_u64(((u128::from(address) >> 64) as u64).to_be()),
        }
        hasher.write_u64(agent);
        Some(hasher)
    }
}

/// What stands for an agent in the hashes of its visitors: the same on every node and on every day,
/// so that it is worked out once for all of an agent's visits.
pub fn digest(agent: &str) -> u64 {
    let mut hasher = SipHasher24::new();
    hasher.write(agent.as_bytes());
    hasher.finish()
}

/// Milliseconds of a day.
pub const DAY: i64 = 86_400_000;

/// The number of a UTC day since 1970.
pub fn day(now: Timestamp) -> i64 {
    now.as_millisecond().div_euclid(DAY)
}

/// Spreads the bits of two numbers over one; the finaliser of splitmix64.
pub fn mix(a: u64, b: u64) -> u64 {
    let mut x = a ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31);
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// The value of a cookie in a `Cookie` header.
pub fn cookie<'c>(header: &'c str, name: &str) -> Option<&'c str> {
    header.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key.trim() == name).then(|| value.trim())
    })
}

/// Whether two signatures are the same, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(a.as_bytes(), b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visits() -> Visits {
        let visits = Visits::new(b"a key".to_vec());
        visits.set_salts(vec![
            Salt { day: 20_454, value: [7; 16] },
            Salt { day: 20_455, value: [8; 16] },
        ]);
        visits
    }

    fn read(headers: &[(&str, &str)]) -> Visit {
        let header =
            |name: &str| headers.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        visits().read(&header, 99)
    }

    #[test]
    fn a_signed_cookie_makes_a_returning_visitor() {
        let set = visits().cookie(0xABCD, true);
        let pair = set.split(';').next().unwrap().to_owned();
        assert_eq!(
            read(&[("cookie", &pair)]),
            Visit { returning: Some(true), number: Some(0xABCD) }
        );
        let others = format!("a=b; {pair}; c=d");
        assert_eq!(read(&[("cookie", &others)]).number, Some(0xABCD));
    }

    #[test]
    fn a_forged_or_missing_cookie_makes_a_new_visitor() {
        let new = Visit { returning: Some(false), number: Some(99) };
        for cookie in [
            "",
            "wp_v=",
            "wp_v=00",
            "wp_v=000000000000abcd",
            "wp_v=é000000000000abcd",
            "wp_v=000000000000abcdffffffffffffffffffffffff",
        ] {
            assert_eq!(read(&[("cookie", cookie)]), new, "{cookie}");
        }
    }

    #[test]
    fn who_asks_not_to_be_known_is_not() {
        let set = visits().cookie(0xABCD, false);
        let unknown = Visit { returning: None, number: None };
        assert_eq!(read(&[("sec-gpc", "1"), ("cookie", &set)]), unknown);
        assert_eq!(read(&[("dnt", "1")]), unknown);
        assert_eq!(read(&[("dnt", "0")]).returning, Some(false));
    }

    #[test]
    fn a_hash_lives_for_one_day_and_hides_the_household() {
        let visits = visits();
        let hash = |at: &str, address: &str| {
            visits.hash(at.parse().unwrap(), address.parse().unwrap(), digest("x"))
        };
        let today = "2026-01-01T00:00:00Z";
        assert!(hash(today, "192.0.2.1").is_some());
        assert_eq!(hash(today, "192.0.2.1"), hash("2026-01-01T23:59:59Z", "192.0.2.1"));
        assert_ne!(hash(today, "192.0.2.1"), hash("2026-01-02T00:00:00Z", "192.0.2.1"));
        assert_ne!(hash(today, "192.0.2.1"), hash(today, "192.0.2.2"));
        assert_eq!(hash(today, "2001:db8::1"), hash(today, "2001:db8::2"));
        assert_eq!(hash("2026-01-03T00:00:00Z", "192.0.2.1"), None);
    }

    #[test]
    fn a_lot_lives_as_long_as_the_hash_and_says_nothing_of_it() {
        let visits = visits();
        let told = |at: &str, address: &str| {
            let (at, address) = (at.parse().unwrap(), address.parse().unwrap());
            (visits.lot(at, address, digest("x")), visits.hash(at, address, digest("x")))
        };
        let (lot, hash) = told("2026-01-01T00:00:00Z", "192.0.2.1");
        assert!(lot.is_some() && lot != hash);
        assert_eq!(told("2026-01-01T23:59:59Z", "192.0.2.1"), (lot, hash));
        for (at, address) in [
            ("2026-01-02T00:00:00Z", "192.0.2.1"),
            ("2026-01-01T00:00:00Z", "192.0.2.2"),
            ("2026-01-01T00:00:00Z", "2001:db8::1"),
        ] {
            let (other_lot, other_hash) = told(at, address);
            assert!(other_lot.is_some() && other_lot != lot && other_lot != other_hash, "{at}");
            assert_ne!(other_hash, lot);
        }
        assert_eq!(told("2026-01-03T00:00:00Z", "192.0.2.1"), (None, None));
    }
}
