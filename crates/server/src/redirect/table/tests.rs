//! The table is a plain map with other costs.

use std::collections::HashMap;

use model::{Host, Link};
use proptest::prelude::*;

use super::{record::tests::link, *};

const SEED: [u8; 16] = [7; 16];
/// Room for about two compiled links.
const LITTLE: usize = 4 << 10;

/// What a plain map knows: who is at each place, and the version and the places of each link.
#[derive(Default)]
struct Plain {
    at: HashMap<Place, LinkId>,
    links: HashMap<LinkId, (i64, Vec<Place>)>,
}

impl Plain {
    fn put(&mut self, link: &Link, places: &[Place]) {
        if self.links.get(&link.id).is_some_and(|(version, _)| link.version < *version) {
            return;
        }
        self.remove(link.id);
        self.at.extend(places.iter().map(|place| (place.clone(), link.id)));
        self.links.insert(link.id, (link.version, places.to_vec()));
    }

    fn remove(&mut self, link: LinkId) {
        let (_, places) = self.links.remove(&link).unwrap_or_default();
        for place in places {
            if self.at.get(&place) == Some(&link) {
                self.at.remove(&place);
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Put {
        link: i64,
        version: i64,
        places: Vec<(i64, usize)>,
        title: usize,
    },
    Remove(i64),
    Clear,
    /// Write the table down and go on with what is read back.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let places = proptest::collection::vec((1..3_i64, 0..6_usize), 0..4);
    let put = (1..9_i64, 0..5_i64, places, 0..3_000_usize)
        .prop_map(|(link, version, places, title)| Step::Put { link, version, places, title });
    let step = prop_oneof![
        12 => put,
        4 => (1..9_i64).prop_map(Step::Remove),
        1 => Just(Step::Clear),
        2 => Just(Step::Restart),
    ];
    proptest::collection::vec(step, 0..80)
}

fn domain(number: i64) -> DomainId {
    DomainId::new(number).unwrap()
}

fn place((of, key): (i64, usize)) -> Place {
    (domain(of), ["a", "b", "shop/sale", "ä", "A", "0"][key].into())
}

/// The table that is read of what this one is written as.
fn restart(table: &Table) -> Table {
    let (Frozen { seed, by_address, by_link, slots }, chunks) = table.freeze();
    let (by_address, by_link) = (by_address.into_iter(), by_link.into_iter());
    let frozen = Frozen { seed, by_address, by_link, slots: slots.into_iter() };
    Table::thaw(frozen, || Some(chunks)).unwrap()
}

fn found(table: &Table, (domain, key): &Place) -> Option<LinkId> {
    table.find(*domain, key).map(|route| route.link)
}

proptest! {
    #[test]
    fn it_finds_what_a_plain_map_finds(steps in steps()) {
        let (mut table, mut plain) = (Table::keeping_ready(SEED, LITTLE), Plain::default());
        for step in steps {
            match step {
                Step::Put { link: id, version, places, title } => {
                    let mut link = link(id);
                    link.version = version;
                    link.title = Some("x".repeat(title));
                    let mut places: Vec<Place> = places.into_iter().map(place).collect();
                    places.sort();
                    places.dedup();
                    table.put(&link, &places);
                    plain.put(&link, &places);
                }
                Step::Remove(id) => {
                    let id = LinkId::new(id).unwrap();
                    table.remove(id);
                    plain.remove(id);
                }
                Step::Clear => {
                    table.clear();
                    plain = Plain::default();
                }
                Step::Restart => table = restart(&table),
            }
            for place in (1..3).flat_map(|of| (0..6).map(move |key| place((of, key)))) {
                prop_assert_eq!(found(&table, &place), plain.at.get(&place).copied(), "{:?}", place);
            }
            prop_assert_eq!(found(&table, &(domain(3), "a".into())), None);
            prop_assert_eq!(table.len(), plain.links.len());
            for of in 1..3 {
                let on = |(_, places): &(i64, Vec<Place>)| {
                    places.iter().any(|(known, _)| *known == domain(of))
                };
                let links = plain.links.iter().filter(|(_, known)| on(known));
                let links: BTreeSet<LinkId> = links.map(|(id, _)| *id).collect();
                prop_assert_eq!(table.links_on(domain(of)), links);
            }
        }
        prop_assert!(!table.is_damaged());
    }
}

#[test]
fn many_links_are_all_found_and_those_that_go_leave_room() {
    const MANY: i64 = 20_000;
    let table = Table::new(SEED);
    let at = |number: i64| (domain(1), Box::from(format!("slug-{number}")));
    for number in 1..=MANY {
        table.put(&link(number), &[at(number)]);
    }
    let is_there = |number| found(&table, &at(number)) == LinkId::new(number);
    assert!((1..=MANY).all(is_there));
    assert_eq!(found(&table, &at(MANY + 1)), None);
    let (bytes, live) = table.kept().arena.size();
    for turn in 0..5 {
        for number in 1..=MANY {
            table.remove(LinkId::new(number).unwrap());
            table.put(&link(number + turn), &[at(number)]);
        }
    }
    let (after, live_after) = table.kept().arena.size();
    assert!(after < 2 * bytes && live_after < 2 * live, "{bytes} bytes became {after}");
    assert!(table.kept().slots <= 2 * MANY as u32);
}

#[test]
fn edits_of_one_link_fill_no_memory() {
    let table = Table::new(SEED);
    for version in 0..50_000 {
        let mut edited = link(1);
        (edited.version, edited.title) = (version, Some("x".repeat(1_000)));
        table.put(&edited, &[(domain(1), "a".into())]);
        // One that stays lies in every chunk, and is the only one there that does.
        table.put(&link(10 + version / 1_000), &[(domain(1), format!("{version}").into())]);
    }
    let (bytes, _) = table.kept().arena.size();
    assert!(bytes < 4 << 20, "{bytes} bytes for 51 links");
}

#[test]
fn as_many_are_compiled_as_there_is_room_for() {
    let table = Table::keeping_ready(SEED, 1 << 20);
    let at = |number: i64| (domain(1), Box::from(format!("slug-{number}")));
    for number in 1..=5_000 {
        table.put(&link(number), &[at(number)]);
    }
    assert_eq!(table.ready(), (0, 0));
    let favourite = at(7);
    for number in 1..=5_000 {
        assert_eq!(found(&table, &at(number)), LinkId::new(number));
        assert_eq!(found(&table, &favourite), LinkId::new(7));
    }
    let (count, bytes) = table.ready();
    assert!(100 < count && bytes <= 1 << 20, "{count} links of {bytes} bytes");
    // Whoever is asked for all the time is never compiled again.
    let slot = table.kept().slot_of(
        &table.view.load(),
        table.seed.link(LinkId::new(7).unwrap()),
        LinkId::new(7).unwrap(),
    );
    assert!(table.view.load().slot(slot.unwrap()).unwrap().ready.load().is_some());
}

#[test]
fn whoever_tries_addresses_changes_nothing() {
    let table = Table::new(SEED);
    for number in 1..=1_000 {
        table.put(&link(number), &[(domain(1), format!("slug-{number}").into())]);
    }
    let before = (table.kept().arena.size(), table.view.load().entries.len(), table.edits());
    for number in 0..1_000_000 {
        assert!(table.find(domain(1), &format!("try-{number}")).is_none());
    }
    let after = (table.kept().arena.size(), table.view.load().entries.len(), table.edits());
    assert_eq!(after, before);
    assert_eq!(table.ready(), (0, 0));
}

#[test]
fn the_next_look_up_finds_what_was_edited() {
    let table = Table::new(SEED);
    let places = [(domain(1), Box::from("a"))];
    let seen = AtomicU64::new(0);
    std::thread::scope(|scope| {
        // Compiles again and again what is edited meanwhile.
        for _ in 0..3 {
            scope.spawn(|| {
                while seen.load(Ordering::Acquire) < 20_000 {
                    let known = seen.load(Ordering::Acquire) as i64;
                    let found = table.find(domain(1), "a").map(|route| route.version);
                    assert!(known <= found.unwrap_or(0), "{found:?} after {known}");
                }
            });
        }
        for version in 1..=20_000 {
            let mut edited = link(1);
            edited.version = version;
            table.put(&edited, &places);
            seen.store(version as u64, Ordering::Release);
            assert_eq!(table.find(domain(1), "a").unwrap().version, version);
        }
    });
}

#[test]
fn a_route_that_is_held_stays_whole() {
    let table = Table::keeping_ready(SEED, 0);
    let places = [(domain(1), Box::from("a"))];
    table.put(&link(1), &places);
    let held = table.find(domain(1), "a").unwrap();
    table.remove(LinkId::new(1).unwrap());
    let other = Host::parse("other.example").unwrap();
    assert_eq!(held.link, LinkId::new(1).unwrap());
    assert_ne!(held.destination.url().unwrap().host_str(), Some(other.as_str()));
    assert!(table.find(domain(1), "a").is_none());
}

#[test]
fn slugs_of_any_length_are_told_apart() {
    let domain = DomainId::new(1).unwrap();
    for length in 1..60 {
        let table = Table::new(SEED);
        let slug = "s".repeat(length);
        let other = format!("{}t", "s".repeat(length - 1));
        table.put(&link(1), &[(domain, slug.as_str().into()), (domain, "second".into())]);
        for key in [&slug, "second", &slug] {
            assert_eq!(table.find(domain, key).map(|found| found.link.number()), Some(1), "{key}");
        }
        let ready = Ready::new(Route::compile(link(1)), vec![(domain, slug.as_str().into())], 0, 0);
        assert!(ready.is_at(domain, &slug) && !ready.is_at(DomainId::new(2).unwrap(), &slug));
        for wrong in [&other, &slug[1..], &format!("{slug}s"), &format!("{slug}\0"), ""] {
            assert_eq!(ready.is_at(domain, wrong), wrong == slug, "{wrong:?}");
        }
    }
}

#[test]
fn links_that_are_foreseen_stay_as_they_are() {
    let (table, domain) = (Table::new(SEED), DomainId::new(1).unwrap());
    let slug = |id: i64| format!("slug-{id}");
    for id in 1..=200 {
        table.put(&link(id), &[(domain, slug(id).into())]);
    }
    // Some of them there, some not, and more than are looked at together.
    let foresee = || table.foresee((150..=250).map(|id| table.hash(domain, &slug(id))));
    let found = |id| table.find(domain, &slug(id)).map(|found| found.link.number());
    foresee();
    assert_eq!(table.ready().0, 0);
    let first: Vec<_> = (150..=250).map(found).collect();
    foresee();
    assert_eq!((150..=250).map(found).collect::<Vec<_>>(), first);
    assert_eq!((first[0], first[50], first[51]), (Some(150), Some(200), None));
    assert_eq!(table.ready().0, 51);
    table.foresee(std::iter::empty());
}
