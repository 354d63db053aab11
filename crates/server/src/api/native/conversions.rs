//! `/api/v1/conversions`: what became of clicks.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{Amount, Conversion, ConversionId, Error, Report, What};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    super::json::{self as wire, Problems},
    Authed, Body, Native, Page, Params, Result, cursor, cut, id,
    parameters::Paged,
};
use crate::{App, conversion, ops};

const PAGE: i64 = 50;
const LARGEST_PAGE: i64 = 200;

/// What is noted where nobody says what happened.
const EVENT: &str = "conversion";

/// A picture of one transparent point.
const POINT: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01D\0;";

/// A new conversion; only `click` is required.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "click": "clk_00c3f1c2a4b51f3e6d7a8b9c0d1e2f30_1000", "event": "purchase", "orderId": "17",
    "amount": "19.90", "currency": "EUR",
}))]
pub(super) struct NewConversion {
    /// As the destination was told it, or as lists of clicks show it.
    click: String,
    event: Option<String>,
    order_id: Option<String>,
    /// A decimal text, so that no client rounds it.
    amount: Option<String>,
    payout: Option<String>,
    currency: Option<String>,
    metadata: Option<Map<String, Value>>,
}

/// What became of a click.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Conversion, example = json!({
    "id": "conv_000Yl3bWz", "link": "lnk_0001_y3bWuA",
    "click": "clk_00c3f1c2a4b51f3e6d7a8b9c0d1e2f30_1000", "event": "purchase", "orderId": "17",
    "amount": "19.90", "payout": null, "currency": "EUR", "metadata": {}, "revision": 1,
    "rule": "rule_000Yl3bWu", "variant": null, "clickedAt": "2026-11-21T10:00:00.000Z",
    "createdAt": "2026-11-21T10:05:00.000Z",
}))]
pub(super) struct ConversionView {
    id: String,
    link: String,
    click: String,
    event: String,
    order_id: Option<String>,
    amount: Option<String>,
    payout: Option<String>,
    currency: Option<String>,
    metadata: Map<String, Value>,
    revision: i64,
    rule: Option<String>,
    variant: Option<u32>,
    clicked_at: String,
    created_at: String,
}

/// Note a conversion
///
/// What became of a click: an order, a registration. One of the same click, event and order is
/// noted once: the answer is 201 for the first and 200, with the one that is there, for all
/// others.
#[utoipa::path(
    post,
    operation_id = "createConversion",
    path = "/conversions",
    tag = "Conversions",
    request_body = NewConversion,
    responses(
        (status = 201, description = "noted", body = ConversionView),
        (status = 200, description = "was noted before", body = ConversionView),
    ),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, NewConversion>,
) -> Result<(StatusCode, Json<ConversionView>)> {
    let click = conversion::read(&app.visits, &body.click).ok_or(Error::NotFound(What::Click))?;
    let mut problems = Problems::default();
    let amount = body.amount.as_deref().map(|text| Amount::parse("amount", text));
    let amount = problems.keep_any(amount);
    let payout = body.payout.as_deref().map(|text| Amount::parse("payout", text));
    let payout = problems.keep_any(payout);
    problems.finish()?;
    let report = Report {
        order: body.order_id.unwrap_or_default(),
        amount,
        payout,
        currency: body.currency,
        metadata: body.metadata.unwrap_or_default(),
        ..Report::of(body.event.as_deref().unwrap_or(EVENT))
    };
    let (conversion, known) = ops::convert(&app, &caller, click, report).await?;
    let status = if known { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(ConversionView::of(&conversion))))
}

/// List conversions
///
/// Newest first, of one link or of all.
#[utoipa::path(
    get,
    operation_id = "listConversions",
    path = "/conversions",
    tag = "Conversions",
    params(("link" = Option<String>, Query, description = "A link's id; without it, those of all links.", example = "lnk_0001_y3bWuA"), Paged),
    responses((status = 200, description = "as asked", body = Page<ConversionView>)),
)]
pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Json<Page<ConversionView>>> {
    params.only(&["link", "limit", "cursor"])?;
    let link = params.get("link").map(|link| id(link, What::Link)).transpose()?;
    let limit = params.whole("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let after = cursor(&params, ConversionId::parse)?;
    let mut found = ops::conversions(&app, &caller, link, after, limit + 1).await?;
    let more = cut(&mut found, limit);
    let next = found.last().filter(|_| more).map(|last| last.id.plain("conv"));
    Ok(Json(Page { data: found.iter().map(ConversionView::of).collect(), next }))
}

/// Note a conversion by a picture
///
/// For pages that a click led to, without a key: the click's id is signed. The answer is a picture
/// of one transparent point whatever became of it.
#[utoipa::path(
    get,
    operation_id = "conversionPixel",
    path = "/conversions/pixel.gif",
    tag = "Conversions",
    security(()),
    params(("lw_cid" = String, Query, description = "The click's id, as the destination was told it.", example = ""), ("event" = Option<String>, Query, description = "What happened; `conversion` unless it is said.", example = "signup")),
    responses(
        (status = 200, description = "noted", content_type = "image/gif"),
        (status = 404, description = "no such click", content_type = "image/gif"),
        (status = 422, description = "an event that cannot be", content_type = "image/gif"),
        (status = 503, description = "not now", content_type = "image/gif"),
    ),
)]
pub(super) async fn pixel(State(app): State<App>, params: Params) -> Response {
    let click = params.get(conversion::PARAMETER).unwrap_or_default();
    let noted = match conversion::read_signed(&app.visits, click) {
        Some(click) => {
            let event = params.get("event").unwrap_or(EVENT);
            ops::convert_by_page(&app, click, event).await.map(drop)
        }
        None => Err(Error::NotFound(What::Click)),
    };
    let status = match noted {
        Ok(()) => StatusCode::OK,
        Err(Error::NotFound(_)) => StatusCode::NOT_FOUND,
        Err(Error::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Err(error) => {
            tracing::error!(%error, "could not note a conversion");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    let headers =
        [(header::CONTENT_TYPE, "image/gif"), (header::CACHE_CONTROL, "private, no-store")];
    (status, headers, POINT).into_response()
}

impl ConversionView {
    pub(super) fn of(conversion: &Conversion) -> ConversionView {
        let report = conversion.report.clone();
        ConversionView {
            id: conversion.id.plain("conv"),
            link: conversion.link.split("lnk"),
            click: conversion.click.to_string(),
            event: report.event,
            order_id: Some(report.order).filter(|order| !order.is_empty()),
            amount: report.amount.map(|amount| amount.to_string()),
            payout: report.payout.map(|payout| payout.to_string()),
            currency: report.currency,
            metadata: report.metadata,
            revision: conversion.revision,
            rule: conversion.rule.map(|rule| rule.plain("rule")),
            variant: conversion.variant,
            clicked_at: wire::iso(conversion.clicked_at),
            created_at: wire::iso(conversion.created_at),
        }
    }
}
