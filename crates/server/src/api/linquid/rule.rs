//! A rule as Linquid reads and writes it.
//!
//! That is conditions in one of two forms and one destination. Trees, splits, blocks, zones and the
//! other dialects' fixed shapes are "not found" here, so that nothing done here can harm them.

use model::{Action, Domain, Error, Link, Result, Rule, RuleDraft, RulePatch, Tier, What};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::json::{self, Problems, Whole, nullable, present},
    condition::{self, Logic, Said},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewRule {
    pub(super) link_id: String,
    name: String,
    destination_url: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    conditions: Value,
    condition_logic: Option<Logic>,
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
    #[serde(rename = "type", deserialize_with = "present")]
    kind: Option<String>,
    #[serde(deserialize_with = "present")]
    conditions: Option<Value>,
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
    pub(super) id: String,
    link_id: String,
    name: String,
    destination_url: String,
    /// Of conditions that are an object.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    conditions: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition_logic: Option<Logic>,
    priority: i64,
    enabled: bool,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The link's, beside a type: the generations that have types say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign_id: Option<String>,
    /// Only where it differs from when the rule was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<String>,
}

impl NewRule {
    pub(super) fn draft(&self, domain: &Domain) -> Result<RuleDraft> {
        let mut problems = Problems::default();
        let read = condition::read(self.kind.as_deref(), &self.conditions, self.condition_logic);
        let read = problems.keep(read);
        let destination = json::destination("destinationUrl", &self.destination_url, domain);
        let destination = problems.keep(destination);
        problems.finish()?;
        let (Some(read), Some(destination)) = (read, destination) else {
            return Err(Error::internal("a rule without problems lacks a part"));
        };
        Ok(RuleDraft {
            name: self.name.clone(),
            description: self.description.clone(),
            enabled: self.enabled.unwrap_or(true),
            priority: self.priority.map(|Whole(priority)| priority),
            kept: Some(condition::keep(&serde_json::Map::new(), read.kept)),
            ..RuleDraft::new(Tier::Authored, read.when, Action::Redirect(destination))
        })
    }
}

impl RuleChange {
    pub(super) fn patch(&self, before: &Rule, domain: &Domain) -> Result<RulePatch> {
        let mut problems = Problems::default();
        let read = self.conditions(before).transpose();
        let read = problems.keep_any(read);
        let destination = self.destination_url.as_deref();
        let destination = problems
            .keep_any(destination.map(|url| json::destination("destinationUrl", url, domain)));
        problems.finish()?;
        let kept = read.as_ref().map(|read| condition::keep(&before.kept, read.kept.clone()));
        Ok(RulePatch {
            name: self.name.clone(),
            description: self.description.clone(),
            enabled: self.enabled,
            priority: self.priority.map(|Whole(priority)| priority),
            when: read.map(|read| read.when),
            action: destination.map(Action::Redirect),
            kept,
            ..RulePatch::default()
        })
    }

    /// Type, conditions and logic may change apart; the others are then the ones that `before` has.
    fn conditions(&self, before: &Rule) -> Result<Option<condition::Read>> {
        if self.kind.is_none() && self.conditions.is_none() && self.condition_logic.is_none() {
            return Ok(None);
        }
        let said = condition::said(before).ok_or(Error::NotFound(What::Rule))?;
        let (kind, conditions, logic) = match said {
            Said::Flat(tests, logic) => (None, json!(tests), Some(logic)),
            Said::Typed(kind, conditions) => (Some(kind), json!(conditions), None),
        };
        let conditions = self.conditions.as_ref().unwrap_or(&conditions);
        let is_list = conditions.is_array();
        let kind = self.kind.as_deref().or(kind.filter(|_| !is_list));
        let logic = self.condition_logic.or(logic.filter(|_| is_list));
        condition::read(kind, conditions, logic).map(Some)
    }
}

impl RuleView {
    /// None for a rule that this dialect cannot say.
    pub(super) fn of(link: &Link, rule: &Rule) -> Option<RuleView> {
        let (Action::Redirect(destination), Tier::Authored, None) =
            (&rule.action, rule.tier, &rule.timezone)
        else {
            return None;
        };
        let (kind, conditions, condition_logic) = match condition::said(rule)? {
            Said::Flat(tests, logic) => (None, json!(tests), Some(logic)),
            Said::Typed(kind, conditions) => (Some(kind.to_owned()), json!(conditions), None),
        };
        let campaign_id = kind.as_ref().and(link.folder.clone());
        Some(RuleView {
            // A copy goes by the name of the rule that it is a copy of.
            id: rule.origin.unwrap_or(rule.id).plain("rule"),
            link_id: link.id.plain("link"),
            name: rule.name.clone(),
            destination_url: destination.authored().to_owned(),
            kind,
            conditions,
            condition_logic,
            priority: rule.priority,
            enabled: rule.enabled,
            created_at: json::iso(rule.created_at),
            description: rule.description.clone(),
            campaign_id,
            updated_at: (rule.created_at < rule.updated_at).then(|| json::iso(rule.updated_at)),
        })
    }

    /// The view, with its link's id as the caller spells it.
    pub(super) fn of_link_as(self, link_id: String) -> RuleView {
        RuleView { link_id, ..self }
    }

    pub(super) fn sayable(link: &Link, rule: &Rule) -> Result<RuleView> {
        RuleView::of(link, rule).ok_or(Error::NotFound(What::Rule))
    }
}
