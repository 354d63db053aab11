//! What a connection is doing, so that one that does nothing can be told from one that works.
//!
//! hyper's own header timeout starts when the connection becomes idle, so that it cannot tell an
//! idle client from a slow one, and nothing in it minds a client that takes no bytes. So the
//! connection is watched from both sides: by its bytes, and by its requests.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use http::{Request, Response};
use hyper::{
    body::{Body, Frame, Incoming, SizeHint},
    service::Service,
};
use pin_project_lite::pin_project;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

use super::{Limits, TimedBody};

/// One connection's state, shared by the wrappers around its stream, service and bodies.
pub(super) struct Watch {
    state: Mutex<State>,
    /// Whether bytes that come without a request in flight are a request's header. In HTTP/2
    /// they may as well be a ping.
    bytes_are_headers: bool,
}

struct State {
    phase: Phase,
    /// Since when the phase lasts.
    since: Instant,
    /// Requests that are not yet answered to their last byte.
    in_flight: usize,
    /// Since when the client takes nothing of what it is sent.
    stalled: Option<Instant>,
}

/// What a connection without a request in flight does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It owes its first request.
    Opened,
    /// It owes the rest of a header.
    Header,
    Idle,
}

/// Until when a connection may go on as it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Due {
    /// Then it is cut.
    Cut(Instant),
    /// Then it is asked to leave.
    Leave(Instant),
    /// It works; whether it still does is asked again then.
    Ask(Instant),
}

impl Watch {
    pub(super) fn new(bytes_are_headers: bool) -> Arc<Watch> {
        let state =
            State { phase: Phase::Opened, since: Instant::now(), in_flight: 0, stalled: None };
        Arc::new(Watch { state: Mutex::new(state), bytes_are_headers })
    }

    pub(super) fn due(&self, limits: &Limits) -> Due {
        let state = self.state();
        match (state.stalled, state.in_flight, state.phase) {
            (Some(since), _, _) => Due::Cut(since + limits.write),
            (None, 0, Phase::Opened | Phase::Header) => Due::Cut(state.since + limits.header),
            (None, 0, Phase::Idle) => Due::Leave(state.since + limits.idle),
            // No event of an HTTP/2 request need wake the connection's task when it ends.
            (None, _, _) => Due::Ask(Instant::now() + limits.idle),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_read(&self) {
        let mut state = self.state();
        if self.bytes_are_headers && state.in_flight == 0 && state.phase == Phase::Idle {
            state.phase = Phase::Header;
            state.since = Instant::now();
        }
    }

    fn has_written<T>(&self, written: &Poll<T>) {
        let mut state = self.state();
        if written.is_ready() {
            state.stalled = None;
        } else {
            state.stalled.get_or_insert_with(Instant::now);
        }
    }

    fn begin(self: &Arc<Watch>) -> InFlight {
        self.state().in_flight += 1;
        InFlight(self.clone())
    }
}

/// A request, from its header to the last byte of its answer.
pub(super) struct InFlight(Arc<Watch>);

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.in_flight -= 1;
        state.phase = Phase::Idle;
        state.since = Instant::now();
    }
}

/// A stream whose bytes are watched.
pub(super) struct WatchedStream<T> {
    pub(super) stream: T,
    pub(super) watch: Arc<Watch>,
}

impl<T: AsyncRead + Unpin> AsyncRead for WatchedStream<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if before < buffer.filled().len() {
            self.watch.has_read();
        }
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for WatchedStream<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch.has_written(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.watch.has_written(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch.has_written(&flushed);
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watch.has_written(&shut);
        shut
    }
}

/// A service whose requests are watched.
pub(super) struct WatchedService<S> {
    pub(super) service: S,
    pub(super) watch: Arc<Watch>,
    /// How long a request's body may take.
    pub(super) body: Duration,
}

impl<S, B> Service<Request<Incoming>> for WatchedService<S>
where
    S: Service<Request<TimedBody>, Response = Response<B>>,
{
    type Response = Response<WatchedBody<B>>;
    type Error = S::Error;
    type Future = WatchedFuture<S::Future>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let in_flight = Some(self.watch.begin());
        let request = request.map(|body| TimedBody::new(body, self.body));
        WatchedFuture { future: self.service.call(request), in_flight }
    }
}

pin_project! {
    /// An answer that is being made.
    pub(super) struct WatchedFuture<F> {
        #[pin]
        future: F,
        in_flight: Option<InFlight>,
    }
}

impl<F, B, E> Future for WatchedFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<WatchedBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answer = ready!(this.future.poll(cx));
        let in_flight = this.in_flight.take();
        Poll::Ready(
            answer.map(|answer| answer.map(|body| WatchedBody { body, _in_flight: in_flight })),
        )
    }
}

/// An answer's body, which keeps its request in flight until it is sent.
pub(super) struct WatchedBody<B> {
    body: B,
    _in_flight: Option<InFlight>,
}

impl<B: Body + Unpin> Body for WatchedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
