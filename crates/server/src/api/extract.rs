//! What every handler takes from a request: the caller, the body, the path and the query.

use std::{borrow::Cow, marker::PhantomData, ops::RangeInclusive};

use axum::{
    body,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use model::{Caller, Error, Id, Result, What};
use serde::de::DeserializeOwned;
use tracing::{error, warn};

use super::{Dialect, json};
use crate::{App, listen::Late, ops};

/// An operation's failure, on its way out in dialect `D`.
pub(super) struct Failure<D>(Error, PhantomData<fn() -> D>);

/// The caller of a request in dialect `D`.
pub(super) struct Authed<D>(pub Caller, pub PhantomData<fn() -> D>);

/// A JSON body in dialect `D`.
pub(super) struct Body<D, T>(pub T, pub PhantomData<fn() -> D>);

/// A JSON body in dialect `D` that may be left out.
pub(super) struct MaybeBody<D, T>(pub T, pub PhantomData<fn() -> D>);

/// The variable parts of a path in dialect `D`.
pub(super) struct Place<D, T>(pub T, pub PhantomData<fn() -> D>);

/// The query, decoded, in its order.
pub(super) struct Params(Vec<(String, String)>);

/// Bytes of a body.
const LARGEST: usize = 1 << 20;
/// What is too large is read on to here, for most clients write all before they read an answer.
const DRAINED: usize = 8 << 20;

impl<D> From<Error> for Failure<D> {
    fn from(error: Error) -> Failure<D> {
        Failure(error, PhantomData)
    }
}

impl<D: Dialect> IntoResponse for Failure<D> {
    fn into_response(self) -> Response {
        match &self.0 {
            Error::Internal(source) => {
                error!(error = source.as_ref(), "could not answer an API call");
            }
            Error::Unavailable(source) => {
                warn!(error = source.as_ref(), "could not answer an API call: no database");
            }
            Error::Full(source) => {
                error!(error = source.as_ref(), "could not answer an API call: the disk is full");
            }
            _ => (),
        }
        let mut response = D::failure(&self.0);
        if let Some(seconds) = wait(&self.0) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Seconds after which the same call may fare better.
fn wait(error: &Error) -> Option<u64> {
    match error {
        Error::TooMany(seconds) => Some(*seconds),
        Error::Unavailable(_) | Error::UnderWay => Some(1),
        _ => None,
    }
}

impl<D: Dialect> FromRequestParts<App> for Authed<D> {
    type Rejection = Failure<D>;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure<D>> {
        let key = D::key(parts);
        Ok(Authed(ops::caller(app, key.as_deref()).await?, PhantomData))
    }
}

impl<D: Dialect, T: DeserializeOwned + 'static> FromRequest<App> for Body<D, T> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, _: &App) -> Result<Self, Failure<D>> {
        let body = whole(request.into_body()).await?;
        Ok(Body(json::read(&body)?, PhantomData))
    }
}

impl<D: Dialect, T: DeserializeOwned + Default + 'static> FromRequest<App> for MaybeBody<D, T> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, _: &App) -> Result<Self, Failure<D>> {
        let body = whole(request.into_body()).await?;
        let read = if body.is_empty() { T::default() } else { json::read(&body)? };
        Ok(MaybeBody(read, PhantomData))
    }
}

impl<D: Dialect, T: DeserializeOwned + Send> FromRequestParts<App> for Place<D, T> {
    type Rejection = Failure<D>;

    /// What is no text names nothing.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure<D>> {
        match Path::from_request_parts(parts, app).await {
            Ok(Path(place)) => Ok(Place(place, PhantomData)),
            Err(_) => Err(Error::NotFound(What::Path).into()),
        }
    }
}

impl FromRequestParts<App> for Params {
    type Rejection = std::convert::Infallible;

    /// Statistics clients begin a query with `?&`; an empty pair is nothing.
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Params(pairs(query).map(|(k, v)| (k.into_owned(), v.into_owned())).collect()))
    }
}

impl Params {
    /// The value of a parameter; an empty one is none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The values of a parameter that may stand more than once, but for empty ones.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(move |(key, value)| key == name && !value.is_empty());
        named.map(|(_, value)| value.as_str())
    }

    pub(super) fn whole(&self, name: &str, range: RangeInclusive<i64>) -> Result<Option<i64>> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| range.contains(number));
        let (low, high) = range.into_inner();
        let why = || format!("must be a whole number from {low} to {high}");
        number.map(Some).ok_or_else(|| Error::invalid(name, why()))
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>> {
        match self.get(name) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(Error::invalid(name, "must be true or false")),
        }
    }

    /// Every parameter but these, in order.
    pub(super) fn but<'a>(&'a self, known: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let pairs = self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        pairs.filter(|(key, _)| !known.contains(key))
    }

    /// Refuses every parameter that is not listed.
    pub(super) fn only(&self, known: &[&str]) -> Result<()> {
        match self.0.iter().find(|(key, _)| !known.contains(&key.as_str())) {
            Some((key, _)) => Err(Error::invalid(
                key,
                format!("no such parameter; known are {}", known.join(", ")),
            )),
            None => Ok(()),
        }
    }
}

/// An id in any dialect's spelling; what is no id names nothing.
pub(super) fn id<T>(text: &str, what: What) -> Result<Id<T>> {
    Id::parse(text).ok_or(Error::NotFound(what))
}

/// A body, as far as it is neither too large nor too late.
pub(super) async fn whole(body: body::Body) -> Result<Bytes> {
    whole_up_to(LARGEST, body).await
}

/// [`whole`] of so many bytes at most.
pub(super) async fn whole_up_to(largest: usize, body: body::Body) -> Result<Bytes> {
    let (mut kept, mut length) = (BytesMut::new(), 0);
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| match Late::caused(&error) {
            true => Error::Late,
            false => Error::Malformed("the body broke off".to_owned()),
        })?;
        length += chunk.len();
        if length <= largest {
            kept.extend_from_slice(&chunk);
        } else if DRAINED.max(largest) < length {
            break;
        }
    }
    if largest < length { Err(Error::TooLarge(largest)) } else { Ok(kept.freeze()) }
}

pub(super) fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    url::form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| !key.is_empty())
}

/// A header's text.
pub(super) fn header<'p>(parts: &'p Parts, name: &str) -> Option<&'p str> {
    parts.headers.get(name)?.to_str().ok().map(str::trim)
}

/// What follows `Bearer`, in any case, in an `Authorization` header.
pub(super) fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked("bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"bearer ").then(|| rest.trim_ascii())
}

/// The key of `Authorization: Bearer …`.
pub(super) fn bearer_key(headers: &HeaderMap) -> Option<String> {
    let key = bearer(headers.get(header::AUTHORIZATION)?.as_bytes().trim_ascii())?;
    String::from_utf8(key.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    async fn read(end: impl Into<axum::BoxError>) -> Error {
        let chunks = [Ok(Bytes::from_static(b"{")), Err(end.into())];
        whole(body::Body::from_stream(stream::iter(chunks))).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_late_body_is_told_from_one_that_broke_off() {
        assert!(matches!(read(Late).await, Error::Late));
        assert!(matches!(read("reset by peer").await, Error::Malformed(_)));
    }
}
