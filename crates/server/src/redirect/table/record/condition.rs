//! A rule's tree of conditions in bytes.

use serde_json::{Number, Value};
use targeting::{Test, When};

use crate::redirect::table::bytes::{Reader, Writer};

/// Deeper than any tree that is saved; only bytes that nobody wrote go further.
const DEEPEST: usize = 64;

const ALL: u64 = 0;
const ANY: u64 = 1;
const NOT: u64 = 2;
const TEST: u64 = 3;

const NULL: u64 = 0;
const FALSE: u64 = 1;
const TRUE: u64 = 2;
const WHOLE: u64 = 3;
const FLOAT: u64 = 4;
const TEXT: u64 = 5;
const LIST: u64 = 6;
/// Anything else, as JSON.
const JSON: u64 = 7;
/// No value at all, which is not null.
const ABSENT: u64 = 8;

pub(in crate::redirect::table) fn write(to: &mut Writer, when: &When) {
    match when {
        When::All { all } => {
            to.number(ALL);
            to.list(all, write);
        }
        When::Any { any } => {
            to.number(ANY);
            to.list(any, write);
        }
        When::Not { not } => {
            to.number(NOT);
            write(to, not);
        }
        When::Test(test) => {
            to.number(TEST);
            to.text(&test.field);
            to.text(&test.operator);
            to.maybe_text(test.timezone.as_deref());
            match &test.value {
                Some(value) => write_value(to, value),
                None => to.number(ABSENT),
            }
        }
    }
}

pub(super) fn read(from: &mut Reader<'_>) -> Option<When> {
    read_within(from, DEEPEST)
}

fn read_within(from: &mut Reader<'_>, levels: usize) -> Option<When> {
    let levels = levels.checked_sub(1)?;
    Some(match from.number()? {
        ALL => When::All { all: from.list(|from| read_within(from, levels))? },
        ANY => When::Any { any: from.list(|from| read_within(from, levels))? },
        NOT => When::Not { not: Box::new(read_within(from, levels)?) },
        TEST => When::Test(Test {
            field: from.text()?.to_owned(),
            operator: from.text()?.to_owned(),
            timezone: from.maybe_text()?.map(str::to_owned),
            value: read_value(from, DEEPEST)?,
        }),
        _ => return None,
    })
}

/// Numbers go as they are: their text need not read back to the same bits.
fn write_value(to: &mut Writer, value: &Value) {
    match value {
        Value::Null => to.number(NULL),
        Value::Bool(false) => to.number(FALSE),
        Value::Bool(true) => to.number(TRUE),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => {
                to.number(WHOLE);
                to.signed(whole);
            }
            (None, Some(float)) if number.is_f64() => {
                to.number(FLOAT);
                to.fixed(float.to_bits().cast_signed());
            }
            _ => write_json(to, value),
        },
        Value::String(text) => {
            to.number(TEXT);
            to.text(text);
        }
        Value::Array(list) => {
            to.number(LIST);
            to.list(list, write_value);
        }
        Value::Object(_) => write_json(to, value),
    }
}

fn write_json(to: &mut Writer, value: &Value) {
    to.number(JSON);
    to.text(&value.to_string());
}

/// The value of a test, which need not have one.
fn read_value(from: &mut Reader<'_>, levels: usize) -> Option<Option<Value>> {
    let levels = levels.checked_sub(1)?;
    Some(Some(match from.number()? {
        NULL => Value::Null,
        FALSE => Value::Bool(false),
        TRUE => Value::Bool(true),
        WHOLE => Value::Number(from.signed()?.into()),
        FLOAT => Value::Number(Number::from_f64(f64::from_bits(from.fixed()?.cast_unsigned()))?),
        TEXT => Value::String(from.text()?.to_owned()),
        LIST => Value::Array(from.list(|from| read_value(from, levels)?)?),
        JSON => serde_json::from_str(from.text()?).ok()?,
        ABSENT => return Some(None),
        _ => return None,
    }))
}
