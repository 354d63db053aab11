//! The front of the house: redirects are answered here, everything else goes to the router.

use std::{
    borrow::Cow,
    convert::Infallible,
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::Pin,
};

use axum::{Router, body::Body as AxumBody};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header,
    request::Parts,
};
use http_body_util::{BodyExt, Full, Limited as LimitedBody, combinators::UnsyncBoxBody};
use hyper::service::Service;
use tower::ServiceExt;

use crate::{
    App,
    listen::{Late, TimedBody},
    password::{self, Guarded},
    redirect::{self, Answer, Body, Permit},
};

pub type ResponseBody = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

/// The service of one connection.
#[derive(Clone)]
pub struct Front {
    pub app: App,
    pub router: Router,
    pub peer: SocketAddr,
    pub is_tls: bool,
}

/// The address that an API call came from, as far as trusted proxies tell.
#[derive(Clone, Copy, Debug)]
pub struct Client(pub IpAddr);

/// The password form is one short field.
const FORM_BYTES: usize = 4_096;

impl Service<Request<TimedBody>> for Front {
    type Response = Response<ResponseBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<TimedBody>) -> Self::Future {
        let front = self.clone();
        Box::pin(async move { Ok(front.serve(request).await) })
    }
}

impl Front {
    async fn serve(self, mut request: Request<TimedBody>) -> Response<ResponseBody> {
        let host = host(&request).to_owned();
        let path = request.uri().path();
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        if model::RESERVED.contains(&first)
            && first != "robots.txt"
            && !redirect::APP_LINKS.contains(&path)
            && path != redirect::proof::PATH
            && self.app.routes.is_management(&host)
        {
            let address = self.client(request.headers());
            request.extensions_mut().insert(Client(address));
            let Ok(response) = self.router.oneshot(request.map(AxumBody::new)).await;
            return response.map(|body| body.map_err(Into::into).boxed_unsync());
        }
        let response = match *request.method() {
            Method::GET | Method::HEAD => self.redirect(&request.into_parts().0, &host).await,
            Method::POST => self.password(request, &host).await,
            Method::OPTIONS => empty(StatusCode::NO_CONTENT),
            _ => empty(StatusCode::METHOD_NOT_ALLOWED),
        };
        self.app.metrics.answered(response.status().as_u16());
        response
    }

    /// Asks for a redirect; where the link is limited, first for a click off its limit.
    async fn redirect(&self, request: &Parts, host: &str) -> Response<ResponseBody> {
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
        let asked = self.asked(request, host, &header);
        let answer = match redirect::answer(&self.app, &asked, Permit::Unasked) {
            Ok(answer) => answer,
            Err(limited) => {
                let taken =
                    self.app.store.take_click(limited.workspace, limited.link, limited.limit);
                let permit = match taken.await {
                    Ok(true) => Permit::Granted,
                    Ok(false) => Permit::Refused,
                    Err(error) => {
                        // Whether the limit is reached cannot be known: neither serve nor refuse.
                        tracing::error!(%error, link.id = %limited.link, "could not count a click of a limited link");
                        return send(redirect::unavailable(), asked.is_head);
                    }
                };
                redirect::answer(&self.app, &asked, permit)
                    .unwrap_or_else(|_| redirect::unavailable())
            }
        };
        // None unless clicks are to outlive the power.
        let spool = self.app.clicks.spool();
        if let Some(mark) = spool.unsynced() {
            spool.synced(mark).await;
        }
        send(answer, asked.is_head)
    }

    /// A password from the form of a link.
    async fn password(&self, request: Request<TimedBody>, host: &str) -> Response<ResponseBody> {
        let (parts, body) = request.into_parts();
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let body = LimitedBody::new(body, FORM_BYTES).collect().await;
        let body = match body {
            Ok(body) => body.to_bytes(),
            Err(error) if Late::caused(&*error) => return empty(StatusCode::REQUEST_TIMEOUT),
            Err(_) => return empty(StatusCode::PAYLOAD_TOO_LARGE),
        };
        let asked = self.asked(&parts, host, &header);
        let Some((link, hash)) = redirect::locked(&self.app, &asked) else {
            return empty(StatusCode::METHOD_NOT_ALLOWED);
        };
        let given = url::form_urlencoded::parse(&body).find(|(key, _)| key == "password");
        let given = given.map(|(_, value)| value.into_owned()).unwrap_or_default();
        let guarded = Guarded::Link(link);
        let passwords = &self.app.passwords;
        let fits = passwords.verify(guarded, asked.address, &given, &hash, asked.now).await;
        let answer = match fits {
            Ok(true) => {
                let back = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
                let cookie =
                    password::pass(&self.app.visits, link, &hash, asked.now, asked.is_secure);
                // A relative path, so that no `Host` header can lead astray; never `//host`.
                let back = format!("/{}", back.trim_start_matches('/'));
                Answer { cookie: Some(cookie), ..Answer::redirect(303, back) }
            }
            Ok(false) => redirect::wrong_password(),
            Err(model::Error::TooMany(seconds)) => redirect::too_many_passwords(seconds),
            Err(error) => {
                tracing::error!(%error, link.id = %link, "could not check a password of link {link}");
                redirect::unavailable()
            }
        };
        send(answer, false)
    }

    fn asked<'r>(
        &self,
        request: &'r Parts,
        host: &'r str,
        header: &'r (dyn Fn(&str) -> Option<&'r str> + Sync),
    ) -> redirect::Request<'r> {
        redirect::Request {
            is_head: request.method == Method::HEAD,
            host,
            path: request.uri.path(),
            query: request.uri.query().unwrap_or_default(),
            header,
            address: self.client(&request.headers),
            is_secure: self.is_tls || self.app.config.public_url.scheme() == "https",
            now: self.app.now(),
        }
    }

    fn client(&self, headers: &HeaderMap) -> IpAddr {
        let proxies = &self.app.facts.proxies;
        let lines = headers.get_all(proxies.header.name()).iter();
        proxies.client(self.peer.ip(), lines.filter_map(|line| line.to_str().ok()))
    }
}

/// The host of a request: HTTP/2 has it in the URI.
fn host<B>(request: &Request<B>) -> &str {
    let of_uri = request.uri().host();
    let header = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    of_uri.or(header).unwrap_or_default()
}

fn empty(status: StatusCode) -> Response<ResponseBody> {
    let mut response = send(Answer::new(status.as_u16()), false);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}

/// An answer as hyper sends it; to HEAD goes everything but the body.
fn send(answer: Answer, is_head: bool) -> Response<ResponseBody> {
    let (content_type, body) = match answer.body {
        Body::None => (None, Bytes::new()),
        Body::Text(text) => (Some("text/plain; charset=utf-8"), Bytes::from(text.into_owned())),
        Body::Html(html) => (Some("text/html; charset=utf-8"), Bytes::from(html)),
        Body::Json(json) => (Some("application/json"), Bytes::from(json)),
    };
    let length = body.len();
    let body = if is_head { Bytes::new() } else { body };
    let body = Full::new(body).map_err(|never| match never {}).boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::FOUND);
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, Some(answer.cache)),
        (header::REFERRER_POLICY, Some(answer.referrer)),
        (header::X_CONTENT_TYPE_OPTIONS, answer.policy.as_ref().map(|_| "nosniff")),
        (header::STRICT_TRANSPORT_SECURITY, answer.https),
        (HeaderName::from_static("x-robots-tag"), answer.robots),
        (HeaderName::from_static("accept-ch"), answer.accept_ch),
    ];
    for (name, value) in fixed {
        if let Some(value) = value {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    // RFC 9110: a 204 has no content, and no header that says how long it is.
    if answer.status != 204 {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    match answer.policy {
        Some(Cow::Borrowed(policy)) => {
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        }
        // Made of hosts that were checked when their pixels were saved.
        Some(Cow::Owned(policy)) => {
            if let Ok(policy) = HeaderValue::try_from(policy) {
                headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            }
        }
        None => (),
    }
    let written = [(header::LOCATION, answer.location), (header::SET_COOKIE, answer.cookie)];
    for (name, value) in written {
        // A destination is visible ASCII since it was saved; what is not, is not sent.
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
    if let Some(seconds) = answer.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
