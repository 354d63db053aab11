//! `/api/v1/link-group`: folders in BeLink's words. A group is its name; its number is made of that.

use axum::{Json, extract::State};
use model::{Caller, Error, FolderSettings, What};
use serde::{Deserialize, Serialize};

use super::{
    Authed, DgLnk, Done, Params, Place, Result,
    body::LinkBody,
    page::{Asked, Paged},
    reference::{Reference, number},
    token::Tokened,
    view::written,
};
use crate::{
    App,
    ops::{self, Group},
};

#[derive(Deserialize)]
pub(super) struct GroupBody {
    name: String,
}

#[derive(Serialize)]
pub(super) struct GroupView {
    id: i64,
    name: String,
    user_id: i64,
    created_at: String,
    updated_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    status: &'static str,
    link_group: GroupView,
}

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
    params: Params,
) -> Result<Json<Paged<GroupView>>> {
    let asked = Asked::read(&params)?;
    let groups = ops::groups(&app, &caller).await?;
    Ok(asked.cut(groups.iter().map(|group| GroupView::of(&caller, group)).collect()))
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
    Place(text, _): Place<DgLnk, String>,
) -> Result<Json<Shown>> {
    let group = group(&app, &caller, &text).await?;
    Ok(Shown::of(&caller, &group))
}

pub(super) async fn create(
    State(app): State<App>,
    Tokened(caller, body, _): Tokened<GroupBody>,
) -> Result<Json<Shown>> {
    let domain = ops::domain_named(&app, &caller, None)?;
    let settings = FolderSettings::default();
    let folder = ops::create_folder(&app, &caller, &domain, &body.name, settings).await?;
    Ok(Shown::of(&caller, &Group::from(folder)))
}

/// A new name is a new number too.
pub(super) async fn update(
    State(app): State<App>,
    Place(text, _): Place<DgLnk, String>,
    Tokened(caller, body, _): Tokened<GroupBody>,
) -> Result<Json<Shown>> {
    let old = group(&app, &caller, &text).await?;
    let group = ops::rename_group(&app, &caller, &old.name, &body.name).await?;
    Ok(Shown::of(&caller, &group))
}

/// Its links stay, in no group.
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
    Place(text, _): Place<DgLnk, String>,
) -> Result<Json<Done>> {
    let mut groups = Vec::new();
    for text in text.split(',') {
        groups.push(group(&app, &caller, text.trim()).await?);
    }
    for group in groups {
        ops::delete_group(&app, &caller, &group.name).await?;
    }
    Ok(Json(Done::DONE))
}

/// The folder of the group that a link is put into: none where the body says nothing of it. A link is
/// in one folder, so more groups than one cannot be said.
pub(super) async fn chosen(
    app: &App,
    caller: &Caller,
    body: &LinkBody,
) -> model::Result<Option<Option<String>>> {
    let (at, reference) = match (&body.groups, body.group_id) {
        (None, None) => return Ok(None),
        (None, Some(reference)) => ("group_id", reference),
        (Some(groups), _) if 1 < groups.len() => {
            let why = "The groups may not have more than 1 item: a link is in one folder.";
            return Err(Error::invalid("groups", why));
        }
        (Some(groups), _) => ("groups[0]", groups.first().copied()),
    };
    let Some(Reference(id)) = reference else { return Ok(Some(None)) };
    let groups = ops::groups(app, caller).await?;
    let found = groups.into_iter().find(|group| number(&group.name) == id);
    let why = "The selected group is invalid.";
    found.map(|group| Some(Some(group.name))).ok_or_else(|| Error::invalid(at, why))
}

async fn group(app: &App, caller: &Caller, text: &str) -> model::Result<Group> {
    let id = text.parse::<i64>().map_err(|_| Error::NotFound(What::Folder))?;
    let groups = ops::groups(app, caller).await?;
    let found = groups.into_iter().find(|group| number(&group.name) == id);
    found.ok_or(Error::NotFound(What::Folder))
}

impl Shown {
    fn of(caller: &Caller, group: &Group) -> Json<Shown> {
        Json(Shown { status: "success", link_group: GroupView::of(caller, group) })
    }
}

impl GroupView {
    fn of(caller: &Caller, group: &Group) -> GroupView {
        GroupView {
            id: number(&group.name),
            name: group.name.clone(),
            user_id: caller.workspace.number(),
            created_at: written(group.created_at),
            updated_at: written(group.updated_at),
        }
    }
}
