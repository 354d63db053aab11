//! `/api/v1/webhooks`: who is told what happens.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use model::{
    Attempt, EVENTS, Error, EventId, EventKind, Result as Checked, Webhook, WebhookSecret,
    WebhookState, What,
};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use utoipa::ToSchema;

use super::{
    super::json::{Problems, iso, nullable, present},
    Authed, Body, Native, Page, Place, Result, created, id,
};
use crate::{App, ops, webhooks::spell};

/// What a caller may say of a webhook, new or old; what is absent stays.
///
/// The keys that only we set are accepted and mean nothing, so that what was read can be sent back.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = WebhookChange, example = json!({
    "url": "https://hooks.example/waypost", "events": ["link.created", "conversion.created"],
}))]
pub(super) struct WebhookBody {
    /// Where messages are sent to. Required of a new webhook.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    url: Option<String>,
    #[serde(deserialize_with = "nullable")]
    events: Option<Option<Vec<String>>>,
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    description: Option<String>,
    /// Whether it is told anything.
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    enabled: Option<bool>,
    #[schema(ignore)]
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "state")]
    _state: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "failingSince")]
    _failing_since: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "createdAt")]
    _created_at: Option<IgnoredAny>,
    #[schema(ignore)]
    #[serde(rename = "updatedAt")]
    _updated_at: Option<IgnoredAny>,
}

/// Who is told what happens in the workspace.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Webhook, example = json!({
    "id": "hook_000Yl3bWv", "url": "https://hooks.example/waypost",
    "events": ["link.created", "conversion.created"], "description": "", "enabled": true,
    "state": "active", "failingSince": null, "createdAt": "2026-11-21T10:00:00.000Z",
    "updatedAt": "2026-11-21T10:00:00.000Z",
}))]
pub(super) struct WebhookView {
    id: String,
    url: String,
    events: Option<Vec<&'static str>>,
    description: String,
    /// Whether it is told anything.
    enabled: bool,
    /// `active`; or why it is told nothing: `disabled` by you, `gone` since it answered 410,
    /// `failing` since nothing got through for five days.
    state: &'static str,
    failing_since: Option<String>,
    created_at: String,
    updated_at: String,
    /// What messages are signed with, when it was just made: it is shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// What came back of a test.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": "evt_000Yl3bWt", "delivered": true, "status": 204, "error": null,
}))]
pub(super) struct WebhookTest {
    /// The id of the message.
    id: String,
    /// Whether it got through.
    delivered: bool,
    /// The receiver's status; null where none answered.
    status: Option<u16>,
    /// Why it did not get through.
    error: Option<String>,
}

/// List webhooks
#[utoipa::path(
    get,
    operation_id = "listWebhooks",
    path = "/webhooks",
    tag = "Webhooks",
    responses((status = 200, description = "as asked", body = Page<WebhookView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
) -> Result<Json<Page<WebhookView>>> {
    let webhooks = ops::webhooks(&app, &caller).await?;
    Ok(Json(Page::whole(webhooks.iter().map(|it| WebhookView::of(it, None)).collect())))
}

/// Make a webhook
///
/// From now on what happens in the workspace is sent to its address, signed as Standard Webhooks has
/// it: `webhook-id`, `webhook-timestamp` and `webhook-signature`, by the secret that this answer holds
/// for the only time. A message is JSON with `type`, `timestamp` and `data`, the thing as this API
/// shows it; a link is told without its `clicks`. Any status from 200 to 299 says that it was received.
#[utoipa::path(
    post,
    operation_id = "createWebhook",
    path = "/webhooks",
    tag = "Webhooks",
    request_body = WebhookBody,
    responses((status = 201, description = "made", body = WebhookView)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, WebhookBody>,
) -> Result<Response> {
    let mut problems = Problems::default();
    let url = body
        .url
        .as_deref()
        .map_or_else(|| Err(Error::invalid("url", "is required")), Webhook::read_url);
    let url = problems.keep(url);
    let events = problems.keep_any(body.events());
    problems.finish()?;
    let Some(url) = url else { return Err(Error::invalid("url", "is required").into()) };
    let new = ops::NewWebhook {
        url,
        events: events.flatten(),
        description: body.description.unwrap_or_default(),
        enabled: body.enabled.unwrap_or(true),
    };
    let webhook = ops::create_webhook(&app, &caller, new).await?;
    let view = WebhookView::of(&webhook, Some(&webhook.secret));
    Ok(created(format!("/api/v1/webhooks/{}", view.id), view))
}

/// Read a webhook
#[utoipa::path(
    get,
    operation_id = "getWebhook",
    path = "/webhooks/{webhook}",
    tag = "Webhooks",
    responses((status = 200, description = "as asked", body = WebhookView)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<Json<WebhookView>> {
    let webhook = ops::webhook(&app, &caller, id(&text, What::Webhook)?).await?;
    Ok(Json(WebhookView::of(&webhook, None)))
}

/// Change a webhook
///
/// What is left out stays. One that is told nothing any more, whatever the reason, is told again once
/// it is enabled: what waits for it first.
#[utoipa::path(
    patch,
    operation_id = "updateWebhook",
    path = "/webhooks/{webhook}",
    tag = "Webhooks",
    request_body = WebhookBody,
    responses((status = 200, description = "as asked", body = WebhookView)),
)]
pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
    Body(body, _): Body<Native, WebhookBody>,
) -> Result<Json<WebhookView>> {
    let mut problems = Problems::default();
    let url = problems.keep_any(body.url.as_deref().map(Webhook::read_url));
    let events = problems.keep_any(body.events());
    problems.finish()?;
    let edit = |webhook: &mut Webhook| {
        if let Some(url) = &url {
            webhook.url = url.clone();
        }
        if let Some(events) = &events {
            webhook.events.clone_from(events);
        }
        if let Some(description) = &body.description {
            webhook.description.clone_from(description);
        }
        match body.enabled {
            Some(true) if webhook.state != WebhookState::Active => {
                webhook.state = WebhookState::Active;
                webhook.failing_since = None;
            }
            Some(false) if webhook.state == WebhookState::Active => {
                webhook.state = WebhookState::Disabled;
            }
            _ => (),
        }
    };
    let webhook = ops::edit_webhook(&app, &caller, id(&text, What::Webhook)?, edit).await?;
    Ok(Json(WebhookView::of(&webhook, None)))
}

/// Delete a webhook
///
/// What was on its way to it goes too.
#[utoipa::path(
    delete,
    operation_id = "deleteWebhook",
    path = "/webhooks/{webhook}",
    tag = "Webhooks",
    responses((status = 204, description = "done")),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<StatusCode> {
    ops::delete_webhook(&app, &caller, id(&text, What::Webhook)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Renew a webhook's secret
///
/// The answer holds the new one for the only time. For 24 hours the old one signs too: the header has
/// both signatures then, the new one first.
#[utoipa::path(
    post,
    operation_id = "renewWebhookSecret",
    path = "/webhooks/{webhook}/secret",
    tag = "Webhooks",
    responses((status = 200, description = "renewed", body = WebhookView)),
)]
pub(super) async fn renew(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<Json<WebhookView>> {
    let webhook = ops::renew_secret(&app, &caller, id(&text, What::Webhook)?).await?;
    Ok(Json(WebhookView::of(&webhook, Some(&webhook.secret))))
}

/// Test a webhook
///
/// Sends it a `webhook.test` now, once, whether it is enabled or not, and answers what came back.
#[utoipa::path(
    post,
    operation_id = "testWebhook",
    path = "/webhooks/{webhook}/test",
    tag = "Webhooks",
    responses((status = 200, description = "tried", body = WebhookTest)),
)]
pub(super) async fn test(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
) -> Result<Json<WebhookTest>> {
    let (event, attempt) = ops::test_webhook(&app, &caller, id(&text, What::Webhook)?).await?;
    Ok(Json(WebhookTest::of(event, attempt)))
}

impl WebhookBody {
    fn events(&self) -> Option<Checked<Option<Vec<EventKind>>>> {
        let read = |names: &Vec<String>| {
            names.iter().enumerate().map(|(i, name)| kind(i, name)).collect::<Checked<_>>()
        };
        self.events.as_ref().map(|events| events.as_ref().map(read).transpose())
    }
}

fn kind(i: usize, name: &str) -> Checked<EventKind> {
    EventKind::named(name).ok_or_else(|| {
        let known: Vec<&str> = EVENTS.iter().map(|(_, name, _)| *name).collect();
        let why = format!("no event {name:?}; known are {}", known.join(", "));
        Error::invalid(format!("events[{i}]"), why)
    })
}

impl WebhookView {
    fn of(webhook: &Webhook, secret: Option<&WebhookSecret>) -> WebhookView {
        let names = |kinds: &Vec<EventKind>| kinds.iter().map(|kind| kind.name()).collect();
        WebhookView {
            id: webhook.id.plain("hook"),
            url: webhook.url.to_string(),
            events: webhook.events.as_ref().map(names),
            description: webhook.description.clone(),
            enabled: webhook.state == WebhookState::Active,
            state: webhook.state.name(),
            failing_since: webhook.failing_since.map(iso),
            created_at: iso(webhook.created_at),
            updated_at: iso(webhook.updated_at),
            secret: secret.map(spell),
        }
    }
}

impl WebhookTest {
    fn of(event: EventId, attempt: Attempt) -> WebhookTest {
        WebhookTest {
            id: event.plain("evt"),
            delivered: attempt.is_through(),
            status: attempt.status,
            error: attempt.error,
        }
    }
}
