//! One column of a batch: a dictionary of values, and each click's code in it.

use std::{collections::HashMap, sync::OnceLock};

use foldhash::fast::RandomState;

use crate::{
    codes::{Codes, NONE},
    dimension::Dimension,
    lexicon::Numbers,
    value::{Borrowed, Value},
};

/// Values by code, for the clicks of a batch in their order.
#[derive(Debug)]
pub(crate) struct Column<T = Value> {
    /// **Invariant:** every code is at most the number of values.
    pub(crate) codes: Codes,
    /// The value of code `n + 1` is here at `n`.
    pub(crate) values: Vec<T>,
    /// What the values are known by in all batches, once a question has looked for one.
    numbers: OnceLock<Numbers>,
    /// Bytes of codes and values, once somebody has asked, as many do again and again.
    bytes: OnceLock<usize>,
}

impl<T> Column<T> {
    /// None where a code has no value.
    pub(crate) fn checked(codes: &[u32], values: Vec<T>) -> Option<Column<T>> {
        let highest = codes.iter().copied().max().unwrap_or(NONE);
        let whole = highest as usize <= values.len();
        whole.then(|| Column::new(Codes::new(codes.iter().copied(), values.len()), values))
    }

    fn new(codes: Codes, values: Vec<T>) -> Column<T> {
        Column { codes, values, numbers: OnceLock::new(), bytes: OnceLock::new() }
    }

    /// A column of so many clicks of which nothing is known.
    pub(crate) fn unknown(clicks: usize) -> Column<T> {
        Column::new(Codes::new(std::iter::repeat_n(NONE, clicks), 0), Vec::new())
    }

    pub(crate) fn value(&self, click: usize) -> Option<&T> {
        let code = self.codes.get(click);
        (code != NONE).then(|| &self.values[code as usize - 1])
    }
}

impl Column {
    /// The column of what the texts of this one are told by.
    pub(crate) fn derived(&self, read: fn(&str) -> Option<&'static str>) -> Column {
        let mut dictionary = Dictionary::default();
        let mut code = |value: &Value| match value {
            Value::Text(text) => {
                read(text).map_or(NONE, |told| dictionary.code(Borrowed::Text(told)))
            }
            Value::Flag(_) | Value::Number(_) => NONE,
        };
        let told: Vec<u32> =
            std::iter::once(NONE).chain(self.values.iter().map(&mut code)).collect();
        let codes = self.codes.iter().map(|code| told[code as usize]);
        Column::new(Codes::new(codes, dictionary.values.len()), dictionary.values)
    }

    /// The numbers of the values, which are of this dimension.
    pub(crate) fn numbers(&self, dimension: &Dimension) -> &Numbers {
        self.numbers.get_or_init(|| Numbers::hold(dimension, &self.values))
    }

    /// Bytes in memory, those of the dictionary included.
    pub(crate) fn bytes(&self) -> usize {
        let text = |value: &Value| match value {
            Value::Text(text) => text.len(),
            Value::Flag(_) | Value::Number(_) => 0,
        };
        let values = || {
            let texts: usize = self.values.iter().map(text).sum();
            self.codes.bytes() + self.values.len() * size_of::<Value>() + texts
        };
        self.bytes.get_or_init(values) + self.numbers.get().map_or(0, Numbers::bytes)
    }
}

/// A column that grows.
#[derive(Clone, Debug)]
pub(crate) struct Growing<T = Value> {
    pub(crate) codes: Vec<u32>,
    pub(crate) dictionary: Dictionary<T>,
}

/// The values that a column has had so far.
#[derive(Clone, Debug)]
pub(crate) struct Dictionary<T = Value> {
    pub(crate) values: Vec<T>,
    texts: HashMap<Box<[u8]>, u32, RandomState>,
    numbers: HashMap<i64, u32, RandomState>,
}

impl<T> Default for Growing<T> {
    fn default() -> Growing<T> {
        Growing { codes: Vec::new(), dictionary: Dictionary::default() }
    }
}

impl<T> Default for Dictionary<T> {
    fn default() -> Dictionary<T> {
        Dictionary { values: Vec::new(), texts: HashMap::default(), numbers: HashMap::default() }
    }
}

impl<T: Clone> Growing<T> {
    /// The column with its clicks in another order.
    pub(crate) fn ordered(&self, order: &[u32]) -> Column<T> {
        let values = self.dictionary.values.clone();
        let codes = order.iter().map(|&click| self.codes[click as usize]);
        Column::new(Codes::new(codes, values.len()), values)
    }
}

impl Growing {
    pub(crate) fn push(&mut self, value: Option<Borrowed<'_>>) {
        let code = value.map_or(NONE, |value| self.dictionary.code(value));
        self.codes.push(code);
    }
}

impl Growing<Box<[u8]>> {
    /// No bytes are none.
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) {
        let code = if bytes.is_empty() { NONE } else { self.dictionary.code_of_bytes(bytes) };
        self.codes.push(code);
    }
}

impl Dictionary {
    /// The code of a value, which becomes a new one where it is seen first.
    pub(crate) fn code(&mut self, value: Borrowed<'_>) -> u32 {
        let next = self.values.len() as u32 + 1;
        let code = match value {
            Borrowed::Text(text) => match self.texts.get(text.as_bytes()) {
                Some(code) => *code,
                None => *self.texts.entry(text.as_bytes().into()).or_insert(next),
            },
            Borrowed::Number(number) => *self.numbers.entry(number).or_insert(next),
            Borrowed::Flag(flag) => *self.numbers.entry(flag.into()).or_insert(next),
        };
        if code == next {
            self.values.push(value.into());
        }
        code
    }
}

impl Dictionary<Box<[u8]>> {
    fn code_of_bytes(&mut self, bytes: &[u8]) -> u32 {
        if let Some(code) = self.texts.get(bytes) {
            return *code;
        }
        self.values.push(bytes.into());
        let code = self.values.len() as u32;
        self.texts.insert(bytes.into(), code);
        code
    }
}
