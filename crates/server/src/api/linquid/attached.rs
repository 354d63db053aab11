//! `/api/rules/{id}/attach` and `/links`: one rule on several links.

use axum::{Json, extract::State, http::StatusCode};
use model::{Link, Rule, Scope, What};
use serde::{Deserialize, Serialize};

use super::{
    super::json::Whole, Authed, Body, Envelope, Linquid, Place, Result, envelope, link_id,
    rule::RuleView, rules::known,
};
use crate::{App, ops};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Attach {
    link_id: String,
    priority: Option<Whole>,
}

/// A link that has the rule, and the rule's place there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkView {
    id: String,
    short_code: String,
    short_url: String,
    title: Option<String>,
    priority: i64,
}

/// What remains of an attachment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Detached {
    id: String,
    link_id: String,
    detached: bool,
}

#[derive(Serialize)]
pub(super) struct Filled {
    updated: u64,
}

pub(super) async fn attach(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
    Body(body, _): Body<Linquid, Attach>,
) -> Result<(StatusCode, Json<Envelope<RuleView>>)> {
    let group = known(&app, &caller, &text).await?;
    let (_, rule) = group.first().ok_or(model::Error::NotFound(What::Rule))?;
    let link = link_id(&app, &caller, &body.link_id).await?;
    let priority = body.priority.map(|Whole(priority)| priority);
    let (link, rule) = ops::attach_rule(&app, &caller, rule.id, link, priority).await?;
    let view = RuleView::sayable(&link, &rule)?.of_link_as(body.link_id);
    Ok((StatusCode::CREATED, envelope(view)))
}

pub(super) async fn detach(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place((text, link), _): Place<Linquid, (String, String)>,
) -> Result<Json<Envelope<Detached>>> {
    let group = known(&app, &caller, &text).await?;
    let (_, rule) = group.first().ok_or(model::Error::NotFound(What::Rule))?;
    let detached =
        ops::detach_rule(&app, &caller, rule.id, link_id(&app, &caller, &link).await?).await?;
    let id = detached.origin.unwrap_or(detached.id).plain("rule");
    Ok(envelope(Detached { id, link_id: link, detached: true }))
}

pub(super) async fn links(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
) -> Result<Json<Envelope<Vec<LinkView>>>> {
    let group = known(&app, &caller, &text).await?;
    Ok(envelope(views(&app, &group)))
}

/// There, links keep snapshots of their rules that can fall behind. Here a link has the rule
/// itself, so that there is never anything to fill in.
pub(super) async fn backfill(Authed(caller, _): Authed<Linquid>) -> Result<Json<Envelope<Filled>>> {
    caller.may(Scope::RulesWrite)?;
    Ok(envelope(Filled { updated: 0 }))
}

pub(super) fn views(app: &App, group: &[(Link, Rule)]) -> Vec<LinkView> {
    let view = |(link, rule): &(Link, Rule)| LinkView {
        id: link.id.plain("link"),
        short_code: link.address().slug.to_string(),
        short_url: app.short_url(link.address()),
        title: link.title.clone(),
        priority: rule.priority,
    };
    group.iter().map(view).collect()
}
