//! Experiments: what the ways of a split bring, in intervals that hold whenever one looks.
//!
//! An ordinary 95 % interval holds for one look at a number of visitors that was settled before. Who
//! looks every day until a difference shows will see one sooner or later where there is none. What is
//! here may be looked at after every visitor: with a chance of 95 % it holds at **all** looks at once.
//! All of it rests on Ville's inequality: a quantity that is 1 at first, is never negative and on
//! average does not grow (under what is to be refuted) ever reaches 1/α with a chance of α at most.

mod gamma;
#[cfg(test)]
mod laws;
mod rate;
mod ratio;
mod report;

pub use rate::{Counts, Interval, difference};
pub use ratio::{Ratio, SRM_LEVEL};
pub use report::{Judged, Report, Seen};
