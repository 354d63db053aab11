//! Placeholder.

pub mod visitor;
