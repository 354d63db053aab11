//! `/api/v1/links/{id}/rules`.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use model::{Caller, Error, Link, LinkId, Rule, RuleDraft, RuleId, RulePatch, What};
use serde_json::{Value, json};

use super::{
    Authed, Body, Native, Page, Params, Place, Result, created, id, insisting,
    parameters::Forced,
    schema::{NewRule, Rule as RuleView, RuleChange},
};
use crate::{App, ops};

/// List the rules of a link
///
/// In the order in which they are tried.
#[utoipa::path(
    get,
    operation_id = "listRules",
    path = "/links/{link}/rules",
    tag = "Rules",
    responses((status = 200, description = "as asked", body = Page<RuleView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
) -> Result<Json<Page<Value>>> {
    let link = ops::link(&app, &caller, id(&link, What::Link)?).await?;
    Ok(Json(Page::whole(link.rules.iter().map(Rule::wire).collect())))
}

/// Add a rule
///
/// Without a priority it goes last.
#[utoipa::path(
    post,
    operation_id = "createRule",
    path = "/links/{link}/rules",
    tag = "Rules",
    params(Forced),
    request_body = NewRule,
    responses((status = 201, description = "made", body = RuleView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    params: Params,
    Body(body, _): Body<Native, Value>,
) -> Result<Response> {
    let caller = insisting(caller, &params)?;
    let link = id(&link, What::Link)?;
    let draft = |domain: &model::Domain| RuleDraft::parse(&body, domain.schemes());
    let (link, rule) = ops::add_rule(&app, &caller, link, draft).await?;
    let path = format!("/api/v1/links/{}/rules/{}", link.id.split("lnk"), rule.id.plain("rule"));
    Ok(created(path, saved(&app, &link, &rule)))
}

/// Read a rule
#[utoipa::path(
    get,
    operation_id = "getRule",
    path = "/links/{link}/rules/{rule}",
    tag = "Rules",
    responses((status = 200, description = "as asked", body = RuleView)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, rule), _): Place<Native, (String, String)>,
) -> Result<Json<Value>> {
    Ok(Json(rule_of(&app, &caller, &link, &rule).await?.wire()))
}

/// Change a rule
///
/// What is left out stays as it is.
#[utoipa::path(
    patch,
    operation_id = "updateRule",
    path = "/links/{link}/rules/{rule}",
    tag = "Rules",
    params(Forced),
    request_body = RuleChange,
    responses((status = 200, description = "as asked", body = RuleView)),
)]
pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, rule), _): Place<Native, (String, String)>,
    params: Params,
    Body(body, _): Body<Native, Value>,
) -> Result<Json<Value>> {
    let caller = insisting(caller, &params)?;
    let rule = rule_of(&app, &caller, &link, &rule).await?.id;
    let patch = |domain: &model::Domain| RulePatch::parse(&body, domain.schemes());
    let (link, rule) = ops::edit_rule(&app, &caller, rule, patch).await?;
    Ok(Json(saved(&app, &link, &rule)))
}

/// Delete a rule
#[utoipa::path(
    delete,
    operation_id = "deleteRule",
    path = "/links/{link}/rules/{rule}",
    tag = "Rules",
    params(Forced),
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((link, rule), _): Place<Native, (String, String)>,
    params: Params,
) -> Result<StatusCode> {
    let caller = insisting(caller, &params)?;
    let rule = rule_of(&app, &caller, &link, &rule).await?.id;
    ops::remove_rule(&app, &caller, rule).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A rule that was just saved, with what may not have been meant of its link.
fn saved(app: &App, link: &Link, rule: &Rule) -> Value {
    let mut view = rule.wire();
    view["warnings"] = json!(ops::warnings(app, link));
    view
}

/// The rule, where it is one of that link.
async fn rule_of(app: &App, caller: &Caller, link: &str, rule: &str) -> model::Result<Rule> {
    let (link, rule): (LinkId, RuleId) = (id(link, What::Link)?, id(rule, What::Rule)?);
    let (owner, rule) = ops::link_of_rule(app, caller, rule).await?;
    if owner.id == link { Ok(rule) } else { Err(Error::NotFound(What::Rule)) }
}
