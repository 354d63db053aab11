//! Text as rules compare it: without case, after Unicode NFC.

use std::borrow::Cow;

use regex::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;

use crate::dictionary::Dictionary;

/// What a rule asks of a text; its own texts are folded.
#[derive(Debug)]
pub(crate) enum TextCheck {
    Is(Box<str>),
    OneOf(Box<Dictionary>),
    Contains(Box<str>),
    StartsWith(Box<str>),
    EndsWith(Box<str>),
    Matches(Box<Regex>),
}

/// Which parts of a visitor's text may stand for the whole where a rule names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Whole,
    /// A host: `google.com` names `news.google.com` too.
    Domain,
    /// A language tag: `en` names `en-US` too.
    Tag,
}

/// The compiled size of one regular expression, and the room for its state, in bytes. A single
/// `\w` of Unicode takes some 30,000.
const REGEX_SIZE: usize = 256 * 1024;

/// The length of one regular expression as written, in bytes.
const REGEX_LENGTH: usize = 1_000;

impl TextCheck {
    /// Whether the text is one of these, which are not folded yet.
    pub(crate) fn one_of<'t>(texts: impl IntoIterator<Item = Cow<'t, str>>) -> TextCheck {
        let mut words: Vec<Box<str>> =
            texts.into_iter().map(|text| fold(&text).into_boxed_str()).collect();
        match words.pop() {
            Some(word) if words.iter().all(|other| *other == word) => TextCheck::Is(word),
            last => TextCheck::OneOf(Box::new(words.into_iter().chain(last).collect())),
        }
    }

    /// # Errors
    ///
    /// What is wrong with the expression.
    pub(crate) fn matches(expression: &str) -> Result<TextCheck, String> {
        if REGEX_LENGTH < expression.len() {
            return Err(format!("is longer than the {REGEX_LENGTH} bytes of a regular expression"));
        }
        let expression: String = expression.nfc().collect();
        let mut builder = RegexBuilder::new(&expression);
        let builder = builder.case_insensitive(true);
        match builder.size_limit(REGEX_SIZE).dfa_size_limit(REGEX_SIZE).build() {
            Ok(regex) => Ok(TextCheck::Matches(Box::new(regex))),
            Err(regex::Error::CompiledTooBig(_)) => {
                Err(format!("{expression:?} grows over {REGEX_SIZE} bytes when compiled"))
            }
            Err(error) => {
                // The crate draws a picture first; the last line says it in words.
                let text = error.to_string();
                let reason = text.lines().last().unwrap_or_default();
                Err(format!("{expression:?} is no regular expression: {}", reason.trim()))
            }
        }
    }

    pub(crate) fn holds(&self, text: &str, shape: Shape) -> bool {
        match self {
            TextCheck::Is(word) => stands_for(text, shape, |part| equal(part, word)),
            TextCheck::OneOf(words) => stands_for(text, shape, |part| words.contains(part)),
            TextCheck::Contains(piece) => contains(text, piece),
            TextCheck::StartsWith(piece) => starts_with(text, piece),
            TextCheck::EndsWith(piece) => ends_with(text, piece),
            TextCheck::Matches(regex) if text.is_ascii() => regex.is_match(text),
            TextCheck::Matches(regex) => regex.is_match(&text.nfc().collect::<String>()),
        }
    }
}

/// Text without case, composed.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Letter by letter, since `str::to_lowercase` writes a last sigma differently and a piece of a
    // text must fold like the whole.
    let letters = text.nfc().flat_map(char::to_lowercase);
    letters.map(|letter| if letter == 'ς' { 'σ' } else { letter }).nfc().collect()
}

/// Whether a text, or a part of it that may stand for it, is what a rule names.
fn stands_for(text: &str, shape: Shape, is_named: impl Fn(&str) -> bool) -> bool {
    if is_named(text) {
        return true;
    }
    match shape {
        Shape::Whole => false,
        Shape::Domain => text.match_indices('.').any(|(dot, _)| is_named(&text[dot + 1..])),
        Shape::Tag => text.match_indices('-').any(|(hyphen, _)| is_named(&text[..hyphen])),
    }
}

fn equal(text: &str, folded: &str) -> bool {
    equal_ascii(text, folded) || !text.is_ascii() && fold(text) == folded
}

/// Whether a text is this one but for the case of ASCII letters.
#[inline]
pub(crate) fn equal_ascii(text: &str, folded: &str) -> bool {
    // Letter by letter, since most texts differ at once and the rest are short.
    let same = |(a, b): (u8, u8)| a.to_ascii_lowercase() == b;
    text.len() == folded.len() && text.bytes().zip(folded.bytes()).all(same)
}

fn contains(text: &str, folded: &str) -> bool {
    if !text.is_ascii() {
        return fold(text).contains(folded);
    }
    let (text, folded) = (text.as_bytes(), folded.as_bytes());
    folded.is_empty() || text.windows(folded.len()).any(|part| part.eq_ignore_ascii_case(folded))
}

fn starts_with(text: &str, folded: &str) -> bool {
    if !text.is_ascii() {
        return fold(text).starts_with(folded);
    }
    let head = text.as_bytes().get(..folded.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(folded.as_bytes()))
}

fn ends_with(text: &str, folded: &str) -> bool {
    if !text.is_ascii() {
        return fold(text).ends_with(folded);
    }
    let tail = text.len().checked_sub(folded.len()).map(|start| &text.as_bytes()[start..]);
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(folded.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one_of(words: &[&str]) -> TextCheck {
        TextCheck::one_of(words.iter().map(|word| Cow::Borrowed(*word)))
    }

    #[test]
    fn case_and_composition_do_not_matter() {
        for (text, word) in [
            ("Berlin", "bERLIN"),
            ("SÃO PAULO", "são paulo"),
            ("Sa\u{303}o Paulo", "São Paulo"),
            ("ΟΔΟΣ", "οδος"),
            ("\u{212a}elvin", "kelvin"),
            ("", ""),
        ] {
            assert!(one_of(&[word]).holds(text, Shape::Whole), "{text} {word}");
            assert!(one_of(&[text]).holds(word, Shape::Whole), "{word} {text}");
            assert!(one_of(&["x", word]).holds(text, Shape::Whole), "{text} {word}");
        }
        assert!(!one_of(&["Berlin"]).holds("Berlin ", Shape::Whole));
        assert!(!one_of(&["a", "b"]).holds(&"a".repeat(500), Shape::Whole));
    }

    #[test]
    fn a_domain_names_its_subdomains_and_a_language_its_variants() {
        for check in [one_of(&["google.com"]), one_of(&["google.com", "bing.com"])] {
            assert!(check.holds("news.google.com", Shape::Domain));
            assert!(check.holds("Google.com", Shape::Domain));
            assert!(!check.holds("notgoogle.com", Shape::Domain));
            assert!(!check.holds("google.com.evil.example", Shape::Domain));
            assert!(!check.holds("news.google.com", Shape::Whole));
        }
        assert!(one_of(&["en"]).holds("en-US", Shape::Tag));
        assert!(one_of(&["zh-hant", "fr"]).holds("zh-Hant-TW", Shape::Tag));
        assert!(!one_of(&["en-GB"]).holds("en", Shape::Tag));
        assert!(!one_of(&["en"]).holds("eng", Shape::Tag));
    }

    #[test]
    fn expressions_are_bounded_and_their_mistakes_are_named() {
        let check = TextCheck::matches(r"^utm-\d+$").unwrap();
        assert!(check.holds("UTM-12", Shape::Whole) && !check.holds("utm-x", Shape::Whole));
        assert!(TextCheck::matches("café").unwrap().holds("Cafe\u{301}", Shape::Whole));
        let why = |expression: &str| TextCheck::matches(expression).unwrap_err();
        assert_eq!(why("a("), r#""a(" is no regular expression: error: unclosed group"#);
        assert!(why("a{1000}{1000}").ends_with("grows over 262144 bytes when compiled"));
        assert!(why(&"a".repeat(1_001)).starts_with("is longer than"));
    }

    #[test]
    fn everyday_expressions_fit() {
        for expression in
            [r"^[\w.+-]+@[\w-]+\.\w{2,}$", r"\b(spring|summer)\s+sale\b", r"\p{Greek}"]
        {
            assert!(TextCheck::matches(expression).is_ok(), "{expression}");
        }
    }

    proptest! {
        #[test]
        fn the_ascii_path_says_what_folding_says(text in "[ -~]{0,12}", piece in "[ -~]{1,3}") {
            let (folded, piece) = (fold(&text), fold(&piece));
            prop_assert_eq!(contains(&text, &piece), folded.contains(&piece));
            prop_assert_eq!(starts_with(&text, &piece), folded.starts_with(&piece));
            prop_assert_eq!(ends_with(&text, &piece), folded.ends_with(&piece));
            prop_assert_eq!(equal(&text, &piece), folded == piece);
            let words = Dictionary::from_iter([folded.clone().into_boxed_str(), "x".into()]);
            prop_assert!(words.contains(&text));
            prop_assert_eq!(words.contains(&piece), piece == folded || piece == "x");
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,12}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
