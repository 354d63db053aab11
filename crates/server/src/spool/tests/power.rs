//! Claims about power failures, on a disk that forgets what was not synced.

use std::{
    collections::{BTreeMap, BTreeSet},
    os::unix::fs::MetadataExt,
};

use super::*;

/// What a disk has for sure; the rest of what was written may be there, or garbage, or not.
#[derive(Default)]
struct Synced {
    /// Lengths by inode.
    lengths: BTreeMap<u64, u64>,
    /// Inodes whose names are sure.
    names: BTreeSet<u64>,
}

/// A disk that notes what it was told to sync.
struct Forgetful {
    dir: PathBuf,
    synced: Arc<Mutex<Synced>>,
}

impl Disk for Forgetful {
    fn create(&self, path: &Path) -> io::Result<File> {
        Files.create(path)
    }

    fn reserve(&self, file: &File, len: u64) -> io::Result<()> {
        Files.reserve(file, len)
    }

    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        Files.write(file, bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        let file = file.metadata()?;
        let mut synced = self.synced.lock().unwrap();
        if file.is_dir() {
            let entries = std::fs::read_dir(&self.dir)?;
            synced.names =
                entries.map(|entry| Ok(entry?.metadata()?.ino())).collect::<io::Result<_>>()?;
        } else {
            synced.lengths.insert(file.ino(), file.len());
        }
        Ok(())
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
        let path = entry.unwrap().path();
        let inode = path.metadata().unwrap().ino();
        if !synced.names.contains(&inode) && dice.below(2) == 0 {
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

#[test]
fn a_power_failure_takes_only_what_came_after_the_last_sync() {
    let seeds = if std::env::var_os("WAYPOST_TEST_LONG").is_some() { 20_000 } else { 500 };
    for seed in 0..seeds {
        let mut dice = Dice(seed);
        let dir = tempfile::tempdir().unwrap();
        let synced = Arc::new(Mutex::new(Synced::default()));
        let disk = Forgetful { dir: dir.path().to_owned(), synced: synced.clone() };
        let spool = Spool::on(Box::new(disk), (256, u64::MAX), dir.path(), 2, ids(0)).unwrap();
        let (mut sure, mut recorded) = (0, Vec::new());
        for _ in 0..dice.below(60) {
            if dice.below(8) == 0 {
                spool.sync();
                sure = recorded.len();
            } else {
                let click = click(recorded.len());
                assert!(spool.append(dice.below(2) as usize, &click).is_some());
                recorded.push(click);
            }
        }
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
        let once: BTreeSet<_> = found.iter().collect();
        assert_eq!(once.len(), found.len(), "seed {seed}: a click came twice");
        let written: BTreeSet<_> = recorded.iter().collect();
        assert!(once.is_subset(&written), "seed {seed}: a click that nobody recorded");
        let kept: BTreeSet<_> = recorded[..sure].iter().collect();
        assert!(kept.is_subset(&once), "seed {seed}: a synced click is gone");
    }
}
