//! The whole server, started in this process and driven over HTTP, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod accounts;
mod at_once;
mod client;
mod damaged;
mod dashboard;
mod door;
mod edits;
mod ends;
mod keys;
mod laws;
mod limits;
mod live;
mod oidc;
mod passkeys;
mod pattern;
mod pixels;
mod receiver;
mod splits;
mod statistics;
mod titles;
mod transcript;
mod transcripts;
mod webhooks;
mod world;
