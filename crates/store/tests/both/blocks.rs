//! Rows become blocks, and no click is lost or there twice.

use model::{Click, ClickId, Error, LinkId, What};
use sqlx::{Connection, Row, SqliteConnection};
use store::{After, Firsts, Known, NewBlock, RecentClick, Store, Tail, Until};

use crate::harness::{World, now, on_both};

/// Stores clicks at these places of a segment, as far as they are not.
async fn record(world: &World, link: LinkId, segment: u128, places: &[u64]) {
    let click = Click {
        at: now().as_millisecond(),
        workspace: world.workspace().number(),
        link: link.number(),
        ..Click::default()
    };
    let mut record = Vec::new();
    click.encode(&mut record);
    let batch: Vec<(u64, &[u8])> = places.iter().map(|place| (*place, record.as_slice())).collect();
    let next = places.last().unwrap() + 100;
    world.store.record_clicks(segment, &batch, 0, next, false).await.unwrap();
}

fn ids(clicks: &[RecentClick]) -> Vec<(u128, u64)> {
    clicks.iter().map(|click| (click.id.segment, click.id.offset)).collect()
}

fn block_of(rows: &[RecentClick]) -> NewBlock {
    let segments = rows.chunk_by(|a, b| a.id.segment == b.id.segment);
    let spans = segments.map(|rows| (rows[0].key, rows.last().unwrap().key)).collect();
    let clicks = rows.len().try_into().unwrap();
    let firsts = Firsts { people: Some(1), others: None };
    NewBlock { first: 1, last: 2, clicks, firsts, spans, bytes: b"columns".to_vec() }
}

#[tokio::test]
async fn rows_become_a_block_and_whoever_asks_again_gets_what_is_new() {
    on_both(async |world| {
        let link = world.id();
        let mut known = Known::default();
        record(&world, link, 7, &[0, 100, 200]).await;
        record(&world, link, 8, &[0, 100]).await;
        let new = world.store.new_clicks(&mut known).await.unwrap();
        assert_eq!((new.anew, &*new.blocks), (true, &[][..]));
        assert_eq!(ids(&new.clicks), [(7, 0), (7, 100), (7, 200), (8, 0), (8, 100)]);
        let new = world.store.new_clicks(&mut known).await.unwrap();
        assert_eq!((new.anew, ids(&new.clicks)), (false, vec![]));
        record(&world, link, 7, &[0, 100, 200, 300]).await;
        record(&world, link, 9, &[0]).await;
        let new = world.store.new_clicks(&mut known).await.unwrap();
        assert_eq!((new.anew, ids(&new.clicks)), (false, vec![(7, 300), (9, 0)]));

        assert!(world.store.oldest_clicks(8).await.unwrap().is_none());
        let rows = world.store.oldest_clicks(5).await.unwrap().unwrap();
        assert_eq!(ids(&rows), [(7, 0), (7, 100), (7, 200), (7, 300), (8, 0)]);
        let block = block_of(&rows);
        assert!(world.store.seal_clicks(block.clone()).await.unwrap());
        assert!(!world.store.seal_clicks(block).await.unwrap(), "another node was quicker");

        let new = world.store.new_clicks(&mut known).await.unwrap();
        assert_eq!((new.anew, ids(&new.clicks)), (true, vec![(8, 100), (9, 0)]));
        let block = new.blocks[0];
        assert_eq!((new.blocks.len(), block.first, block.last, block.clicks), (1, 1, 2, 5));
        assert_eq!(world.store.block_bytes(block.id).await.unwrap().unwrap(), b"columns");
        let of = |segment, offset| world.store.block_of(ClickId { segment, offset });
        assert_eq!(of(7, 300).await.unwrap(), Some(block));
        assert_eq!(of(8, 0).await.unwrap(), Some(block));
        assert_eq!(of(8, 100).await.unwrap(), None);
        assert_eq!(of(10, 0).await.unwrap(), None);
        let sealed = world.store.click(world.workspace(), ClickId { segment: 7, offset: 0 }).await;
        assert!(matches!(sealed, Err(Error::NotFound(What::Click))));
    })
    .await;
}

#[tokio::test]
async fn a_segment_that_is_sent_again_brings_no_sealed_click_back() {
    on_both(async |world| {
        let link = world.id();
        record(&world, link, 7, &[0, 100, 200]).await;
        let rows = world.store.oldest_clicks(2).await.unwrap().unwrap();
        assert!(world.store.seal_clicks(block_of(&rows)).await.unwrap());
        record(&world, link, 7, &[0, 100, 200]).await;
        let new = world.store.new_clicks(&mut Known::default()).await.unwrap();
        assert_eq!(ids(&new.clicks), [(7, 200)]);
        let counts = world.store.click_counts(world.workspace(), link).await.unwrap();
        assert_eq!(counts, [(model::Class::Person, 3)]);
    })
    .await;
}

#[tokio::test]
async fn rows_that_another_block_has_are_left_alone() {
    on_both(async |world| {
        let link = world.id();
        record(&world, link, 7, &[0, 100, 200]).await;
        let three = world.store.oldest_clicks(3).await.unwrap().unwrap();
        assert!(world.store.seal_clicks(block_of(&three[..1])).await.unwrap());
        assert!(!world.store.seal_clicks(block_of(&three)).await.unwrap());
        let new = world.store.new_clicks(&mut Known::default()).await.unwrap();
        assert_eq!((new.blocks.len(), ids(&new.clicks)), (1, vec![(7, 100), (7, 200)]));
    })
    .await;
}

#[tokio::test]
async fn old_clicks_are_dropped_and_what_they_add_up_to_stays() {
    on_both(async |world| {
        let link = world.id();
        let mut known = Known::default();
        record(&world, link, 7, &[0, 100, 200]).await;
        let rows = world.store.oldest_clicks(2).await.unwrap().unwrap();
        assert!(world.store.seal_clicks(block_of(&rows)).await.unwrap());
        let block = world.store.new_clicks(&mut known).await.unwrap().blocks[0];
        let today = now().as_millisecond();
        let drop = |people, others| world.store.drop_recent(Until { people, others });
        assert_eq!(drop(Some(today - 1_000), Some(today + 1_000)).await.unwrap(), 0);

        // One of the block's clicks goes, and then the other.
        let left = NewBlock { clicks: 1, bytes: b"left".to_vec(), ..block_of(&rows) };
        assert!(world.store.replace_block(block.id, Some(left)).await.unwrap());
        assert!(!world.store.replace_block(block.id, None).await.unwrap(), "it is another now");
        let new = world.store.new_clicks(&mut known).await.unwrap();
        assert_eq!((new.anew, new.blocks[0].clicks, ids(&new.clicks)), (true, 1, vec![(7, 200)]));
        assert_eq!(new.blocks[0].firsts, Firsts { people: Some(1), others: None });
        assert_eq!(world.store.block_of(rows[0].id).await.unwrap(), Some(new.blocks[0]));
        assert!(world.store.replace_block(new.blocks[0].id, None).await.unwrap());
        assert_eq!(world.store.block_of(rows[0].id).await.unwrap(), None);
        assert!(world.store.new_clicks(&mut known).await.unwrap().blocks.is_empty());

        assert_eq!(drop(Some(today + 10_000), None).await.unwrap(), 1);
        let new = world.store.new_clicks(&mut known).await.unwrap();
        assert_eq!((new.anew, ids(&new.clicks)), (true, vec![]));
        // Nothing comes back with a restored folder.
        record(&world, link, 7, &[0, 100, 200]).await;
        assert_eq!(ids(&world.store.new_clicks(&mut known).await.unwrap().clicks), []);
        let counts = world.store.click_counts(world.workspace(), link).await.unwrap();
        assert_eq!(counts, [(model::Class::Person, 3)]);
    })
    .await;
}

#[tokio::test]
async fn single_clicks_are_dropped_by_their_ids() {
    on_both(async |world| {
        record(&world, world.id(), 7, &[0, 100, 200]).await;
        let id = |offset| ClickId { segment: 7, offset };
        let unknown = ClickId { segment: 9, offset: 0 };
        let dropped = world.store.drop_clicks(&[id(100), id(100), id(150), unknown]).await;
        assert_eq!(dropped.unwrap(), 1);
        let new = world.store.new_clicks(&mut Known::default()).await.unwrap();
        assert_eq!(ids(&new.clicks), [(7, 0), (7, 200)]);
    })
    .await;
}

#[tokio::test]
async fn whoever_follows_sees_each_click_once_be_it_a_row_or_not() {
    on_both(async |world| {
        let link = world.id();
        record(&world, link, 7, &[0, 100]).await;
        let mut tail = world.store.tail().await.unwrap();
        let after = async |tail: &mut Tail| -> (Vec<(u128, u64)>, After) {
            let after = world.store.clicks_after(tail).await.unwrap();
            assert!(!after.more);
            (ids(&after.recent), after)
        };
        assert_eq!(after(&mut tail).await.0, []);
        let mut before: Tail = tail.to_string().parse().unwrap();
        record(&world, link, 7, &[0, 100, 200]).await;
        record(&world, link, 9, &[0]).await;
        assert_eq!(after(&mut tail).await.0, [(7, 200), (9, 0)]);
        assert_eq!(after(&mut tail).await.0, []);
        assert!(tail.has_seen(&before) && !before.has_seen(&tail));

        let rows = world.store.oldest_clicks(3).await.unwrap().unwrap();
        assert!(world.store.seal_clicks(block_of(&rows)).await.unwrap());
        let (rows, found) = after(&mut before).await;
        assert_eq!(rows, [(9, 0)]);
        let [sealed] = found.sealed.as_slice() else { panic!("{found:?}") };
        // The block's clicks of that segment are those that were not seen, and no others.
        assert_eq!((sealed.segment, sealed.from <= 200 && 200 < sealed.to), (7, true));
        assert!(100 < sealed.from, "{sealed:?}");
        assert_eq!(before, tail);
    })
    .await;
}

#[tokio::test]
async fn blocks_are_listed_without_a_look_at_their_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/waypost.db", folder.path().display());
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    let mut conn = SqliteConnection::connect(&url).await.unwrap();
    let plan = "
        explain query plan
        select id, first_at, last_at, clicks, people_first_at, others_first_at
        from click_blocks order by id";
    let plan: String = sqlx::query(plan).fetch_one(&mut conn).await.unwrap().get("detail");
    assert_eq!(plan, "SCAN click_blocks USING COVERING INDEX click_blocks_heads");
    store.close().await;
}
