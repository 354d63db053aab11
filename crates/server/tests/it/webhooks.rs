//! Webhooks against a real receiver: what comes, how it is signed, and what comes again.

use std::{collections::BTreeSet, process::Command};

use model::{Draft, EventId, Happened, Stamp, Webhook, WebhookId, WebhookSecret, WebhookState};
use serde_json::{Value as Json, json};
use store::{Store, Told};

use crate::{
    client::{Request, send},
    receiver::{Does, Message, Receiver, until},
    world::World,
};

/// Calls an API with our key where that one wants it.
fn call(world: &World, method: &str, target: &str, body: &Json) -> Json {
    let key = world.key.as_str();
    let request = Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: vec![
            match target.starts_with("/api/v1/") {
                true => ("authorization".to_owned(), format!("Bearer {key}")),
                false => ("authorization".to_owned(), key.to_owned()),
            },
            ("x-api-key".to_owned(), key.to_owned()),
        ],
        body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
    };
    let answer = tokio::task::block_in_place(|| send(world.address, &request));
    assert!((200..300).contains(&answer.status), "{target}: {} {}", answer.status, answer.body);
    serde_json::from_str(&answer.body).unwrap_or_default()
}

/// A new webhook's path and secret.
fn make_webhook(world: &World, receiver: &Receiver) -> (String, String) {
    let made = call(world, "POST", "/api/v1/webhooks", &json!({ "url": receiver.url() }));
    let text = |key: &str| made[key].as_str().unwrap().to_owned();
    (format!("/api/v1/webhooks/{}", text("id")), text("secret"))
}

fn make_link(world: &World, slug: &str) -> Json {
    let body = json!({ "slug": slug, "destination": "https://example.com/é" });
    call(world, "POST", "/api/v1/links", &body)
}

/// The deliveries of a webhook in a state, oldest first.
fn deliveries(world: &World, webhook: &str, state: &str) -> Vec<Json> {
    let target = format!("{webhook}/deliveries?state={state}&limit=200");
    let page = call(world, "GET", &target, &Json::Null);
    let mut all = page["data"].as_array().unwrap().clone();
    all.reverse();
    all
}

/// Holds messages against the standard's own library, where there is one.
fn hold_against_the_library(messages: &[Message], secret: &str) {
    let python = std::env::var("WAYPOST_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let installed = Command::new(&python).args(["-c", "import standardwebhooks"]).output();
    if !installed.is_ok_and(|done| done.status.success()) {
        eprintln!("{python} has no standardwebhooks: signatures were not held against it");
        return;
    }
    let check = "import sys, json; from standardwebhooks.webhooks import Webhook; \
                 m = json.loads(sys.argv[2]); Webhook(sys.argv[1]).verify(m['body'], m['headers'])";
    for message in messages {
        let headers = json!({
            "webhook-id": message.id, "webhook-timestamp": message.timestamp,
            "webhook-signature": message.signatures.join(" "),
        });
        let message = json!({ "body": message.body, "headers": headers }).to_string();
        let done = Command::new(&python).args(["-c", check, secret, &message]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_comes_until_it_is_received_on_sqlite() {
    keep_trying(World::that_asks("127.0.0.1").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_comes_until_it_is_received_on_postgresql() {
    if let Some(world) = World::that_asks_on_postgres("127.0.0.1").await {
        keep_trying(world).await;
    }
}

/// The receiver fails, then hangs, then takes it; others are not held up by that.
async fn keep_trying(world: World) {
    let receiver =
        Receiver::start(|message, before| match (message.body.contains("slow"), before) {
            (true, 0) => Does::Answers(500),
            (true, 1) => Does::Hangs,
            _ => Does::Answers(204),
        });
    let (webhook, secret) = make_webhook(&world, &receiver);
    let link = make_link(&world, "slow");
    receiver.wait(1);
    let waiting =
        until(|| deliveries(&world, &webhook, "pending").pop().filter(|it| it["attempts"] == 1));
    assert_eq!((&waiting["lastStatus"], &waiting["event"]), (&json!(500), &json!("link.created")));
    assert_eq!(waiting["lastError"], "it answers with status 500");
    // Five seconds later, by itself.
    receiver.wait(2);
    make_link(&world, "other");
    let other = receiver.wait(3).remove(2);
    assert_eq!(other.json()["data"]["slug"], "other");
    let told = call(&world, "GET", &format!("{webhook}/deliveries/{}", other.id), &Json::Null);
    assert_eq!((&told["event"], &told["body"]), (&json!("link.created"), &json!(other.body)));
    let hanging = deliveries(&world, &webhook, "pending").remove(0);
    assert_eq!((&hanging["id"], &hanging["attempts"]), (&waiting["id"], &json!(1)));
    let waiting =
        until(|| deliveries(&world, &webhook, "pending").pop().filter(|it| it["attempts"] == 2));
    assert_eq!(
        (&waiting["lastStatus"], &waiting["lastError"]),
        (&Json::Null, &json!("it takes too long"))
    );
    let id = waiting["id"].as_str().unwrap();
    let target = format!("{webhook}/deliveries/{id}/replay");
    assert_eq!(call(&world, "POST", &target, &Json::Null)["attempts"], 0);
    let messages = receiver.wait(4);
    let slow: Vec<&Message> = messages.iter().filter(|it| it.body.contains("slow")).collect();
    assert_eq!(slow.len(), 3);
    for message in &slow {
        assert_eq!((message.id.as_str(), &message.body), (id, &slow[0].body));
        assert!(message.is_signed_by(&secret) && message.signatures.len() == 1, "{message:?}");
    }
    assert_ne!(slow[0].timestamp, slow[1].timestamp);
    let told = slow[0].json();
    assert_eq!((&told["type"], &told["timestamp"]), (&json!("link.created"), &link["createdAt"]));
    let mut shown = link.clone();
    for key in ["clicks", "warnings"] {
        shown.as_object_mut().unwrap().shift_remove(key);
    }
    assert_eq!(told["data"], shown);
    until(|| (deliveries(&world, &webhook, "delivered").len() == 2).then_some(()));
    assert_eq!(deliveries(&world, &webhook, "pending"), [Json::Null; 0]);
    hold_against_the_library(&messages, &secret);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_happens_is_told_once_on_sqlite() {
    tell_everything(World::that_asks("127.0.0.1").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_happens_is_told_once_on_postgresql() {
    if let Some(world) = World::that_asks_on_postgres("127.0.0.1").await {
        tell_everything(world).await;
    }
}

/// From every dialect, many at once, and from a process that is gone.
async fn tell_everything(world: World) {
    let receiver = Receiver::start(|_, _| Does::Answers(200));
    let (webhook, secret) = make_webhook(&world, &receiver);
    let kinds = |from: usize| -> Vec<String> {
        let all = receiver.messages();
        let named = |it: &Message| it.json()["type"].as_str().unwrap().to_owned();
        all[from..].iter().map(named).collect()
    };
    let to = "https://example.com/";
    call(
        &world,
        "POST",
        "/links",
        &json!({ "originalURL": to, "domain": "localhost", "path": "s" }),
    );
    call(&world, "POST", "/api/links", &json!({ "destinationUrl": to, "shortCode": "other" }));
    let dglnk = format!("/api/links/create?api_token={}", world.key);
    call(&world, "POST", &dglnk, &json!({ "long_url": to, "title": "t" }));
    receiver.wait(3);
    assert_eq!(kinds(0), ["link.created"; 3]);

    let link = make_link(&world, "one");
    let path = format!("/api/v1/links/{}", link["id"].as_str().unwrap());
    receiver.wait(4);
    let rule = json!({ "when": { "field": "country", "operator": "equals", "value": "FR" }, "action": { "block": 404 } });
    call(&world, "POST", &format!("{path}/rules"), &rule);
    receiver.wait(5);
    call(&world, "PATCH", &path, &json!({ "archived": true }));
    receiver.wait(6);
    // Nothing changes, and nothing is told.
    call(&world, "PATCH", &path, &json!({ "archived": true }));
    call(&world, "DELETE", &path, &Json::Null);
    let messages = receiver.wait(7);
    assert_eq!(kinds(4), ["link.updated", "link.updated", "link.deleted"]);
    assert_eq!(messages[4].json()["data"]["rules"][0]["action"], json!({ "block": 404 }));
    assert_eq!(messages[6].json()["data"]["shortUrl"], link["shortUrl"]);

    let many: Vec<Json> =
        (0..1_000).map(|n| json!({ "slug": format!("m{n}"), "destination": to })).collect();
    call(&world, "POST", "/api/v1/links/bulk", &json!({ "links": many }));
    let messages = receiver.wait(1_007);
    let slugs: BTreeSet<String> =
        messages[7..].iter().map(|it| it.json()["data"]["slug"].to_string()).collect();
    let ids: BTreeSet<&str> = messages.iter().map(|it| it.id.as_str()).collect();
    assert_eq!((slugs.len(), ids.len()), (1_000, 1_007));
    assert!(messages.iter().all(|it| it.is_signed_by(&secret)));

    // Another process wrote a link and was killed before anybody told of it.
    let store = Store::open(&world.database).await.unwrap();
    store.tell(|happened| match happened {
        Happened::LinkCreated(_) => Some(Told { id: EventId::new(5).unwrap(), body: "{}".into() }),
        _ => None,
    });
    let domain = store.all_domains().await.unwrap().remove(0);
    let stamp = Stamp { now: "2026-01-01T00:00:00Z".parse().unwrap(), next_id: &|| 1 };
    let to = model::Destination::parse("", to, domain.schemes()).unwrap();
    let slug = model::Slug::parse("left", true).unwrap();
    let address = model::Address { domain: domain.id, host: domain.host.clone(), slug };
    let link = Draft::new(to)
        .into_link(domain.workspace, vec![address], domain.default_status, &stamp)
        .unwrap();
    store.insert_link(&link, "another process").await.unwrap();
    store.close().await;
    let last = receiver.wait(1_008).pop().unwrap();
    assert_eq!((last.id.as_str(), last.body.as_str()), ("evt_000000005", "{}"));

    // A secret that is renewed: both sign for a day.
    let renewed = call(&world, "POST", &format!("{webhook}/secret"), &Json::Null);
    let renewed = renewed["secret"].as_str().unwrap();
    let test = call(&world, "POST", &format!("{webhook}/test"), &Json::Null);
    assert_eq!((&test["delivered"], &test["status"]), (&json!(true), &json!(200)));
    let message = receiver.wait(1_009).pop().unwrap();
    assert_eq!(
        (&json!(message.id), &message.json()["type"]),
        (&test["id"], &json!("webhook.test"))
    );
    assert_ne!(renewed, secret);
    assert_eq!(message.signatures.len(), 2);
    assert!(message.is_signed_by(renewed) && message.is_signed_by(&secret));
    assert_eq!(receiver.messages().len(), 1_009, "nothing came twice");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_gone_is_told_nothing_more() {
    let world = World::that_asks("127.0.0.1").await;
    let receiver = Receiver::start(|_, _| Does::Answers(410));
    let (webhook, _) = make_webhook(&world, &receiver);
    make_link(&world, "one");
    let found = until(|| {
        let found = call(&world, "GET", &webhook, &Json::Null);
        (found["state"] != "active").then_some(found)
    });
    assert_eq!((&found["state"], &found["enabled"]), (&json!("gone"), &json!(false)));
    make_link(&world, "two");
    assert_eq!(deliveries(&world, &webhook, "failed").len(), 1);
    assert_eq!(deliveries(&world, &webhook, "pending").len(), 0);
    let again = call(&world, "PATCH", &webhook, &json!({ "enabled": true }));
    assert_eq!((&again["state"], &again["failingSince"]), (&json!("active"), &Json::Null));
    let replayed = call(
        &world,
        "POST",
        &format!("{webhook}/replay"),
        &json!({ "since": "2026-01-01T00:00:00Z" }),
    );
    assert_eq!(replayed, json!({ "replayed": 1 }));
    let messages = receiver.wait(2);
    assert_eq!(messages[0].id, messages[1].id);
    world.end().await;
}

/// An address is judged each time that something is sent to it, whatever was thought of it before.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_ours_is_not_told_though_it_was_saved() {
    let world = World::that_asks("").await;
    let receiver = Receiver::start(|_, _| Does::Answers(200));
    let store = Store::open(&world.database).await.unwrap();
    let workspace = store.first_workspace().await.unwrap().unwrap();
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let saved = Webhook {
        id: WebhookId::new(1).unwrap(),
        workspace: workspace.id,
        url: Webhook::read_url(&receiver.url()).unwrap(),
        events: None,
        description: String::new(),
        state: WebhookState::Active,
        secret: WebhookSecret([0; 32]),
        old_secret: None,
        failing_since: None,
        created_at: now,
        updated_at: now,
    };
    store.insert_webhook(&saved).await.unwrap();
    store.close().await;
    make_link(&world, "one");
    let webhook = format!("/api/v1/webhooks/{}", saved.id.plain("hook"));
    let waiting =
        until(|| deliveries(&world, &webhook, "pending").pop().filter(|it| it["attempts"] == 1));
    assert_eq!(waiting["lastError"], "the address is none that may be asked");
    let test = call(&world, "POST", &format!("{webhook}/test"), &Json::Null);
    assert_eq!(test["delivered"], false);
    assert!(receiver.messages().is_empty());
    world.end().await;
}
