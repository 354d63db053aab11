//! Rules that several links share.
//!
//! A rule belongs to one link. Attaching it to another puts a copy there that remembers where it
//! came from; a rule and its copies are a group, which callers who think of rules as shared read,
//! edit and remove as one. Whoever edits a copy by itself, as our own API does, edits that alone.

use model::{
    Caller, Destination, Domain, Error, Link, LinkId, Result, Rule, RuleDraft, RuleId, RulePatch,
    Scope, Stamp, What,
};
use store::Filter;

use super::{
    links::{change, links_within, seen},
    permissions::may_with,
};
use crate::App;

/// The rule and all its copies, each with its link; the rule itself first, where it is still there.
pub async fn rule_group(app: &App, caller: &Caller, id: RuleId) -> Result<Vec<(Link, Rule)>> {
    caller.may(Scope::RulesRead)?;
    group(app, caller, id).await
}

/// Edits a rule and all its copies alike, one link after the other; a link that refuses (by a test
/// that would fail) ends that, and what was edited before stays.
pub async fn edit_rule_group(
    app: &App,
    caller: &Caller,
    id: RuleId,
    patch: impl Fn(&Domain, &Rule) -> Result<RulePatch>,
) -> Result<Vec<(Link, Rule)>> {
    caller.may(Scope::RulesWrite)?;
    let mut edited = Vec::new();
    for (link, rule) in group(app, caller, id).await? {
        let edit = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
            let patch = patch(domain, link.rule(rule.id)?)?;
            link.edit_rule(rule.id, patch, stamp.now).cloned()
        };
        edited.push(change(app, caller, link.id, None, edit).await?);
    }
    Ok(edited)
}

/// Puts a rule's copy on another link; one that is there already keeps to its place unless a
/// priority is named.
pub async fn attach_rule(
    app: &App,
    caller: &Caller,
    id: RuleId,
    to: LinkId,
    priority: Option<i64>,
) -> Result<(Link, Rule)> {
    may_with(app, caller, Scope::RulesWrite, to).await?;
    let group = group(app, caller, id).await?;
    let (_, rule) = group.first().ok_or(Error::NotFound(What::Rule))?;
    let origin = rule.origin.unwrap_or(rule.id);
    let attach = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        if let Some(there) = link.rules.iter().find(|rule| belongs(rule, origin)) {
            let patch = RulePatch { priority, ..RulePatch::default() };
            return link.edit_rule(there.id, patch, stamp.now).cloned();
        }
        for destination in rule.destinations() {
            // The other link's domain may allow fewer schemes.
            Destination::parse("action.redirect", destination.authored(), domain.schemes())?;
        }
        let copy = RuleDraft { origin: Some(origin), priority, ..RuleDraft::like(rule) };
        link.add_rule(copy, stamp).cloned()
    };
    change(app, caller, to, None, attach).await
}

/// Takes a rule's copy, or the rule itself, off one of several links. The last one keeps it.
pub async fn detach_rule(app: &App, caller: &Caller, id: RuleId, from: LinkId) -> Result<Rule> {
    may_with(app, caller, Scope::RulesWrite, from).await?;
    let group = group(app, caller, id).await?;
    let found = group.iter().find(|(link, _)| link.id == from);
    let (_, rule) = found.ok_or(Error::NotFound(What::Rule))?;
    if group.len() == 1 {
        let why = "is the only link that has the rule: delete the rule, or attach it elsewhere \
                   first";
        return Err(Error::invalid("linkId", why));
    }
    let remove = |link: &mut Link, _: &Domain, _: &Stamp<'_>| link.remove_rule(rule.id);
    Ok(change(app, caller, from, None, remove).await?.1)
}

/// A page of the links that have rules, newest first, those after `after`.
pub async fn links_with_rules(
    app: &App,
    caller: &Caller,
    folder: Option<&str>,
    after: Option<LinkId>,
    limit: i64,
) -> Result<Vec<Link>> {
    caller.may(Scope::RulesRead)?;
    let folder = folder.map(str::to_owned);
    let filter = Filter { folder, with_rules: true, ..Filter::default() };
    links_within(app, caller, &filter, after, limit).await
}

async fn group(app: &App, caller: &Caller, id: RuleId) -> Result<Vec<(Link, Rule)>> {
    let origin = match app.store.link_of_rule(caller.workspace, id).await {
        Ok(link) => link.rule(id)?.origin.unwrap_or(id),
        // Its copies go by its name when it is gone.
        Err(Error::NotFound(_)) => id,
        Err(other) => return Err(other),
    };
    let links = app.store.links_of_origin(caller.workspace, origin).await?;
    let mut group: Vec<(Link, Rule)> = Vec::new();
    for link in links.into_iter().filter_map(|link| seen(caller, link).ok()) {
        if let Some(rule) = link.rules.iter().find(|rule| belongs(rule, origin)).cloned() {
            group.push((link, rule));
        }
    }
    group.sort_by_key(|(_, rule)| rule.id != origin);
    if group.is_empty() { Err(Error::NotFound(What::Rule)) } else { Ok(group) }
}

fn belongs(rule: &Rule, origin: RuleId) -> bool {
    rule.id == origin || rule.origin == Some(origin)
}
