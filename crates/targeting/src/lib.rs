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
//!
//! **Invariant:** evaluation is total. No visitor makes it fail or panic.

mod again;
mod analyse;
mod beginnings;
mod check;
mod compile;
mod continent;
mod country;
mod described;
mod dictionary;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod example;
mod explain;
mod field;
mod fields;
#[cfg(test)]
mod fixture;
mod hash;
mod kind;
#[cfg(test)]
mod laws;
pub mod names;
mod networks;
mod numbers;
mod operator;
mod ordered;
mod outcome;
mod problem;
mod program;
#[cfg(test)]
mod reference;
mod region;
mod request;
mod rules;
mod source;
mod split;
mod text;
mod trace;
mod value;
mod version;
mod visitor;
mod when;
mod word;
mod word_set;
mod zone;

pub use again::{Again, Chance, Inquiry, Possible};
pub use analyse::{Analysed, Because, Finding, FindingKind, Known, Proof, Severity, analyse};
pub use continent::Continent;
pub use country::Country;
pub use described::Described;
pub use explain::{Explained, ExplainedTest, Explanation, Part};
pub use field::{Field, FieldRef, Group, Slot};
pub use fields::FIELDS;
pub use kind::Kind;
pub use numbers::Numbers;
pub use operator::{Arity, Comparison, OPERATORS, OperatorRow};
pub use outcome::Outcome;
pub use problem::Problem;
pub use region::Region;
pub use request::Languages;
pub use rules::Rules;
pub use source::{Needs, Source};
pub use split::Split;
pub use trace::Trace;
pub use value::Value;
pub use version::Version;
pub use visitor::{Agent, Network, Place, Visitor};
pub use when::{Test, When};
