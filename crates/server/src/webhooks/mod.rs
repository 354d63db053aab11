//! What happens, sent to those who asked to hear of it.
//!
//! What is to be sent lies in the database, put down with the change itself. A node takes some of it
//! for a while, sends it, and says how that went; what it says nothing of in time, another one sends.
//! So everything is sent at least once, and a receiver knows a message that comes again by its id.

mod message;

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use model::{Attempt, Event, EventId, Result, Webhook, WebhookId, end_of_webhook};
use store::{Taken, Told, Tried};

pub use self::message::spell;
use crate::{
    App, api,
    app::random_bytes,
    outward::{Refusal, Reply},
};

/// What this node is sending, and what all nodes together have not.
#[derive(Default)]
pub struct Webhooks {
    /// How many are at each webhook.
    senders: Mutex<HashMap<WebhookId, usize>>,
    waiting: AtomicI64,
    failed: AtomicI64,
}

/// How long what is taken is this node's: longer than all of it can take, one after the other.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Messages that are taken for a webhook at a time.
const TAKEN: i64 = 16;
/// Messages of what was taken that are sent at the same time.
const AT_ONCE: usize = 4;
/// Who sends to one webhook at the same time: what hangs holds up nothing that comes after it until
/// so many hang.
const SENDERS: usize = 4;
/// How long it is kept what happened, and what became of it.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Has the store put down what happens from now on, as our own API shows it.
pub fn listen(app: &App) {
    // The store belongs to the app, so it may not keep the app alive.
    let weak = app.downgrade();
    app.store.tell(move |happened| {
        let app = App::upgrade(&weak)?;
        let body = api::event_body(&app, happened);
        Some(Told { id: EventId::next(&app.stamp()), body })
    });
}

/// Begins to send what is due and not taken, to each webhook by itself: a slow one holds up no
/// other.
pub async fn send_due(app: &App) -> Result<()> {
    for webhook in app.store.webhooks_due(app.now()).await? {
        if !app.webhooks.begin(webhook) {
            continue;
        }
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(error) = send_all(&app, webhook).await {
                let id = webhook.plain("hook");
                tracing::warn!(webhook.id = id, %error, "could not send all that webhook {id} hears");
            }
            app.webhooks.end(webhook);
        });
    }
    Ok(())
}

/// Counts for the metrics what waits and what has failed.
pub async fn count(app: &App) -> Result<()> {
    let (waiting, failed) = app.store.count_deliveries().await?;
    app.webhooks.waiting.store(waiting, Ordering::Relaxed);
    app.webhooks.failed.store(failed, Ordering::Relaxed);
    Ok(())
}

/// Forgets what happened long ago.
pub async fn drop_old(app: &App) -> Result<()> {
    app.store.drop_events_before(app.now() - KEPT).await
}

/// Sends a message that says nothing at once and once, and says what came back.
pub async fn send_test(app: &App, webhook: &Webhook) -> (EventId, Attempt) {
    let stamp = app.stamp();
    let (id, body) = (EventId::next(&stamp), api::test_body(webhook.id, stamp.now));
    let (attempt, _) = send(app, webhook, id, body).await;
    (id, attempt)
}

/// Sends a message; how that went, and how long the receiver asks us to wait.
async fn send(
    app: &App,
    webhook: &Webhook,
    id: EventId,
    body: String,
) -> (Attempt, Option<SignedDuration>) {
    let at = app.now();
    let message = message::sign(webhook, id, at, body);
    let told = app.outward.tell(&webhook.url, &message).await;
    attempt(at, told)
}

async fn send_all(app: &App, webhook: WebhookId) -> Result<()> {
    loop {
        let now = app.now();
        let taken = app.store.take_deliveries(webhook, now, now + LEASE, TAKEN).await?;
        match taken {
            Some(taken) if !taken.events.is_empty() => send_some(app, taken).await?,
            _ => return Ok(()),
        }
    }
}

/// Sends what was taken, oldest first; none waits for one before it that fails.
async fn send_some(app: &App, taken: Taken) -> Result<()> {
    let Taken { webhook, until, events } = taken;
    let send = async |(event, before): (Event, i64)| {
        let (attempt, wanted) = send(app, &webhook, event.id, event.body).await;
        let next = attempt.next(before, wanted, dice());
        Tried { event: event.id, attempt, next }
    };
    let tried: Vec<Tried> =
        stream::iter(events).map(send).buffer_unordered(AT_ONCE).collect().await;
    let attempts: Vec<&Attempt> = tried.iter().map(|tried| &tried.attempt).collect();
    let end = end_of_webhook(webhook.failing_since, &attempts);
    if let Some(state) = end {
        let id = webhook.id.plain("hook");
        tracing::warn!(webhook.id = id, "webhook {id} is told nothing more: {}", state.name());
    }
    app.store.store_attempts(webhook.id, until, tried, end).await
}

fn attempt(at: Timestamp, told: Result<Reply, Refusal>) -> (Attempt, Option<SignedDuration>) {
    match told {
        Ok(reply) => {
            let wanted = reply.retry_after.as_deref().and_then(|text| wait(text, at));
            let attempt = Attempt { at, status: Some(reply.status), error: None };
            let why = (!attempt.is_through()).then(|| Refusal::Status(reply.status).to_string());
            (Attempt { error: why, ..attempt }, wanted)
        }
        Err(why) => (Attempt { at, status: None, error: Some(why.to_string()) }, None),
    }
}

/// How long `Retry-After` asks us to wait: it holds seconds or a date.
fn wait(text: &str, now: Timestamp) -> Option<SignedDuration> {
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(SignedDuration::from_secs(seconds.into()));
    }
    let date = rfc2822::parse(text.trim()).ok()?;
    Some(date.timestamp().duration_since(now).max(SignedDuration::ZERO))
}

/// A number from 0 to 1.
fn dice() -> f64 {
    f64::from(u16::from_le_bytes(random_bytes())) / f64::from(u16::MAX)
}

impl Webhooks {
    /// Messages of all nodes that are not through yet.
    pub fn waiting(&self) -> i64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Messages of all nodes that are not tried any more.
    pub fn failed(&self) -> i64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// False where as many as may be are at it already.
    fn begin(&self, webhook: WebhookId) -> bool {
        let mut senders = self.senders();
        let at_it = senders.entry(webhook).or_default();
        let may = *at_it < SENDERS;
        *at_it += usize::from(may);
        may
    }

    fn end(&self, webhook: WebhookId) {
        let mut senders = self.senders();
        if let Some(at_it) = senders.get_mut(&webhook) {
            *at_it -= 1;
            if *at_it == 0 {
                senders.remove(&webhook);
            }
        }
    }

    fn senders(&self) -> MutexGuard<'_, HashMap<WebhookId, usize>> {
        self.senders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_send_to_one_webhook_and_no_more() {
        let webhooks = Webhooks::default();
        let [one, two] = [1, 2].map(|number| WebhookId::new(number).unwrap());
        assert!((0..SENDERS).all(|_| webhooks.begin(one)));
        assert!(!webhooks.begin(one) && webhooks.begin(two));
        webhooks.end(one);
        assert!(webhooks.begin(one) && !webhooks.begin(one));
        (0..SENDERS).for_each(|_| webhooks.end(one));
        webhooks.end(two);
        assert!(webhooks.senders().is_empty());
    }

    #[test]
    fn a_receiver_asks_for_time_in_seconds_or_by_a_date() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let seconds = |text: &str| wait(text, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("Sun, 22 Nov 2026 10:01:00 GMT"), Some(60));
        assert_eq!(seconds("Sun, 22 Nov 2026 09:00:00 GMT"), Some(0));
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds("-5"), None);
    }
}
