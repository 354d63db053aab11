//! A node's clock, which goes by the database's where that has one: all nodes mean the same moment then.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::Relaxed},
};

use jiff::{SignedDuration, Timestamp};
use store::Offset;

use crate::app::Clock;

/// The clock of this machine, and how far it is from the database's.
pub struct NodeClock {
    machine: Clock,
    /// How many milliseconds the machine's was ahead when they were compared last.
    ahead: AtomicI64,
    /// How many of them are taken off.
    corrected: AtomicI64,
}

/// Clocks that are certain to be further apart, in milliseconds, are set: one that goes forth and back by
/// little is worse than one that is wrong by little.
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
            corrected => {
                let machine = self.machine();
                machine.checked_sub(SignedDuration::from_millis(corrected)).unwrap_or(machine)
            }
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

    /// Takes note of how far the machine's clock is ahead, and tells when that begins to be far. What a
    /// slow answer says may be wrong by as much, and is believed only beyond that.
    pub fn compared(&self, Offset { ahead, give_or_take }: Offset) {
        let certain = |apart: i64, from: i64| {
            apart.saturating_add(give_or_take) < ahead.saturating_sub(from).saturating_abs()
        };
        if certain(NEAR, self.corrected.load(Relaxed)) {
            self.corrected.store(ahead, Relaxed);
        }
        if !certain(0, self.ahead()) {
            return;
        }
        let before = self.ahead.swap(ahead, Relaxed);
        match (APART < before.saturating_abs(), APART < ahead.saturating_abs()) {
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
        let compare = |wrong: i64, give_or_take: i64| {
            let ahead = clock.machine().as_millisecond() - 10_000_000 + wrong;
            clock.compared(Offset { ahead, give_or_take });
            (clock.now().as_millisecond() - 10_000_000, clock.ahead())
        };
        set(10_000_030);
        assert_eq!(compare(0, 1), (30, 30), "near enough");
        assert_eq!(compare(-2_000, 2_001), (30, 30), "a slow answer says nothing");
        set(13_600_000);
        assert_eq!(compare(0, 1), (0, 3_600_000), "an hour fast");
        set(13_600_040);
        assert_eq!(compare(0, 1), (40, 3_600_040), "as near as that");
        set(9_000_000);
        assert_eq!(
            compare(300, 400),
            (-300, -999_700),
            "set back too far, as a slow answer has it"
        );
        assert_eq!(compare(0, 1), (0, -1_000_000), "and a quick one");
        set(10_000_000);
        assert_eq!(compare(0, 1), (0, 0), "right again");
    }
}
