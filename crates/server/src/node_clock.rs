//! A node's clock, which goes by the database's where that has one: all nodes mean the same moment then.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::Relaxed},
};

use jiff::{SignedDuration, Timestamp};

use crate::app::Clock;

/// The clock of this machine, and how far it is from the database's.
pub struct NodeClock {
    machine: Clock,
    /// How many milliseconds the machine's was ahead when they were compared last.
    ahead: AtomicI64,
    /// How many of them are taken off.
    corrected: AtomicI64,
}

/// Clocks that are as near, in milliseconds, are left alone: comparing takes some time itself, and a
/// clock that is set forth and back by little is worse than one that is wrong by little.
const NEAR: i64 = 50;
/// Clocks that are further apart are told of, in milliseconds.
const APART: i64 = 250;

impl NodeClock {
    pub fn new(machine: Clock) -> Arc<NodeClock> {
        Arc::new(NodeClock { machine, ahead: AtomicI64::new(0), corrected: AtomicI64::new(0) })
    }

    pub fn now(&self) -> Timestamp {
        match self.corrected.load(Relaxed) {
            0 => self.machine(),
            corrected => self.machine() - SignedDuration::from_millis(corrected),
        }
    }

    /// For those who only ask for the time.
    pub fn shared(self: &Arc<NodeClock>) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    /// What this machine believes.
    pub fn machine(&self) -> Timestamp {
        (self.machine)()
    }

    /// How many milliseconds the machine's clock is ahead of the database's.
    pub fn ahead(&self) -> i64 {
        self.ahead.load(Relaxed)
    }

    /// Takes note of how far the machine's clock is ahead, and tells when that begins to be far.
    pub fn compared(&self, ahead: SignedDuration) {
        let ahead = i64::try_from(ahead.as_millis()).unwrap_or(i64::MAX);
        if NEAR < (ahead - self.corrected.load(Relaxed)).abs() {
            self.corrected.store(ahead, Relaxed);
        }
        let before = self.ahead.swap(ahead, Relaxed);
        match (APART < before.abs(), APART < ahead.abs()) {
            (false, true) => tracing::error!(
                milliseconds = ahead,
                "this machine's clock is not the database's, which this node goes by: set it by NTP"
            ),
            (true, false) => tracing::info!("this machine's clock is the database's again"),
            _ => (),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_wrong_is_corrected_and_one_that_is_right_is_left_alone() {
        let time = Arc::new(AtomicI64::new(0));
        let set = |milliseconds: i64| time.store(milliseconds, Relaxed);
        let machine = time.clone();
        let clock = NodeClock::new(Arc::new(move || {
            Timestamp::from_millisecond(machine.load(Relaxed)).unwrap()
        }));
        // The database's clock says 10,000,000 throughout.
        let compare = || {
            let ahead = clock.machine().as_millisecond() - 10_000_000;
            clock.compared(SignedDuration::from_millis(ahead));
            (clock.now().as_millisecond() - 10_000_000, clock.ahead())
        };
        set(10_000_030);
        assert_eq!(compare(), (30, 30), "near enough");
        set(13_600_000);
        assert_eq!(compare(), (0, 3_600_000), "an hour fast");
        set(13_600_040);
        assert_eq!(compare(), (40, 3_600_040), "as near as that");
        set(9_000_000);
        assert_eq!(compare(), (0, -1_000_000), "set back too far");
        set(10_000_000);
        assert_eq!(compare(), (0, 0), "right again");
    }
}
