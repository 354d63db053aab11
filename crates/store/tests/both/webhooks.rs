//! What happens is put down with it, and leaves for each webhook once at a time.

use jiff::{SignedDuration, Timestamp};
use model::{
    Amount, Attempt, ClickId, Conversion, Delivery, DeliveryState, Error, EventId, EventKind,
    Happened, Id, LinkId, Next, Report, Webhook, WebhookId, WebhookSecret, WebhookState, What,
};
use serde_json::{Value, json};
use store::{Store, Taken, Told, Tried};

use crate::harness::{World, now, on_both, url};

/// A webhook of our workspace that hears of `events`.
fn webhook(world: &World, events: Option<&[EventKind]>) -> Webhook {
    Webhook {
        id: world.id(),
        workspace: world.workspace(),
        url: Webhook::read_url("https://example.com/hook").unwrap(),
        events: events.map(<[_]>::to_vec),
        description: "for a test".to_owned(),
        state: WebhookState::Active,
        secret: WebhookSecret([7; 32]),
        old_secret: None,
        failing_since: None,
        created_at: now(),
        updated_at: now(),
    }
}

/// Has a store tell what happens in the fewest words; ids count from `first`.
fn tell(store: &Store, first: i64) {
    let next = std::sync::atomic::AtomicI64::new(first);
    store.tell(move |happened| {
        let id = Id::new(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)).unwrap();
        let of = match happened {
            Happened::LinkCreated(link)
            | Happened::LinkUpdated(link)
            | Happened::LinkDeleted(link, _) => link.address().slug.to_string(),
            Happened::DomainCreated(domain)
            | Happened::DomainUpdated(domain)
            | Happened::DomainDeleted(domain, _) => domain.host.to_string(),
            Happened::ConversionCreated(conversion) => conversion.report.event.clone(),
        };
        let click = match happened {
            Happened::ConversionCreated(conversion) => Some(conversion.click.to_string()),
            _ => None,
        };
        let body = json!({ "type": happened.kind().name(), "of": of, "click": click });
        Some(Told { id, body: body.to_string() })
    });
}

/// A world that tells, with webhooks that hear of these.
async fn telling<const N: usize>(
    world: &World,
    events: [Option<&[EventKind]>; N],
) -> [WebhookId; N] {
    tell(&world.store, 1_000_000);
    let webhooks = events.map(|events| webhook(world, events));
    for webhook in &webhooks {
        world.store.insert_webhook(webhook).await.unwrap();
    }
    webhooks.map(|webhook| webhook.id)
}

fn seconds(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

async fn take(world: &World, webhook: WebhookId, at: Timestamp, limit: i64) -> Option<Taken> {
    let until = at + SignedDuration::from_secs(60);
    world.store.take_deliveries(webhook, at, until, limit).await.unwrap()
}

fn ids(taken: &Taken) -> Vec<EventId> {
    taken.events.iter().map(|(event, _)| event.id).collect()
}

/// All that a webhook has heard of, oldest first, as `type of`.
async fn heard(world: &World, webhook: WebhookId) -> Vec<String> {
    let taken = take(world, webhook, seconds(100_000), 10_000).await.unwrap();
    let told = taken.events.iter().map(|(event, _)| {
        let body: Value = serde_json::from_str(&event.body).unwrap();
        assert_eq!(body["type"], event.kind.name());
        format!("{} {}", event.kind.name(), body["of"].as_str().unwrap())
    });
    told.collect()
}

#[tokio::test]
async fn a_webhook_is_kept_as_it_was_said() {
    on_both(async |world| {
        let new = Webhook {
            old_secret: Some((WebhookSecret([1; 32]), now())),
            failing_since: Some(now()),
            ..webhook(&world, Some(&[EventKind::LinkCreated]))
        };
        world.store.insert_webhook(&new).await.unwrap();
        let read = async |id| world.store.webhook(world.workspace(), id).await;
        assert_eq!(read(new.id).await.unwrap(), new);
        let changed = Webhook {
            events: None,
            old_secret: None,
            state: WebhookState::Disabled,
            updated_at: seconds(1),
            ..new.clone()
        };
        world.store.update_webhook(&new, &changed).await.unwrap();
        let all = world.store.webhooks(world.workspace()).await.unwrap();
        assert_eq!(all, std::slice::from_ref(&changed));
        let again = world.store.update_webhook(&new, &changed).await;
        assert!(matches!(again, Err(Error::Stale)), "{again:?}");
        let theirs = world.theirs.workspace;
        assert_eq!(world.store.webhooks(theirs).await.unwrap(), []);
        let foreign = world.store.delete_webhook(theirs, new.id).await;
        assert!(matches!(foreign, Err(Error::NotFound(What::Webhook))), "{foreign:?}");
        world.store.delete_webhook(world.workspace(), new.id).await.unwrap();
        let gone = world.store.update_webhook(&changed, &new).await;
        assert!(matches!(gone, Err(Error::NotFound(What::Webhook))), "{gone:?}");
    })
    .await;
}

#[tokio::test]
async fn whatever_is_written_is_put_down_for_those_who_hear_of_it() {
    on_both(async |world| {
        let [all, few] =
            telling(&world, [None, Some(&[EventKind::LinkDeleted, EventKind::DomainCreated])])
                .await;
        let [one] = world.stored(["one"]).await;
        let mut edited = one.clone();
        edited.destination = url("https://example.com/new");
        edited.edited(&one, seconds(1));
        world.store.update_link(&one, &edited, "tester").await.unwrap();
        let many = ["two", "one", "three"].map(|slug| world.link(slug));
        let results = world.store.insert_links(&many, "tester").await;
        assert!(results[0].is_ok() && results[1].is_err() && results[2].is_ok());
        let stale = world.store.update_link(&one, &edited, "tester").await;
        assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
        world.store.delete_link(world.workspace(), one.id, seconds(2)).await.unwrap();
        let gone = world.store.delete_link(world.workspace(), one.id, seconds(3)).await;
        assert!(gone.is_err());

        let domain = model::Domain { id: world.id(), ..world.ours.clone() };
        let domain = model::Domain { host: model::Host::parse("new.example").unwrap(), ..domain };
        world.store.insert_domain(&domain).await.unwrap();
        let slow = model::Domain { updated_at: seconds(9), ..domain.clone() };
        world.store.update_domain(&domain, &slow).await.unwrap();
        let workspace = world.workspace();
        assert!(world.store.delete_domain(workspace, domain.id, seconds(10)).await.unwrap());

        let conversion = Conversion {
            id: world.id(),
            workspace,
            link: LinkId::new(7).unwrap(),
            click: ClickId { segment: 1, offset: 2 },
            revision: 1,
            rule: None,
            variant: None,
            by_person: false,
            visitor: None,
            report: Report { amount: Some(Amount::of_parts(1)), ..Report::of("sale") },
            clicked_at: now(),
            created_at: seconds(20),
        };
        for _ in 0..2 {
            world.store.insert_conversion(&conversion).await.unwrap();
        }
        // What happens elsewhere is nobody's to hear here.
        let theirs = world.link_on(&world.theirs, &["elsewhere"]);
        world.store.insert_link(&theirs, "tester").await.unwrap();

        let expected = [
            "link.created one",
            "link.created two",
            "link.created three",
            "link.updated one",
            "link.deleted one",
            "domain.created new.example",
            "domain.updated new.example",
            "domain.deleted new.example",
            "conversion.created sale",
        ];
        let mut found = heard(&world, all).await;
        // All in the time in which they happened: the links of the harness are all made at once.
        found.sort_by_key(|told| expected.iter().position(|known| known == told));
        assert_eq!(found, expected);
        assert_eq!(heard(&world, few).await, ["domain.created new.example", "link.deleted one"]);

        // With a conversion that has to be forgotten goes what was told of it.
        assert_eq!(world.store.drop_conversions_of(&[conversion.click]).await.unwrap(), 1);
        let left = world.store.deliveries(workspace, all, None, None, 99).await.unwrap();
        assert_eq!(left.len(), expected.len() - 1);
        assert!(left.iter().all(|delivery| delivery.kind != EventKind::ConversionCreated));

        // Nor is it told longer than the conversion is kept, when nobody could find it any more.
        world.store.insert_conversion(&conversion).await.unwrap();
        let before = |seconds_: i64| seconds(seconds_).as_millisecond();
        let count =
            async || world.store.deliveries(workspace, all, None, None, 99).await.unwrap().len();
        assert_eq!(world.store.drop_conversions_before(before(20)).await.unwrap(), 0);
        assert_eq!(count().await, expected.len());
        assert_eq!(world.store.drop_conversions_before(before(21)).await.unwrap(), 1);
        assert_eq!(count().await, expected.len() - 1);
    })
    .await;
}

#[tokio::test]
async fn many_links_of_one_call_are_as_many_events() {
    on_both(async |world| {
        let [all] = telling(&world, [None]).await;
        let links: Vec<_> = (0..1_000).map(|n| world.link(&format!("many{n}"))).collect();
        let results = world.store.insert_links(&links, "tester").await;
        assert!(results.iter().all(Result::is_ok));
        assert_eq!(heard(&world, all).await.len(), 1_000);
        assert_eq!(world.store.count_deliveries().await.unwrap(), (1_000, 0));
    })
    .await;
}

#[tokio::test]
async fn a_webhook_hears_from_its_first_moment_to_its_last() {
    on_both(async |world| {
        let [id] = telling(&world, [None]).await;
        world.stored(["first"]).await;
        // Another process changes it behind this one's back.
        let other = Store::open(&world.url).await.unwrap();
        let on = other.webhook(world.workspace(), id).await.unwrap();
        let off = Webhook { state: WebhookState::Disabled, updated_at: seconds(1), ..on };
        other
            .update_webhook(&world.store.webhook(world.workspace(), id).await.unwrap(), &off)
            .await
            .unwrap();
        world.stored(["unheard"]).await;
        assert!(take(&world, id, seconds(9), 9).await.is_none());
        let on = Webhook { state: WebhookState::Active, updated_at: seconds(2), ..off.clone() };
        other.update_webhook(&off, &on).await.unwrap();
        other.close().await;
        world.stored(["second"]).await;
        assert_eq!(heard(&world, id).await, ["link.created first", "link.created second"]);
        world.store.delete_webhook(world.workspace(), id).await.unwrap();
        world.stored(["after"]).await;
        assert_eq!(world.store.count_deliveries().await.unwrap(), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_one_node_takes_no_other_takes_until_it_fell_silent() {
    on_both(async |world| {
        let [id] = telling(&world, [None]).await;
        world.stored(["a", "b", "c"]).await;
        assert_eq!(world.store.webhooks_due(now()).await.unwrap(), [id]);
        let first = take(&world, id, now(), 2).await.unwrap();
        // The same lease to the millisecond, as of a second node.
        let second = take(&world, id, now(), 2).await.unwrap();
        assert_eq!((ids(&first).len(), ids(&second).len()), (2, 1));
        assert!(ids(&first).iter().all(|id| !ids(&second).contains(id)));
        assert_eq!(world.store.webhooks_due(seconds(59)).await.unwrap(), []);
        // The process ended without a word: another one finds what it had not reported.
        let again = Store::open(&world.url).await.unwrap();
        assert_eq!(again.webhooks_due(seconds(60)).await.unwrap(), [id]);
        again.close().await;
        let third = take(&world, id, seconds(60), 9).await.unwrap();
        assert_eq!(ids(&third).len(), 3);
        assert!(ids(&third).is_sorted());
        // Whoever lost its lease has nothing to say any more.
        let late = tried(ids(&first)[0], 1, Some(200), Next::Delivered);
        world.store.store_attempts(id, first.until, vec![late], None).await.unwrap();
        assert_eq!(world.store.count_deliveries().await.unwrap(), (3, 0));
    })
    .await;
}

fn tried(event: EventId, at: i64, status: Option<u16>, next: Next) -> Tried {
    let error = status.is_none().then(|| "it takes too long".to_owned());
    Tried { event, attempt: Attempt { at: seconds(at), status, error }, next }
}

#[tokio::test]
async fn every_attempt_is_kept_and_what_failed_can_be_sent_again() {
    on_both(async |world| {
        let [id] = telling(&world, [None]).await;
        world.stored(["a", "b", "c"]).await;
        let taken = take(&world, id, now(), 9).await.unwrap();
        let [a, b, c] = ids(&taken)[..] else { panic!() };
        let all = vec![
            tried(a, 1, Some(204), Next::Delivered),
            tried(b, 1, None, Next::Again(seconds(6))),
            tried(c, 1, Some(410), Next::Failed),
        ];
        world.store.store_attempts(id, taken.until, all, None).await.unwrap();
        let workspace = world.workspace();
        let states = async |state| -> Vec<EventId> {
            let found = world.store.deliveries(workspace, id, state, None, 9).await.unwrap();
            found.iter().map(|delivery| delivery.event).collect()
        };
        assert_eq!(states(None).await, [c, b, a]);
        assert_eq!(states(Some(DeliveryState::Delivered)).await, [a]);
        assert_eq!(states(Some(DeliveryState::Pending)).await, [b]);
        assert_eq!(states(Some(DeliveryState::Failed)).await, [c]);
        assert_eq!(world.store.count_deliveries().await.unwrap(), (1, 1));
        let page = world.store.deliveries(workspace, id, None, Some(c), 1).await.unwrap();
        let expected = Delivery {
            webhook: id,
            event: b,
            kind: EventKind::LinkCreated,
            state: DeliveryState::Pending,
            attempts: 1,
            next_at: Some(seconds(6)),
            last: Some(tried(b, 1, None, Next::Failed).attempt),
            created_at: now(),
        };
        assert_eq!(page, [expected]);

        assert_eq!(ids(&take(&world, id, seconds(5), 9).await.unwrap()), []);
        let taken = take(&world, id, seconds(6), 9).await.unwrap();
        assert_eq!((ids(&taken), taken.events[0].1), (vec![b], 1));
        let replay = async |since, at| {
            world.store.replay_failed(workspace, id, since, seconds(at)).await.unwrap()
        };
        assert_eq!(replay(seconds(1), 7).await, 0);
        assert_eq!(replay(now(), 7).await, 1);
        let foreign = world.theirs.workspace;
        let error = world.store.replay_delivery(foreign, id, a, seconds(8)).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Delivery)), "{error:?}");
        let error = world.store.delivery_body(foreign, id, a).await.unwrap_err();
        assert!(matches!(error, Error::NotFound(What::Delivery)), "{error:?}");
        world.store.replay_delivery(workspace, id, a, seconds(8)).await.unwrap();
        let taken = take(&world, id, seconds(8), 9).await.unwrap();
        assert_eq!(ids(&taken), [c, a]);
        assert_eq!(taken.events.iter().map(|(_, attempts)| *attempts).max(), Some(0));

        world.store.drop_events_before(seconds(1)).await.unwrap();
        assert_eq!(states(None).await, []);
        assert_eq!(world.store.count_deliveries().await.unwrap(), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_webhook_knows_since_when_nothing_gets_through_and_why_it_ended() {
    on_both(async |world| {
        let [id] = telling(&world, [None]).await;
        world.stored(["a"]).await;
        let attempt = async |at: i64, status, next, end| {
            let taken = take(&world, id, seconds(at), 9).await.unwrap();
            let all = vec![tried(ids(&taken)[0], at, status, next)];
            world.store.store_attempts(id, taken.until, all, end).await.unwrap();
            let webhook = world.store.webhook(world.workspace(), id).await.unwrap();
            (webhook.failing_since, webhook.state)
        };
        let active = WebhookState::Active;
        let again = |at| Next::Again(seconds(at));
        assert_eq!(attempt(10, Some(500), again(20), None).await, (Some(seconds(10)), active));
        assert_eq!(attempt(20, None, again(30), None).await, (Some(seconds(10)), active));
        assert_eq!(attempt(30, Some(200), again(40), None).await, (None, active));
        let end = WebhookState::Gone;
        assert_eq!(attempt(40, Some(410), Next::Failed, Some(end)).await, (Some(seconds(40)), end));
        world.stored(["unheard"]).await;
        assert_eq!(world.store.count_deliveries().await.unwrap(), (0, 1));
    })
    .await;
}

/// Sends what is due in an hour, as a server does, with this answer; the state of the webhook then.
async fn send_at(world: &World, id: WebhookId, hour: i64, status: u16) -> WebhookState {
    let at = seconds(hour * 3_600);
    if let Some(taken) = take(world, id, at, 99).await {
        let attempt = Attempt { at, status: Some(status), error: None };
        let send = |(event, before): &(model::Event, i64)| Tried {
            event: event.id,
            attempt: attempt.clone(),
            next: attempt.next(*before, None, 0.0),
        };
        let tried: Vec<Tried> = taken.events.iter().map(send).collect();
        let attempts: Vec<&Attempt> = tried.iter().map(|tried| &tried.attempt).collect();
        let end = model::end_of_webhook(taken.webhook.failing_since, &attempts);
        world.store.store_attempts(id, taken.until, tried, end).await.unwrap();
    }
    world.store.webhook(world.workspace(), id).await.unwrap().state
}

#[tokio::test]
async fn five_days_in_which_nothing_gets_through_end_a_webhook_and_one_answer_begins_them_anew() {
    on_both(async |world| {
        let [id] = telling(&world, [None]).await;
        // A link a day. Nothing is received but what is sent in the 96th hour and a little later.
        let mut states = Vec::new();
        for hour in 0..240 {
            if hour % 24 == 0 {
                world.stored([&*format!("day-{}", hour / 24)]).await;
            }
            let status = if (96..102).contains(&hour) { 204 } else { 500 };
            states.push(send_at(&world, id, hour, status).await);
        }
        let ended = states.iter().position(|state| *state != WebhookState::Active).unwrap();
        assert_eq!(ended, 102 + 5 * 24);
        assert!(states[ended..].iter().all(|state| *state == WebhookState::Failing));
        assert!(take(&world, id, seconds(999_999_999), 9).await.is_none());

        // Whoever enables it hears what waited, and of nothing that happened in between.
        let webhook = world.store.webhook(world.workspace(), id).await.unwrap();
        assert_eq!(webhook.failing_since, Some(seconds(102 * 3_600)));
        let enabled =
            Webhook { state: WebhookState::Active, failing_since: None, ..webhook.clone() };
        world.store.update_webhook(&webhook, &enabled).await.unwrap();
        let (waiting, failed) = world.store.count_deliveries().await.unwrap();
        assert!(waiting != 0 && failed != 0, "{waiting} wait, {failed} have failed");
        assert_eq!(send_at(&world, id, 300, 204).await, WebhookState::Active);
        assert_eq!(world.store.count_deliveries().await.unwrap(), (0, failed));
    })
    .await;
}
