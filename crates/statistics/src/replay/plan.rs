//! Plans of a link as a replay reads them: where each rule leads, and what its tests ask.

use std::sync::Arc;

use model::{Action, Outcome as Went, Plan, Variant};
use targeting::{Again, Needs, Outcome, Source, Split, Trace};

/// Where a visitor ends up.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Goes {
    /// A destination, as its author wrote it.
    To(Arc<str>),
    /// A page with this status.
    Page(u16),
    /// Nowhere: nobody whom no rule matches is redirected.
    Stays,
}

/// Where a visitor ends up, and by which rule, if by one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Way {
    pub rule: Option<i64>,
    pub goes: Goes,
}

/// What a rule, or a plan where no rule holds, does.
enum Does {
    One(Goes),
    /// One of these, by weight.
    Split {
        weights: Vec<u32>,
        goes: Vec<Goes>,
    },
}

/// A plan that is asked again.
pub(super) struct Planned {
    /// None where the rules can no longer be compiled: no rule was asked then.
    pub(super) again: Option<Again>,
    rules: Vec<(i64, Does)>,
    destination: Goes,
    otherwise: Does,
}

/// What a plan of then says of one click.
pub(super) struct Was {
    pub(super) way: Way,
    /// What the trace tells of the plan's inquiries.
    pub(super) told: Vec<Option<Outcome>>,
}

impl Planned {
    pub(super) fn new(plan: &Plan) -> Planned {
        let live = || plan.rules.iter().filter(|rule| rule.enabled);
        let whens: Vec<_> = live().map(|rule| (&rule.when, rule.timezone.as_deref())).collect();
        let destination = Goes::To(plan.destination.authored().into());
        Planned {
            again: Again::compile(whens).ok(),
            rules: live().map(|rule| (rule.id.number(), does(&rule.action))).collect(),
            otherwise: match plan.default_split.as_slice() {
                [] => Does::One(destination.clone()),
                variants => split(variants),
            },
            destination,
        }
    }

    pub(super) fn has_rules(&self) -> bool {
        !self.rules.is_empty()
    }

    /// Whether visitors were asked whether they came before, and drew lots by that.
    pub(super) fn reads_history(&self) -> bool {
        let needs = self.again.as_ref().map_or(Needs::default(), |again| again.rules().needs());
        let all = self.rules.iter().map(|(_, does)| does).chain([&self.otherwise]);
        let splits = all.into_iter().any(|does| matches!(does, Does::Split { .. }));
        splits || needs.has(Source::History) || needs.has(Source::Seed)
    }

    /// What was decided for a click; none where the plan has no such way.
    pub(super) fn was(&self, went: Went, trace: &[u8]) -> Option<Was> {
        let trace = Trace::from_bytes(trace);
        let told = self.again.as_ref().map(|again| again.recall(&trace)).unwrap_or_default();
        let rule = went.rule().map(|(rule, _)| rule);
        let goes = match went {
            Went::Destination => self.destination.clone(),
            Went::Stayed => Goes::Stays,
            _ => self.does(rule)?.went(went.variant())?.clone(),
        };
        Some(Was { way: Way { rule, goes }, told })
    }

    /// Where the rule at an index leads, or the plan without a rule, somebody who went a way of a plan
    /// of then; none where that depends on a lot that nobody knows.
    pub(super) fn leads(
        &self,
        rule: Option<usize>,
        then: (&Planned, Went, Option<i64>),
    ) -> Option<Way> {
        let (before, went, was) = then;
        let rule = rule.and_then(|i| self.rules.get(i)).map(|(rule, _)| *rule);
        let goes = match (self.does(rule)?, before.does(was)) {
            (Does::One(goes), _) => goes,
            // Lots are drawn anew for each rule.
            (Does::Split { weights, goes }, Some(Does::Split { weights: before, .. }))
                if rule == was && went.variant().is_some() =>
            {
                let variant = usize::try_from(went.variant()?).ok()?;
                let keeps = Split::keeps(variant, before, weights);
                if keeps { goes.get(variant)? } else { only(weights, goes)? }
            }
            (Does::Split { weights, goes }, _) => only(weights, goes)?,
        };
        Some(Way { rule, goes: goes.clone() })
    }

    fn does(&self, rule: Option<i64>) -> Option<&Does> {
        match rule {
            Some(rule) => self.rules.iter().find(|(id, _)| *id == rule).map(|(_, does)| does),
            None => Some(&self.otherwise),
        }
    }
}

impl Does {
    /// Where those of a variant, or of none, went.
    fn went(&self, variant: Option<u32>) -> Option<&Goes> {
        match (self, variant) {
            (Does::One(goes), None) => Some(goes),
            (Does::Split { goes, .. }, Some(variant)) => goes.get(usize::try_from(variant).ok()?),
            _ => None,
        }
    }
}

fn does(action: &Action) -> Does {
    match action {
        Action::Redirect(to) => Does::One(Goes::To(to.authored().into())),
        Action::Split(variants) => split(variants),
        Action::Block(status) => Does::One(Goes::Page(*status)),
    }
}

fn split(variants: &[Variant]) -> Does {
    Does::Split {
        weights: variants.iter().map(|variant| variant.weight).collect(),
        goes: variants.iter().map(|it| Goes::To(it.destination.authored().into())).collect(),
    }
}

/// Where everybody goes, whatever lot they draw.
fn only<'g>(weights: &[u32], goes: &'g [Goes]) -> Option<&'g Goes> {
    let mut drawn = weights.iter().zip(goes).filter(|(weight, _)| **weight != 0).map(|(_, to)| to);
    let first = drawn.next()?;
    drawn.all(|other| other == first).then_some(first)
}
