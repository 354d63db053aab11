//! `/api/rules`: the rules that Linquid can say.

use std::collections::HashSet;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use model::{Caller, Domain, Link, Rule, RuleId, What};
use serde::Serialize;

use super::{
    Asked, Authed, Body, Envelope, Gone, Linquid, Params, Place, Result, attached, envelope, id,
    link_id,
    rule::{NewRule, RuleChange, RuleView},
};
use crate::{App, ops};

/// How many links are read at a time where all rules are listed.
const STEP: i64 = 500;

pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Body(body, _): Body<Linquid, NewRule>,
) -> Result<(StatusCode, Json<Envelope<RuleView>>)> {
    let link = link_id(&app, &caller, &body.link_id).await?;
    let (link, rule) = ops::add_rule(&app, &caller, link, |domain| body.draft(domain)).await?;
    // The link's id comes back in the caller's spelling, as everything else that was sent does.
    let view = RuleView::sayable(&link, &rule)?.of_link_as(body.link_id);
    Ok((StatusCode::CREATED, envelope(view)))
}

/// The rules of one link, in the order in which they are tried, or those of all links, each once.
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    params: Params,
) -> Result<Json<Envelope<Vec<RuleView>>>> {
    let asked = Asked::read(&params)?;
    let rules = match params.get("linkId") {
        Some(link) => {
            let link = ops::link(&app, &caller, link_id(&app, &caller, link).await?).await?;
            of_link(&link).collect()
        }
        None => of_all(&app, &caller, params.get("campaignId")).await?,
    };
    Ok(asked.cut(rules))
}

pub(super) fn of_link(link: &Link) -> impl Iterator<Item = RuleView> {
    link.rules.iter().filter_map(|rule| RuleView::of(link, rule))
}

/// How many of them can be said here is not known before all were looked at, so all of them are.
async fn of_all(
    app: &App,
    caller: &Caller,
    campaign: Option<&str>,
) -> model::Result<Vec<RuleView>> {
    let (mut rules, mut seen, mut after) = (Vec::new(), HashSet::new(), None);
    loop {
        let links = ops::links_with_rules(app, caller, campaign, after, STEP).await?;
        let found = links.iter().flat_map(of_link);
        rules.extend(found.filter(|rule| seen.insert(rule.id.clone())));
        match links.last() {
            Some(last) if STEP <= links.len() as i64 => after = Some(last.id),
            _ => return Ok(rules),
        }
    }
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
) -> Result<Json<Envelope<RuleView>>> {
    let group = known(&app, &caller, &text).await?;
    Ok(envelope(first(&group)?))
}

pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
    Body(body, _): Body<Linquid, RuleChange>,
) -> Result<Json<Envelope<RuleView>>> {
    let group = known(&app, &caller, &text).await?;
    let (_, rule) = group.first().ok_or(model::Error::NotFound(What::Rule))?;
    let patch = |domain: &Domain, before: &Rule| body.patch(before, domain);
    let edited = ops::edit_rule_group(&app, &caller, rule.id, patch).await?;
    Ok(envelope(first(&edited)?))
}

/// What is left of a rule that cannot be removed as long as several links have it.
#[derive(Serialize)]
struct InUse {
    success: bool,
    error: InUseFault,
}

#[derive(Serialize)]
struct InUseFault {
    code: &'static str,
    message: String,
    links: Vec<attached::LinkView>,
}

/// Removes a rule from its link at once. One that was attached to further links is removed from
/// those first, by whoever attached it.
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
) -> Result<Response> {
    let group = known(&app, &caller, &text).await?;
    if let [(_, rule)] = group.as_slice() {
        let id = rule.origin.unwrap_or(rule.id).plain("rule");
        ops::remove_rule(&app, &caller, rule.id).await?;
        return Ok(envelope(Gone { id, deleted: true }).into_response());
    }
    let message = format!("the rule is attached to {} links: detach all but one", group.len());
    let links = attached::views(&app, &group);
    let error = InUseFault { code: "RULE_IN_USE", message, links };
    Ok((StatusCode::BAD_REQUEST, Json(InUse { success: false, error })).into_response())
}

/// A rule that this dialect can say, with its copies and the links of all.
pub(super) async fn known(
    app: &App,
    caller: &Caller,
    text: &str,
) -> model::Result<Vec<(Link, Rule)>> {
    let id: RuleId = id(text, What::Rule)?;
    let group = ops::rule_group(app, caller, id).await?;
    for (link, rule) in &group {
        RuleView::sayable(link, rule)?;
    }
    Ok(group)
}

fn first(group: &[(Link, Rule)]) -> model::Result<RuleView> {
    let (link, rule) = group.first().ok_or(model::Error::NotFound(What::Rule))?;
    RuleView::sayable(link, rule)
}
