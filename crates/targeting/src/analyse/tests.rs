//! What is said of rules that people might write.

use serde_json::{Value as Json, json};

use super::*;
use crate::Source;

/// The findings of rules of tier 0, each as `rule kind at`, with `?` after those that are not
/// certain.
#[track_caller]
fn check(rules: &[Json], expected: &[&str]) {
    let tiers: Vec<(Json, u8)> = rules.iter().map(|rule| (rule.clone(), 0)).collect();
    let found: Vec<String> = findings(&tiers, &Known::everything()).iter().map(short).collect();
    assert_eq!(found, expected);
}

/// The only finding, as the API shows it.
#[track_caller]
fn check_json(rules: &[(Json, u8)], known: &Known, expected: &Json) {
    let findings = findings(rules, known);
    assert_eq!(serde_json::to_value(&findings).unwrap(), json!([expected]));
}

fn findings(rules: &[(Json, u8)], known: &Known) -> Vec<Finding> {
    let whens: Vec<When> = rules.iter().map(|(when, _)| When::parse(when).unwrap()).collect();
    let analysed = whens.iter().zip(rules).map(|(when, (_, tier))| {
        assert_eq!(when.check(None), [], "{when:?}");
        Analysed { when, timezone: None, tier: *tier, enabled: true }
    });
    analyse(&analysed.collect::<Vec<_>>(), known)
}

fn short(finding: &Finding) -> String {
    let kind = serde_json::to_value(finding.kind).unwrap();
    let may = if finding.certain { "" } else { "?" };
    let text = format!("{} {}{may} {}", finding.rule, kind.as_str().unwrap(), finding.at);
    text.trim_end().to_owned()
}

fn is(field: &str, operator: &str, value: impl Into<Json>) -> Json {
    json!({"field": field, "operator": operator, "value": value.into()})
}

fn all(parts: &[Json]) -> Json {
    json!({ "all": parts })
}

fn any(parts: &[Json]) -> Json {
    json!({ "any": parts })
}

fn not(part: &Json) -> Json {
    json!({ "not": part })
}

#[test]
fn conditions_that_cannot_hold_together_are_found() {
    let country = |code: &str| is("country", "equals", code);
    for both in [
        [country("US"), country("DE")],
        [is("country", "in", json!(["US", "CA"])), is("country", "in", json!(["EU", "CH"]))],
        [is("hour", "greater_than", 17), is("hour", "less_than", 9)],
        [is("osVersion", "greater_than", "17"), is("osVersion", "less_than", "17.9")],
        [is("osVersion", "equals", "17.4"), is("osVersion", "less_than", "17")],
        [is("latitude", "less_than", 10), is("latitude", "between", json!([10, 20]))],
        [is("date", "greater_than", "2026-03-31"), is("date", "less_than", "2026-04-01")],
        [is("bot", "is_true", Json::Null), is("bot", "is_false", Json::Null)],
        [is("ip", "in", "10.0.0.0/8"), is("ip", "in", json!(["192.168.0.0/16", "::/0"]))],
        [is("city", "equals", "Berlin"), not(&is("city", "in", json!(["BERLIN", "Paris"])))],
        [is("city", "contains", "ber"), not(&is("city", "contains", "be"))],
        [is("city", "starts_with", "ber"), is("city", "starts_with", "par")],
        [is("city", "equals", "Berlin"), is("city", "ends_with", "burg")],
        [is("city", "matches", "^b"), not(&is("city", "matches", "^b"))],
        [is("city", "equals", "Berlin"), not(&is("city", "exists", Json::Null))],
        [
            is("referrerDomain", "equals", "news.google.com"),
            is("referrerDomain", "equals", "bing.com"),
        ],
        [
            is("referrerDomain", "equals", "news.google.com"),
            is("referrerDomain", "not_equals", "google.com"),
        ],
        [is("language", "equals", "en-US"), is("language", "not_equals", "en")],
        [is("isNewVisitor", "is_true", Json::Null), is("isReturning", "is_true", Json::Null)],
        [is("region", "equals", "US-NY"), country("DE")],
        [is("region", "equals", "Bavaria"), is("country", "not_equals", "DE")],
        [is("region", "equals", "GB-WBK"), is("region", "not_equals", "GB-ENG")],
        [is("region", "equals", "GB-ENG"), is("region", "equals", "GB-SCT")],
        [is("utmSource", "equals", "a"), is("query.utm_source", "equals", "b")],
        [is("deviceType", "equals", "bot"), is("bot", "is_false", Json::Null)],
        [is("deviceType", "not_equals", "bot"), is("bot", "is_true", Json::Null)],
        [is("isCrawler", "is_true", Json::Null), is("bot", "is_false", Json::Null)],
        [is("date", "equals", "2026-11-22"), is("dayOfWeek", "in", json!(["Mon", "Sat"]))],
    ] {
        check(&[all(&both)], &["0 neverMatches"]);
    }
    check(&[is("hour", "greater_than", 23)], &["0 neverMatches"]);
    check(&[not(&is("country", "exists", Json::Null))], &[]);
    let continents = all(&[country("DE"), is("continent", "equals", "Asia")]);
    check(&[continents], &["0 neverMatches?"]);
}

#[test]
fn conditions_that_may_hold_together_are_left_alone() {
    let hour = |zone: &str, value| json!({"field": "hour", "operator": "equals", "value": value, "timezone": zone});
    for both in [
        [is("language", "equals", "en"), is("language", "equals", "de")],
        [is("language", "not_equals", "en-US"), is("language", "equals", "en")],
        [
            is("referrerDomain", "equals", "google.com"),
            not(&is("referrerDomain", "equals", "news.google.com")),
        ],
        [is("osVersion", "greater_than", "17.3"), is("osVersion", "less_than", "18")],
        [is("city", "contains", "ber"), not(&is("city", "contains", "bern"))],
        [is("city", "matches", "^b"), not(&is("city", "matches", "^B"))],
        [hour("Europe/Berlin", 9), hour("Asia/Tokyo", 17)],
        [is("bot", "is_false", Json::Null), not(&is("deviceType", "exists", Json::Null))],
        [is("region", "equals", "US-NY"), is("country", "in", json!(["US", "CA"]))],
        [is("country", "equals", "DE"), not(&is("region", "exists", Json::Null))],
        [is("region", "equals", "GB-ENG"), is("region", "not_equals", "GB-WBK")],
        [is("vpn", "is_true", Json::Null), is("tor", "is_true", Json::Null)],
        [
            is("date", "between", json!(["2026-11-22", "2026-11-28"])),
            is("dayOfWeek", "equals", "Wed"),
        ],
        [is("ip", "in", "::/0"), is("vpn", "is_false", Json::Null)],
    ] {
        check(&[all(&both)], &[]);
    }
}

#[test]
fn everyday_rules_are_left_alone() {
    let apple = all(&[is("os", "equals", "iOS"), is("country", "in", json!(["US", "CA"]))]);
    let work = all(&[
        is("dayOfWeek", "between", json!([1, 5])),
        is("hour", "between", json!([9, 17])),
        is("timezone", "starts_with", "Europe/"),
    ]);
    check(
        &[
            is("bot", "is_true", Json::Null),
            all(&[is("country", "equals", "US"), is("region", "equals", "NY")]),
            apple,
            is("country", "equals", "US"),
            all(&[is("os", "equals", "iOS"), is("osVersion", "greater_than", "16")]),
            is("os", "in", json!(["iOS", "Android"])),
            work,
            all(&[is("country", "in", "EU"), not(&is("country", "equals", "DE"))]),
            is("country", "in", "EU"),
            any(&[is("utmSource", "equals", "newsletter"), is("query.ref", "exists", Json::Null)]),
            all(&[is("isReturning", "is_true", Json::Null), is("percentile", "less_than", 50)]),
            is("isReturning", "is_true", Json::Null),
            is("language", "in", json!(["de", "fr"])),
            is("referrerDomain", "in", json!(["google.com", "bing.com"])),
            is("deviceType", "equals", "mobile"),
            is("deviceType", "not_equals", "bot"),
            is("percentile", "less_than", 100),
        ],
        &[],
    );
}

#[test]
fn parts_that_can_hold_for_nobody_are_found() {
    let parts = [
        all(&[is("country", "equals", "US"), is("country", "equals", "DE")]),
        is("os", "equals", "iOS"),
    ];
    check(&[any(&parts)], &["0 neverTrue any[0]"]);
    let inner = any(&[is("country", "equals", "DE"), is("os", "equals", "iOS")]);
    check(&[all(&[is("country", "equals", "US"), inner])], &["0 neverTrue all[1].any[0]"]);
}

#[test]
fn conditions_that_decide_nothing_are_found() {
    check(&[is("hour", "between", json!([0, 23]))], &["0 alwaysTrue"]);
    let ios = || is("os", "equals", "iOS");
    check(&[all(&[ios(), is("os", "not_equals", "Android")])], &["0 alwaysTrue all[1]"]);
    check(
        &[all(&[is("country", "in", json!(["DE", "FR"])), is("country", "equals", "DE")])],
        &["0 alwaysTrue all[0]"],
    );
    // Of those whose country nobody knows, neither holds.
    let x = is("country", "equals", "DE");
    check(&[any(&[x.clone(), not(&x)])], &[]);
    let hour = is("hour", "equals", 3);
    check(&[any(&[hour.clone(), not(&hour)])], &["0 alwaysTrue"]);
    check(&[is("bot", "in", json!([true, false]))], &["0 alwaysTrue?"]);
    check(&[any(&[is("country", "in", json!(["DE", "FR"])), x])], &["0 addsNothing any[1]"]);
    let region = |code: &str| is("region", "equals", code);
    check(&[all(&[region("GB-ENG"), region("GB-WBK")])], &["0 alwaysTrue all[0]"]);
    check(&[all(&[ios(), is("os", "in", json!(["ios"]))])], &["0 duplicateCondition all[1]"]);
}

#[test]
fn rules_that_are_never_reached_are_found() {
    let germany = || is("country", "equals", "DE");
    let ios = || is("os", "equals", "iOS");
    check(&[germany(), all(&[germany(), ios()])], &["1 shadowed"]);
    check(&[germany(), is("region", "equals", "Bavaria")], &["1 shadowed"]);
    let region = |code: &str| is("region", "equals", code);
    check(&[region("GB-ENG"), region("GB-WBK")], &["1 shadowed"]);
    check(&[region("GB-WBK"), region("GB-ENG")], &[]);
    check(&[is("continent", "equals", "EU"), germany()], &["1 shadowed?"]);
    check(&[germany(), is("country", "in", "de")], &["1 duplicateRule"]);
    check(&[germany(), ios(), any(&[ios(), germany()])], &["2 shadowed"]);
    check(
        &[germany(), is("country", "equals", "FR"), is("country", "in", json!(["FR", "DE"]))],
        &["2 shadowed"],
    );
    check(
        &[is("hour", "less_than", 12), is("hour", "greater_than", 11), germany()],
        &["2 shadowed"],
    );
    check(
        &[is("bot", "is_true", Json::Null), is("deviceType", "equals", "crawler")],
        &["1 shadowed"],
    );
    check(&[is("city", "contains", "ber"), is("city", "equals", "Berlin")], &["1 shadowed"]);
    check(
        &[not(&germany()), germany(), not(&is("country", "exists", Json::Null)), ios()],
        &["3 shadowed"],
    );
    check(&[not(&germany()), germany(), ios()], &[]);
}

#[test]
fn values_and_parts_that_earlier_rules_take_are_found() {
    let germany = || is("country", "equals", "DE");
    let ios = || is("os", "equals", "iOS");
    check(&[germany(), is("country", "in", json!(["DE", "FR"]))], &["1 partlyShadowed"]);
    check(&[germany(), any(&[germany(), ios()])], &["1 partlyShadowed any[0]"]);
    check(&[all(&[germany(), ios()]), is("country", "in", json!(["DE", "FR"]))], &[]);
    check(&[germany(), is("country", "in", json!(["EU", "US"]))], &[]);
}

#[test]
fn rules_that_are_off_take_nobody() {
    let when = When::test("country", "equals", "DE");
    let on = Analysed { when: &when, timezone: None, tier: 0, enabled: true };
    assert_eq!(analyse(&[Analysed { enabled: false, ..on }, on], &Known::everything()), []);
}

#[test]
fn zones_tell_hours_apart() {
    let when = When::test("hour", "less_than", 12);
    let at = |zone| Analysed { when: &when, timezone: Some(zone), tier: 0, enabled: true };
    let known = Known::everything();
    assert_eq!(analyse(&[at("Europe/Berlin"), at("Asia/Tokyo")], &known), []);
    assert_eq!(analyse(&[at("Asia/Tokyo"), at("asia/tokyo")], &known).len(), 1);
}

#[test]
fn a_contradiction_names_its_conditions() {
    let when = all(&[
        is("os", "equals", "iOS"),
        is("country", "equals", "US"),
        is("country", "equals", "DE"),
    ]);
    check_json(
        &[(when, 0)],
        &Known::everything(),
        &json!({
            "rule": 0, "at": "", "severity": "warning", "kind": "neverMatches",
            "message": "This rule can never match: “Country is US” and “Country is DE” cannot hold together.",
            "proof": {"type": "contradiction", "conditions": [["all[1]", "all[2]"]]},
            "certain": true,
        }),
    );
}

#[test]
fn a_shadow_names_the_rule_and_why() {
    let later = all(&[is("deviceType", "equals", "tablet"), is("region", "equals", "Bavaria")]);
    check_json(
        &[(is("country", "in", json!(["DE", "AT"])), 0), (later, 0)],
        &Known::everything(),
        &json!({
            "rule": 1, "at": "", "severity": "warning", "kind": "shadowed",
            "message": "This rule is never reached: rule 1 already takes everyone who meets it.",
            "proof": {"type": "coveredBy", "rules": [0],
                      "because": [{"condition": "", "given": ["all[1]"]}]},
            "certain": true,
        }),
    );
}

#[test]
fn a_target_of_fixed_shape_that_a_written_rule_overrides_is_noted() {
    let mobile = is("deviceType", "equals", "mobile");
    check_json(
        &[(mobile.clone(), 0), (is("country", "equals", "DE"), 2)],
        &Known::everything(),
        &json!({
            "rule": 1, "at": "", "severity": "note", "kind": "overridden",
            "message": "Rule 1 comes before this country target, whatever the priorities, so it may not get everyone who meets it.",
            "proof": {"type": "before", "rules": [0], "tier": 2},
            "certain": false,
        }),
    );
    let narrower = all(&[mobile, is("country", "equals", "DE")]);
    let rules = [(narrower, 0), (is("country", "equals", "DE"), 2)];
    assert_eq!(findings(&rules, &Known::everything()), []);
}

#[test]
fn facts_that_no_source_tells_are_named() {
    let known = Known::of(|field| field.source != Source::Place);
    check_json(
        &[(all(&[is("os", "equals", "iOS"), is("city", "equals", "Berlin")]), 0)],
        &known,
        &json!({
            "rule": 0, "at": "all[1]", "severity": "warning", "kind": "unknowable",
            "message": "“City” needs a city database and none is loaded, so this rule matches nobody.",
            "proof": {"type": "missing", "field": "city", "source": "place"},
            "certain": true,
        }),
    );
    let either = any(&[is("os", "equals", "iOS"), is("city", "equals", "Berlin")]);
    let found = findings(&[(either, 0)], &known);
    assert_eq!(found[0].severity, Severity::Note);
    assert!(found[0].message.ends_with("so it is unknown for everyone."));
}

#[test]
fn too_much_to_look_at_is_passed_over() {
    let pair = |i: usize| {
        any(&[
            is("query.a", "contains", format!("a{i}")),
            is("query.b", "contains", format!("b{i}")),
        ])
    };
    let many = all(&(0..40).map(pair).collect::<Vec<_>>());
    check(&[many.clone(), is("os", "equals", "iOS")], &[]);
    let long: Vec<String> = (0..5_000).map(|i| format!("city {i}")).collect();
    let list = is("city", "in", json!(long));
    check(&[list.clone(), all(&[list, many])], &[]);
    check(&[is("city", "in", json!(long)), is("city", "in", json!(long[9..]))], &["1 shadowed"]);
}
