//! `/api/rules`: the rules that Linquid can say.
//!
//! That is a flat list of conditions and one destination. Trees, splits, blocks, zones and the
//! other dialects' fixed shapes are "not found" here, so that nothing done here can harm them.

use axum::{Json, extract::State, http::StatusCode};
use model::{Action, Caller, Domain, Error, Link, Rule, RuleDraft, RuleId, RulePatch, Tier, What};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use targeting::Test;

use super::{
    super::json::{self, Problems, Whole, nullable, present},
    Asked, Authed, Body, Envelope, Gone, Linquid, Params, Place, Result,
    condition::{self, Logic},
    envelope, id,
};
use crate::{App, ops};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewRule {
    link_id: String,
    name: String,
    destination_url: String,
    conditions: Vec<Value>,
    #[serde(default)]
    condition_logic: Logic,
    priority: Option<Whole>,
    enabled: Option<bool>,
    description: Option<String>,
}

/// What is absent stays.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct RuleChange {
    #[serde(deserialize_with = "present")]
    name: Option<String>,
    #[serde(deserialize_with = "present")]
    destination_url: Option<String>,
    #[serde(deserialize_with = "present")]
    conditions: Option<Vec<Value>>,
    #[serde(deserialize_with = "present")]
    condition_logic: Option<Logic>,
    #[serde(deserialize_with = "present")]
    priority: Option<Whole>,
    #[serde(deserialize_with = "present")]
    enabled: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    description: Option<Option<String>>,
}

/// The keys of Linquid's page in their order; what it does not show follows where it is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleView {
    id: String,
    link_id: String,
    name: String,
    destination_url: String,
    conditions: Vec<Test>,
    condition_logic: Logic,
    priority: i64,
    enabled: bool,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Only where it differs from when the rule was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<String>,
}

pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Body(body, _): Body<Linquid, NewRule>,
) -> Result<(StatusCode, Json<Envelope<RuleView>>)> {
    let link = id(&body.link_id, What::Link)?;
    let (link, rule) = ops::add_rule(&app, &caller, link, |domain| body.draft(domain)).await?;
    // The link's id comes back in the caller's spelling, as everything else that was sent does.
    let view = RuleView { link_id: body.link_id, ..RuleView::sayable(&link, &rule)? };
    Ok((StatusCode::CREATED, envelope(view)))
}

/// The rules of one link, in the order in which they are tried.
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    params: Params,
) -> Result<Json<Envelope<Vec<RuleView>>>> {
    let Some(link) = params.get("linkId") else {
        return Err(Error::invalid("linkId", "is required: rules are listed link by link").into());
    };
    let asked = Asked::read(&params)?;
    let link = ops::link(&app, &caller, id(link, What::Link)?).await?;
    let rules: Vec<RuleView> =
        link.rules.iter().filter_map(|rule| RuleView::of(&link, rule)).collect();
    let total = rules.len() as i64;
    let page =
        rules.into_iter().skip(asked.skipped() as usize).take(asked.limit as usize).collect();
    Ok(asked.answer(page, total))
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
) -> Result<Json<Envelope<RuleView>>> {
    let (link, rule) = known(&app, &caller, &text).await?;
    Ok(envelope(RuleView::sayable(&link, &rule)?))
}

pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
    Body(body, _): Body<Linquid, RuleChange>,
) -> Result<Json<Envelope<RuleView>>> {
    let (_, before) = known(&app, &caller, &text).await?;
    let patch = |domain: &Domain| body.patch(&before, domain);
    let (link, rule) = ops::edit_rule(&app, &caller, before.id, patch).await?;
    Ok(envelope(RuleView::sayable(&link, &rule)?))
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
) -> Result<Json<Envelope<Gone>>> {
    let (_, rule) = known(&app, &caller, &text).await?;
    ops::remove_rule(&app, &caller, rule.id).await?;
    Ok(envelope(Gone { id: rule.id.plain("rule"), deleted: true }))
}

/// A rule that this dialect can say, with its link.
async fn known(app: &App, caller: &Caller, text: &str) -> model::Result<(Link, Rule)> {
    let id: RuleId = id(text, What::Rule)?;
    let (link, rule) = ops::link_of_rule(app, caller, id).await?;
    RuleView::sayable(&link, &rule)?;
    Ok((link, rule))
}

impl NewRule {
    fn draft(&self, domain: &Domain) -> model::Result<RuleDraft> {
        let mut problems = Problems::default();
        let when = problems.keep(condition::read(&self.conditions, self.condition_logic));
        let destination = json::destination("destinationUrl", &self.destination_url, domain);
        let destination = problems.keep(destination);
        problems.finish()?;
        let (Some(when), Some(destination)) = (when, destination) else {
            return Err(Error::internal("a rule without problems lacks a part"));
        };
        Ok(RuleDraft {
            name: self.name.clone(),
            description: self.description.clone(),
            enabled: self.enabled.unwrap_or(true),
            priority: self.priority.map(|Whole(priority)| priority),
            ..RuleDraft::new(Tier::Authored, when, Action::Redirect(destination))
        })
    }
}

impl RuleChange {
    /// Conditions and their logic may change apart; the other is then the one that `before` has.
    fn patch(&self, before: &Rule, domain: &Domain) -> model::Result<RulePatch> {
        let (tests, logic) = condition::shown(&before.when).ok_or(Error::NotFound(What::Rule))?;
        let logic = self.condition_logic.unwrap_or(logic);
        let when = match &self.conditions {
            Some(conditions) => Some(condition::read(conditions, logic)),
            None if self.condition_logic.is_some() => {
                let tests: Vec<Value> = tests
                    .into_iter()
                    .map(|test| serde_json::to_value(test).map_err(Error::internal))
                    .collect::<model::Result<_>>()?;
                Some(condition::read(&tests, logic))
            }
            None => None,
        };
        let mut problems = Problems::default();
        let when = problems.keep_any(when);
        let destination = self.destination_url.as_deref();
        let destination = problems
            .keep_any(destination.map(|url| json::destination("destinationUrl", url, domain)));
        problems.finish()?;
        Ok(RulePatch {
            name: self.name.clone(),
            description: self.description.clone(),
            enabled: self.enabled,
            priority: self.priority.map(|Whole(priority)| priority),
            when,
            action: destination.map(Action::Redirect),
            ..RulePatch::default()
        })
    }
}

impl RuleView {
    /// None for a rule that this dialect cannot say.
    fn of(link: &Link, rule: &Rule) -> Option<RuleView> {
        let (tests, condition_logic) = condition::shown(&rule.when)?;
        let (Action::Redirect(destination), Tier::Authored, None) =
            (&rule.action, rule.tier, &rule.timezone)
        else {
            return None;
        };
        Some(RuleView {
            id: rule.id.plain("rule"),
            link_id: link.id.plain("link"),
            name: rule.name.clone(),
            destination_url: destination.authored().to_owned(),
            conditions: tests.into_iter().cloned().collect(),
            condition_logic,
            priority: rule.priority,
            enabled: rule.enabled,
            created_at: json::iso(rule.created_at),
            description: rule.description.clone(),
            updated_at: (rule.created_at < rule.updated_at).then(|| json::iso(rule.updated_at)),
        })
    }

    fn sayable(link: &Link, rule: &Rule) -> model::Result<RuleView> {
        RuleView::of(link, rule).ok_or(Error::NotFound(What::Rule))
    }
}
