//! A snapshot's file: the table's parts as they lie in memory, then the head, then where that begins.
//!
//! Every byte is under a checksum: those of the parts stand in the head, the head's at the very end.
//! Nothing is believed before its checksum fits.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::Path,
    sync::Arc,
    thread::ScopedJoinHandle,
};

use super::{
    BESIDE, FILE, Unusable,
    head::{Head, Part, WrittenChunk},
    secrets::sync_folder,
};
use crate::redirect::{Chunk, FORMAT, Frozen, Table};

const MAGIC: &[u8; 16] = b"waypost routes\n\0";
/// The head's length and checksum, the format of records, and the magic.
const FOOT: usize = 8 + 4 + 4 + MAGIC.len();
/// Bytes that are handed to the system at a time.
const AT_ONCE: usize = 1 << 18;
const WRONG_SUM: Unusable = Unusable::Damaged("a checksum");
/// How many threads read at most; more would only wait for memory.
const READERS: usize = 4;

/// Writes a snapshot into a folder, and tells how large it is. It takes the place of the one before
/// only when all of it is on the disk.
pub(super) fn write(folder: &Path, head: Head, table: &Table) -> io::Result<u64> {
    let beside = folder.join(BESIDE);
    let written = write_to(&beside, head, table);
    if written.is_err() {
        // On a full disk, half of one is too much.
        let _ = std::fs::remove_file(&beside);
    }
    let bytes = written?;
    std::fs::rename(&beside, folder.join(FILE))?;
    sync_folder(folder)?;
    Ok(bytes)
}

fn write_to(path: &Path, mut head: Head, table: &Table) -> io::Result<u64> {
    let (frozen, chunks) = table.freeze();
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    let mut to = Summed { file, bytes: 0 };
    head.parts.seed = frozen.seed;
    head.parts.by_address = to.words(&frozen.by_address)?;
    head.parts.by_link = to.words(&frozen.by_link)?;
    head.parts.slots = to.words(&frozen.slots)?;
    for (number, chunk) in &chunks {
        let part = to.part(&chunk.bytes)?;
        head.parts.chunks.push(WrittenChunk { number: *number, live: chunk.live, part });
    }
    let head = serde_json::to_vec(&head)?;
    let Part { bytes, sum } = to.part(&head)?;
    let mut foot = bytes.to_le_bytes().to_vec();
    foot.extend(FORMAT.to_le_bytes());
    foot.extend(MAGIC);
    let sum = crc32c::crc32c_append(sum, &foot);
    foot.extend(sum.to_le_bytes());
    to.part(&foot)?;
    to.file.sync_all()?;
    Ok(to.bytes)
}

/// Reads a snapshot of the database at an address.
pub(super) fn read(path: &Path, address: &str) -> Result<(Head, Table), Unusable> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unusable::None),
        opened => opened?,
    };
    let (head, end) = read_head(&mut file)?;
    if head.address != address {
        return Err(Unusable::OtherDatabase);
    }
    let parts = &head.parts;
    let mut next = 0_u64;
    let mut place = |part: &Part| {
        let at = next;
        next = next.checked_add(part.bytes).filter(|next| *next <= end)?;
        Some((at, *part))
    };
    let words = [&parts.by_address, &parts.by_link, &parts.slots].map(&mut place);
    let chunks: Option<Vec<_>> = parts.chunks.iter().map(|chunk| place(&chunk.part)).collect();
    let ([Some(by_address), Some(by_link), Some(slots)], Some(chunks)) = (words, chunks) else {
        return Err(Unusable::Damaged("its parts"));
    };
    if next != end {
        return Err(Unusable::Damaged("its parts"));
    }
    let [mut by_address, mut by_link, mut slots] =
        [by_address, by_link, slots].map(|place| Words::new(&file, place));
    let table = std::thread::scope(|scope| {
        // Meanwhile this thread reads the words.
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(READERS);
        let share = chunks.len().div_ceil(threads).max(1);
        let shares = chunks.chunks(share).map(|share| scope.spawn(|| read_all(&file, share)));
        let shares: Vec<_> = shares.collect();
        let mut trouble = None;
        let join = || {
            let join = |share: ScopedJoinHandle<'_, _>| {
                share.join().unwrap_or(Err(Unusable::Damaged("whoever read it")))
            };
            let all: Result<Vec<Vec<_>>, _> = shares.into_iter().map(join).collect();
            let bytes = all.map_err(|why| trouble = Some(why)).ok()?.into_iter().flatten();
            let chunk = |(known, bytes): (&WrittenChunk, _)| {
                (known.number, Chunk { bytes: Arc::new(bytes), live: known.live })
            };
            Some(parts.chunks.iter().zip(bytes).map(chunk).collect())
        };
        let frozen = Frozen {
            seed: parts.seed,
            by_address: &mut by_address,
            by_link: &mut by_link,
            slots: &mut slots,
        };
        let table = Table::thaw(frozen, join);
        trouble.map_or(Ok(table), Err)
    })?;
    [by_address, by_link, slots].into_iter().try_for_each(Words::end)?;
    Ok((head, table.ok_or(Unusable::Damaged("its table"))?))
}

/// A snapshot's head, and where it begins.
fn read_head(file: &mut File) -> Result<(Head, u64), Unusable> {
    let short = || Unusable::Damaged("it is too short");
    let length = file.metadata()?.len();
    let foot_at = length.checked_sub(FOOT as u64).ok_or_else(short)?;
    let mut foot = [0; FOOT];
    file.read_exact_at(&mut foot, foot_at)?;
    let (said, sum) = foot.split_last_chunk().expect("a foot is longer than its sum");
    let (head_length, rest) = said.split_first_chunk().expect("a foot begins with a length");
    let (format, magic) = rest.split_first_chunk().expect("then it names a format");
    if magic != MAGIC {
        return Err(Unusable::Damaged("its end is missing"));
    }
    if *format != FORMAT.to_le_bytes() {
        return Err(Unusable::OtherFormat);
    }
    let head_at = foot_at.checked_sub(u64::from_le_bytes(*head_length)).ok_or_else(short)?;
    file.seek(SeekFrom::Start(head_at))?;
    let mut head = Vec::new();
    file.take(foot_at - head_at).read_to_end(&mut head)?;
    let found = crc32c::crc32c_append(crc32c::crc32c(&head), said);
    if found != u32::from_le_bytes(*sum) {
        return Err(Unusable::Damaged("the checksum of its head"));
    }
    let head = serde_json::from_slice(&head).map_err(|_| Unusable::Damaged("its head"))?;
    Ok((head, head_at))
}

/// Reads parts and compares their checksums.
fn read_all(file: &File, places: &[(u64, Part)]) -> Result<Vec<Vec<u8>>, Unusable> {
    let read = |(at, part): &(u64, Part)| {
        let mut bytes = vec![0; part.bytes as usize];
        file.read_exact_at(&mut bytes, *at)?;
        if crc32c::crc32c(&bytes) == part.sum { Ok(bytes) } else { Err(WRONG_SUM) }
    };
    places.iter().map(read).collect()
}

/// A part that is words, read as they are asked for, so that they lie in memory only once.
struct Words<'f> {
    file: &'f File,
    at: u64,
    part: Part,
    /// The sum of what was read.
    sum: u32,
    left: u64,
    read: Vec<u8>,
    taken: usize,
    trouble: Option<io::Error>,
}

impl<'f> Words<'f> {
    fn new(file: &'f File, (at, part): (u64, Part)) -> Words<'f> {
        let (sum, left, read, taken, trouble) = (0, part.bytes, Vec::new(), 0, None);
        Words { file, at, part, sum, left, read, taken, trouble }
    }

    /// Whether all that was read is what was written.
    fn end(self) -> Result<(), Unusable> {
        if let Some(error) = self.trouble {
            return Err(error.into());
        }
        if self.left == 0 && self.sum == self.part.sum { Ok(()) } else { Err(WRONG_SUM) }
    }

    fn read_on(&mut self) -> io::Result<()> {
        let length = self.left.min(AT_ONCE as u64);
        self.read.resize(length as usize, 0);
        self.taken = 0;
        self.file.read_exact_at(&mut self.read, self.at)?;
        self.sum = crc32c::crc32c_append(self.sum, &self.read);
        (self.at, self.left) = (self.at + length, self.left - length);
        Ok(())
    }
}

impl Iterator for Words<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        if self.taken == self.read.len() {
            if self.left == 0 || self.trouble.is_some() {
                return None;
            }
            if let Err(error) = self.read_on() {
                self.trouble = Some(error);
                return None;
            }
        }
        let word = self.read.get(self.taken..)?.first_chunk()?;
        self.taken += size_of::<u64>();
        Some(u64::from_le_bytes(*word))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let bytes = self.left as usize + (self.read.len() - self.taken);
        (bytes / size_of::<u64>(), Some(bytes / size_of::<u64>()))
    }
}

impl ExactSizeIterator for Words<'_> {}

/// A file that is written from its beginning to its end.
struct Summed {
    file: File,
    bytes: u64,
}

impl Summed {
    fn part(&mut self, bytes: &[u8]) -> io::Result<Part> {
        self.file.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        Ok(Part { bytes: bytes.len() as u64, sum: crc32c::crc32c(bytes) })
    }

    fn words(&mut self, words: &[u64]) -> io::Result<Part> {
        let mut part = Part::default();
        let mut bytes = Vec::with_capacity(AT_ONCE);
        for words in words.chunks(AT_ONCE / 8) {
            bytes.clear();
            bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
            self.file.write_all(&bytes)?;
            part.sum = crc32c::crc32c_append(part.sum, &bytes);
            part.bytes += bytes.len() as u64;
        }
        self.bytes += part.bytes;
        Ok(part)
    }
}
