//! The texts that rules name, each with a number.

use std::collections::HashMap;

use crate::{
    hash::{self, BuildMixed},
    text,
};

/// Folded texts, numbered from 0, by a hash that is taken over a visitor's text without folding it
/// first: a look-up costs the same for any number of texts and needs no memory.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    texts: Vec<Box<str>>,
    /// The number of each text by its hash, or by the next one after it that was free.
    numbers: HashMap<u64, u32, BuildMixed>,
}

impl Dictionary {
    /// The number of a folded text, which is a new one unless it was added before.
    pub(crate) fn add(&mut self, text: Box<str>) -> u32 {
        let mut hash = hash::text(&text);
        while let Some(number) = self.numbers.get(&hash) {
            if self.texts[*number as usize] == text {
                return *number;
            }
            hash = hash.wrapping_add(1);
        }
        let number = u32::try_from(self.texts.len()).expect("memory holds fewer texts than this");
        self.numbers.insert(hash, number);
        self.texts.push(text);
        number
    }

    /// The number of a visitor's text; none where no rule names it.
    pub(crate) fn number(&self, text: &str) -> Option<u32> {
        if text.is_ascii() { self.look_up(text) } else { self.look_up(&text::fold(text)) }
    }

    pub(crate) fn contains(&self, text: &str) -> bool {
        self.number(text).is_some()
    }

    /// Gives back what is left of its memory.
    pub(crate) fn shrink(&mut self) {
        self.texts.shrink_to_fit();
        self.numbers.shrink_to_fit();
    }

    /// The number of a text that is ASCII or folded.
    fn look_up(&self, text: &str) -> Option<u32> {
        let mut hash = hash::text(text);
        loop {
            let number = *self.numbers.get(&hash)?;
            if text::equal_ascii(text, &self.texts[number as usize]) {
                return Some(number);
            }
            hash = hash.wrapping_add(1);
        }
    }
}

impl FromIterator<Box<str>> for Dictionary {
    fn from_iter<I: IntoIterator<Item = Box<str>>>(texts: I) -> Dictionary {
        let mut dictionary = Dictionary::default();
        for text in texts {
            dictionary.add(text);
        }
        dictionary.shrink();
        dictionary
    }
}

impl IntoIterator for Dictionary {
    type Item = Box<str>;
    type IntoIter = std::vec::IntoIter<Box<str>>;

    fn into_iter(self) -> Self::IntoIter {
        self.texts.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_has_the_number_of_the_one_that_it_is(
            texts in prop::collection::vec("[a-cA-C]{0,2}|[éÉeK\u{212a}]{1,2}", 0..30),
            wanted in "[a-cA-C]{0,2}|[éÉeK\u{212a}]{1,2}",
        ) {
            let mut dictionary = Dictionary::default();
            let add = |text: &String| dictionary.add(text::fold(text).into_boxed_str());
            let numbers: Vec<u32> = texts.iter().map(add).collect();
            let same = |text: &String| text::fold(text) == text::fold(&wanted);
            let expected = texts.iter().position(same).map(|i| numbers[i]);
            prop_assert_eq!(dictionary.number(&wanted), expected);
        }
    }

    #[test]
    fn hashes_that_meet_keep_their_texts_apart() {
        let mut dictionary = Dictionary::default();
        assert_eq!(dictionary.add("a".into()), 0);
        // As if `b` had the hash of `a`.
        dictionary.texts.push("b".into());
        dictionary.numbers.insert(hash::text("a").wrapping_add(1), 1);
        dictionary.numbers.insert(hash::text("b"), 0);
        dictionary.numbers.insert(hash::text("b").wrapping_add(1), 1);
        assert_eq!((dictionary.number("A"), dictionary.number("B")), (Some(0), Some(1)));
        assert_eq!(dictionary.number("c"), None);
    }
}
