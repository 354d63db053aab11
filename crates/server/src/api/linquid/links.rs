//! `/api/links`, as Linquid makes and reads links.

use std::collections::BTreeSet;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use model::{Amount, Caller, Change, DomainId, Error, Link, Scope};
use statistics::Query;
use store::Filter;

use super::{
    super::json,
    Asked, Authed, Body, Envelope, Gone, Linquid, Params, Place, Result, envelope,
    link::{CreateLink, Figures, LinkView, UpdateLink},
    link_id, refusal, rules,
};
use crate::{
    App,
    ops::{self, NewLink},
};

pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Body(body, _): Body<Linquid, CreateLink>,
) -> Result<(StatusCode, Json<Envelope<LinkView>>)> {
    let host = body.domain_id.as_deref().map(|id| host(&app, &caller, id)).transpose()?;
    let new = NewLink {
        domain: host.as_deref(),
        slug: body.short_code.as_deref(),
        random_too: false,
        password: body.password.as_deref().filter(|password| !password.is_empty()),
    };
    let link = ops::create_link(&app, &caller, new, |domain| body.draft(domain)).await?;
    Ok((StatusCode::CREATED, envelope(LinkView::of(&app, &link))))
}

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    params: Params,
) -> Result<Json<Envelope<Vec<LinkView>>>> {
    let asked = Asked::read(&params)?;
    let folder = params.get("campaignId").map(str::to_owned);
    let filter = Filter { folder, ..Filter::default() };
    let (links, total) =
        ops::links_page(&app, &caller, &filter, asked.skipped(), asked.limit).await?;
    Ok(asked.answer(links.iter().map(|link| LinkView::of(&app, link)).collect(), total))
}

/// One link, by its id or by its short code on the default domain.
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
    params: Params,
) -> Result<Json<Envelope<LinkView>>> {
    let with_rules = match params.get("include") {
        None => false,
        Some("rules") => true,
        Some(_) => return Err(Error::invalid("include", "must be rules").into()),
    };
    let link = named(&app, &caller, &text).await?;
    let rules = with_rules.then(|| rules::of_link(&link).collect());
    let figures = figures(&app, &caller, &link).await?;
    Ok(envelope(LinkView::whole(&app, &link, figures, rules)))
}

pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
    Body(body, _): Body<Linquid, UpdateLink>,
) -> Result<Json<Envelope<LinkView>>> {
    let id = link_id(&app, &caller, &text).await?;
    let password = match body.password.clone() {
        None => Change::Keep,
        Some(Some(password)) if !password.is_empty() => Change::Set(password),
        Some(_) => Change::Clear,
    };
    let link = ops::patch_link(&app, &caller, id, None, password, |domain| body.patch(domain));
    Ok(envelope(LinkView::of(&app, &link.await?)))
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Linquid>,
    Place(text, _): Place<Linquid, String>,
) -> Result<Response> {
    let id = link_id(&app, &caller, &text).await?;
    match ops::delete_link(&app, &caller, id).await {
        Err(Error::NotFound(_)) if ops::was_deleted(&app, &caller, id).await? => {
            let message = "this link was deleted before".to_owned();
            Ok(refusal(StatusCode::NOT_FOUND, "ALREADY_DELETED", message))
        }
        done => {
            done?;
            Ok(envelope(Gone { id: id.plain("link"), deleted: true }).into_response())
        }
    }
}

/// A short code may look like an id; the id goes first.
async fn named(app: &App, caller: &Caller, text: &str) -> model::Result<Link> {
    if let Ok(id) = link_id(app, caller, text).await {
        match ops::link(app, caller, id).await {
            Err(Error::NotFound(_)) => (),
            found => return found,
        }
    }
    let domain = ops::domain_named(app, caller, None)?;
    ops::link_at(app, caller, &domain, text).await
}

/// None for a caller who may not read statistics.
async fn figures(app: &App, caller: &Caller, link: &Link) -> model::Result<Option<Figures>> {
    if caller.may(Scope::StatsRead).is_err() {
        return Ok(None);
    }
    let count = ops::count_clicks(app, caller, link.id).await?;
    let newest = ops::clicks(app, caller, link.id, None, 1).await?;
    let newest = newest.first().map(|(_, record)| model::Head::read(record)).transpose();
    let newest = newest.map_err(Error::internal)?.map(|head| head.at);
    let last = newest.map(jiff::Timestamp::from_millisecond).transpose();
    let (from, to) = (link.created_at.as_millisecond(), app.now().as_millisecond() + 1);
    let query = Query {
        links: Some(BTreeSet::from([link.id]).into()),
        ..Query::total(caller.workspace, from.min(to - 1), to)
    };
    let total = ops::ask(app, caller, query).await?.into_rows().into_iter().next();
    let conversions = ops::conversion_totals(app, caller, Some(link.id), (0, i64::MAX)).await?;
    let paid: Vec<_> = conversions.iter().filter(|total| total.currency.is_some()).collect();
    let revenue = match paid.as_slice() {
        [] => Some(Amount::default()),
        [one] => Some(one.amount),
        _ => None,
    };
    Ok(Some(Figures {
        conversions: conversions.iter().map(|total| total.conversions).sum(),
        revenue: revenue.map(Amount::number),
        clicks: count.people,
        unique_clicks: total.and_then(|row| row.visitors).unwrap_or_default(),
        last_clicked_at: last.map_err(Error::internal)?.map(json::iso),
    }))
}

/// The host of a domain that is named by id, or by its host.
fn host(app: &App, caller: &Caller, text: &str) -> model::Result<String> {
    let named = match DomainId::parse(text) {
        Some(id) => ops::domain_by_id(app, caller, id),
        None => ops::domain_named(app, caller, Some(text)),
    };
    Ok(named?.host.to_string())
}
