//! The values of one field that a condition lets through, with "unknown" as one of them.

use super::{
    ranges::Ranges,
    texts::{Ask, Shelf, Texts},
};

/// A set of values; a test is true on one such set and false on another, apart from the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) unknown: bool,
    pub(super) known: Known,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Ranges(Ranges),
    Texts(Texts),
}

/// Everything that a field can hold.
#[derive(Clone, Debug)]
pub(super) struct Universe {
    /// Whether it may not be learnt.
    pub(super) unknown: bool,
    pub(super) known: Values,
}

#[derive(Clone, Debug)]
pub(super) enum Values {
    Ranges(Ranges),
    /// With the words that are the only ones, where they can be listed.
    Texts(Shelf, Option<Ask>),
}

impl Set {
    pub(super) fn of(known: Known) -> Set {
        Set { unknown: false, known }
    }

    pub(super) fn and(&self, other: &Set) -> Set {
        let known = match (&self.known, &other.known) {
            (Known::Ranges(mine), Known::Ranges(theirs)) => Known::Ranges(mine.and(theirs)),
            (Known::Texts(mine), Known::Texts(theirs)) => Known::Texts(mine.and(theirs)),
            // Both speak of one field, so they are of one sort; were they not, this is the set of
            // which nothing can be proven.
            (mine, _) => mine.clone(),
        };
        Set { unknown: self.unknown && other.unknown, known }
    }

    /// What is left of a field's values, as sets that may overlap.
    pub(super) fn outside(&self, universe: &Universe) -> Vec<Set> {
        let unknown = universe.unknown && !self.unknown;
        let mut sets = match (&self.known, &universe.known) {
            (Known::Ranges(ranges), Values::Ranges(all)) => {
                vec![Set::of(Known::Ranges(all.minus(ranges)))]
            }
            (Known::Texts(texts), _) => {
                let no = |ask: &Ask| Texts { yes: Vec::new(), no: vec![ask.clone()] };
                let yes = |ask: &Ask| Texts { yes: vec![ask.clone()], no: Vec::new() };
                let pieces = texts.yes.iter().map(no).chain(texts.no.iter().map(yes));
                pieces.map(|texts| Set::of(Known::Texts(texts))).collect()
            }
            (Known::Ranges(_), Values::Texts(..)) => vec![Set::of(universe.all())],
        };
        if sets.is_empty() {
            sets.push(Set::of(universe.nothing()));
        }
        sets[0].unknown = unknown;
        sets
    }

    /// Whether it is proven that no value is in the set.
    pub(super) fn is_empty(&self, universe: &Universe) -> bool {
        if self.unknown && universe.unknown {
            return false;
        }
        match (&self.known, &universe.known) {
            (Known::Ranges(ranges), _) => ranges.is_empty(),
            (Known::Texts(texts), Values::Texts(shelf, Some(all))) => {
                texts.and(&Texts { yes: vec![all.clone()], no: Vec::new() }).is_empty(*shelf)
            }
            (Known::Texts(texts), Values::Texts(shelf, None)) => texts.is_empty(*shelf),
            (Known::Texts(_), Values::Ranges(_)) => false,
        }
    }

    pub(super) fn ranges(&self) -> Option<&Ranges> {
        match &self.known {
            Known::Ranges(ranges) => Some(ranges),
            Known::Texts(_) => None,
        }
    }

    /// What one pass over it costs.
    pub(super) fn size(&self) -> usize {
        match &self.known {
            Known::Ranges(ranges) => ranges.size(),
            Known::Texts(texts) => texts.size(),
        }
    }
}

impl Universe {
    /// Every known value.
    pub(super) fn all(&self) -> Known {
        match &self.known {
            Values::Ranges(ranges) => Known::Ranges(ranges.clone()),
            Values::Texts(..) => Known::Texts(Texts::default()),
        }
    }

    pub(super) fn nothing(&self) -> Known {
        match &self.known {
            Values::Ranges(_) => Known::Ranges(Ranges::none()),
            Values::Texts(..) => Known::Texts(Texts::none()),
        }
    }
}
