//! `/api/v1/destinations/preview`: what stands at a destination.

use axum::{Json, extract::State};
use model::Destination;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Authed, Body, Native, Result};
use crate::{
    App,
    ops::{self, Previewed},
};

/// What is to be looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PreviewRequest, example = json!({"url": "https://example.com/"}))]
pub(super) struct PreviewBody {
    /// A destination, as a link would have it.
    url: String,
}

/// What stands at a destination, as far as it could be had.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Preview, example = json!({
    "url": "https://example.com/", "status": 200, "finalUrl": "https://example.com/",
    "title": "Example Domain", "description": null, "image": null, "icon": null, "problem": null,
    "warnings": [],
}))]
pub(super) struct PreviewView {
    /// As it would be sent to visitors.
    url: String,
    /// The status of its answer; null where there was none.
    status: Option<u16>,
    /// Where its redirects end.
    final_url: Option<String>,
    /// As the page says it.
    title: Option<String>,
    /// As the page says it.
    description: Option<String>,
    /// The picture that it wants to be shown with.
    image: Option<String>,
    /// Its icon.
    icon: Option<String>,
    /// Why there is no page; null where there is one.
    problem: Option<String>,
    /// What may not have been meant.
    warnings: Vec<PreviewWarning>,
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({"kind": "selfLink", "message": "It leads to a domain of this server."}))]
pub(super) struct PreviewWarning {
    /// `selfLink`, `redirects` or `insecure`.
    kind: &'static str,
    /// A whole sentence.
    message: String,
}

/// Look at a destination
///
/// Its title, description, picture and icon, within 2 seconds, and where its redirects end. Addresses
/// that are not on the public internet are not asked, nor is any where the server's settings forbid it.
/// A caller may ask 60 times a minute.
#[utoipa::path(
    post,
    operation_id = "previewDestination",
    path = "/destinations/preview",
    tag = "Links",
    request_body = PreviewBody,
    responses((status = 200, description = "as far as it could be had", body = PreviewView)),
)]
pub(super) async fn preview(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Body(body, _): Body<Native, PreviewBody>,
) -> Result<Json<PreviewView>> {
    let domain = ops::domain_named(&app, &caller, None)?;
    let destination = Destination::parse("url", &body.url, domain.schemes())?;
    let url = destination.url().map_or_else(|| body.url.clone(), |url| url.to_string());
    let mut view = PreviewView { url, ..PreviewView::default() };
    match ops::preview(&app, &caller, &destination).await? {
        Previewed::Asked(found) => {
            view.status = found.status;
            view.final_url = found.url.as_ref().map(ToString::to_string);
            view.title = found.about.title;
            view.description = found.about.description;
            view.image = found.image.map(String::from);
            view.icon = found.icon.map(String::from);
            view.problem = found.problem;
            if let Some(end) = view.final_url.as_ref().filter(|end| **end != view.url) {
                let message = format!("It redirects to {end}.");
                view.warnings.push(PreviewWarning { kind: "redirects", message });
            }
        }
        Previewed::Ours => {
            let message = "It leads to a domain of this server.".to_owned();
            view.warnings.push(PreviewWarning { kind: "selfLink", message });
        }
        Previewed::Varies => {
            view.problem = Some("it depends on the visitor, or is no page of the web".to_owned());
        }
        Previewed::Off => {
            view.problem =
                Some("the server's settings say that no destination is asked".to_owned());
        }
    }
    if view.url.starts_with("http:") {
        let message = "It is not encrypted: visitors on https may be warned.".to_owned();
        view.warnings.push(PreviewWarning { kind: "insecure", message });
    }
    Ok(Json(view))
}
