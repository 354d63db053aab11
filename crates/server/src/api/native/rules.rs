//! `/api/v1/links/{id}/rules`.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use model::{Caller, Error, LinkId, Rule, RuleDraft, RuleId, RulePatch, What};
use serde_json::Value;

use super::{Authed, Body, Native, Page, Place, Result, created, id};
use crate::{App, ops};

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
) -> Result<Json<Page<Value>>> {
    let link = ops::link(&app, &caller, id(&link, What::Link)?).await?;
    Ok(Json(Page::whole(link.rules.iter().map(Rule::wire).collect())))
}

pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    Body(body, _): Body<Native, Value>,
) -> Result<Response> {
    let link = id(&link, What::Link)?;
    let draft = |domain: &model::Domain| RuleDraft::parse(&body, domain.schemes());
    let (link, rule) = ops::add_rule(&app, &caller, link, draft).await?;
    let path = format!("/api/v1/links/{}/rules/{}", link.id.split("lnk"), rule.id.plain("rule"));
    Ok(created(path, rule.wire()))
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, rule), _): Place<Native, (String, String)>,
) -> Result<Json<Value>> {
    Ok(Json(rule_of(&app, &caller, &link, &rule).await?.wire()))
}

pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, rule), _): Place<Native, (String, String)>,
    Body(body, _): Body<Native, Value>,
) -> Result<Json<Value>> {
    let rule = rule_of(&app, &caller, &link, &rule).await?.id;
    let patch = |domain: &model::Domain| RulePatch::parse(&body, domain.schemes());
    let (_, rule) = ops::edit_rule(&app, &caller, rule, patch).await?;
    Ok(Json(rule.wire()))
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, rule), _): Place<Native, (String, String)>,
) -> Result<StatusCode> {
    let rule = rule_of(&app, &caller, &link, &rule).await?.id;
    ops::remove_rule(&app, &caller, rule).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The rule, where it is one of that link.
async fn rule_of(app: &App, caller: &Caller, link: &str, rule: &str) -> model::Result<Rule> {
    let (link, rule): (LinkId, RuleId) = (id(link, What::Link)?, id(rule, What::Rule)?);
    let (owner, rule) = ops::link_of_rule(app, caller, rule).await?;
    if owner.id == link { Ok(rule) } else { Err(Error::NotFound(What::Rule)) }
}
