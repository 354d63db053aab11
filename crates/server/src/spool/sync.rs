//! Syncing: how what was appended comes onto the disk for sure, and what happens where it does not.

use std::{
    fs::File,
    io,
    sync::{Arc, Mutex, atomic::Ordering::Relaxed},
    time::Duration,
};

use tokio::time;
use tracing::{debug, error, info};

use super::{Spool, lane::Lane, locked, segment::Segment};

/// How one round of syncs went.
#[derive(Default)]
struct Round {
    synced: bool,
    failed: bool,
}

/// Syncs the spool again and again, for as long as it is polled; at once where an answer waits.
pub async fn keep_synced(spool: Arc<Spool>, every: Duration) {
    loop {
        // Both say that it is time.
        let _ = time::timeout(every, spool.waiting.wanted.notified()).await;
        let spool = spool.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || spool.sync()).await {
            error!(%error, "could not sync the spool");
        }
    }
}

impl Spool {
    /// Has all that was appended before the call on the disk when it returns, as far as the disk
    /// tells the truth; seals what is full, and makes ready what will be needed next.
    ///
    /// What the disk fails to sync is given up and counted ([`unsure`](Self::unsure)): its segment
    /// is sealed, and the lane goes on in another. It is on its way to the database all the same.
    ///
    /// Blocks for as long as the disk needs, which on a busy one is tens of milliseconds.
    pub fn sync(&self) {
        // One round at a time: a second one would tell those who wait of what the first still does.
        let _turn = locked(&self.turn);
        let reach = self.waiting.reach();
        let mut round = Round::default();
        self.sync_names(&mut round);
        for lane in &self.lanes {
            self.sync_lane(lane, &mut round);
        }
        self.waiting.reached(reach);
        self.tell(&round);
        for lane in &self.lanes {
            self.provide(lane);
        }
        self.refill();
    }

    /// Clicks in a file without a name would be gone, so the names go first.
    fn sync_names(&self, round: &mut Round) {
        let names = self.names.load(Relaxed);
        let before = self.names_synced.swap(names, Relaxed);
        if before == names {
            return;
        }
        match File::open(&self.dir).and_then(|dir| self.disk.sync(&dir)) {
            Ok(()) => round.synced = true,
            Err(error) => self.leave_unnamed(before, &error, round),
        }
    }

    fn sync_lane(&self, lane: &Mutex<Lane>, round: &mut Round) {
        let (retired, growing) = {
            let lane = &mut *locked(lane);
            let growing = lane.current.as_ref().filter(|segment| segment.synced < segment.end);
            let growing = growing.map(|it| (it.id, it.file.clone(), it.end, it.clicks));
            (std::mem::take(&mut lane.retired), growing)
        };
        for mut segment in retired {
            segment.trim();
            if segment.synced < segment.end {
                match self.disk.sync(&segment.file) {
                    Ok(()) => round.synced = true,
                    Err(error) => self.give_up(&mut segment, &error, round),
                }
            }
        }
        let Some((id, file, end, clicks)) = growing else { return };
        let synced = self.disk.sync(&file);
        let lane = &mut *locked(lane);
        if synced.is_err()
            && let Some(current) = lane.current.take_if(|current| current.id == id)
        {
            self.retire(lane, current);
        }
        // Full by now, it may be retired without that.
        let Some(segment) = lane.find(id) else { return };
        match synced {
            Ok(()) => {
                round.synced = true;
                segment.synced = segment.synced.max(end);
                segment.settled = segment.settled.max(clicks);
            }
            // The kernel may have dropped the pages and would answer the next sync with success,
            // so what was not synced is never believed to be, and the segment is left.
            Err(error) => self.give_up(segment, &error, round),
        }
    }

    /// Leaves the segments whose names could not be synced: those that were made after so many.
    fn leave_unnamed(&self, named: u64, error: &io::Error, round: &mut Round) {
        for lane in &self.lanes {
            let lane = &mut *locked(lane);
            let unnamed = |segment: &mut Segment| named <= segment.named_after;
            let current = lane.current.take_if(unnamed);
            let spare = lane.spare.take_if(unnamed);
            for segment in current.into_iter().chain(spare) {
                self.retire(lane, segment);
            }
            for segment in lane.retired.iter_mut().filter(|it| named <= it.named_after) {
                // Its bytes may be safe, but nobody would find them.
                segment.settled = 0;
                self.give_up(segment, error, round);
            }
        }
    }

    /// What a segment has that is not on the disk may be lost when power fails; so it is counted,
    /// and never synced again.
    fn give_up(&self, segment: &mut Segment, error: &io::Error, round: &mut Round) {
        let clicks = segment.clicks - segment.settled;
        let (from, to) = (segment.synced, segment.end);
        (segment.synced, segment.settled) = (segment.end, segment.clicks);
        self.unsure.fetch_add(clicks, Relaxed);
        let id = format_args!("{:032x}", segment.id);
        if self.unsyncable.load(Relaxed) || round.failed {
            debug!(segment = %id, from, to, clicks, %error, "could not sync clicks either");
        } else {
            error!(
                segment = %id, from, to, clicks, %error,
                "could not sync clicks: a power failure may take them until the database has them"
            );
        }
        round.failed = true;
    }

    /// Says once that the disk is well again.
    fn tell(&self, round: &Round) {
        if round.failed {
            self.unsyncable.store(true, Relaxed);
        } else if round.synced && self.unsyncable.swap(false, Relaxed) {
            let unsure = self.unsure();
            info!(unsure, "clicks are synced again; {unsure} since the start were not");
        }
    }

    /// Makes the segment ready that a lane will need next.
    fn provide(&self, lane: &Mutex<Lane>) {
        let wants_segment = {
            let lane = &*locked(lane);
            let half_full = |segment: &Segment| self.segment_bytes / 2 < segment.end;
            lane.spare.is_none() && lane.current.as_ref().map_or(lane.down, half_full)
        };
        if !wants_segment {
            return;
        }
        let made = self.create();
        let lane = &mut *locked(lane);
        match made {
            Ok(segment) => lane.spare = Some(segment),
            Err(error) if lane.current.is_none() => self.goes_down(lane, &error),
            // Nothing is lost as long as the current one has room; that it is full is found out in
            // time.
            Err(_) => {}
        }
    }
}
