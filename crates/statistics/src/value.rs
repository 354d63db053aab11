//! One value of a dimension: a text, a number, or yes and no.

use std::{fmt, sync::Arc};

/// A value as it is kept and answered. What is not known is no value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    Flag(bool),
    Number(i64),
    Text(Arc<str>),
}

/// A value that is borrowed from a click.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Borrowed<'a> {
    Flag(bool),
    Number(i64),
    Text(&'a str),
}

impl Value {
    pub fn borrowed(&self) -> Borrowed<'_> {
        match self {
            Value::Flag(flag) => Borrowed::Flag(*flag),
            Value::Number(number) => Borrowed::Number(*number),
            Value::Text(text) => Borrowed::Text(text),
        }
    }
}

impl From<Borrowed<'_>> for Value {
    fn from(borrowed: Borrowed<'_>) -> Value {
        match borrowed {
            Borrowed::Flag(flag) => Value::Flag(flag),
            Borrowed::Number(number) => Value::Number(number),
            Borrowed::Text(text) => Value::Text(text.into()),
        }
    }
}

/// As on the wire: `true`, `13335`, `Berlin`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Flag(flag) => flag.fmt(f),
            Value::Number(number) => number.fmt(f),
            Value::Text(text) => text.fmt(f),
        }
    }
}
