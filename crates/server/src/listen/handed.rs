//! Connections that the door handed over, with what it had read of them.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Buf, Bytes};
use door::Handed;
use http::{Request, Response};
use hyper::{body::Body, service::Service};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::mpsc::UnboundedReceiver,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::debug;

use super::{BoxError, Limits, TimedBody, connection::Connection};

/// Answers what comes, as [`serve`](super::serve) does what it accepts, until nobody can hand over
/// any more. The queue is no longer than there are places for connections.
pub async fn serve_handed<S, B>(
    mut queue: UnboundedReceiver<Handed>,
    limits: Limits,
    service_for: impl Fn(SocketAddr) -> S + Send,
    shutdown: CancellationToken,
) where
    S: Service<Request<TimedBody>, Response = Response<B>> + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<BoxError>,
{
    let connections = TaskTracker::new();
    while let Some(Handed { stream, peer, read, place }) = queue.recv().await {
        let stream = match TcpStream::from_std(stream) {
            Ok(stream) => stream,
            Err(error) => {
                debug!(%error, "a connection was gone before it could be answered");
                continue;
            }
        };
        let stream = Resumed { read: read.into(), stream };
        let connection = Connection { limits, shutdown: shutdown.clone() };
        let service = service_for(peer);
        connections.spawn(async move {
            connection.serve_plain(stream, service).await;
            drop(place);
        });
    }
    connections.close();
    connections.wait().await;
}

/// A stream of which something was read before.
struct Resumed {
    read: Bytes,
    stream: TcpStream,
}

impl AsyncRead for Resumed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.read.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, buffer);
        }
        let length = self.read.len().min(buffer.remaining());
        buffer.put_slice(&self.read[..length]);
        self.read.advance(length);
        if self.read.is_empty() {
            self.read = Bytes::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Resumed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
