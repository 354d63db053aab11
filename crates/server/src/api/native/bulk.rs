//! `/api/v1/links/bulk`: many links by one call, each with a result of its own.

use axum::{extract::State, response::Response};
use model::{Change, Domain, Error, Link, LinkId, Result as Checked, What};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;

use super::{
    super::json as wire,
    Authed, Body, Native, Params, Result, id, insisting,
    link::LinkBody,
    link_view::LinkView,
    parameters::Forced,
    problem::{self, Problem},
    schema::{BulkChange as BulkChangeShape, NewLink, Problem as ProblemShape},
    shown,
};
use crate::{
    App,
    ops::{self, Changed, MOST_LINKS, Made},
};

/// Links to be made, each as `POST /api/v1/links` takes it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLinks, example = json!({"links": [
    {"destination": "https://example.com/a"}, {"destination": "https://example.com/b"},
]}))]
pub(super) struct NewLinks {
    /// 1,000 at most.
    #[schema(value_type = Vec<NewLink>, max_items = 1000)]
    links: Vec<Box<RawValue>>,
}

/// Changes of links, each as `PATCH /api/v1/links/{link}` takes it, with the link's `id`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"links": [{"id": "lnk_0001_y3bWuA", "archived": true}]}))]
pub(super) struct LinkChanges {
    /// 1,000 at most.
    #[schema(value_type = Vec<BulkChangeShape>, max_items = 1000)]
    links: Vec<Value>,
}

/// Links to be deleted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ids": ["lnk_0001_y3bWuA"]}))]
pub(super) struct LinkIds {
    /// 1,000 at most.
    #[schema(max_items = 1000)]
    ids: Vec<String>,
}

/// The results in the order of the call.
#[derive(Serialize, ToSchema)]
#[schema(as = Results, example = json!({"done": 1, "failed": 0, "data": [{"status": 204, "id": "lnk_0001_y3bWuA"}]}))]
pub(super) struct Results<'v> {
    /// How many were done.
    done: usize,
    /// How many were not.
    failed: usize,
    data: Vec<ItemView<'v>>,
}

/// What became of one link: its status, and the link or the problem.
#[derive(Serialize, ToSchema)]
#[schema(as = BulkResult, example = json!({"status": 204, "id": "lnk_0001_y3bWuA"}))]
struct ItemView<'v> {
    /// As if it had been asked for alone.
    status: u16,
    /// The id of the link that was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The link that was made or changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<LinkView<'v>>,
    /// Why it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProblemShape>)]
    problem: Option<Problem<'v>>,
}

/// Make many links
///
/// One that cannot be made leaves the others alone; each has a result of its own, in the order of the
/// call.
#[utoipa::path(
    post,
    operation_id = "createLinks",
    path = "/links/bulk",
    tag = "Links",
    request_body = NewLinks,
    responses((status = 200, description = "a result for each", body = Results<'_>)),
)]
pub(super) async fn create(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, NewLinks>,
) -> Result<Response> {
    let read = |value: &RawValue| -> Checked<_> {
        let body: LinkBody = item(value.get())?;
        Ok(Made {
            domain: body.domain.clone(),
            slug: body.slug.clone(),
            password: body.password.clone().flatten(),
            draft: move |domain: &Domain| body.draft(domain),
        })
    };
    let wanted = few(&body.links, "links")?.iter().map(|value| read(value)).collect();
    let made = ops::create_many(&app, &caller, wanted).await;
    Ok(shown(&Results::of(made.iter().map(|made| linked(&app, made, 201, |_| 0)))))
}

/// Change many links
///
/// One that cannot be changed leaves the others alone; each has a result of its own, in the order of
/// the call.
#[utoipa::path(
    patch,
    operation_id = "updateLinks",
    path = "/links/bulk",
    tag = "Links",
    params(Forced),
    request_body = LinkChanges,
    responses((status = 200, description = "a result for each", body = Results<'_>)),
)]
pub(super) async fn update(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
    Body(body, _): Body<Native, LinkChanges>,
) -> Result<Response> {
    let caller = insisting(caller, &params)?;
    let read = |value: &Value| -> Checked<_> {
        let body: LinkBody = item(&value.to_string())?;
        let named = value.get("id").ok_or_else(|| Error::invalid("id", "is required"))?;
        let named = named.as_str().ok_or_else(|| Error::invalid("id", "must be a string"))?;
        Ok(Changed {
            id: id(named, What::Link)?,
            version: None,
            slug: body.slug.clone(),
            password: Change::from(body.password.clone()),
            patch: move |domain: &Domain| body.patch_on(domain),
        })
    };
    let wanted = few(&body.links, "links")?.iter().map(read).collect();
    let changed = ops::change_many(&app, &caller, wanted).await;
    let ids: Vec<LinkId> = changed.iter().flatten().map(|link| link.id).collect();
    let counts = ops::counts_of(&app, &caller, &ids).await?;
    let people = |link: &Link| counts.get(&link.id).map_or(0, |count| count.people);
    let view = |changed| linked(&app, changed, 200, people);
    Ok(shown(&Results::of(changed.iter().map(view))))
}

/// Delete many links
///
/// One that is not there leaves the others alone; each has a result of its own, in the order of the
/// call.
#[utoipa::path(
    delete,
    operation_id = "deleteLinks",
    path = "/links/bulk",
    tag = "Links",
    request_body = LinkIds,
    responses((status = 200, description = "a result for each", body = Results<'_>)),
)]
pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, LinkIds>,
) -> Result<Response> {
    let ids = few(&body.ids, "ids")?.iter().map(|text| id(text, What::Link)).collect();
    let deleted = ops::delete_many(&app, &caller, ids).await;
    Ok(shown(&Results::of(deleted.iter().map(|deleted| match deleted {
        Ok(id) => ItemView { status: 204, id: Some(id.split("lnk")), link: None, problem: None },
        Err(error) => failed(error),
    }))))
}

impl<'v> Results<'v> {
    fn of(items: impl Iterator<Item = ItemView<'v>>) -> Results<'v> {
        let data: Vec<ItemView<'v>> = items.collect();
        let failed = data.iter().filter(|item| item.problem.is_some()).count();
        Results { done: data.len() - failed, failed, data }
    }
}

fn linked<'v>(
    app: &App,
    result: &'v Checked<Link>,
    status: u16,
    clicks: impl Fn(&Link) -> i64,
) -> ItemView<'v> {
    match result {
        Ok(link) => {
            let link = Some(LinkView::saved(app, link, clicks(link)));
            ItemView { status, id: None, link, problem: None }
        }
        Err(error) => failed(error),
    }
}

fn failed(error: &Error) -> ItemView<'_> {
    if let Error::Internal(source) = error {
        tracing::error!(error = source.as_ref(), "could not do one part of an API call");
    }
    let problem = problem::describe(error);
    ItemView { status: problem.status(), id: None, link: None, problem: Some(problem) }
}

/// A part of a body, whose faults name their places within it.
fn item(text: &str) -> Checked<LinkBody> {
    wire::read(text.as_bytes())
}

fn few<'v, T>(all: &'v [T], at: &str) -> Checked<&'v [T]> {
    if all.len() <= MOST_LINKS {
        return Ok(all);
    }
    Err(Error::invalid(at, format!("must not be more than {MOST_LINKS}")))
}
