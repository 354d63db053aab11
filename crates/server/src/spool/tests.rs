//! Claims about the spool's files: what survives, what is counted, what is never lost.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::AtomicUsize},
};

mod damage;
mod power;
mod trouble;
mod waits;

use super::{disk::Files, segment::HEADER_BYTES, *};
use trouble::Failing;

/// Ids in order, so that a test knows them.
pub(super) fn ids(first: u128) -> Box<dyn FnMut() -> u128 + Send> {
    let mut next = first;
    Box::new(move || {
        next += 1;
        next
    })
}

/// A spool of small segments, on a disk that syncs nothing for the sake of speed.
pub(super) fn small(dir: &Path, first_id: u128) -> Spool {
    let disk = Failing { calls: Arc::default(), fails_at: usize::MAX, for_ever: false };
    Spool::on(Box::new(disk), (256, u64::MAX), dir, 2, ids(first_id)).unwrap()
}

/// Every click in every segment, read in small pieces.
pub(super) fn all(spool: &Spool) -> Vec<Vec<u8>> {
    let mut clicks = Vec::new();
    for segment in spool.segments().unwrap() {
        let mut from = 0;
        loop {
            let batch = spool.read(segment.id, from, 3, 0).unwrap();
            assert!(from <= batch.next);
            clicks.extend(batch.clicks().map(|(_, click)| click.to_vec()));
            if batch.end || batch.next == from {
                break;
            }
            from = batch.next;
        }
    }
    clicks
}

fn click(number: usize) -> Vec<u8> {
    format!("click {number} {}", "x".repeat(number % 40)).into_bytes()
}

#[test]
fn clicks_are_read_while_they_are_written_and_by_the_next_process() {
    let dir = tempfile::tempdir().unwrap();
    let spool = small(dir.path(), 0);
    let expected: Vec<_> = (0..50).map(click).collect();
    for click in &expected {
        spool.append(0, click).unwrap();
    }
    assert_eq!(all(&spool), expected);
    assert!(5 < spool.segments().unwrap().len());
    drop(spool);

    let next = small(dir.path(), 1000);
    next.append(0, b"one more").unwrap();
    assert_eq!(all(&next)[..50], expected);
    assert_eq!(all(&next).len(), 51);
}

#[test]
fn an_id_says_where_the_click_lies() {
    let dir = tempfile::tempdir().unwrap();
    let spool = small(dir.path(), 0);
    spool.append(0, b"first").unwrap();
    let id = spool.append(0, b"second").unwrap();
    let batch = spool.read(id.segment, id.offset, 1, 0).unwrap();
    assert_eq!(batch.clicks().next(), Some((id.offset, &b"second"[..])));
}

#[test]
fn two_processes_do_not_share_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    let spool = small(dir.path(), 0);
    let error = Spool::open(dir.path(), 1, 0, ids(9)).map(drop).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ResourceBusy);
    drop(spool);
    Spool::open(dir.path(), 1, 0, ids(9)).unwrap();
}

#[test]
fn a_full_folder_keeps_what_it_has_and_counts_what_comes() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Failing { calls: Arc::default(), fails_at: usize::MAX, for_ever: false };
    let spool = Spool::on(Box::new(disk), (256, 1024), dir.path(), 1, ids(0)).unwrap();
    let mut expected: Vec<_> = (0..100).map(click).collect();
    let recorded = expected.iter().filter(|click| spool.append(0, click).is_some()).count();
    expected.truncate(recorded);
    assert_eq!(all(&spool), expected);
    assert_eq!(spool.unrecorded(), 100 - recorded as u64);
    assert!(spool.failing() && 10 < recorded, "{recorded}");
    let held = || spool.segments().unwrap().iter().map(|found| found.len).sum::<u64>();
    assert!(512 < held() && held() <= 1024, "{}", held());

    // The drain makes room, and what comes is recorded again after the next sync.
    let first = spool.segments().unwrap()[0];
    spool.remove(first.id, first.len).unwrap();
    spool.sync();
    assert!(spool.append(0, b"later").is_some());
    assert!(!spool.failing());
}

#[test]
fn a_spool_is_never_too_small_for_its_lanes() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Failing { calls: Arc::default(), fails_at: usize::MAX, for_ever: false };
    let spool = Spool::on(Box::new(disk), (256, 1), dir.path(), 4, ids(0)).unwrap();
    for lane in 0..4 {
        assert!(spool.append(lane, b"click").is_some());
    }
}

#[test]
fn the_next_process_in_a_folder_has_its_name_and_no_other_has() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = small(dir.path(), 0).holder();
    assert_eq!(small(dir.path(), 1000).holder(), first);
    let copy = small(other.path(), 0);
    std::fs::copy(dir.path().join("lock"), other.path().join("lock")).unwrap();
    assert_ne!(copy.holder(), first);
    assert!(first.is_some());
}

#[test]
fn a_process_that_did_not_end_in_order_is_told_from_one_that_did() {
    let dir = tempfile::tempdir().unwrap();
    let cut_short = |end: bool| {
        let spool = Spool::open(dir.path(), 1, 0, ids(0)).unwrap();
        if end {
            spool.end().unwrap();
        }
        spool.was_cut_short()
    };
    assert_eq!([false, false, true, true].map(cut_short), [false, true, true, false]);
}

#[test]
fn a_segment_is_removed_only_when_it_is_sealed_and_read_to_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let spool = small(dir.path(), 0);
    let id = spool.append(0, b"click").unwrap().segment;
    let next = spool.read(id, 0, 10, 0).unwrap().next;
    assert_eq!(spool.remove(id, next).unwrap_err().kind(), io::ErrorKind::ResourceBusy);
    spool.seal();
    assert_eq!(spool.remove(id, 0).unwrap_err().kind(), io::ErrorKind::ResourceBusy);
    spool.remove(id, next).unwrap();
    assert_eq!(spool.segments().unwrap(), []);
}

#[test]
fn lanes_and_threads_lose_and_mix_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let spool = small(dir.path(), 0);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|thread| {
                let spool = &spool;
                scope.spawn(move || {
                    for number in 0..500 {
                        let click = format!("{thread}/{number}");
                        assert!(spool.append(thread, click.as_bytes()).is_some());
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            while !stop.load(Relaxed) {
                spool.sync();
            }
        });
        for writer in writers {
            writer.join().unwrap();
        }
        stop.store(true, Relaxed);
    });
    let expected = (0..4).flat_map(|thread| (0..500).map(move |n| format!("{thread}/{n}")));
    let found = all(&spool);
    assert_eq!(found.len(), 2000);
    assert_eq!(
        found.into_iter().collect::<BTreeSet<_>>(),
        expected.map(String::into_bytes).collect()
    );
    assert_eq!(spool.unrecorded(), 0);
}

#[test]
fn too_long_a_click_is_counted_and_harms_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::open(dir.path(), 1, 0, ids(0)).unwrap();
    let long = vec![7; frame::PAYLOAD_BYTES + 1];
    assert_eq!(spool.append(0, &long), None);
    assert_eq!(spool.append_many(0, &[b"a", &long, b"b"]), 1);
    assert!(spool.append(0, &long[1..]).is_some());
    assert_eq!(spool.unrecorded(), 3);
    assert!(!spool.failing());
    assert_eq!(all(&spool), [b"a".to_vec(), long[1..].to_vec()]);
}
