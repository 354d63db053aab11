//! Replays: other rules of a link run over its past clicks, to tell how many would go elsewhere.
//!
//! A click keeps its decision's trace and most facts, as columns. An inquiry of the new rules has the
//! outcome that the trace tells, where the rules of then asked the same; else what the kept fact says,
//! worked out once for each value of a column; else it cannot be told. Clicks of which all of that is
//! alike are decided once.
//!
//! **Invariant:** what is told is what the redirect would do; where it would depend on a fact that was
//! not kept, the click is one that cannot be told, and the fact is named.

mod asked;
mod kept;
#[cfg(test)]
mod laws;
mod passing;
mod plan;
mod replayed;

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use jiff::Timestamp;
use model::{Outcome as Went, Plan};
use targeting::{Again, Outcome, Source};

use self::plan::Planned;
use crate::{Columns, Dimension, Group, Key, Query, Row, Unanswerable, Value, run};

pub use self::{
    asked::{Asked, Met, Outcomes},
    plan::{Goes, Way},
    replayed::{Bucket, Counts, Replayed, Sample},
};
pub(crate) use self::{passing::Passing, replayed::Found};

/// New rules, and all that a link's clicks were decided by.
pub struct Replay {
    new: Planned,
    /// By the number of the revision.
    past: HashMap<i64, Past>,
    /// Whether the link redirects nobody whom no rule matches.
    stays: bool,
    /// What each inquiry of the new rules says of a visitor of whom nothing is known.
    unknown: Vec<Outcome>,
    samples: usize,
    /// Where only what is known of the inquiries is wanted, and not where clicks would go: how many
    /// conditions each rule has, and whether it is on.
    asks: Option<Vec<(usize, bool)>>,
    /// Of so many clicks one is looked at.
    every: usize,
}

/// A revision that clicks were decided by.
struct Past {
    plan: Planned,
    /// For each inquiry of the new rules the same one of this plan's.
    same: Vec<Option<usize>>,
}

/// How far a replay has come, and whether anybody still waits for it.
#[derive(Debug, Default)]
pub struct Watch {
    done: AtomicU64,
    all: AtomicU64,
    stopped: AtomicBool,
}

/// What became of a click.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// No rule was asked: the link was closed, expired, or showed a page first.
    Closed,
    /// Where it went and would go.
    Told { from: Way, to: Way },
    /// What is known of each inquiry, where that alone is wanted.
    Asked(Box<[Option<Outcome>]>),
    /// Where it went; where it would go hangs on facts that were not kept.
    Untold { from: Option<Way>, missing: BTreeSet<Cow<'static, str>> },
}

/// What is missing where the lot that a visitor drew is.
const LOT: &str = "split";
/// What is missing where the rules of then are.
const REVISION: &str = "revision";

impl Replay {
    /// `past` has the plans of the [revisions](Replay::revisions) that clicks were decided by. Of each
    /// kind of change as many of the newest clicks are kept as samples.
    ///
    /// # Panics
    ///
    /// Where the new rules were not checked.
    pub fn new<'p>(
        new: &Plan,
        past: impl IntoIterator<Item = (i64, &'p Plan)>,
        stays: bool,
        samples: usize,
    ) -> Replay {
        let new = Planned::new(new);
        let again = new.again.as_ref().expect("rules are checked before they are replayed");
        let of = |plan: &Plan| {
            let plan = Planned::new(plan);
            let theirs = plan.again.as_ref().map_or(&[][..], |again| again.inquiries());
            let same = |inquiry| theirs.iter().position(|other| other == inquiry);
            let same = again.inquiries().iter().map(same).collect();
            Past { plan, same }
        };
        let nothing = |inquiry| again.outcome(inquiry, None, Timestamp::UNIX_EPOCH);
        let unknown = (0..again.inquiries().len()).map(nothing).collect();
        let past = past.into_iter().map(|(revision, plan)| (revision, of(plan))).collect();
        Replay { new, past, stays, unknown, samples, asks: None, every: 1 }
    }

    /// A replay that [asks](Replayed::asked) what each condition is for whom, those of rules that are
    /// off too, of one click of so many.
    ///
    /// # Panics
    ///
    /// Where the rules were not checked.
    pub fn asking<'p>(
        new: &Plan,
        past: impl IntoIterator<Item = (i64, &'p Plan)>,
        stays: bool,
        every: usize,
    ) -> Replay {
        let mut all = new.clone();
        all.rules.iter_mut().for_each(|rule| rule.enabled = true);
        let rules = new.rules.iter().map(|rule| (rule.when.size(), rule.enabled)).collect();
        Replay { asks: Some(rules), every: every.max(1), ..Replay::new(&all, past, stays, 0) }
    }

    /// The revisions that the clicks were decided by which a question is about.
    pub fn revisions<'a>(
        query: &Query,
        batches: impl IntoIterator<Item = &'a Columns>,
        threads: usize,
    ) -> Result<Vec<i64>, Unanswerable> {
        let Some(dimension) = Dimension::named("revision") else { return Ok(Vec::new()) };
        let group = Group::Breakdown { dimension, limit: usize::MAX };
        let answer = Query { group, visitors: false, ..query.clone() }.run(batches, threads)?;
        let number = |row: Row| match row.key {
            Key::Value(Some(Value::Number(number))) => Some(number),
            _ => None,
        };
        Ok(answer.into_rows().into_iter().filter_map(number).collect())
    }

    /// Runs the new rules over the clicks of these batches that the question is about.
    pub fn run<'a>(
        &self,
        query: &Query,
        batches: impl IntoIterator<Item = &'a Columns>,
        threads: usize,
        watch: &Watch,
    ) -> Result<Replayed, Unanswerable> {
        run::replay(self, query, batches.into_iter().collect(), threads, watch)
    }

    /// What becomes of a click that went somewhere by a revision, where `told` says what is known of
    /// each inquiry by facts.
    fn decide(
        &self,
        revision: i64,
        went: Went,
        trace: &[u8],
        told: &dyn Fn(usize) -> Option<Outcome>,
    ) -> Verdict {
        let Some(past) = self.past.get(&revision) else {
            return Verdict::Untold { from: None, missing: [REVISION.into()].into() };
        };
        if self.was_closed(past, went, trace) {
            return Verdict::Closed;
        }
        let Some(was) = past.plan.was(went, trace) else {
            return Verdict::Untold { from: None, missing: [REVISION.into()].into() };
        };
        let again = self.again();
        let asks = past.plan.reads_history();
        let tell = |inquiry: usize| {
            let by_trace = past.same[inquiry].and_then(|same| was.told[same]);
            let field = again.inquiries()[inquiry].field().field();
            // Whoever was asked and did not say is not known.
            let unsaid =
                || (asks && field.source == Source::History).then(|| self.unknown[inquiry]);
            by_trace.or_else(|| told(inquiry)).or_else(unsaid)
        };
        if self.asks.is_some() {
            return Verdict::Asked((0..again.inquiries().len()).map(tell).collect());
        }
        let possible = again.decide(&tell);
        let from = was.way;
        let [rule] = possible.rules.as_slice() else {
            let name = |&inquiry: &usize| kept::missing(again.inquiries()[inquiry].field());
            let missing = possible.missing.iter().map(name).collect();
            return Verdict::Untold { from: Some(from), missing };
        };
        let stays = match went {
            Went::Stayed => true,
            Went::Destination | Went::Split { .. } => false,
            _ => self.stays,
        };
        if rule.is_none() && stays {
            return Verdict::Told { from, to: Way { rule: None, goes: Goes::Stays } };
        }
        match self.new.leads(*rule, (&past.plan, went, from.rule)) {
            Some(to) => Verdict::Told { from, to },
            None => Verdict::Untold { from: Some(from), missing: [LOT.into()].into() },
        }
    }

    fn again(&self) -> &Again {
        self.new.again.as_ref().expect("it was there when this was made")
    }

    /// Whether a click's link was closed, so that no rule of any plan is asked.
    fn was_closed(&self, past: &Past, went: Went, trace: &[u8]) -> bool {
        match went {
            Went::Destination | Went::Split { .. } | Went::Rule { .. } | Went::Blocked { .. } => {
                false
            }
            // Every rule that is asked leaves an outcome in the trace.
            Went::Stayed if past.plan.has_rules() => trace.is_empty(),
            Went::Stayed => !self.stays,
            Went::NotFound | Went::Expired | Went::Gone | Went::Password | Went::Card => true,
        }
    }
}

impl Watch {
    /// Clicks gone through, and how many there are.
    pub fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed))
    }

    /// Says that nobody waits any more. What is found from here on is of no use.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    pub(crate) fn begin(&self, all: u64) {
        self.all.store(all, Ordering::Relaxed);
    }

    pub(crate) fn pass(&self, clicks: usize) {
        self.done.fetch_add(clicks as u64, Ordering::Relaxed);
    }
}
