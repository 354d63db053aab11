//! Finding the `api_token`: in the query, the body, a bearer token or a basic password, in that
//! order.

use std::marker::PhantomData;

use axum::{
    extract::{FromRequest, Request},
    http::request::Parts,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::Caller;
use serde::{Deserialize, de::DeserializeOwned};

use super::{DgLnk, Failure, Result, extract, json};
use crate::{App, ops};

/// The caller of a request, and its JSON body.
pub(super) struct Tokened<T>(pub Caller, pub T, pub PhantomData<DgLnk>);

#[derive(Deserialize)]
struct InBody {
    api_token: String,
}

impl<T: DeserializeOwned + 'static> FromRequest<App> for Tokened<T> {
    type Rejection = Failure<DgLnk>;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let (parts, body) = request.into_parts();
        let body = extract::whole(body).await?;
        let in_body = || json::read(&body).ok().map(|InBody { api_token }| api_token);
        let key = in_query(&parts).or_else(in_body).or_else(|| in_headers(&parts));
        let caller = ops::caller(app, key.as_deref()).await?;
        Ok(Tokened(caller, json::read(&body)?, PhantomData))
    }
}

pub(super) fn in_query(parts: &Parts) -> Option<String> {
    let query = parts.uri.query()?;
    let found = extract::pairs(query).find(|(key, _)| key == "api_token");
    found.map(|(_, token)| token.into_owned())
}

pub(super) fn in_headers(parts: &Parts) -> Option<String> {
    extract::bearer_key(&parts.headers)
        .or_else(|| basic_password(extract::header(parts, "authorization")?))
}

/// The password of `Authorization: Basic …`.
fn basic_password(value: &str) -> Option<String> {
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    let pair = String::from_utf8(decoded).ok()?;
    let (_, password) = pair.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| password.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_basic_authorization_is_a_token() {
        assert_eq!(basic_password("Basic dXNlcjp3cF94").as_deref(), Some("wp_x"));
        assert_eq!(basic_password("basic dXNlcjp3cF94").as_deref(), Some("wp_x"));
        assert_eq!(basic_password("Digest dXNlcjp3cF94"), None);
        assert_eq!(basic_password("Basic !"), None);
        assert_eq!(basic_password("Basic"), None);
    }
}
