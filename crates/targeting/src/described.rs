//! Facts about a visitor that somebody stated.

/// Stated facts, by field.
#[derive(Clone, Debug, Default)]
pub struct Described {}
