//! Sealing: the oldest rows become a block once there are enough of them.

use model::{Class, Click, Error, Result};
use statistics::{Builder, Columns};
use store::{Firsts, NewBlock, RecentClick, Store};

/// Seals blocks of so many clicks until there are fewer rows than that; how many blocks.
pub async fn seal(store: &Store, clicks: usize) -> Result<usize> {
    let clicks = i64::try_from(clicks).map_err(Error::internal)?;
    let mut sealed = 0;
    while let Some(rows) = store.oldest_clicks(clicks).await? {
        let block =
            tokio::task::spawn_blocking(move || block(&rows)).await.map_err(Error::internal)??;
        // Another node may have been quicker; the rows that it left are for the next time.
        let Some(block) = block else { break };
        if !store.seal_clicks(block).await? {
            break;
        }
        sealed += 1;
    }
    Ok(sealed)
}

/// The block of these rows, but for those that this version cannot read: they stay rows.
fn block(rows: &[RecentClick]) -> Result<Option<NewBlock>> {
    let mut builder = Builder::default();
    let mut spans: Vec<(i64, i64)> = Vec::new();
    // That of the click before, if that was put into the block.
    let mut before = None;
    for RecentClick { row, id, record } in rows {
        let Ok(click) = Click::decode(record) else {
            before = None;
            continue;
        };
        builder.push(&click, Some(*id));
        match spans.last_mut() {
            Some((_, last)) if before == Some(id.segment) => *last = *row,
            _ => spans.push((*row, *row)),
        }
        before = Some(id.segment);
    }
    of_columns(&builder.columns(), spans)
}

/// The block of these clicks, which takes the place of these rows; none where there is no click.
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
