//! What is written reads back, and what was not written reads as nothing.

use std::sync::atomic::{AtomicI64, Ordering};

use model::{Draft, PixelId, RuleDraft, Schemes, Stamp, WorkspaceId};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::redirect::Route;

/// A link that says nothing but where it leads.
pub(in crate::redirect::table) fn link(id: i64) -> Link {
    make(id, Draft::new(destination(&format!("https://example.com/{id}"))))
}

pub(in crate::redirect::table) fn make(id: i64, draft: Draft) -> Link {
    let rule = AtomicI64::new(1_000);
    let next_id = || rule.fetch_add(1, Ordering::Relaxed);
    let stamp = Stamp { now: "2026-01-01T00:00:00Z".parse().unwrap(), next_id: &next_id };
    let link = draft.into_link(WorkspaceId::new(3).unwrap(), Vec::new(), Status::default(), &stamp);
    Link { id: LinkId::new(id).unwrap(), ..link.unwrap() }
}

fn destination(text: &str) -> Destination {
    Destination::parse("", text, Schemes::Listed(&["myapp".to_owned()])).unwrap()
}

pub(in crate::redirect::table) fn rule(value: &Value) -> RuleDraft {
    RuleDraft::parse(value, Schemes::WEB).unwrap()
}

/// A link that says everything that a redirect heeds.
fn full() -> Link {
    let mut parameters = Parameters::default();
    parameters.set("utm_source", Some("a&b"));
    parameters.set("empty", Some(""));
    let card = Card {
        title: Some("Title".to_owned()),
        description: Some(String::new()),
        image: None,
        properties: vec![("image:width".to_owned(), "600".to_owned())],
    };
    let rules = vec![
        rule(&json!({
            "name": "dropped", "timezone": "Europe/Berlin",
            "when": {"all": [
                {"field": "country", "operator": "in", "value": ["US", "CA"]},
                {"not": {"any": [
                    {"field": "hour", "operator": "between", "value": [9, 17], "timezone": "UTC"},
                    {"field": "latitude", "operator": "greater_than", "value": 52.52},
                    {"field": "isReturning", "operator": "is_true"},
                ]}},
            ]},
            "action": {"redirect": "https://example.com/{country}?c={city}#top"},
        })),
        rule(&json!({
            "when": {"field": "vpn", "operator": "is_true"}, "enabled": false,
            "action": {"split": [{"weight": 60, "redirect": "https://a.example/"},
                                 {"weight": 40, "redirect": "https://b.example/"}]},
        })),
        rule(&json!({
            "when": {"field": "bot", "operator": "is_true"}, "action": {"block": 451},
        })),
    ];
    let at = |text: &str| Some(text.parse().unwrap());
    let mut link = make(
        (1 << 53) - 1,
        Draft {
            default_split: vec![Variant {
                weight: 7,
                destination: destination("https://c.example/"),
            }],
            title: Some("ÄÖ".to_owned()),
            enabled: false,
            archived: true,
            status: Some(Status::new("", 308).unwrap()),
            forward_query: false,
            parameters,
            cloaked: Some(true),
            redirects: Redirects::RuleOnly,
            tracks_conversions: true,
            starts_at: at("2026-01-01T00:00:00.001Z"),
            expires_at: at("2027-01-01T00:00:00Z"),
            expired_destination: Some(destination("https://gone.example/")),
            delete_at: at("2028-01-01T00:00:00Z"),
            click_limit: Some(u64::MAX),
            limit_counts: Counted::Everyone,
            password_hash: Some("$argon2id$x".to_owned()),
            card: Some(card),
            pixels: vec![PixelId::new(5).unwrap(), PixelId::new(6).unwrap()],
            rules,
            ..Draft::new(destination("myapp://open?x=1"))
        },
    );
    (link.version, link.revision) = (12, 7);
    link
}

fn places() -> Vec<Place> {
    let at = |domain: i64, key: &str| (DomainId::new(domain).unwrap(), key.into());
    vec![at(1, "spring"), at((1 << 53) - 1, "shop/ä")]
}

/// The link less what a redirect does not heed.
fn heeded(mut link: Link) -> Link {
    (link.description, link.folder) = (None, None);
    (link.created_at, link.updated_at) = Default::default();
    link.tags.clear();
    link.kept.clear();
    for rule in &mut link.rules {
        (rule.created_at, rule.updated_at) = Default::default();
        (rule.name, rule.description, rule.priority) = (String::new(), None, 0);
        (rule.tier, rule.origin) = (Tier::default(), None);
    }
    link
}

#[test]
fn a_link_reads_back_and_compiles_to_the_same_route() {
    for link in [link(1), full(), Link { rules: Vec::new(), ..full() }] {
        let bytes = write(&link, &places());
        let (read, at) = read(&bytes).unwrap();
        assert_eq!((&read, &at), (&heeded(link.clone()), &places()));
        let head = Head { link: link.id, version: link.version, places: places() };
        assert_eq!((head.link, super::link(&bytes)), (link.id, Some(link.id)));
        assert_eq!(super::head(&bytes), Some(head));
        let (read, written) = (Route::compile(read), Route::compile(link));
        assert_eq!(format!("{read:?}"), format!("{written:?}"));
    }
}

#[test]
fn a_plain_link_is_small() {
    assert!(write(&link(1 << 40), &places()[..1]).len() < 70);
}

#[test]
fn what_was_cut_reads_as_nothing() {
    let bytes = write(&full(), &places());
    for cut in 0..bytes.len() {
        assert!(read(&bytes[..cut]).is_none(), "{cut}");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(read(&longer).is_none());
}

proptest! {
    #[test]
    fn reading_never_panics(bytes: Vec<u8>, at in 0..400_usize, byte: u8) {
        let _ = (read(&bytes), head(&bytes), super::link(&bytes));
        let mut bytes = write(&full(), &places());
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        let _ = (read(&bytes), head(&bytes));
    }
}
