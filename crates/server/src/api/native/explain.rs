//! `/api/v1/links/{id}/explain` and `/api/v1/clicks/{id}/explain`: what a visitor gets or got, and
//! every condition on the way; `/api/v1/me/visitor`: the caller as a link would see them.

use std::collections::BTreeMap;

use axum::{Extension, Json, extract::State, http::HeaderMap};
use model::{Domain, Error, Example, What};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    super::json as wire, Authed, Body, Native, Place, Result, drafts::DraftBody, id,
    schema::Visitor,
};
use crate::{
    App,
    front::Client,
    ops::{self, Explained, ExplainedClick},
    visitor::HINTS,
};

/// What is tried on a visitor in the place of the link as it is.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Tried {
    draft: bool,
    change: Option<DraftBody>,
}

/// A request as links see it: a visitor to try them with.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "ip": "203.0.113.7", "headers": {"user-agent": "Mozilla/5.0 …", "accept-language": "de"},
}))]
pub(super) struct Seen {
    ip: String,
    headers: BTreeMap<&'static str, String>,
}

/// Explain what a visitor gets
///
/// Every condition on the way, with the value that was seen, where it comes from, and whether it
/// is true, false or unknown. The same code answers visitors. With `draft` or a `change`, what they
/// would get by that; nothing is saved.
#[utoipa::path(
    post,
    operation_id = "explainLink",
    path = "/links/{link}/explain",
    tag = "Rules",
    request_body = Visitor,
    responses((status = 200, description = "as asked", body = Explained)),
)]
pub(super) async fn explain(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    Body(mut body, _): Body<Native, Value>,
) -> Result<Json<Explained>> {
    let link = id(&link, What::Link)?;
    let tried = Tried::taken_from(&mut body)?;
    let example = Example::parse(&body)?;
    let change = match tried {
        Tried { draft: true, change: Some(_) } => {
            return Err(Error::invalid("draft", "is tried as it was saved: no change").into());
        }
        Tried { draft: false, change: None } => {
            return Ok(Json(ops::explain(&app, &caller, link, &example).await?));
        }
        Tried { change, .. } => change,
    };
    let change = change.map(|change| move |domain: &Domain| change.patch(domain));
    let trial = ops::trial(&app, &caller, link, change).await?;
    Ok(Json(ops::explain_trial(&app, &trial, &example)?))
}

/// See yourself as a visitor
///
/// Your address and the headers that rules read, as links would see them: a visitor to try links
/// with.
#[utoipa::path(
    get,
    operation_id = "getMeAsVisitor",
    path = "/me/visitor",
    tag = "Rules",
    responses((status = 200, description = "as asked", body = Seen)),
)]
pub(super) async fn me(
    Authed(..): Authed<Native>,
    Extension(Client(ip)): Extension<Client>,
    headers: HeaderMap,
) -> Json<Seen> {
    let sent = |name: &&'static str| {
        let text = headers.get(*name)?.to_str().ok()?;
        Some((*name, text.to_owned()))
    };
    let headers = READ.iter().chain(&HINTS).filter_map(sent).collect();
    Json(Seen { ip: ip.to_string(), headers })
}

/// Headers that facts come from. Never `Cookie`: it holds who is signed in.
const READ: &[&str] = &["user-agent", "accept-language", "sec-gpc", "dnt"];

/// Explain a click
///
/// What the visitor got and why, from the trace that was kept; and what they would get now.
#[utoipa::path(
    get,
    operation_id = "explainClick",
    path = "/clicks/{click}/explain",
    tag = "Clicks",
    responses((status = 200, description = "as asked", body = ExplainedClick)),
)]
pub(super) async fn explain_click(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(click, _): Place<Native, String>,
) -> Result<Json<ExplainedClick>> {
    let click = click.parse().map_err(|_| Error::NotFound(What::Click))?;
    Ok(Json(ops::explain_click(&app, &caller, click).await?))
}

impl Tried {
    /// Takes what is tried out of a body, of which the visitor is left.
    fn taken_from(body: &mut Value) -> model::Result<Tried> {
        let mut taken = Map::new();
        for key in ["draft", "change"] {
            taken.extend(body.as_object_mut().and_then(|body| body.remove_entry(key)));
        }
        wire::read(Value::Object(taken).to_string().as_bytes())
    }
}
