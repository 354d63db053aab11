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

use super::{
    super::json::{self, Problems, Whole},
    Authed, Body, Native, Params, Place, Result, id, insisting,
    link::{destination_of, rule_drafts, split_of},
    links::{read_version, saved, tag},
};
use crate::{
    App,
    ops::{self, Warning},
};

/// What is left out is as in the draft, else as in the link. The keys that only we set are accepted
/// and mean nothing, so that what was read can be sent back.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DraftBody {
    /// The revision that the draft is to stand on.
    base: Option<Whole>,
    destination: Option<String>,
    #[serde(default, deserialize_with = "json::nullable")]
    default_split: Option<Option<Value>>,
    rules: Option<Vec<Value>>,
    #[serde(rename = "link")]
    _link: Option<IgnoredAny>,
    #[serde(rename = "revision")]
    _revision: Option<IgnoredAny>,
    #[serde(rename = "author")]
    _author: Option<IgnoredAny>,
    #[serde(rename = "version")]
    _version: Option<IgnoredAny>,
    #[serde(rename = "editors")]
    _editors: Option<IgnoredAny>,
    #[serde(rename = "createdAt")]
    _created_at: Option<IgnoredAny>,
    #[serde(rename = "updatedAt")]
    _updated_at: Option<IgnoredAny>,
    #[serde(rename = "warnings")]
    _warnings: Option<IgnoredAny>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DraftView {
    link: String,
    /// The revision that it was begun from.
    base: i64,
    /// The link's own by now.
    revision: i64,
    destination: String,
    default_split: Option<Value>,
    rules: Vec<Value>,
    author: String,
    version: i64,
    /// Everybody else who saved it, and when last.
    editors: Vec<EditorView>,
    created_at: String,
    updated_at: String,
    warnings: Vec<Warning>,
}

#[derive(Serialize)]
struct EditorView {
    name: String,
    at: String,
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
) -> Result<Response> {
    let (link, draft) = ops::draft(&app, &caller, id(&link, What::Link)?).await?;
    Ok(shown(&app, &caller, &link, &draft))
}

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

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
) -> Result<StatusCode> {
    ops::delete_draft(&app, &caller, id(&link, What::Link)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answers with the link, as every save of one does.
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
    fn patch(&self, domain: &Domain) -> model::Result<Patch> {
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
        at: json::iso(Timestamp::from_millisecond(editor.at).unwrap_or(draft.updated_at)),
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
        created_at: json::iso(draft.created_at),
        updated_at: json::iso(draft.updated_at),
        warnings: ops::warnings(app, &drafted),
    };
    let mut response = Json(view).into_response();
    tag(&mut response, draft.version);
    response
}
