//! Appending: one writer's way into the spool.

use std::{io, sync::atomic::Ordering::Relaxed};

use model::ClickId;
use tracing::warn;

use super::{
    Durable, Spool,
    frame::{self, PAYLOAD_BYTES},
    locked,
    segment::{HEADER_BYTES, Segment},
};

/// Files that a write is tried with: what fails may be the trouble of one.
const ATTEMPTS: usize = 2;

/// What one writer appends to. Aligned so that two lanes never share a cache line.
#[derive(Default)]
#[repr(align(128))]
pub(super) struct Lane {
    pub(super) current: Option<Segment>,
    /// The next one, made ready ahead of time so that no redirect waits for a new file.
    pub(super) spare: Option<Segment>,
    /// Those that ended since the last [`Spool::sync`], which trims and syncs them.
    pub(super) retired: Vec<Segment>,
    /// Whether the last attempt to write failed. Then no append tries to make a segment, which
    /// might take long each time; the next [`Spool::sync`] does.
    pub(super) down: bool,
    frames: Vec<u8>,
}

impl Lane {
    pub(super) fn find(&mut self, id: u128) -> Option<&mut Segment> {
        self.current.iter_mut().chain(&mut self.retired).find(|segment| segment.id == id)
    }
}

impl Spool {
    /// Appends one click with one `write(2)`; none where it could not be recorded, which is
    /// counted.
    pub fn append(&self, lane: usize, payload: &[u8]) -> Option<ClickId> {
        self.write(lane, &[payload]).0
    }

    /// Appends several clicks with one `write(2)`, and answers how many were recorded: the first
    /// so many of them.
    pub fn append_many(&self, lane: usize, payloads: &[&[u8]]) -> usize {
        self.write(lane, payloads).1
    }

    /// The id of the first click, and how many were recorded.
    fn write(&self, lane: usize, payloads: &[&[u8]]) -> (Option<ClickId>, usize) {
        let recorded = self.try_write(lane, payloads);
        let missed = payloads.len() - recorded.1;
        if missed != 0 {
            self.unrecorded.fetch_add(missed as u64, Relaxed);
        }
        recorded
    }

    fn try_write(&self, lane: usize, payloads: &[&[u8]]) -> (Option<ClickId>, usize) {
        // Held across the write on purpose: the page cache takes it in about a microsecond, and
        // nobody but this lane's own thread and the 50 ms sync comes for the lock.
        let lane = &mut *locked(&self.lanes[lane % self.lanes.len()]);
        let payloads = match payloads.iter().position(|payload| PAYLOAD_BYTES < payload.len()) {
            Some(long) => &payloads[..long],
            None => payloads,
        };
        let (mut first, mut recorded) = (None, 0);
        if payloads.is_empty() {
            return (first, recorded);
        }
        for attempt in 1..=ATTEMPTS {
            let rest = &payloads[recorded..];
            let (id, count, trouble) = self.write_frames(lane, rest);
            first = first.or(id);
            recorded += count;
            match trouble {
                None => {
                    self.comes_up(lane);
                    break;
                }
                Some(error) if attempt == ATTEMPTS => self.goes_down(lane, &error),
                Some(error) if !lane.down => {
                    warn!(%error, "could not write to a segment: its clicks go to another");
                }
                Some(_) => {}
            }
        }
        if self.durable == Durable::Power {
            self.waiting.appended(recorded);
        }
        (first, recorded)
    }

    /// Writes to the current segment, which is left where it does not take everything: the id of
    /// the first click that is recorded, how many are, and why no more.
    fn write_frames(
        &self,
        lane: &mut Lane,
        payloads: &[&[u8]],
    ) -> (Option<ClickId>, usize, Option<io::Error>) {
        let len: usize = payloads.iter().map(|payload| frame::HEAD_BYTES + payload.len()).sum();
        if let Err(error) = self.find_segment(lane, len as u64) {
            return (None, 0, Some(error));
        }
        let Lane { current: Some(segment), frames, .. } = lane else { return (None, 0, None) };
        frames.clear();
        for payload in payloads {
            frame::put(frames, segment.seed, payload);
        }
        let written = self.disk.write(&segment.file, frames);
        // What was written whole is recorded, even if the rest was not: a reader will find it.
        let (recorded, bytes) = whole(payloads, *written.as_ref().unwrap_or(&0));
        let id = ClickId { segment: segment.id, offset: segment.end };
        segment.end += bytes as u64;
        segment.clicks += recorded as u64;
        let id = (recorded != 0).then_some(id);
        if recorded == payloads.len() {
            return (id, recorded, None);
        }
        // Behind a torn frame nothing could be read until the segment is sealed.
        let torn = lane.current.take();
        torn.into_iter().for_each(|segment| self.retire(lane, segment));
        (id, recorded, Some(written.err().unwrap_or_else(|| io::ErrorKind::WriteZero.into())))
    }

    /// Sees to it that the lane's current segment is there and takes `len` more bytes.
    fn find_segment(&self, lane: &mut Lane, len: u64) -> io::Result<()> {
        if let Some(segment) = &lane.current {
            // An empty one takes anything, or a batch longer than a segment would find no place.
            if segment.end + len <= self.segment_bytes || segment.end == HEADER_BYTES {
                return Ok(());
            }
            let full = lane.current.take();
            full.into_iter().for_each(|segment| self.retire(lane, segment));
        }
        lane.current = match lane.spare.take() {
            Some(spare) => Some(spare),
            None if lane.down => return Err(io::Error::other("no segment before the next sync")),
            None => Some(self.create()?),
        };
        Ok(())
    }
}

/// How many of the frames, and how many bytes, lie whole within the first `written` bytes.
fn whole(payloads: &[&[u8]], written: usize) -> (usize, usize) {
    let mut end = 0;
    for (count, payload) in payloads.iter().enumerate() {
        let next = end + frame::HEAD_BYTES + payload.len();
        if written < next {
            return (count, end);
        }
        end = next;
    }
    (payloads.len(), end)
}
