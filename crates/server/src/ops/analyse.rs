//! What a link does that its author may not have meant.

use model::{Caller, Domain, Link, LinkId, Result, Scope, Stamp};
use serde::Serialize;
use targeting::{Finding, FindingKind, Proof, Severity};
use utoipa::ToSchema;

use super::{domains, links::own, loops};
use crate::App;

/// A finding, with its place in the link. It never stops a save.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "neverMatches", "severity": "warning", "at": "rules[1]", "rule": "rule_000Yl3bWu",
    "message": "Rule 2 can never match: rule 1 takes all of its visitors.",
    "proof": {"type": "covered"}, "certain": true,
}))]
pub struct Warning {
    #[schema(value_type = String)]
    pub kind: Kind,
    #[schema(value_type = String)]
    pub severity: Severity,
    /// Such as `rules[1].when.all[0]`.
    pub at: String,
    /// The rule that it is about.
    pub rule: Option<String>,
    /// A whole sentence, which counts rules from 1.
    pub message: String,
    /// What shows it, by `type`.
    #[schema(value_type = Object)]
    pub proof: Why,
    /// Whether it is so for every visitor whose facts are known; where not, the message says "may".
    pub certain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Kind {
    OfRules(FindingKind),
    OfLink(LinkKind),
}

/// What is found of a link as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LinkKind {
    /// Visitors may come back to it through other links of this server.
    Circle,
    /// It says "for ever" of an answer that depends on who asks or when.
    PermanentStatus,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Why {
    OfRules(Proof),
    OfLink(LinkProof),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum LinkProof {
    /// The short URLs on the way, the link's own last.
    Circle { through: Vec<String> },
    /// The keys of the link on which its answer depends.
    Varies { by: Vec<&'static str> },
}

/// Analyses a link as `edit` would make it; nothing is saved.
pub async fn analyse(
    app: &App,
    caller: &Caller,
    id: LinkId,
    edit: impl Fn(&mut Link, &Domain, &Stamp<'_>) -> Result<()>,
) -> Result<Vec<Warning>> {
    caller.may(Scope::RulesRead)?;
    let mut link = own(app, caller, id).await?;
    let domain = domains::by_id(app, link.address().domain)?;
    edit(&mut link, &domain, &app.stamp())?;
    Ok(warnings(app, &link))
}

/// Everything worth saying of a link.
pub fn warnings(app: &App, link: &Link) -> Vec<Warning> {
    let found = app.findings.of(link, &app.facts.geo);
    let mut warnings: Vec<Warning> = found.iter().map(|it| of_rules(link, it)).collect();
    warnings.extend(loops::possible(app, link).map(|circle| of_circle(link, circle)));
    warnings.extend(permanent(link));
    warnings
}

fn of_rules(link: &Link, finding: &Finding) -> Warning {
    let when = format!("rules[{}].when", finding.rule);
    let dot = if finding.at.is_empty() { "" } else { "." };
    Warning {
        kind: Kind::OfRules(finding.kind),
        severity: finding.severity,
        at: format!("{when}{dot}{}", finding.at),
        rule: link.rules.get(finding.rule).map(|rule| rule.id.plain("rule")),
        message: finding.message.clone(),
        proof: Why::OfRules(finding.proof.clone()),
        certain: finding.certain,
    }
}

fn of_circle(link: &Link, circle: loops::Circle) -> Warning {
    let index = circle.at.strip_prefix("rules[").and_then(|rest| rest.split(']').next());
    let rule = index.and_then(|i| link.rules.get(i.parse::<usize>().ok()?));
    let through = circle.through.join(", then ");
    Warning {
        kind: Kind::OfLink(LinkKind::Circle),
        severity: Severity::Warning,
        message: format!("Visitors may come back to this link: it leads to {through}."),
        at: circle.at,
        rule: rule.map(|rule| rule.id.plain("rule")),
        proof: Why::OfLink(LinkProof::Circle { through: circle.through }),
        certain: false,
    }
}

/// 301 and 308 let others remember one answer for everyone and for ever.
fn permanent(link: &Link) -> Option<Warning> {
    let varies = [
        ("rules", link.rules.iter().any(|rule| rule.enabled)),
        ("defaultSplit", 1 < link.default_split.len()),
        ("destination", link.default_split.is_empty() && link.destination.varies()),
        ("startsAt", link.starts_at.is_some()),
        ("expiresAt", link.expires_at.is_some()),
        ("clickLimit", link.click_limit.is_some()),
    ];
    let by: Vec<&str> = varies.into_iter().filter(|(_, varies)| *varies).map(|row| row.0).collect();
    if !link.status.is_permanent() || by.is_empty() {
        return None;
    }
    let (code, keys) = (link.status.code(), by.join(", "));
    let instead = if code == 308 { 307 } else { 302 };
    Some(Warning {
        kind: Kind::OfLink(LinkKind::PermanentStatus),
        severity: Severity::Warning,
        at: "status".to_owned(),
        rule: None,
        message: format!(
            "Status {code} says that the answer stays the same for ever, and it depends on {keys}: \
             search engines and apps may keep what one visitor got. {instead} does not say so."
        ),
        proof: Why::OfLink(LinkProof::Varies { by }),
        certain: false,
    })
}
