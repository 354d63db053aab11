//! `/api/v1/about`: what this installation is and how it does.

use axum::{Json, extract::State};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::{super::json::iso, Authed, Native, Params, Result};
use crate::{
    App,
    config::Kept,
    ops,
    visitor::{GeoProblem, GeoSource},
};

/// This installation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = About, example = json!({
    "version": "0.1.0", "publicUrl": "http://localhost:8080/", "defaultDomain": "localhost",
    "database": "sqlite", "linksLoaded": true, "geo": [], "geoProblems": [],
    "retention": {"people": null, "bots": 90, "conversions": null},
    "clicks": {"unrecorded": 0, "failing": false, "unreadable": 0, "waitingBytes": 0,
               "damagedBytes": 0, "blocks": 7, "sealed": 917504},
}))]
pub(super) struct AboutView {
    /// Of the program.
    version: &'static str,
    /// Where the dashboard and the APIs are.
    public_url: String,
    /// The host where links are made that name no other.
    default_domain: String,
    /// `sqlite` or `postgresql`.
    database: &'static str,
    /// Whether this node knows all links, so that an unknown slug is 404.
    links_loaded: bool,
    /// What tells where visitors are, in the order in which it is asked.
    geo: Vec<SourceView>,
    /// Files of the geo folder that are not in use as they lie there.
    geo_problems: Vec<GeoProblemView>,
    /// For how many days what visitors leave is kept.
    retention: RetentionView,
    /// How clicks are stored.
    clicks: ClicksView,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GeoSource, example = json!({
    "name": "dbip-city-lite.mmdb", "kind": "DBIP-City-Lite", "builtIn": false,
    "builtAt": "2026-11-01T00:00:00.000Z", "ageDays": 21, "knows": ["city", "region", "country"],
    "attribution": "IP geolocation by DB-IP, https://db-ip.com",
}))]
struct SourceView {
    /// The file's name, or what is built in.
    name: String,
    /// What it calls itself.
    kind: String,
    /// Whether the server carries it.
    built_in: bool,
    /// When it was made; null where it does not say.
    built_at: Option<String>,
    /// Whole days since then.
    age_days: Option<i64>,
    /// The facts that it tells.
    knows: Vec<&'static str>,
    /// What its licence wants to be shown.
    attribution: Option<&'static str>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = GeoProblem, example = json!({"file": "city.mmdb", "error": "is no database", "kept": true}))]
struct GeoProblemView {
    /// Its name in the folder.
    file: String,
    /// Why it is not in use.
    error: String,
    /// Whether what it held before stays in use.
    kept: bool,
}

/// For how many days things are kept; null is for ever.
#[derive(Serialize, ToSchema)]
#[schema(as = Retention, example = json!({"people": null, "bots": 90, "conversions": null}))]
struct RetentionView {
    /// Single clicks of people.
    people: Option<i64>,
    /// Single clicks of programs.
    bots: Option<i64>,
    /// Conversions.
    conversions: Option<i64>,
}

/// How clicks come to the database; since this node's start.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ClickState, example = json!({
    "unrecorded": 0, "failing": false, "unreadable": 0, "waitingBytes": 0, "damagedBytes": 0,
    "blocks": 7, "sealed": 917504,
}))]
struct ClicksView {
    /// Clicks that could not be written to the spool: they are lost.
    unrecorded: u64,
    /// Whether clicks cannot be written just now.
    failing: bool,
    /// Records that were left out, as they are no clicks.
    unreadable: u64,
    /// What is in the spool and not in the database yet.
    waiting_bytes: u64,
    /// What of the spool was no whole click.
    damaged_bytes: u64,
    /// Sealed blocks of clicks in the database.
    blocks: usize,
    /// Clicks in them.
    sealed: i64,
}

/// Read about this installation
///
/// Its version, its settings that callers meet, the sources of places, and how clicks are stored.
#[utoipa::path(
    get,
    operation_id = "getAbout",
    path = "/about",
    tag = "Installation",
    responses((status = 200, description = "as asked", body = AboutView)),
)]
pub(super) async fn find(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
) -> Result<Json<AboutView>> {
    params.only(&[])?;
    let found = ops::installation(&app, &caller).await?;
    let (now, spool) = (app.now(), app.clicks.spool());
    let days = |kept: Option<SignedDuration>| kept.map(|kept| kept.as_hours() / 24);
    let Kept { people, bots, conversions } = app.config.keep;
    let is_sqlite = app.config.database_url.starts_with("sqlite:");
    Ok(Json(AboutView {
        version: env!("CARGO_PKG_VERSION"),
        public_url: app.config.public_url.to_string(),
        default_domain: app.config.host.to_string(),
        database: if is_sqlite { "sqlite" } else { "postgresql" },
        links_loaded: app.routes.is_complete(),
        geo: found.sources.iter().map(|source| SourceView::of(source, now)).collect(),
        geo_problems: found.problems.into_iter().map(GeoProblemView::from).collect(),
        retention: RetentionView {
            people: days(people),
            bots: days(bots),
            conversions: days(conversions),
        },
        clicks: ClicksView {
            unrecorded: spool.unrecorded(),
            failing: spool.failing(),
            unreadable: spool.unreadable(),
            waiting_bytes: spool.waiting(),
            damaged_bytes: spool.damaged(),
            blocks: found.blocks.0,
            sealed: found.blocks.1,
        },
    }))
}

impl SourceView {
    fn of(source: &GeoSource, now: Timestamp) -> SourceView {
        let is_file = source.name.ends_with(".mmdb") || source.name.ends_with(".txt");
        SourceView {
            name: source.name.clone(),
            kind: source.kind.clone(),
            built_in: !is_file,
            built_at: source.built.map(iso),
            age_days: source.built.map(|built| now.duration_since(built).as_hours() / 24),
            knows: source.knows.iter().map(|fact| fact.name()).collect(),
            attribution: source.attribution(),
        }
    }
}

impl From<GeoProblem> for GeoProblemView {
    fn from(GeoProblem { file, error, kept }: GeoProblem) -> GeoProblemView {
        GeoProblemView { file, error, kept }
    }
}
