//! Whom a workspace tells what happens in it.

use jiff::{SignedDuration, Timestamp};
use model::{
    Attempt, Caller, Delivery, DeliveryState, Error, EventId, EventKind, Result, Scope, Webhook,
    WebhookId, WebhookSecret, WebhookState,
};
use url::{Host, Url};

use super::links::SAVES;
use crate::{App, app::random_bytes, webhooks};

/// What a caller says of a new webhook.
pub struct NewWebhook {
    pub url: Url,
    /// None: all.
    pub events: Option<Vec<EventKind>>,
    pub description: String,
    pub enabled: bool,
}

/// Webhooks of one workspace, as each of its events is written once for every one.
const MOST: usize = 50;
/// How long the secret before the newest one signs too.
const BOTH_SIGN: SignedDuration = SignedDuration::from_hours(24);

pub async fn webhooks(app: &App, caller: &Caller) -> Result<Vec<Webhook>> {
    may(caller, Scope::WebhooksRead)?;
    app.store.webhooks(caller.workspace).await
}

pub async fn webhook(app: &App, caller: &Caller, id: WebhookId) -> Result<Webhook> {
    may(caller, Scope::WebhooksRead)?;
    app.store.webhook(caller.workspace, id).await
}

/// Makes a webhook; its secret is shown now or never.
pub async fn create_webhook(app: &App, caller: &Caller, new: NewWebhook) -> Result<Webhook> {
    may(caller, Scope::WebhooksWrite)?;
    let stamp = app.stamp();
    let webhook = Webhook {
        id: WebhookId::next(&stamp),
        workspace: caller.workspace,
        url: new.url,
        events: new.events,
        description: new.description,
        state: if new.enabled { WebhookState::Active } else { WebhookState::Disabled },
        secret: new_secret(),
        old_secret: None,
        failing_since: None,
        created_at: stamp.now,
        updated_at: stamp.now,
    };
    webhook.check()?;
    check_url(app, &webhook.url)?;
    if MOST <= app.store.webhooks(caller.workspace).await?.len() {
        return Err(Error::invalid("", format!("a workspace has {MOST} webhooks at most")));
    }
    app.store.insert_webhook(&webhook).await?;
    Ok(webhook)
}

/// Changes a webhook. One that was left alone and is enabled again begins anew.
pub async fn edit_webhook(
    app: &App,
    caller: &Caller,
    id: WebhookId,
    edit: impl Fn(&mut Webhook),
) -> Result<Webhook> {
    may(caller, Scope::WebhooksWrite)?;
    for _ in 0..SAVES {
        let before = app.store.webhook(caller.workspace, id).await?;
        let mut after = before.clone();
        edit(&mut after);
        if after == before {
            return Ok(after);
        }
        after.check()?;
        if after.url != before.url {
            check_url(app, &after.url)?;
        }
        // By this time an edit is told from the one before it, also within a millisecond.
        after.updated_at = app.now().max(before.updated_at + SignedDuration::from_millis(1));
        match app.store.update_webhook(&before, &after).await {
            Err(Error::Stale) => continue,
            done => done?,
        }
        return Ok(after);
    }
    Err(Error::Stale)
}

/// Gives a webhook a new secret; for a day the old one signs too, so that no receiver misses a
/// message while it learns the new one.
pub async fn renew_secret(app: &App, caller: &Caller, id: WebhookId) -> Result<Webhook> {
    let (secret, until) = (new_secret(), app.now() + BOTH_SIGN);
    let renew = |webhook: &mut Webhook| {
        webhook.old_secret = Some((webhook.secret, until));
        webhook.secret = secret;
    };
    edit_webhook(app, caller, id, renew).await
}

/// Removes a webhook, and what was on its way to it.
pub async fn delete_webhook(app: &App, caller: &Caller, id: WebhookId) -> Result<()> {
    may(caller, Scope::WebhooksWrite)?;
    app.store.delete_webhook(caller.workspace, id).await
}

/// Sends a webhook a message that says nothing, and tells what came back.
pub async fn test_webhook(app: &App, caller: &Caller, id: WebhookId) -> Result<(EventId, Attempt)> {
    may(caller, Scope::WebhooksWrite)?;
    let webhook = app.store.webhook(caller.workspace, id).await?;
    Ok(webhooks::send_test(app, &webhook).await)
}

/// A page of what a webhook was told or is to be told, newest first, what comes after `after`.
pub async fn deliveries(
    app: &App,
    caller: &Caller,
    webhook: WebhookId,
    state: Option<DeliveryState>,
    after: Option<EventId>,
    limit: i64,
) -> Result<Vec<Delivery>> {
    may(caller, Scope::WebhooksRead)?;
    let id = app.store.webhook(caller.workspace, webhook).await?.id;
    app.store.deliveries(caller.workspace, id, state, after, limit).await
}

/// One delivery, and the body that is sent with it.
pub async fn delivery(
    app: &App,
    caller: &Caller,
    webhook: WebhookId,
    event: EventId,
) -> Result<(Delivery, String)> {
    may(caller, Scope::WebhooksRead)?;
    let delivery = app.store.delivery(caller.workspace, webhook, event).await?;
    Ok((delivery, app.store.delivery_body(caller.workspace, webhook, event).await?))
}

/// Tells a webhook again what it was told, or tries at once what waits.
pub async fn replay_delivery(
    app: &App,
    caller: &Caller,
    webhook: WebhookId,
    event: EventId,
) -> Result<Delivery> {
    may(caller, Scope::WebhooksWrite)?;
    app.store.replay_delivery(caller.workspace, webhook, event, app.now()).await?;
    app.store.delivery(caller.workspace, webhook, event).await
}

/// Tells a webhook again what failed of all that happened at `since` or later; how much that is.
pub async fn replay_failed(
    app: &App,
    caller: &Caller,
    webhook: WebhookId,
    since: Timestamp,
) -> Result<u64> {
    may(caller, Scope::WebhooksWrite)?;
    let id = app.store.webhook(caller.workspace, webhook).await?.id;
    app.store.replay_failed(caller.workspace, id, since, app.now()).await
}

/// A webhook hears of all domains, so it is no affair of who has some of them.
fn may(caller: &Caller, scope: Scope) -> Result<()> {
    caller.may(scope)?;
    caller.may_everywhere()
}

/// Refuses what will never be asked, and ourselves. A name is judged each time that it is asked.
fn check_url(app: &App, url: &Url) -> Result<()> {
    app.outward.check(url).map_err(|why| Error::invalid("url", why.to_string()))?;
    match url.host() {
        Some(Host::Domain(name)) if app.routes.domain(name).is_some() => {
            Err(Error::invalid("url", "is this server's own"))
        }
        _ => Ok(()),
    }
}

fn new_secret() -> WebhookSecret {
    WebhookSecret(random_bytes())
}
