//! Sets of words, which are most of what a test can ask.

use std::collections::HashSet;

use crate::{
    Version,
    beginnings::Beginnings,
    check::Check,
    country::Countries,
    dictionary::Dictionary,
    hash::BuildMixed,
    ordered::OrderCheck,
    text::{Shape, TextCheck},
    word::{self, UNKNOWN, Word},
};

/// The words of which a test is true. Asking costs the same for five words and for thousands.
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
    /// The last one fills the row up.
    Few([Word; FEW]),
    Hashed(HashSet<Word, BuildMixed>),
    Beginnings(Beginnings<Word>),
    Countries(Box<Countries>),
}

/// So many words are compared one by one faster than one is looked up.
const FEW: usize = 4;

impl WordSet {
    /// The same comparison of words; its long texts are added to the dictionary.
    ///
    /// # Errors
    ///
    /// The comparison itself where it needs more of a value than a word.
    pub(crate) fn new(
        check: Check,
        dictionary: &mut Option<Box<Dictionary>>,
    ) -> Result<WordSet, Check> {
        let mut word = |text| word::named(text, dictionary);
        Ok(match check {
            Check::Country(wanted) => WordSet::is(word::country(wanted)),
            Check::Countries(set) => WordSet::Countries(set),
            Check::Continents(set) => WordSet::one_of((0..8).filter(|i| set >> i & 1 == 1)),
            Check::Flags { yes, no } => {
                WordSet::one_of([(no, 0), (yes, 1)].iter().filter(|(is, _)| *is).map(|it| it.1))
            }
            Check::Regions(regions) => WordSet::one_of(regions.iter().map(|it| it.word())),
            Check::Text(TextCheck::Is(text), Shape::Whole) => WordSet::is(word(text)),
            Check::Text(TextCheck::OneOf(texts), Shape::Whole) => {
                WordSet::one_of(texts.into_iter().map(word))
            }
            Check::Numbers(check) => WordSet::order(&check, word::number),
            Check::Dates(check) => WordSet::order(&check, word::day),
            Check::Versions(check) => {
                WordSet::versions(&check).ok_or_else(|| great_versions(check))?
            }
            Check::Addresses(check) => {
                let words = check.into_words();
                words.map(WordSet::beginnings).map_err(|it| Check::Addresses(Box::new(it)))?
            }
            other @ (Check::Exists | Check::Text(..) | Check::VersionSpans(_)) => {
                return Err(other);
            }
        })
    }

    #[inline]
    pub(crate) fn holds(&self, word: Word) -> bool {
        match self {
            WordSet::None => false,
            WordSet::Range { first, span } => word.wrapping_sub(*first) <= *span,
            WordSet::Mask(set) => word < 64 && set >> word & 1 == 1,
            WordSet::Few(words) => words.iter().fold(false, |found, it| found | (*it == word)),
            WordSet::Hashed(words) => words.contains(&word),
            WordSet::Beginnings(set) => set.contains(word),
            WordSet::Countries(set) => set.holds(word),
        }
    }

    fn order<T: Copy>(check: &OrderCheck<T>, word: impl Fn(T) -> Word) -> WordSet {
        match check {
            OrderCheck::OneOf(values) => WordSet::one_of(values.iter().map(|value| word(*value))),
            OrderCheck::Above(bound) => WordSet::above(word(*bound)),
            OrderCheck::Below(bound) => WordSet::below(word(*bound)),
            OrderCheck::Between(low, high) => WordSet::range(word(*low), word(*high)),
        }
    }

    /// None where a version is too great for a word.
    fn versions(check: &OrderCheck<Version>) -> Option<WordSet> {
        Some(match check {
            OrderCheck::OneOf(versions) => {
                let words: Option<Vec<_>> = versions.iter().map(|it| it.words()).collect();
                WordSet::beginnings(Beginnings::new(words?))
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
            [first, .., last] if last - first == words.len() as u64 - 1 => {
                WordSet::range(first, last)
            }
            [word] => WordSet::is(word),
            [.., last] if last < 64 => {
                WordSet::Mask(words.iter().fold(0, |set, word| set | 1 << word))
            }
            [.., last] if words.len() <= FEW => {
                let mut row = [last; FEW];
                row[..words.len()].copy_from_slice(&words);
                WordSet::Few(row)
            }
            _ => WordSet::Hashed(words.into_iter().collect()),
        }
    }

    fn beginnings(set: Beginnings<Word>) -> WordSet {
        let range = set.as_range().map(|(first, last)| WordSet::range(first, last));
        range.unwrap_or(WordSet::Beginnings(set))
    }
}

/// The same comparison of versions that are too great for words; a list of them is no dearer for
/// being long.
fn great_versions(check: OrderCheck<Version>) -> Check {
    let OrderCheck::OneOf(versions) = check else { return Check::Versions(check) };
    let spans = versions.iter().map(|version| version.span());
    Check::VersionSpans(Box::new(Beginnings::new(spans.collect())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Value;

    proptest! {
        #[test]
        fn one_of_many_words_is_any_of_them(
            words in prop::collection::vec(0_u64..99, 1..9), word in 0_u64..99,
        ) {
            let expected = words.contains(&word);
            prop_assert_eq!(WordSet::one_of(words.into_iter()).holds(word), expected);
        }

        #[test]
        fn great_versions_are_listed_like_others(
            rules in prop::collection::vec(version(), 1..12), visitor in version(),
        ) {
            let expected = rules.iter().any(|rule| visitor.order(*rule).is_eq());
            let check = great_versions(OrderCheck::one_of(rules));
            prop_assert_eq!(check.holds(&Value::Version(visitor)), Some(expected));
        }
    }

    fn version() -> impl Strategy<Value = Version> {
        let number = prop_oneof![0..3_u32, 65_533..65_538_u32, Just(u32::MAX)];
        prop::collection::vec(number, 1..5).prop_map(|parts| {
            let parts: Vec<String> = parts.iter().map(u32::to_string).collect();
            Version::parse(&parts.join(".")).unwrap()
        })
    }
}
