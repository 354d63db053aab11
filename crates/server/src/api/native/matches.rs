//! `/api/v1/links/{id}/matches`: for how many past clicks each rule and each condition holds.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json, extract::State};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use model::{CLASSES, Caller, Domain, Error, Patch, What};
use serde::Deserialize;
use serde_json::Value;
use statistics::{Met, Outcomes, Query, Watch};
use targeting::When;
use utoipa::ToSchema;

use super::{
    super::json::{Problems, iso},
    Authed, MaybeBody, Native, Place, Result, id,
    link::rule_drafts,
    replay::Waiting,
    schema::NewRule,
    statistics::{classes, filters, span},
};
use crate::{
    App,
    ops::{self, Matches, Trial},
};

/// Which rules are asked about, and which clicks.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = MatchesRequest, example = json!({
    "rules": [{"when": {"field": "country", "operator": "equals", "value": "US"},
               "action": {"redirect": "https://example.com/us"}}],
}))]
pub(super) struct MatchesBody {
    /// Asks about the rules of the saved draft.
    #[serde(default)]
    draft: bool,
    /// Rules in the place of the link's, which are asked about without them.
    #[schema(value_type = Option<Vec<NewRule>>)]
    rules: Option<Vec<Value>>,
    /// A day such as `2026-11-01`, or a moment; 7 days before `to` unless it is said.
    from: Option<String>,
    /// The first day or moment that is left out; now, unless it is said.
    to: Option<String>,
    /// The IANA time zone of days; UTC unless it is said.
    timezone: Option<String>,
    /// `include` looks at the clicks of bots too; `exclude` does not.
    bots: Option<String>,
    /// Only clicks that pass all of these: dimensions of `GET /api/v1/statistics/dimensions` with
    /// their values, as in addresses there.
    #[serde(default)]
    filters: BTreeMap<String, String>,
}

/// What rules are for past clicks.
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Matches, example = json!({
    "link": "lnk_0001_y3bWuA", "from": "2026-11-15T00:00:00.000Z", "to": "2026-11-22T00:00:00.000Z",
    "clicks": 10311, "every": 1, "closed": 0, "leftOut": {"bot": 1904},
    "rules": [{
        "at": "rules[0]", "rule": "rule_000Yl3bWu", "name": "", "enabled": true, "takes": 3196,
        "mayTake": 0, "conditions": [
            {"at": "rules[0].when", "true": 3196, "false": 7027, "unknown": 88, "untold": 0}],
    }],
    "otherwise": {"takes": 7115, "mayTake": 0},
}))]
pub(super) struct MatchesView {
    link: String,
    from: String,
    to: String,
    /// Those that met the rules, of those that were looked at.
    clicks: u64,
    /// Of so many clicks one was looked at: 1 up to a million clicks. All counts are of those.
    every: u64,
    /// Those that met no rule: the link was closed, expired, or showed a page first.
    closed: u64,
    /// Clicks of programs by their class, where they are not looked at.
    left_out: BTreeMap<&'static str, u64>,
    rules: Vec<RuleView>,
    /// Those whom no rule takes.
    otherwise: MetView,
}

#[derive(serde::Serialize, ToSchema)]
#[schema(as = RuleMatches, example = json!({
    "at": "rules[0]", "rule": "rule_000Yl3bWu", "name": "", "enabled": true, "takes": 3196,
    "mayTake": 0, "conditions": [
        {"at": "rules[0].when", "true": 3196, "false": 7027, "unknown": 88, "untold": 0}],
}))]
struct RuleView {
    /// Its place, such as `rules[0]`.
    at: String,
    /// Its id; null for a rule that is not the link's yet.
    rule: Option<String>,
    name: String,
    enabled: bool,
    #[serde(flatten)]
    met: MetView,
    /// Its conditions, a group before its parts.
    conditions: Vec<ConditionView>,
}

#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Met, example = json!({"takes": 3196, "mayTake": 0}))]
struct MetView {
    /// Clicks for which it decides.
    takes: u64,
    /// Clicks for which it may decide, or another: it hangs on facts that were not kept.
    may_take: u64,
}

/// What a condition is for all clicks, whichever rule takes them.
#[derive(serde::Serialize, ToSchema)]
#[schema(as = ConditionMatches, example = json!({
    "at": "rules[0].when.all[0]", "true": 4120, "false": 6103, "unknown": 88, "untold": 0,
}))]
struct ConditionView {
    /// Its place, such as `rules[0].when.all[1].not`.
    at: String,
    /// Clicks for which it holds.
    r#true: u64,
    /// Clicks for which it does not.
    r#false: u64,
    /// Clicks of visitors of whom it was not known.
    unknown: u64,
    /// Clicks of which it cannot be told, as what it asks is not kept.
    untold: u64,
}

/// What is asked about where nobody says from when on.
const SPAN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Count whom rules match
///
/// For each rule how many of the link's clicks of the last 7 days it takes, and for each of its
/// conditions how many it holds for, by what a replay knows of them: of rules in the body, which are
/// not saved, else of the link's own. Rules that are off take nobody; their conditions are counted.
#[utoipa::path(
    post,
    operation_id = "countMatches",
    path = "/links/{link}/matches",
    tag = "Rules",
    request_body = Option<MatchesBody>,
    responses((status = 200, description = "as asked", body = MatchesView)),
)]
pub(super) async fn count(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    MaybeBody(body): MaybeBody<MatchesBody>,
) -> Result<Json<MatchesView>> {
    let query = body.question(&caller, app.now())?;
    if body.draft && body.rules.is_some() {
        return Err(Error::invalid("draft", "is asked as it was saved: no rules").into());
    }
    let change = (!body.draft).then_some(|domain: &Domain| body.patch(domain));
    let trial = ops::trial(&app, &caller, id(&link, What::Link)?, change).await?;
    let waiting = Waiting(Arc::new(Watch::default()));
    let found = ops::matches(&app, &caller, &trial, query.clone(), &waiting.0).await?;
    Ok(Json(MatchesView::of(&trial, &query, &found)?))
}

impl MatchesBody {
    fn question(&self, caller: &Caller, now: Timestamp) -> model::Result<Query> {
        let zone = self.timezone.as_deref().unwrap_or("UTC");
        let zone = TimeZone::get(zone)
            .map_err(|_| Error::invalid("timezone", format!("no time zone {zone:?}")))?;
        let (mut from, to) = span((self.from.as_deref(), self.to.as_deref()), &zone, now)?;
        if self.from.is_none() {
            from = to.checked_sub(SPAN).map_err(|_| Error::invalid("to", "is too early"))?;
        }
        let pairs = self.filters.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        Ok(Query {
            zone,
            filters: filters(pairs).map_err(|error| error.under("filters"))?,
            classes: classes(self.bots.as_deref())?,
            visitors: false,
            ..Query::total(caller.workspace, from.as_millisecond(), to.as_millisecond())
        })
    }

    fn patch(&self, domain: &Domain) -> model::Result<Patch> {
        let mut problems = Problems::default();
        let rules = self.rules.as_ref().map(|rules| rule_drafts(rules, domain, &mut problems));
        problems.finish()?;
        Ok(Patch { rules, ..Patch::default() })
    }
}

impl MatchesView {
    fn of(trial: &Trial, query: &Query, found: &Matches) -> model::Result<MatchesView> {
        let moment = |at| Timestamp::from_millisecond(at).map(iso).map_err(Error::internal);
        let asked = &found.asked;
        let mut outcomes = asked.conditions.iter();
        let rules =
            trial.plan.rules.iter().zip(&asked.rules).enumerate().map(|(i, (rule, met))| {
                let known = trial.link.rules.iter().any(|known| known.id == rule.id);
                let mut places = Vec::new();
                places_of(&rule.when, &format!("rules[{i}].when"), &mut places);
                let conditions = places.into_iter().zip(&mut outcomes);
                RuleView {
                    at: format!("rules[{i}]"),
                    rule: known.then(|| rule.id.plain("rule")),
                    name: rule.name.clone(),
                    enabled: rule.enabled,
                    met: MetView::from(*met),
                    conditions: conditions.map(|(at, of)| ConditionView::of(at, *of)).collect(),
                }
            });
        let left_out = CLASSES.iter().filter(|row| !query.classes.contains(&row.0));
        let left_out = left_out.map(|row| (row.2, found.left_out[usize::from(row.1)])).collect();
        Ok(MatchesView {
            link: trial.link.id.split("lnk"),
            from: moment(query.from)?,
            to: moment(query.to)?,
            clicks: asked.clicks,
            every: found.every,
            closed: asked.closed,
            rules: rules.collect(),
            otherwise: asked.otherwise.into(),
            left_out,
        })
    }
}

/// Where each condition stands, a group before its parts.
fn places_of(when: &When, at: &str, places: &mut Vec<String>) {
    places.push(at.to_owned());
    for (i, part) in when.parts().iter().enumerate() {
        let at = match when {
            When::All { .. } => format!("{at}.all[{i}]"),
            When::Any { .. } => format!("{at}.any[{i}]"),
            When::Not { .. } | When::Test(_) => format!("{at}.not"),
        };
        places_of(part, &at, places);
    }
}

impl From<Met> for MetView {
    fn from(met: Met) -> MetView {
        MetView { takes: met.takes, may_take: met.may_take }
    }
}

impl ConditionView {
    fn of(at: String, Outcomes { holds, fails, unknown, untold }: Outcomes) -> ConditionView {
        ConditionView { at, r#true: holds, r#false: fails, unknown, untold }
    }
}
