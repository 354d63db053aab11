use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};

use super::*;
use crate::{Action, Schemes};

fn with_stamp<T>(run: impl FnOnce(&Stamp<'_>) -> T) -> T {
    let id = AtomicI64::new(1_000);
    let next_id = || id.fetch_add(1, Ordering::Relaxed);
    run(&Stamp { now: "2026-01-01T00:00:00Z".parse().unwrap(), next_id: &next_id })
}

fn destination(text: &str) -> Destination {
    Destination::parse("destination", text, Schemes::WEB).unwrap()
}

fn rule(country: &str, to: &str, priority: Option<i64>) -> Value {
    let mut rule = json!({
        "name": country,
        "when": {"field": "country", "operator": "equals", "value": country},
        "action": {"redirect": to},
    });
    if let Some(priority) = priority {
        rule["priority"] = json!(priority);
    }
    rule
}

fn draft(value: &Value) -> RuleDraft {
    RuleDraft::parse(value, Schemes::WEB).unwrap()
}

fn link(rules: Vec<RuleDraft>) -> Result<Link> {
    let address = Address {
        domain: DomainId::new(1).unwrap(),
        host: Host::parse("localhost").unwrap(),
        slug: Slug::parse("spring", true).unwrap(),
    };
    let draft = Draft { rules, ..Draft::new(destination("https://example.com")) };
    with_stamp(|stamp| {
        draft.into_link(WorkspaceId::new(1).unwrap(), vec![address], Status::default(), stamp)
    })
}

fn order(link: &Link) -> Vec<(&str, i64)> {
    link.rules.iter().map(|rule| (rule.name.as_str(), rule.priority)).collect()
}

#[test]
fn a_link_fires_few_pixels() {
    let mut link = link(Vec::new()).unwrap();
    let fire = |count| Patch {
        pixels: Some((0..count).map(|number| PixelId::new(number).unwrap()).collect()),
        ..Patch::default()
    };
    with_stamp(|stamp| fire(20).apply(&mut link, stamp)).unwrap();
    assert_eq!(link.pixels.len(), 20);
    let error = with_stamp(|stamp| fire(21).apply(&mut link, stamp)).unwrap_err();
    assert_eq!(error.to_string(), "pixels: must not be more than 20");
}

#[test]
fn rules_stand_in_the_order_of_priority_then_age() {
    let rules = [
        rule("FR", "https://fr.e", Some(2)),
        rule("DE", "https://de.e", None),
        rule("IT", "https://it.e", Some(2)),
        rule("ES", "https://es.e", Some(1)),
    ];
    let link = link(rules.iter().map(draft).collect()).unwrap();
    assert_eq!(order(&link), [("ES", 1), ("FR", 2), ("IT", 2), ("DE", 3)]);
}

#[test]
fn a_fixed_shape_replaces_its_own_kind_and_touches_no_other_tier() {
    let mut link = link(vec![draft(&rule("FR", "https://mine.e", None))]).unwrap();
    let mut fixed = draft(&rule("FR", "https://one.e", None));
    fixed.tier = Tier::Country;
    with_stamp(|stamp| {
        link.set_rule(fixed.clone(), stamp).unwrap();
        fixed.action = Action::Redirect(destination("https://two.e"));
        link.set_rule(fixed, stamp).unwrap();
    });
    let to: Vec<&str> = link.destinations().map(Destination::authored).collect();
    assert_eq!(to, ["https://example.com", "https://mine.e", "https://two.e"]);
    assert_eq!(link.rules[1].tier, Tier::Country);
}

#[test]
fn what_another_service_said_of_a_rule_outlives_edits_that_do_not_say_it() {
    let kept = json!({"theirs": {"type": "geo"}}).as_object().cloned();
    let said = RuleDraft {
        kept: kept.clone(),
        origin: RuleId::new(7),
        ..draft(&rule("FR", "https://fr.e", None))
    };
    let mut link = link(vec![said]).unwrap();
    let mut wire = link.rules[0].wire();
    assert_eq!((wire.get("kept"), wire.get("origin")), (None, None));
    wire["name"] = json!("Renamed");
    with_stamp(|stamp| link.replace_rules(vec![draft(&wire)], stamp).unwrap());
    let stored = crate::Plan::read(&link.plan().body()).unwrap().rules.remove(0);
    assert_eq!(stored, link.rules[0]);
    assert_eq!((stored.name.as_str(), Some(stored.kept.clone())), ("Renamed", kept.clone()));
    assert_eq!(stored.origin, RuleId::new(7));
    // A rule like it is another one: it says the same and is nobody's copy.
    let like = RuleDraft::like(&stored);
    assert_eq!((like.id, like.origin, like.kept), (None, None, kept));
}

#[test]
fn a_replaced_list_keeps_the_rules_that_it_names() {
    let mut link = link(vec![
        draft(&rule("FR", "https://fr.e", None)),
        draft(&rule("DE", "https://de.e", None)),
    ])
    .unwrap();
    let kept = link.rules[1].id;
    let mut again = draft(&link.rules[1].wire());
    again.name = "Germans".to_owned();
    with_stamp(|stamp| link.replace_rules(vec![again.clone()], stamp)).unwrap();
    assert_eq!((link.rules.len(), link.rules[0].id), (1, kept));

    let before = link.clone();
    let twice = with_stamp(|stamp| link.replace_rules(vec![again.clone(), again], stamp));
    assert_eq!(twice.unwrap_err().to_string(), "rules[1].id: stands twice in the list");
    assert_eq!(link, before, "a refused edit leaves everything as it was");
}

#[test]
fn a_revision_holds_all_that_a_link_does() {
    let split = json!({"name": "", "when": {"any": [
        {"field": "hour", "operator": "greater_than", "value": 17},
        {"not": {"field": "bot", "operator": "is_true"}}]},
        "timezone": "Europe/Berlin", "description": "evenings",
        "action": {"split": [{"weight": 60, "redirect": "https://a.e"}, {"weight": 40, "redirect": "https://b.e"}]}});
    let block = json!({"when": {"field": "tor", "operator": "is_true"}, "action": {"block": 451}, "enabled": false});
    let mut link = link([split, block].iter().map(draft).collect()).unwrap();
    let before = link.clone();
    link.default_split = Variant::parse_list(
        "",
        &json!([{"weight": 1, "redirect": "https://a.e"}, {"weight": 2, "redirect": "https://b.e"}]),
        Schemes::WEB,
    )
    .unwrap();
    for link in [&before, &link] {
        let plan = Plan::read(&Revision::body(link)).unwrap();
        assert_eq!(plan, link.plan());
        assert_eq!(plan.body(), Revision::body(link));
    }
    assert_ne!(Revision::body(&before), Revision::body(&link));
    let mut restored = link;
    restored.follow(before.plan());
    assert_eq!(restored, before);
}

#[test]
fn only_what_a_link_does_makes_a_revision() {
    let before = link(vec![]).unwrap();
    let mut after = Link { title: Some("Spring".to_owned()), ..before.clone() };
    after.edited(&before, before.created_at);
    assert_eq!((after.version, after.revision), (2, 1));
    let mut later = Link { destination: destination("https://other.e"), ..after.clone() };
    later.edited(&after, before.created_at);
    assert_eq!((later.version, later.revision), (3, 2));
}

#[track_caller]
fn check_refused(rule: &Value, expected: &[&str]) {
    let Error::Invalid(problems) = RuleDraft::parse(rule, Schemes::WEB).unwrap_err() else {
        panic!()
    };
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
}

#[test]
fn every_problem_of_a_rule_names_its_place() {
    let known = "no such key; known are id, name, description, enabled, tier, priority, timezone, when, action";
    check_refused(
        &json!({"mood": 1, "priority": 1.5, "when": {"all": [{"field": "country", "operator": "greater_than", "value": "US"}]}, "action": {"redirect": "javascript:alert(1)"}}),
        &[
            &format!("mood: {known}"),
            "priority: must be a whole number",
            "when.all[0].operator: \"greater_than\" does not fit field \"country\"",
            "action.redirect: must start with http:// or https://, not javascript:",
        ],
    );
    check_refused(&json!({}), &["when: is required", "action: is required"]);
    check_refused(&json!([]), &["must be an object with `when` and `action`"]);
    let when = json!({"field": "tor", "operator": "is_true"});
    check_refused(
        &json!({"when": when, "action": {"block": 200}}),
        &["action.block: must be 403, 404, 410 or 451"],
    );
    check_refused(
        &json!({"when": when, "action": {"split": [{"weight": 0, "redirect": "https://e.com"}, {"weight": -1, "redirect": "https://e.com"}]}}),
        &["action.split[1].weight: must be a whole number from 0 to 1000000"],
    );
    check_refused(
        &json!({"when": when, "action": {"jump": 1}}),
        &["action.jump: no such action: use `redirect`, `split` or `block`"],
    );
}
