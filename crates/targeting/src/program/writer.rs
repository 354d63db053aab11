//! Writing programs: trees of conditions, one after the other, as a row of steps.

use super::{Outline, Program, Reading, Step, What};
use crate::{
    FieldRef,
    check::{Check, Leaf},
    rules::Node,
    word_set::WordSet,
};

/// Writes a program's steps.
#[derive(Default)]
pub(super) struct Writer {
    steps: Vec<Step>,
    /// With the number of tests that read each.
    readings: Vec<(Reading, u32)>,
    outline: Vec<Outline>,
    /// The steps that leave each level's group, which is still being written.
    leaving: Vec<Vec<usize>>,
}

/// A group as it is asked, after the `not`s around it.
#[derive(Clone, Copy)]
struct Group {
    is_all: bool,
    level: u8,
}

impl Group {
    const ALL: Group = Group { is_all: true, level: 0 };
}

impl Writer {
    /// Writes a rule: a group of everything that it asks for.
    pub(super) fn rule(&mut self, rule: usize, node: Node) {
        self.part(node, Group::ALL, false);
        self.end(What::Hold { rule }, Group::ALL);
        self.settle(Group::ALL);
    }

    /// Writes a part of a group.
    fn part(&mut self, node: Node, group: Group, negated: bool) {
        match node {
            Node::Leaf(Leaf { field, operator, check }) => {
                self.outline.push(Outline::Test(operator));
                // `all` is settled by a part that is false, so by the test behind a `not` that is
                // true.
                let settled_by = (group.is_all == negated) != operator.negated;
                let (what, negated) = (self.test(field, check), operator.negated);
                let around = below(group.level);
                self.leave(Step { what, exit: 0, around, negated, settled_by }, group);
            }
            Node::Not(node) => {
                self.outline.push(Outline::Not);
                self.part(*node, group, !negated);
            }
            Node::All(nodes) => {
                self.outline.push(Outline::All(count(&nodes)));
                self.group(nodes, true, group, negated);
            }
            Node::Any(nodes) => {
                self.outline.push(Outline::Any(count(&nodes)));
                self.group(nodes, false, group, negated);
            }
        }
    }

    fn group(&mut self, nodes: Box<[Node]>, is_all: bool, around: Group, negated: bool) {
        let is_all = is_all != negated;
        let dissolves = is_all == around.is_all || nodes.len() == 1;
        let group = if dissolves { around } else { Group { is_all, level: around.level + 1 } };
        for node in nodes {
            self.part(node, group, negated);
        }
        if !dissolves {
            self.end(What::Close, group);
            self.leaving[usize::from(around.level)].push(self.steps.len() - 1);
            self.settle(group);
        }
    }

    /// Writes a step that may leave a group.
    fn leave(&mut self, step: Step, group: Group) {
        let level = usize::from(group.level);
        if self.leaving.len() <= level {
            self.leaving.resize_with(level + 1, Vec::new);
        }
        self.leaving[level].push(self.steps.len());
        self.steps.push(step);
    }

    /// Ends a group: whoever leaves it goes on with the next step.
    fn settle(&mut self, group: Group) {
        let next = index(self.steps.len());
        for step in self.leaving[usize::from(group.level)].drain(..) {
            self.steps[step].exit = next;
        }
    }

    /// Writes the end of a group.
    fn end(&mut self, what: What, group: Group) {
        let around = below(group.level);
        self.steps.push(Step { what, exit: 0, around, negated: false, settled_by: false });
    }

    /// What a test asks, and of which reading.
    fn test(&mut self, field: FieldRef, check: Check) -> What {
        let word_reading = self.find(&field, true);
        // All tests that read the same number their texts alike.
        let kept = word_reading.map(|i| &mut self.readings[i].0.dictionary);
        let mut own = None;
        let set = WordSet::new(check, kept.unwrap_or(&mut own));
        let is_word = set.is_ok();
        let found = if is_word { word_reading } else { self.find(&field, false) };
        let i = found.unwrap_or_else(|| {
            self.readings.push((Reading { field, is_word, dictionary: own }, 0));
            self.readings.len() - 1
        });
        self.readings[i].1 += 1;
        let reading = index(i);
        match set {
            Ok(WordSet::Range { first, span }) => What::Range { reading, first, span },
            Ok(set) => What::Set { reading, set: Box::new(set) },
            Err(check) => What::Value { reading, check: Box::new(check) },
        }
    }

    fn find(&self, field: &FieldRef, is_word: bool) -> Option<usize> {
        let same = |it: &Reading| it.field == *field && it.is_word == is_word;
        self.readings.iter().position(|(reading, _)| same(reading))
    }

    /// Puts first what is read more than once: of that, values that are no words, since room for
    /// them is dearest, then what is dear to read.
    pub(super) fn finish(mut self) -> Program {
        let mut order: Vec<usize> = (0..self.readings.len()).collect();
        order.sort_by_key(|i| {
            let (reading, tests) = &self.readings[*i];
            (*tests == 1, reading.is_word, !reading.is_dear())
        });
        let mut places = vec![0; order.len()];
        for (place, i) in order.iter().enumerate() {
            places[*i] = index(place);
        }
        for step in &mut self.steps {
            if let What::Range { reading, .. }
            | What::Set { reading, .. }
            | What::Value { reading, .. } = &mut step.what
            {
                *reading = places[*reading as usize];
            }
        }
        let is_shared_value = |(reading, tests): &(Reading, u32)| 1 < *tests && !reading.is_word;
        let shares_values = self.readings.iter().any(is_shared_value);
        let mut readings: Vec<_> = self.readings.into_iter().zip(places).collect();
        readings.sort_by_key(|(_, place)| *place);
        let finished = readings.into_iter().map(|((mut reading, _), _)| {
            if let Some(dictionary) = &mut reading.dictionary {
                dictionary.shrink();
            }
            reading
        });
        Program {
            steps: self.steps.into(),
            readings: finished.collect(),
            shares_values,
            outline: self.outline.into(),
        }
    }
}

fn index(len: usize) -> u32 {
    u32::try_from(len).expect("memory holds fewer conditions than this")
}

fn count(nodes: &[Node]) -> u16 {
    u16::try_from(nodes.len()).expect("a rule's tests were counted, and each part holds one")
}

fn below(level: u8) -> u16 {
    u16::try_from((1_u32 << level) - 1).expect("as many bits as a tree may have levels")
}
