//! The shell around the product: HTTP, the clock, the dice, files and the command line.
//!
//! One click: connection ([`listen`]) → [`front`] → [`redirect`] → [`spool`] → answer. One API
//! call: [`api`] finds the caller and translates → [`ops`] does it → [`api`] translates back.

pub mod api;
mod app;
pub mod archive;
mod backup;
pub mod cli;
mod clicks;
mod config;
mod conversion;
pub mod dashboard;
mod entrance;
mod front;
mod health;
mod jobs;
mod join;
mod keys;
pub mod listen;
mod live;
mod metrics;
mod node_clock;
mod oidc;
mod ops;
mod outward;
mod password;
mod priority;
mod qr;
mod rate;
mod reach;
mod redirect;
mod snapshot;
pub mod spool;
pub mod start;
mod sync;
mod terminal;
mod totp;
mod unmatched;
pub mod visitor;
mod visits;
mod webauthn;
mod webhooks;

pub use app::App;
pub use config::{Config, Settings};
pub use front::Plain;
