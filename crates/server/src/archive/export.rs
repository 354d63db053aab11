//! Clicks as Parquet files, which any tool reads.

use std::{fs, path::Path};

use bytes::Bytes;
use model::{Error, Result};
use store::Store;

use super::recent::Recent;

/// A file that was written.
pub struct Exported {
    pub name: String,
    pub clicks: usize,
}

/// Writes all stored clicks into a folder, and says so of each file; the numbers of the blocks that are
/// damaged, whose clicks are missing.
///
/// Every block is such a file already; those that are in none become one for every few thousand.
pub async fn export(
    store: &Store,
    folder: &Path,
    mut said: impl FnMut(&Exported),
) -> Result<Vec<i64>> {
    let mut recent = Recent::default();
    let new = store.new_clicks(&mut recent.known).await?;
    let mut number = 0;
    let mut write = |clicks: usize, file: Bytes| {
        number += 1;
        let name = format!("clicks-{number:06}.parquet");
        fs::write(folder.join(&name), file).map_err(Error::internal)?;
        said(&Exported { name, clicks });
        Ok::<_, Error>(())
    };
    let mut damaged = Vec::new();
    for block in recent.take(new) {
        let Some(sealed) = store.block_bytes(block.id).await? else { continue };
        match statistics::parquet_file(&Bytes::from(sealed)) {
            Ok(file) => write(usize::try_from(block.clicks).map_err(Error::internal)?, file)?,
            Err(_) => damaged.push(block.id),
        }
    }
    for columns in recent.batches().iter().filter(|columns| !columns.is_empty()) {
        let sealed = Bytes::from(columns.encode().map_err(Error::internal)?);
        write(columns.len(), statistics::parquet_file(&sealed).map_err(Error::internal)?)?;
    }
    Ok(damaged)
}
