use serde_json::json;

use super::*;

fn compile(whens: &[Json]) -> Again {
    let whens: Vec<When> = whens.iter().map(|when| When::parse(when).unwrap()).collect();
    Again::compile(whens.iter().map(|when| (when, None))).unwrap()
}

fn test(field: &str, operator: &str, value: impl Into<Json>) -> Json {
    json!({"field": field, "operator": operator, "value": value.into()})
}

/// Decides where the tests of a field have an outcome, and all others cannot be told.
fn decide(again: &Again, told: &[(&str, Outcome)]) -> (Vec<Option<usize>>, Vec<String>) {
    let name = |inquiry: usize| again.inquiries()[inquiry].field().name().into_owned();
    let possible = again.decide(&|inquiry| {
        told.iter().find(|(field, _)| *field == name(inquiry)).map(|(_, outcome)| *outcome)
    });
    (possible.rules, possible.missing.into_iter().map(name).collect())
}

#[test]
fn tests_that_ask_the_same_are_one_inquiry_in_every_spelling_and_in_other_rules() {
    let again = compile(&[
        test("country", "in", json!(["US", "CA"])),
        test("country", "not_in", json!(["CA", "US", "US"])),
        test("header.X-App", "equals", "beta"),
        test("header.x-app", "not_equals", "beta"),
        test("header.x-app", "contains", "beta"),
    ]);
    let fields: Vec<_> = again.inquiries().iter().map(|it| it.field().name()).collect();
    assert_eq!(fields, ["country", "header.x-app", "header.x-app"]);
    let other = compile(&[test("header.X-APP", "in", json!(["beta"]))]);
    assert_eq!(other.inquiries()[0], again.inquiries()[1]);
    let hour = |zone: Option<&str>| {
        let when = When::test("hour", "equals", 9);
        Again::compile([(&when, zone)]).unwrap().inquiries.remove(0)
    };
    assert_eq!(hour(Some("Asia/Tokyo")), hour(Some("Asia/Tokyo")));
    assert_ne!(hour(Some("Asia/Tokyo")), hour(None));
}

#[test]
fn what_settles_a_group_makes_up_for_what_is_missing() {
    let (ip, os) = (test("ip", "in", "10.0.0.0/8"), test("os", "equals", "iOS"));
    let both = compile(&[json!({"all": [ip.clone(), os.clone()]})]);
    let nobody = (vec![None], Vec::<String>::new());
    assert_eq!(decide(&both, &[("os", Outcome::False)]), nobody);
    // It is unknown at best, and so holds for nobody.
    assert_eq!(decide(&both, &[("os", Outcome::Unknown)]), nobody);
    let open = (vec![Some(0), None], vec!["ip".to_owned()]);
    assert_eq!(decide(&both, &[("os", Outcome::True)]), open);
    let either = compile(&[json!({"any": [ip.clone(), os.clone()]})]);
    assert_eq!(decide(&either, &[("os", Outcome::True)]), (vec![Some(0)], Vec::new()));
    assert_eq!(decide(&either, &[("os", Outcome::False)]), open);
    let neither = compile(&[json!({"not": {"any": [ip, os.clone()]}}), os]);
    assert_eq!(decide(&neither, &[("os", Outcome::True)]), (vec![Some(1)], Vec::new()));
}

#[test]
fn every_condition_is_told_as_far_as_its_tests_are_a_group_before_its_parts() {
    let (ip, os) = (test("ip", "in", "10.0.0.0/8"), test("os", "equals", "iOS"));
    let us = test("country", "not_equals", "US");
    let again = compile(&[
        json!({"all": [ip.clone(), os.clone()]}),
        json!({"not": {"any": [ip, us.clone(), os]}}),
        us,
    ]);
    let name = |inquiry: usize| again.inquiries()[inquiry].field().name();
    let told = |inquiry| match &*name(inquiry) {
        "os" => Some(Outcome::Unknown),
        "country" => Some(Outcome::False),
        _ => None,
    };
    let found: Vec<_> = again.conditions(&told).iter().map(|it| it.outcome()).collect();
    let (t, f, u) = (Some(Outcome::True), Some(Outcome::False), Some(Outcome::Unknown));
    assert_eq!(found, [None, None, u, f, t, None, t, u, t]);
    // An unknown part leaves false, or unknown: it holds for nobody.
    assert!(!again.conditions(&told)[0].may_be(Outcome::True));
    let all = again.conditions(&|_| Some(Outcome::False));
    let all: Vec<_> = all.iter().map(|it| it.outcome()).collect();
    assert_eq!(all, [f, f, f, f, t, f, t, f, t]);
}

#[test]
fn an_outcome_is_told_by_a_fact_a_moment_or_its_absence() {
    let again = compile(&[
        test("country", "not_equals", "US"),
        json!({"field": "hour", "operator": "equals", "value": 8, "timezone": "Asia/Tokyo"}),
        test("utmSource", "exists", Json::Null),
        test("continent", "equals", "EU"),
    ]);
    let now = "2026-01-05T23:30:00Z".parse().unwrap();
    let ask = |inquiry, fact| again.outcome(inquiry, fact, now);
    assert_eq!(ask(0, Some(("country", "US"))), Outcome::True);
    assert_eq!(ask(0, Some(("country", "DE"))), Outcome::False);
    assert_eq!(ask(0, None), Outcome::Unknown);
    assert_eq!(ask(0, Some(("country", "Atlantis"))), Outcome::Unknown);
    assert_eq!(ask(1, None), Outcome::True);
    assert_eq!(ask(2, None), Outcome::False);
    assert_eq!(ask(3, Some(("country", "DE"))), Outcome::True);
}
