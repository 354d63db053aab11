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

/// Writes all stored clicks into a folder, and says so of each file.
///
/// Every block is such a file already; those that still are rows become one for every few thousand.
pub async fn export(store: &Store, folder: &Path, mut said: impl FnMut(&Exported)) -> Result<()> {
    let mut recent = Recent::default();
    let new = store.new_clicks(&mut recent.known).await?;
    let mut number = 0;
    let mut write = |clicks: usize, sealed: Vec<u8>| {
        number += 1;
        let name = format!("clicks-{number:06}.parquet");
        let file = statistics::parquet_file(&Bytes::from(sealed)).map_err(Error::internal)?;
        fs::write(folder.join(&name), file).map_err(Error::internal)?;
        said(&Exported { name, clicks });
        Ok::<_, Error>(())
    };
    for block in recent.take(new) {
        if let Some(bytes) = store.block_bytes(block.id).await? {
            write(usize::try_from(block.clicks).map_err(Error::internal)?, bytes)?;
        }
    }
    for columns in recent.batches().iter().filter(|columns| !columns.is_empty()) {
        write(columns.len(), columns.encode().map_err(Error::internal)?)?;
    }
    Ok(())
}
