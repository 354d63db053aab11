//! Clicks that were answered are stored once, whatever is killed, stopped, full or broken.
//!
//! Each test, but that of its threads, drives the real `waypost serve` over many connections, every
//! request with a number of its own in `utm_content`, and compares the numbers that were answered with
//! the rows. With `WAYPOST_TEST_LONG` set it does so for longer; `scripts/test-long.sh` sets it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod away;
mod backups;
#[path = "../it/client.rs"]
mod client;
mod clocks;
mod cold;
mod database;
mod disk;
mod faults;
mod kills;
mod ledger;
mod limits;
mod links;
mod load;
mod postgres;
mod server;
mod stops;
mod threads;

/// Whether there is time.
fn long() -> bool {
    std::env::var_os("WAYPOST_TEST_LONG").is_some()
}
