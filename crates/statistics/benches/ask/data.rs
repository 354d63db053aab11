//! Clicks as they may come in a quarter of a year: few links have most of them, and so have few
//! countries, cities, agents and referrers.

use model::{Class, Click, ClickId, NetworkFlags, Outcome, Utm};

/// 2026-11-22T00:00:00Z.
pub const END: i64 = 1_795_305_600_000;
pub const HOT_LINK: i64 = link(0);

const DAYS: i64 = 90;
const DAY: i64 = 86_400_000;
const LINKS: u64 = 10_000;
const CITIES: u64 = 20_000;
const NETWORKS: u64 = 5_000;
const AGENTS: u64 = 800;
const REFERRERS: u64 = 3_000;
/// Bytes of a record in the spool.
const RECORD: u64 = 150;
/// Clicks of a segment of the spool.
const SEGMENT: u64 = 400_000;

const COUNTRIES: [&[u8; 2]; 40] = [
    b"US", b"DE", b"GB", b"IN", b"FR", b"BR", b"CA", b"JP", b"ES", b"IT", b"NL", b"AU", b"MX",
    b"PL", b"SE", b"ID", b"TR", b"CH", b"BE", b"AT", b"PT", b"KR", b"AR", b"ZA", b"DK", b"NO",
    b"FI", b"IE", b"CZ", b"RO", b"GR", b"HU", b"PH", b"TH", b"VN", b"MY", b"SG", b"NZ", b"IL",
    b"UA",
];

/// A click, and the texts that it borrows.
pub struct Drawn {
    pub id: ClickId,
    at: i64,
    link: u64,
    visitor: u64,
    chance: [u64; 4],
    texts: Vec<String>,
    trace: Vec<u8>,
}

/// The click number `nth` of `clicks`, in the order of time.
pub fn drawn(nth: usize, clicks: usize) -> Drawn {
    let nth = nth as u64;
    let chance = [1, 2, 3, 4].map(|draw| hash(nth * 8 + draw));
    let span = DAYS * DAY;
    let at = END - span + (i128::from(span) * i128::from(nth) / clicks as i128) as i64;
    // One visitor makes one click and a half a day; who they are says where they are.
    let today = clicks as u64 / DAYS as u64 * 2 / 3 + 1;
    let visitor = hash(at.div_euclid(DAY) as u64 * 0x1_0000_0000 + chance[0] % today);
    let link_of = zipf(chance[1], LINKS);
    let city = zipf(hash(visitor), CITIES);
    let network = zipf(hash(visitor + 1), NETWORKS / 40) * 40 + city % 40;
    let agent = zipf(hash(visitor + 2), AGENTS);
    let domain = zipf(hash(chance[2] + link_of % 20), REFERRERS);
    let path = if chance[2] % 5 == 0 { zipf(chance[3], 50_000) } else { 0 };
    let texts = vec![
        format!("{}-{}", country(city), city % 17),
        format!("City of {city}"),
        format!("Provider {network} Ltd."),
        format!("{}.{}", 10 + agent % 9, agent % 4),
        format!("{}.0.{}", 90 + agent % 60, agent % 7),
        format!("{}-{}", ["en", "de", "fr", "es", "pt"][(city % 5) as usize], country(city)),
        match path {
            0 => format!("https://www.site-{domain}.example/"),
            _ => format!("https://www.site-{domain}.example/articles/{path}?page={}", path % 9),
        },
        format!("site-{domain}.example"),
        format!("campaign-{}", link_of % 300),
    ];
    let taken = zipf(chance[3], 5);
    let trace = (0..1 + link_of % 5).map(|byte| hash(link_of * 64 + taken * 8 + byte) as u8);
    // Two cores append in turn.
    let (core, own) = (nth % 2, nth / 2);
    Drawn {
        id: ClickId {
            segment: u128::from(hash(own / SEGMENT * 2 + core)) << 64 | 0x5eed,
            offset: 8 + own % SEGMENT * RECORD + chance[0] % 40,
        },
        at: at + (chance[0] % 40) as i64,
        link: link_of,
        visitor,
        chance,
        texts,
        trace: trace.collect(),
    }
}

impl Drawn {
    pub fn click(&self) -> Click<'_> {
        let Drawn { at, link: nth, visitor, chance, texts, trace, .. } = self;
        let city = zipf(hash(*visitor), CITIES);
        let agent = zipf(hash(visitor + 2), AGENTS);
        let class = match chance[0] >> 32 & 127 {
            0..110 => Class::Person,
            110..124 => Class::Bot,
            124..127 => Class::Preview,
            _ => Class::Prefetch,
        };
        let rule = 1_000_000_000_000 + (nth * 4) as i64;
        let outcome = match zipf(chance[3], 5) {
            0 | 1 => Outcome::Destination,
            taken @ (2 | 3) => Outcome::Rule { rule: rule + taken as i64, variant: None },
            taken => Outcome::Rule {
                rule: rule + taken as i64,
                variant: Some((chance[1] >> 9 & 1) as u32),
            },
        };
        let referred = chance[2] >> 40 & 1 == 0;
        let campaign = chance[2] >> 41 & 3 == 0;
        let person = class == Class::Person;
        Click {
            at: *at,
            workspace: 1,
            link: link(*nth),
            revision: 1 + (nth % 7) as i64,
            outcome,
            class,
            reason: (!person).then(|| BOTS[zipf(chance[1], BOTS.len() as u64) as usize]),
            country: Some(*COUNTRIES[(city % 40) as usize]),
            region: Some(&texts[0]),
            city: (chance[2] >> 50 & 15 != 0).then_some(&texts[1]),
            asn: Some(1_000 + (zipf(hash(visitor + 1), NETWORKS / 40) * 40 + city % 40) as u32),
            isp: Some(&texts[2]),
            network: NetworkFlags {
                vpn: Some(hash(visitor + 3).is_multiple_of(30)),
                proxy: Some(false),
                tor: Some(hash(visitor + 3) % 1_000 == 1),
                datacenter: Some(!person),
            },
            device: Some(["mobile", "desktop", "mobile", "tablet"][(agent % 4) as usize]),
            os: Some(["iOS", "Windows", "Android", "macOS"][(agent % 4) as usize]),
            os_version: Some(&texts[3]),
            browser: Some(["Chrome", "Safari", "Chrome", "Firefox", "Edge"][(agent % 5) as usize]),
            browser_version: Some(&texts[4]),
            brand: ["Apple", "Samsung", "Xiaomi"].get((agent % 4) as usize).copied(),
            language: Some(&texts[5]),
            referrer: referred.then_some(&texts[6]),
            referrer_domain: referred.then_some(&texts[7]),
            utm: Utm {
                source: campaign.then_some("newsletter"),
                medium: campaign.then_some("email"),
                campaign: campaign.then_some(&texts[8]),
                ..Utm::default()
            },
            qr: chance[1] >> 40 & 31 == 0,
            returning: person.then_some(chance[1] >> 50 & 3 == 0),
            visitor: Some((*visitor).max(1)),
            took: Some(10 + zipf(chance[2], 400) as u32),
            trace,
        }
    }
}

const BOTS: [&str; 8] = [
    "Googlebot",
    "bingbot",
    "curl",
    "facebookexternalhit",
    "AhrefsBot",
    "python-requests",
    "UptimeRobot",
    "Slackbot",
];

const fn link(nth: u64) -> i64 {
    500_000_000_000 + (nth * 4_099) as i64
}

fn country(city: u64) -> &'static str {
    std::str::from_utf8(COUNTRIES[(city % 40) as usize]).unwrap_or_default()
}

/// A number below `n`, of which each is about as frequent as its rank says.
fn zipf(chance: u64, n: u64) -> u64 {
    let unit = (chance >> 11) as f64 / (1_u64 << 53) as f64;
    ((n as f64 + 1.0).powf(unit) - 1.0) as u64 % n
}

/// The finaliser of splitmix64.
fn hash(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}
