//! Values as single machine words, which many tests can compare without looking at text again.

use std::{borrow::Cow, net::IpAddr};

use jiff::civil::Date;

use crate::{Country, Value, dictionary::Dictionary, text};

/// A visitor's value in one word. Greater numbers and later dates are greater words, so that most
/// comparisons are one of ranges; [`UNKNOWN`] and [`UNREAD`] are greater than all.
pub(crate) type Word = u64;

/// The value could not be learnt.
pub(crate) const UNKNOWN: Word = u64::MAX - 1;
/// Nobody has read the value yet.
pub(crate) const UNREAD: Word = u64::MAX;

/// An address of the new family. Tests that compare words name networks of the old one alone,
/// whose addresses are their numbers.
const V6: Word = 1 << 32;

/// What a text too long to be its own word has beside its number: all that no test names have this
/// alone.
const LONG: Word = 1 << 63;

/// 1 in each byte.
const EACH: u64 = u64::from_le_bytes([1; 8]);

/// A visitor's value as a word; long texts by the dictionary of those who read it.
#[inline(always)]
pub(crate) fn encode(value: Value<'_>, dictionary: Option<&Dictionary>) -> Word {
    match value {
        Value::Text(Cow::Borrowed(text)) => borrowed(text, dictionary),
        Value::Text(Cow::Owned(text)) => owned(text, dictionary),
        Value::Country(found) => country(found),
        Value::Continent(continent) => continent as Word,
        Value::Flag(flag) => Word::from(flag),
        Value::Number(found) => number(found),
        Value::Version(version) => version.word(),
        Value::Region(region) => region.word(),
        Value::Date(date) => day(date),
        Value::Address(address) => match address.to_canonical() {
            IpAddr::V4(address) => Word::from(address.to_bits()),
            IpAddr::V6(_) => V6,
        },
        // No test that compares words reads these.
        Value::Unknown | Value::Languages(_) => UNKNOWN,
    }
}

/// The word of a rule's text, which is folded.
pub(crate) fn named(text: Box<str>, dictionary: &mut Option<Box<Dictionary>>) -> Word {
    short(&text).unwrap_or_else(|| numbered(dictionary.get_or_insert_default().add(text)))
}

pub(crate) fn country(country: Country) -> Word {
    country.index() as Word
}

/// The bits of a number, in the order of numbers: negative ones turned round, and below the rest.
#[inline]
pub(crate) fn number(number: f64) -> Word {
    const SIGN: u64 = 1 << 63;
    // 0 and -0 are one number.
    let bits = (number + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// 120261121 for 2026-11-21: ten thousand years are added, since years may be negative.
pub(crate) fn day(date: Date) -> Word {
    let year = i64::from(date.year()) + 10_000;
    let day = year * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day());
    day.unsigned_abs()
}

/// An ASCII text of at most seven letters is a word of its own: them in lower case, and how many
/// in the highest byte.
#[inline]
fn short(text: &str) -> Option<Word> {
    let bytes = text.as_bytes();
    let len = bytes.len();
    let letters = match *bytes {
        [] => 0,
        // The first four and the last four, which may overlap.
        [a, b, c, d, ..] if len < 8 => {
            let tail = [bytes[len - 4], bytes[len - 3], bytes[len - 2], bytes[len - 1]];
            let (head, tail) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes(tail));
            u64::from(head) | u64::from(tail) << (8 * (len - 4))
        }
        [a, .., c] if len < 4 => {
            let middle = u64::from(bytes[len / 2]) << (8 * (len / 2));
            u64::from(a) | middle | u64::from(c) << (8 * (len - 1))
        }
        [a] => u64::from(a),
        _ => return None,
    };
    let is_ascii = letters & (EACH * 0x80) == 0;
    is_ascii.then(|| lower(letters) | (len as u64) << 56)
}

// Texts are read apart, so that the many values that are none need not make room for them.
#[inline(never)]
fn borrowed(text: &str, dictionary: Option<&Dictionary>) -> Word {
    short(text).unwrap_or_else(|| long(text, dictionary))
}

#[inline(never)]
fn owned(text: String, dictionary: Option<&Dictionary>) -> Word {
    let word = borrowed(&text, dictionary);
    drop(text);
    word
}

#[inline(never)]
fn long(text: &str, dictionary: Option<&Dictionary>) -> Word {
    if !text.is_ascii() {
        // Without case it may become short, as the Kelvin sign does.
        let folded = text::fold(text);
        let number = || dictionary?.number(&folded);
        return short(&folded).unwrap_or_else(|| number().map_or(LONG, numbered));
    }
    dictionary.and_then(|dictionary| dictionary.number(text)).map_or(LONG, numbered)
}

fn numbered(number: u32) -> Word {
    LONG | (Word::from(number) + 1)
}

/// Eight ASCII letters in lower case.
#[inline]
fn lower(letters: u64) -> u64 {
    // No byte is above 127, so no sum runs over into the next.
    let from_a = letters + EACH * (0x80 - b'A' as u64);
    let above_z = letters + EACH * (0x80 - b'Z' as u64 - 1);
    letters | (from_a & !above_z & (EACH * 0x80)) >> 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "[a-cA-C]{0,2}|[ -~]{0,9}|[éÉeK\u{212a}]{1,8}";

    proptest! {
        #[test]
        fn texts_have_one_word_only_if_they_are_equal_without_case(
            named in prop::collection::vec(TEXT, 1..20), text in TEXT, other in 0_usize..20,
        ) {
            let mut dictionary = None;
            let folded = |text: &str| text::fold(text).into_boxed_str();
            let words: Vec<Word> =
                named.iter().map(|text| super::named(folded(text), &mut dictionary)).collect();
            let same = named[other % named.len()].to_uppercase();
            for text in [text, same] {
                let word = encode(Value::Text(Cow::Borrowed(&text)), dictionary.as_deref());
                for (named, its) in named.iter().zip(&words) {
                    prop_assert_eq!(*its == word, folded(named) == folded(&text), "{}", named);
                }
                prop_assert!(word < UNKNOWN);
            }
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
        fn later_days_are_greater(
            a in -9_999_i16..=9_999, b in -9_999_i16..=9_999, month in 1_i8..=12,
        ) {
            let (a, b) = (Date::constant(a, month, 28), Date::constant(b, 13 - month, 1));
            prop_assert_eq!(day(a).cmp(&day(b)), a.cmp(&b));
        }
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(number(-0.0), number(0.0));
    }

    #[test]
    fn short_texts_are_told_apart_by_every_letter() {
        for len in 0..=8 {
            let text = "a".repeat(len);
            assert_eq!(short(&text).is_some(), len < 8);
            for i in 0..len.min(7) {
                let mut other = text.clone();
                other.replace_range(i..=i, "b");
                assert!(7 < len || short(&other) != short(&text), "{other}");
                other.replace_range(i..=i, "A");
                assert_eq!(short(&other), short(&text));
                other.replace_range(i..=i, "ä");
                assert_eq!(short(&other), None, "{other}");
            }
        }
    }
}
