//! How many calls may be made, in the headers that clients of all dialects look for.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use model::{ApiKey, Error};

use super::{Dialect, Failure};
use crate::{
    App,
    front::Client,
    rate::{Left, Who},
};

/// What `X-RateLimit-Limit` and `-Remaining` say where no limit is set: the largest number that
/// every client's integer holds.
const NO_LIMIT: u32 = i32::MAX as u32;

/// Takes one of the caller's calls, or refuses in the dialect's own words; every answer says what is
/// left.
///
/// A key that is known, with its secret, is counted by itself. Everybody else is counted by address,
/// so that nobody guesses keys at leisure.
pub(super) async fn keep<D: Dialect>(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let left = left::<D>(&app, &parts);
    let mut response = match left.wait {
        Some(seconds) => Failure::<D>::from(Error::TooMany(seconds)).into_response(),
        None => next.run(Request::from_parts(parts, body)).await,
    };
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from(left.limit));
    headers.insert("x-ratelimit-remaining", HeaderValue::from(left.remaining));
    headers.insert("x-ratelimit-reset", HeaderValue::from(left.full_at));
    response
}

fn left<D: Dialect>(app: &App, parts: &Parts) -> Left {
    let now = app.now();
    let unlimited =
        Left { limit: NO_LIMIT, remaining: NO_LIMIT, full_at: now.as_second(), wait: None };
    let Some(calls) = &app.calls else { return unlimited };
    let key = D::key(parts).and_then(|text| ApiKey::parse(&text));
    let who = key.and_then(|key| app.keys.proven(&key, now)).map(|key| Who::Key(key.id));
    let at = || parts.extensions.get::<Client>().map(|client| Who::at(client.0));
    who.or_else(at).map_or(unlimited, |who| calls.take(who, now))
}
