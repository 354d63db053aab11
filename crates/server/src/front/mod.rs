//! The front of the house: redirects are answered here, everything else goes to the router.
//!
//! There are two ways in. [`Plain`] answers what comes through the [`door`], which is nearly every
//! click; [`Front`] is hyper's, takes whatever HTTP there is, and waits where something must be waited
//! for. Both ask the same [`redirect::answer`], and a test holds them to the same bytes.

mod plain;
mod response;

use std::{
    convert::Infallible,
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::Pin,
};

use axum::{Router, body::Body as AxumBody};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header, request::Parts};
use http_body_util::{BodyExt, Limited as LimitedBody, combinators::UnsyncBoxBody};
use hyper::service::Service;
use tower::ServiceExt;

use crate::{
    App,
    listen::{Late, TimedBody},
    password::{self, Guarded},
    redirect::{self, Answer, Limited, Permit},
};

pub use plain::Plain;
use response::send;

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
        if is_of_router(&self.app, &host, request.uri().path()) {
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

    /// A redirect, once its click is as safe as the settings ask.
    async fn redirect(&self, request: &Parts, host: &str) -> Response<ResponseBody> {
        let answer = self.decide(request, host).await;
        // None unless clicks are to outlive the power.
        let spool = self.app.clicks.spool();
        if let Some(mark) = spool.unsynced() {
            spool.synced(mark).await;
        }
        send(&answer, request.method == Method::HEAD)
    }

    /// Asks for a redirect; where the link is limited, first for a click off its limit.
    async fn decide(&self, request: &Parts, host: &str) -> Answer {
        let limited = match self.ask(request, host, Permit::Unasked) {
            Ok(answer) => return answer,
            Err(limited) => limited,
        };
        let taken = self.app.store.take_click(limited.workspace, limited.link, limited.limit);
        let permit = match taken.await {
            Ok(true) => Permit::Granted,
            Ok(false) => Permit::Refused,
            Err(error) => {
                // Whether the limit is reached cannot be known: neither serve nor refuse.
                tracing::error!(%error, link.id = %limited.link, "could not count a click of a limited link");
                return redirect::unavailable();
            }
        };
        self.ask(request, host, permit).unwrap_or_else(|_| redirect::unavailable())
    }

    fn ask(&self, request: &Parts, host: &str, permit: Permit) -> Result<Answer, Limited> {
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
        let asked = redirect::Request {
            is_head: request.method == Method::HEAD,
            host,
            path: request.uri.path(),
            query: request.uri.query().unwrap_or_default(),
            header: &header,
            address: self.client(&request.headers),
            is_secure: self.is_secure(),
            now: self.app.now(),
            turn: None,
        };
        redirect::answer(&self.app, &asked, permit)
    }

    /// A password from the form of a link.
    async fn password(&self, request: Request<TimedBody>, host: &str) -> Response<ResponseBody> {
        let (parts, body) = request.into_parts();
        let body = LimitedBody::new(body, FORM_BYTES).collect().await;
        let body = match body {
            Ok(body) => body.to_bytes(),
            Err(error) if Late::caused(&*error) => return empty(StatusCode::REQUEST_TIMEOUT),
            Err(_) => return empty(StatusCode::PAYLOAD_TOO_LARGE),
        };
        let (now, path) = (self.app.now(), parts.uri.path());
        let Some((link, hash)) = redirect::locked(&self.app, host, path, now) else {
            return empty(StatusCode::METHOD_NOT_ALLOWED);
        };
        let given = url::form_urlencoded::parse(&body).find(|(key, _)| key == "password");
        let given = given.map(|(_, value)| value.into_owned()).unwrap_or_default();
        let guarded = Guarded::Link(link);
        let passwords = &self.app.passwords;
        let address = self.client(&parts.headers);
        let fits = passwords.verify(guarded, address, &given, &hash, now).await;
        let answer = match fits {
            Ok(true) => {
                let back = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
                let cookie = password::pass(&self.app.visits, link, &hash, now, self.is_secure());
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
        send(&answer, false)
    }

    fn is_secure(&self) -> bool {
        self.is_tls || self.app.config.public_url.scheme() == "https"
    }

    fn client(&self, headers: &HeaderMap) -> IpAddr {
        let proxies = &self.app.facts.proxies;
        let lines = headers.get_all(proxies.header.name()).iter();
        proxies.client(self.peer.ip(), lines.filter_map(|line| line.to_str().ok()))
    }
}

/// Whether a path is the router's to answer: one of ours, on the host that has them.
fn is_of_router(app: &App, host: &str, path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    model::RESERVED.contains(&first)
        && first != "robots.txt"
        && !redirect::APP_LINKS.contains(&path)
        && path != redirect::proof::PATH
        && app.routes.is_management(host)
}

/// The host of a request: HTTP/2 has it in the URI.
fn host<B>(request: &Request<B>) -> &str {
    let of_uri = request.uri().host();
    let header = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    of_uri.or(header).unwrap_or_default()
}

fn empty(status: StatusCode) -> Response<ResponseBody> {
    let mut response = send(&Answer::new(status.as_u16()), false);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}
