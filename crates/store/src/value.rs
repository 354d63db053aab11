//! Between columns and the model's values.

use jiff::Timestamp;
use model::{Destination, Id, Schemes};
use serde::{Serialize, de::DeserializeOwned};

use crate::failure::{Failure, Result};

pub(crate) fn id<T>(number: i64) -> Result<Id<T>> {
    Id::new(number).ok_or_else(|| Failure::internal(format!("{number} is stored as an id")))
}

pub(crate) fn time(milliseconds: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(milliseconds).map_err(Failure::internal)
}

pub(crate) fn maybe_time(milliseconds: Option<i64>) -> Result<Option<Timestamp>> {
    milliseconds.map(time).transpose()
}

pub(crate) fn milliseconds(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_millisecond)
}

pub(crate) fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

pub(crate) fn list(json: &str) -> Result<Vec<String>> {
    serde_json::from_str(json).map_err(Failure::internal)
}

pub(crate) fn to_list(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

/// Ids that are stored as a list of their numbers.
pub(crate) fn ids<T>(json: &str) -> Result<Vec<Id<T>>> {
    let numbers: Vec<i64> = from_json(json)?;
    numbers.into_iter().map(id).collect()
}

pub(crate) fn to_ids<T>(ids: &[Id<T>]) -> String {
    json(&ids.iter().map(|id| id.number()).collect::<Vec<_>>())
}

/// A value of ours, whose keys are texts, as JSON.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("what has texts for keys is always JSON")
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Failure::internal)
}

pub(crate) fn destination(text: &str) -> Result<Destination> {
    Destination::parse("destination", text, Schemes::AsSaved).map_err(stored)
}

/// What was checked before it was stored and no longer passes is our trouble, not a caller's.
pub(crate) fn stored(error: model::Error) -> Failure {
    Failure::internal(error)
}
