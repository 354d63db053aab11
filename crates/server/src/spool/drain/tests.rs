//! Claims about the drain: every click is stored, and none twice.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use crate::spool::tests::{ids, small};

use super::{Stored as Batched, *};

/// A database in memory, of which any transaction may fail, before or after it is done.
#[derive(Default)]
struct Memory {
    stored: Mutex<Stored>,
    calls: AtomicUsize,
    /// Which calls fail: every n-th, that one alone, or each below it.
    fails: Fails,
    /// A segment that is never stored.
    refused: Option<u128>,
}

#[derive(Clone, Default)]
struct Stored {
    clicks: Vec<Vec<u8>>,
    cursors: BTreeMap<u128, u64>,
}

#[derive(Clone, Copy, Default)]
enum Fails {
    #[default]
    Never,
    Every(usize),
    At(usize),
    Below(usize),
}

impl Memory {
    fn fails(&self) -> bool {
        let call = self.calls.fetch_add(1, Relaxed);
        match self.fails {
            Fails::Never => false,
            Fails::Every(n) => call.is_multiple_of(n),
            Fails::At(n) => call == n,
            Fails::Below(n) => call < n,
        }
    }
}

impl Sink for Arc<Memory> {
    type Error = &'static str;

    async fn cursors(&self) -> Result<Vec<(u128, u64)>, &'static str> {
        if self.fails() {
            return Err("no cursors");
        }
        let stored = self.stored.lock().unwrap();
        Ok(stored.cursors.iter().map(|(id, next)| (*id, *next)).collect())
    }

    async fn store(&self, batch: Batched<'_>) -> Result<u64, &'static str> {
        let Batched { segment, from, clicks, next, .. } = batch;
        if self.fails() || self.refused == Some(segment) {
            return Err("nothing was done");
        }
        let mut stored = self.stored.lock().unwrap();
        let done = stored.cursors.get(&segment).copied().unwrap_or(0);
        if done < from {
            return Err("the database has gone back");
        }
        let new = clicks.iter().filter(|(offset, _)| done <= *offset);
        stored.clicks.extend(new.map(|(_, click)| click.to_vec()));
        stored.cursors.insert(segment, next.max(done));
        drop(stored);
        if self.fails() { Err("all was done, and the answer was lost") } else { Ok(0) }
    }

    async fn forget(&self, segment: u128) -> Result<(), &'static str> {
        if self.fails() {
            return Err("nothing was forgotten");
        }
        self.stored.lock().unwrap().cursors.remove(&segment);
        Ok(())
    }
}

fn hasty() -> Pace {
    let moment = Duration::from_millis(1);
    Pace { clicks: 7, every: moment, retry: moment, retry_at_most: moment }
}

fn clicks(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|number| format!("click {number:04}").into_bytes()).collect()
}

/// Appends clicks while a drain stores them, in three processes one after the other of which the
/// first two are killed, and checks that each click is stored once.
async fn exactly_once(fails: Fails) -> usize {
    let dir = tempfile::tempdir().unwrap();
    let sink = Arc::new(Memory { fails, ..Memory::default() });
    let expected = clicks(120);
    for (process, part) in expected.chunks(40).enumerate() {
        let spool = Arc::new(small(dir.path(), process as u128 * 1000));
        let (drain, work) = new(spool.clone(), sink.clone(), hasty());
        let work = tokio::spawn(work);
        for (number, click) in part.iter().enumerate() {
            spool.append(number, click).unwrap();
            if number % 8 == 0 {
                tokio::task::yield_now().await;
            }
        }
        if process == 2 {
            assert!(drain.stop().await);
            work.await.unwrap();
            assert_eq!(spool.segments().unwrap(), []);
        } else {
            if process == 1 {
                assert!(drain.flush().await);
            }
            work.abort();
            assert!(work.await.is_err());
            // Blocking work goes on after the abort, and holds the spool until it is done.
            while 1 < Arc::strong_count(&spool) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }
    let mut stored = std::mem::take(&mut *sink.stored.lock().unwrap());
    stored.clicks.sort();
    assert_eq!(stored.clicks, expected);
    sink.calls.load(Relaxed)
}

#[tokio::test]
async fn every_click_is_stored_once_whichever_call_fails() {
    let calls = exactly_once(Fails::Never).await;
    assert!(20 < calls, "{calls}");
    for at in 0..calls {
        exactly_once(Fails::At(at)).await;
    }
}

#[tokio::test]
async fn every_click_is_stored_once_by_a_sink_that_fails_again_and_again() {
    // A question and a store make three calls, so every third one would fail each store for ever.
    for every in 4..8 {
        exactly_once(Fails::Every(every)).await;
    }
    exactly_once(Fails::Below(30)).await;
}

#[tokio::test]
async fn a_flush_waits_for_what_was_appended_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Arc::new(small(dir.path(), 0));
    let sink = Arc::new(Memory::default());
    let slow = Pace { every: Duration::from_secs(3600), ..Pace::default() };
    let (drain, work) = new(spool.clone(), sink.clone(), slow);
    let work = tokio::spawn(work);
    for (number, click) in clicks(50).iter().enumerate() {
        spool.append(number, click).unwrap();
        assert!(drain.flush().await);
        assert_eq!(sink.stored.lock().unwrap().clicks.len(), number + 1);
    }
    assert!(drain.stop().await);
    work.await.unwrap();
    assert!(!drain.flush().await);
}

#[tokio::test]
async fn a_flush_ends_while_more_and_more_is_appended() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Arc::new(Spool::open(dir.path(), 1, u64::MAX, ids(0)).unwrap());
    let (drain, work) = new(spool.clone(), Arc::new(Memory::default()), Pace::default());
    let work = tokio::spawn(work);
    let appending = tokio::task::spawn_blocking({
        let spool = spool.clone();
        move || {
            let mut count = 0;
            // Ends when the test has let go of the spool, and would not end before the flush.
            while 2 < Arc::strong_count(&spool) {
                count += spool.append_many(0, &[&b"one more"[..]; 50]);
                std::thread::sleep(Duration::from_millis(1));
            }
            count
        }
    });
    for _ in 0..5 {
        let flushed = tokio::time::timeout(Duration::from_secs(20), drain.flush()).await;
        assert_eq!(flushed, Ok(true));
    }
    work.abort();
    drop(spool);
    assert!(0 < appending.await.unwrap());
}

#[tokio::test]
async fn a_segment_that_is_refused_holds_back_no_other_and_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Arc::new(small(dir.path(), 0));
    for lane in 0..2 {
        spool.append(lane, if lane == 0 { b"refused" } else { b"not" }).unwrap();
    }
    let sink = Arc::new(Memory { refused: Some(1), ..Memory::default() });
    let (drain, work) = new(spool.clone(), sink.clone(), hasty());
    let work = tokio::spawn(work);
    assert!(tokio::time::timeout(Duration::from_millis(300), drain.stop()).await.is_err());
    work.abort();
    assert_eq!(sink.stored.lock().unwrap().clicks, [b"not"]);
    assert_eq!(sink.stored.lock().unwrap().cursors, BTreeMap::new());
    assert_eq!(spool.segments().unwrap().len(), 1);
}

#[tokio::test]
async fn a_database_that_loses_what_it_took_gets_it_again() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Arc::new(small(dir.path(), 0));
    let sink = Arc::new(Memory::default());
    let (drain, work) = new(spool.clone(), sink.clone(), hasty());
    let work = tokio::spawn(work);
    let expected = clicks(9);
    let (mut before, mut kept) = (expected.chunks(3), Stored::default());
    for click in before.next().unwrap() {
        spool.append(0, click).unwrap();
        assert!(drain.flush().await);
        kept = sink.stored.lock().unwrap().clone();
    }
    for click in before.next().unwrap() {
        spool.append(0, click).unwrap();
        assert!(drain.flush().await);
    }
    // Another server takes over, which had not got the last commits.
    *sink.stored.lock().unwrap() = kept;
    for click in before.next().unwrap() {
        spool.append(0, click).unwrap();
    }
    assert!(drain.stop().await);
    work.await.unwrap();
    assert_eq!(sink.stored.lock().unwrap().clicks, expected);
}

#[tokio::test]
async fn what_waits_and_what_was_damaged_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Arc::new(small(dir.path(), 0));
    let torn = dir.path().join(segment::name(1));
    let click = spool.append(0, b"click").unwrap();
    assert_eq!(click.segment, 1);
    spool.seal();
    let mut bytes = std::fs::read(&torn).unwrap();
    bytes.extend(b"torn");
    std::fs::write(&torn, bytes).unwrap();
    let sink = Arc::new(Memory { refused: Some(1), ..Memory::default() });
    let (_drain, work) = new(spool.clone(), sink.clone(), hasty());
    let work = tokio::spawn(work);
    while spool.waiting() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!((spool.waiting(), spool.damaged()), (17, 0));
    work.abort();
    assert!(work.await.is_err());

    let (drain, work) = new(spool.clone(), Arc::new(Memory::default()), hasty());
    let work = tokio::spawn(work);
    assert!(drain.stop().await);
    work.await.unwrap();
    assert_eq!((spool.waiting(), spool.damaged()), (0, 4));
}

#[tokio::test]
async fn a_foreign_file_is_left_alone_and_holds_nobody_up() {
    let dir = tempfile::tempdir().unwrap();
    let foreign = dir.path().join(format!("{:032x}.seg", 1));
    std::fs::write(&foreign, b"WPSPOOL\x02of a later version").unwrap();
    let spool = Arc::new(small(dir.path(), 1000));
    let sink = Arc::new(Memory::default());
    let (drain, work) = new(spool.clone(), sink.clone(), hasty());
    let work = tokio::spawn(work);
    spool.append(0, b"click").unwrap();
    assert!(drain.stop().await);
    work.await.unwrap();
    assert_eq!(sink.stored.lock().unwrap().clicks, [b"click"]);
    assert!(foreign.exists());
}

#[test]
fn waiting_after_failures_is_bounded() {
    let pace = Pace::default();
    let waits = (0..9).map(|failures| pace.after(failures).as_millis());
    assert_eq!(waits.collect::<Vec<_>>(), [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
    assert_eq!(pace.after(u32::MAX), pace.retry_at_most);
}
