//! One thing done to many links: archive, bring back, delete, tag.

use axum::{Json, extract::State};
use model::{Caller, Error, LinkId};
use serde::Deserialize;

use super::{Authed, Body, Done, Result, ShortIo, link_id};
use crate::{App, ops};

#[derive(Deserialize)]
pub(super) struct One {
    link_id: String,
}

#[derive(Deserialize)]
pub(super) struct Many {
    link_ids: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Tagged {
    tag: String,
    link_ids: Vec<String>,
}

const MOST: usize = 150;

pub(super) async fn archive(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, One>,
) -> Result<Json<Done>> {
    set_archived(&app, &caller, &[body.link_id], true).await
}

pub(super) async fn unarchive(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, One>,
) -> Result<Json<Done>> {
    set_archived(&app, &caller, &[body.link_id], false).await
}

pub(super) async fn archive_all(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, Many>,
) -> Result<Json<Done>> {
    set_archived(&app, &caller, &body.link_ids, true).await
}

pub(super) async fn unarchive_all(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, Many>,
) -> Result<Json<Done>> {
    set_archived(&app, &caller, &body.link_ids, false).await
}

pub(super) async fn delete_all(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, Many>,
) -> Result<Json<Done>> {
    ops::delete_links(&app, &caller, &few(&app, &caller, "link_ids", &body.link_ids).await?)
        .await?;
    Ok(Json(Done::DONE))
}

pub(super) async fn tag_all(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, Tagged>,
) -> Result<Json<Done>> {
    ops::tag_links(&app, &caller, &ids(&app, &caller, &body.link_ids).await?, &body.tag).await?;
    Ok(Json(Done::DONE))
}

async fn set_archived(
    app: &App,
    caller: &Caller,
    links: &[String],
    archived: bool,
) -> Result<Json<Done>> {
    ops::archive_links(app, caller, &few(app, caller, "link_ids", links).await?, archived).await?;
    Ok(Json(Done::DONE))
}

/// The ids of a call that takes so many and no more.
pub(super) async fn few(
    app: &App,
    caller: &Caller,
    at: &str,
    texts: &[String],
) -> model::Result<Vec<LinkId>> {
    if MOST < texts.len() {
        return Err(Error::invalid(at, format!("must not be more than {MOST}")));
    }
    ids(app, caller, texts).await
}

async fn ids(app: &App, caller: &Caller, texts: &[String]) -> model::Result<Vec<LinkId>> {
    let mut ids = Vec::with_capacity(texts.len());
    for text in texts {
        ids.push(link_id(app, caller, text).await?);
    }
    Ok(ids)
}
