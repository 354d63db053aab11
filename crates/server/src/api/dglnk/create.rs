//! Making links: `POST /api/links/create` of dgLnk's page, and its later relatives.

use axum::{Json, extract::State};
use model::{Caller, Destination, Domain, Error, Link};
use serde::Serialize;
use targeting::Problem;

use super::{
    super::json::Problems,
    Result,
    body::{LinkBody, url},
    groups,
    token::Tokened,
    view::LinkView,
};
use crate::{
    App,
    ops::{self, NewLink},
    outward::About,
};

const MOST_URLS: usize = 10;

/// `link` for a single address, `links` for several.
#[derive(Serialize)]
pub(super) struct Created {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<LinkView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<Vec<LinkView>>,
}

/// The call of dgLnk's page.
pub(super) async fn create(
    State(app): State<App>,
    Tokened(caller, body, _): Tokened<LinkBody>,
) -> Result<Json<Created>> {
    let links = make(&app, &caller, &body, "multiple_urls", body.multiple_urls.as_deref()).await?;
    let mut views = links.iter().map(|link| LinkView::echo(&app, link, &body));
    Ok(Json(match &body.multiple_urls {
        None => Created::one(views.next()),
        Some(_) => Created::many(views.collect()),
    }))
}

/// `POST /api/v1/link`.
pub(super) async fn create_one(
    State(app): State<App>,
    Tokened(caller, body, _): Tokened<LinkBody>,
) -> Result<Json<Created>> {
    let links = make(&app, &caller, &body, "long_urls", None).await?;
    let mut views = links.iter().map(|link| LinkView::later(&app, link, 0, Some(None)));
    Ok(Json(Created::one(views.next())))
}

/// `POST /api/v1/link/batch/shorten`.
pub(super) async fn create_many(
    State(app): State<App>,
    Tokened(caller, body, _): Tokened<LinkBody>,
) -> Result<Json<Created>> {
    let urls = body.long_urls.as_deref().unwrap_or_default();
    let links = make(&app, &caller, &body, "long_urls", Some(urls)).await?;
    let views = links.iter().map(|link| LinkView::later(&app, link, 0, Some(None)));
    Ok(Json(Created::many(views.collect())))
}

/// Makes a link for each address, all of them or none.
async fn make(
    app: &App,
    caller: &Caller,
    body: &LinkBody,
    list: &str,
    urls: Option<&[String]>,
) -> model::Result<Vec<Link>> {
    let host = body.host(app, caller)?;
    let domain = ops::domain_named(app, caller, host.as_deref())?;
    let mut problems = Problems::default();
    let destinations = match urls {
        None => single(body, &domain, &mut problems),
        Some(urls) => several(body, (list, urls), &domain, &mut problems),
    };
    let read = body.read(&domain, &mut problems);
    let folder = match groups::chosen(app, caller, body).await {
        Err(Error::Invalid(wrong)) => problems.keep(Err(Error::Invalid(wrong))),
        folder => Some(folder?),
    };
    problems.finish()?;
    let folder = folder.flatten().flatten();
    let about = if body.says_what_it_is() {
        destinations.iter().map(|_| About::default()).collect()
    } else {
        ops::about(app, caller, &destinations).await?
    };
    let mut links: Vec<Link> = Vec::with_capacity(destinations.len());
    for (destination, about) in destinations.into_iter().zip(about) {
        let new = NewLink {
            domain: host.as_deref(),
            slug: body.alias(),
            random_too: body.alias().is_some(),
            password: body.password(),
        };
        let draft = read.draft(destination, about, folder.as_deref());
        match ops::create_link(app, caller, new, |_| Ok(draft)).await {
            Ok(link) => links.push(link),
            Err(error) => {
                for link in links {
                    ops::delete_link(app, caller, link.id).await?;
                }
                return Err(error);
            }
        }
    }
    Ok(links)
}

fn single(body: &LinkBody, domain: &Domain, problems: &mut Problems) -> Vec<Destination> {
    let required = || Error::invalid("long_url", "The long url field is required.");
    let text = body.long_url.as_deref().ok_or_else(required);
    let destination = text.and_then(|text| url("long_url", text, domain));
    problems.keep(destination).into_iter().collect()
}

/// The addresses of a list, each once.
fn several(
    body: &LinkBody,
    (list, urls): (&str, &[String]),
    domain: &Domain,
    problems: &mut Problems,
) -> Vec<Destination> {
    let words = list.replace('_', " ");
    let mut refuse = |at: &str, why: String| {
        problems.keep(Err::<(), _>(Error::invalid(at, why)));
        Vec::new()
    };
    if body.long_url.is_some() {
        let why = format!("The {words} field cannot be used together with long url.");
        return refuse(list, why);
    }
    if urls.is_empty() {
        return refuse(list, format!("The {words} field is required."));
    }
    if MOST_URLS < urls.len() {
        return refuse(list, format!("The {words} may not have more than {MOST_URLS} items."));
    }
    if body.alias().is_some() {
        return refuse("alias", format!("An alias can name one link only, not {words}."));
    }
    let mut destinations: Vec<Destination> = Vec::new();
    let mut wrong: Vec<Problem> = Vec::new();
    for (i, text) in urls.iter().enumerate() {
        match url(&format!("{list}[{i}]"), text, domain) {
            Ok(url) if destinations.contains(&url) => (),
            Ok(url) => destinations.push(url),
            Err(Error::Invalid(found)) => wrong.extend(found),
            Err(other) => wrong.push(Problem::new(list, other.to_string())),
        }
    }
    if !wrong.is_empty() {
        wrong.insert(0, Problem::new(list, "One of the urls is not valid."));
        problems.keep(Err::<(), _>(Error::Invalid(wrong)));
    }
    destinations
}

impl Created {
    fn one(link: Option<LinkView>) -> Created {
        Created { status: "success", link, links: None }
    }

    fn many(links: Vec<LinkView>) -> Created {
        Created { status: "success", link: None, links: Some(links) }
    }
}
