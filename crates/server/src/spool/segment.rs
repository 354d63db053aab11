//! One file of the spool, while it is written.

use std::{fs::File, io, path::Path, sync::Arc};

use super::{disk::Disk, frame};

/// What a segment begins with; the last byte is the version of all that follows. Another version
/// must begin its checksums with another [seed](frame::seed), so that this one finds no frame.
pub(super) const HEADER: [u8; 8] = *b"WPSPOOL\x01";

pub(super) const HEADER_BYTES: u64 = HEADER.len() as u64;

pub(super) struct Segment {
    pub(super) id: u128,
    pub(super) file: Arc<File>,
    /// The byte behind the last whole frame, and how many there are.
    pub(super) end: u64,
    pub(super) clicks: u64,
    /// How far the disk has it for sure, or was given up.
    pub(super) synced: u64,
    /// How many clicks were given up, or are on the disk.
    pub(super) settled: u64,
    /// How many names the spool's folder was given before; see [`Spool::sync`](super::Spool::sync).
    pub(super) named_after: u64,
    /// See [`frame::seed`].
    pub(super) seed: u32,
}

impl Segment {
    pub(super) fn create(
        disk: &dyn Disk,
        dir: &Path,
        id: u128,
        reserved: u64,
    ) -> io::Result<Segment> {
        let path = dir.join(name(id));
        let file = disk.create(&path)?;
        if let Err(error) = disk.reserve(&file, reserved) {
            let _ = std::fs::remove_file(&path);
            return Err(error);
        }
        Segment::begin(disk, dir, id, file)
    }

    /// Makes a segment of an empty file that has its name.
    pub(super) fn begin(disk: &dyn Disk, dir: &Path, id: u128, file: File) -> io::Result<Segment> {
        let begun = disk.write(&file, &HEADER).and_then(|written| {
            let whole = written == HEADER.len();
            if whole { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
        });
        if let Err(error) = begun {
            // What cannot be removed either has no frame, and is drained like any other.
            let _ = std::fs::remove_file(dir.join(name(id)));
            return Err(error);
        }
        Ok(Segment {
            id,
            file: Arc::new(file),
            end: HEADER_BYTES,
            clicks: 0,
            synced: HEADER_BYTES,
            settled: 0,
            named_after: 0,
            seed: frame::seed(id),
        })
    }

    /// Gives back the blocks that were not needed, and cuts off what is not whole.
    ///
    /// That it may fail does not matter: readers pass over a torn tail.
    pub(super) fn trim(&self) {
        let _ = self.file.set_len(self.end);
    }
}

pub(super) fn name(id: u128) -> String {
    format!("{id:032x}.seg")
}

/// The name of a file that may become this segment.
pub(super) fn reserved(id: u128) -> String {
    format!("{id:032x}.reserve")
}

/// The id in a file's name; none for a file that is no segment.
pub(super) fn id(file: &str) -> Option<u128> {
    let id = u128::from_str_radix(file.strip_suffix(".seg")?, 16).ok()?;
    (name(id) == file).then_some(id)
}

/// The id in the name of a file of the reserve.
pub(super) fn reserved_id(file: &str) -> Option<u128> {
    let id = u128::from_str_radix(file.strip_suffix(".reserve")?, 16).ok()?;
    (reserved(id) == file).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_found_by_its_name_alone() {
        assert_eq!(id(&name(0xabc)), Some(0xabc));
        assert_eq!(id(&name(u128::MAX)), Some(u128::MAX));
        for other in ["lock", ".seg", "abc.seg", "0000000000000000000000000000ABCD.seg"] {
            assert_eq!(id(other), None, "{other}");
        }
    }
}
