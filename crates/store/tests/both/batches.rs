//! Clicks lie together in batches, and are each there once whatever is taken out of them.

use model::{Class, Click, ClickId, LinkId};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use store::{Firsts, Known, NewBlock, RecentClick, Until};

use crate::harness::{World, now, on_both};

const SEGMENT: u128 = 0xfedc_ba98_7654_3210_0123_4567_89ab_cdef;

/// The click at a place: every fourth is a bot's, and each comes a second after the one before.
fn click(world: &World, link: LinkId, nth: i64) -> Vec<u8> {
    let text = nth.to_string().repeat((nth % 5) as usize);
    let mut click = Click {
        at: now().as_millisecond() + nth * 1_000,
        class: if nth % 4 == 3 { Class::Bot } else { Class::Person },
        workspace: world.workspace().number(),
        link: link.number(),
        ..Click::default()
    };
    click.utm.content = Some(&text);
    let mut record = Vec::new();
    click.encode(&mut record);
    record
}

/// Stores so many clicks of a segment, ten bytes apart, as far as they are not there.
async fn record(world: &World, link: LinkId, count: i64) {
    let records: Vec<Vec<u8>> = (0..count).map(|nth| click(world, link, nth)).collect();
    let batch: Vec<(u64, &[u8])> =
        (0..).step_by(10).zip(records.iter().map(Vec::as_slice)).collect();
    let next = count.unsigned_abs() * 10;
    world.store.record_clicks(SEGMENT, &batch, 0, next, false).await.unwrap();
}

async fn recent(world: &World) -> Vec<RecentClick> {
    world.store.new_clicks(&mut Known::default()).await.unwrap().clicks
}

fn places(clicks: &[RecentClick]) -> Vec<u64> {
    clicks.iter().map(|click| click.id.offset / 10).collect()
}

/// A block of some clicks, which need not lie beside each other.
fn block_of(clicks: &[&RecentClick]) -> NewBlock {
    let spans = clicks.iter().map(|click| (click.key, click.key)).collect();
    let (firsts, count) = (Firsts::default(), clicks.len() as i64);
    NewBlock { first: 1, last: 2, clicks: count, firsts, spans, bytes: b"columns".to_vec() }
}

async fn counts(world: &World, link: LinkId) -> Vec<(Class, i64)> {
    world.store.click_counts(world.workspace(), link).await.unwrap()
}

async fn execute(world: &World, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    if world.url.starts_with("sqlite") {
        SqliteConnection::connect(&world.url).await.unwrap().execute(sql).await.unwrap();
    } else {
        PgConnection::connect(&world.url).await.unwrap().execute(sql).await.unwrap();
    }
}

/// A click as a row, as nodes of the version before store it.
async fn insert_row(world: &World, link: LinkId, id: i64) {
    let record: String = click(world, link, 0).iter().map(|byte| format!("{byte:02x}")).collect();
    let bytes = if world.url.starts_with("sqlite") {
        format!("x'{record}'")
    } else {
        format!("'\\x{record}'::bytea")
    };
    let (workspace, link, at) = (world.workspace().number(), link.number(), now().as_millisecond());
    let insert = "insert into clicks (id, workspace_id, link_id, at, class, payload)";
    execute(world, &format!("{insert} values ({id}, {workspace}, {link}, {at}, 0, {bytes})")).await;
}

#[tokio::test]
async fn more_clicks_than_one_batch_has_come_back_as_they_were() {
    on_both(async |world| {
        let link = world.id();
        // The second time begins within a batch of the first.
        record(&world, link, 5_000).await;
        record(&world, link, 12_345).await;
        let all = recent(&world).await;
        assert_eq!(places(&all), (0..12_345).collect::<Vec<_>>());
        for (nth, found) in (0..).zip(&all).step_by(777) {
            assert_eq!(*found.record, *click(&world, link, nth));
            let of_id = world.store.click(world.workspace(), found.id).await.unwrap();
            assert_eq!(of_id, found.record);
        }
        let none = ClickId { segment: SEGMENT, offset: 41_005 };
        assert_eq!(world.store.click_of_any(none).await.unwrap(), None);
        assert_eq!(counts(&world, link).await, [(Class::Person, 9_259), (Class::Bot, 3_086)]);
    })
    .await;
}

#[tokio::test]
async fn clicks_are_taken_out_of_the_middle_of_batches_and_stay_counted() {
    on_both(async |world| {
        let link = world.id();
        record(&world, link, 10).await;
        let all = recent(&world).await;
        let taken: Vec<&RecentClick> = [1, 2, 5, 9].iter().map(|nth| &all[*nth]).collect();
        assert!(world.store.seal_clicks(block_of(&taken)).await.unwrap());
        assert!(!world.store.seal_clicks(block_of(&taken[..1])).await.unwrap());
        assert_eq!(places(&recent(&world).await), [0, 3, 4, 6, 7, 8]);
        // Bots' clicks are 3 and 7.
        let until = Until { people: None, others: Some(now().as_millisecond() + 5_000) };
        assert_eq!(world.store.drop_recent(until).await.unwrap(), 1);
        let ids: Vec<ClickId> = [all[8].id, all[0].id, all[5].id].to_vec();
        assert_eq!(world.store.drop_clicks(&ids).await.unwrap(), 2);
        let left = recent(&world).await;
        assert_eq!(places(&left), [4, 6, 7]);
        assert!(left.iter().all(|click| {
            let nth = (click.id.offset / 10) as usize;
            click.record == all[nth].record
        }));
        assert_eq!(places(&world.store.oldest_clicks(2).await.unwrap().unwrap()), [4, 6]);
        record(&world, link, 11).await;
        assert_eq!(places(&recent(&world).await), [4, 6, 7, 10]);
        assert_eq!(counts(&world, link).await, [(Class::Person, 9), (Class::Bot, 2)]);
    })
    .await;
}

#[tokio::test]
async fn a_damaged_batch_gives_what_is_whole_of_it_and_does_not_stay_for_ever() {
    on_both(async |world| {
        record(&world, world.id(), 4).await;
        // The second click begins where there is nothing, so the first has no end.
        let splits = if world.url.starts_with("sqlite") {
            "cast(x'ffffff000a000000' || substr(splits, 9) as blob)"
        } else {
            "'\\xffffff000a000000'::bytea || substr(splits, 9)"
        };
        execute(&world, &format!("update click_batches set splits = {splits}")).await;
        let left = recent(&world).await;
        assert_eq!(places(&left), [2, 3]);
        let left: Vec<&RecentClick> = left.iter().collect();
        assert!(world.store.seal_clicks(block_of(&left)).await.unwrap());
        assert!(recent(&world).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn clicks_of_a_node_of_the_version_before_are_taken_over_once() {
    on_both(async |world| {
        let link = world.id();
        record(&world, link, 2).await;
        let mut known = Known::default();
        world.store.new_clicks(&mut known).await.unwrap();
        for id in [5_i64 << 32, 5 << 32 | 100] {
            insert_row(&world, link, id).await;
        }
        execute(
            &world,
            "insert into segments (number, name, cursor, sealed, gone)
             values (5, '00000000000000000000000000000005', 200, 0, 0)",
        )
        .await;
        for _ in 0..2 {
            world.store.adopt_clicks().await.unwrap();
        }
        let new = world.store.new_clicks(&mut known).await.unwrap();
        assert!(new.anew);
        assert_eq!(places(&new.clicks), [0, 1, 0, 10]);
        assert_eq!(*new.clicks[3].record, *click(&world, link, 0));
        // That node has counted them itself.
        assert_eq!(counts(&world, link).await, [(Class::Person, 2)]);
    })
    .await;
}

#[tokio::test]
async fn rows_of_the_version_before_become_batches_with_the_tables() {
    on_both(async |world| {
        let link = world.id();
        record(&world, link, 1).await;
        for back in [
            "drop table click_batches",
            "drop table uncounted_batches",
            "drop index click_blocks_heads",
            "delete from counters where name = 'counted'",
            "delete from _sqlx_migrations where version = 18",
        ] {
            execute(&world, back).await;
        }
        insert_row(&world, link, 1 << 32 | 5).await;
        world.store.migrate().await.unwrap();
        let all = recent(&world).await;
        assert_eq!(places(&all), [0]);
        assert_eq!(*all[0].record, *click(&world, link, 0));
        record(&world, link, 9).await;
        assert_eq!(places(&recent(&world).await), (0..9).collect::<Vec<_>>());
    })
    .await;
}
