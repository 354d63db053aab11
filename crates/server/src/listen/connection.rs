//! One connection, from the kernel to its end.

use std::{
    future::poll_fn,
    pin::pin,
    sync::Arc,
    task::{Poll, ready},
};

use bytes::Bytes;
use http::{Request, Response};
use hyper::{
    body::Body,
    server::conn::{http1, http2},
    service::Service,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::GracefulConnection,
};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::{Instant, sleep_until, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::{
    BoxError, Limits, TimedBody,
    watch::{Due, Watch, WatchedService, WatchedStream},
};

pub(super) struct Connection {
    pub(super) limits: Limits,
    pub(super) shutdown: CancellationToken,
}

impl Connection {
    /// Answers what comes through a stream of the kernel's, encrypted where there is a `tls`.
    pub(super) async fn serve<S, B>(
        self,
        stream: TcpStream,
        tls: Option<Arc<ServerConfig>>,
        service: S,
    ) where
        S: Service<Request<TimedBody>, Response = Response<B>> + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<BoxError>,
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<BoxError>,
    {
        // Answers are short and written at once; waiting for more would only delay them. It fails
        // where the connection is gone, which is found out soon enough.
        let _ = stream.set_nodelay(true);
        let Some(config) = tls else { return self.serve_plain(stream, service).await };
        let Connection { limits, shutdown } = self;
        let handshake = timeout(limits.header, TlsAcceptor::from(config).accept(stream));
        let stream = tokio::select! {
            () = shutdown.cancelled() => return,
            done = handshake => match done {
                Ok(Ok(stream)) => stream,
                Ok(Err(error)) => return debug!(%error, "a TLS handshake failed"),
                Err(_) => return debug!("a TLS handshake took too long"),
            },
        };
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            http2(stream, service, limits, shutdown).await;
        } else {
            http1(stream, service, limits, shutdown).await;
        }
    }

    /// Answers what comes through any stream, as HTTP/1.1.
    pub(super) async fn serve_plain<T, S, B>(self, stream: T, service: S)
    where
        T: AsyncRead + AsyncWrite + Unpin + 'static,
        S: Service<Request<TimedBody>, Response = Response<B>>,
        S::Error: Into<BoxError>,
        B: Body<Data = Bytes> + Unpin + 'static,
        B::Error: Into<BoxError>,
    {
        http1(stream, service, self.limits, self.shutdown).await;
    }
}

async fn http1<T, S, B>(stream: T, service: S, limits: Limits, shutdown: CancellationToken)
where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
    S: Service<Request<TimedBody>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Unpin + 'static,
    B::Error: Into<BoxError>,
{
    let watch = Watch::new(true);
    let stream = TokioIo::new(WatchedStream { stream, watch: watch.clone() });
    let service = WatchedService { service, watch: watch.clone(), body: limits.body };
    let connection = http1::Builder::new()
        // The watch has the deadlines.
        .header_read_timeout(None)
        .half_close(false)
        .max_headers(limits.headers)
        .max_header_size(limits.header_bytes)
        .max_buf_size(limits.header_bytes)
        .timer(TokioTimer::new())
        .serve_connection(stream, service);
    drive(connection, &watch, limits, shutdown).await;
}

async fn http2<T, S, B>(stream: T, service: S, limits: Limits, shutdown: CancellationToken)
where
    T: AsyncRead + AsyncWrite + Unpin + 'static,
    S: Service<Request<TimedBody>, Response = Response<B>>,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<BoxError>,
{
    let watch = Watch::new(false);
    let stream = TokioIo::new(WatchedStream { stream, watch: watch.clone() });
    let service = WatchedService { service, watch: watch.clone(), body: limits.body };
    let connection = http2::Builder::new(TokioExecutor::new())
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(limits.header_bytes as u32)
        // Streams that the client opens and resets at once ("rapid reset"), and that it makes us
        // reset by what it sends ("MadeYouReset"): beyond these the connection is ended.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(200)
        .max_send_buf_size(64 << 10)
        .keep_alive_interval(limits.idle)
        .keep_alive_timeout(limits.write)
        .timer(TokioTimer::new())
        .serve_connection(stream, service);
    drive(connection, &watch, limits, shutdown).await;
}

/// Polls a connection to its end, which is its own, the client's delay, or the server's stop.
async fn drive<C: GracefulConnection>(
    connection: C,
    watch: &Watch,
    limits: Limits,
    shutdown: CancellationToken,
) {
    let mut connection = pin!(connection);
    let mut shutdown = pin!(shutdown.cancelled());
    let mut alarm = pin!(sleep_until(Instant::now() + limits.header));
    // When a connection that was asked to leave is cut.
    let mut leave_by = None;
    poll_fn(|cx| {
        loop {
            // Whether the end was a good one is nothing that anybody could act on.
            if connection.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            if leave_by.is_none() && shutdown.as_mut().poll(cx).is_ready() {
                connection.as_mut().graceful_shutdown();
                leave_by = Some(Instant::now() + limits.grace);
                continue;
            }
            let due = leave_by.map_or_else(|| watch.due(&limits), Due::Cut);
            let (Due::Cut(at) | Due::Leave(at) | Due::Ask(at)) = due;
            // Only ever set earlier while it runs: a working connection would set it later with
            // each request, and it is cheaper to let it ring in vain.
            if at < alarm.deadline() || alarm.is_elapsed() {
                alarm.as_mut().reset(at);
            }
            ready!(alarm.as_mut().poll(cx));
            match due {
                Due::Cut(at) if at <= Instant::now() => return Poll::Ready(()),
                Due::Leave(at) if at <= Instant::now() => {
                    connection.as_mut().graceful_shutdown();
                    leave_by = Some(Instant::now() + limits.write);
                }
                Due::Cut(_) | Due::Leave(_) | Due::Ask(_) => {}
            }
        }
    })
    .await;
}
