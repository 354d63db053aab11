//! Every function of the store, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod full;
mod harness;

mod batches;
mod bin;
mod blocks;
mod clicks;
mod conversions;
mod deliveries;
mod domains;
mod drafts;
mod edits;
mod ends;
mod folders;
mod groups;
mod keys;
mod link_tests;
mod links;
mod lists;
mod nodes;
mod opening;
mod permissions;
mod pixels;
mod preferences;
mod routes;
mod unmatched;
mod webhooks;
