//! What holds whichever dialects touch a link, and in which order.
//!
//! What a dialect writes it reads back as it was written; an edit through one dialect changes what
//! it says and nothing that another wrote; and a dialect lists what it can say, and leaves out the
//! rest.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use serde_json::{Map, Value as Json, json};

use crate::{
    client::{Request, send},
    world::World,
};

#[tokio::test(flavor = "multi_thread")]
async fn dialects_do_not_get_in_each_others_way() {
    let world = World::on_sqlite(false).await;
    tokio::task::block_in_place(|| {
        let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
        let edits = prop::collection::vec(edit(), 1..10);
        let law = |(maker, edits): (Maker, Vec<Edit>)| play(&world, maker, &edits);
        TestRunner::new(config).run(&(maker(), edits), law).unwrap();
    });
    world.end().await;
}

/// Whose call makes the link.
#[derive(Clone, Copy, Debug)]
enum Maker {
    Native,
    Linquid,
    ShortIo,
    DgLnk,
}

#[derive(Clone, Debug)]
enum Edit {
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
type Form = Json;

/// What an edit may change of a link, as our own API shows it.
struct Touched {
    key: Option<(&'static str, Json)>,
    rules: Rules,
}

enum Rules {
    None,
    One(String),
    Added,
    Gone(String),
    /// Those of one of Short.io's fixed shapes.
    Tier(i64),
}

/// What tells two saves of the same link apart, and nothing else.
const PASSING: &[&str] = &["updatedAt", "revision", "clicks", "warnings"];

fn maker() -> impl Strategy<Value = Maker> {
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

fn edit() -> impl Strategy<Value = Edit> {
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

/// A link, and what was written to it.
struct Subject<'w> {
    world: &'w World,
    /// As our own API spells it, and all others read it.
    id: String,
    /// Each rule that Linquid made, with its conditions as they were sent.
    sent: BTreeMap<String, Form>,
}

fn play(world: &World, maker: Maker, edits: &[Edit]) -> Result<(), TestCaseError> {
    let mut subject = Subject { world, id: make(world, maker)?, sent: BTreeMap::new() };
    let mut before = subject.native()?;
    for edit in edits {
        let touched = subject.apply(edit)?;
        let after = subject.native()?;
        nothing_else_changed(edit, &before, &after, touched)?;
        subject.dialects_agree(&after)?;
        before = after;
    }
    Ok(())
}

fn make(world: &World, maker: Maker) -> Result<String, TestCaseError> {
    // Short.io's call hands back the link that leads to an address already.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let to = format!("https://example.com/{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let made = match maker {
        Maker::Native => call(world, "POST", "/api/v1/links", Some(&json!({"destination": to})))?,
        Maker::Linquid => {
            call(world, "POST", "/api/links", Some(&json!({"destinationUrl": to})))?["data"].take()
        }
        Maker::ShortIo => {
            let body = json!({"originalURL": to, "domain": "localhost", "iphoneURL": to});
            call(world, "POST", "/links", Some(&body))?
        }
        Maker::DgLnk => {
            let rules = json!([{"type": "geo", "key": "fr", "value": "https://example.com/fr"}]);
            let path = format!("/api/links/create?api_token={}", world.key);
            call(world, "POST", &path, Some(&json!({"long_url": to, "rules": rules})))?["link"]
                .take()
        }
    };
    let id = made.get("idString").unwrap_or(&made["id"]);
    Ok(id.as_str().map_or_else(|| id.to_string(), str::to_owned))
}

impl Subject<'_> {
    fn apply(&mut self, edit: &Edit) -> Result<Touched, TestCaseError> {
        let (world, id) = (self.world, self.id.clone());
        let patch =
            |path: &str, body: Json| call(world, "PATCH", &format!("{path}{id}"), Some(&body));
        let key = |key, value| Touched { key: Some((key, value)), rules: Rules::None };
        let rules = |rules| Touched { key: None, rules };
        Ok(match edit {
            Edit::Native(name, value) => {
                patch("/api/v1/links/", json!({ *name: value }))?;
                key(name, value.clone())
            }
            Edit::NativeRule(rule) => {
                let path = format!("/api/v1/links/{id}/rules");
                call(world, "POST", &path, Some(&rule))?;
                rules(Rules::Added)
            }
            Edit::Linquid(theirs, ours, sent, kept) => {
                patch("/api/links/", json!({ *theirs: sent }))?;
                key(ours, kept.clone())
            }
            Edit::LinquidRule(form) => {
                let mut rule = form.clone();
                rule["linkId"] = json!(id);
                rule["name"] = json!("Rule");
                rule["destinationUrl"] = json!("https://rule.example.com");
                let made = call(world, "POST", "/api/rules", Some(&rule))?;
                let made = made["data"]["id"].as_str().unwrap_or_default().to_owned();
                self.sent.insert(made, form.clone());
                rules(Rules::Added)
            }
            Edit::LinquidConditions(i, form) => match self.chosen(*i) {
                Some(rule) => {
                    call(world, "PUT", &format!("/api/rules/{rule}"), Some(form))?;
                    self.sent.insert(rule.clone(), form.clone());
                    rules(Rules::One(rule))
                }
                None => rules(Rules::None),
            },
            Edit::LinquidName(i, name) => match self.chosen(*i) {
                Some(rule) => {
                    call(
                        world,
                        "PATCH",
                        &format!("/api/rules/{rule}"),
                        Some(&json!({"name": name})),
                    )?;
                    rules(Rules::One(rule))
                }
                None => rules(Rules::None),
            },
            Edit::LinquidDeletion(i) => match self.chosen(*i) {
                Some(rule) => {
                    call(world, "DELETE", &format!("/api/rules/{rule}"), None)?;
                    self.sent.remove(&rule);
                    rules(Rules::Gone(rule))
                }
                None => rules(Rules::None),
            },
            Edit::ShortTitle(title) => {
                call(world, "POST", &format!("/links/{id}"), Some(&json!({"title": title})))?;
                key("title", json!(title))
            }
            Edit::ShortPhone(to) => {
                call(world, "POST", &format!("/links/{id}"), Some(&json!({"iphoneURL": to})))?;
                rules(Rules::Tier(3))
            }
            Edit::ShortCountry(country, to) => {
                let body = json!({"country": country, "originalURL": to});
                call(world, "POST", &format!("/link_country/{id}"), Some(&body))?;
                rules(Rules::Tier(2))
            }
            Edit::ShortSplit(percent) => {
                let body = json!({"splitURL": "https://s.example.com/", "splitPercent": percent});
                call(world, "POST", &format!("/links/{id}"), Some(&body))?;
                rules(Rules::Tier(4))
            }
        })
    }

    /// One of the rules that Linquid made, where there is any.
    fn chosen(&self, i: usize) -> Option<String> {
        self.sent.keys().nth(i % self.sent.len().max(1)).cloned()
    }

    fn native(&self) -> Result<Map<String, Json>, TestCaseError> {
        let mut link = call(self.world, "GET", &format!("/api/v1/links/{}", self.id), None)?;
        let link = link.as_object_mut().map(std::mem::take).unwrap_or_default();
        Ok(link.into_iter().filter(|(key, _)| !PASSING.contains(&key.as_str())).collect())
    }

    /// Every dialect shows what it can say of the link, as it was written.
    fn dialects_agree(&self, native: &Map<String, Json>) -> Result<(), TestCaseError> {
        let path = format!("/api/rules?limit=100&linkId={}", self.id);
        let listed = call(self.world, "GET", &path, None)?["data"].take();
        let listed = listed.as_array().cloned().unwrap_or_default();
        let rules = native["rules"].as_array().cloned().unwrap_or_default();
        let sayable = rules.iter().filter(|rule| self.is_sayable(rule));
        let expected: Vec<&Json> = sayable.map(|rule| &rule["id"]).collect();
        let found: Vec<&Json> = listed.iter().map(|rule| &rule["id"]).collect();
        prop_assert_eq!(found, expected, "Linquid's list of {:?}", rules);
        for rule in &listed {
            let id = rule["id"].as_str().unwrap_or_default();
            for (key, value) in self.sent.get(id).and_then(Json::as_object).into_iter().flatten() {
                prop_assert_eq!(&rule[key], value, "{} of {} as it was sent", key, id);
            }
        }
        let theirs =
            call(self.world, "GET", &format!("/api/links/{}", self.id), None)?["data"].take();
        for (key, ours) in [
            ("title", "title"),
            ("destinationUrl", "destination"),
            ("campaignId", "folder"),
            ("enabled", "enabled"),
            ("tags", "tags"),
            ("clicksLimit", "clickLimit"),
            ("expiresAt", "expiresAt"),
        ] {
            prop_assert_eq!(&theirs[key], &native[ours], "Linquid's {}", key);
        }
        let theirs = call(self.world, "GET", &format!("/links/{}", self.id), None)?;
        prop_assert_eq!(&theirs["originalURL"], &native["destination"]);
        prop_assert_eq!(&theirs["title"], &native["title"]);
        let phone = rules.iter().find(|rule| rule["tier"] == 3);
        let phone = phone.map_or(&Json::Null, |rule| &rule["action"]["redirect"]);
        prop_assert_eq!(&theirs["iphoneURL"], phone);
        Ok(())
    }

    /// Whether a rule is one that Linquid has words for.
    fn is_sayable(&self, rule: &Json) -> bool {
        let is_test = |when: &Json| when.get("field").is_some();
        let when = &rule["when"];
        let parts = when.get("all").or(when.get("any")).and_then(Json::as_array);
        let is_flat = is_test(when) || parts.is_some_and(|parts| parts.iter().all(is_test));
        let was_sent = rule["id"].as_str().is_some_and(|id| self.sent.contains_key(id));
        let is_plain = rule.get("tier").is_none() && rule.get("timezone").is_none();
        is_plain && rule["action"].get("redirect").is_some() && (is_flat || was_sent)
    }
}

fn nothing_else_changed(
    edit: &Edit,
    before: &Map<String, Json>,
    after: &Map<String, Json>,
    touched: Touched,
) -> Result<(), TestCaseError> {
    let mut expected = before.clone();
    expected.remove("rules");
    if let Some((key, value)) = touched.key {
        match value {
            // What few links have is left out where they have it not.
            Json::Null if key == "redirectBehavior" => drop(expected.remove(key)),
            value => drop(expected.insert(key.to_owned(), value)),
        }
    }
    let mut found = after.clone();
    found.remove("rules");
    prop_assert_eq!(found, expected, "after {:?}", edit);

    let list = |link: &Map<String, Json>| link["rules"].as_array().cloned().unwrap_or_default();
    let (old, new) = (list(before), list(after));
    let delta = new.len() as i64 - old.len() as i64;
    let others = |rules: &[Json], id: &str| -> Vec<Json> {
        rules.iter().filter(|rule| rule["id"] != id).cloned().collect()
    };
    match touched.rules {
        Rules::None => prop_assert_eq!(old, new, "after {:?}", edit),
        Rules::One(id) => {
            prop_assert_eq!(delta, 0);
            prop_assert_eq!(others(&old, &id), others(&new, &id), "after {:?}", edit);
        }
        Rules::Gone(id) => {
            prop_assert_eq!(delta, -1);
            prop_assert_eq!(others(&old, &id), new, "after {:?}", edit);
        }
        Rules::Added => {
            prop_assert_eq!(delta, 1);
            let kept: Vec<Json> = new.into_iter().filter(|rule| old.contains(rule)).collect();
            prop_assert_eq!(kept, old, "after {:?}", edit);
        }
        Rules::Tier(tier) => {
            let others = |rules: Vec<Json>| -> Vec<Json> {
                rules.into_iter().filter(|rule| rule["tier"] != tier).collect()
            };
            prop_assert_eq!(others(old), others(new), "after {:?}", edit);
        }
    }
    Ok(())
}

/// Calls an API with the key where each looks for it.
fn call(
    world: &World,
    method: &str,
    target: &str,
    body: Option<&Json>,
) -> Result<Json, TestCaseError> {
    let key = &world.key;
    let header = match target {
        _ if target.starts_with("/api/v1/") => ("authorization", format!("Bearer {key}")),
        _ if target.starts_with("/api/") => ("x-api-key", key.clone()),
        _ => ("authorization", key.clone()),
    };
    let request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: vec![(header.0.to_owned(), header.1)],
        body: body.map(Json::to_string).unwrap_or_default().into_bytes(),
    };
    let answer = send(world.address, &request);
    let is_good = (200..300).contains(&answer.status);
    prop_assert!(is_good, "{} {}: {} {}", method, target, answer.status, answer.body);
    let read = serde_json::from_str(&answer.body);
    read.map_err(|error| TestCaseError::fail(format!("{method} {target}: {error}")))
}
