//! Every question, compared with the same question put to one click after another.

mod clicks;
mod reference;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jiff::{Timestamp, tz::TimeZone};
use model::{CLASSES, Class, Click, ClickId, Id};
use proptest::prelude::*;

use crate::*;
use clicks::{SETTINGS, click, hash};
use reference::{Expected, Label, expected, label};

/// Clicks of one setting of a clock and the days about it, as they came.
#[derive(Debug)]
struct Sample {
    zone: &'static str,
    clicks: Vec<(Click<'static>, Option<ClickId>)>,
}

fn samples() -> impl Strategy<Value = Sample> {
    let times = prop_oneof![-3_i64..3, -70_i64..70]
        .prop_flat_map(|day| (Just(day), 0_i64..86_400_000))
        .prop_map(|(day, ms)| day * 86_400_000 + ms);
    let clicks = prop::collection::vec((times, any::<u64>()), 0..120);
    (0..SETTINGS.len(), clicks).prop_map(|(setting, clicks)| {
        let (zone, about) = SETTINGS[setting];
        let about: Timestamp = about.parse().unwrap();
        let clicks = clicks.into_iter().map(|(after, seed)| {
            // Half of them hit a full quarter of an hour, where a mistake would show.
            let at = about.as_millisecond() + after;
            let at = if seed & 1 == 0 { at } else { at / 900_000 * 900_000 };
            let id = ClickId { segment: u128::from(hash(seed) % 3), offset: seed };
            (click(at, hash(seed)), (seed % 5 != 0).then_some(id))
        });
        Sample { zone, clicks: clicks.collect() }
    })
}

/// What a question is made of, but for the time.
#[derive(Clone, Debug)]
struct Asked {
    from: i64,
    length: i64,
    filters: Vec<(usize, BTreeSet<usize>, bool)>,
    links: Option<BTreeSet<i64>>,
    classes: Vec<Class>,
    group: usize,
    dimension: usize,
}

fn asked() -> impl Strategy<Value = Asked> {
    let filter =
        (0..DIMENSIONS.len(), prop::collection::btree_set(0_usize..6, 1..3), any::<bool>());
    let classes = prop_oneof![
        4 => Just(vec![Class::Person]),
        1 => Just(CLASSES.iter().map(|row| row.0).collect()),
        1 => Just(vec![Class::Bot, Class::Prefetch]),
    ];
    (
        (prop_oneof![-3_i64..3, -80_i64..80], 0_i64..86_400_000),
        prop_oneof![1_i64..86_400_000, 1_i64..14_000_000_000],
        prop::collection::vec(filter, 0..3),
        prop::option::of(prop::collection::btree_set(0_i64..6, 0..4)),
        classes,
        0_usize..9,
        0..DIMENSIONS.len(),
    )
        .prop_map(|((day, ms), length, filters, links, classes, group, dimension)| Asked {
            from: day * 86_400_000 + ms,
            length,
            filters,
            links,
            classes,
            group,
            dimension,
        })
}

fn query(sample: &Sample, asked: &Asked) -> Query {
    let (_, about) = SETTINGS.iter().find(|row| row.0 == sample.zone).unwrap();
    let from = about.parse::<Timestamp>().unwrap().as_millisecond() + asked.from;
    let zone = TimeZone::get(sample.zone).unwrap();
    let value = |dimension: &Dimension, nth: usize| {
        let click = sample.clicks.get(nth)?;
        reference::value(dimension, &click.0, &zone)
    };
    let filter = |(dimension, values, negated): &(usize, BTreeSet<usize>, bool)| {
        let dimension = &DIMENSIONS[*dimension];
        let values: Vec<_> = values.iter().map(|&nth| value(dimension, nth)).collect();
        let unknown = values.contains(&None);
        let values = values.into_iter().flatten().collect();
        Filter { dimension, values, unknown, negated: *negated }
    };
    let dimension = &DIMENSIONS[asked.dimension];
    Query {
        workspace: Id::new(1).unwrap(),
        links: asked
            .links
            .as_ref()
            .map(|links| links.iter().map(|&link| Id::new(link).unwrap()).collect::<BTreeSet<_>>())
            .map(Arc::new),
        from,
        to: from + asked.length,
        filters: asked.filters.iter().map(filter).collect(),
        classes: asked.classes.clone(),
        group: match asked.group {
            0 => Group::Total,
            nth @ 1..=4 => Group::Series(UNITS[nth - 1].0),
            5 => Group::HourByDay,
            6 => Group::Cities { limit: 1_000 },
            _ => Group::Breakdown { dimension, limit: 1_000 },
        },
        visitors: asked.group != 6,
        exact: false,
        zone,
    }
}

/// So many batches, every second of them sealed and opened again.
fn batches(clicks: &[(Click<'static>, Option<ClickId>)], count: usize) -> Vec<Columns> {
    let mut builders = vec![Builder::default(); count];
    for (nth, (click, id)) in clicks.iter().enumerate() {
        builders[hash(nth as u64) as usize % count].push(click, *id);
    }
    let batches = builders.iter().enumerate().map(|(nth, builder)| match nth % 2 {
        0 => Columns::decode(builder.columns().encode().unwrap()).unwrap(),
        _ => builder.columns(),
    });
    batches.collect()
}

#[track_caller]
fn check(query: &Query, clicks: &[(Click<'static>, Option<ClickId>)], answer: &Answer) {
    let Expected { left_out, mut groups } = expected(query, clicks.iter().map(|(click, _)| click));
    for (class, number, name) in CLASSES {
        assert_eq!(answer.left_out(*class), left_out[usize::from(*number)], "{name}");
    }
    let total: u64 = groups.values().map(|group| group.clicks).sum();
    assert_eq!(answer.clicks(), total);
    let rows = answer.rows();
    for row in rows {
        let group = groups.remove(&label(query, &row.key)).unwrap_or_default();
        let visitors = query.visitors.then(|| group.visitors());
        assert_eq!((row.clicks, row.visitors), (group.clicks, visitors), "{row:?}");
    }
    groups.remove(&Label::Nowhere);
    assert!(groups.is_empty(), "no rows for {groups:?}");
    match query.group {
        Group::Total => assert_eq!(rows.len(), 1),
        Group::HourByDay => assert_eq!(rows.len(), 7 * 24),
        Group::Series(_) => {
            assert!(rows.is_sorted_by(|a, b| a.key < b.key));
            for row in rows {
                let Key::Since(start) = row.key else { panic!("{row:?}") };
                let before = label(query, &Key::Since(start - 1));
                assert_ne!(label(query, &row.key), before, "{start} is not where it begins");
            }
        }
        Group::Breakdown { .. } | Group::Cities { .. } => {
            assert!(rows.is_sorted_by(|a, b| b.clicks <= a.clicks));
        }
    }
}

proptest! {
    #[test]
    fn every_question_is_answered_as_by_going_through_the_clicks(
        sample in samples(), asked in asked(), count in 1_usize..4, threads in 1_usize..4,
    ) {
        let (query, batches) = (query(&sample, &asked), batches(&sample.clicks, count));
        check(&query, &sample.clicks, &query.run(&batches, threads).unwrap());
    }

    #[test]
    fn a_filter_and_its_negation_share_all_clicks(sample in samples(), asked in asked(), count in 1_usize..3) {
        let mut query = query(&sample, &asked);
        query.group = Group::Total;
        let batches = batches(&sample.clicks, count);
        let Some(filter) = query.filters.pop() else { return Ok(()) };
        let all = query.run(&batches, 1).unwrap().clicks();
        query.filters.push(filter.clone());
        let some = query.run(&batches, 1).unwrap().clicks();
        query.filters.pop();
        query.filters.push(Filter { negated: !filter.negated, ..filter });
        prop_assert_eq!(some + query.run(&batches, 1).unwrap().clicks(), all);
    }

    #[test]
    fn the_newest_clicks_are_the_first_of_all_that_are_asked_about(
        sample in samples(), asked in asked(), count in 1_usize..4, threads in 1_usize..4, limit in 0_usize..9,
    ) {
        let (query, batches) = (query(&sample, &asked), batches(&sample.clicks, count));
        let all = query.newest(&batches, sample.clicks.len(), threads).unwrap();
        let alone: Vec<_> = all.iter().map(|(click, id)| {
            let mut builder = Builder::default();
            builder.push(click, *id);
            builder.columns()
        }).collect();
        let total = Query { group: Group::Total, ..query.clone() };
        let asked_about = total.run(&batches, 1).unwrap().clicks();
        prop_assert_eq!(all.len() as u64, asked_about);
        prop_assert_eq!(total.run(&alone, 1).unwrap().clicks(), asked_about);
        prop_assert!(all.is_sorted_by_key(|(click, _)| std::cmp::Reverse(click.at)));
        let few = query.newest(&batches, limit, threads).unwrap();
        let at = |clicks: &[(Click<'_>, _)]| clicks.iter().map(|(click, _)| click.at).collect::<Vec<_>>();
        prop_assert_eq!(at(&few), at(&all[..limit.min(all.len())]));
    }

    #[test]
    fn a_sealed_block_holds_its_clicks_and_their_ids(sample in samples()) {
        let mut builder = Builder::default();
        sample.clicks.iter().for_each(|(click, id)| builder.push(click, *id));
        let sealed = Columns::decode(builder.columns().encode().unwrap()).unwrap();
        prop_assert_eq!(&sealed, &builder.columns());

        let mut clicks = sample.clicks;
        clicks.sort_by_key(|(click, _)| (click.workspace, click.link, click.at));
        for (place, click) in clicks.iter().enumerate() {
            prop_assert_eq!(&sealed.click(place).unwrap(), click);
            if let Some(id) = click.1 {
                let found = sealed.find(id).unwrap().map(|place| sealed.click(place).unwrap().1);
                prop_assert_eq!(found, Some(Some(id)));
            }
        }
        prop_assert_eq!(sealed.len(), clicks.len());
        prop_assert_eq!(sealed.find(ClickId { segment: 9, offset: 0 }).unwrap(), None);
    }

    #[test]
    fn what_is_retained_is_as_if_the_rest_had_never_been(sample in samples(), seed in any::<u64>()) {
        let stays = |click: &Click<'_>| !(click.at as u64 ^ seed).is_multiple_of(3);
        let (mut all, mut some) = (Builder::default(), Builder::default());
        for (click, id) in &sample.clicks {
            all.push(click, *id);
            if stays(click) {
                some.push(click, *id);
            }
        }
        let (left, gone) = all.columns().retain(|click, _| stays(click)).unwrap();
        prop_assert_eq!(&left, &some.columns());
        prop_assert_eq!(gone, all.len() - some.len());
        let workspace = Id::new(1).unwrap();
        let Some(visitor) = sample.clicks.iter().find_map(|(click, _)| click.visitor) else {
            return Ok(());
        };
        let theirs = sample.clicks.iter().map(|(click, _)| click);
        let theirs = theirs.filter(|click| click.workspace == 1 && click.visitor == Some(visitor));
        prop_assert_eq!(
            all.columns().of_visitors(workspace, &[visitor]).unwrap().len(), theirs.count()
        );
    }

    #[test]
    fn damaged_bytes_are_an_error(
        sample in samples(), place in any::<prop::sample::Index>(), bits in 1_u8.., cut in any::<bool>(),
    ) {
        let mut sealed = batches(&sample.clicks, 1).remove(0).encode().unwrap();
        let place = place.index(sealed.len());
        if cut { sealed.truncate(place) } else { sealed[place] ^= bits }
        prop_assert!(matches!(Columns::decode(sealed), Err(Broken::Checksum(_))));
    }

    #[test]
    fn any_bytes_with_a_right_checksum_are_columns_or_an_error(mut bytes: Vec<u8>) {
        let checksum = crc32c::crc32c(&bytes);
        bytes.extend(checksum.to_le_bytes());
        prop_assert!(Columns::decode(bytes).is_err());
    }
}

#[test]
fn a_breakdown_gives_the_most_clicked_and_counts_visitors_for_them_alone() {
    let mut builder = Builder::default();
    for (city, clicks) in [("Oslo", 3), ("Rome", 5), ("Bonn", 3), ("Lima", 1)] {
        for visitor in 1..=clicks {
            let visitor = Some(hash(visitor));
            let click =
                Click { workspace: 1, link: 1, city: Some(city), visitor, ..Click::default() };
            builder.push(&click, None);
        }
    }
    let dimension = Dimension::named("city").unwrap();
    let mut query = Query::total(Id::new(1).unwrap(), 0, 1);
    query.group = Group::Breakdown { dimension, limit: 2 };
    let answer = query.run([&builder.columns()], 1).unwrap();
    let rows: HashMap<_, _> =
        answer.rows().iter().map(|row| (row.key.clone(), (row.clicks, row.visitors))).collect();
    let city = |name: &str| Key::Value(Some(Value::Text(name.into())));
    assert_eq!(rows, HashMap::from([(city("Rome"), (5, Some(5))), (city("Bonn"), (3, Some(3)))]));
    assert_eq!((answer.clicks(), answer.groups()), (12, 4));
}

#[test]
fn a_series_that_is_too_long_is_refused_and_one_at_the_end_of_time_is_an_error_at_most() {
    let workspace = Id::new(1).unwrap();
    let mut query = Query::total(workspace, 0, i64::MAX);
    query.group = Group::Series(Unit::Hour);
    assert!(matches!(query.run([], 1), Err(Unanswerable::TooLong)));
    query.group = Group::Total;
    let mut builder = Builder::default();
    for at in [i64::MIN, -1, 0, 1, i64::MAX] {
        builder.push(&Click { at, workspace: 1, ..Click::default() }, None);
    }
    assert_eq!(query.run([&builder.columns()], 1).unwrap().clicks(), 2);
}

#[test]
fn a_visitor_that_comes_on_two_days_counts_on_each() {
    let mut builder = Builder::default();
    for at in [0, 1, 86_400_000] {
        let click = Click { at, workspace: 1, visitor: Some(7), ..Click::default() };
        builder.push(&click, None);
    }
    let query = Query::total(Id::new(1).unwrap(), 0, i64::MAX);
    let answer = query.run([&builder.columns()], 1).unwrap();
    assert_eq!(answer.rows(), [Row { key: Key::Whole, clicks: 3, visitors: Some(2) }]);
}

#[test]
fn the_earliest_click_of_each_kind_is_found() {
    let mut builder = Builder::default();
    for (at, class) in
        [(9, Class::Person), (5, Class::Bot), (7, Class::Person), (3, Class::Preview)]
    {
        builder.push(&Click { at, class, ..Click::default() }, None);
    }
    let columns = builder.columns();
    let first = |of: &dyn Fn(Class) -> bool| columns.first(of).unwrap();
    assert_eq!(first(&|class| class == Class::Person), Some(7));
    assert_eq!(first(&|class| class != Class::Person), Some(3));
    assert_eq!(first(&|class| class == Class::Prefetch), None);
}
