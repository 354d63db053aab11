//! Why a past click went where it went, beside what its visitor would get now.

use model::{
    Action, Caller, Class, Click, ClickId, Error, Example, Link, Outcome, Plan, Result, Rule,
    RuleId, Scope, What,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use targeting::{Field, Rules, Trace, When};
use utoipa::ToSchema;

use super::super::links::own;
use super::{Explained, ExplainedRule, explain_link, iso, rules};
use crate::App;

/// A click explained twice: as it was decided, and as it would be decided now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": "clk_00c3f1c2a4b51f3e6d7a8b9c0d1e2f30_1000", "link": "lnk_0001_y3bWuA",
    "at": "2026-11-21T10:00:00.000Z", "class": "person",
    "then": {"revision": 1, "outcome": "destination", "rule": null, "variant": null,
             "destination": "https://example.com/", "rules": []},
    "now": null, "notKept": [], "visitor": {"country": "FR"},
}))]
pub struct ExplainedClick {
    pub id: String,
    pub link: String,
    pub at: String,
    pub class: &'static str,
    pub then: Then,
    /// None where the link is gone.
    pub now: Option<Explained>,
    /// What the present rules ask and the click did not keep; unknown in `now`.
    pub not_kept: Vec<String>,
    /// What was kept of the visitor, by field, as explaining a link takes it; null is unknown.
    pub visitor: Map<String, Value>,
}

/// The decision as the click's trace and the revision of then tell it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "revision": 1, "outcome": "destination", "rule": null, "variant": null,
    "destination": "https://example.com/", "rules": [],
}))]
pub struct Then {
    pub revision: i64,
    pub outcome: &'static str,
    pub rule: Option<String>,
    pub variant: Option<u32>,
    /// As its author wrote it; the URL that went out may have held facts that are not kept.
    pub destination: Option<String>,
    /// Empty where the rules of then can no longer be read.
    pub rules: Vec<ExplainedRule>,
}

pub async fn explain_click(app: &App, caller: &Caller, id: ClickId) -> Result<ExplainedClick> {
    caller.may(Scope::StatsRead)?;
    caller.may(Scope::RulesRead)?;
    app.clicks.flush(super::super::clicks::PATIENCE).await;
    let record = super::super::clicks::click(app, caller, id).await?;
    let click = Click::decode(&record).map_err(Error::internal)?;
    let link = model::LinkId::new(click.link).ok_or(Error::NotFound(What::Click))?;
    let revision = app.store.revision(caller.workspace, link, click.revision).await?;
    let present = match own(app, caller, link).await {
        Ok(present) => Some(present),
        Err(Error::NotFound(_)) => None,
        Err(other) => return Err(other),
    };
    let not_kept = present.as_ref().map(|link| not_kept(link, &click)).unwrap_or_default();
    let visitor = visitor_of(&click, &not_kept);
    let now = match &present {
        Some(link) => {
            let example = Example::parse(&json!({ "visitor": visitor }))?;
            Some(explain_link(app, link, &example)?)
        }
        None => None,
    };
    Ok(ExplainedClick {
        id: id.to_string(),
        link: link.split("lnk"),
        at: jiff::Timestamp::from_millisecond(click.at).map(iso).map_err(Error::internal)?,
        class: click.class.name(),
        then: then(&revision.plan, &click),
        now,
        not_kept,
        visitor,
    })
}

fn then(plan: &Plan, click: &Click<'_>) -> Then {
    let live: Vec<&Rule> = plan.rules.iter().filter(|rule| rule.enabled).collect();
    let compiled = Rules::compile(live.iter().map(|rule| (&rule.when, rule.timezone.as_deref())));
    let (rule, _) = click.outcome.rule().unzip();
    let rule = rule.and_then(RuleId::new);
    let recalled = compiled.ok().map(|compiled| compiled.recall(&Trace::from_bytes(click.trace)));
    // A trace that does not lead to the click's own rule was cut short or left out.
    let winner = recalled.as_ref().and_then(|recalled| recalled.winner);
    let agrees = winner.and_then(|i| live.get(i)).map(|rule| rule.id) == rule;
    let recalled = recalled.filter(|_| agrees);
    Then {
        revision: click.revision,
        outcome: click.outcome.name(),
        rule: rule.map(|rule| rule.plain("rule")),
        variant: click.outcome.variant(),
        destination: destination(plan, click.outcome),
        rules: recalled
            .map(|recalled| rules(&plan.rules, recalled, closed(click.outcome), None))
            .unwrap_or_default(),
    }
}

/// Where the outcome led in a plan.
fn destination(plan: &Plan, outcome: Outcome) -> Option<String> {
    let variant = |variants: &[model::Variant]| {
        let i = usize::try_from(outcome.variant()?).ok()?;
        variants.get(i).map(|variant| variant.destination.authored().to_owned())
    };
    match outcome {
        Outcome::Destination => Some(plan.destination.authored().to_owned()),
        Outcome::Split { .. } => variant(&plan.default_split),
        Outcome::Rule { rule, .. } => {
            let rule = plan.rules.iter().find(|known| known.id.number() == rule)?;
            match &rule.action {
                Action::Redirect(to) => Some(to.authored().to_owned()),
                Action::Split(variants) => variant(variants),
                Action::Block(_) => None,
            }
        }
        Outcome::Blocked { .. }
        | Outcome::NotFound
        | Outcome::Expired
        | Outcome::Gone
        | Outcome::Password
        | Outcome::Card
        | Outcome::Stayed => None,
    }
}

/// Why no rule was asked.
fn closed(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Destination
        | Outcome::Split { .. }
        | Outcome::Rule { .. }
        | Outcome::Stayed
        | Outcome::Blocked { .. } => None,
        Outcome::NotFound => Some("the link was off or not yet active, so no rule was asked"),
        Outcome::Expired | Outcome::Gone => {
            Some("the link had expired or was used up, so no rule was asked")
        }
        Outcome::Password => Some("the password was asked for first"),
        Outcome::Card => Some("a preview was shown the link's card"),
    }
}

/// The kept facts by field. A text that is empty is not kept, and reads as empty again; a country
/// and the like that are not kept were not known.
fn facts(click: &Click<'_>) -> Map<String, Value> {
    let country = click.country.map(|code| String::from_utf8_lossy(&code).into_owned());
    let (bot, crawler) = match click.class {
        Class::Person => (Some(false), Some(false)),
        // The agent's own class is not kept.
        Class::Bot | Class::Preview => (Some(true), None),
        Class::Prefetch => (None, None),
    };
    let network = click.network;
    let facts = [
        ("country", json!(country)),
        ("region", json!(click.region)),
        ("city", json!(click.city)),
        ("asn", json!(click.asn)),
        ("isp", json!(click.isp)),
        ("vpn", json!(network.vpn)),
        ("proxy", json!(network.proxy)),
        ("tor", json!(network.tor)),
        ("datacenter", json!(network.datacenter)),
        ("deviceType", json!(click.device)),
        ("os", json!(click.os)),
        ("osVersion", json!(click.os_version)),
        ("browser", json!(click.browser)),
        ("browserVersion", json!(click.browser_version)),
        ("deviceBrand", json!(click.brand)),
        ("bot", json!(bot)),
        ("isCrawler", json!(crawler)),
        ("language", json!(click.language)),
        ("referrer", json!(click.referrer)),
        ("referrerDomain", json!(click.referrer_domain)),
        ("utmSource", json!(click.utm.source)),
        ("utmMedium", json!(click.utm.medium)),
        ("utmCampaign", json!(click.utm.campaign)),
        ("utmTerm", json!(click.utm.term)),
        ("utmContent", json!(click.utm.content)),
        ("isReturning", json!(click.returning)),
    ];
    // What a newer table no longer knows is not stated, rather than refused.
    let stands = |(name, value): &(&str, Value)| {
        !value.is_null() && targeting::Described::parse(&json!({ *name: value })).is_ok()
    };
    facts.into_iter().filter(stands).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Fields whose values clicks keep; `continent` and `isNewVisitor` follow from others, and clocks
/// are read now.
const KEPT: &[&str] = &[
    "country",
    "continent",
    "region",
    "city",
    "asn",
    "isp",
    "vpn",
    "proxy",
    "tor",
    "datacenter",
    "deviceType",
    "os",
    "osVersion",
    "browser",
    "browserVersion",
    "deviceBrand",
    "bot",
    "language",
    "referrer",
    "referrerDomain",
    "utmSource",
    "utmMedium",
    "utmCampaign",
    "utmTerm",
    "utmContent",
    "isNewVisitor",
    "isReturning",
    "hour",
    "time",
    "dayOfWeek",
    "date",
];

/// What a link asks of its visitors and a click did not keep, by field.
fn not_kept(link: &Link, click: &Click<'_>) -> Vec<String> {
    let mut asked = Vec::new();
    let live = link.rules.iter().filter(|rule| rule.enabled);
    live.for_each(|rule| fields(&rule.when, &mut asked));
    let slots = link.destinations().flat_map(model::Destination::slots);
    asked.extend(slots.map(|slot| slot.name().into_owned()));
    asked.sort_unstable();
    asked.dedup();
    let known_no_crawler = click.class == Class::Person;
    asked.retain(|name| {
        let kept = KEPT.contains(&name.as_str()) || (name == "isCrawler" && known_no_crawler);
        !kept && Field::parse(name).is_some()
    });
    asked
}

fn fields(when: &When, names: &mut Vec<String>) {
    match when {
        When::Test(test) => names.push(test.field.clone()),
        group => group.parts().iter().for_each(|part| fields(part, names)),
    }
}

/// The click's visitor as far as kept facts tell; what was not kept is unknown, never empty.
fn visitor_of(click: &Click<'_>, not_kept: &[String]) -> Map<String, Value> {
    let mut facts = facts(click);
    facts.extend(not_kept.iter().map(|name| (name.clone(), Value::Null)));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kept_field_is_one() {
        for name in KEPT {
            assert!(Field::parse(name).is_some(), "{name}");
        }
        let click = Click {
            country: Some(*b"FR"),
            region: Some("FR-75C"),
            device: Some("mobile"),
            os_version: Some("17.4"),
            language: Some("pt-BR"),
            returning: Some(true),
            asn: Some(13_335),
            ..Click::default()
        };
        let facts = facts(&click);
        for name in ["country", "deviceType", "osVersion", "language", "isReturning", "asn", "bot"]
        {
            assert!(facts.contains_key(name), "{name}: {facts:?}");
            assert!(KEPT.contains(&name), "{name}");
        }
    }

    #[test]
    fn what_was_not_kept_is_unknown_and_what_was_not_known_is_left_out() {
        let click = Click { country: Some(*b"ZZ"), ..Click::default() };
        assert!(!facts(&click).contains_key("country"));
        let visitor = visitor_of(&click, &["header.x-a".to_owned()]);
        assert_eq!(visitor.get("header.x-a"), Some(&Value::Null));
    }
}
