//! For how many clicks each condition of some rules holds, and which clicks each rule takes.

use targeting::{Chance, Outcome};

use super::{Replay, Replayed, Verdict};

/// What rules and their conditions are for past clicks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Clicks that met the rules.
    pub clicks: u64,
    /// Clicks that met no rule: the link was closed, expired, or showed a page first.
    pub closed: u64,
    /// In the order of the rules; and of those whom none takes.
    pub rules: Vec<Met>,
    pub otherwise: Met,
    /// One for each condition: those of one rule after the other, a group before its parts.
    pub conditions: Vec<Outcomes>,
}

/// Whom a rule takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// Clicks that it is the first to hold for.
    pub takes: u64,
    /// Clicks that it may take, or another: it hangs on facts that were not kept.
    pub may_take: u64,
}

/// Clicks by what a condition is for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    pub holds: u64,
    pub fails: u64,
    pub unknown: u64,
    /// It hangs on facts that were not kept.
    pub untold: u64,
}

impl Replayed {
    /// What the [asking](Replay::asking) replay found; rules that are off take nobody.
    pub fn asked(&self, replay: &Replay) -> Asked {
        let rules = replay.asks.as_deref().unwrap_or_default();
        let conditions = rules.iter().map(|(conditions, _)| conditions).sum();
        let mut asked = Asked {
            rules: vec![Met::default(); rules.len()],
            conditions: vec![Outcomes::default(); conditions],
            ..Asked::default()
        };
        let nothing = vec![None; replay.again().inquiries().len()];
        for (verdict, clicks) in self.verdicts() {
            match verdict {
                Verdict::Closed => asked.closed += clicks,
                Verdict::Asked(told) => asked.meet(&conditions_of(replay, told), rules, clicks),
                // Its revision is gone: nobody knows what it was decided by.
                Verdict::Untold { .. } | Verdict::Told { .. } => {
                    asked.meet(&conditions_of(replay, &nothing), rules, clicks);
                }
            }
        }
        asked
    }
}

fn conditions_of(replay: &Replay, told: &[Option<Outcome>]) -> Vec<Chance> {
    replay.again().conditions(&|inquiry| told[inquiry])
}

impl Asked {
    fn meet(&mut self, conditions: &[Chance], rules: &[(usize, bool)], clicks: u64) {
        self.clicks += clicks;
        for (found, chance) in self.conditions.iter_mut().zip(conditions) {
            *match chance.outcome() {
                Some(Outcome::True) => &mut found.holds,
                Some(Outcome::False) => &mut found.fails,
                Some(Outcome::Unknown) => &mut found.unknown,
                None => &mut found.untold,
            } += clicks;
        }
        let (mut first, mut is_open) = (0, false);
        for (met, (length, is_on)) in self.rules.iter_mut().zip(rules) {
            let whole = conditions.get(first).filter(|_| *is_on);
            first += length;
            let Some(whole) = whole.filter(|whole| whole.may_be(Outcome::True)) else { continue };
            let is_certain = whole.outcome().is_some();
            met.add(is_certain && !is_open, clicks);
            if is_certain {
                return;
            }
            is_open = true;
        }
        self.otherwise.add(!is_open, clicks);
    }
}

impl Met {
    fn add(&mut self, is_certain: bool, clicks: u64) {
        *if is_certain { &mut self.takes } else { &mut self.may_take } += clicks;
    }
}
