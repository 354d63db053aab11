//! Sets of words, which are most of what a test can ask.

use std::collections::HashSet;

use crate::{
    Version,
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
    /// Words whose leading bits are those of one in a set, for each number of bits.
    Beginnings(Box<[Beginnings]>),
    Countries(Box<Countries>),
}

/// Ranges of words that are told by the same leading bits.
#[derive(Debug)]
pub(crate) struct Beginnings {
    mask: Word,
    words: HashSet<Word, BuildMixed>,
}

/// So many words are compared one by one faster than one is looked up.
const FEW: usize = 4;

/// Looking up more beginnings than these is dearer than searching an ordered list.
const MOST_MASKS: usize = 4;

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
            Check::Versions(check) => WordSet::versions(&check).ok_or(Check::Versions(check))?,
            Check::Addresses(check) => {
                let word = |(first, last): &(u32, u32)| (Word::from(*first), Word::from(*last));
                let words = check.v4_alone().map(|all| all.iter().map(word).collect::<Vec<_>>());
                let set = words.and_then(|words| WordSet::beginnings(&words));
                set.ok_or(Check::Addresses(check))?
            }
            other @ (Check::Exists | Check::Text(..)) => return Err(other),
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
            WordSet::Beginnings(all) => all.iter().any(|it| it.words.contains(&(word & it.mask))),
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
                WordSet::beginnings(&words?)?
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

    /// Ranges that each hold all the words with some leading bits; none where they differ too much
    /// in how many.
    fn beginnings(ranges: &[(Word, Word)]) -> Option<WordSet> {
        if let [(first, last)] = ranges {
            return Some(WordSet::range(*first, *last));
        }
        let mut all: Vec<Beginnings> = Vec::new();
        for (first, last) in ranges {
            let mask = !(first ^ last);
            let i = all.iter().position(|it| it.mask == mask).unwrap_or_else(|| {
                all.push(Beginnings { mask, words: HashSet::default() });
                all.len() - 1
            });
            if MOST_MASKS < all.len() {
                return None;
            }
            all[i].words.insert(*first);
        }
        Some(WordSet::Beginnings(all.into()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn one_of_many_words_is_any_of_them(
            words in prop::collection::vec(0_u64..99, 1..9), word in 0_u64..99,
        ) {
            let expected = words.contains(&word);
            prop_assert_eq!(WordSet::one_of(words.into_iter()).holds(word), expected);
        }

        #[test]
        fn a_word_has_one_of_many_beginnings_if_it_lies_in_a_range(
            ranges in prop::collection::vec((0_u64..4_096, 0_u32..6), 0..20), word in 0_u64..4_096,
        ) {
            let range = |(word, bits): (u64, u32)| (word >> bits << bits, word | ((1 << bits) - 1));
            let ranges: Vec<_> = ranges.into_iter().map(range).collect();
            let expected = ranges.iter().any(|(first, last)| (*first..=*last).contains(&word));
            match WordSet::beginnings(&ranges) {
                Some(set) => prop_assert_eq!(set.holds(word), expected),
                None => prop_assert!(MOST_MASKS < ranges.len()),
            }
        }
    }
}
