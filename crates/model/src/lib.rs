//! Placeholder.

pub mod click;

pub use click::{Class, Click, ClickId};
