//! The whole server, started in this process and driven over HTTP, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod client;
mod laws;
mod pattern;
mod statistics;
mod transcript;
mod transcripts;
mod world;
