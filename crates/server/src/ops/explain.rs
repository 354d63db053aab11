//! Explaining what a visitor gets.

use std::net::{IpAddr, Ipv4Addr};

use jiff::Timestamp;
use model::{Caller, Error, LinkId, Result, RuleId, Scope, What};
use serde::Serialize;
use targeting::{Described, Explained as Condition};

use crate::{
    App,
    redirect::{self, Gate, Request, Route},
};

/// Whose visit is explained.
#[derive(Clone, Debug)]
pub enum Asked {
    /// Facts by field; all others are unknown.
    Described { facts: Described, at: Option<Timestamp> },
    /// A request as the server would see it.
    Raw {
        ip: Option<IpAddr>,
        /// With lower-case names.
        headers: Vec<(String, String)>,
        /// The query of the clicked address.
        query: String,
        at: Option<Timestamp>,
    },
}

/// What the visitor gets, and every condition on the way.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// The URL; none where a page is shown.
    pub goes_to: Option<String>,
    pub status: u16,
    /// `destination`, `rule`, `blocked`, `expired`, `gone` or `notFound`.
    pub outcome: &'static str,
    /// The rule that decided.
    pub rule: Option<String>,
    /// Which way of the rule's split.
    pub variant: Option<u32>,
    pub gates: Gates,
    /// Whether the agent is known as a bot, and which.
    pub bot: Option<Bot>,
    pub rules: Vec<ExplainedRule>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gates {
    pub state: Gate,
    /// Whether a password is asked for first.
    pub password: bool,
    pub click_limit: Option<u64>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Bot {
    pub name: String,
    pub class: &'static str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedRule {
    pub id: String,
    pub name: String,
    pub enabled: bool,
    /// None for a rule that is off.
    pub when: Option<Condition>,
}

pub async fn explain(app: &App, caller: &Caller, id: LinkId, asked: &Asked) -> Result<Explained> {
    caller.may(Scope::RulesRead)?;
    let link = app.store.link(caller.workspace, id).await?;
    let hosted =
        app.routes.hosted(link.address().host.as_str()).ok_or(Error::NotFound(What::Domain))?;
    let route = Route::compile(&link);
    let none: &[(String, String)] = &[];
    let (ip, headers, query, at, described) = match asked {
        Asked::Described { facts, at } => (None, none, "", at, Some(facts)),
        Asked::Raw { ip, headers, query, at } => {
            (*ip, headers.as_slice(), query.as_str(), at, None)
        }
    };
    let header =
        |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let request = Request {
        is_head: false,
        host: link.address().host.as_str(),
        path: link.address().slug.as_str(),
        query,
        header: &header,
        // No source knows this address, so that everything about its place is unknown.
        address: ip.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        is_secure: false,
        now: at.unwrap_or_else(|| app.now()),
    };
    let told = redirect::explain(app, &hosted, &route, &request, described);
    let live = link.rules.iter().filter(|rule| rule.enabled);
    let mut conditions = told.rules.beside(live.map(|rule| &rule.when)).rules.into_iter();
    let rules = link.rules.iter().map(|rule| ExplainedRule {
        id: rule.id.plain("rule"),
        name: rule.name.clone(),
        enabled: rule.enabled,
        when: if rule.enabled { conditions.next() } else { None },
    });
    let (rule, variant) = told.outcome.rule().unzip();
    Ok(Explained {
        goes_to: told.location,
        status: told.status,
        outcome: told.outcome.name(),
        rule: rule.and_then(RuleId::new).map(|rule| rule.plain("rule")),
        variant: variant.flatten(),
        gates: Gates {
            state: told.gate,
            password: link.password_hash.is_some(),
            click_limit: link.click_limit,
        },
        bot: told.bot.map(|(name, class)| Bot { name, class }),
        rules: rules.collect(),
    })
}
