//! Checked trees laid out flat, so that asking them is one loop without recursion.
//!
//! Each test becomes one [`Step`] that says where to go on if its outcome settles the group around
//! it, and else falls through to the next. `not` costs nothing: by De Morgan's laws, which Kleene's
//! logic keeps, it turns the groups below it round and ends up in what their tests' outcomes
//! settle. A group inside one of its own kind dissolves in it. None of this changes which tests are
//! looked at, or their order: `laws` compares every decision with a plain walk of the trees.

mod writer;

use self::writer::Writer;
use crate::{
    FieldRef, OperatorRow, Outcome, Source, Value, Visitor,
    check::Check,
    dictionary::Dictionary,
    rules::Node,
    trace::{Recent, Trace},
    when::MOST_LEVELS,
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
    /// Where to go on if the group is settled.
    exit: u32,
    /// A bit for each level of groups around the step's own.
    around: u16,
    /// Whether the value is to be none of the operator's.
    negated: bool,
    /// What settles the group: the value being one of the test's, or being none.
    settled_by: bool,
}

// So that a step is found by a shift, and every level has its bit.
const _: () = assert!(size_of::<Step>() == 32 && MOST_LEVELS <= 16);

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
            writer.rule(rule, node);
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
        if visitor.described.is_some() {
            self.read_words(visitor, &mut words);
        }
        let mut at = 0;
        // One bit for each level of groups around the step: whether a part was unknown.
        let mut unknown = 0_u32;
        while let Some(step) = self.steps.get(at) {
            at += 1;
            let holds = match &step.what {
                What::Range { reading, first, span } => {
                    let word = self.word(*reading, visitor, &mut words);
                    word.map(|word| in_range(*first, *span, word))
                }
                What::Set { reading, set } => {
                    let word = self.word(*reading, visitor, &mut words);
                    word.map(|word| in_set(set, word))
                }
                What::Value { reading, check } => self.ask(*reading, check, visitor, values),
                What::Close => {
                    let own = u32::from(step.around) + 1;
                    if unknown & own == 0 {
                        at = step.exit as usize;
                        unknown &= u32::from(step.around >> 1);
                    } else {
                        unknown = unknown & u32::from(step.around) | own >> 1;
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
            let Some(holds) = holds else {
                unknown |= u32::from(step.around) + 1;
                if TRACED {
                    recent = recent.with(Outcome::Unknown).spill(trace);
                }
                continue;
            };
            if holds == step.settled_by {
                at = step.exit as usize;
                unknown &= u32::from(step.around);
            }
            if TRACED {
                recent = recent.with(Outcome::from(holds != step.negated)).spill(trace);
            }
        }
        if TRACED {
            trace.extend(recent);
        }
        rule_that_holds
    }

    /// The word that a reading gives, kept for the next test that reads the same.
    #[inline]
    fn word(
        &self,
        reading: u32,
        visitor: &Visitor<'_>,
        words: &mut [Word; MOST_WORDS],
    ) -> Option<Word> {
        let reading = reading as usize;
        let Some(kept) = words.get_mut(reading) else {
            return known(self.readings[reading].word(visitor));
        };
        // Both words that are none are the greatest, so that one comparison finds what is known.
        if UNKNOWN <= *kept {
            if *kept == UNKNOWN {
                return None;
            }
            *kept = self.readings[reading].gathered_word(visitor);
            return known(*kept);
        }
        Some(*kept)
    }

    /// Reads every word, of a visitor of whom something was stated. Who was not described need
    /// never look for that.
    #[cold]
    #[inline(never)]
    fn read_words(&self, visitor: &Visitor<'_>, words: &mut [Word; MOST_WORDS]) {
        for (reading, word) in self.readings.iter().zip(words) {
            if reading.is_word {
                *word = reading.word(visitor);
            }
        }
    }

    #[inline(never)]
    fn ask<'v>(
        &self,
        reading: u32,
        check: &Check,
        visitor: &Visitor<'v>,
        values: &mut [Option<Value<'v>>],
    ) -> Option<bool> {
        let place = reading as usize;
        let field = &self.readings[place].field;
        match values.get_mut(place) {
            Some(kept) => check.holds(kept.get_or_insert_with(|| field.read(visitor))),
            None => check.holds(&field.read(visitor)),
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
    fn outcome(&self, holds: Option<bool>) -> Outcome {
        Outcome::from(holds.map(|holds| holds != self.negated))
    }
}

#[inline]
fn known(word: Word) -> Option<Word> {
    (word != UNKNOWN).then_some(word)
}

#[inline]
fn in_range(first: Word, span: Word, word: Word) -> bool {
    word.wrapping_sub(first) <= span
}

#[inline(never)]
fn in_set(set: &WordSet, word: Word) -> bool {
    set.holds(word)
}

impl Question<'_> {
    /// What the test says of the value that its reading gave.
    pub(crate) fn outcome(&self, value: Value<'_>) -> Outcome {
        let word = |value| known(self.reading.encode(value));
        let holds = match &self.step.what {
            What::Range { first, span, .. } => {
                word(value).map(|word| in_range(*first, *span, word))
            }
            What::Set { set, .. } => word(value).map(|word| in_set(set, word)),
            What::Value { check, .. } => check.holds(&value),
            What::Close | What::Hold { .. } => None,
        };
        self.step.outcome(holds)
    }
}

impl Reading {
    /// The word of a visitor of whom nothing was stated.
    #[inline(never)]
    fn gathered_word(&self, visitor: &Visitor<'_>) -> Word {
        word::encode(self.field.gathered(visitor), self.dictionary.as_deref())
    }

    #[cold]
    #[inline(never)]
    fn word(&self, visitor: &Visitor<'_>) -> Word {
        self.encode(self.field.read(visitor))
    }

    #[inline(never)]
    fn encode(&self, value: Value<'_>) -> Word {
        word::encode(value, self.dictionary.as_deref())
    }

    /// Whether it has to be found in the request or reckoned from the clock.
    fn is_dear(&self) -> bool {
        matches!(self.field.field().source, Source::Request | Source::Clock)
    }
}
