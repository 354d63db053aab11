//! Reading the spool: which segments there are, and what is in them.

use std::{
    fs::File,
    io::{self, Read},
    ops::Range,
    os::unix::fs::FileExt,
};

use super::{
    SEGMENT_BYTES, Spool,
    frame::{self, Look, PAYLOAD_BYTES},
    locked,
    segment::{self, HEADER, HEADER_BYTES},
};

/// A segment in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub id: u128,
    /// How many bytes it had when it was listed.
    pub len: u64,
}

/// Some of the clicks of a segment.
#[derive(Debug, Default)]
pub struct Batch {
    bytes: Vec<u8>,
    frames: Vec<(u64, Range<usize>)>,
    /// Where to go on reading; never less than where this batch was read from.
    pub next: u64,
    /// Whether nothing more is in the segment and nothing will be.
    pub end: bool,
    /// What was passed over since no whole frame was there.
    pub damaged: Vec<Range<u64>>,
}

impl Batch {
    /// The clicks and their offsets, in the order in which they were appended.
    pub fn clicks(&self) -> impl ExactSizeIterator<Item = (u64, &[u8])> {
        self.frames.iter().map(|(offset, payload)| (*offset, &self.bytes[payload.clone()]))
    }

    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }
}

impl Spool {
    /// The segments in the folder, those of earlier processes among them.
    pub fn segments(&self) -> io::Result<Vec<Found>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.dir)? {
            let entry = entry?;
            let Some(id) = entry.file_name().to_str().and_then(segment::id) else { continue };
            match entry.metadata() {
                Ok(file) => found.push(Found { id, len: file.len() }),
                // It was stored, and removed since it was listed.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        found.sort_unstable_by_key(|segment| segment.id);
        Ok(found)
    }

    /// Reads at most so many clicks, from about `bytes` bytes of a segment, at an offset that is
    /// 0 or the `next` of an earlier batch.
    ///
    /// Fails with [`io::ErrorKind::InvalidData`] where the file is not a segment of this version.
    pub fn read(&self, id: u128, from: u64, clicks: usize, bytes: usize) -> io::Result<Batch> {
        // Asked before the file is read: what is sealed has no more to come.
        let sealed = !locked(&self.growing).contains(&id);
        let file = File::open(self.dir.join(segment::name(id)))?;
        let mut header = HEADER;
        if read_at(&file, &mut header, 0)? < HEADER.len() {
            return Ok(Batch { next: from, end: sealed, ..Batch::default() });
        }
        let seed = frame::seed(id);
        let mut damaged = Vec::new();
        if header != HEADER {
            if !has_frame(&file, seed)? {
                let text = format!("segment {id:032x} is of another program or version");
                return Err(io::Error::new(io::ErrorKind::InvalidData, text));
            }
            damaged.extend((from < HEADER_BYTES).then_some(0..HEADER_BYTES));
        }
        let from = from.max(HEADER_BYTES);
        // One byte more than there is: only a read that comes short has met the end.
        let there = file.metadata()?.len().saturating_sub(from) as usize + 1;
        let mut read = vec![0; there.min(bytes.max(frame::HEAD_BYTES + PAYLOAD_BYTES))];
        let len = read_at(&file, &mut read, from)?;
        let at_end = len < read.len();
        read.truncate(len);
        let mut batch = Batch { damaged, next: from, bytes: read, ..Batch::default() };
        batch.find(seed, clicks, at_end, sealed);
        Ok(batch)
    }

    /// Removes a segment that was read to its end, which is the `next` of its last batch.
    ///
    /// Refused with [`io::ErrorKind::ResourceBusy`] while there is, or may come, anything behind.
    pub fn remove(&self, id: u128, read_to: u64) -> io::Result<()> {
        let rest = self.read(id, read_to, 1, 0)?;
        if !rest.end || !rest.is_empty() {
            let text = format!("segment {id:032x} is not read to its end");
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, text));
        }
        std::fs::remove_file(self.dir.join(segment::name(id)))
    }
}

impl Batch {
    /// Finds the frames in `bytes`, which stand at the offset `next` and go up to the end of the
    /// file where `at_end`.
    ///
    /// In a segment that grows, the first thing that is no whole frame is one that is just being
    /// written. In a sealed one it is damage, or the frame that the end of a process tore: the next
    /// whole frame behind it is looked for byte by byte, so that damage costs the clicks that it
    /// hit and no others.
    fn find(&mut self, seed: u32, clicks: usize, at_end: bool, sealed: bool) {
        let from = self.next;
        let mut at = 0;
        while at < self.bytes.len() && self.frames.len() < clicks {
            match frame::look(&self.bytes[at..], seed) {
                Look::Whole(payload) => {
                    let payload = at + frame::HEAD_BYTES..at + frame::HEAD_BYTES + payload.len();
                    self.frames.push((from + at as u64, payload.clone()));
                    at = payload.end;
                }
                Look::Cut if !at_end => break,
                Look::Cut | Look::Not if sealed => {
                    self.pass_over(from + at as u64);
                    at += 1;
                }
                Look::Cut | Look::Not => break,
            }
        }
        self.next = from + at as u64;
        self.end = sealed && at_end && at == self.bytes.len();
    }

    fn pass_over(&mut self, byte: u64) {
        match self.damaged.last_mut() {
            Some(range) if range.end == byte => range.end += 1,
            _ => self.damaged.push(byte..byte + 1),
        }
    }
}

/// Whether a file whose header is not ours has a frame of ours, so that it was only damaged.
fn has_frame(file: &File, seed: u32) -> io::Result<bool> {
    let mut bytes = Vec::new();
    file.take(2 * SEGMENT_BYTES).read_to_end(&mut bytes)?;
    let mut batch = Batch { bytes, ..Batch::default() };
    batch.find(seed, 1, true, true);
    Ok(!batch.is_empty())
}

/// Fills the buffer as far as the file goes, and answers how far that is.
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
