//! What happens is put down with it, and leaves for each webhook once at a time.

use jiff::{SignedDuration, Timestamp};
use model::{
    Amount, Attempt, ClickId, Conversion, Error, EventId, EventKind, Happened, Id, LinkId, Next,
    Report, Webhook, WebhookId, WebhookSecret, WebhookState, What,
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
pub(crate) async fn telling<const N: usize>(
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

pub(crate) fn seconds(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

pub(crate) async fn take(
    world: &World,
    webhook: WebhookId,
    at: Timestamp,
    limit: i64,
) -> Option<Taken> {
    let until = at + SignedDuration::from_secs(60);
    world.store.take_deliveries(webhook, at, until, limit).await.unwrap()
}

pub(crate) fn ids(taken: &Taken) -> Vec<EventId> {
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

pub(crate) fn tried(event: EventId, at: i64, status: Option<u16>, next: Next) -> Tried {
    let error = status.is_none().then(|| "it takes too long".to_owned());
    Tried { event, attempt: Attempt { at: seconds(at), status, error }, next }
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
