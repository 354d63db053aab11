//! Explaining what a visitor gets.

mod click;
mod condition;
mod origin;

use std::net::{IpAddr, Ipv4Addr};

use jiff::Timestamp;
use model::{Caller, Error, Example, Link, LinkId, Outcome, Result, Rule, RuleId, Scope, What};
use serde::Serialize;
use targeting::Explanation;
use url::Url;
use utoipa::ToSchema;

use self::{condition::Condition, origin::Origins};
use super::{links::own, replay::Trial};
use crate::{
    App,
    redirect::{self, Gate, Request, Route, Told},
};

pub use click::{ExplainedClick, explain_click};

/// What the visitor gets, and every condition on the way.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "goesTo": "https://example.com/ios", "status": 302, "outcome": "rule",
    "rule": "rule_000Yl3bWu", "variant": null, "variantBy": null, "revision": 1,
    "gates": {"state": "open", "password": false, "clickLimit": null}, "bot": null, "rules": [],
}))]
pub struct Explained {
    /// The URL; none where a page is shown.
    pub goes_to: Option<String>,
    pub status: u16,
    /// `destination`, `split`, `rule`, `blocked`, `expired`, `gone` or `notFound`.
    pub outcome: &'static str,
    /// The rule that decided.
    pub rule: Option<String>,
    /// Which way of a split, of the rule's or of the link's own.
    pub variant: Option<u32>,
    /// What keeps the visitor to that way: `cookie` or `dailyHash`; none where nothing is known of
    /// them, so that the way is no more than an example.
    pub variant_by: Option<&'static str>,
    pub revision: i64,
    pub gates: Gates,
    /// Whether the agent is known as a bot, and which.
    pub bot: Option<Bot>,
    pub rules: Vec<ExplainedRule>,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"state": "open", "password": false, "clickLimit": null}))]
pub struct Gates {
    pub state: Gate,
    /// Whether a password is asked for first.
    pub password: bool,
    pub click_limit: Option<u64>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"name": "Googlebot", "class": "crawler"}))]
pub struct Bot {
    pub name: String,
    pub class: &'static str,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": "rule_000Yl3bWu", "name": "iOS", "enabled": true, "reached": true, "when": null,
}))]
pub struct ExplainedRule {
    pub id: String,
    pub name: String,
    pub enabled: bool,
    /// Whether the decision came as far as this rule.
    pub reached: bool,
    /// Why it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreached_because: Option<String>,
    /// None for a rule that is off.
    pub when: Option<Condition>,
}

pub async fn explain(
    app: &App,
    caller: &Caller,
    id: LinkId,
    example: &Example,
) -> Result<Explained> {
    caller.may(Scope::RulesRead)?;
    let link = own(app, caller, id).await?;
    explain_link(app, &link, example)
}

/// What the visitor would get, were the trial published.
pub fn explain_trial(app: &App, trial: &Trial, example: &Example) -> Result<Explained> {
    let mut link = trial.link.clone();
    link.follow(trial.plan.clone());
    explain_link(app, &link, example)
}

/// Explains a link as it is given, saved or not.
pub(super) fn explain_link(app: &App, link: &Link, example: &Example) -> Result<Explained> {
    let (told, zone) = tell(app, link, example)?;
    let origins = Origins::of(app, example, zone, example.at().unwrap_or_else(|| app.now()));
    let closed = gate_sentence(told.gate);
    let rules = rules(&link.rules, told.rules, closed, Some(&origins));
    let rule = told.outcome.rule().and_then(|(rule, _)| RuleId::new(rule));
    Ok(Explained {
        goes_to: told.location,
        status: told.status,
        outcome: told.outcome.name(),
        rule: rule.map(|rule| rule.plain("rule")),
        variant: told.outcome.variant(),
        variant_by: told.sticky_by,
        revision: link.revision,
        gates: Gates {
            state: told.gate,
            password: link.password_hash.is_some(),
            click_limit: link.click_limit,
        },
        bot: told.bot.map(|(name, class)| Bot { name, class }),
        rules,
    })
}

/// What an example gets of a link, and why, in one sentence.
pub(super) fn outcome(app: &App, link: &Link, example: &Example) -> Result<(Told, String)> {
    let (told, _) = tell(app, link, example)?;
    let rules = rules(&link.rules, told.rules.clone(), gate_sentence(told.gate), None);
    let because = reason(told.outcome, &rules);
    Ok((told, because))
}

/// The redirect's own decision, and the name of the zone in which it reads clocks.
fn tell(app: &App, link: &Link, example: &Example) -> Result<(Told, String)> {
    let host = link.address().host.as_str();
    let hosted = app.routes.hosted(host).ok_or(Error::NotFound(What::Domain))?;
    let route = Route::compile(link.clone());
    let none: &[(String, String)] = &[];
    let (ip, headers, described) = match example {
        Example::Described { facts, .. } => (None, none, Some(facts)),
        Example::Raw { ip, headers, url, .. } => {
            if let Some(url) = url {
                check_url(link, url, hosted.domain.case_sensitive)?;
            }
            (*ip, headers.as_slice(), None)
        }
    };
    let header =
        |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let request = Request {
        is_head: false,
        host,
        path: link.address().slug.as_str(),
        query: example.query(),
        header: &header,
        // No source knows this address, so that everything about its place is unknown.
        address: ip.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        is_secure: false,
        now: example.at().unwrap_or_else(|| app.now()),
        turn: None,
    };
    let told = redirect::explain(app, &hosted, &route, &request, described);
    Ok((told, hosted.domain.timezone.clone()))
}

/// The clicked address must be one of the link's; `/spring?a=b` and `?a=b` stand for it.
fn check_url(link: &Link, url: &str, case_sensitive: bool) -> Result<()> {
    let (host, path) = match Url::parse(url) {
        Ok(url) => (url.host_str().map(str::to_owned), url.path().to_owned()),
        Err(_) if url.starts_with('?') => return Ok(()),
        Err(_) if url.starts_with('/') => {
            (None, url.split(['?', '#']).next().unwrap_or_default().to_owned())
        }
        Err(_) => {
            return Err(Error::invalid("url", "must be the short URL that is clicked"));
        }
    };
    let key = model::fold_path(&path, case_sensitive);
    let is_it = |address: &model::Address| {
        host.as_deref().is_none_or(|host| host == address.host.as_str())
            && key.as_deref() == Some(address.slug.key(case_sensitive).as_str())
    };
    if link.addresses.iter().any(is_it) {
        return Ok(());
    }
    Err(Error::invalid("url", "is no address of this link"))
}

/// Each rule beside what the decision made of it; `closed` says why none was asked at all.
fn rules(
    rules: &[Rule],
    explanation: Explanation,
    closed: Option<&str>,
    origins: Option<&Origins<'_>>,
) -> Vec<ExplainedRule> {
    let live: Vec<(usize, &Rule)> =
        rules.iter().enumerate().filter(|(_, rule)| rule.enabled).collect();
    let winner = explanation.winner.and_then(|i| live.get(i).copied());
    let explained = explanation.beside(live.iter().map(|(_, rule)| &rule.when));
    let mut conditions = explained.rules.into_iter();
    let one = |(i, rule): (usize, &Rule)| {
        let unreached = match (rule.enabled, closed, winner) {
            (false, _, _) => Some("it is off".to_owned()),
            (true, Some(closed), _) => Some(closed.to_owned()),
            (true, None, Some((at, winner))) if at < i => {
                Some(format!("rule {} {:?} matched before", at + 1, winner.name))
            }
            (true, None, _) => None,
        };
        let condition = if rule.enabled { conditions.next() } else { None };
        ExplainedRule {
            id: rule.id.plain("rule"),
            name: rule.name.clone(),
            enabled: rule.enabled,
            reached: unreached.is_none(),
            when: condition.map(|condition| {
                Condition::of(condition, unreached.as_deref(), rule.timezone.as_deref(), origins)
            }),
            unreached_because: unreached,
        }
    };
    rules.iter().enumerate().map(one).collect()
}

fn gate_sentence(gate: Gate) -> Option<&'static str> {
    match gate {
        Gate::Open => None,
        Gate::Closed => Some("the link is off or not yet active, so no rule is asked"),
        Gate::Expired => Some("the link has expired, so no rule is asked"),
        Gate::Shut => Some("the link redirects nobody, so no rule is asked"),
    }
}

/// What decided, in one sentence for people; the rules are those of the link.
fn reason(outcome: Outcome, rules: &[ExplainedRule]) -> String {
    let rule = outcome.rule().and_then(|(rule, _)| RuleId::new(rule)).map(|id| id.plain("rule"));
    let found = rules.iter().enumerate().find(|(_, known)| Some(&known.id) == rule.as_ref());
    let Some((i, rule)) = found else {
        return match outcome {
            Outcome::NotFound => "the link is off or not yet active".to_owned(),
            Outcome::Expired | Outcome::Gone => "the link has expired".to_owned(),
            Outcome::Stayed => "no rule lets anybody leave".to_owned(),
            _ => "no rule matches".to_owned(),
        };
    };
    let mut because = Vec::new();
    if let Some(when) = &rule.when {
        when.decisive(&mut because);
    }
    let because = because.join(", ");
    format!("rule {} {:?} matches: {because}", i + 1, rule.name)
}

/// The moment in the form of our API.
fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
