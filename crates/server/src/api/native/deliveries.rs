//! `/api/v1/webhooks/{webhook}/deliveries`: what a webhook was told, or is to be told.

use axum::{Json, extract::State};
use model::{DELIVERY_STATES, Delivery, DeliveryState, Error, EventId, What};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::json::{self as wire, iso},
    Authed, Body, Native, Page, Params, Place, Result, cursor, cut, id,
    parameters::Paged,
};
use crate::{App, ops};

const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

/// One event on its way to a webhook.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delivery, example = json!({
    "id": "evt_000Yl3bWt", "event": "link.created", "state": "pending", "attempts": 1,
    "lastAttemptAt": "2026-11-21T10:00:00.200Z", "lastStatus": 500,
    "lastError": "it answers with status 500", "nextAttemptAt": "2026-11-21T10:00:05.600Z",
    "createdAt": "2026-11-21T10:00:00.000Z",
}))]
pub(super) struct DeliveryView {
    /// The event's id, which is the message's `webhook-id` however often it is sent.
    id: String,
    /// What happened.
    event: &'static str,
    /// `pending`, `delivered`, or `failed` where it is not tried any more.
    state: &'static str,
    /// How often it was tried.
    attempts: i64,
    last_attempt_at: Option<String>,
    /// The receiver's status the last time; null where none answered.
    last_status: Option<u16>,
    /// Why it did not get through the last time.
    last_error: Option<String>,
    next_attempt_at: Option<String>,
    created_at: String,
}

/// A delivery with what is sent.
#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryWithBody, example = json!({
    "id": "evt_000Yl3bWt", "event": "link.deleted", "state": "delivered", "attempts": 1,
    "lastAttemptAt": "2026-11-21T10:00:00.200Z", "lastStatus": 204, "lastError": null,
    "nextAttemptAt": null, "createdAt": "2026-11-21T10:00:00.000Z",
    "body": "{\"type\":\"link.deleted\",\"timestamp\":\"2026-11-21T10:00:00.000Z\",\"data\":{}}",
}))]
pub(super) struct DeliveryWithBody {
    #[serde(flatten)]
    delivery: DeliveryView,
    /// The message as it is signed and sent: a text that holds JSON.
    body: String,
}

/// Since when.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"since": "2026-11-21T10:00:00.000Z"}))]
pub(super) struct ReplayBody {
    /// What happened before this moment is left alone.
    since: String,
}

/// How much is sent again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"replayed": 12}))]
pub(super) struct Replayed {
    /// Messages that are sent again.
    replayed: u64,
}

/// List deliveries
///
/// Newest first, of one state or of all. They are kept for 30 days.
#[utoipa::path(
    get,
    operation_id = "listDeliveries",
    path = "/webhooks/{webhook}/deliveries",
    tag = "Webhooks",
    params(("state" = Option<String>, Query, description = "`pending`, `delivered` or `failed`.", example = "failed"), Paged),
    responses((status = 200, description = "as asked", body = Page<DeliveryView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
    params: Params,
) -> Result<Json<Page<DeliveryView>>> {
    params.only(&["state", "limit", "cursor"])?;
    let state = params.get("state").map(state).transpose()?;
    let limit = params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let after = cursor(&params, EventId::parse)?;
    let webhook = id(&text, What::Webhook)?;
    let mut found = ops::deliveries(&app, &caller, webhook, state, after, limit + 1).await?;
    let more = cut(&mut found, limit);
    let next = found.last().filter(|_| more).map(|last| last.event.plain("evt"));
    Ok(Json(Page { data: found.iter().map(DeliveryView::of).collect(), next }))
}

/// Read a delivery
///
/// With the body that is sent, as it was when it happened.
#[utoipa::path(
    get,
    operation_id = "getDelivery",
    path = "/webhooks/{webhook}/deliveries/{delivery}",
    tag = "Webhooks",
    responses((status = 200, description = "as asked", body = DeliveryWithBody)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((webhook, delivery), _): Place<Native, (String, String)>,
) -> Result<Json<DeliveryWithBody>> {
    let (webhook, event) = (id(&webhook, What::Webhook)?, id(&delivery, What::Delivery)?);
    let (delivery, body) = ops::delivery(&app, &caller, webhook, event).await?;
    Ok(Json(DeliveryWithBody { delivery: DeliveryView::of(&delivery), body }))
}

/// Replay a delivery
///
/// Sends it again, at once and as often as at first, whatever became of it; its id stays.
#[utoipa::path(
    post,
    operation_id = "replayDelivery",
    path = "/webhooks/{webhook}/deliveries/{delivery}/replay",
    tag = "Webhooks",
    responses((status = 200, description = "is sent again", body = DeliveryView)),
)]
pub(super) async fn replay(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place((webhook, delivery), _): Place<Native, (String, String)>,
) -> Result<Json<DeliveryView>> {
    let (webhook, event) = (id(&webhook, What::Webhook)?, id(&delivery, What::Delivery)?);
    let delivery = ops::replay_delivery(&app, &caller, webhook, event).await?;
    Ok(Json(DeliveryView::of(&delivery)))
}

/// Replay all that failed
///
/// Of what happened since a moment, everything that is not tried any more is sent again.
#[utoipa::path(
    post,
    operation_id = "replayDeliveries",
    path = "/webhooks/{webhook}/replay",
    tag = "Webhooks",
    request_body = ReplayBody,
    responses((status = 200, description = "are sent again", body = Replayed)),
)]
pub(super) async fn replay_all(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(text, _): Place<Native, String>,
    Body(body, _): Body<Native, ReplayBody>,
) -> Result<Json<Replayed>> {
    let since = wire::time("since", &body.since)?;
    let webhook = id(&text, What::Webhook)?;
    let replayed = ops::replay_failed(&app, &caller, webhook, since).await?;
    Ok(Json(Replayed { replayed }))
}

fn state(name: &str) -> model::Result<DeliveryState> {
    DeliveryState::named(name).ok_or_else(|| {
        let known: Vec<&str> = DELIVERY_STATES.iter().map(|(_, name, _)| *name).collect();
        Error::invalid("state", format!("must be one of {}", known.join(", ")))
    })
}

impl DeliveryView {
    fn of(delivery: &Delivery) -> DeliveryView {
        let last = delivery.last.as_ref();
        DeliveryView {
            id: delivery.event.plain("evt"),
            event: delivery.kind.name(),
            state: delivery.state.name(),
            attempts: delivery.attempts,
            last_attempt_at: last.map(|last| iso(last.at)),
            last_status: last.and_then(|last| last.status),
            last_error: last.and_then(|last| last.error.clone()),
            next_attempt_at: delivery.next_at.map(iso),
            created_at: iso(delivery.created_at),
        }
    }
}
