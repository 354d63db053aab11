//! `/api/conversions`: what became of clicks, told by a program or by an affiliate network.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use model::{Amount, Conversion, Error, Report, What};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    super::json::{self, Problems},
    Authed, Body, Envelope, KEY_HEADER, Linquid, Params, Result, envelope,
};
use crate::{App, conversion, ops};

/// What is noted where nobody says what happened.
const EVENT: &str = "conversion";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Track {
    click_id: String,
    event: Option<String>,
    /// A number, or its text.
    value: Option<Value>,
    currency: Option<String>,
    order_id: Option<String>,
    metadata: Option<Map<String, Value>>,
    /// Kept with the metadata.
    pixel_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConversionView {
    id: String,
    click_id: String,
    link_id: String,
    event: String,
    value: Option<Value>,
    currency: Option<String>,
    order_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payout: Option<Value>,
    /// Whether this one had been told before.
    duplicate: bool,
    created_at: String,
}

type Noted = (StatusCode, Json<Envelope<ConversionView>>);

pub(super) async fn track(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Body(body, _): Body<Linquid, Track>,
) -> Result<Noted> {
    let click = conversion::read(&app.visits, &body.click_id);
    let click = click.ok_or(Error::NotFound(What::Click))?;
    let amount = match &body.value {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(Amount::parse("value", text)?),
        Some(Value::Number(number)) => Some(Amount::parse("value", &whole(&number.to_string()))?),
        Some(_) => return Err(Error::invalid("value", "must be a number").into()),
    };
    let mut metadata = body.metadata.unwrap_or_default();
    if let Some(pixel) = body.pixel_id {
        metadata.insert("pixelId".to_owned(), pixel.into());
    }
    let report = Report {
        order: body.order_id.unwrap_or_default(),
        amount,
        currency: body.currency.map(|code| code.to_uppercase()),
        metadata,
        ..Report::of(body.event.as_deref().unwrap_or(EVENT))
    };
    let (conversion, known) = ops::convert(&app, &caller, click, report).await?;
    Ok(noted(&conversion, known))
}

/// An affiliate network's call. Networks cannot set headers, so the key may stand in the address;
/// one with `conversions:write` alone can do nothing else.
pub(super) async fn postback(
    State(app): State<App>,
    headers: HeaderMap,
    params: Params,
) -> Result<Noted> {
    const KNOWN: &[&str] =
        &["lw_cid", "amount", "currency", "event", "orderId", "payout", "api_key"];
    let header = headers.get(KEY_HEADER).and_then(|key| key.to_str().ok()).map(str::trim);
    let caller = ops::caller(&app, header.or(params.get("api_key"))).await?;
    let click = params.get(conversion::PARAMETER).ok_or_else(|| {
        Error::invalid(
            conversion::PARAMETER,
            "is required: the click that the destination was told",
        )
    })?;
    let click = conversion::read(&app.visits, click).ok_or(Error::NotFound(What::Click))?;
    let mut problems = Problems::default();
    let mut amount =
        |name: &str| problems.keep_any(params.get(name).map(|text| Amount::parse(name, text)));
    let (amount, payout) = (amount("amount"), amount("payout"));
    problems.finish()?;
    // Networks send parameters of their own, which are kept as they are.
    let others = params.but(KNOWN).map(|(name, value)| (name.to_owned(), value.into()));
    let report = Report {
        order: params.get("orderId").unwrap_or_default().to_owned(),
        amount,
        payout,
        currency: params.get("currency").map(str::to_uppercase),
        metadata: others.collect(),
        ..Report::of(params.get("event").unwrap_or(EVENT))
    };
    let (conversion, known) = ops::convert(&app, &caller, click, report).await?;
    Ok(noted(&conversion, known))
}

/// 201, or 200 with the one that was there.
fn noted(conversion: &Conversion, duplicate: bool) -> Noted {
    let report = conversion.report.clone();
    let view = ConversionView {
        id: conversion.id.plain("conv"),
        click_id: conversion.click.to_string(),
        link_id: conversion.link.plain("link"),
        event: report.event,
        value: report.amount.map(Amount::number),
        currency: report.currency,
        order_id: Some(report.order).filter(|order| !order.is_empty()),
        payout: report.payout.map(Amount::number),
        duplicate,
        created_at: json::iso(conversion.created_at),
    };
    let status = if duplicate { StatusCode::OK } else { StatusCode::CREATED };
    (status, envelope(view))
}

/// `50.0`, as a number may be written that is whole, without its point.
fn whole(number: &str) -> String {
    number.strip_suffix(".0").unwrap_or(number).to_owned()
}
