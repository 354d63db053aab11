//! Clicks are stored once, whatever is sent again.

use jiff::ToSpan;
use model::{Class, Click, ClickId, Error, LinkId, What};

use crate::harness::{World, now, on_both};

const SEGMENT: u128 = 0xfedc_ba98_7654_3210_0123_4567_89ab_cdef;

fn click(world: &World, link: LinkId, class: Class, minute: i64) -> Vec<u8> {
    let at = (now() + minute.minutes()).as_millisecond();
    let click = Click {
        at,
        class,
        workspace: world.workspace().number(),
        link: link.number(),
        ..Click::default()
    };
    let mut bytes = Vec::new();
    click.encode(&mut bytes);
    bytes
}

async fn counts(world: &World, link: LinkId) -> Vec<(Class, i64)> {
    world.store.click_counts(world.workspace(), link).await.unwrap()
}

#[tokio::test]
async fn clicks_add_up_by_class() {
    on_both(async |world| {
        let (a, b) = (world.id(), world.id());
        let clicks: Vec<Vec<u8>> = (0..1_000)
            .map(|i| match i % 4 {
                0 => click(&world, b, Class::Person, i),
                3 => click(&world, a, Class::Bot, i),
                _ => click(&world, a, Class::Person, i),
            })
            .collect();
        let batch: Vec<(u64, &[u8])> =
            clicks.iter().zip(0..).map(|(click, i)| (8 + i * 100, click.as_slice())).collect();
        world.store.record_clicks(SEGMENT, &batch, 0, 100_008, false).await.unwrap();
        assert_eq!(counts(&world, a).await, [(Class::Person, 500), (Class::Bot, 250)]);
        let of = world.store.click_counts_of(world.workspace(), &[b, a, world.id()]).await.unwrap();
        assert_eq!(of, [(a, Class::Person, 500), (a, Class::Bot, 250), (b, Class::Person, 250)]);
        assert_eq!(world.store.click_counts_of(world.workspace(), &[]).await.unwrap(), []);
        let theirs = world.store.click_counts(world.theirs.workspace, a).await.unwrap();
        assert_eq!(theirs, []);
        assert_eq!(world.store.spool_cursors().await.unwrap(), [(SEGMENT, 100_008)]);
    })
    .await;
}

#[tokio::test]
async fn a_batch_that_is_sent_again_counts_once() {
    on_both(async |world| {
        let link = world.id();
        let record = click(&world, link, Class::Person, 0);
        let batch = |places: std::ops::Range<u64>| -> Vec<(u64, &[u8])> {
            places.map(|i| (i * 50, record.as_slice())).collect()
        };
        let send = |places: std::ops::Range<u64>| {
            let (store, next) = (world.store.clone(), places.end * 50);
            let batch = batch(places);
            async move { store.record_clicks(SEGMENT, &batch, 0, next, false).await.unwrap() }
        };
        send(0..10).await;
        send(0..10).await;
        assert_eq!(counts(&world, link).await, [(Class::Person, 10)]);
        send(5..15).await;
        assert_eq!(counts(&world, link).await, [(Class::Person, 15)]);
        // Later than what is stored: the cursor does not go back.
        send(0..3).await;
        assert_eq!(world.store.spool_cursors().await.unwrap(), [(SEGMENT, 750)]);
        send(0..15).await;
        assert_eq!(counts(&world, link).await, [(Class::Person, 15)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_that_store_one_segment_store_it_once() {
    on_both(async |world| {
        let link = world.id();
        let record = click(&world, link, Class::Person, 0);
        let batch: Vec<(u64, &[u8])> = (0..100).map(|i| (i * 50, record.as_slice())).collect();
        let other = store::Store::open(&world.url).await.unwrap();
        let send = |store: &store::Store| {
            let (store, batch) = (store.clone(), batch.clone());
            async move { store.record_clicks(SEGMENT, &batch, 0, 5_000, true).await.unwrap() }
        };
        tokio::join!(send(&world.store), send(&other), send(&world.store), send(&other));
        other.close().await;
        assert_eq!(counts(&world, link).await, [(Class::Person, 100)]);
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_segment_that_comes_back_is_known() {
    on_both(async |world| {
        let link = world.id();
        let record = click(&world, link, Class::Preview, 0);
        let batch = [(8, record.as_slice())];
        world.store.record_clicks(SEGMENT, &batch, 0, 100, true).await.unwrap();
        world.store.record_clicks(7, &batch, 0, 100, false).await.unwrap();
        world.store.forget_segment(SEGMENT).await.unwrap();
        assert_eq!(world.store.spool_cursors().await.unwrap(), [(7, 100)]);
        world.store.record_clicks(SEGMENT, &batch, 0, 100, true).await.unwrap();
        assert_eq!(counts(&world, link).await, [(Class::Preview, 2)]);
    })
    .await;
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_named_and_stops_nothing() {
    on_both(async |world| {
        let link = world.id();
        let record = click(&world, link, Class::Person, 0);
        let batch = [(8, record.as_slice()), (99, [0xff, 0].as_slice()), (120, record.as_slice())];
        let unreadable = world.store.record_clicks(SEGMENT, &batch, 0, 200, false).await.unwrap();
        assert_eq!(unreadable.iter().map(|(offset, _)| *offset).collect::<Vec<_>>(), [99]);
        assert_eq!(counts(&world, link).await, [(Class::Person, 2)]);
        assert_eq!(world.store.spool_cursors().await.unwrap(), [(SEGMENT, 200)]);
    })
    .await;
}

#[tokio::test]
async fn a_record_of_a_newer_version_is_stored_as_it_is() {
    on_both(async |world| {
        let link = world.id();
        let old = click(&world, link, Class::Person, 0);
        let mut newer = click(&world, link, Class::Person, 1);
        newer[0] += 1;
        newer.extend(b"more than this version knows");
        let mut of_a_new_class = newer.clone();
        of_a_new_class[1] = 77;
        let batch = [&old, &newer, &of_a_new_class].map(Vec::as_slice);
        let batch: Vec<_> = (8..).step_by(100).zip(batch).collect();
        let unreadable = world.store.record_clicks(SEGMENT, &batch, 0, 400, true).await.unwrap();
        assert_eq!(unreadable, []);
        assert_eq!(counts(&world, link).await, [(Class::Person, 2)]);
        let id = ClickId { segment: SEGMENT, offset: 208 };
        assert_eq!(world.store.click(world.workspace(), id).await.unwrap(), of_a_new_class);
    })
    .await;
}

#[tokio::test]
async fn a_database_that_has_gone_back_takes_nothing_behind_the_gap() {
    on_both(async |world| {
        let link = world.id();
        let record = click(&world, link, Class::Person, 0);
        let batch = [(300, record.as_slice())];
        world.store.record_clicks(SEGMENT, &[], 0, 200, false).await.unwrap();
        let error = world.store.record_clicks(SEGMENT, &batch, 300, 400, false).await.unwrap_err();
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.ends_with("is stored to 200, and was to 300 before"), "{source}");
        assert_eq!(counts(&world, link).await, []);
        assert_eq!(world.store.spool_cursors().await.unwrap(), [(SEGMENT, 200)]);
    })
    .await;
}

#[tokio::test]
async fn a_click_is_found_by_its_id_byte_for_byte() {
    on_both(async |world| {
        let link = world.id();
        let records: Vec<Vec<u8>> = (0..700)
            .map(|i| {
                let mut record = click(&world, link, Class::Person, i);
                // Whatever follows the head is the spool's affair, and longer than a buffer.
                record.extend((0..i * 3).map(|n| n as u8));
                record
            })
            .collect();
        let places: Vec<u64> = (0..699).map(|i| i * 7).chain([u64::from(u32::MAX) - 1]).collect();
        let batch: Vec<(u64, &[u8])> =
            places.iter().copied().zip(records.iter().map(Vec::as_slice)).collect();
        for segment in [1, SEGMENT] {
            world.store.record_clicks(segment, &batch, 0, u64::from(u32::MAX), true).await.unwrap();
        }
        for (&offset, record) in places.iter().zip(&records) {
            let id = ClickId { segment: SEGMENT, offset };
            assert_eq!(world.store.click(world.workspace(), id).await.unwrap(), *record);
        }
        let id = ClickId { segment: SEGMENT, offset: 7 };
        for (workspace, id) in [
            (world.theirs.workspace, id),
            (world.workspace(), ClickId { offset: 8, ..id }),
            (world.workspace(), ClickId { offset: u64::MAX, ..id }),
            (world.workspace(), ClickId { segment: 2, ..id }),
        ] {
            let error = world.store.click(workspace, id).await.unwrap_err();
            assert!(matches!(error, Error::NotFound(What::Click)), "{error:?}");
        }
    })
    .await;
}
