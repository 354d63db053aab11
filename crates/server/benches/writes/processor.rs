//! What processes and the machine have done, in processor time.

use std::{fs, time::Duration};

/// Processor time until now.
pub(crate) struct Times {
    pub(crate) server: Duration,
    pub(crate) database: Duration,
    ours: Duration,
    /// Of all processors together, and of it what somebody had.
    machine: Duration,
    busy: Duration,
}

/// Linux counts in these, whatever its own clock is.
const TICK: Duration = Duration::from_millis(10);

impl Times {
    pub(crate) fn now(server: u32, database: &[u32]) -> Times {
        let (machine, busy) = machine();
        Times {
            server: process(server),
            database: database.iter().copied().map(process).sum(),
            ours: process(std::process::id()),
            machine,
            busy,
        }
    }

    pub(crate) fn since(&self, before: &Times) -> Times {
        Times {
            server: self.server - before.server,
            // One of its processes may have ended.
            database: self.database.saturating_sub(before.database),
            ours: self.ours - before.ours,
            machine: self.machine - before.machine,
            busy: self.busy - before.busy,
        }
    }

    /// The share of the machine that was neither idle nor ours.
    pub(crate) fn others(&self) -> f64 {
        let ours = self.server + self.database + self.ours;
        self.busy.saturating_sub(ours).as_secs_f64() / self.machine.as_secs_f64()
    }
}

/// All threads of a process; none of one that has ended.
fn process(id: u32) -> Duration {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let Some((_, fields)) = text.rsplit_once(") ") else { return Duration::ZERO };
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks: u32 = fields[11..13].iter().map(|ticks| ticks.parse::<u32>().unwrap()).sum();
    TICK * ticks
}

fn machine() -> (Duration, Duration) {
    let text = fs::read_to_string("/proc/stat").unwrap();
    let line = text.lines().next().unwrap();
    let ticks: Vec<u32> =
        line.split_whitespace().skip(1).take(8).map(|ticks| ticks.parse().unwrap()).collect();
    let all: u32 = ticks.iter().sum();
    // Nobody had what was idle or waited for a disk.
    (TICK * all, TICK * (all - ticks[3] - ticks[4]))
}
