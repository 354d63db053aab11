//! What is asked of a text, and which askings rule each other out.

use std::{collections::BTreeSet, rc::Rc};

use crate::text::Shape;

/// One thing that a text may be asked; words and pieces are folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Is it one of these, or named by one of these as far as its shape allows?
    OneOf(Rc<BTreeSet<Box<str>>>),
    Contains(Box<str>),
    StartsWith(Box<str>),
    EndsWith(Box<str>),
    /// The expression as written. Nothing is known of it but that it agrees with itself.
    Matches(Box<str>),
    NotEmpty,
}

/// The texts of which some askings are true and others false.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Texts {
    pub(super) yes: Vec<Ask>,
    pub(super) no: Vec<Ask>,
}

/// What texts a field can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shelf {
    pub(super) shape: Shape,
    /// Whether a visitor has any number of them, and each asking is whether one of them fits.
    pub(super) many: bool,
}

impl Ask {
    pub(super) fn word(word: &str) -> Ask {
        Ask::OneOf(Rc::new(BTreeSet::from([word.into()])))
    }

    pub(super) fn size(&self) -> usize {
        match self {
            Ask::OneOf(words) => words.len(),
            _ => 1,
        }
    }

    /// What the answer is for every text that a word names; none where they differ or it is not
    /// known.
    fn of_word(&self, word: &str, shape: Shape) -> Option<bool> {
        let yes_or_open = |yes: bool| yes.then_some(true);
        match (self, shape) {
            (Ask::OneOf(words), Shape::Whole) => Some(words.contains(word)),
            (Ask::OneOf(words), _) => {
                if names_of(word, shape).any(|name| words.contains(name)) {
                    return Some(true);
                }
                let narrower = words.iter().any(|other| names_of(other, shape).any(|n| n == word));
                (!narrower).then_some(false)
            }
            (Ask::Contains(piece), Shape::Whole) => Some(word.contains(&**piece)),
            (Ask::StartsWith(piece), Shape::Whole) => Some(word.starts_with(&**piece)),
            (Ask::EndsWith(piece), Shape::Whole) => Some(word.ends_with(&**piece)),
            (Ask::NotEmpty, Shape::Whole) => Some(!word.is_empty()),
            (Ask::Contains(piece), _) => yes_or_open(word.contains(&**piece)),
            (Ask::StartsWith(piece), Shape::Tag) if !piece.starts_with(word) => {
                Some(word.starts_with(&**piece))
            }
            (Ask::EndsWith(piece), Shape::Domain) if !piece.ends_with(word) => {
                Some(word.ends_with(&**piece))
            }
            (Ask::StartsWith(piece), Shape::Tag) => yes_or_open(word.starts_with(&**piece)),
            (Ask::EndsWith(piece), Shape::Domain) => yes_or_open(word.ends_with(&**piece)),
            (Ask::NotEmpty, _) => yes_or_open(!word.is_empty()),
            (Ask::StartsWith(_) | Ask::EndsWith(_) | Ask::Matches(_), _) => None,
        }
    }

    /// Whether every text of which this is true is one of which the other is true.
    fn implies(&self, other: &Ask, shape: Shape) -> bool {
        match (self, other) {
            _ if self == other => true,
            (Ask::OneOf(words), _) => {
                words.iter().all(|word| other.of_word(word, shape) == Some(true))
            }
            (Ask::Contains(_) | Ask::StartsWith(_) | Ask::EndsWith(_), Ask::NotEmpty) => true,
            (
                Ask::Contains(mine) | Ask::StartsWith(mine) | Ask::EndsWith(mine),
                Ask::Contains(theirs),
            ) => mine.contains(&**theirs),
            (Ask::StartsWith(mine), Ask::StartsWith(theirs)) => mine.starts_with(&**theirs),
            (Ask::EndsWith(mine), Ask::EndsWith(theirs)) => mine.ends_with(&**theirs),
            _ => false,
        }
    }

    /// Whether no one text can have both.
    fn excludes(&self, other: &Ask) -> bool {
        match (self, other) {
            (Ask::StartsWith(a), Ask::StartsWith(b)) => {
                !a.starts_with(&**b) && !b.starts_with(&**a)
            }
            (Ask::EndsWith(a), Ask::EndsWith(b)) => !a.ends_with(&**b) && !b.ends_with(&**a),
            _ => false,
        }
    }
}

impl Texts {
    /// No text at all.
    pub(super) fn none() -> Texts {
        Texts { yes: vec![Ask::OneOf(Rc::default())], no: Vec::new() }
    }

    pub(super) fn size(&self) -> usize {
        self.yes.iter().chain(&self.no).map(Ask::size).sum::<usize>().saturating_mul(self.asks())
    }

    fn asks(&self) -> usize {
        self.yes.len() + self.no.len()
    }

    pub(super) fn and(&self, other: &Texts) -> Texts {
        let mut both = self.clone();
        for (mine, theirs) in [(&mut both.yes, &other.yes), (&mut both.no, &other.no)] {
            for ask in theirs {
                if !mine.contains(ask) {
                    mine.push(ask.clone());
                }
            }
        }
        both
    }

    /// Whether it is proven that no text is in the set.
    pub(super) fn is_empty(&self, shelf: Shelf) -> bool {
        let shape = shelf.shape;
        self.yes.iter().enumerate().any(|(i, ask)| {
            if self.no.iter().any(|no| ask.implies(no, shape)) {
                return true;
            }
            // Of several texts another one may fit what this one does not.
            let others = self.yes[i + 1..].iter().filter(|_| !shelf.many);
            if others.clone().any(|other| ask.excludes(other)) {
                return true;
            }
            let Ask::OneOf(words) = ask else { return false };
            words.iter().all(|word| {
                let is_not = |other: &Ask| other.of_word(word, shape) == Some(false);
                self.no.iter().any(|no| no.of_word(word, shape) == Some(true))
                    || !shelf.many && self.yes.iter().any(is_not)
            })
        })
    }
}

/// The words that name a text: itself, and what its shape lets stand for it.
fn names_of(text: &str, shape: Shape) -> impl Iterator<Item = &str> {
    let parts = text.char_indices().filter_map(move |(i, letter)| match (shape, letter) {
        (Shape::Domain, '.') => Some(&text[i + 1..]),
        (Shape::Tag, '-') => Some(&text[..i]),
        _ => None,
    });
    std::iter::once(text).chain(parts)
}
