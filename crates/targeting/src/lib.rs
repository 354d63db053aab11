//! Decides which of a list of rules a visitor meets.
//!
//! An owner writes conditions ([`When`]). [`Rules::compile`] checks them once, when they are
//! saved. [`Rules::decide`] runs on every click: it takes what is known of the visitor and answers
//! with the first rule that holds, and [`Rules::explain`] says why.
//!
//! **Invariant:** nothing here reads a clock, draws a random number, waits, or does any I/O. The
//! caller puts all of that into [`Visitor`], so the same visitor always gets the same answer.
//!
//! **Invariant:** nothing here knows what a link is, or what a rule leads to.

mod continent;
mod country;
mod described;
pub mod names;
mod region;
mod version;
mod visitor;

pub use continent::Continent;
pub use country::Country;
pub use described::Described;
pub use region::Region;
pub use version::Version;
pub use visitor::{Agent, Network, Place, Visitor};
