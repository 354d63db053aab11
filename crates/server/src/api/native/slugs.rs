//! `/api/v1/slugs/check`: whether a slug can be had.

use axum::{Json, extract::State};
use model::Error;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Authed, Native, Params, Result};
use crate::{
    App,
    ops::{self, SlugState},
};

/// A slug that was looked up.
#[derive(Serialize, ToSchema)]
#[schema(as = SlugCheck, example = json!({
    "domain": "localhost", "slug": "spring", "state": "taken",
    "detail": "another link has this slug", "link": "lnk_0001_y3bWuA",
    "proposals": ["spring-2", "spring-3", "spring-4"],
}))]
pub(super) struct SlugView {
    domain: String,
    slug: String,
    /// `free`, `taken`, `reserved` or `wrong`.
    state: &'static str,
    /// Why it cannot be had; null where it can.
    detail: Option<String>,
    /// The id of the link that has it.
    link: Option<String>,
    /// Three that are free, where this one is not.
    proposals: Vec<String>,
}

/// Look a slug up
///
/// Whether a new link could have it, and else why not, with three that it could.
#[utoipa::path(
    get,
    operation_id = "checkSlug",
    path = "/slugs/check",
    tag = "Links",
    params(
        ("slug" = String, Query, description = "What is to stand behind the host.", example = "spring"),
        ("domain" = Option<String>, Query, description = "A host; the default domain unless it is said.", example = "localhost"),
    ),
    responses((status = 200, description = "as asked", body = SlugView)),
)]
pub(super) async fn check(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Json<SlugView>> {
    params.only(&["slug", "domain"])?;
    let slug = params.get("slug").ok_or_else(|| Error::invalid("slug", "is required"))?;
    let found = ops::check_slug(&app, &caller, params.get("domain"), slug).await?;
    let (state, detail, link) = match found.state {
        SlugState::Free => ("free", None, None),
        SlugState::Taken(link) => {
            ("taken", Some("another link has this slug".to_owned()), Some(link.split("lnk")))
        }
        SlugState::Reserved(why) => ("reserved", Some(why), None),
        SlugState::Wrong(why) => ("wrong", Some(why), None),
    };
    let (domain, slug, proposals) = (found.host, slug.to_owned(), found.proposals);
    Ok(Json(SlugView { domain, slug, state, detail, link, proposals }))
}
