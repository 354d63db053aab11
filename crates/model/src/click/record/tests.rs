//! Claims about the bytes of a click.

use proptest::{collection::vec, option, prelude::*, sample};

use super::*;
use crate::click::CLASSES;

/// Everything that a click of these values owns.
#[derive(Clone, Debug)]
struct Owned {
    numbers: [i64; 4],
    outcome: Outcome,
    class: Class,
    texts: Vec<Option<String>>,
    country: Option<[u8; 2]>,
    asn: Option<u32>,
    visitor: Option<u64>,
    took: Option<u32>,
    known: [Option<bool>; 5],
    qr: bool,
    trace: Vec<u8>,
}

impl Owned {
    fn click(&self) -> Click<'_> {
        let [at, workspace, link, revision] = self.numbers;
        let [returning, vpn, proxy, tor, datacenter] = self.known;
        let mut click = Click {
            at,
            workspace,
            link,
            revision,
            outcome: self.outcome,
            class: self.class,
            country: self.country,
            asn: self.asn,
            network: NetworkFlags { vpn, proxy, tor, datacenter },
            qr: self.qr,
            returning,
            visitor: self.visitor,
            took: self.took,
            trace: &self.trace,
            ..Click::default()
        };
        for (to, from) in click.texts_mut().into_iter().zip(&self.texts) {
            *to = from.as_deref();
        }
        click
    }
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        sample::select(vec![
            Outcome::Destination,
            Outcome::NotFound,
            Outcome::Expired,
            Outcome::Gone,
            Outcome::Password,
            Outcome::Card,
            Outcome::Stayed,
        ]),
        (any::<i64>(), any::<Option<u32>>())
            .prop_map(|(rule, variant)| Outcome::Rule { rule, variant }),
        any::<i64>().prop_map(|rule| Outcome::Blocked { rule }),
        any::<u32>().prop_map(|variant| Outcome::Split { variant }),
    ]
}

fn click() -> impl Strategy<Value = Owned> {
    let class = sample::select(CLASSES).prop_map(|row| row.0);
    let texts = vec(option::of("\\PC{0,40}"), TEXTS);
    let small = (any::<Option<[u8; 2]>>(), any::<[Option<u32>; 2]>(), any::<Option<u64>>());
    let bits = (any::<[Option<bool>; 5]>(), any::<bool>(), vec(any::<u8>(), 0..40));
    (any::<[i64; 4]>(), outcome(), class, texts, small, bits).prop_map(
        |(numbers, outcome, class, texts, (country, [asn, took], visitor), (known, qr, trace))| {
            Owned { numbers, outcome, class, texts, country, asn, visitor, took, known, qr, trace }
        },
    )
}

fn record(click: &Click<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    click.encode(&mut out);
    out
}

proptest! {
    #[test]
    fn a_click_is_read_back_as_it_was_written(owned in click()) {
        let click = owned.click();
        let record = record(&click);
        prop_assert_eq!(Click::decode(&record), Ok(click));
        let Click { class, at, workspace, link, .. } = click;
        let head = Head { class: class.number(), at, workspace, link };
        prop_assert_eq!(Head::read(&record[..26]), Ok(head));
        // Of a newer version, with a class that this one does not know.
        let mut newer = record;
        newer[..2].copy_from_slice(&[VERSION + 1, 200]);
        prop_assert_eq!(Head::read(&newer), Ok(Head { class: 200, ..head }));
        prop_assert_eq!(Click::decode(&newer), Err(Unreadable::Version(VERSION + 1)));
    }

    #[test]
    fn a_click_that_is_cut_or_too_long_is_refused(owned in click()) {
        let mut record = record(&owned.click());
        for end in 0..record.len() {
            prop_assert!(matches!(Click::decode(&record[..end]), Err(Unreadable::Cut(_))));
        }
        record.push(0);
        prop_assert_eq!(Click::decode(&record), Err(Unreadable::Surplus(1)));
    }

    #[test]
    fn any_bytes_are_a_click_or_refused(mut bytes in vec(any::<u8>(), 0..200), known: bool) {
        // Most bytes fail at the version; let half of them get further.
        if known && 2 <= bytes.len() {
            bytes[0] = VERSION;
            bytes[1] %= 5;
        }
        let _ = Head::read(&bytes);
        let _ = Click::decode(&bytes);
    }

    #[test]
    fn a_damaged_click_is_a_click_or_refused(
        owned in click(), at in any::<sample::Index>(), byte: u8,
    ) {
        let mut record = record(&owned.click());
        let at = at.index(record.len());
        record[at] = byte;
        if let Ok(click) = Click::decode(&record) {
            let mut again = Vec::new();
            click.encode(&mut again);
            prop_assert_eq!(Click::decode(&again), Ok(click));
        }
    }
}

#[test]
fn a_longer_text_is_cut_between_two_characters() {
    let long = format!("{}é", "x".repeat(TEXT_BYTES - 1));
    let click = Click { referrer: Some(&long), ..Click::default() };
    let record = record(&click);
    let kept = Click::decode(&record).unwrap().referrer.unwrap();
    assert_eq!(kept, &long[..TEXT_BYTES - 1]);
}

#[test]
fn a_longer_trace_is_left_out() {
    let trace = [1; TRACE_BYTES + 1];
    let whole = Click { trace: &trace[1..], ..Click::default() };
    assert_eq!(Click::decode(&record(&whole)), Ok(whole));
    let long = Click { trace: &trace, ..Click::default() };
    assert_eq!(Click::decode(&record(&long)), Ok(Click::default()));
}

#[test]
fn the_bytes_of_version_1_stay_as_they_are() {
    let click = Click {
        at: 1,
        workspace: 2,
        link: 3,
        revision: 300,
        outcome: Outcome::Rule { rule: 5, variant: Some(1) },
        class: Class::Bot,
        reason: Some("Googlebot"),
        country: Some(*b"FR"),
        asn: Some(200),
        network: NetworkFlags { datacenter: Some(true), ..NetworkFlags::default() },
        qr: true,
        visitor: Some(7),
        trace: &[0b10],
        ..Click::default()
    };
    let mut expected = vec![1, 1];
    expected.extend([1, 0, 0, 0, 0, 0, 0, 0]);
    expected.extend([2, 0, 0, 0, 0, 0, 0, 0]);
    expected.extend([3, 0, 0, 0, 0, 0, 0, 0]);
    expected.extend([0xac, 2, 2, 5, 1]);
    expected.extend([1, 0b100]);
    expected.extend([1, 0, 0b11_1100, 0]);
    expected.extend(b"\x09GooglebotFR\xc8\x01");
    expected.extend([7, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
    assert_eq!(record(&click), expected);
    // Version 2 adds how long the decision took.
    expected[0] = 2;
    expected[26 + 7 + 2] |= 0b100_0000;
    expected.extend([0x80, 1]);
    assert_eq!(record(&Click { took: Some(128), ..click }), expected);
}

#[test]
fn the_click_of_a_person_takes_about_150_bytes() {
    let click = Click {
        at: 1_795_000_000_000,
        workspace: 1,
        link: 1 << 52,
        revision: 3,
        outcome: Outcome::Rule { rule: 1 << 52, variant: None },
        country: Some(*b"US"),
        region: Some("US-NY"),
        city: Some("New York"),
        asn: Some(7018),
        isp: Some("AT&T Services, Inc."),
        device: Some("mobile"),
        os: Some("iOS"),
        os_version: Some("17.4"),
        browser: Some("Safari"),
        browser_version: Some("17.4"),
        brand: Some("Apple"),
        language: Some("en-US"),
        referrer: Some("https://news.example.com/"),
        referrer_domain: Some("news.example.com"),
        visitor: Some(u64::MAX),
        trace: &[0b1001],
        ..Click::default()
    };
    let len = record(&click).len();
    assert!((140..=175).contains(&len), "{len}");
}
