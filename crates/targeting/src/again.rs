//! Deciding again, for a past visitor of whom not everything is known any more.
//!
//! A test whose outcome nobody can tell may be true, false or unknown; what that leaves open of a
//! decision is exactly what [`Again::decide`] answers.

use std::{borrow::Cow, collections::HashMap};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value as Json};

use crate::{
    Described, Field, FieldRef, OperatorRow, Outcome, Problem, Rules, Test, Trace, Visitor, When,
    check, program::Outline, zone,
};

/// Rules that are asked again.
///
/// Their tests are known by what they ask: two of the same field, comparison and values, of which one
/// may be the other's negation, are one [`Inquiry`]. All outcomes here are those of inquiries.
#[derive(Debug)]
pub struct Again {
    rules: Rules,
    inquiries: Vec<Inquiry>,
    /// For each test, in order, its inquiry, and whether it is true where that is false.
    tests: Vec<(usize, bool)>,
}

/// What one or several tests ask.
#[derive(Debug)]
pub struct Inquiry {
    field: FieldRef,
    /// A test that asks it.
    test: usize,
    /// Field, zone, comparison and values, so that inquiries of different rules can be compared.
    meaning: String,
}

/// What a decision may come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Possible {
    /// Each rule that may be the first that holds, in order; none where it may be that none holds.
    /// It is one alone where the decision can be told.
    pub rules: Vec<Option<usize>>,
    /// The inquiries on whose outcomes it hangs.
    pub missing: Vec<usize>,
}

impl Again {
    /// Checks rules as [`Rules::compile`] does.
    ///
    /// # Errors
    ///
    /// Everything that is wrong.
    pub fn compile<'w>(
        rules: impl IntoIterator<Item = (&'w When, Option<&'w str>)> + Clone,
    ) -> Result<Again, Vec<Problem>> {
        let mut again = Again {
            rules: Rules::compile(rules.clone())?,
            inquiries: Vec::new(),
            tests: Vec::new(),
        };
        let mut known = HashMap::new();
        for (when, timezone) in rules {
            again.read(when, timezone, &mut known);
        }
        Ok(again)
    }

    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Everything that is asked, each once.
    pub fn inquiries(&self) -> &[Inquiry] {
        &self.inquiries
    }

    /// What the trace of a decision by these rules tells of each inquiry.
    pub fn recall(&self, trace: &Trace) -> Vec<Option<Outcome>> {
        let mut told = vec![None; self.inquiries.len()];
        for (outcome, &(inquiry, negated)) in self.rules.recall_tests(trace).iter().zip(&self.tests)
        {
            told[inquiry] = told[inquiry].or(outcome.map(|outcome| turned(outcome, negated)));
        }
        told
    }

    /// What an inquiry says of a visitor at a moment of whom this fact alone is known, in a spelling
    /// that a rule may use; one that nobody can read is not known.
    pub fn outcome(&self, inquiry: usize, fact: Option<(&str, &str)>, now: Timestamp) -> Outcome {
        let stated: Map<String, Json> =
            fact.into_iter().map(|(field, text)| (field.to_owned(), text.into())).collect();
        let described = Described::parse(&Json::Object(stated)).unwrap_or_default();
        let zone = TimeZone::UTC;
        let visitor = Visitor { described: Some(&described), ..Visitor::nobody(now, &zone) };
        let Inquiry { field, test, .. } = &self.inquiries[inquiry];
        let asked = self.rules.program.questions().nth(*test);
        let outcome = asked.map_or(Outcome::Unknown, |it| it.outcome(field.read(&visitor)));
        turned(outcome, self.tests[*test].1)
    }

    /// What a decision comes to, as far as the outcomes of inquiries can be told.
    pub fn decide(&self, tell: &dyn Fn(usize) -> Option<Outcome>) -> Possible {
        let mut walk = Walk {
            outline: self.rules.program.outline().iter(),
            tests: self.tests.iter(),
            tell,
            missing: Vec::new(),
        };
        let mut rules = Vec::new();
        for rule in 0..self.rules.len() {
            let before = walk.missing.len();
            let Some(chance) = walk.part(true) else { break };
            if chance.may_be(Outcome::True) {
                rules.push(Some(rule));
            } else {
                // Whatever they are, the rule does not hold.
                walk.missing.truncate(before);
            }
            if chance == Chance::of(Outcome::True) {
                return Possible { rules, missing: unique(walk.missing) };
            }
        }
        rules.push(None);
        Possible { rules, missing: unique(walk.missing) }
    }

    /// What each condition may be, as far as the outcomes of inquiries can be told: those of one rule
    /// after the other, a group before its parts.
    pub fn conditions(&self, tell: &dyn Fn(usize) -> Option<Outcome>) -> Vec<Chance> {
        let mut walk = Walk {
            outline: self.rules.program.outline().iter(),
            tests: self.tests.iter(),
            tell,
            missing: Vec::new(),
        };
        let mut found = Vec::new();
        while walk.each(&mut found).is_some() {}
        found
    }

    fn read(&mut self, when: &When, timezone: Option<&str>, known: &mut HashMap<String, usize>) {
        let When::Test(test) = when else {
            when.parts().iter().for_each(|part| self.read(part, timezone, known));
            return;
        };
        // Both were found when the rules were checked.
        let (Some(field), Some(row)) =
            (Field::parse(&test.field), OperatorRow::named(&test.operator))
        else {
            return;
        };
        let own = test.timezone.as_deref().or(timezone).and_then(zone::named);
        let field = field.in_zone(own);
        let meaning = meaning(&field, row, test);
        let next = self.inquiries.len();
        let inquiry = *known.entry(meaning.clone()).or_insert(next);
        if inquiry == next {
            self.inquiries.push(Inquiry { field, test: self.tests.len(), meaning });
        }
        self.tests.push((inquiry, row.negated));
    }
}

impl Inquiry {
    /// The field that is asked for.
    pub fn field(&self) -> &FieldRef {
        &self.field
    }
}

impl PartialEq for Inquiry {
    fn eq(&self, other: &Inquiry) -> bool {
        self.meaning == other.meaning
    }
}

fn meaning(field: &FieldRef, row: &OperatorRow, test: &Test) -> String {
    let mut values = check::values(row, test.value.as_ref()).unwrap_or_default();
    if row.comparison == crate::Comparison::OneOf {
        values.sort_unstable();
        values.dedup();
    }
    let values: Vec<Cow<'_, str>> = values;
    let zone = field.zone().and_then(TimeZone::iana_name);
    format!("{:?} {zone:?} {:?} {values:?}", field.name(), row.comparison)
}

fn turned(outcome: Outcome, negated: bool) -> Outcome {
    if negated { !outcome } else { outcome }
}

fn unique(mut inquiries: Vec<usize>) -> Vec<usize> {
    inquiries.sort_unstable();
    inquiries.dedup();
    inquiries
}

/// The outcomes that a condition may have: one bit each, in the order of Kleene's logic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance(u8);

impl Chance {
    const ANY: Chance = Chance(0b111);

    fn of(outcome: Outcome) -> Chance {
        Chance(match outcome {
            Outcome::False => 0b001,
            Outcome::Unknown => 0b010,
            Outcome::True => 0b100,
        })
    }

    /// The outcome, where there is but one that it may have.
    pub fn outcome(self) -> Option<Outcome> {
        let all = [Outcome::True, Outcome::False, Outcome::Unknown];
        all.into_iter().find(|outcome| self == Chance::of(*outcome))
    }

    pub fn may_be(self, outcome: Outcome) -> bool {
        self.0 & Chance::of(outcome).0 != 0
    }

    fn is_certain(self) -> bool {
        self.0.is_power_of_two()
    }

    fn turned(self) -> Chance {
        Chance(self.0 & 0b010 | self.0 >> 2 | (self.0 & 1) << 2)
    }

    /// What both together may be: the lesser of any outcome of the one and any of the other.
    fn and(self, other: Chance) -> Chance {
        let both = [0_u8, 1, 2].into_iter().filter(|bit| {
            let at_least = |chance: Chance| chance.0 >> bit != 0;
            let is = |chance: Chance| chance.0 >> bit & 1 == 1;
            is(self) && at_least(other) || is(other) && at_least(self)
        });
        Chance(both.fold(0, |set, bit| set | 1 << bit))
    }
}

/// Walks the rules as they were authored.
struct Walk<'a> {
    outline: std::slice::Iter<'a, Outline>,
    tests: std::slice::Iter<'a, (usize, bool)>,
    tell: &'a dyn Fn(usize) -> Option<Outcome>,
    missing: Vec<usize>,
}

impl Walk<'_> {
    /// What the next condition may be; one that is not looked at is passed over. None after the last.
    fn part(&mut self, looked_at: bool) -> Option<Chance> {
        Some(match *self.outline.next()? {
            Outline::Test(_) => return self.test(looked_at),
            Outline::All(count) => self.group(count, looked_at, |chance| chance),
            // By De Morgan.
            Outline::Any(count) => self.group(count, looked_at, Chance::turned).turned(),
            Outline::Not => self.part(looked_at)?.turned(),
        })
    }

    /// What the next condition may be, written down with all of its parts.
    fn each(&mut self, found: &mut Vec<Chance>) -> Option<Chance> {
        let outline = *self.outline.next()?;
        let place = found.len();
        found.push(Chance::ANY);
        let certain = Chance::of(Outcome::True);
        let chance = match outline {
            Outline::Test(_) => self.test(true)?,
            Outline::All(count) => {
                (0..count).filter_map(|_| self.each(found)).fold(certain, Chance::and)
            }
            Outline::Any(count) => {
                let parts = (0..count).filter_map(|_| self.each(found)).map(Chance::turned);
                parts.fold(certain, Chance::and).turned()
            }
            Outline::Not => self.each(found)?.turned(),
        };
        found[place] = chance;
        Some(chance)
    }

    /// What the next test may be.
    fn test(&mut self, looked_at: bool) -> Option<Chance> {
        let &(inquiry, negated) = self.tests.next()?;
        if !looked_at {
            return Some(Chance::ANY);
        }
        Some(match (self.tell)(inquiry) {
            Some(outcome) => Chance::of(turned(outcome, negated)),
            None => {
                self.missing.push(inquiry);
                Chance::ANY
            }
        })
    }

    /// What all parts together may be, each turned as is said.
    fn group(&mut self, count: u16, looked_at: bool, turn: fn(Chance) -> Chance) -> Chance {
        let (before, mut all) = (self.missing.len(), Chance::of(Outcome::True));
        for _ in 0..count {
            let is_open = looked_at && all != Chance::of(Outcome::False);
            let Some(part) = self.part(is_open) else { break };
            if is_open {
                all = all.and(turn(part));
            }
        }
        if all.is_certain() {
            self.missing.truncate(before);
        }
        all
    }
}

#[cfg(test)]
mod tests;
