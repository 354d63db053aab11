//! One request on one connection to an address that was judged.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Empty};
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

use super::{Fetched, LARGEST, Refusal};

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

/// Asks the first of the addresses that takes a connection.
pub(super) async fn ask(
    tls: &Arc<ClientConfig>,
    url: &Url,
    addresses: &[SocketAddr],
    enough: fn(&[u8]) -> bool,
) -> Result<Answer, Refusal> {
    let stream = connect(addresses).await?;
    if url.scheme() == "http" {
        return talk(stream, url, enough).await;
    }
    let name = match url.host().ok_or(Refusal::Url)? {
        Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|_| Refusal::Url)?,
        Host::Ipv4(address) => ServerName::from(std::net::IpAddr::from(address)),
        Host::Ipv6(address) => ServerName::from(std::net::IpAddr::from(address)),
    };
    let stream = TlsConnector::from(tls.clone()).connect(name, stream).await;
    talk(stream.map_err(|_| Refusal::Unreachable)?, url, enough).await
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
    url: &Url,
    enough: fn(&[u8]) -> bool,
) -> Result<Answer, Refusal> {
    let unreachable = |_| Refusal::Unreachable;
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(LARGEST_HEAD)
        .max_headers(64)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    // Dropped with this function, whatever ends it, and the connection with it.
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let request = Request::get(&url[Position::BeforePath..Position::AfterQuery])
        .header(header::HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(header::USER_AGENT, AGENT)
        .header(header::ACCEPT, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1")
        .header(header::ACCEPT_ENCODING, "identity")
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(|_| Refusal::Url)?;
    let response = sender.send_request(request).await.map_err(unreachable)?;
    read(response, enough).await
}

async fn read(response: Response<Incoming>, enough: fn(&[u8]) -> bool) -> Result<Answer, Refusal> {
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
    Ok(Answer::Page(Fetched { content_type, body }))
}
