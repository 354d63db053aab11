//! Copying the spool's folder while a server writes to it.

use std::{io, path::Path};

use super::segment;

/// Copies the segments of a folder that may be another process's into one that is there; how many.
///
/// What is appended meanwhile may be in the copy, or half: a reader passes over that half. What is
/// stored and removed meanwhile is not, so the database has to be copied after this.
pub fn copy(from: &Path, to: &Path) -> io::Result<usize> {
    let entries = match std::fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut copied = 0;
    for entry in entries {
        let entry = entry?;
        if entry.file_name().to_str().and_then(segment::id).is_none() {
            continue;
        }
        match std::fs::copy(entry.path(), to.join(entry.file_name())) {
            Ok(_) => copied += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(copied)
}
