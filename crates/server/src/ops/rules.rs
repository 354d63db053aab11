//! The rules of a link, one by one.

use model::{
    Caller, Domain, Error, Link, LinkId, Result, Rule, RuleDraft, RuleId, RulePatch, Scope, Stamp,
    What,
};

use super::{
    links::{change, seen},
    permissions::may_with,
};
use crate::App;

/// Adds a rule to a link; `draft` is called with the link's domain.
pub async fn add_rule(
    app: &App,
    caller: &Caller,
    link: LinkId,
    draft: impl Fn(&Domain) -> Result<RuleDraft>,
) -> Result<(Link, Rule)> {
    may_with(app, caller, Scope::RulesWrite, link).await?;
    put(app, caller, link, draft, Link::add_rule).await
}

/// Sets where the visitors of one condition go, whether or not there is a rule for it yet.
pub async fn set_rule(
    app: &App,
    caller: &Caller,
    link: LinkId,
    draft: impl Fn(&Domain) -> Result<RuleDraft>,
) -> Result<(Link, Rule)> {
    may_with(app, caller, Scope::RulesWrite, link).await?;
    put(app, caller, link, draft, Link::set_rule).await
}

/// Edits several rules of a link as one.
pub async fn edit_rules<T>(
    app: &App,
    caller: &Caller,
    link: LinkId,
    edit: impl Fn(&mut Link, &Domain, &Stamp<'_>) -> Result<T>,
) -> Result<(Link, T)> {
    may_with(app, caller, Scope::RulesWrite, link).await?;
    change(app, caller, link, None, edit).await
}

pub async fn edit_rule(
    app: &App,
    caller: &Caller,
    rule: RuleId,
    patch: impl Fn(&Domain) -> Result<RulePatch>,
) -> Result<(Link, Rule)> {
    caller.may(Scope::RulesWrite)?;
    let link = owner(app, caller, rule).await?.id;
    change(app, caller, link, None, |link, domain, stamp| {
        link.edit_rule(rule, patch(domain)?, stamp.now).cloned()
    })
    .await
}

pub async fn remove_rule(app: &App, caller: &Caller, rule: RuleId) -> Result<(Link, Rule)> {
    caller.may(Scope::RulesWrite)?;
    let link = owner(app, caller, rule).await?.id;
    change(app, caller, link, None, |link, _, _| link.remove_rule(rule)).await
}

/// The link that a rule belongs to, and the rule.
pub async fn link_of_rule(app: &App, caller: &Caller, rule: RuleId) -> Result<(Link, Rule)> {
    caller.may(Scope::RulesRead)?;
    let link = owner(app, caller, rule).await?;
    let rule = link.rule(rule)?.clone();
    Ok((link, rule))
}

/// The link of a rule that is there for the caller.
async fn owner(app: &App, caller: &Caller, rule: RuleId) -> Result<Link> {
    let link = app.store.link_of_rule(caller.workspace, rule).await?;
    seen(caller, link).map_err(|_| Error::NotFound(What::Rule))
}

/// Brings a rule into a link in one of the two ways.
async fn put(
    app: &App,
    caller: &Caller,
    link: LinkId,
    draft: impl Fn(&Domain) -> Result<RuleDraft>,
    put: impl for<'l> Fn(&'l mut Link, RuleDraft, &Stamp<'_>) -> Result<&'l Rule>,
) -> Result<(Link, Rule)> {
    let edit = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        put(link, draft(domain)?, stamp).cloned()
    };
    change(app, caller, link, None, edit).await
}
