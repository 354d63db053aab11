//! Placeholder.

pub mod listen;
pub mod spool;
