//! Conditions that hold together, and proofs that nobody meets them.

use std::{cell::Cell, collections::BTreeMap, rc::Rc};

use super::{lore, set::Set, variable::Variables};

/// How many terms a rule, or what is left of one, may have before the analysis gives up on it.
pub(super) const MOST_TERMS: usize = 512;

/// How many values one analysis may look at; a few hundred milliseconds.
const WORK: usize = 20_000_000;

/// A set for each variable that is spoken of; a visitor meets it who is in all of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Term {
    pub(super) sets: BTreeMap<usize, Rc<Set>>,
    /// The tests that it is made of: their place, variable and set.
    pub(super) made_of: Vec<Piece>,
}

#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) at: Rc<str>,
    pub(super) variable: usize,
    pub(super) set: Rc<Set>,
}

/// What proofs rest on.
#[derive(Debug)]
pub(super) struct World<'v> {
    pub(super) variables: &'v Variables,
    /// Whether to believe what is usually so and not always.
    pub(super) usual: bool,
    /// Whether to know how fields hang together.
    pub(super) lore: bool,
    work: Cell<usize>,
}

impl Term {
    pub(super) fn of(at: &str, variable: usize, set: &Set) -> Term {
        let set = Rc::new(set.clone());
        let piece = Piece { at: at.into(), variable, set: Rc::clone(&set) };
        Term { sets: BTreeMap::from([(variable, set)]), made_of: vec![piece] }
    }

    pub(super) fn and(&self, other: &Term) -> Term {
        let mut both = self.clone();
        for (variable, set) in &other.sets {
            both.narrow(*variable, set);
        }
        both.made_of.extend(other.made_of.iter().cloned());
        both
    }

    pub(super) fn narrow(&mut self, variable: usize, set: &Rc<Set>) {
        let both = match self.sets.get(&variable) {
            Some(own) => Rc::new(own.and(set)),
            None => Rc::clone(set),
        };
        self.sets.insert(variable, both);
    }

    fn narrowed(&self, variable: usize, set: &Rc<Set>) -> Term {
        let mut term = self.clone();
        term.narrow(variable, set);
        term
    }

    /// The terms of some of its pieces.
    fn only(pieces: &[Piece]) -> Term {
        let mut term = Term { sets: BTreeMap::new(), made_of: pieces.to_vec() };
        for piece in pieces {
            term.narrow(piece.variable, &piece.set);
        }
        term
    }

    pub(super) fn get(&self, variable: Option<usize>) -> Option<&Set> {
        self.sets.get(&variable?).map(|set| &**set)
    }
}

impl<'v> World<'v> {
    /// What is always so.
    pub(super) fn new(variables: &'v Variables) -> World<'v> {
        World { variables, usual: false, lore: true, work: Cell::new(WORK) }
    }

    /// What is usually so too.
    pub(super) fn usual(variables: &'v Variables) -> World<'v> {
        World { usual: variables.named("continent").is_some(), ..World::new(variables) }
    }

    /// Each field for itself.
    pub(super) fn apart(variables: &'v Variables) -> World<'v> {
        World { lore: false, ..World::new(variables) }
    }

    /// Whether anything may be proven that is not always so.
    pub(super) fn proves_more(&self) -> bool {
        self.usual
    }

    /// Whether it is proven that nobody meets a term. Where there was too much to look at, nothing
    /// is proven any more.
    pub(super) fn is_empty(&self, term: &Term) -> bool {
        if !self.afford(term.sets.values()) {
            return false;
        }
        let mut sets = term.sets.iter();
        sets.any(|(variable, set)| self.variables.is_empty(*variable, set))
            || self.lore && lore::rules_out(term, self.variables, self.usual)
    }

    /// Whether it is proven of one variable alone that nobody meets both terms. Most rules are told
    /// apart by one.
    fn are_apart(&self, term: &Term, other: &Term) -> bool {
        other.sets.iter().any(|(variable, set)| {
            let own = term.sets.get(variable).filter(|own| self.afford([*own, set]));
            own.is_some_and(|own| self.variables.is_empty(*variable, &own.and(set)))
        })
    }

    /// Whether so many values may still be looked at, which then they are.
    fn afford<'s>(&self, sets: impl IntoIterator<Item = &'s Rc<Set>>) -> bool {
        let cost = sets.into_iter().map(|set| 1 + set.size()).sum();
        let rest = self.work.get().checked_sub(cost);
        self.work.set(rest.unwrap_or(self.work.get()));
        rest.is_some()
    }

    /// What is left of terms without those who meet one of others; none where it falls into too
    /// many pieces.
    pub(super) fn minus(&self, terms: &[Term], others: &[Term]) -> Option<Vec<Term>> {
        let mut left = terms.to_vec();
        for other in others {
            let mut next = Vec::with_capacity(left.len());
            for term in left {
                self.take_away(term, other, &mut next);
                if MOST_TERMS < next.len() {
                    return None;
                }
            }
            left = next;
        }
        Some(left)
    }

    /// Puts the pieces of a term that lie outside another one.
    fn take_away(&self, mut term: Term, other: &Term, left: &mut Vec<Term>) {
        if self.are_apart(&term, other) {
            left.push(term);
            return;
        }
        let mut both = term.clone();
        for (variable, set) in &other.sets {
            both.narrow(*variable, set);
        }
        if self.is_empty(&both) {
            left.push(term);
            return;
        }
        for (variable, set) in &other.sets {
            for outside in set.outside(self.variables.universe(*variable)) {
                let piece = term.narrowed(*variable, &Rc::new(outside));
                if !self.is_empty(&piece) {
                    left.push(piece);
                }
            }
            term.narrow(*variable, set);
        }
    }

    /// A smallest part of a term's tests that still hold for nobody, together with a term that they
    /// are held against.
    pub(super) fn core(&self, term: &Term, against: &Term) -> Vec<Piece> {
        let mut kept = term.made_of.clone();
        let mut i = kept.len();
        while 0 < i {
            i -= 1;
            let mut fewer = kept.clone();
            fewer.remove(i);
            if self.is_empty(&Term::only(&fewer).and(against)) {
                kept = fewer;
            }
        }
        kept
    }
}
