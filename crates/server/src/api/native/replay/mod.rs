//! `/api/v1/links/{id}/replay`: how past clicks would have gone by other rules.

mod view;

use std::{collections::BTreeMap, pin::Pin, sync::Arc, time::Duration};

use axum::{
    Json,
    body::to_bytes,
    extract::State,
    http::{HeaderMap, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use jiff::Timestamp;
use model::{Caller, Domain, Error, Patch, What};
use serde::Deserialize;
use serde_json::{Value, json};
use statistics::{Query, Watch};
use utoipa::ToSchema;

use self::view::ReplayView;
use super::{
    super::json::{Problems, Whole},
    Authed, Body, Failure, Native, Place, Result, id,
    link::{destination_of, rule_drafts, split_of},
    schema::{NewRule, Variant as VariantView},
    statistics::{classes, filters, span, zone},
};
use crate::{App, ops};

/// What is tried, and on which clicks. What is left out of a change is as in the link.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ReplayRequest, example = json!({
    "rules": [{"when": {"field": "country", "operator": "equals", "value": "US"},
               "action": {"redirect": "https://example.com/us"}}],
    "from": "2026-11-01", "filters": {"device": "mobile"},
}))]
pub(super) struct ReplayBody {
    /// Tries the saved draft, in the place of a change.
    #[serde(default)]
    draft: bool,
    destination: Option<String>,
    #[serde(default, deserialize_with = "super::super::json::nullable")]
    /// Null takes it away.
    #[schema(value_type = Option<Vec<VariantView>>)]
    default_split: Option<Option<Value>>,
    /// All rules, in the place of those that there are. One with the id of a rule stands for that.
    #[schema(value_type = Option<Vec<NewRule>>)]
    rules: Option<Vec<Value>>,
    /// A day such as `2026-11-01`, or a moment; 30 days before `to` unless it is said.
    from: Option<String>,
    /// The first day or moment that is left out; now, unless it is said.
    to: Option<String>,
    /// The IANA time zone of days; UTC unless it is said.
    timezone: Option<String>,
    /// `include` replays the clicks of bots too; `exclude` does not.
    bots: Option<String>,
    /// Only clicks that pass all of these: dimensions of `GET /api/v1/statistics/dimensions` with
    /// their values, as in addresses there.
    #[serde(default)]
    filters: BTreeMap<String, String>,
    /// Clicks that are shown of each kind; 10 unless it is said.
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 100)]
    samples: Option<Whole>,
}

const SAMPLES: i64 = 10;
const MOST_SAMPLES: i64 = 100;

/// How often a stream says how far it is.
const PULSE: Duration = Duration::from_millis(100);

/// Stops a replay whose caller has gone away.
pub(super) struct Waiting(pub(super) Arc<Watch>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Try other rules on past clicks
///
/// Tells how many clicks would go elsewhere, from where to where, by rule, country and device, with
/// clicks to look at. A condition that the click was decided by has the outcome that was kept; any
/// other is asked of the facts that were kept. Where it would depend on what was not (addresses,
/// headers, cookies, the lot of a new split), the click is `unknown`, and `missing` names what for.
/// With `Accept: text/event-stream` the answer is a stream: `progress` with `done` and `of`, and at
/// the end `result`, or `error` with a problem.
#[utoipa::path(
    post,
    operation_id = "replayLink",
    path = "/links/{link}/replay",
    tag = "Revisions and drafts",
    request_body = ReplayBody,
    responses((status = 200, description = "as asked", content(
        (ReplayView = "application/json"), (String = "text/event-stream"),
    ))),
)]
pub(super) async fn replay(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    Place(link, _): Place<Native, String>,
    headers: HeaderMap,
    Body(body, _): Body<Native, ReplayBody>,
) -> Result<Response> {
    let (query, samples) = body.question(&caller, app.now())?;
    body.check()?;
    let change = (!body.draft).then_some(|domain: &Domain| body.patch(domain));
    let trial = ops::trial(&app, &caller, id(&link, What::Link)?, change).await?;
    let watch = Arc::new(Watch::default());
    let waiting = Waiting(Arc::clone(&watch));
    let work = async move {
        let begun = std::time::Instant::now();
        let found = ops::replay(&app, &caller, &trial, query.clone(), samples, &watch).await?;
        ReplayView::of(&trial, &query, &found, samples, begun.elapsed())
    };
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if accepts.is_some_and(|accept| accept.contains("text/event-stream")) {
        return Ok(streamed(Box::pin(work), waiting));
    }
    let view = work.await?;
    drop(waiting);
    Ok(Json(view).into_response())
}

type Work = Pin<Box<dyn Future<Output = model::Result<ReplayView>> + Send>>;

/// Says how far the work is until it is done, and then what was found. Who stops listening stops it.
fn streamed(work: Work, waiting: Waiting) -> Response {
    let events = stream::unfold(Some((work, waiting)), async |state| {
        let (mut work, waiting) = state?;
        let done = tokio::select! {
            done = &mut work => done,
            () = tokio::time::sleep(PULSE) => {
                let (done, of) = waiting.0.progress();
                let event = event("progress", &json!({ "done": done, "of": of }));
                return Some((event, Some((work, waiting))));
            }
        };
        let event = match done {
            Ok(view) => event("result", &json!(view)),
            Err(error) => failed(error).await,
        };
        Some((event, None))
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

fn event(name: &str, data: &Value) -> std::result::Result<Event, axum::Error> {
    Event::default().event(name).json_data(data)
}

/// The problem that would have been the answer.
async fn failed(error: Error) -> std::result::Result<Event, axum::Error> {
    let answer = Failure::<Native>::from(error).into_response();
    let problem = to_bytes(answer.into_body(), usize::MAX).await?;
    Ok(Event::default().event("error").data(String::from_utf8_lossy(&problem)))
}

impl ReplayBody {
    /// A draft is tried as it was saved, and something has to be tried.
    fn check(&self) -> model::Result<()> {
        let changes =
            self.destination.is_some() || self.rules.is_some() || self.default_split.is_some();
        match (self.draft, changes) {
            (true, true) => Err(Error::invalid("draft", "is tried as it was saved: no change")),
            (false, false) => {
                Err(Error::invalid("rules", "is required, or `destination`, or `draft`"))
            }
            _ => Ok(()),
        }
    }

    fn question(&self, caller: &Caller, now: Timestamp) -> model::Result<(Query, usize)> {
        let zone = zone(self.timezone.as_deref().unwrap_or("UTC"))?;
        let (from, to) = span((self.from.as_deref(), self.to.as_deref()), &zone, now)?;
        let pairs = self.filters.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let filters = filters(pairs).map_err(|error| error.under("filters"))?;
        let samples = self.samples.map_or(SAMPLES, |Whole(samples)| samples);
        if !(0..=MOST_SAMPLES).contains(&samples) {
            let why = format!("must be a whole number from 0 to {MOST_SAMPLES}");
            return Err(Error::invalid("samples", why));
        }
        let query = Query {
            zone,
            filters,
            classes: classes(self.bots.as_deref())?,
            visitors: false,
            ..Query::total(caller.workspace, from.as_millisecond(), to.as_millisecond())
        };
        Ok((query, usize::try_from(samples).unwrap_or_default()))
    }

    fn patch(&self, domain: &Domain) -> model::Result<Patch> {
        let mut problems = Problems::default();
        let destination = destination_of(self.destination.as_deref(), domain, &mut problems);
        let default_split = split_of(self.default_split.as_ref(), domain, &mut problems);
        let rules = self.rules.as_ref().map(|rules| rule_drafts(rules, domain, &mut problems));
        problems.finish()?;
        Ok(Patch { destination, default_split, rules, ..Patch::default() })
    }
}
