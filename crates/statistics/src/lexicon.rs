//! The lexicon: every value that some column in memory has is known by a number, the same in all of
//! them, so that what batches found adds up without a look at a text.

use std::{
    hash::BuildHasher,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::{
    codes::NONE,
    dimension::{DIMENSIONS, Dimension},
    value::Value,
};

/// One for each dimension, and one of all for the process, as columns come and go one by one. It
/// never says anything of a value but whether it is the same as another.
static LEXICONS: LazyLock<Vec<Mutex<Lexicon>>> =
    LazyLock::new(|| DIMENSIONS.iter().map(|_| Mutex::default()).collect());

/// The numbers of one dimension's values.
#[derive(Default)]
struct Lexicon {
    /// The value numbered `n + 1` is here at `n`; nobody holds those that are none.
    entries: Vec<Entry>,
    /// Where each value is, by its hash.
    places: HashTable<u32>,
    /// Places of values that nobody holds any more.
    free: Vec<u32>,
    hasher: RandomState,
}

#[derive(Default)]
struct Entry {
    value: Option<Value>,
    holders: u32,
}

/// The numbers of a column's values, which stay the same as long as somebody holds them.
#[derive(Debug)]
pub(crate) struct Numbers {
    dimension: usize,
    /// The number of each code; [`NONE`] is 0 here as there.
    of_codes: Vec<u32>,
    /// The codes in the order of their numbers.
    order: Vec<u32>,
}

impl Numbers {
    /// Takes the numbers of values, each of which is there once.
    pub(crate) fn hold(dimension: &Dimension, values: &[Value]) -> Numbers {
        let dimension = dimension.index();
        let mut of_codes = Vec::with_capacity(values.len() + 1);
        of_codes.push(NONE);
        let mut lexicon = lexicon(dimension);
        of_codes.extend(values.iter().map(|value| lexicon.hold(value)));
        drop(lexicon);
        let mut order: Vec<u32> = (1..).take(values.len()).collect();
        order.sort_unstable_by_key(|code| of_codes[*code as usize]);
        Numbers { dimension, of_codes, order }
    }

    /// The number of every code.
    pub(crate) fn of_codes(&self) -> &[u32] {
        &self.of_codes
    }

    /// The code of a number, where some click may have it.
    pub(crate) fn code(&self, number: u32) -> Option<u32> {
        if number == NONE {
            return Some(NONE);
        }
        let of = |code: &u32| self.of_codes[*code as usize];
        self.order.binary_search_by_key(&number, of).ok().map(|place| self.order[place])
    }

    /// The code of a value, where some click may have it.
    pub(crate) fn code_of(&self, value: &Value) -> Option<u32> {
        let lexicon = lexicon(self.dimension);
        let place = lexicon.place(value)?;
        drop(lexicon);
        self.code(place + 1)
    }

    /// The highest number.
    pub(crate) fn highest(&self) -> u32 {
        self.order.last().map_or(NONE, |code| self.of_codes[*code as usize])
    }

    /// Bytes in memory; what is in the lexicon, some 40 for each different value, belongs to nobody.
    pub(crate) fn bytes(&self) -> usize {
        4 * (self.of_codes.len() + self.order.len())
    }
}

impl Drop for Numbers {
    fn drop(&mut self) {
        let mut lexicon = lexicon(self.dimension);
        self.of_codes[1..].iter().for_each(|number| lexicon.release(*number));
    }
}

/// The values of some numbers that somebody holds; [`NONE`] has none.
pub(crate) fn values(dimension: &Dimension, numbers: &[u32]) -> Vec<Option<Value>> {
    let lexicon = lexicon(dimension.index());
    let value = |number: &u32| lexicon.entries[number.checked_sub(1)? as usize].value.clone();
    numbers.iter().map(value).collect()
}

impl Lexicon {
    fn place(&self, value: &Value) -> Option<u32> {
        let entries = &self.entries;
        let same = |place: &u32| entries[*place as usize].value.as_ref() == Some(value);
        self.places.find(self.hasher.hash_one(value), same).copied()
    }

    fn hold(&mut self, value: &Value) -> u32 {
        let place = self.place(value).unwrap_or_else(|| self.add(value.clone()));
        self.entries[place as usize].holders += 1;
        place + 1
    }

    fn add(&mut self, value: Value) -> u32 {
        let place = self.free.pop().unwrap_or_else(|| {
            self.entries.push(Entry::default());
            self.entries.len() as u32 - 1
        });
        let Lexicon { entries, places, hasher, .. } = self;
        let hash = hasher.hash_one(&value);
        entries[place as usize].value = Some(value);
        // Whatever is in the table has a value.
        let again = |place: &u32| {
            entries[*place as usize].value.as_ref().map_or(0, |value| hasher.hash_one(value))
        };
        places.insert_unique(hash, place, again);
        place
    }

    fn release(&mut self, number: u32) {
        let place = number - 1;
        let Lexicon { entries, places, free, hasher } = self;
        let entry = &mut entries[place as usize];
        entry.holders -= 1;
        if entry.holders == 0
            && let Some(value) = entry.value.take()
            && let Ok(found) = places.find_entry(hasher.hash_one(&value), |at| *at == place)
        {
            found.remove();
            free.push(place);
        }
    }
}

fn lexicon(dimension: usize) -> MutexGuard<'static, Lexicon> {
    lock(&LEXICONS[dimension])
}

fn lock(lexicon: &Mutex<Lexicon>) -> MutexGuard<'_, Lexicon> {
    lexicon.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts<const N: usize>(texts: [&str; N]) -> Vec<Value> {
        texts.map(|text| Value::Text(text.into())).into()
    }

    #[test]
    fn a_value_has_one_number_in_all_columns() {
        let city = Dimension::named("city").unwrap();
        let ours = Numbers::hold(city, &texts(["A", "B", "C"]));
        let theirs = Numbers::hold(city, &texts(["C", "D", "A"]));
        assert_eq!(theirs.of_codes()[1], ours.of_codes()[3]);
        assert_eq!(theirs.of_codes()[3], ours.of_codes()[1]);
        assert_eq!(theirs.code(ours.of_codes()[1]), Some(3));
        assert_eq!(theirs.code(ours.of_codes()[2]), None);
        assert_eq!(theirs.code(NONE), Some(NONE));
        for (code, value) in (1..).zip(texts(["C", "D", "A"])) {
            assert_eq!(theirs.code_of(&value), Some(code));
        }
        assert_eq!(theirs.code_of(&texts(["B"])[0]), None);
        assert_eq!(theirs.code_of(&texts(["E"])[0]), None);
        assert_eq!(theirs.highest(), *theirs.of_codes().iter().max().unwrap());

        let a = ours.of_codes()[1];
        drop(ours);
        assert_eq!(values(city, &[NONE, a]), [None, Some(texts(["A"])[0].clone())]);
    }

    #[test]
    fn a_number_is_free_again_when_nobody_holds_its_value() {
        let [a, b, c] = [1, 2, 3].map(Value::Number);
        let mut lexicon = Lexicon::default();
        assert_eq!([&a, &b, &a].map(|value| lexicon.hold(value)), [1, 2, 1]);
        lexicon.release(1);
        assert_eq!((lexicon.place(&a), lexicon.hold(&c)), (Some(0), 3));
        lexicon.release(1);
        assert_eq!((lexicon.place(&a), lexicon.place(&b)), (None, Some(1)));
        assert_eq!((lexicon.hold(&a), lexicon.place(&c)), (1, Some(2)));
    }
}
