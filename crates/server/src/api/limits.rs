//! The rate-limit headers that clients of the foreign APIs look for.

use axum::{extract::State, http::HeaderValue, response::Response};

use crate::App;

/// What `X-RateLimit-Limit` and `-Remaining` say where no limit is set: the largest number that
/// every client's integer holds.
const NO_LIMIT: i32 = i32::MAX;

/// Says how many calls the caller has left. No limit is set, so that is all of them, and the
/// window ends (`-Reset`, in seconds since 1970) as it begins.
pub(super) async fn mark(State(app): State<App>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-limit", HeaderValue::from(NO_LIMIT));
    headers.insert("x-ratelimit-remaining", HeaderValue::from(NO_LIMIT));
    headers.insert("x-ratelimit-reset", HeaderValue::from(app.now().as_second()));
    response
}
