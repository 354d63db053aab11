//! `Idempotency-Key`: a POST that is sent again is answered as it was the first time.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use model::Error;
use store::Reply;

use super::{Failure, Native, extract};
use crate::{
    App,
    ops::{self, Repeated},
};

const NAME: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that the answer is the first one's.
const AGAIN: HeaderName = HeaderName::from_static("idempotent-replayed");
/// Headers that belong to an answer's content.
const KEPT: [HeaderName; 3] = [header::CONTENT_TYPE, header::LOCATION, header::ETAG];

/// Whoever calls something below asks for what is kept of a visitor, of which no copy is kept.
const OF_VISITORS: &str = "/visitors/";

/// Does a named POST once; all other requests pass.
pub(in super::super) async fn once(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response {
    let named = match named(request.method(), request.headers()) {
        Ok(named) => named.filter(|_| !request.uri().path().contains(OF_VISITORS)),
        Err(error) => return Failure::<Native>::from(error).into_response(),
    };
    match named {
        // Who has no key gets no memory.
        Some((key, name)) if ops::caller(&app, Some(&key)).await.is_ok() => {
            let done = Box::pin(repeat(&app, &key, &name, request, next)).await;
            done.unwrap_or_else(|error| Failure::<Native>::from(error).into_response())
        }
        _ => next.run(request).await,
    }
}

/// The key and the name of a call that may be repeated.
fn named(method: &Method, headers: &HeaderMap) -> model::Result<Option<(String, String)>> {
    let Some(name) = headers.get(NAME) else { return Ok(None) };
    if method != Method::POST {
        return Ok(None);
    }
    let name = name.to_str().map_err(|_| Error::invalid("Idempotency-Key", "must be ASCII"))?;
    Ok(super::credential(headers).map(|key| (key, name.trim().to_owned())))
}

async fn repeat(
    app: &App,
    credential: &str,
    name: &str,
    request: Request,
    next: Next,
) -> model::Result<Response> {
    let (parts, body) = request.into_parts();
    let body = extract::whole(body).await?;
    let target = parts.uri.to_string();
    let condition = parts.headers.get(header::IF_MATCH).map_or(&b""[..], HeaderValue::as_bytes);
    let asked = [target.as_bytes(), condition, &body];
    match ops::begin_call(app, credential, name, &asked).await? {
        Repeated::Again(reply) => Ok(again(reply)),
        Repeated::First(ticket) => {
            // The caller may go away; what was begun is ended, and what was answered is kept.
            let (app, request) = (app.clone(), Request::from_parts(parts, Body::from(body)));
            let done = tokio::spawn(async move {
                let (parts, body) = next.run(request).await.into_parts();
                let body = to_bytes(body, usize::MAX).await.map_err(Error::internal)?;
                let reply = is_final(parts.status).then(|| Reply {
                    status: parts.status.as_u16(),
                    headers: kept(&parts.headers),
                    body: body.to_vec(),
                });
                ops::finish_call(&app, ticket, reply).await?;
                Ok(Response::from_parts(parts, Body::from(body)))
            });
            done.await.map_err(Error::internal)?
        }
    }
}

/// Whether sending a call again could bring no other answer. Trouble of ours passes, so does a limit.
fn is_final(status: StatusCode) -> bool {
    let passing = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    !status.is_server_error() && !passing.contains(&status)
}

fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    let text =
        |name: &HeaderName| Some((name.to_string(), headers.get(name)?.to_str().ok()?.to_owned()));
    KEPT.iter().filter_map(text).collect()
}

fn again(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    for (name, value) in &reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(AGAIN, HeaderValue::from_static("true"));
    response
}
