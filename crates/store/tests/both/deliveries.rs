//! What became of messages to webhooks: every attempt is kept, and a webhook that never answers ends.

use model::{
    Attempt, Delivery, DeliveryState, Error, EventId, EventKind, Next, Webhook, WebhookId,
    WebhookState, What,
};
use store::Tried;

use crate::{
    harness::{World, now, on_both},
    webhooks::{ids, seconds, take, telling, tried},
};

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
