//! Clicks as columns, and questions asked of them.
//!
//! Clicks go into a [`Builder`], which makes [`Columns`] of them; those are sealed as bytes and come
//! back, and a [`Query`] is run over any number of them.
//!
//! **Invariant:** nothing here knows a database, a network or a clock, and damaged bytes are an
//! error.

mod answer;
mod block;
mod builder;
mod calendar;
mod cities;
mod codes;
mod column;
mod columns;
mod counter;
mod dimension;
pub mod experiment;
mod filter;
mod kept;
mod lexicon;
mod newest;
mod query;
mod replay;
mod run;
mod scan;
mod series;
mod sieve;
mod social;
mod times;
mod value;
mod visitors;

pub use answer::{Answer, Key, Row, Unread};
pub use block::{Broken, file as parquet_file};
pub use builder::Builder;
pub use columns::Columns;
pub use dimension::{Clock, DIMENSIONS, Dimension, Kind, LINK_DIMENSIONS, Source, UNKNOWN};
pub use filter::{BadFilter, Filter, split};
pub use query::{Group, Query, Unanswerable, VISITED};
pub use replay::{
    Asked, Bucket, Counts, Goes, Met, Outcomes, Replay, Replayed, Sample, Verdict, Watch, Way,
};
pub use series::{UNITS, Unit};
pub use social::site as social;
pub use value::{Borrowed, Value};

#[cfg(test)]
mod tests;
