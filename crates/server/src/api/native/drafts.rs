//! `/api/v1/links/{id}/draft`.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use model::{Caller, Domain, Link, Patch, Rule, SavedDraft, Variant, What};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    super::json::{self as wire, Problems, Whole},
    Authed, Body, Native, Params, Place, Result, id, insisting,
    link::{destination_of, rule_drafts, split_of},
    link_view::LinkView,
    links::{read_version, saved, tag},
    parameters::{Forced, IfMatch},
    schema::{NewRule, Rule as RuleView, Variant as VariantView},
};
use crate::{
    App,
    ops::{self, Warning},
};

/// What is left out is as in the draft, else as in the link. The keys that only we set are accepted
/// and mean nothing, so that what was read can be sent back.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = DraftChange, example = json!({"destination": "https://example.com/new"}))]
pub(super) struct DraftBody {
    /// The revision that the draft is to stand on.
    #[schema(value_type = Option<i64>)]
    base: Option<Whole>,
    destination: Option<String>,
    #[serde(default, deserialize_with = "wire::nullable")]
    /// Null takes it away.
    #[schema(value_type = Option<Vec<VariantView>>)]
    default_split: Option<Option<Value>>,
    #[schema(value_type = Option<Vec<NewRule>>)]
    rules: Option<Vec<Value>>,
    #[schema(ignore)]
    #[serde(rename = "link")]
    _link: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "revision")]
    _revision: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "author")]
    _author: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "version")]
    _version: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "editors")]
    _editors: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "createdAt")]
    _created_at: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "updatedAt")]
    _updated_at: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "warnings")]
    _warnings: Option<IgnoredAny>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Draft, example = json!({
    "link": "lnk_0001_y3bWuA", "base": 1, "revision": 1, "destination": "https://example.com/new",
    "defaultSplit": null, "rules": [], "author": "scripts", "version": 1, "editors": [],
    "createdAt": "2026-11-21T10:00:00.000Z", "updatedAt": "2026-11-21T10:00:00.000Z",
    "warnings": [],
}))]
struct DraftView {
    link: String,
    /// The revision that it was begun from.
    base: i64,
    /// The link's own by now.
    revision: i64,
    destination: String,
    #[schema(value_type = Option<Vec<VariantView>>)]
    default_split: Option<Value>,
    #[schema(value_type = Vec<RuleView>)]
    rules: Vec<Value>,
    author: String,
    version: i64,
    /// Everybody else who saved it, and when last.
    editors: Vec<EditorView>,
    created_at: String,
    updated_at: String,
    warnings: Vec<Warning>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Editor, example = json!({"name": "scripts", "at": "2026-11-21T10:00:00.000Z"}))]
struct EditorView {
    name: String,
    at: String,
}

/// Read the draft of a link
#[utoipa::path(
    get,
    operation_id = "getDraft",
    path = "/links/{link}/draft",
    tag = "Revisions and drafts",
    responses((status = 200, description = "as asked", body = DraftView)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
) -> Result<Response> {
    let (link, draft) = ops::draft(&app, &caller, id(&link, What::Link)?).await?;
    Ok(shown(&app, &caller, &link, &draft))
}

/// Save a draft
///
/// A change of the destination and the rules that no visitor sees until it is published. What is
/// left out is as in the draft, else as in the link.
#[utoipa::path(
    put,
    operation_id = "saveDraft",
    path = "/links/{link}/draft",
    tag = "Revisions and drafts",
    params(IfMatch),
    request_body = DraftBody,
    responses((status = 200, description = "as asked", body = DraftView)),
)]
pub(super) async fn save(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    headers: HeaderMap,
    Body(body, _): Body<Native, DraftBody>,
) -> Result<Response> {
    let (link, version) = (id(&link, What::Link)?, read_version(&headers)?);
    let base = body.base.map(|Whole(base)| base);
    let patch = |domain: &Domain| body.patch(domain);
    let (link, draft) = ops::save_draft(&app, &caller, link, version, base, patch).await?;
    Ok(shown(&app, &caller, &link, &draft))
}

/// Throw a draft away
#[utoipa::path(
    delete,
    operation_id = "deleteDraft",
    path = "/links/{link}/draft",
    tag = "Revisions and drafts",
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
) -> Result<StatusCode> {
    ops::delete_draft(&app, &caller, id(&link, What::Link)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Publish a draft
///
/// Answers with the link. Where the link was saved by somebody else since the draft was begun, the
/// answer is 409 and says what both changed; `force` publishes nevertheless.
#[utoipa::path(
    post,
    operation_id = "publishDraft",
    path = "/links/{link}/draft/publish",
    tag = "Revisions and drafts",
    params(Forced, IfMatch),
    responses((status = 200, description = "as asked", body = LinkView<'_>)),
)]
pub(super) async fn publish(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    params: Params,
    headers: HeaderMap,
) -> Result<Response> {
    let caller = insisting(caller, &params)?;
    let (link, version) = (id(&link, What::Link)?, read_version(&headers)?);
    let link = ops::publish_draft(&app, &caller, link, version).await?;
    saved(&app, &caller, &link).await
}

impl DraftBody {
    pub(super) fn patch(&self, domain: &Domain) -> model::Result<Patch> {
        let mut problems = Problems::default();
        let destination = destination_of(self.destination.as_deref(), domain, &mut problems);
        let default_split = split_of(self.default_split.as_ref(), domain, &mut problems);
        let rules = self.rules.as_ref().map(|rules| rule_drafts(rules, domain, &mut problems));
        problems.finish()?;
        Ok(Patch { destination, default_split, rules, ..Patch::default() })
    }
}

fn shown(app: &App, caller: &Caller, link: &Link, draft: &SavedDraft) -> Response {
    let mut drafted = link.clone();
    drafted.follow(draft.plan.clone());
    let plan = &draft.plan;
    let split = Some(&plan.default_split).filter(|split| !split.is_empty());
    let editor = |editor: &model::Editor| EditorView {
        name: editor.name.clone(),
        at: wire::iso(Timestamp::from_millisecond(editor.at).unwrap_or(draft.updated_at)),
    };
    let view = DraftView {
        link: link.id.split("lnk"),
        base: draft.base,
        revision: link.revision,
        destination: plan.destination.authored().to_owned(),
        default_split: split.map(|split| Variant::list_wire(split)),
        rules: plan.rules.iter().map(Rule::wire).collect(),
        author: draft.author.clone(),
        version: draft.version,
        editors: draft.others(&caller.name).map(editor).collect(),
        created_at: wire::iso(draft.created_at),
        updated_at: wire::iso(draft.updated_at),
        warnings: ops::warnings(app, &drafted),
    };
    let mut response = Json(view).into_response();
    tag(&mut response, draft.version);
    response
}
