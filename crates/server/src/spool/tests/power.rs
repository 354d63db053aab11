//! Claims about power failures, on a disk that forgets what was not synced.

use std::{
    collections::{BTreeMap, BTreeSet},
    task::Waker,
};

use super::*;

/// What a disk has for sure; the rest of what was written may be there, or garbage, or not.
#[derive(Default)]
struct Synced {
    /// Lengths by inode.
    lengths: BTreeMap<u64, u64>,
    /// Files whose names are sure.
    names: BTreeSet<Named>,
    /// Names and files of which a sync failed: what was not on the disk then never will be, though
    /// whoever asks again is told that all is well. Such is Linux.
    dropped_names: BTreeSet<Named>,
    dropped: BTreeSet<u64>,
}

/// An inode and its name.
type Named = (u64, std::ffi::OsString);

fn named(entry: &std::fs::DirEntry) -> Named {
    (entry.metadata().unwrap().ino(), entry.file_name())
}

/// A disk that notes what it was told to sync, and fails to when the dice say so; and that has no
/// room now and then.
struct Forgetful {
    dir: PathBuf,
    synced: Arc<Mutex<Synced>>,
    /// One of so many syncs fails; none where it is 0.
    fails: u64,
    dice: Mutex<Dice>,
}

impl Disk for Forgetful {
    fn create(&self, path: &Path) -> io::Result<File> {
        Files.create(path)
    }

    fn reserve(&self, file: &File, len: u64) -> io::Result<()> {
        if self.dice.lock().unwrap().below(4) == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Files.reserve(file, len)
    }

    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        Files.write(file, bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        let file = file.metadata()?;
        let mut synced = self.synced.lock().unwrap();
        let fails = self.fails != 0 && self.dice.lock().unwrap().below(self.fails) == 0;
        if file.is_dir() {
            let names = std::fs::read_dir(&self.dir)?.map(|entry| named(&entry.unwrap()));
            let names: BTreeSet<Named> = names.collect();
            if fails {
                let unsure = &names - &synced.names;
                synced.dropped_names.extend(unsure);
            } else {
                let sure = &names - &synced.dropped_names;
                synced.names.extend(sure);
            }
        } else if fails {
            synced.dropped.insert(file.ino());
        } else if !synced.dropped.contains(&file.ino()) {
            synced.lengths.insert(file.ino(), file.len());
        }
        if fails { Err(io::Error::from_raw_os_error(5)) } else { Ok(()) }
    }

    fn room(&self, _dir: &Path) -> io::Result<u64> {
        Ok(u64::MAX)
    }
}

/// Numbers in an order that a seed tells; splitmix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (x ^ (x >> 31)) % end
    }
}

/// Does to the files what a power failure may: names vanish, ends are cut, and what was not synced
/// is zeros or garbage here and there.
fn fail_power(dir: &Path, synced: &Synced, dice: &mut Dice) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let (path, name) = (entry.path(), named(&entry));
        let inode = name.0;
        if !synced.names.contains(&name) && dice.below(2) == 0 {
            std::fs::remove_file(path).unwrap();
            continue;
        }
        let mut bytes = std::fs::read(&path).unwrap();
        let sure = synced.lengths.get(&inode).map_or(0, |len| *len as usize).min(bytes.len());
        bytes.truncate(sure + dice.below((bytes.len() - sure) as u64 + 1) as usize);
        for byte in sure..bytes.len() {
            match dice.below(40) {
                0 => bytes[byte..].iter_mut().take(16).for_each(|byte| *byte = 0),
                1 => bytes[byte] = dice.below(256) as u8,
                _ => {}
            }
        }
        std::fs::write(path, bytes).unwrap();
    }
}

fn seeds() -> u64 {
    if std::env::var_os("WAYPOST_TEST_LONG").is_some() { 20_000 } else { 500 }
}

/// Clicks on a disk that forgets, up to a power failure, and what is found afterwards.
struct Outage {
    /// In the order in which they were recorded.
    recorded: Vec<Vec<u8>>,
    /// How many of them were recorded before the last whole sync.
    synced: usize,
    /// How many of them were answered by a server that waits for the disk.
    answered: usize,
    /// How many clicks the spool said that the disk has not.
    unsure: u64,
    found: BTreeSet<Vec<u8>>,
}

impl Outage {
    fn new(seed: u64, fails: u64) -> Outage {
        let mut dice = Dice(seed);
        let dir = tempfile::tempdir().unwrap();
        let synced = Arc::new(Mutex::new(Synced::default()));
        let disk = Forgetful {
            dir: dir.path().to_owned(),
            synced: synced.clone(),
            fails,
            dice: Mutex::new(Dice(!seed)),
        };
        let spool = Spool::on(Box::new(disk), (256, u64::MAX), dir.path(), 2, ids(0)).unwrap();
        let spool = spool.with_reserve(dice.below(3) as usize).unwrap().durable(Durable::Power);
        let (mut sure, mut recorded, mut marks) = (0, Vec::new(), Vec::new());
        for number in 0..dice.below(60) {
            if dice.below(8) == 0 {
                spool.sync();
                sure = recorded.len();
                continue;
            }
            let click = click(number as usize);
            if spool.append(dice.below(2) as usize, &click).is_some() {
                recorded.push(click);
                marks.push(spool.unsynced());
            }
        }
        let left = |mark: &Option<Mark>| {
            mark.is_none_or(|mark| spool.poll_synced(mark, Waker::noop()).is_ready())
        };
        let answered = marks.iter().take_while(|mark| left(mark)).count();
        let unsure = spool.unsure();
        drop(spool);
        fail_power(dir.path(), &synced.lock().unwrap(), &mut dice);

        let next = small(dir.path(), 1000);
        // A file of which not even the header came through is left, as the drain leaves it.
        for segment in next.segments().unwrap() {
            if next.read(segment.id, 0, 1, 0).is_err() {
                std::fs::remove_file(dir.path().join(segment::name(segment.id))).unwrap();
            }
        }
        let found = all(&next);
        let once: BTreeSet<_> = found.iter().cloned().collect();
        assert_eq!(once.len(), found.len(), "seed {seed}: a click came twice");
        let written: BTreeSet<_> = recorded.iter().cloned().collect();
        assert!(once.is_subset(&written), "seed {seed}: a click that nobody recorded");
        Outage { recorded, synced: sure, answered, unsure, found: once }
    }

    /// How many of the first clicks are gone.
    fn lost(&self, first: usize) -> u64 {
        self.recorded[..first].iter().filter(|click| !self.found.contains(*click)).count() as u64
    }
}

#[test]
fn a_power_failure_takes_only_what_came_after_the_last_sync() {
    for seed in 0..seeds() {
        let outage = Outage::new(seed, 0);
        assert_eq!(outage.lost(outage.synced), 0, "seed {seed}: a synced click is gone");
        assert_eq!(outage.unsure, 0);
    }
}

#[test]
fn a_power_failure_takes_no_click_whose_answer_waited_for_the_disk() {
    let mut answered = 0;
    for seed in 0..seeds() {
        let outage = Outage::new(seed, 0);
        assert_eq!(outage.lost(outage.answered), 0, "seed {seed}: an answered click is gone");
        answered += outage.answered;
    }
    assert!(5 * seeds() < answered as u64, "{answered}: too few to tell");
}

#[test]
fn a_power_failure_takes_no_more_than_a_failing_disk_was_said_to_lack() {
    let mut unsure = 0;
    for seed in 0..seeds() {
        let outage = Outage::new(seed, 5);
        let lost = outage.lost(outage.answered);
        assert!(lost <= outage.unsure, "seed {seed}: {lost} are gone, {} said", outage.unsure);
        unsure += outage.unsure;
    }
    assert!(seeds() / 2 < unsure, "{unsure}: too few to tell");
}
