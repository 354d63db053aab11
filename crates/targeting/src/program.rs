//! Checked trees laid out flat, so that asking them is one loop without recursion.
//!
//! Each test becomes one [`Step`] that says where to go on if its outcome settles the group around
//! it, and else falls through to the next. `not` costs nothing: by De Morgan's laws, which Kleene's
//! logic keeps, it turns the groups below it round and ends up in what their tests' outcomes
//! settle. A group inside one of its own kind dissolves in it. None of this changes which tests are
//! looked at, or their order: `laws` compares every decision with a plain walk of the trees.

use jiff::tz::TimeZone;

use crate::{
    FieldRef, Outcome, Source, Value, Visitor,
    check::{Check, Leaf},
    operator::OperatorRow,
    rules::Node,
};

/// Rules, compiled.
#[derive(Debug, Default)]
pub(crate) struct Program {
    steps: Box<[Step]>,
    /// As authored, one after the other.
    tests: Box<[Question]>,
    /// What the tests read of a visitor, each once.
    readings: Box<[Reading]>,
    /// How many readings keep their value while one decision is made.
    registers: u8,
    outline: Box<[Outline]>,
}

/// The shape of an authored tree: a group stands before its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outline {
    /// Of so many parts.
    All(u16),
    Any(u16),
    Not,
    Test,
}

/// A test, and which reading it is about.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) operator: &'static OperatorRow,
    check: Check,
    reading: u32,
}

/// What one or many tests read of a visitor.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) field: FieldRef,
    zone: Option<TimeZone>,
    /// Where the value is kept for the next test that reads the same.
    register: Option<u8>,
}

#[derive(Debug)]
enum Step {
    /// Asks a test.
    Ask {
        test: u32,
        /// Where to go on if the outcome settles the group.
        exit: u32,
        level: u8,
        settles: Outcome,
    },
    /// Ends a group inside another that no part has settled. If none was unknown either, that
    /// settles the group around it.
    Close { exit: u32, level: u8 },
    /// Ends a rule that no part has settled: it holds, unless one was unknown.
    Hold { rule: u32 },
}

/// The most values that one decision keeps.
const MOST_REGISTERS: usize = 12;

/// The kept values of one decision.
type Registers<'v> = [Option<Value<'v>>];

impl Program {
    pub(crate) fn new(rules: Vec<Node>) -> Program {
        let mut writer = Writer::default();
        for (rule, node) in (0..).zip(rules) {
            // A rule is a group of everything that it asks for.
            writer.part(node, Group::ALL, false);
            writer.steps.push(Step::Hold { rule });
            writer.settle(Group::ALL);
        }
        let registers = writer.assign_registers();
        Program {
            steps: writer.steps.into(),
            tests: writer.tests.into(),
            readings: writer.readings.into_iter().map(|(reading, _)| reading).collect(),
            registers,
            outline: writer.outline.into(),
        }
    }

    pub(crate) fn tests(&self) -> &[Question] {
        &self.tests
    }

    /// What a test reads.
    pub(crate) fn reading(&self, test: &Question) -> &Reading {
        &self.readings[test.reading as usize]
    }

    pub(crate) fn outline(&self) -> &[Outline] {
        &self.outline
    }

    /// The first rule that holds; `see` is told the outcome of each test that is looked at.
    #[inline]
    pub(crate) fn decide(&self, visitor: &Visitor<'_>, see: impl FnMut(Outcome)) -> Option<usize> {
        if self.registers == 0 {
            return self.run(visitor, &mut [], see);
        }
        self.run(visitor, &mut [const { None }; MOST_REGISTERS], see)
    }

    fn run<'v>(
        &self,
        visitor: &Visitor<'v>,
        registers: &mut Registers<'v>,
        mut see: impl FnMut(Outcome),
    ) -> Option<usize> {
        let mut at = 0;
        // One bit for each level of groups around the step: whether a part was unknown.
        let mut unknown = 0_u32;
        while let Some(step) = self.steps.get(at) {
            at += 1;
            match *step {
                Step::Ask { test, exit, level, settles } => {
                    let outcome = self.ask(&self.tests[test as usize], visitor, registers);
                    see(outcome);
                    if outcome == settles {
                        at = exit as usize;
                        unknown &= below(level);
                    } else if outcome == Outcome::Unknown {
                        unknown |= 1 << level;
                    }
                }
                Step::Close { exit, level } => {
                    let around = level - 1;
                    if unknown >> level & 1 == 1 {
                        unknown = unknown & below(level) | 1 << around;
                    } else {
                        at = exit as usize;
                        unknown &= below(around);
                    }
                }
                Step::Hold { rule } => {
                    if unknown == 0 {
                        return Some(rule as usize);
                    }
                    unknown = 0;
                }
            }
        }
        None
    }

    #[inline]
    fn ask<'v>(
        &self,
        test: &Question,
        visitor: &Visitor<'v>,
        registers: &mut Registers<'v>,
    ) -> Outcome {
        let reading = self.reading(test);
        let register = reading.register.and_then(|i| registers.get_mut(usize::from(i)));
        match register {
            Some(kept) => test.outcome(kept.get_or_insert_with(|| reading.read(visitor))),
            None => test.outcome(&reading.read(visitor)),
        }
    }
}

impl Question {
    /// What the test says of a value.
    #[inline]
    pub(crate) fn outcome(&self, value: &Value<'_>) -> Outcome {
        let outcome = self.check.outcome(value);
        if self.operator.negated { !outcome } else { outcome }
    }
}

impl Reading {
    /// The visitor's value.
    #[inline]
    pub(crate) fn read<'v>(&self, visitor: &Visitor<'v>) -> Value<'v> {
        self.field.read(visitor, self.zone.as_ref())
    }

    /// Whether it has to be found in the request or reckoned from the clock.
    fn is_dear(&self) -> bool {
        matches!(self.field.field().source, Source::Request | Source::Clock)
    }
}

fn below(level: u8) -> u32 {
    (1 << level) - 1
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

/// Writes a program's steps.
#[derive(Default)]
struct Writer {
    steps: Vec<Step>,
    tests: Vec<Question>,
    /// With the number of tests that read each.
    readings: Vec<(Reading, u32)>,
    outline: Vec<Outline>,
    /// The steps that leave each level's group, which is still being written.
    leaving: Vec<Vec<usize>>,
}

impl Writer {
    /// Writes a part of a group.
    fn part(&mut self, node: Node, group: Group, negated: bool) {
        match node {
            Node::Leaf(leaf) => {
                self.outline.push(Outline::Test);
                // `all` is settled by a part that is false, so by the test behind a `not` that is
                // true.
                let settles = Outcome::from(group.is_all == negated);
                let test = index(self.tests.len());
                let Leaf { field, operator, zone, check } = leaf;
                let reading = self.reading(field, zone);
                self.tests.push(Question { operator, check, reading });
                self.leave(Step::Ask { test, exit: 0, level: group.level, settles }, group);
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
            self.leave(Step::Close { exit: 0, level: group.level }, around);
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
            if let Step::Ask { exit, .. } | Step::Close { exit, .. } = &mut self.steps[step] {
                *exit = next;
            }
        }
    }

    fn reading(&mut self, field: FieldRef, zone: Option<TimeZone>) -> u32 {
        let same = |(reading, _): &(Reading, u32)| {
            std::ptr::eq(reading.field.field(), field.field())
                && reading.field.parameter() == field.parameter()
                && reading.zone == zone
        };
        let i = self.readings.iter().position(same).unwrap_or_else(|| {
            self.readings.push((Reading { field, zone, register: None }, 0));
            self.readings.len() - 1
        });
        self.readings[i].1 += 1;
        index(i)
    }

    /// Gives a register to what is read more than once; to what is dear first.
    fn assign_registers(&mut self) -> u8 {
        let mut shared: Vec<&mut (Reading, u32)> =
            self.readings.iter_mut().filter(|(_, tests)| 1 < *tests).collect();
        shared.sort_by_key(|(reading, tests)| (!reading.is_dear(), u32::MAX - tests));
        let mut given = 0;
        for ((reading, _), register) in shared.into_iter().take(MOST_REGISTERS).zip(0..) {
            reading.register = Some(register);
            given = register + 1;
        }
        given
    }
}

fn index(len: usize) -> u32 {
    u32::try_from(len).expect("memory holds fewer conditions than this")
}

fn count(nodes: &[Node]) -> u16 {
    u16::try_from(nodes.len()).expect("a rule's tests were counted, and each part holds one")
}
