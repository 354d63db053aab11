//! What was found of rules lately.
//!
//! To analyse rules takes longer than all the rest of making a link, and who makes many links gives many
//! of them the same conditions.

use std::sync::Arc;

use model::Link;
use quick_cache::sync::Cache;
use targeting::{Analysed, Finding, Known};

use crate::visitor::Geo;

/// Findings by all that they follow from.
pub struct Findings(Cache<Box<str>, Arc<[Finding]>>);

/// Lists of rules that are remembered.
const REMEMBERED: usize = 256;
/// Longer ones are analysed each time, so that all of them take a few megabytes at most.
const LONGEST: usize = 8 << 10;

impl Findings {
    /// What the analysis says of the rules of a link, in their order, where these sources tell of addresses.
    pub fn of(&self, link: &Link, geo: &Geo) -> Arc<[Finding]> {
        let rules: Vec<Analysed<'_>> = link
            .rules
            .iter()
            .map(|rule| Analysed {
                when: &rule.when,
                timezone: rule.timezone.as_deref(),
                tier: rule.tier as u8,
                enabled: rule.enabled,
            })
            .collect();
        if rules.is_empty() {
            return Arc::default();
        }
        let geo = geo.loaded();
        let analyse = || targeting::analyse(&rules, &Known::of(geo.tells())).into();
        let asked = rules.iter().map(|it| (it.when, it.timezone, it.tier, it.enabled));
        let key = serde_json::to_string(&(geo.state(), asked.collect::<Vec<_>>()));
        let Some(key) = key.ok().filter(|key| key.len() <= LONGEST) else { return analyse() };
        if let Some(findings) = self.0.get(&*key) {
            return findings;
        }
        let findings: Arc<[Finding]> = analyse();
        self.0.insert(key.into(), Arc::clone(&findings));
        findings
    }
}

impl Default for Findings {
    fn default() -> Findings {
        Findings(Cache::new(REMEMBERED))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use model::{Destination, Draft, RuleDraft, Schemes, Stamp, Status, WorkspaceId};
    use serde_json::{Value, json};

    use super::*;

    fn link(rules: &[Value]) -> Link {
        let destination = Destination::parse("", "https://example.com/", Schemes::WEB).unwrap();
        let rules = rules.iter().map(|rule| RuleDraft::parse(rule, Schemes::WEB).unwrap());
        let draft = Draft { rules: rules.collect(), ..Draft::new(destination) };
        let stamp = Stamp { now: Timestamp::UNIX_EPOCH, next_id: &|| 7 };
        let workspace = WorkspaceId::new(1).unwrap();
        draft.into_link(workspace, Vec::new(), Status::default(), &stamp).unwrap()
    }

    fn rule(field: &str, value: &str, enabled: bool, to: &str) -> Value {
        let when = json!({"field": field, "operator": "equals", "value": value});
        json!({"when": when, "enabled": enabled, "action": {"redirect": format!("https://{to}.example/")}})
    }

    #[test]
    fn the_same_conditions_are_analysed_once_wherever_they_lead() {
        let (findings, geo) = (Findings::default(), Geo::new(None));
        let of = |to: &str| {
            findings.of(
                &link(&[rule("country", "FR", true, to), rule("country", "FR", true, to)]),
                &geo,
            )
        };
        let first = of("a");
        assert_eq!(first.len(), 1, "{first:?}");
        assert!(Arc::ptr_eq(&first, &of("b")));
    }

    #[test]
    fn whatever_else_they_follow_from_makes_others() {
        let (findings, geo) = (Findings::default(), Geo::new(None));
        let told = |rules: &[Value]| findings.of(&link(rules), &geo).to_vec();
        let (first, second) = (rule("country", "FR", true, "a"), rule("country", "FR", true, "b"));
        assert_eq!(told(&[first.clone(), second]).len(), 1);
        assert_eq!(told(&[first.clone(), rule("country", "FR", false, "b")]), []);
        assert_eq!(told(&[first, rule("country", "DE", true, "b")]), []);
        assert_eq!(told(&[]), []);
    }

    #[test]
    fn sources_that_come_later_are_heeded() {
        let findings = Findings::default();
        let rules = [rule("city", "Oslo", true, "a")];
        let demo = Geo::new(Some(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/demo").into()));
        assert_eq!(findings.of(&link(&rules), &demo).len(), 1);
        demo.reload_if_changed();
        assert_eq!(findings.of(&link(&rules), &demo).len(), 0);
    }
}
