//! Checked trees laid out flat, so that asking them is one loop without recursion.
//!
//! Each test becomes one [`Step`] that says where to go on if its outcome settles the group around
//! it, and else falls through to the next. `not` costs nothing: by De Morgan's laws, which Kleene's
//! logic keeps, it turns the groups below it round and ends up in what their tests' outcomes
//! settle. A group inside one of its own kind dissolves in it. None of this changes which tests are
//! looked at, or their order: `laws` compares every decision with a plain walk of the trees.

use jiff::tz::TimeZone;

use crate::{
    FieldRef, OperatorRow, Outcome, Source, Value, Visitor,
    check::{Check, Leaf},
    dictionary::Dictionary,
    rules::Node,
    trace::{Recent, Trace},
    word::{self, UNKNOWN, UNREAD, Word},
    word_set::WordSet,
};

/// Rules, compiled.
#[derive(Debug, Default)]
pub(crate) struct Program {
    steps: Box<[Step]>,
    /// What the tests read of a visitor, each once. What most needs to be kept comes first.
    readings: Box<[Reading]>,
    /// Whether more than one test asks for the same value that is no word.
    shares_values: bool,
    outline: Box<[Outline]>,
}

/// The shape of an authored tree: a group stands before its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outline {
    /// Of so many parts.
    All(u16),
    Any(u16),
    Not,
    Test(&'static OperatorRow),
}

/// A test and where it leads, or the end of a group. The tests stand in the order in which they
/// were authored.
#[derive(Debug)]
pub(crate) struct Step {
    what: What,
    /// Where to go on if the outcome settles the group.
    exit: u32,
    /// The group's depth among the others around it.
    level: u8,
    settles: Outcome,
    negated: bool,
}

// So that a step is found by a shift.
const _: () = assert!(size_of::<Step>() == 32);

/// Tests name what they read by its index.
#[derive(Debug)]
enum What {
    /// A test of a word that lies in a row with others: from `first` to so many above it.
    Range { reading: u32, first: Word, span: Word },
    /// Another test of a word.
    Set { reading: u32, set: Box<WordSet> },
    /// A test that needs the whole value.
    Value { reading: u32, check: Box<Check> },
    /// Ends a group inside another that no part has settled. If none was unknown either, that
    /// settles the group around it.
    Close,
    /// Ends a rule that no part has settled: it holds, unless one was unknown.
    Hold { rule: usize },
}

/// What one or many tests read of a visitor.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) field: FieldRef,
    zone: Option<Box<TimeZone>>,
    /// Whether tests need no more than a word.
    is_word: bool,
    /// Makes long texts words; none where no test names one.
    dictionary: Option<Box<Dictionary>>,
}

/// A test with what it reads.
#[derive(Clone, Copy)]
pub(crate) struct Question<'p> {
    step: &'p Step,
    pub(crate) reading: &'p Reading,
}

/// The most words that one decision keeps.
const MOST_WORDS: usize = 16;
/// The most other values that one decision keeps.
const MOST_VALUES: usize = 8;

impl Program {
    pub(crate) fn new(rules: Vec<Node>) -> Program {
        let mut writer = Writer::default();
        for (rule, node) in rules.into_iter().enumerate() {
            // A rule is a group of everything that it asks for.
            writer.part(node, Group::ALL, false);
            writer.end(What::Hold { rule }, Group::ALL);
            writer.settle(Group::ALL);
        }
        writer.finish()
    }

    /// The tests, as authored, one after the other.
    pub(crate) fn questions(&self) -> impl Iterator<Item = Question<'_>> {
        self.steps.iter().filter_map(|step| {
            let reading = &self.readings[step.reading()? as usize];
            Some(Question { step, reading })
        })
    }

    pub(crate) fn outline(&self) -> &[Outline] {
        &self.outline
    }

    /// The first rule that holds; a trace takes the outcome of each test that is looked at.
    #[inline]
    pub(crate) fn decide(&self, visitor: &Visitor<'_>, trace: Option<&mut Trace>) -> Option<usize> {
        if self.shares_values {
            return self.decide_with(visitor, trace, &mut [const { None }; MOST_VALUES]);
        }
        self.decide_with(visitor, trace, &mut [])
    }

    #[inline]
    fn decide_with<'v>(
        &self,
        visitor: &Visitor<'v>,
        trace: Option<&mut Trace>,
        values: &mut [Option<Value<'v>>],
    ) -> Option<usize> {
        match trace {
            Some(trace) => self.run::<true>(visitor, values, trace),
            None => self.run::<false>(visitor, values, &mut Trace::default()),
        }
    }

    fn run<'v, const TRACED: bool>(
        &self,
        visitor: &Visitor<'v>,
        values: &mut [Option<Value<'v>>],
        trace: &mut Trace,
    ) -> Option<usize> {
        let mut recent = Recent::default();
        let mut rule_that_holds = None;
        let mut words = [UNREAD; MOST_WORDS];
        let mut at = 0;
        // One bit for each level of groups around the step: whether a part was unknown.
        let mut unknown = 0_u32;
        while let Some(step) = self.steps.get(at) {
            at += 1;
            let outcome = match &step.what {
                What::Range { reading, first, span } => {
                    let word = self.word(*reading, visitor, &mut words);
                    step.of_range(*first, *span, word)
                }
                What::Set { reading, set } => {
                    step.of_set(set, self.word(*reading, visitor, &mut words))
                }
                What::Value { reading, check } => self.ask(step, *reading, check, visitor, values),
                What::Close => {
                    let around = step.level - 1;
                    if unknown >> step.level & 1 == 0 {
                        at = step.exit as usize;
                        unknown &= below(around);
                    } else {
                        unknown = unknown & below(step.level) | 1 << around;
                    }
                    continue;
                }
                What::Hold { rule } => {
                    if unknown == 0 {
                        rule_that_holds = Some(*rule);
                        break;
                    }
                    unknown = 0;
                    continue;
                }
            };
            if TRACED {
                recent = recent.with(outcome);
                if recent.is_full() {
                    trace.extend(recent);
                    recent = Recent::default();
                }
            }
            if outcome == step.settles {
                at = step.exit as usize;
                if unknown != 0 {
                    unknown &= below(step.level);
                }
            } else if outcome == Outcome::Unknown {
                unknown |= 1 << step.level;
            }
        }
        if TRACED {
            trace.extend(recent);
        }
        rule_that_holds
    }

    /// The word that a reading gives, kept for the next test that reads the same.
    #[inline]
    fn word(&self, reading: u32, visitor: &Visitor<'_>, words: &mut [Word; MOST_WORDS]) -> Word {
        let reading = reading as usize;
        let Some(kept) = words.get_mut(reading) else {
            return self.readings[reading].read_word(visitor);
        };
        if *kept == UNREAD {
            *kept = self.readings[reading].read_word(visitor);
        }
        *kept
    }

    #[inline(never)]
    fn ask<'v>(
        &self,
        test: &Step,
        reading: u32,
        check: &Check,
        visitor: &Visitor<'v>,
        values: &mut [Option<Value<'v>>],
    ) -> Outcome {
        let place = reading as usize;
        let reading = &self.readings[place];
        match values.get_mut(place) {
            Some(kept) => test.of_value(check, kept.get_or_insert_with(|| reading.read(visitor))),
            None => test.of_value(check, &reading.read(visitor)),
        }
    }
}

impl Step {
    /// The index of what a test reads.
    fn reading(&self) -> Option<u32> {
        match &self.what {
            What::Range { reading, .. }
            | What::Set { reading, .. }
            | What::Value { reading, .. } => Some(*reading),
            What::Close | What::Hold { .. } => None,
        }
    }

    #[inline]
    fn of_range(&self, first: Word, span: Word, word: Word) -> Outcome {
        if word == UNKNOWN {
            return Outcome::Unknown;
        }
        Outcome::from((word.wrapping_sub(first) <= span) != self.negated)
    }

    #[inline(never)]
    fn of_set(&self, set: &WordSet, word: Word) -> Outcome {
        if word == UNKNOWN {
            return Outcome::Unknown;
        }
        Outcome::from(set.holds(word) != self.negated)
    }

    #[inline]
    fn of_value(&self, check: &Check, value: &Value<'_>) -> Outcome {
        let outcome = check.outcome(value);
        if self.negated { !outcome } else { outcome }
    }
}

impl Question<'_> {
    /// What the test says of the value that its reading gave.
    pub(crate) fn outcome(&self, value: Value<'_>) -> Outcome {
        let word = |value| self.reading.word(value);
        match &self.step.what {
            What::Range { first, span, .. } => self.step.of_range(*first, *span, word(value)),
            What::Set { set, .. } => self.step.of_set(set, word(value)),
            What::Value { check, .. } => self.step.of_value(check, &value),
            What::Close | What::Hold { .. } => Outcome::Unknown,
        }
    }
}

impl Reading {
    /// The visitor's value.
    #[inline]
    pub(crate) fn read<'v>(&self, visitor: &Visitor<'v>) -> Value<'v> {
        self.field.read(visitor, self.zone.as_deref())
    }

    #[inline(never)]
    fn read_word(&self, visitor: &Visitor<'_>) -> Word {
        if visitor.described.is_some() {
            return self.read_stated_word(visitor);
        }
        word::encode(self.field.gathered(visitor, self.zone.as_deref()), self.dictionary.as_deref())
    }

    /// Apart, so that what most visitors need is short.
    #[cold]
    #[inline(never)]
    fn read_stated_word(&self, visitor: &Visitor<'_>) -> Word {
        self.word(self.read(visitor))
    }

    #[inline(never)]
    fn word(&self, value: Value<'_>) -> Word {
        word::encode(value, self.dictionary.as_deref())
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
            Node::Leaf(Leaf { field, operator, zone, check }) => {
                self.outline.push(Outline::Test(operator));
                // `all` is settled by a part that is false, so by the test behind a `not` that is
                // true.
                let settles = Outcome::from(group.is_all == negated);
                let what = self.test(&field, zone.as_ref(), check);
                let (level, negated) = (group.level, operator.negated);
                self.leave(Step { what, exit: 0, level, settles, negated }, group);
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
        let (level, settles) = (group.level, Outcome::Unknown);
        self.steps.push(Step { what, exit: 0, level, settles, negated: false });
    }

    /// What a test asks, and of which reading.
    fn test(&mut self, field: &FieldRef, zone: Option<&TimeZone>, check: Check) -> What {
        let word_reading = self.find(field, zone, true);
        // All tests that read the same number their texts alike.
        let kept = word_reading.map(|i| &mut self.readings[i].0.dictionary);
        let mut own = None;
        let set = WordSet::new(check, kept.unwrap_or(&mut own));
        let is_word = set.is_ok();
        let found = if is_word { word_reading } else { self.find(field, zone, false) };
        let i = found.unwrap_or_else(|| {
            let zone = zone.cloned().map(Box::new);
            let reading = Reading { field: field.clone(), zone, is_word, dictionary: own };
            self.readings.push((reading, 0));
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

    fn find(&self, field: &FieldRef, zone: Option<&TimeZone>, is_word: bool) -> Option<usize> {
        self.readings.iter().position(|(reading, _)| {
            std::ptr::eq(reading.field.field(), field.field())
                && reading.field.parameter() == field.parameter()
                && reading.zone.as_deref() == zone
                && reading.is_word == is_word
        })
    }

    /// Puts first what is read more than once: of that, values that are no words, since room for
    /// them is dearest, then what is dear to read.
    fn finish(mut self) -> Program {
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
