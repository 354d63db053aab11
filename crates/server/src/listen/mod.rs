//! The listener: connections from the kernel to the services that answer, under limits.
//!
//! The accept loop is our own since the usual one has no defence against slow clients: it keeps a
//! connection that never finishes its header for ever, with up to 400 KB of buffer. Connections come
//! from a listener of this module ([`serve`]), or from the loops of the [`door`], which have read
//! something of them already ([`serve_handed`]).

mod body;
mod connection;
mod descriptors;
mod handed;
mod tls;
mod watch;

use std::{error::Error, io, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use hyper::{body::Body, service::Service};
use rustls::ServerConfig;
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};

pub use body::{Late, TimedBody};
pub use handed::serve_handed;
pub use tls::tls;

use connection::Connection;

/// What a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections there are at most; fewer where the process may not open so many files.
    /// Those above it wait in the kernel's queue until one ends.
    pub connections: usize,
    /// How long a client may take for a TLS handshake; then from the first byte of a request's
    /// header, or from the opening of the connection, to the header's last byte.
    pub header: Duration,
    /// How long a client may take for a request's body, from when it is first waited for.
    pub body: Duration,
    /// How long a connection may stay without a request.
    pub idle: Duration,
    /// How long a client may take no byte of what it is sent.
    pub write: Duration,
    /// How long requests may go on when the server stops.
    pub grace: Duration,
    /// How many bytes a request's line and headers may have.
    pub header_bytes: usize,
    /// How many headers a request may have.
    pub headers: usize,
    /// How many requests one HTTP/2 connection may have at a time.
    pub streams: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 10_000,
            header: Duration::from_secs(10),
            body: Duration::from_secs(15),
            idle: Duration::from_secs(30),
            write: Duration::from_secs(10),
            grace: Duration::from_secs(10),
            header_bytes: 16 << 10,
            headers: 64,
            streams: 100,
        }
    }
}

impl Limits {
    /// The places of all connections, however they come.
    pub fn places(&self) -> Arc<Semaphore> {
        Arc::new(Semaphore::new(self.connections.min(descriptors::for_connections())))
    }
}

impl From<Limits> for door::Limits {
    fn from(limits: Limits) -> door::Limits {
        let Limits { header, idle, write, grace, header_bytes, .. } = limits;
        door::Limits { header, idle, write, grace, header_bytes }
    }
}

type BoxError = Box<dyn Error + Send + Sync>;

/// Answers connections until `shutdown`; then takes no more, and returns when the requests in
/// flight are answered or their grace is over.
///
/// `service_for` makes the service of a connection from the address of its peer and whether it is
/// encrypted. With `tls` every connection is, and HTTP/2 is offered; without, it is HTTP/1.1 alone.
pub async fn serve<S, B>(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    limits: Limits,
    service_for: impl Fn(SocketAddr, bool) -> S + Send,
    shutdown: CancellationToken,
) where
    S: Service<Request<TimedBody>, Response = Response<B>> + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<BoxError>,
{
    let places = limits.places();
    let connections = TaskTracker::new();
    let mut failing = false;
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (place.expect("nobody closes the semaphore"), listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, peer)) => {
                if std::mem::take(&mut failing) {
                    info!("connections are accepted again");
                }
                let service = service_for(peer, tls.is_some());
                let connection = Connection { limits, shutdown: shutdown.clone() };
                let tls = tls.clone();
                connections.spawn(async move {
                    connection.serve(stream, tls, service).await;
                    drop(place);
                });
            }
            Err(error) if is_of_one_connection(&error) => {}
            // Out of files or memory: the same error would come at once, again and again.
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    warn!(%error, "could not accept a connection: trying again every 100 ms");
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

#[cfg(test)]
mod tests;
