use super::*;

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(object) = value else { panic!("{value} is no object") };
    object
}

#[track_caller]
fn check(kind: &str, conditions: Value, expected: Value) {
    let when = read(kind, &object(conditions)).unwrap();
    assert_eq!(serde_json::to_value(&when).ok(), Some(expected));
    assert_eq!(when.check(None), []);
}

#[track_caller]
fn refuse(kind: &str, conditions: Value, expected: &str) {
    assert_eq!(read(kind, &object(conditions)).unwrap_err().to_string(), expected);
}

fn test(field: &str, operator: &str, value: Value) -> Value {
    let mut test = json!({"field": field, "operator": operator});
    test["value"] = value;
    test
}

#[test]
fn places_are_lists_of_which_all_must_be_met() {
    let us = || test("country", "in", json!(["US"]));
    let york = || test("region", "in", json!(["NY"]));
    check("geo", json!({"countries": ["US"]}), us());
    check("geo", json!({"countries": ["US"], "operator": "in"}), us());
    check("geo", json!({"countries": ["US"], "regions": ["NY"]}), json!({"all": [us(), york()]}));
    let both = json!({"countries": ["US"], "regions": ["NY"], "operator": "not_in"});
    check("geo", both, json!({"not": {"all": [us(), york()]}}));
    let not = json!({"countries": ["US"], "operator": "not_in"});
    check("geo", not, test("country", "not_in", json!(["US"])));
}

#[test]
fn devices_languages_and_campaigns_are_lists_too() {
    check(
        "device",
        json!({"devices": ["mobile"], "os": ["ios", "android"]}),
        json!({"all": [test("deviceType", "in", json!(["mobile"])),
                       test("os", "in", json!(["ios", "android"]))]}),
    );
    check("language", json!({"languages": ["de"]}), test("language", "in", json!(["de"])));
    check("utm", json!({"utm_source": "mail"}), test("utmSource", "in", json!(["mail"])));
    check("asn", json!({"asns": [13335]}), test("asn", "in", json!([13335])));
    check("ip", json!({"ips": ["10.0.0.0/8"]}), test("ip", "in", json!(["10.0.0.0/8"])));
}

#[test]
fn referrers_are_hosts_or_parts_of_addresses() {
    check(
        "referrer",
        json!({"referrers": ["google.com"]}),
        test("referrerDomain", "in", json!(["google.com"])),
    );
    let part = |text| test("referrer", "contains", json!(text));
    check(
        "referrer",
        json!({"referrers": ["shop", "news"], "operator": "not_contains"}),
        json!({"not": {"any": [part("shop"), part("news")]}}),
    );
}

#[test]
fn a_time_is_days_and_a_span_of_the_day() {
    let at = |start: &str, end: &str| {
        let mut test = test("time", "between", json!([start, end]));
        test["timezone"] = json!("Europe/Berlin");
        test
    };
    let on = |days: Value| {
        let mut test = test("dayOfWeek", "in", days);
        test["timezone"] = json!("Europe/Berlin");
        test
    };
    check(
        "time",
        json!({"timezone": "Europe/Berlin", "days": ["monday", "friday"],
               "startTime": "09:00", "endTime": "17:30"}),
        json!({"all": [on(json!(["monday", "friday"])), at("09:00", "17:30")]}),
    );
    check("time", json!({"days": ["sat"]}), test("dayOfWeek", "in", json!(["saturday"])));
    check("time", json!({"startTime": "9:00"}), test("time", "between", json!(["9:00", "23:59"])));
    check(
        "time",
        json!({"timezone": "Europe/Berlin", "days": ["saturday"],
               "startTime": "22:00", "endTime": "06:00"}),
        json!({"any": [{"all": [on(json!(["saturday"])), at("22:00", "23:59")]},
                       {"all": [on(json!(["sunday"])), at("00:00", "06:00")]}]}),
    );
    let span = |start, end| test("time", "between", json!([start, end]));
    check(
        "time",
        json!({"startTime": "22:00", "endTime": "06:00"}),
        json!({"any": [span("22:00", "23:59"), span("00:00", "06:00")]}),
    );
    check("time", json!({"endTime": "24:00"}), span("00:00", "23:59"));
}

#[test]
fn shares_states_and_named_things_are_single_tests() {
    check("percentage", json!({"percentage": 30}), test("percentile", "less_than", json!(30)));
    check(
        "visitor_state",
        json!({"state": "new"}),
        json!({"field": "isNewVisitor", "operator": "is_true"}),
    );
    check(
        "header",
        json!({"name": "x-app", "operator": "contains", "value": "beta"}),
        test("header.x-app", "contains", json!("beta")),
    );
    check(
        "cookie",
        json!({"name": "plan", "value": "pro"}),
        test("cookie.plan", "equals", json!("pro")),
    );
    check(
        "query",
        json!({"name": "ref", "operator": "in", "values": ["a"]}),
        test("query.ref", "in", json!(["a"])),
    );
}

#[test]
fn what_cannot_be_said_is_refused_at_its_place() {
    refuse(
        "rate_cap",
        json!({}),
        "type: \"rate_cap\" cannot be said here; known are geo, device, language, referrer, utm, \
         ip, network, asn, isp, header, cookie, query, time, percentage, visitor_state",
    );
    refuse(
        "geo",
        json!({}),
        "conditions: must hold at least one of countries, regions, cities, continents, timezones",
    );
    refuse("geo", json!({"countries": []}), "conditions.countries: must hold at least one value");
    refuse(
        "geo",
        json!({"countries": ["Mordor"], "mood": 1}),
        "conditions.countries: \"Mordor\" is no ISO 3166-1 country code: write a code such as \
         \"US\"; conditions.mood: no such key; known are operator, countries, regions, cities, \
         continents, timezones",
    );
    refuse(
        "geo",
        json!({"countries": ["US"], "operator": "near"}),
        "conditions.operator: must be one of in, equals, not_in, not_equals, contains, not_contains",
    );
    refuse(
        "time",
        json!({"startTime": "25:00", "days": ["funday"], "timezone": "Europe/Berlin"}),
        "conditions.days: \"funday\" is no day such as \"monday\"; conditions.startTime: \"25:00\" \
         is no time of day such as 09:30",
    );
    refuse("time", json!({}), "conditions: must hold at least one of days, startTime, endTime");
    refuse("percentage", json!({}), "conditions.percentage: is required");
    refuse(
        "percentage",
        json!({"percentage": 130}),
        "conditions.percentage: \"130\" is no whole number from 0 to 100",
    );
    refuse("visitor_state", json!({"state": "old"}), "conditions.state: must be new or returning");
    refuse("header", json!({"value": "x"}), "conditions.name: is required");
    let many: Vec<String> = (0..600).map(|i| i.to_string()).collect();
    refuse(
        "referrer",
        json!({"referrers": many, "operator": "contains"}),
        "conditions: holds more than 500 tests",
    );
}

#[test]
fn every_type_is_known_by_one_name() {
    let names = names();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}
