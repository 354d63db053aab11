//! The five things that the spool asks of a disk, so that a test can bring one that fails.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
};

use rustix::{fs::FallocateFlags, io::Errno};

pub(super) trait Disk: Send + Sync {
    /// Makes a file that did not exist.
    fn create(&self, path: &Path) -> io::Result<File>;

    /// Sets blocks aside for the first `len` bytes without making the file longer.
    fn reserve(&self, file: &File, len: u64) -> io::Result<()>;

    /// One `write(2)`: how much of `bytes` was written.
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize>;

    /// Has what was written on the disk. What failed once is not asked for again: the kernel may
    /// have dropped it, and would say that all is well.
    fn sync(&self, file: &File) -> io::Result<()>;

    /// How many bytes are free where a folder is.
    fn room(&self, dir: &Path) -> io::Result<u64>;
}

/// The disk of the operating system.
pub(super) struct Files;

impl Disk for Files {
    fn create(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).open(path)
    }

    // A full disk then shows when a segment is made, not in the middle of one, and an append has
    // no block to look for. The length stays what was written, so a reader needs no other mark of
    // the end; `File::set_len` would move it and reserve nothing. A file system that cannot do it
    // does without.
    fn reserve(&self, file: &File, len: u64) -> io::Result<()> {
        match rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, 0, len) {
            Err(Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
            answer => Ok(answer?),
        }
    }

    fn write(&self, mut file: &File, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match file.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                answer => return answer,
            }
        }
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    fn room(&self, dir: &Path) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(dir)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}
