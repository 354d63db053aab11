//! A rule's conditions, read, each with its place.

use std::{collections::BTreeMap, rc::Rc};

use crate::When;

use super::{
    condition::Condition,
    term::{MOST_TERMS, Term, World},
    variable::Variables,
};

#[derive(Debug)]
pub(super) struct Tree {
    /// Where it stands in the rule's conditions, such as `all[1].not`; empty for the whole.
    pub(super) at: String,
    pub(super) part: Part,
}

#[derive(Debug)]
pub(super) enum Part {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Not(Box<Tree>),
    Test(Rc<Condition>),
}

impl Tree {
    /// None where a test cannot be read.
    pub(super) fn read(
        when: &When,
        timezone: Option<&str>,
        variables: &mut Variables,
    ) -> Option<Tree> {
        read(when, timezone, variables, String::new())
    }

    /// Whether both ask the same, part by part and whatever the spelling.
    pub(super) fn same(&self, other: &Tree) -> bool {
        match (&self.part, &other.part) {
            (Part::All(mine), Part::All(theirs)) | (Part::Any(mine), Part::Any(theirs)) => {
                let held_by = |others: &[Tree], tree: &Tree| others.iter().any(|it| it.same(tree));
                mine.len() == theirs.len()
                    && mine.iter().all(|tree| held_by(theirs, tree))
                    && theirs.iter().all(|tree| held_by(mine, tree))
            }
            (Part::Not(mine), Part::Not(theirs)) => mine.same(theirs),
            (Part::Test(mine), Part::Test(theirs)) => mine.same(theirs),
            _ => false,
        }
    }

    pub(super) fn parts(&self) -> &[Tree] {
        match &self.part {
            Part::All(parts) | Part::Any(parts) => parts,
            Part::Not(part) => std::slice::from_ref(part),
            Part::Test(_) => &[],
        }
    }

    /// Every test with its place.
    pub(super) fn tests(&self) -> Vec<(&str, &Condition)> {
        match &self.part {
            Part::Test(condition) => vec![(&self.at, condition)],
            _ => self.parts().iter().flat_map(Tree::tests).collect(),
        }
    }

    /// Every test's place with what it says where the whole is true: under `not`, the opposite.
    pub(super) fn sentences(&self) -> BTreeMap<&str, &str> {
        let mut sentences = BTreeMap::new();
        self.say(true, &mut sentences);
        sentences
    }

    fn say<'t>(&'t self, yes: bool, sentences: &mut BTreeMap<&'t str, &'t str>) {
        match &self.part {
            Part::Test(condition) => {
                let sentence = if yes { &condition.sentence } else { &condition.denial };
                sentences.insert(&self.at, sentence);
            }
            Part::Not(part) => part.say(!yes, sentences),
            Part::All(parts) | Part::Any(parts) => {
                parts.iter().for_each(|part| part.say(yes, sentences));
            }
        }
    }

    /// Those of whom it is true, as terms of which any may hold; terms that are proven to hold for
    /// nobody are left out. None where there would be too many.
    pub(super) fn terms(&self, world: &World<'_>) -> Option<Vec<Term>> {
        self.expand(true, &mut |term| !world.is_empty(term))
    }

    /// [`terms`](Self::terms) with those that hold for nobody.
    pub(super) fn all_terms(&self) -> Option<Vec<Term>> {
        self.expand(true, &mut |_| true)
    }

    /// Those of whom it is true, or known to be false. What is unknown is neither, and `not` only
    /// turns the other two round.
    fn expand(&self, yes: bool, keep: &mut dyn FnMut(&Term) -> bool) -> Option<Vec<Term>> {
        match &self.part {
            Part::Not(part) => part.expand(!yes, keep),
            Part::Test(condition) => {
                let set = if yes { &condition.yes } else { &condition.no };
                let term = Term::of(&self.at, condition.variable, set);
                Some(if keep(&term) { vec![term] } else { Vec::new() })
            }
            Part::All(parts) if yes => product(parts, yes, keep),
            Part::Any(parts) if !yes => product(parts, yes, keep),
            Part::All(parts) | Part::Any(parts) => {
                let mut terms = Vec::new();
                for part in parts {
                    terms.extend(part.expand(yes, keep)?);
                    if MOST_TERMS < terms.len() {
                        return None;
                    }
                }
                Some(terms)
            }
        }
    }
}

/// The terms of several parts that hold together.
fn product(parts: &[Tree], yes: bool, keep: &mut dyn FnMut(&Term) -> bool) -> Option<Vec<Term>> {
    let mut terms = vec![Term::default()];
    for part in parts {
        let more = part.expand(yes, keep)?;
        if MOST_TERMS < terms.len().saturating_mul(more.len()) {
            return None;
        }
        let mut both = Vec::with_capacity(terms.len() * more.len());
        for term in &terms {
            both.extend(more.iter().map(|other| term.and(other)).filter(|term| keep(term)));
        }
        terms = both;
    }
    Some(terms)
}

fn read(
    when: &When,
    timezone: Option<&str>,
    variables: &mut Variables,
    at: String,
) -> Option<Tree> {
    let dot = if at.is_empty() { "" } else { "." };
    let mut group = |name: &str, parts: &[When]| -> Option<Vec<Tree>> {
        let place = |i| format!("{at}{dot}{name}[{i}]");
        let parts = parts.iter().enumerate();
        parts.map(|(i, part)| read(part, timezone, variables, place(i))).collect()
    };
    let part = match when {
        When::All { all } => Part::All(group("all", all)?),
        When::Any { any } => Part::Any(group("any", any)?),
        When::Not { not } => {
            Part::Not(Box::new(read(not, timezone, variables, format!("{at}{dot}not"))?))
        }
        When::Test(test) => Part::Test(Rc::new(Condition::read(test, timezone, variables)?)),
    };
    Some(Tree { at, part })
}
