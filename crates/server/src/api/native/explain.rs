//! `/api/v1/links/{id}/explain`: what a visitor gets, and every condition on the way.

use std::{collections::BTreeMap, net::IpAddr};

use axum::{Json, extract::State};
use jiff::Timestamp;
use model::{Error, What};
use serde::Deserialize;
use serde_json::Value;
use targeting::Described;

use super::{super::json, Authed, Body, Native, Place, Result, id};
use crate::{
    App,
    ops::{self, Asked, Explained},
};

/// Whose visit is explained: either facts, or a request as the server would see it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Visit {
    /// By field, such as `{"country":"US"}`; all others are unknown.
    facts: Option<Value>,
    ip: Option<String>,
    user_agent: Option<String>,
    headers: Option<BTreeMap<String, String>>,
    query: Option<String>,
    /// The moment of the click; now unless given.
    at: Option<String>,
}

pub(super) async fn explain(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    Body(body, _): Body<Native, Visit>,
) -> Result<Json<Explained>> {
    let link = id(&link, What::Link)?;
    Ok(Json(ops::explain(&app, &caller, link, &body.asked()?).await?))
}

impl Visit {
    fn asked(self) -> model::Result<Asked> {
        let at = self.at.as_deref().map(|text| json::time("at", text)).transpose()?;
        match self.facts {
            Some(facts) => {
                let raw = self.ip.is_some() || self.user_agent.is_some() || self.headers.is_some();
                if raw || self.query.is_some() {
                    return Err(Error::invalid(
                        "facts",
                        "stand alone: no ip, userAgent, headers or query",
                    ));
                }
                described(&facts, at)
            }
            None => {
                let mut headers: Vec<(String, String)> = self
                    .headers
                    .unwrap_or_default()
                    .into_iter()
                    .map(|(name, value)| (name.to_lowercase(), value))
                    .collect();
                headers.extend(self.user_agent.map(|agent| ("user-agent".to_owned(), agent)));
                let ip = self.ip.as_deref().map(address).transpose()?;
                let query = self.query.unwrap_or_default();
                Ok(Asked::Raw { ip, headers, query: query.trim_start_matches('?').to_owned(), at })
            }
        }
    }
}

fn described(facts: &Value, at: Option<Timestamp>) -> model::Result<Asked> {
    match Described::parse(facts) {
        Ok(facts) => Ok(Asked::Described { facts, at }),
        Err(problems) => Err(Error::from(problems).under("facts")),
    }
}

fn address(text: &str) -> model::Result<IpAddr> {
    text.parse().map_err(|_| Error::invalid("ip", format!("{text:?} is no IP address")))
}
