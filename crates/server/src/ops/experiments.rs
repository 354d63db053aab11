//! Experiments: what the ways of a link's splits bring.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use model::{Amount, Caller, Error, Link, LinkId, Result, RuleId, Scope, Variant};
use statistics::{
    Answer, Dimension, Filter, Group, Key, Query, Row, Value,
    experiment::{Counts, Report, Seen},
};
use store::SplitClicks;

use super::{links::own, statistics::ask_all};
use crate::{App, config::Kept};

/// A split of a link as it is now, and what was seen of it since it is so.
#[derive(Debug)]
pub struct Experiment {
    /// The id and the name of the rule that leads to it; none: the link's own split.
    pub rule: Option<(RuleId, String)>,
    /// The revision since which its ways and weights are these, and when that was saved.
    pub revision: i64,
    pub since: Timestamp,
    /// What was counted over.
    pub from: Timestamp,
    pub to: Timestamp,
    pub ways: Vec<Way>,
    pub report: Report,
}

/// What a way brought. Bots are counted nowhere.
#[derive(Debug)]
pub struct Way {
    pub variant: Variant,
    pub clicks: u64,
    /// Different ones of each UTC day, summed, as are those who converted.
    pub counts: Counts,
    pub revenue: Vec<(String, Amount)>,
}

/// What is asked of experiments beside the link.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// None: as far back as the split is what it is.
    pub from: Option<Timestamp>,
    /// None: now.
    pub to: Option<Timestamp>,
    /// Which event is a conversion; none: any.
    pub event: Option<String>,
}

/// A split, and since which revision it is so.
struct Found {
    rule: Option<(RuleId, String)>,
    ways: Vec<Variant>,
    revision: i64,
    since: Timestamp,
}

/// Revisions that are read at a time.
const STEP: i64 = 50;

/// Every split of a link as it is now.
pub async fn experiments(
    app: &App,
    caller: &Caller,
    id: LinkId,
    asked: &Asked,
) -> Result<Vec<Experiment>> {
    caller.may(Scope::StatsRead)?;
    let link = own(app, caller, id).await?;
    // What came in this very millisecond is asked about too.
    let to = asked.to.unwrap_or_else(|| app.now() + SignedDuration::from_millis(1));
    if asked.from.is_some_and(|from| to <= from) {
        return Err(Error::invalid("from", "must be before `to`"));
    }
    let found = splits(app, &link).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    // Clicks and conversions are compared of a time only of which both are kept.
    let Kept { people, conversions, .. } = app.config.keep;
    let oldest = people.into_iter().chain(conversions).min().map(|kept| app.now() - kept);
    let spans: Vec<(Timestamp, Timestamp)> = found
        .iter()
        .map(|found| {
            let from = [asked.from, oldest].into_iter().flatten().fold(found.since, Ord::max);
            (from.min(to), to)
        })
        .collect();
    let questions = found.iter().zip(&spans).flat_map(|(found, span)| ask(&link, found, *span));
    let mut answers = ask_all(app, caller, questions.collect()).await?.into_iter();
    let mut experiments = Vec::with_capacity(found.len());
    for (found, (from, to)) in found.into_iter().zip(spans) {
        let mut rows = || answers.next().map(Answer::into_rows).unwrap_or_default();
        let (all, drawn) = (by_way(rows()), by_way(rows()));
        let clicks = SplitClicks {
            link: id,
            rule: found.rule.as_ref().map(|(rule, _)| *rule),
            revisions: (found.revision, link.revision),
            span: (from.as_millisecond(), to.as_millisecond()),
            event: asked.event.as_deref(),
        };
        let ways = ways(app, caller, &found.ways, &all, clicks).await?;
        let seen = (0..).zip(&ways).map(|(place, way)| Seen {
            weight: way.variant.weight,
            counts: way.counts,
            drawn: drawn.get(&place).map_or(0, |(_, visitors)| *visitors),
        });
        let report = Report::of(&seen.collect::<Vec<_>>());
        let Found { rule, revision, since, .. } = found;
        experiments.push(Experiment { rule, revision, since, from, to, ways, report });
    }
    Ok(experiments)
}

/// The link's splits of more than one way, each with the oldest revision since which it is so.
async fn splits(app: &App, link: &Link) -> Result<Vec<Found>> {
    let plan = link.plan();
    let splits = plan.splits().filter(|(_, ways)| 1 < ways.len());
    let mut found: Vec<Found> = splits
        .map(|(rule, ways)| Found {
            rule: rule.map(|rule| (rule.id, rule.name.clone())),
            ways: ways.to_vec(),
            revision: link.revision,
            since: link.created_at,
        })
        .collect();
    let mut open: BTreeSet<usize> = (0..found.len()).collect();
    let mut before = link.revision + 1;
    while !open.is_empty() {
        let some = app.store.revisions(link.workspace, link.id, Some(before), STEP).await?;
        let Some(last) = some.last() else { break };
        before = last.number;
        for revision in some {
            let is_so = |place: &usize| {
                let split: &mut Found = &mut found[*place];
                let rule = split.rule.as_ref().map(|(rule, _)| *rule);
                let is_so = revision.plan.split_of(rule) == Some(split.ways.as_slice());
                if is_so {
                    (split.revision, split.since) = (revision.number, revision.created_at);
                }
                is_so
            };
            open.retain(is_so);
        }
    }
    Ok(found)
}

/// Who came to a split: all of them, and those who are not known to have come before.
fn ask(link: &Link, found: &Found, (from, to): (Timestamp, Timestamp)) -> [Query; 2] {
    let one = |name, value| filter(name, [value].into(), false);
    let decided = match &found.rule {
        Some((rule, _)) => one("rule", Value::Number(rule.number())),
        None => one("outcome", Value::Text("split".into())),
    };
    let revisions = (found.revision..=link.revision).map(Value::Number).collect();
    let all = Query {
        links: Some(Arc::new([link.id].into())),
        filters: vec![decided, filter("revision", revisions, false)],
        group: Group::Breakdown { dimension: dimension("variant"), limit: found.ways.len() },
        exact: true,
        ..Query::total(link.workspace, from.as_millisecond(), to.as_millisecond())
    };
    let mut drawn = all.clone();
    drawn.filters.push(filter("returning", [Value::Flag(true)].into(), true));
    [all, drawn]
}

fn filter(name: &str, values: BTreeSet<Value>, negated: bool) -> Filter {
    Filter { dimension: dimension(name), values, unknown: false, negated }
}

fn dimension(name: &str) -> &'static Dimension {
    Dimension::named(name).expect("only dimensions of the table are named here")
}

/// Clicks and visitors by way.
fn by_way(rows: Vec<Row>) -> HashMap<u32, (u64, u64)> {
    let way = |row: Row| match row.key {
        Key::Value(Some(Value::Number(way))) => {
            Some((u32::try_from(way).ok()?, (row.clicks, row.visitors.unwrap_or_default())))
        }
        _ => None,
    };
    rows.into_iter().filter_map(way).collect()
}

async fn ways(
    app: &App,
    caller: &Caller,
    variants: &[Variant],
    seen: &HashMap<u32, (u64, u64)>,
    clicks: SplitClicks<'_>,
) -> Result<Vec<Way>> {
    let converted: HashMap<u32, u64> =
        app.store.converting_visitors(caller.workspace, clicks).await?.into_iter().collect();
    let mut revenue: BTreeMap<u32, Vec<(String, Amount)>> = BTreeMap::new();
    for (way, currency, amount) in app.store.revenue_of_ways(caller.workspace, clicks).await? {
        revenue.entry(way).or_default().push((currency, amount));
    }
    let way = |(place, variant): (u32, &Variant)| {
        let (clicks, visitors) = seen.get(&place).copied().unwrap_or_default();
        // Nobody converts who did not come; a click may be stored a moment after its conversion.
        let conversions = converted.get(&place).copied().unwrap_or_default().min(visitors);
        Way {
            variant: variant.clone(),
            clicks,
            counts: Counts { visitors, conversions },
            revenue: revenue.remove(&place).unwrap_or_default(),
        }
    };
    Ok((0..).zip(variants).map(way).collect())
}
