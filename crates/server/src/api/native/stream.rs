//! `/api/v1/clicks/stream`: clicks as they come.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures_util::stream;
use model::{Click, Error};
use serde::Serialize;
use serde_json::json;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use utoipa::{IntoParams, ToSchema};

use super::{
    Authed, Native, Params, Result,
    clicks::ClickView,
    extract,
    statistics::{classes, filters},
};
use crate::{
    App,
    ops::{self, News, Watched, Watcher},
};

/// Which clicks are watched. Every further parameter is a filter by a dimension, as in statistics.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it says in the document what other code reads")]
pub(super) struct Streamed {
    /// `include` shows bots too; `exclude` does not.
    #[param(example = "exclude")]
    bots: Option<String>,
    /// A host: clicks of its links alone.
    #[param(example = "localhost")]
    domain: Option<String>,
    /// The links' ids: one of many filters.
    #[param(example = "lnk_0001_y3bWuA")]
    link: Option<String>,
    /// Tags that a link has one of, as each link is when a click of it comes for the first time.
    #[param(example = "mail")]
    tag: Option<String>,
    /// Folders, likewise.
    #[param(example = "Sale")]
    folder: Option<String>,
    /// Countries: one of many filters.
    #[param(example = "US,CA")]
    country: Option<String>,
}

/// A click as it came.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StreamedClick, example = json!({
    "id": "clk_00c3f1c2a4b51f3e6d7a8b9c0d1e2f30_1000", "at": "2026-11-21T10:00:00.000Z",
    "link": "lnk_0001_y3bWuA", "class": "person", "reason": null, "revision": 1, "outcome": "rule",
    "rule": "rule_000Yl3bWu", "variant": null, "country": "US", "region": "NY", "city": "New York",
    "device": "mobile", "os": "iOS", "browser": "Safari", "referrerDomain": "news.example",
    "qr": false, "returning": false, "decisionMicroseconds": 41,
}))]
pub(super) struct StreamedClick {
    #[serde(flatten)]
    click: ClickView,
    /// From the request to the decision; null where nobody knows.
    decision_microseconds: Option<u32>,
}

/// Where a client says what it has seen.
const LAST: &str = "last-event-id";

/// A stream without news says that it lives, and looks whether its key does.
const BEAT: Duration = Duration::from_secs(15);

/// Watch clicks as they come
///
/// A stream of server-sent events. `click` has a click, and an id after which a client that comes back
/// with `Last-Event-ID` goes on: it gets each click once. `missed` says that it was too slow, so that
/// clicks went by: its `resume` is the id after which they can be had. A comment comes every 15
/// seconds. A workspace may have 20 streams of one server at a time.
#[utoipa::path(
    get,
    operation_id = "streamClicks",
    path = "/clicks/stream",
    tag = "Clicks",
    params(
        Streamed,
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen.", example = ""),
    ),
    responses((status = 200, description = "as they come", body = StreamedClick, content_type = "text/event-stream")),
)]
pub(super) async fn stream(
    State(app): State<App>,
    Authed(caller, _): Authed<Native>,
    params: Params,
    headers: HeaderMap,
) -> Result<Response> {
    let domain = params.get("domain");
    let domain = domain.map(|host| ops::domain_named(&app, &caller, Some(host))).transpose()?;
    let watched = Watched {
        filters: filters(params.but(&["bots", "domain"]))?,
        classes: classes(params.get("bots"))?,
        domain: domain.map(|domain| domain.id),
    };
    let last = headers.get(LAST).map(|last| last.to_str().ok().and_then(|last| last.parse().ok()));
    let from = match last {
        Some(None) => {
            let why = "is none of ours: begin without one";
            return Err(Error::invalid("Last-Event-ID", why).into());
        }
        Some(tail) => tail,
        None => None,
    };
    let watcher = ops::watch_clicks(&app, &caller, watched, from).await?;
    let key = headers.get("authorization").and_then(|key| extract::bearer(key.as_bytes()));
    let key = key.and_then(|key| String::from_utf8(key.to_vec()).ok());
    let mut beats = interval_at(Instant::now() + BEAT, BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let state = Streaming { app, watcher, key, beats };
    let hello = stream::once(std::future::ready(Ok(Event::default().comment("waiting"))));
    let events = stream::unfold(state, async |mut state| {
        let event = state.next().await?;
        Some((Ok::<_, Infallible>(event), state))
    });
    Ok(Sse::new(stream::StreamExt::chain(hello, events)).into_response())
}

struct Streaming {
    app: App,
    watcher: Watcher,
    key: Option<String>,
    beats: Interval,
}

impl Streaming {
    /// The next event; none where the stream ends, after which its client may come back.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let news = tokio::select! {
                news = self.watcher.next() => news,
                _ = self.beats.tick() => {
                    // A key that was revoked watches no longer, and one that was narrowed less.
                    let caller = ops::caller(&self.app, self.key.as_deref()).await.ok()?;
                    self.watcher.go_on(caller).ok()?;
                    return Some(Event::default().comment(""));
                }
            };
            match news {
                Ok(News::Click { id, record, tail }) => {
                    let click = StreamedClick::read(id, &record).ok().flatten();
                    let Some(click) = click else { continue };
                    return Event::default().event("click").id(tail).json_data(click).ok();
                }
                Ok(News::Missed { tail }) => {
                    let resume = json!({ "resume": tail });
                    return Event::default().event("missed").json_data(resume).ok();
                }
                Err(error) => {
                    tracing::warn!(%error, "a stream of clicks ended");
                    return None;
                }
            }
        }
    }
}

impl StreamedClick {
    fn read(id: model::ClickId, record: &[u8]) -> model::Result<Option<StreamedClick>> {
        let took = Click::decode(record).ok().and_then(|click| click.took);
        let click = ClickView::read(id, record)?;
        Ok(click.map(|click| StreamedClick { click, decision_microseconds: took }))
    }
}
