//! Clicks made of chance: few values of everything, so that they meet.

use model::{CLASSES, Click, NetworkFlags, Outcome, Utm};

/// Zones, and when their clocks are set.
pub(super) const SETTINGS: &[(&str, &str)] = &[
    ("Europe/Berlin", "2026-03-29T01:00:00Z"),
    ("Europe/Berlin", "2026-10-25T01:00:00Z"),
    ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    // From half past five to a quarter to six.
    ("Asia/Kathmandu", "1985-12-31T18:30:00Z"),
    ("Asia/Kathmandu", "2026-03-29T01:00:00Z"),
    // By half an hour.
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    // At midnight, so that a day begins at one o'clock.
    ("America/Havana", "2026-03-08T05:00:00Z"),
    // By 4 minutes and 32 seconds, out of the local mean time.
    ("Europe/Amsterdam", "1940-05-15T23:40:00Z"),
    // A day that never was.
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
];

/// The finaliser of splitmix64.
pub(super) fn hash(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

pub(super) fn click(at: i64, seed: u64) -> Click<'static> {
    let mut chance = seed;
    let mut below = |n: u64| {
        chance = hash(chance);
        (chance % n) as usize
    };
    let outcomes = [
        Outcome::Destination,
        Outcome::Split { variant: 0 },
        Outcome::Split { variant: 2 },
        Outcome::Rule { rule: 77, variant: None },
        Outcome::Rule { rule: 1 << 52, variant: Some(1) },
        Outcome::Blocked { rule: 78 },
        Outcome::NotFound,
        Outcome::Expired,
        Outcome::Gone,
        Outcome::Password,
        Outcome::Card,
        Outcome::Stayed,
    ];
    let flags = [None, Some(false), Some(true)];
    let texts = [None, Some("a"), Some("b, c"), Some("ü"), Some("unknown"), Some("Chrome")];
    let domains =
        [None, Some("a"), Some("t.co"), Some("x.com"), Some("m.facebook.com"), Some("unknown")];
    let traces: [&[u8]; 3] = [&[], &[1], &[7, 0, 255]];
    // Most are people, as most questions are about them.
    let class = CLASSES[below(8).saturating_sub(4)].0;
    Click {
        at,
        workspace: below(5) as i64 / 3 + 1,
        link: below(5) as i64,
        revision: below(3) as i64,
        outcome: outcomes[below(11)],
        class,
        reason: texts[below(6)],
        country: [None, Some(*b"DE"), Some(*b"US")][below(3)],
        region: texts[below(6)],
        city: texts[below(6)],
        asn: [None, Some(0), Some(u32::MAX)][below(3)],
        isp: texts[below(6)],
        network: NetworkFlags {
            vpn: flags[below(3)],
            proxy: flags[below(3)],
            tor: flags[below(3)],
            datacenter: flags[below(3)],
        },
        device: texts[below(6)],
        os: texts[below(6)],
        os_version: texts[below(6)],
        browser: texts[below(6)],
        browser_version: texts[below(6)],
        brand: texts[below(6)],
        language: texts[below(6)],
        referrer: texts[below(6)],
        referrer_domain: domains[below(6)],
        utm: Utm {
            source: texts[below(6)],
            medium: texts[below(6)],
            campaign: texts[below(6)],
            term: texts[below(6)],
            content: texts[below(6)],
        },
        qr: below(2) == 0,
        returning: flags[below(3)],
        visitor: [None, Some(u64::MAX), Some(1), Some(hash(9)), Some(hash(8))][below(5)],
        took: [None, Some(0), Some(70)][below(3)],
        trace: traces[below(3)],
    }
}
