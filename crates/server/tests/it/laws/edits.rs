//! What the dialects do to a link, at random.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Whose call makes the link.
#[derive(Clone, Copy, Debug)]
pub(super) enum Maker {
    Native,
    Linquid,
    ShortIo,
    DgLnk,
}

#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// A key of our own API's link with a value.
    Native(&'static str, Json),
    /// A rule that no other dialect can say, or one that all can.
    NativeRule(Json),
    /// A key of Linquid's link, ours, and a value with ours.
    Linquid(&'static str, &'static str, Json, Json),
    LinquidRule(Form),
    /// Other conditions of one of the rules that Linquid made.
    LinquidConditions(usize, Form),
    LinquidName(usize, &'static str),
    LinquidDeletion(usize),
    ShortTitle(Option<&'static str>),
    ShortPhone(Option<&'static str>),
    ShortCountry(&'static str, &'static str),
    ShortSplit(i64),
}

/// What Linquid's clients send of conditions.
pub(super) type Form = Json;

pub(super) fn maker() -> impl Strategy<Value = Maker> {
    prop_oneof![Just(Maker::Native), Just(Maker::Linquid), Just(Maker::ShortIo), Just(Maker::DgLnk)]
}

fn url() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "https://a.example.com/",
        "https://b.example.com/x?y=%20",
        "https://c.example.com",
    ])
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["Spring", "Ünïcode \u{1f389}", "a \"quoted\" <name>"])
}

fn form() -> impl Strategy<Value = Form> {
    let test = || {
        prop::sample::select(vec![
            json!({"field": "country", "operator": "in", "value": ["US", "UK"]}),
            json!({"field": "os", "operator": "equals", "value": "iOS"}),
            json!({"field": "hour", "operator": "less_than", "value": "9"}),
            json!({"field": "bot", "operator": "is_false"}),
            json!({"field": "asn", "operator": "equals", "value": 13335}),
        ])
    };
    let flat = (prop::collection::vec(test(), 1..4), prop::sample::select(vec!["AND", "OR"]))
        .prop_map(|(tests, logic)| json!({"conditions": tests, "conditionLogic": logic}));
    let typed = prop::sample::select(vec![
        json!({"type": "geo", "conditions": {"countries": ["US"], "cities": ["Berlin"], "operator": "not_in"}}),
        json!({"type": "geo", "conditions": {"countries": ["DE"]}}),
        json!({"type": "device", "conditions": {"os": ["ios"], "devices": ["mobile"]}}),
        json!({"type": "time", "conditions": {"timezone": "Asia/Kathmandu", "days": ["friday"], "startTime": "22:15", "endTime": "03:00"}}),
        json!({"type": "percentage", "conditions": {"percentage": 30}}),
        json!({"type": "visitor_state", "conditions": {"state": "returning"}}),
    ]);
    prop_oneof![flat, typed]
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    let to = |url: &str| json!({ "redirect": url });
    let os = || json!({"field": "os", "operator": "equals", "value": "iOS"});
    let tree = json!({"not": {"any": [os(), {"all": [os()]}]}});
    let split = json!({"split": [{"weight": 1, "redirect": "https://s.example.com/"},
                                 {"weight": 2, "redirect": "https://t.example.com/"}]});
    let native_rules = vec![
        json!({"name": "tree", "when": tree, "action": to("https://n.example.com/")}),
        json!({"name": "split", "when": os(), "action": split}),
        json!({"name": "block", "when": os(), "action": {"block": 404}}),
        json!({"name": "zone", "timezone": "Europe/Berlin",
               "when": {"field": "hour", "operator": "equals", "value": 9},
               "action": to("https://n.example.com/")}),
        json!({"name": "flat", "when": {"any": [os(), os()]}, "action": to("https://n.example.com/")}),
    ];
    let native = vec![
        ("title", json!("Ours")),
        ("description", json!("Why")),
        ("tags", json!(["a", "b"])),
        ("forwardQuery", json!(false)),
        ("clickLimit", json!(7)),
        ("startsAt", json!("2020-01-01T00:00:00.000Z")),
        ("redirectBehavior", json!("ruleOnly")),
    ];
    let same = |key, value: Json| (key, key, value.clone(), value);
    let linquid = vec![
        same("title", json!("Theirs")),
        same("title", Json::Null),
        same("tags", json!([])),
        same("enabled", json!(false)),
        same("expiresAt", json!("2099-01-01T00:00:00.000Z")),
        same("conversionTracking", json!(true)),
        ("clicksLimit", "clickLimit", json!(3), json!(3)),
        ("campaignId", "folder", json!("spring"), json!("spring")),
        (
            "destinationUrl",
            "destination",
            json!("https://d.example.com"),
            json!("https://d.example.com"),
        ),
        ("redirectBehavior", "redirectBehavior", json!("never"), json!("never")),
        ("redirectBehavior", "redirectBehavior", json!("auto"), Json::Null),
    ];
    prop_oneof![
        1 => prop::sample::select(native).prop_map(|(key, value)| Edit::Native(key, value)),
        1 => prop::sample::select(native_rules).prop_map(Edit::NativeRule),
        1 => prop::sample::select(linquid).prop_map(|(theirs, ours, sent, kept)| Edit::Linquid(
            theirs, ours, sent, kept
        )),
        3 => form().prop_map(Edit::LinquidRule),
        2 => (any::<usize>(), form()).prop_map(|(i, form)| Edit::LinquidConditions(i, form)),
        1 => (any::<usize>(), word()).prop_map(|(i, name)| Edit::LinquidName(i, name)),
        1 => any::<usize>().prop_map(Edit::LinquidDeletion),
        1 => prop::option::of(word()).prop_map(Edit::ShortTitle),
        1 => prop::option::of(url()).prop_map(Edit::ShortPhone),
        1 => (prop::sample::select(vec!["US", "FR"]), url())
            .prop_map(|(country, to)| Edit::ShortCountry(country, to)),
        1 => (1..100_i64).prop_map(Edit::ShortSplit),
    ]
}
