//! `/links`: making links, one or many.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use model::{Caller, Domain, Error};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    super::json,
    Authed, Body, MaybeBody, Params, Place, Result, ShortIo, WORDS,
    link::{LinkBody, LinkView},
    link_id,
    links::required,
    status,
};
use crate::{
    App,
    ops::{self, Ensured, Wanted},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Created {
    #[serde(flatten)]
    link: LinkView,
    success: bool,
    /// Whether the link was there before.
    duplicate: bool,
    /// The link that this one was made like.
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicated_from: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bulk {
    domain: String,
    #[serde(default)]
    allow_duplicates: bool,
    folder_id: Option<String>,
    /// Read one by one, so that what is wrong with one is no other's trouble.
    links: Vec<Box<RawValue>>,
}

/// One answer of a bulk call.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Item {
    Made(Box<Created>),
    Failed { success: bool, error: String, status: u16 },
}

#[derive(Deserialize)]
pub(super) struct OnDomain {
    domain: String,
}

#[derive(Serialize)]
pub(super) struct Examples {
    success: bool,
    links: Vec<Created>,
}

#[derive(Default, Deserialize)]
pub(super) struct Elsewhere {
    path: Option<String>,
}

const MOST: usize = 1_000;

pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, LinkBody>,
) -> Result<Json<Created>> {
    let any = body.allow_duplicates != Some(true);
    Ok(Json(Created::of(&app, &make(&app, &caller, &body, any).await?)))
}

/// For keys that the public can read, and so never a second link where there is one already.
pub(super) async fn create_public(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, LinkBody>,
) -> Result<Json<Created>> {
    Ok(Json(Created::of(&app, &make(&app, &caller, &body, true).await?)))
}

/// The call for whoever can do no more than open a URL.
pub(super) async fn create_simply(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    params: Params,
) -> Result<Response> {
    let mut body = LinkBody::default();
    body.original_url = Some(required(&params, "originalURL")?.to_owned());
    body.domain = Some(required(&params, "domain")?.to_owned());
    body.path = params.get("path").map(str::to_owned);
    body.title = params.get("title").map(|title| Some(title.to_owned()));
    let made = make(&app, &caller, &body, true).await?;
    if params.flag("urlOnly")? == Some(true) {
        return Ok(app.short_url(made.0.address()).into_response());
    }
    Ok(Json(Created::of(&app, &made)).into_response())
}

/// Answers each link in the order asked. What cannot be made keeps no other from being made.
pub(super) async fn create_many(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(bulk, _): Body<ShortIo, Bulk>,
) -> Result<Json<Vec<Item>>> {
    if MOST < bulk.links.len() {
        return Err(Error::invalid("links", format!("must not be more than {MOST}")).into());
    }
    let domain = ops::domain_named(&app, &caller, Some(&bulk.domain))?;
    let want = |item: Box<RawValue>| {
        let mut body: LinkBody = json::read(item.get().as_bytes())?;
        body.folder_id.get_or_insert_with(|| bulk.folder_id.clone());
        wants(&body, !body.allow_duplicates.unwrap_or(bulk.allow_duplicates), &domain)
    };
    let wanted = bulk.links.into_iter().map(want).collect();
    let made = ops::ensure_links(&app, &caller, &domain, wanted).await?;
    let item = |made: model::Result<Ensured>| match made {
        Ok(made) => Ok(Item::Made(Box::new(Created::of(&app, &made)))),
        // Our own trouble is the whole call's; what was made is found by the next one.
        Err(error @ (Error::Internal(_) | Error::Unavailable(_) | Error::Full(_))) => Err(error),
        Err(error) => Ok(Item::Failed {
            success: false,
            error: WORDS.sentence(&error),
            status: status(&error).as_u16(),
        }),
    };
    Ok(Json(made.into_iter().map(item).collect::<model::Result<_>>()?))
}

pub(super) async fn create_examples(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Body(body, _): Body<ShortIo, OnDomain>,
) -> Result<Json<Examples>> {
    let domain = ops::domain_named(&app, &caller, Some(&body.domain))?;
    let made = ops::create_examples(&app, &caller, &domain).await?;
    let links = made.into_iter().map(|link| Created::of(&app, &(link, false))).collect();
    Ok(Json(Examples { success: true, links }))
}

pub(super) async fn duplicate(
    State(app): State<App>,
    Authed(caller, _): Authed<ShortIo>,
    Place(text, _): Place<ShortIo, String>,
    MaybeBody(body, _): MaybeBody<ShortIo, Elsewhere>,
) -> Result<Json<Created>> {
    let like = link_id(&app, &caller, &text).await?;
    let slug = body.path.as_deref().filter(|path| !path.is_empty());
    let link = ops::duplicate_link(&app, &caller, like, slug).await?;
    let duplicated_from = Some(like.split("lnk"));
    Ok(Json(Created { duplicated_from, ..Created::of(&app, &(link, false)) }))
}

/// A link, new or the one that there was; `any` that leads to the same will do.
async fn make(app: &App, caller: &Caller, body: &LinkBody, any: bool) -> model::Result<Ensured> {
    let host = body.domain.as_deref();
    let host = host.ok_or_else(|| Error::invalid("domain", "is required"))?;
    let domain = ops::domain_named(app, caller, Some(host))?;
    let wanted = wants(body, any, &domain)?;
    let mut made = ops::ensure_links(app, caller, &domain, vec![Ok(wanted)]).await?;
    made.pop().unwrap_or_else(|| Err(Error::internal("one link was asked for and none answered")))
}

fn wants(body: &LinkBody, any: bool, domain: &Domain) -> model::Result<Wanted> {
    let slug = body.path.clone().filter(|path| !path.is_empty());
    let mut password = None;
    body.password().apply(&mut password);
    Ok(Wanted { draft: body.draft(domain)?, slug, password, any })
}

impl Created {
    fn of(app: &App, (link, duplicate): &Ensured) -> Created {
        let link = LinkView::of(app, link);
        Created { link, success: true, duplicate: *duplicate, duplicated_from: None }
    }
}
