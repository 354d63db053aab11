//! Clicks that are dropped: each kind when its time is over, and a visitor's when they ask for it.
//!
//! What they added up to stays in the totals.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use futures_util::FutureExt;
use model::{Class, ClickId, EventKind, Head, Result};

use crate::{
    Store, batches,
    blocks::{NewBlock, change, insert},
    click_totals::count_all,
    clicks::{PLACE_BITS, place, segment_name, segment_number},
    db::Conn,
    failure::{self, Failure},
};

/// Up to which time, in milliseconds since 1970, each kind of clicks is dropped; none where it is
/// kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Until {
    pub people: Option<i64>,
    /// Bots, previews and prefetches.
    pub others: Option<i64>,
}

impl Until {
    /// Whether a click of this class that came then is dropped.
    pub fn drops(&self, class: Class, at: i64) -> bool {
        self.drops_numbered(class.number(), at)
    }

    /// Of a class that only a newer version knows it is nobody's click.
    fn drops_numbered(&self, class: u8, at: i64) -> bool {
        let is_person = class == Class::Person.number();
        let until = if is_person { self.people } else { self.others };
        until.is_some_and(|until| at < until)
    }
}

impl Store {
    /// Drops the recent clicks that came before the time of their kind; how many.
    pub async fn drop_recent(&self, until: Until) -> Result<i64> {
        self.clicks
            .write(move |tx| {
                async move {
                    let conn = &mut tx.conn;
                    count_all(conn).await?;
                    change(conn).await?;
                    let latest = until.people.max(until.others).unwrap_or(i64::MIN);
                    let mut dropped = 0;
                    for batch in batches::from_before(conn, latest).await? {
                        let is_over = |_, head: &Head| until.drops_numbered(head.class, head.at);
                        dropped += batches::thin(conn, &batch, is_over).await?;
                    }
                    Ok(dropped)
                }
                .boxed()
            })
            .await
    }

    /// Drops these clicks as far as they are in no block; how many were.
    pub async fn drop_clicks(&self, clicks: &[ClickId]) -> Result<i64> {
        let clicks: Arc<[ClickId]> = clicks.into();
        self.clicks
            .write(move |tx| {
                let clicks = Arc::clone(&clicks);
                async move {
                    let conn = &mut tx.conn;
                    count_all(conn).await?;
                    change(conn).await?;
                    let keys = keys(conn, &clicks).await?;
                    let (mut rest, mut dropped) = (&*keys, 0);
                    while let Some(&key) = rest.first() {
                        rest = &rest[1..];
                        let Some(batch) = batches::with(conn, key).await? else { continue };
                        let goes = |key: i64, _: &Head| keys.binary_search(&key).is_ok();
                        dropped += batches::thin(conn, &batch, goes).await?;
                        rest = &rest[rest.partition_point(|key| *key <= batch.last())..];
                    }
                    Ok(dropped)
                }
                .boxed()
            })
            .await
    }

    /// Puts into the place of a block what is left of it, or nothing; false, and nothing is changed,
    /// where the block is not there any more. The new one takes over its spans.
    pub async fn replace_block(&self, old: i64, left: Option<NewBlock>) -> Result<bool> {
        let left = Arc::new(left);
        self.clicks
            .write(move |tx| {
                let left = Arc::clone(&left);
                async move { replace(&mut tx.conn, old, left.as_ref().as_ref()).await }.boxed()
            })
            .await
    }

    /// Drops the conversions of these clicks, and what webhooks were told or are to be told of them;
    /// how many conversions.
    pub async fn drop_conversions_of(&self, clicks: &[ClickId]) -> Result<i64> {
        let clicks: Arc<[ClickId]> = clicks.into();
        self.writer
            .write(move |tx| {
                let clicks = Arc::clone(&clicks);
                async move {
                    let sql = "delete from conversions where segment = $1 and place = $2";
                    let mut dropped = 0;
                    for (id, (name, place)) in clicks.iter().zip(names(&clicks)?) {
                        let args = [(&name).into(), place.into()];
                        let of_click = tx.conn.execute(sql, &args).await?;
                        if of_click != 0 {
                            drop_events_of(&mut tx.conn, *id).await?;
                        }
                        dropped += of_click;
                    }
                    count(dropped)
                }
                .boxed()
            })
            .await
    }

    /// Drops the conversions that were noted before this time, in milliseconds since 1970, and what
    /// webhooks were told of them; how many.
    pub async fn drop_conversions_before(&self, at: i64) -> Result<i64> {
        self.writer
            .write(move |tx| {
                async move {
                    let kind = EventKind::ConversionCreated.name();
                    for sql in [
                        "delete from deliveries where event_id in (
                             select id from events where kind = $1 and created_at < $2)",
                        "delete from events where kind = $1 and created_at < $2",
                    ] {
                        tx.conn.execute(sql, &[kind.into(), at.into()]).await?;
                    }
                    let sql = "delete from conversions where created_at < $1";
                    count(tx.conn.execute(sql, &[at.into()]).await?)
                }
                .boxed()
            })
            .await
    }
}

async fn replace(conn: &mut Conn, old: i64, left: Option<&NewBlock>) -> failure::Result<bool> {
    let id = change(conn).await?;
    if conn.execute("delete from click_blocks where id = $1", &[old.into()]).await? == 0 {
        return Ok(false);
    }
    match left {
        Some(left) => {
            insert(conn, id, left).await?;
            let sql = "update click_spans set block_id = $1 where block_id = $2";
            conn.execute(sql, &[id.into(), old.into()]).await?;
        }
        None => {
            conn.execute("delete from click_spans where block_id = $1", &[old.into()]).await?;
        }
    }
    Ok(true)
}

/// Nobody hears any more of what became of a click.
async fn drop_events_of(conn: &mut Conn, click: ClickId) -> failure::Result<()> {
    let kind = EventKind::ConversionCreated.name();
    let named = format!("%\"{click}\"%");
    let args = [kind.into(), (&named).into()];
    let sql = "
        delete from deliveries
        where event_id in (select id from events where kind = $1 and body like $2)";
    conn.execute(sql, &args).await?;
    conn.execute("delete from events where kind = $1 and body like $2", &args).await.map(drop)
}

/// The keys of clicks, in order; those of unknown segments have none.
async fn keys(conn: &mut Conn, clicks: &[ClickId]) -> failure::Result<Vec<i64>> {
    let (mut numbers, mut keys) = (HashMap::new(), Vec::with_capacity(clicks.len()));
    for ClickId { segment, offset } in clicks {
        let number = match numbers.entry(*segment) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => *new.insert(segment_number(conn, *segment).await?),
        };
        if let Some(number) = number {
            keys.push((number << PLACE_BITS) | place(*offset)?);
        }
    }
    keys.sort_unstable();
    Ok(keys)
}

/// As clicks are named in tables: segment and place.
fn names(clicks: &[ClickId]) -> failure::Result<Vec<(String, i64)>> {
    clicks.iter().map(|id| Ok((segment_name(id.segment), place(id.offset)?))).collect()
}

fn count(rows: u64) -> failure::Result<i64> {
    i64::try_from(rows).map_err(Failure::internal)
}
