//! `/api/v1/domains/{domain}/check`: whether visitors of a domain come to this server.

use axum::{Json, extract::State};
use model::What;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Authed, Native, Place, Result, id};
use crate::{App, ops};

/// What was found of a domain.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DomainCheck, example = json!({
    "host": "go.example.com", "reached": true, "addresses": ["192.0.2.1"],
    "ourAddresses": ["192.0.2.1"], "tries": [{"url": "https://go.example.com/", "problem": null}],
    "advice": "go.example.com reaches this server: there is nothing to do.",
}))]
pub(super) struct ReachView {
    host: String,
    /// Whether this server answers at one of the URLs.
    reached: bool,
    /// What its name stands for in the DNS, as this server sees it.
    addresses: Vec<String>,
    /// What the name of the public URL stands for.
    our_addresses: Vec<String>,
    /// Where it was asked.
    tries: Vec<TriedView>,
    /// What is to be done, in whole sentences.
    advice: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DomainTry, example = json!({"url": "https://go.example.com/", "problem": null}))]
struct TriedView {
    /// Where this server was asked for.
    url: String,
    /// Why this server does not answer there; null where it does.
    problem: Option<String>,
}

/// Check a domain
///
/// Looks its name up in the DNS and asks at it for this server, which answers with a signature that no
/// other can make. It may take some seconds.
#[utoipa::path(
    get,
    operation_id = "checkDomain",
    path = "/domains/{domain}/check",
    tag = "Domains",
    responses((status = 200, description = "as found", body = ReachView)),
)]
pub(super) async fn check(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<Json<ReachView>> {
    let found = ops::reach(&app, &caller, id(&text, What::Domain)?).await?;
    let texts = |all: &[std::net::IpAddr]| all.iter().map(ToString::to_string).collect();
    Ok(Json(ReachView {
        reached: found.tries.iter().any(|tried| tried.problem.is_none()),
        addresses: texts(&found.addresses),
        our_addresses: texts(&found.ours),
        tries: found
            .tries
            .into_iter()
            .map(|tried| TriedView { url: tried.url.into(), problem: tried.problem })
            .collect(),
        host: found.host,
        advice: found.advice,
    }))
}
