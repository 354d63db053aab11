//! Sealing: the oldest clicks become a block once there are enough of them.

use model::{Class, Click, Error, Result};
use statistics::{Builder, Columns};
use store::{Firsts, NewBlock, RecentClick, Store};

use crate::priority;

/// Blocks that are sealed only where nothing else is to be done. If there are more to seal then, a core is so
/// busy that they would never be.
const UNHURRIED: usize = 8;

/// Seals blocks of so many clicks until there are fewer in batches than that; how many blocks.
pub async fn seal(store: &Store, clicks: usize) -> Result<usize> {
    let clicks = i64::try_from(clicks).map_err(Error::internal)?;
    store.adopt_clicks().await?;
    let mut sealed = 0;
    while let Some(recent) = store.oldest_clicks(clicks).await? {
        let make = move || block(&recent);
        let block = if sealed < UNHURRIED {
            priority::last("seal", make).await??
        } else {
            tokio::task::spawn_blocking(make).await.map_err(Error::internal)??
        };
        // Another node may have been quicker; what it left is for the next time.
        let Some(block) = block else { break };
        if !store.seal_clicks(block).await? {
            break;
        }
        sealed += 1;
    }
    Ok(sealed)
}

/// The block of these clicks, but for those that this version cannot read: they stay where they are.
fn block(recent: &[RecentClick]) -> Result<Option<NewBlock>> {
    let mut builder = Builder::default();
    let mut spans: Vec<(i64, i64)> = Vec::new();
    // That of the click before, if that was put into the block.
    let mut before = None;
    for RecentClick { key, id, record } in recent {
        let Ok(click) = Click::decode(record) else {
            before = None;
            continue;
        };
        builder.push(&click, Some(*id));
        match spans.last_mut() {
            Some((_, last)) if before == Some(id.segment) => *last = *key,
            _ => spans.push((*key, *key)),
        }
        before = Some(id.segment);
    }
    of_columns(&builder.columns(), spans)
}

/// The block of these clicks, which had these keys in their batches; none where there is no click.
pub(super) fn of_columns(columns: &Columns, spans: Vec<(i64, i64)>) -> Result<Option<NewBlock>> {
    let Some((first, last)) = columns.span() else { return Ok(None) };
    let earliest = |is_person: bool| columns.first(|class| (class == Class::Person) == is_person);
    let firsts = Firsts {
        people: earliest(true).map_err(Error::internal)?,
        others: earliest(false).map_err(Error::internal)?,
    };
    let clicks = i64::try_from(columns.len()).map_err(Error::internal)?;
    let bytes = columns.encode().map_err(Error::internal)?;
    Ok(Some(NewBlock { first, last, clicks, firsts, spans, bytes }))
}
