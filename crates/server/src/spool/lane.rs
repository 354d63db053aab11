//! Appending: one writer's way into the spool.

use std::{
    io,
    sync::{Mutex, atomic::Ordering::Relaxed},
};

use model::ClickId;
use tracing::error;

use super::{
    Spool,
    frame::{self, PAYLOAD_BYTES},
    locked,
    segment::{HEADER_BYTES, Segment},
};

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
        let len: usize = payloads.iter().map(|payload| frame::HEAD_BYTES + payload.len()).sum();
        if payloads.is_empty() || !self.has_room(lane, len as u64) {
            return (None, 0);
        }
        let Some(segment) = &mut lane.current else { return (None, 0) };

        lane.frames.clear();
        for payload in payloads {
            frame::put(&mut lane.frames, segment.seed, payload);
        }
        let written = self.disk.write(&segment.file, &lane.frames);
        // What was written whole is recorded, even if the rest was not: a reader will find it.
        let (recorded, bytes) = whole(payloads, *written.as_ref().unwrap_or(&0));
        let id = ClickId { segment: segment.id, offset: segment.end };
        segment.end += bytes as u64;

        if recorded == payloads.len() {
            self.comes_up(lane);
        } else {
            // Behind a torn frame nothing could be read until the segment is sealed.
            let torn = lane.current.take();
            torn.into_iter().for_each(|segment| self.retire(lane, segment));
            let error = written.err().unwrap_or_else(|| io::ErrorKind::WriteZero.into());
            self.goes_down(lane, &error);
        }
        ((recorded != 0).then_some(id), recorded)
    }

    /// Whether the lane's current segment is there and takes `len` more bytes.
    fn has_room(&self, lane: &mut Lane, len: u64) -> bool {
        if let Some(segment) = &lane.current {
            // An empty one takes anything, or a batch longer than a segment would find no place.
            if segment.end + len <= self.segment_bytes || segment.end == HEADER_BYTES {
                return true;
            }
            let full = lane.current.take();
            full.into_iter().for_each(|segment| self.retire(lane, segment));
        }
        lane.current = lane.spare.take();
        if lane.current.is_none() && !lane.down {
            match self.create() {
                Ok(segment) => lane.current = Some(segment),
                Err(error) => self.goes_down(lane, &error),
            }
        }
        lane.current.is_some()
    }

    pub(super) fn sync_lane(&self, lane: &Mutex<Lane>) {
        let (retired, growing, wants_segment) = {
            let lane = &mut *locked(lane);
            let growing = lane.current.as_ref().filter(|segment| segment.synced < segment.end);
            let half_full = |segment: &Segment| self.segment_bytes / 2 < segment.end;
            (
                std::mem::take(&mut lane.retired),
                growing.map(|segment| (segment.id, segment.file.clone(), segment.end)),
                lane.spare.is_none() && lane.current.as_ref().map_or(lane.down, half_full),
            )
        };
        for segment in retired {
            segment.trim();
            if segment.synced < segment.end
                && let Err(error) = self.disk.sync(&segment.file)
            {
                not_synced(segment.id, segment.synced, segment.end, &error);
            }
        }
        if let Some((id, file, end)) = growing {
            self.sync_segment(lane, id, end, self.disk.sync(&file));
        }
        if wants_segment {
            let made = self.create();
            let lane = &mut *locked(lane);
            match made {
                // Two syncs at once may have made one each.
                Ok(segment) if lane.spare.is_some() => self.retire(lane, segment),
                Ok(segment) => lane.spare = Some(segment),
                Err(error) if lane.current.is_none() => self.goes_down(lane, &error),
                // Nothing is lost as long as the current one has room; that it is full is found
                // out in time.
                Err(_) => {}
            }
        }
    }

    fn sync_segment(&self, lane: &Mutex<Lane>, id: u128, end: u64, synced: io::Result<()>) {
        let lane = &mut *locked(lane);
        let Some(mut segment) = lane.current.take_if(|segment| segment.id == id) else { return };
        match synced {
            Ok(()) => {
                segment.synced = segment.synced.max(end);
                lane.current = Some(segment);
            }
            // The kernel may have dropped the pages and would answer the next sync with success,
            // so what was not synced is never believed to be, and the segment is left.
            Err(error) => {
                not_synced(id, segment.synced, segment.end, &error);
                segment.synced = segment.end;
                self.retire(lane, segment);
            }
        }
    }
}

fn not_synced(id: u128, from: u64, to: u64, error: &io::Error) {
    let segment = format_args!("{id:032x}");
    error!(%segment, from, to, %error, "could not sync clicks: a power failure may take them");
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
