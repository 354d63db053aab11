//! Disk space that is set aside for the moment in which there is no other.
//!
//! Each file of the reserve has the blocks of one segment and takes its place by a new name, so that
//! nobody else gets the space in between.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
    sync::Mutex,
};

use super::{disk::Disk, locked, segment};

/// Segments of the reserve; with 8 MiB each, some 400,000 clicks.
pub(super) const MOST: usize = 8;
/// So many segments' worth of the disk is left to others, or a reserve that is filled again would
/// take what the database needs to store clicks.
const LEFT: u64 = 4;
/// What `stat` counts in.
const BLOCK_BYTES: u64 = 512;

#[derive(Default)]
pub(super) struct Reserve {
    files: Mutex<Vec<(u128, File)>>,
    most: usize,
}

impl Reserve {
    /// The reserve of a folder, as far as an earlier process left one.
    pub(super) fn open(dir: &Path, most: usize, segment_bytes: u64) -> io::Result<Reserve> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            let Some(id) = entry.file_name().to_str().and_then(segment::reserved_id) else {
                continue;
            };
            let file = OpenOptions::new().read(true).write(true).open(entry.path())?;
            let meta = file.metadata()?;
            let is_whole = meta.len() == 0 && segment_bytes <= meta.blocks() * BLOCK_BYTES;
            if is_whole && files.len() < most {
                files.push((id, file));
            } else {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(Reserve { files: Mutex::new(files), most })
    }

    /// How many segments it is good for.
    pub(super) fn len(&self) -> usize {
        locked(&self.files).len()
    }

    /// How many it is meant to be good for.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// Gives up a file, which is to have the [name](segment::name) of a segment.
    pub(super) fn take(&self) -> Option<(u128, File)> {
        locked(&self.files).pop()
    }

    /// Adds what is missing, as far as the disk has room for it and for others.
    pub(super) fn refill(
        &self,
        disk: &dyn Disk,
        dir: &Path,
        segment_bytes: u64,
        id: impl Fn() -> u128,
    ) {
        while self.len() < self.most {
            let room = disk.room(dir).unwrap_or(0);
            if room < (LEFT + 1) * segment_bytes {
                return;
            }
            let id = id();
            let path = dir.join(segment::reserved(id));
            let Ok(file) = disk.create(&path) else { return };
            if disk.reserve(&file, segment_bytes).is_err() {
                // What cannot be removed now goes at the next start.
                let _ = std::fs::remove_file(path);
                return;
            }
            locked(&self.files).push((id, file));
        }
    }
}
