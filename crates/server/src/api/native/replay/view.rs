//! What a replay found, as our API shows it.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use model::{CLASSES, Error, Result, RuleId};
use serde::Serialize;
use statistics::{Bucket, Counts, Goes, Query, Replayed, Sample, Value, Verdict, Way};
use utoipa::ToSchema;

use super::super::{super::json::iso, statistics::UnreadView};
use crate::ops::Trial;

/// How past clicks would have gone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Replay, example = json!({
    "link": "lnk_0001_y3bWuA", "from": "2026-11-01T00:00:00.000Z", "to": "2026-12-01T00:00:00.000Z",
    "milliseconds": 12, "clicks": 1204, "same": 1000, "changed": 200, "unknown": 4,
    "leftOut": {"bot": 104}, "transitions": [], "otherTransitions": 0, "rules": [], "countries": [],
    "devices": [], "missing": [{"fact": "header.x-app", "clicks": 4}],
    "samples": {"same": [], "unknown": []},
}))]
pub(super) struct ReplayView {
    link: String,
    from: String,
    to: String,
    /// How long it took.
    milliseconds: u64,
    clicks: u64,
    #[serde(flatten)]
    counts: CountsView,
    /// Clicks of programs by their class, where they are not replayed.
    left_out: BTreeMap<&'static str, u64>,
    /// From where to where clicks change, the most frequent first.
    transitions: Vec<Transition>,
    /// Changed clicks of all transitions that are not listed.
    other_transitions: u64,
    /// By the rule that decided then.
    rules: Vec<ByRule>,
    /// The most changed first.
    countries: Vec<ByValue>,
    /// The most changed first.
    devices: Vec<ByValue>,
    /// What was not kept, and for how many clicks; a click may miss several.
    missing: Vec<Missing>,
    /// Clicks to look at.
    samples: Samples,
    /// What could not be replayed as it cannot be read, where there is something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<UnreadView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ReplayCounts, example = json!({"same": 1000, "changed": 200, "unknown": 4}))]
struct CountsView {
    /// Clicks that would go where they went.
    same: u64,
    /// Clicks that would go elsewhere.
    changed: u64,
    /// Clicks of which that cannot be told.
    unknown: u64,
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "from": {"destination": "https://example.com/", "block": null},
    "to": {"destination": "https://example.com/us", "block": null}, "clicks": 200, "samples": [],
}))]
struct Transition {
    from: GoesView,
    to: GoesView,
    clicks: u64,
    /// The newest of them.
    samples: Vec<SampleView>,
}

/// Where a visitor ends up: at a destination, at a page with a status, or, without either, nowhere.
#[derive(Serialize, ToSchema)]
#[schema(as = Goes, example = json!({"destination": "https://example.com/", "block": null}))]
struct GoesView {
    destination: Option<String>,
    /// The status of the page.
    block: Option<u16>,
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "rule": null, "same": 1000, "changed": 200, "unknown": 4,
    "to": [{"rule": {"id": "rule_000Yl3bWu", "name": "", "position": 1}, "clicks": 200, "changed": 200}],
}))]
struct ByRule {
    rule: Option<String>,
    #[serde(flatten)]
    counts: CountsView,
    /// The rules that would decide; null is none.
    to: Vec<ByNewRule>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ReplayedTo, example = json!({"rule": null, "clicks": 200, "changed": 200}))]
struct ByNewRule {
    rule: Option<TriedRule>,
    clicks: u64,
    /// How many of them would go elsewhere.
    changed: u64,
}

/// A rule of those that are tried.
#[derive(Clone, Serialize, ToSchema)]
#[schema(example = json!({"id": "rule_000Yl3bWu", "name": "", "position": 1}))]
struct TriedRule {
    /// New for each replay, where the rule was not the link's.
    id: String,
    name: String,
    /// From 1, in the order in which they are tried.
    position: usize,
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({"value": "US", "same": 1000, "changed": 200, "unknown": 4}))]
struct ByValue {
    /// Null where nobody knows.
    value: Option<String>,
    #[serde(flatten)]
    counts: CountsView,
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({"fact": "header.x-app", "clicks": 4}))]
struct Missing {
    /// A field, `split` for the lot that decides, or `revision` for rules that are gone.
    fact: String,
    clicks: u64,
}

/// The newest clicks that do not change, or of which that cannot be told; those that change stand
/// with their transitions.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"same": [], "unknown": []}))]
struct Samples {
    /// Clicks that go where they went.
    same: Vec<SampleView>,
    /// Clicks of which it cannot be told.
    unknown: Vec<SampleView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ReplayedClick, example = json!({
    "click": "clk_00c3f1c2a4b51f3e6d7a8b9c0d1e2f30_1000", "at": "2026-11-21T10:00:00.000Z",
    "from": {"destination": "https://example.com/", "block": null}, "rule": null,
    "to": {"destination": "https://example.com/us", "block": null},
    "newRule": {"id": "rule_000Yl3bWu", "name": "", "position": 1}, "missing": [],
}))]
#[serde(rename_all = "camelCase")]
struct SampleView {
    click: String,
    at: String,
    /// Null where the link was closed, and no rule asked.
    from: Option<GoesView>,
    rule: Option<String>,
    /// Null where it was closed, or cannot be told.
    to: Option<GoesView>,
    /// Null where none would decide, or where it cannot be told.
    new_rule: Option<TriedRule>,
    /// What was not kept.
    missing: Vec<String>,
}

/// Transitions that are listed.
const TRANSITIONS: usize = 50;

impl ReplayView {
    pub(super) fn of(
        trial: &Trial,
        query: &Query,
        found: &Replayed,
        samples: usize,
        took: Duration,
    ) -> Result<ReplayView> {
        let total = found.total();
        let left_out = CLASSES.iter().filter(|row| !query.classes.contains(&row.0));
        let left_out = left_out.map(|row| (row.2, found.left_out[usize::from(row.1)])).collect();
        let all = found.transitions();
        let listed = &all[..all.len().min(TRANSITIONS)];
        let transition = |&(from, to, clicks): &(&Goes, &Goes, u64)| {
            let is_it = |verdict: &Verdict| {
                matches!(verdict, Verdict::Told { from: a, to: b }
                    if a.goes == *from && b.goes == *to)
            };
            let samples = found.samples(Bucket::Changed, is_it, samples);
            Ok(Transition {
                from: GoesView::of(from),
                to: GoesView::of(to),
                clicks,
                samples: samples
                    .iter()
                    .map(|it| SampleView::of(trial, it))
                    .collect::<Result<_>>()?,
            })
        };
        let newest = |bucket| {
            let samples = found.samples(bucket, |_| true, samples);
            samples.iter().map(|sample| SampleView::of(trial, sample)).collect::<Result<_>>()
        };
        let missing = |&(fact, clicks): &(&str, u64)| Missing { fact: fact.to_owned(), clicks };
        Ok(ReplayView {
            link: trial.link.id.split("lnk"),
            from: moment(query.from)?,
            to: moment(query.to)?,
            milliseconds: u64::try_from(took.as_millis()).map_err(Error::internal)?,
            clicks: total.all(),
            counts: total.into(),
            left_out,
            transitions: listed.iter().map(transition).collect::<Result<_>>()?,
            other_transitions: all[listed.len()..].iter().map(|(.., clicks)| clicks).sum(),
            rules: by_rule(trial, found),
            countries: found.countries().into_iter().map(ByValue::of).collect(),
            devices: found.devices().into_iter().map(ByValue::of).collect(),
            missing: found.missing().iter().map(missing).collect(),
            samples: Samples { same: newest(Bucket::Same)?, unknown: newest(Bucket::Untold)? },
            warnings: found.unread.iter().map(UnreadView::of).collect::<Result<_>>()?,
        })
    }
}

/// The rows of each rule of then, the most frequent first.
fn by_rule(trial: &Trial, found: &Replayed) -> Vec<ByRule> {
    let mut rows: Vec<ByRule> = Vec::new();
    for (from, to, counts) in found.rules() {
        let rule = from.and_then(spelled);
        let place = rows.iter().position(|row| row.rule == rule).unwrap_or_else(|| {
            rows.push(ByRule { rule, counts: Counts::default().into(), to: Vec::new() });
            rows.len() - 1
        });
        let row = &mut rows[place];
        row.counts.same += counts.same;
        row.counts.changed += counts.changed;
        row.counts.unknown += counts.untold;
        if let Some(to) = to {
            row.to.push(ByNewRule {
                rule: TriedRule::of(trial, to),
                clicks: counts.all(),
                changed: counts.changed,
            });
        }
    }
    rows
}

impl GoesView {
    fn of(goes: &Goes) -> GoesView {
        match goes {
            Goes::To(destination) => {
                GoesView { destination: Some(destination.to_string()), block: None }
            }
            Goes::Page(status) => GoesView { destination: None, block: Some(*status) },
            Goes::Stays => GoesView { destination: None, block: None },
        }
    }
}

impl TriedRule {
    fn of(trial: &Trial, rule: Option<i64>) -> Option<TriedRule> {
        let rule = rule?;
        let place = trial.plan.rules.iter().position(|known| known.id.number() == rule)?;
        let name = trial.plan.rules[place].name.clone();
        Some(TriedRule { id: spelled(rule)?, name, position: place + 1 })
    }
}

impl ByValue {
    fn of((value, counts): (Option<&Value>, Counts)) -> ByValue {
        ByValue { value: value.map(Value::to_string), counts: counts.into() }
    }
}

impl SampleView {
    fn of(trial: &Trial, sample: &Sample) -> Result<SampleView> {
        let (from, to, missing): (Option<&Way>, Option<&Way>, _) = match &sample.verdict {
            Verdict::Closed | Verdict::Asked(_) => (None, None, Vec::new()),
            Verdict::Told { from, to } => (Some(from), Some(to), Vec::new()),
            Verdict::Untold { from, missing } => {
                (from.as_ref(), None, missing.iter().map(ToString::to_string).collect())
            }
        };
        Ok(SampleView {
            click: sample.id.to_string(),
            at: moment(sample.at)?,
            from: from.map(|way| GoesView::of(&way.goes)),
            rule: from.and_then(|way| way.rule).and_then(spelled),
            to: to.map(|way| GoesView::of(&way.goes)),
            new_rule: to.and_then(|way| TriedRule::of(trial, way.rule)),
            missing,
        })
    }
}

impl From<Counts> for CountsView {
    fn from(Counts { same, changed, untold }: Counts) -> CountsView {
        CountsView { same, changed, unknown: untold }
    }
}

fn spelled(rule: i64) -> Option<String> {
    RuleId::new(rule).map(|id| id.plain("rule"))
}

fn moment(milliseconds: i64) -> Result<String> {
    Timestamp::from_millisecond(milliseconds).map(iso).map_err(Error::internal)
}
