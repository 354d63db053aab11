//! `/api/v1/link`: reading, changing and removing links, as BeLink's later generation does.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use model::{Address, Caller, Domain, Error, Head, Link, LinkId, Slug, Stamp};
use serde::Serialize;
use store::Filter;

use super::{
    super::json::Problems,
    Authed, DgLnk, Done, Params, Place, Result,
    body::{LinkBody, url},
    groups, link_id,
    page::{Asked, Paged},
    token::Tokened,
    view::{LinkView, written},
};
use crate::{
    App,
    ops::{self, Saved},
};

#[derive(Serialize)]
pub(super) struct Shown {
    status: &'static str,
    link: LinkView,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Exported {
    status: &'static str,
    download_path: String,
}

/// Ids of one call.
const MOST: usize = 150;
/// Links read at a time for a file.
const AT_ONCE: i64 = 500;
/// A spreadsheet takes a text that begins with one of these for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

pub(super) async fn list(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
    params: Params,
) -> Result<Json<Paged<LinkView>>> {
    let asked = Asked::read(&params)?;
    let filter = Filter { search: params.get("query").map(str::to_owned), ..Filter::default() };
    let (links, total) =
        ops::links_page(&app, &caller, &filter, asked.skipped(), asked.per_page).await?;
    let ids: Vec<LinkId> = links.iter().map(|link| link.id).collect();
    let counts = ops::counts_of(&app, &caller, &ids).await?;
    let people = |link: &Link| counts.get(&link.id).map_or(0, |count| count.people);
    let view = |link: &Link| LinkView::later(&app, link, people(link), None);
    Ok(asked.answer(links.iter().map(view).collect(), total))
}

pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
    Place(text, _): Place<DgLnk, String>,
) -> Result<Json<Shown>> {
    let link = ops::link(&app, &caller, link_id(&app, &caller, &text).await?).await?;
    Ok(shown(&app, &caller, &link).await?)
}

pub(super) async fn update(
    State(app): State<App>,
    Place(text, _): Place<DgLnk, String>,
    Tokened(caller, body, _): Tokened<LinkBody>,
) -> Result<Json<Shown>> {
    let folder = groups::chosen(&app, &caller, &body).await?;
    let host = body.host(&app, &caller)?;
    let with = Saved { password: body.password_change(), ..Saved::default() };
    let edit = |link: &mut Link, domain: &Domain, stamp: &Stamp<'_>| {
        if host.as_deref().is_some_and(|host| host != domain.host.as_str()) {
            let why = "The domain id cannot be changed: make another link.";
            return Err(Error::invalid("domain_id", why));
        }
        let mut problems = Problems::default();
        let destination = body.long_url.as_deref().map(|text| url("long_url", text, domain));
        let destination = problems.keep_any(destination);
        let read = body.read(domain, &mut problems);
        problems.finish()?;
        link.destination = destination.unwrap_or_else(|| link.destination.clone());
        if let Some(folder) = &folder {
            link.folder.clone_from(folder);
        }
        name(&app, link, domain, &body)?;
        read.apply(link, stamp)
    };
    let link =
        ops::save_link(&app, &caller, link_id(&app, &caller, &text).await?, with, edit).await?;
    Ok(shown(&app, &caller, &link).await?)
}

/// Gives a link the alias that was sent, before its hash, or takes its alias away.
fn name(app: &App, link: &mut Link, domain: &Domain, body: &LinkBody) -> model::Result<()> {
    let had = 1 < link.addresses.len();
    match (&body.alias, body.alias()) {
        (None, _) => (),
        (Some(_), None) if had => drop(link.addresses.remove(0)),
        (Some(_), None) => (),
        (Some(_), Some(alias)) => {
            let slug = Slug::parse(alias, app.manages(domain))?;
            if had {
                link.addresses.remove(0);
            }
            let address = Address { domain: domain.id, host: domain.host.clone(), slug };
            link.addresses.insert(0, address);
        }
    }
    Ok(())
}

pub(super) async fn remove(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
    Place(text, _): Place<DgLnk, String>,
) -> Result<Json<Done>> {
    if MOST < text.split(',').count() {
        let why = format!("The ids may not have more than {MOST} items.");
        return Err(Error::invalid("ids", why).into());
    }
    let mut ids = Vec::new();
    for text in text.split(',') {
        ids.push(link_id(&app, &caller, text.trim()).await?);
    }
    ops::delete_links(&app, &caller, &ids).await?;
    Ok(Json(Done::DONE))
}

/// BeLink makes the file and says where it lies; ours is made when it is fetched.
pub(super) async fn export(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
) -> Result<Json<Exported>> {
    ops::count_links(&app, &caller, &Filter::default()).await?;
    let download_path = "dglnk/api/v1/link/csv/download".to_owned();
    Ok(Json(Exported { status: "success", download_path }))
}

pub(super) async fn download(
    State(app): State<App>,
    Authed(caller, _): Authed<DgLnk>,
) -> Result<Response> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let head = ["id", "short_url", "long_url", "alias", "title", "clicks_count", "created_at"];
    table.write_record(head).map_err(Error::internal)?;
    let mut after = None;
    loop {
        let links = ops::links(&app, &caller, &Filter::default(), after, AT_ONCE).await?;
        let ids: Vec<LinkId> = links.iter().map(|link| link.id).collect();
        let counts = ops::counts_of(&app, &caller, &ids).await?;
        for link in &links {
            let alias = (1 < link.addresses.len()).then(|| link.address().slug.to_string());
            let people = counts.get(&link.id).map_or(0, |count| count.people);
            let row = [
                link.id.to_string(),
                app.short_url(link.address()),
                link.destination.authored().to_owned(),
                alias.unwrap_or_default(),
                link.title.clone().unwrap_or_default(),
                people.to_string(),
                written(link.created_at),
            ];
            table.write_record(row.map(harmless)).map_err(Error::internal)?;
        }
        after = ids.last().copied();
        if (ids.len() as i64) < AT_ONCE {
            break;
        }
    }
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"links.csv\""),
    ];
    Ok((head, table.into_inner().map_err(Error::internal)?).into_response())
}

fn harmless(cell: String) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell }
}

/// One link with its clicks and when the last of them came.
async fn shown(app: &App, caller: &Caller, link: &Link) -> model::Result<Json<Shown>> {
    let counts = ops::counts_of(app, caller, &[link.id]).await?;
    let people = counts.get(&link.id).map_or(0, |count| count.people);
    let clicked_at = match ops::clicks(app, caller, link.id, None, 1).await {
        // Who may not ask about clicks is not told of them.
        Err(Error::Forbidden(_)) => None,
        last => Some(last?.first().map(|(_, record)| time(record)).transpose()?),
    };
    Ok(Json(Shown { status: "success", link: LinkView::later(app, link, people, clicked_at) }))
}

fn time(record: &[u8]) -> model::Result<Timestamp> {
    let head = Head::read(record).map_err(Error::internal)?;
    Timestamp::from_millisecond(head.at).map_err(Error::internal)
}
