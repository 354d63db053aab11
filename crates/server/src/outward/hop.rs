//! One request on one connection to an address that was judged.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header, request};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::{Host, Position, Url};

use super::{Fetched, LARGEST, Message, Refusal, Reply};

pub(super) enum Answer {
    Page(Fetched),
    /// The `Location` of a redirect, as it was sent.
    Elsewhere(String),
}

/// How long one address may take to answer at all, so that the next one gets its turn.
const CONNECT: Duration = Duration::from_millis(1_500);
/// Bytes of a header.
const LARGEST_HEAD: usize = 32 * 1024;
/// How much of what was read before is looked at again with what comes: the mark that is looked for
/// may lie across both.
const OVERLAP: usize = 16;
/// A name that every list takes for a program's, our own too: where an address that we ask leads back
/// to a link of ours, that is no person's click.
pub(super) const AGENT: &str =
    concat!("Mozilla/5.0 (compatible; WaypostBot/", env!("CARGO_PKG_VERSION"), ")");

/// The beginning of an answer, and its connection, which lives as long as this does.
struct Begun {
    response: Response<Incoming>,
    _connection: JoinSet<hyper::Result<()>>,
}

/// Asks the first of the addresses that takes a connection for a page.
pub(super) async fn ask(
    tls: &Arc<ClientConfig>,
    url: &Url,
    addresses: &[SocketAddr],
    enough: fn(&[u8]) -> bool,
) -> Result<Answer, Refusal> {
    let request = begin(Method::GET, url)
        .header(header::ACCEPT, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1")
        .header(header::ACCEPT_ENCODING, "identity")
        .body(Full::default())
        .map_err(|_| Refusal::Url)?;
    let begun = send(tls, url, addresses, request).await?;
    read(url, begun, enough).await
}

/// Tells the first of the addresses that takes a connection something. Nobody reads more of the
/// answer than its head.
pub(super) async fn tell(
    tls: &Arc<ClientConfig>,
    url: &Url,
    addresses: &[SocketAddr],
    message: &Message,
) -> Result<Reply, Refusal> {
    let json = "application/json; charset=utf-8";
    let mut request = begin(Method::POST, url).header(header::CONTENT_TYPE, json);
    for (name, value) in &message.headers {
        request = request.header(*name, value);
    }
    let request = request.body(Full::new(message.body.clone())).map_err(|_| Refusal::Url)?;
    let Begun { response, .. } = send(tls, url, addresses, request).await?;
    let after = response.headers().get(header::RETRY_AFTER);
    let after = after.and_then(|value| value.to_str().ok()).map(str::to_owned);
    Ok(Reply { status: response.status().as_u16(), retry_after: after })
}

/// Submits a form to the first of the addresses that takes a connection.
pub(super) async fn submit(
    tls: &Arc<ClientConfig>,
    url: &Url,
    addresses: &[SocketAddr],
    authorization: Option<&str>,
    form: String,
) -> Result<Answer, Refusal> {
    let mut request = begin(Method::POST, url)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .header(header::ACCEPT_ENCODING, "identity");
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    let request = request.body(Full::new(form.into())).map_err(|_| Refusal::Url)?;
    read(url, send(tls, url, addresses, request).await?, |_| false).await
}

fn begin(method: Method, url: &Url) -> request::Builder {
    Request::builder()
        .method(method)
        .uri(&url[Position::BeforePath..Position::AfterQuery])
        .header(header::HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(header::USER_AGENT, AGENT)
        .header(header::CONNECTION, "close")
}

async fn send(
    tls: &Arc<ClientConfig>,
    url: &Url,
    addresses: &[SocketAddr],
    request: Request<Full<Bytes>>,
) -> Result<Begun, Refusal> {
    let stream = connect(addresses).await?;
    if url.scheme() == "http" {
        return talk(stream, request).await;
    }
    let name = match url.host().ok_or(Refusal::Url)? {
        Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|_| Refusal::Url)?,
        Host::Ipv4(address) => ServerName::from(std::net::IpAddr::from(address)),
        Host::Ipv6(address) => ServerName::from(std::net::IpAddr::from(address)),
    };
    let stream = TlsConnector::from(tls.clone()).connect(name, stream).await;
    talk(stream.map_err(|_| Refusal::Unreachable)?, request).await
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, Refusal> {
    for address in addresses {
        if let Ok(Ok(stream)) = timeout(CONNECT, TcpStream::connect(address)).await {
            return Ok(stream);
        }
    }
    Err(Refusal::Unreachable)
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Begun, Refusal> {
    let unreachable = |_| Refusal::Unreachable;
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(LARGEST_HEAD)
        .max_headers(64)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    // Dropped with who asks, whatever ends that, and the connection with it.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let response = sender.send_request(request).await.map_err(unreachable)?;
    Ok(Begun { response, _connection: driver })
}

async fn read(url: &Url, begun: Begun, enough: fn(&[u8]) -> bool) -> Result<Answer, Refusal> {
    let Begun { response, _connection } = begun;
    let status = response.status();
    let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    if status.is_redirection()
        && status != StatusCode::NOT_MODIFIED
        && let Some(location) = text(header::LOCATION)
    {
        return Ok(Answer::Elsewhere(location.to_owned()));
    }
    if !status.is_success() {
        return Err(Refusal::Status(status.as_u16()));
    }
    if text(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(Refusal::Compressed);
    }
    let content_type = text(header::CONTENT_TYPE).map(str::to_owned);
    let (mut incoming, mut body) = (response.into_body(), Vec::new());
    while let Some(frame) = incoming.frame().await {
        // A body that breaks off has said what it said.
        let Ok(Ok(data)) = frame.map(hyper::body::Frame::into_data) else { break };
        let from = body.len().saturating_sub(OVERLAP);
        body.extend_from_slice(&data[..data.len().min(LARGEST - body.len())]);
        if LARGEST <= body.len() || enough(&body[from..]) {
            break;
        }
    }
    Ok(Answer::Page(Fetched { url: url.clone(), status: status.as_u16(), content_type, body }))
}
