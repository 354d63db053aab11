//! Values as single machine words, which many tests can compare without looking at text again.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
};

use jiff::civil::Date;

use crate::{
    Country, Value, Version,
    check::Check,
    country::Countries,
    ordered::OrderCheck,
    text::{self, Shape, TextCheck},
};

/// A visitor's value in one word. Greater numbers and later dates are greater words, so that most
/// comparisons are one of ranges; [`UNKNOWN`] and [`UNREAD`] are greater than all.
pub(crate) type Word = u64;

/// The value could not be learnt.
pub(crate) const UNKNOWN: Word = u64::MAX - 1;
/// Nobody has read the value yet.
pub(crate) const UNREAD: Word = u64::MAX;

/// The words of which a test is true.
#[derive(Debug)]
pub(crate) enum WordSet {
    None,
    /// From `first` to so many above it.
    Range {
        first: Word,
        span: Word,
    },
    /// One bit for each word below 64.
    Mask(u64),
    Few(Box<[Word]>),
    Hashed(HashSet<Word, BuildHasherDefault<Mixed>>),
    Countries(Box<Countries>),
}

/// The texts that some tests name, each with a number: folded, numbered from 1.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    words: Vec<Box<str>>,
    /// Where there are few words, or else the index below.
    few: Vec<(Short, Word)>,
    /// The index of each word by its hash, or by the next number after it that was free.
    index: HashMap<u64, u32, BuildHasherDefault<Mixed>>,
}

/// An ASCII text of at most 16 bytes without its case, to be compared at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Short {
    head: u64,
    tail: u64,
    len: usize,
}

/// Spreads words over a table.
#[derive(Default)]
pub(crate) struct Mixed(u64);

/// The number of all texts that no test names.
const UNNAMED: Word = 0;

/// So many words are compared one by one faster than a text is hashed.
const FEW: usize = 8;

impl WordSet {
    /// The same comparison of words; its texts are numbered in the dictionary.
    ///
    /// # Errors
    ///
    /// The comparison itself where it does not [fit](fits).
    pub(crate) fn new(
        check: Check,
        dictionary: &mut Option<Box<Dictionary>>,
    ) -> Result<WordSet, Check> {
        let mut number = |word| dictionary.get_or_insert_default().add(word);
        Ok(match check {
            Check::Country(wanted) => WordSet::is(country(wanted)),
            Check::Countries(set) => WordSet::Countries(set),
            Check::Continents(set) => WordSet::one_of((0..8).filter(|i| set >> i & 1 == 1)),
            Check::Flags { yes, no } => {
                WordSet::one_of([(no, 0), (yes, 1)].iter().filter(|(is, _)| *is).map(|it| it.1))
            }
            Check::Regions(regions) => WordSet::one_of(regions.iter().map(|it| it.word())),
            Check::Text(TextCheck::Is(word), Shape::Whole) => WordSet::is(number(word)),
            Check::Text(TextCheck::OneOf(words), Shape::Whole) => {
                WordSet::one_of(words.into_iter().map(number))
            }
            Check::Numbers(check) => WordSet::order(&check, self::number),
            Check::Dates(check) => WordSet::order(&check, day),
            Check::Versions(check) => WordSet::versions(&check).ok_or(Check::Versions(check))?,
            other => return Err(other),
        })
    }

    fn order<T: Copy>(check: &OrderCheck<T>, word: impl Fn(T) -> Word) -> WordSet {
        match check {
            OrderCheck::OneOf(values) => WordSet::one_of(values.iter().map(|value| word(*value))),
            OrderCheck::Above(bound) => WordSet::above(word(*bound)),
            OrderCheck::Below(bound) => WordSet::below(word(*bound)),
            OrderCheck::Between(low, high) => WordSet::range(word(*low), word(*high)),
        }
    }

    /// None for many versions, since each may stand for many words.
    fn versions(check: &OrderCheck<Version>) -> Option<WordSet> {
        Some(match check {
            OrderCheck::OneOf(versions) => {
                let [version] = **versions else { return None };
                let (first, last) = version.words()?;
                WordSet::range(first, last)
            }
            OrderCheck::Above(bound) => WordSet::above(bound.words()?.1),
            OrderCheck::Below(bound) => WordSet::below(bound.words()?.0),
            OrderCheck::Between(low, high) => WordSet::range(low.words()?.0, high.words()?.1),
        })
    }

    fn above(bound: Word) -> WordSet {
        WordSet::range(bound.saturating_add(1), UNKNOWN - 1)
    }

    fn below(bound: Word) -> WordSet {
        bound.checked_sub(1).map_or_else(|| WordSet::None, |last| WordSet::range(0, last))
    }

    #[inline]
    pub(crate) fn holds(&self, word: Word) -> bool {
        match self {
            WordSet::None => false,
            WordSet::Range { first, span } => word.wrapping_sub(*first) <= *span,
            WordSet::Few(words) => words.contains(&word),
            WordSet::Mask(set) => word < 64 && set >> word & 1 == 1,
            WordSet::Hashed(set) => set.contains(&word),
            WordSet::Countries(set) => set.holds(word),
        }
    }

    fn is(word: Word) -> WordSet {
        WordSet::Range { first: word, span: 0 }
    }

    fn range(first: Word, last: Word) -> WordSet {
        match last.checked_sub(first) {
            Some(span) => WordSet::Range { first, span },
            None => WordSet::None,
        }
    }

    fn one_of(words: impl Iterator<Item = Word>) -> WordSet {
        let mut words: Vec<Word> = words.collect();
        words.sort_unstable();
        words.dedup();
        match *words {
            [] => WordSet::None,
            // Texts that no earlier test names have numbers in a row.
            [first, .., last] if last - first == words.len() as u64 - 1 => {
                WordSet::range(first, last)
            }
            [word] => WordSet::is(word),
            [.., last] if last < 64 => {
                WordSet::Mask(words.iter().fold(0, |set, word| set | 1 << word))
            }
            _ if words.len() <= FEW => WordSet::Few(words.into()),
            _ => WordSet::Hashed(words.into_iter().collect()),
        }
    }
}

/// Whether a comparison is one of values that fit a word.
pub(crate) fn fits(check: &Check) -> bool {
    match check {
        Check::Country(_)
        | Check::Countries(_)
        | Check::Continents(_)
        | Check::Flags { .. }
        | Check::Regions(_)
        | Check::Numbers(_)
        | Check::Dates(_)
        | Check::Text(TextCheck::Is(_) | TextCheck::OneOf(_), Shape::Whole) => true,
        Check::Versions(check) => WordSet::versions(check).is_some(),
        Check::Exists | Check::Text(..) | Check::Addresses(_) => false,
    }
}

impl Dictionary {
    /// The number of a folded text, which is a new one unless a test before has named it.
    fn add(&mut self, word: Box<str>) -> Word {
        let mut hash = text::hash(&word);
        while let Some(i) = self.index.get(&hash) {
            if self.words[*i as usize] == word {
                return Word::from(*i) + 1;
            }
            hash = hash.wrapping_add(1);
        }
        let i = u32::try_from(self.words.len()).expect("memory holds fewer words than this");
        self.index.insert(hash, i);
        self.words.push(word);
        Word::from(i) + 1
    }

    /// Nothing is added any more.
    pub(crate) fn finish(&mut self) {
        let few = self.words.iter().zip(1..);
        let few: Option<Vec<_>> = few.map(|(word, i)| Some((Short::new(word)?, i))).collect();
        if let Some(few) = few.filter(|few| few.len() <= FEW) {
            self.few = few;
            self.index = HashMap::default();
        }
        self.few.shrink_to_fit();
        self.words.shrink_to_fit();
        self.index.shrink_to_fit();
    }

    /// The number of a visitor's text.
    #[inline]
    fn number(&self, text: &str) -> Word {
        if !self.few.is_empty()
            && let Some(short) = Short::new(text)
        {
            let found = self.few.iter().find(|(word, _)| *word == short);
            return found.map_or(UNNAMED, |(_, number)| *number);
        }
        self.look_up(text)
    }

    #[inline(never)]
    fn look_up(&self, text: &str) -> Word {
        let folded;
        let text = if text.is_ascii() {
            text
        } else {
            folded = text::fold(text);
            &folded
        };
        if self.index.is_empty() {
            let found = self.words.iter().zip(1..).find(|(word, _)| text::equal_ascii(text, word));
            return found.map_or(UNNAMED, |(_, number)| number);
        }
        let mut hash = text::hash(text);
        while let Some(i) = self.index.get(&hash) {
            // A text that is folded and not ASCII is equal byte by byte, and this says so too.
            if text::equal_ascii(text, &self.words[*i as usize]) {
                return Word::from(*i) + 1;
            }
            hash = hash.wrapping_add(1);
        }
        UNNAMED
    }
}

impl Short {
    /// None where the text is longer or not ASCII.
    #[inline]
    fn new(text: &str) -> Option<Short> {
        let bytes = text.as_bytes();
        let len = bytes.len();
        // The first and the last bytes, which may overlap: with the length they are the text.
        let (head, tail) =
            if let (Some(head), Some(tail)) = (bytes.first_chunk(), bytes.last_chunk()) {
                (u64::from_le_bytes(*head), u64::from_le_bytes(*tail))
            } else if let (Some(head), Some(tail)) = (bytes.first_chunk(), bytes.last_chunk()) {
                (u32::from_le_bytes(*head).into(), u32::from_le_bytes(*tail).into())
            } else if let [first, .., last] = *bytes {
                (u64::from(first) | u64::from(bytes[1]) << 8, u64::from(last))
            } else {
                (bytes.first().map_or(0, |byte| u64::from(*byte)), 0)
            };
        let is_short_ascii = len <= 16 && (head | tail) & (EACH * 0x80) == 0;
        is_short_ascii.then(|| Short { head: lower(head), tail: lower(tail), len })
    }
}

/// 1 in each byte.
const EACH: u64 = u64::from_le_bytes([1; 8]);

/// Eight ASCII letters in lower case.
#[inline]
fn lower(letters: u64) -> u64 {
    // No byte is above 127, so no sum runs over into the next.
    let from_a = letters + EACH * (0x80 - b'A' as u64);
    let above_z = letters + EACH * (0x80 - b'Z' as u64 - 1);
    letters | (from_a & !above_z & (EACH * 0x80)) >> 2
}

/// A visitor's value as a word; texts by the dictionary of those who read it.
#[inline(always)]
pub(crate) fn encode(value: Value<'_>, dictionary: Option<&Dictionary>) -> Word {
    match value {
        Value::Text(Cow::Borrowed(text)) => {
            dictionary.map_or(UNNAMED, |dictionary| dictionary.number(text))
        }
        Value::Text(Cow::Owned(text)) => of_owned(&text, dictionary),
        Value::Country(found) => country(found),
        Value::Continent(continent) => continent as Word,
        Value::Flag(flag) => Word::from(flag),
        Value::Number(found) => number(found),
        Value::Version(version) => version.word(),
        Value::Region(region) => region.word(),
        Value::Date(date) => day(date),
        // No test that compares words reads the others.
        Value::Unknown | Value::Languages(_) | Value::Address(_) => UNKNOWN,
    }
}

#[inline(never)]
fn of_owned(text: &str, dictionary: Option<&Dictionary>) -> Word {
    dictionary.map_or(UNNAMED, |dictionary| dictionary.number(text))
}

fn country(country: Country) -> Word {
    country.index() as Word
}

/// The bits of a number, in the order of numbers: negative ones turned round, and below the rest.
#[inline]
fn number(number: f64) -> Word {
    const SIGN: u64 = 1 << 63;
    // 0 and -0 are one number.
    let bits = (number + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// 120261121 for 2026-11-21: ten thousand years are added, since years may be negative.
fn day(date: Date) -> Word {
    let year = i64::from(date.year()) + 10_000;
    let day = year * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day());
    day.unsigned_abs()
}

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dictionary(words: &[String]) -> (Dictionary, Vec<Word>) {
        let mut dictionary = Dictionary::default();
        let add = |word: &String| dictionary.add(text::fold(word).into_boxed_str());
        let numbers = words.iter().map(add).collect();
        dictionary.finish();
        (dictionary, numbers)
    }

    proptest! {
        #[test]
        fn a_text_has_the_number_of_the_word_that_it_is(
            words in prop::collection::vec("[a-cA-C]{0,2}|[éÉeK\u{212a}]{1,2}", 0..30),
            text in "[a-cA-C]{0,2}|[éÉeK\u{212a}]{1,2}",
        ) {
            let (dictionary, numbers) = dictionary(&words);
            let same = |word: &String| text::fold(word) == text::fold(&text);
            let expected = words.iter().position(same).map_or(UNNAMED, |i| numbers[i]);
            prop_assert_eq!(dictionary.number(&text), expected);
        }

        #[test]
        fn one_of_many_words_is_any_of_them(
            words in prop::collection::vec(0_u64..99, 1..9), word in 0_u64..99,
        ) {
            let expected = words.contains(&word);
            prop_assert_eq!(WordSet::one_of(words.into_iter()).holds(word), expected);
        }

        #[test]
        fn greater_numbers_are_greater_words(a in any::<f64>(), b in -9_i8..9, c in -9_i8..9) {
            for (a, b) in [(a, f64::from(b)), (f64::from(b), f64::from(c))] {
                prop_assume!(a.is_finite());
                prop_assert_eq!(Some(number(a).cmp(&number(b))), a.partial_cmp(&b));
                prop_assert!(number(a) < UNKNOWN);
            }
        }

        #[test]
        fn short_texts_are_equal_without_case(a in "[ -~]{0,17}", b in "[@-\\[`-\\{]{0,3}") {
            for (a, b) in [(&a, &a.to_ascii_uppercase()), (&a, &b), (&b, &b.to_ascii_lowercase())] {
                let same = Short::new(a) == Short::new(b);
                prop_assert_eq!(same, a.eq_ignore_ascii_case(b) || 16 < a.len().min(b.len()));
            }
        }

        #[test]
        fn later_days_are_greater(a in -9_999_i16..=9_999, b in -9_999_i16..=9_999, month in 1_i8..=12) {
            let (a, b) = (Date::constant(a, month, 28), Date::constant(b, 13 - month, 1));
            prop_assert_eq!(day(a).cmp(&day(b)), a.cmp(&b));
        }
    }

    #[test]
    fn hashes_that_meet_keep_their_words_apart() {
        let mut dictionary = Dictionary::default();
        // As if `b` had the hash of `a`.
        let first = dictionary.add("a".into());
        dictionary.words.push("b".into());
        dictionary.index.insert(text::hash("a").wrapping_add(1), 1);
        dictionary.index.insert(text::hash("b"), 0);
        dictionary.index.insert(text::hash("b").wrapping_add(1), 1);
        assert_eq!((first, dictionary.look_up("A"), dictionary.look_up("B")), (1, 1, 2));
        assert_eq!(dictionary.look_up("c"), UNNAMED);
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(number(-0.0), number(0.0));
    }

    #[test]
    fn every_length_is_told_apart_by_every_byte() {
        for len in 0..=17 {
            let text = "a".repeat(len);
            assert_eq!(Short::new(&text).is_some(), len <= 16);
            for i in 0..len.min(16) {
                let mut other = text.clone();
                other.replace_range(i..=i, "b");
                assert!(16 < len || Short::new(&other) != Short::new(&text), "{other}");
                other.replace_range(i..=i, "A");
                assert_eq!(Short::new(&other), Short::new(&text));
                other.replace_range(i..=i, "ä");
                assert_eq!(Short::new(&other), None, "{other}");
            }
        }
    }
}
