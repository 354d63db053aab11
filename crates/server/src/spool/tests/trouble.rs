//! Claims about a disk that fails or is full: redirects lose nothing that could be kept, and what is
//! lost is counted.

use super::*;

const EIO: i32 = 5;

/// A disk of which one call, or each call from one on, fails.
pub(super) struct Failing {
    pub(super) calls: Arc<AtomicUsize>,
    pub(super) fails_at: usize,
    pub(super) for_ever: bool,
}

impl Failing {
    fn call(&self) -> io::Result<()> {
        let call = self.calls.fetch_add(1, Relaxed);
        let fails = call == self.fails_at || self.for_ever && self.fails_at < call;
        if fails { Err(io::Error::from_raw_os_error(EIO)) } else { Ok(()) }
    }
}

impl Disk for Failing {
    fn create(&self, path: &Path) -> io::Result<File> {
        self.call().and_then(|()| Files.create(path))
    }

    fn reserve(&self, file: &File, len: u64) -> io::Result<()> {
        self.call().and_then(|()| Files.reserve(file, len))
    }

    /// Fails in the middle: some of the bytes are written before.
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        match self.call() {
            Ok(()) => Files.write(file, bytes),
            Err(_) => Files.write(file, &bytes[..bytes.len() * 2 / 3]),
        }
    }

    fn sync(&self, _file: &File) -> io::Result<()> {
        self.call()
    }

    fn room(&self, _dir: &Path) -> io::Result<u64> {
        Ok(u64::MAX)
    }
}

/// Appends with a disk that fails, and checks that what was recorded and what was counted as not
/// are all there is. Answers how many calls the disk got.
fn appends(fails_at: usize, for_ever: bool) -> usize {
    let dir = tempfile::tempdir().unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    let disk = Failing { calls: calls.clone(), fails_at, for_ever };
    let spool = Spool::on(Box::new(disk), (256, u64::MAX), dir.path(), 2, ids(0)).unwrap();
    let mut recorded = Vec::new();
    for number in 0..30 {
        let click = click(number);
        if spool.append(number % 2, &click).is_some() {
            recorded.push(click);
        }
        let pair = [&b"one of two"[..], b"two of two"];
        let count = spool.append_many(number % 2, &pair);
        recorded.extend(pair[..count].iter().map(|click| click.to_vec()));
        if number % 5 == 4 {
            spool.sync();
        }
    }
    assert_eq!(recorded.len() as u64 + spool.unrecorded(), 90);
    let calls = calls.load(Relaxed);
    if fails_at < calls {
        spool.sync();
        for lane in 0..2 {
            let last = spool.append(lane, b"last");
            assert_eq!(last.is_none(), for_ever, "call {fails_at} of {calls} failed");
            recorded.extend(last.map(|_| b"last".to_vec()));
        }
        assert_eq!(spool.failing(), for_ever, "call {fails_at} of {calls} failed");
    }
    if !for_ever {
        // What fails once costs nothing: another file takes what that one did not.
        assert_eq!(spool.unrecorded(), 0, "call {fails_at} of {calls} failed");
    }
    drop(spool);

    let mut found = all(&small(dir.path(), 1000));
    found.sort();
    recorded.sort();
    assert_eq!(found, recorded, "call {fails_at} failed");
    calls
}

#[test]
fn whichever_call_fails_the_recorded_and_the_unrecorded_are_all() {
    let mut fails_at = 0;
    while fails_at < appends(fails_at, false) {
        appends(fails_at, true);
        fails_at += 1;
    }
    assert!(100 < fails_at, "{fails_at}");
}

#[track_caller]
fn check_left(failing_call: usize) {
    let dir = tempfile::tempdir().unwrap();
    let disk = Failing { calls: Arc::default(), fails_at: failing_call, for_ever: false };
    let spool = Spool::on(Box::new(disk), (1 << 20, u64::MAX), dir.path(), 1, ids(0)).unwrap();
    let first = spool.append(0, b"first").unwrap();
    assert_eq!(spool.append_many(0, &[b"second", b"third"]), 2);
    spool.sync();
    assert_eq!(spool.unsure(), 3);
    let fourth = spool.append(0, b"fourth").unwrap();
    assert_ne!(first.segment, fourth.segment);
    spool.sync();
    assert_eq!((spool.unsure(), spool.unrecorded()), (3, 0));
    assert_eq!(all(&spool), [&b"first"[..], b"second", b"third", b"fourth"]);
}

#[test]
fn a_segment_that_could_not_be_synced_is_left_and_its_clicks_are_counted() {
    // create, reserve, header, two writes, then the sync of the folder and that of the segment.
    check_left(6);
}

#[test]
fn a_segment_whose_name_could_not_be_synced_is_left_and_its_clicks_are_counted() {
    check_left(5);
}

/// A disk that has no room while somebody says so.
struct Filling(Arc<AtomicBool>);

impl Filling {
    fn call(&self) -> io::Result<()> {
        let full = self.0.load(Relaxed);
        if full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Disk for Filling {
    fn create(&self, path: &Path) -> io::Result<File> {
        self.call().and_then(|()| Files.create(path))
    }

    fn reserve(&self, file: &File, len: u64) -> io::Result<()> {
        self.call().and_then(|()| Files.reserve(file, len))
    }

    /// What was set aside can be written on a full disk, too.
    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        Files.write(file, bytes)
    }

    fn sync(&self, _file: &File) -> io::Result<()> {
        Ok(())
    }

    fn room(&self, _dir: &Path) -> io::Result<u64> {
        Ok(if self.0.load(Relaxed) { 0 } else { u64::MAX })
    }
}

/// A spool of one lane with a reserve of three segments of 1 KiB, on a disk that can be filled.
fn reserved(dir: &Path, first_id: u128, most_bytes: u64) -> (Spool, Arc<AtomicBool>) {
    let full = Arc::new(AtomicBool::new(false));
    let disk = Box::new(Filling(full.clone()));
    let spool = Spool::on(disk, (1 << 10, most_bytes), dir, 1, ids(first_id)).unwrap();
    (spool.with_reserve(3).unwrap(), full)
}

/// Appends until that fails; how many clicks were recorded.
fn fill(spool: &Spool) -> usize {
    (0..).take_while(|number| spool.append(0, &click(*number)).is_some()).count()
}

#[test]
fn a_reserve_takes_what_comes_when_the_disk_is_full() {
    let dir = tempfile::tempdir().unwrap();
    let (spool, full) = reserved(dir.path(), 0, u64::MAX);
    spool.append(0, b"the disk has room").unwrap();
    full.store(true, Relaxed);
    // What is left of the segment, and three more.
    let recorded = fill(&spool);
    assert!((80..160).contains(&recorded), "{recorded}");
    assert_eq!((spool.unrecorded(), spool.reserved()), (1, 0));
    assert_eq!(spool.segments().unwrap().len(), 4);
    assert!(spool.failing());
    assert_eq!(all(&spool).len(), recorded + 1);

    // What was used is set aside again.
    spool.sync();
    assert_eq!(spool.reserved(), 0);
    full.store(false, Relaxed);
    spool.sync();
    assert_eq!(spool.reserved(), 3 << 10);
    assert!(spool.append(0, b"later").is_some() && !spool.failing());
}

#[test]
fn a_reserve_outlives_the_process_and_is_no_click() {
    let dir = tempfile::tempdir().unwrap();
    let (spool, _) = reserved(dir.path(), 0, u64::MAX);
    spool.append(0, b"click").unwrap();
    drop(spool);
    // A file that lost its blocks is none.
    std::fs::write(dir.path().join(segment::reserved(77)), b"").unwrap();
    let (spool, full) = reserved(dir.path(), 1000, u64::MAX);
    assert_eq!(all(&spool), [b"click"]);
    assert_eq!(spool.reserved(), 3 << 10);
    full.store(true, Relaxed);
    assert!(80 < fill(&spool));
    let names = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let is_reserve = |name: &std::ffi::OsString| name.to_string_lossy().ends_with(".reserve");
    assert_eq!(names.filter(is_reserve).count(), 0);
}

#[test]
fn the_reserve_is_part_of_the_folders_size() {
    let dir = tempfile::tempdir().unwrap();
    let most_bytes = 8 << 10;
    let (spool, _) = reserved(dir.path(), 0, most_bytes);
    let mut recorded = 0;
    for _ in 0..5 {
        recorded += fill(&spool);
        spool.sync();
        let held: u64 = spool.segments().unwrap().iter().map(|found| found.len).sum();
        assert!(held + spool.reserved() <= most_bytes, "{held}");
    }
    // All of it was used, but for what did not fill the end of each segment.
    assert!(7 << 10 < spool.segments().unwrap().iter().map(|found| found.len).sum::<u64>());
    assert_eq!((all(&spool).len(), spool.unrecorded()), (recorded, 5));
}
