//! What holds whichever dialects touch a link, and in which order.
//!
//! What a dialect writes it reads back as it was written; an edit through one dialect changes what
//! it says and nothing that another wrote; and a dialect lists what it can say, and leaves out the
//! rest.

mod edits;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use serde_json::{Map, Value as Json, json};

use self::edits::{Edit, Form, Maker, edit, maker};
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
                call(world, "POST", &path, Some(rule))?;
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
