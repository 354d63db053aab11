//! Claims about broken segments: damage costs the clicks that it hits and no others.

use super::*;

/// The bytes of one sealed segment with these clicks.
fn sealed(clicks: &[Vec<u8>]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let spool = Spool::open(dir.path(), 1, 0, ids(0)).unwrap();
    let refs: Vec<&[u8]> = clicks.iter().map(Vec::as_slice).collect();
    assert_eq!(spool.append_many(0, &refs), clicks.len());
    std::fs::read(dir.path().join(segment::name(1))).unwrap()
}

/// What is read of a folder in which an earlier process left this file.
fn left_behind(bytes: &[u8]) -> io::Result<Vec<Vec<u8>>> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(segment::name(1)), bytes).unwrap();
    let spool = Spool::open(dir.path(), 1, 0, ids(1000)).unwrap();
    let batch = spool.read(1, 0, usize::MAX, 0)?;
    assert!(batch.end, "a small file is read in one go");
    Ok(batch.clicks().map(|(_, click)| click.to_vec()).collect())
}

#[test]
fn a_segment_cut_at_any_byte_has_its_whole_clicks_and_nothing_else() {
    let clicks: Vec<_> = (0..8).map(click).collect();
    let bytes = sealed(&clicks);
    for len in 0..=bytes.len() {
        let mut end = HEADER_BYTES as usize;
        let whole = clicks.iter().take_while(|click| {
            end += frame::HEAD_BYTES + click.len();
            end <= len
        });
        let whole: Vec<_> = whole.cloned().collect();
        assert_eq!(left_behind(&bytes[..len]).unwrap(), whole, "cut at {len}");
    }
}

#[test]
fn a_changed_byte_costs_the_click_it_hits_and_no_other() {
    let clicks: Vec<_> = (0..6).map(click).collect();
    let bytes = sealed(&clicks);
    let mut at = HEADER_BYTES as usize;
    for hit in 0..clicks.len() {
        let mut others = clicks.clone();
        others.remove(hit);
        for position in at..at + frame::HEAD_BYTES + clicks[hit].len() {
            for change in [0x01, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[position] ^= change;
                assert_eq!(left_behind(&bytes).unwrap(), others, "byte {position}");
            }
        }
        at += frame::HEAD_BYTES + clicks[hit].len();
    }
}

#[test]
fn a_file_of_another_version_is_refused_and_not_removed() {
    let mut bytes = b"WPSPOOL\x02".to_vec();
    frame::put(&mut bytes, frame::seed(1) ^ 2, b"of another version");
    assert_eq!(left_behind(&bytes).unwrap_err().kind(), io::ErrorKind::InvalidData);
}

#[test]
fn a_damaged_header_costs_no_click() {
    let clicks: Vec<_> = (0..3).map(click).collect();
    for position in 0..HEADER_BYTES as usize {
        let mut bytes = sealed(&clicks);
        bytes[position] ^= 0x11;
        assert_eq!(left_behind(&bytes).unwrap(), clicks, "byte {position}");
    }
}

#[test]
fn damage_is_told_by_its_place() {
    let clicks: Vec<_> = (0..6).map(click).collect();
    let mut bytes = sealed(&clicks);
    let starts = |number: usize| {
        let before = clicks[..number].iter().map(|click| frame::HEAD_BYTES + click.len());
        HEADER_BYTES as usize + before.sum::<usize>()
    };
    for hit in [1, 4] {
        bytes[starts(hit) + 5] ^= 1;
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(segment::name(1)), bytes).unwrap();
    let spool = small(dir.path(), 1000);
    let batch = spool.read(1, 0, usize::MAX, 0).unwrap();
    let range = |hit: usize| starts(hit) as u64..starts(hit + 1) as u64;
    assert_eq!(batch.damaged, [range(1), range(4)]);
}

proptest::proptest! {
    #[test]
    fn garbage_has_no_clicks(mut bytes in proptest::collection::vec(0u8..4, 0..3000)) {
        bytes.splice(0..0, segment::HEADER);
        assert_eq!(left_behind(&bytes).unwrap(), Vec::<Vec<u8>>::new());
    }
}

#[test]
fn a_visitor_cannot_send_a_frame_within_a_click() {
    let mut forged = Vec::new();
    frame::put(&mut forged, frame::seed(99), b"forged");
    let mut bytes = sealed(&[forged, click(2)]);
    bytes[HEADER_BYTES as usize] ^= 1;
    assert_eq!(left_behind(&bytes).unwrap(), [click(2)]);
}
