//! The rules of a link, one by one.

use model::{Caller, Domain, Link, LinkId, Result, Rule, RuleDraft, RuleId, RulePatch, Scope};

use super::links::change;
use crate::App;

/// Adds a rule to a link; `draft` is called with the link's domain.
pub async fn add_rule(
    app: &App,
    caller: &Caller,
    link: LinkId,
    draft: impl Fn(&Domain) -> Result<RuleDraft>,
) -> Result<(Link, Rule)> {
    caller.may(Scope::RulesWrite)?;
    change(app, caller, link, None, |link, domain, stamp| {
        link.add_rule(draft(domain)?, stamp).cloned()
    })
    .await
}

/// Sets where the visitors of one condition go, whether or not there is a rule for it yet.
pub async fn set_rule(
    app: &App,
    caller: &Caller,
    link: LinkId,
    draft: impl Fn(&Domain) -> Result<RuleDraft>,
) -> Result<(Link, Rule)> {
    caller.may(Scope::RulesWrite)?;
    change(app, caller, link, None, |link, domain, stamp| {
        link.set_rule(draft(domain)?, stamp).cloned()
    })
    .await
}

pub async fn edit_rule(
    app: &App,
    caller: &Caller,
    rule: RuleId,
    patch: impl Fn(&Domain) -> Result<RulePatch>,
) -> Result<(Link, Rule)> {
    caller.may(Scope::RulesWrite)?;
    let link = app.store.link_of_rule(caller.workspace, rule).await?.id;
    change(app, caller, link, None, |link, domain, stamp| {
        link.edit_rule(rule, patch(domain)?, stamp.now).cloned()
    })
    .await
}

pub async fn remove_rule(app: &App, caller: &Caller, rule: RuleId) -> Result<(Link, Rule)> {
    caller.may(Scope::RulesWrite)?;
    let link = app.store.link_of_rule(caller.workspace, rule).await?.id;
    change(app, caller, link, None, |link, _, _| link.remove_rule(rule)).await
}

/// The link that a rule belongs to, and the rule.
pub async fn link_of_rule(app: &App, caller: &Caller, rule: RuleId) -> Result<(Link, Rule)> {
    caller.may(Scope::RulesRead)?;
    let link = app.store.link_of_rule(caller.workspace, rule).await?;
    let rule = link.rule(rule)?.clone();
    Ok((link, rule))
}
