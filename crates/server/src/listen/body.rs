//! A request's body, which the client must send in time.

use std::{
    error::Error,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use super::BoxError;

/// A body that fails with [`Late`] when it is not whole in time.
pub struct TimedBody {
    body: Incoming,
    limit: Duration,
    /// Set when the client is first waited for: most requests have no body and need no timer.
    alarm: Option<Pin<Box<Sleep>>>,
}

/// The client took too long for a body.
#[derive(Debug, thiserror::Error)]
#[error("the body was not sent in time")]
pub struct Late;

impl TimedBody {
    pub(super) fn new(body: Incoming, limit: Duration) -> TimedBody {
        TimedBody { body, limit, alarm: None }
    }
}

impl Late {
    /// Whether it is why a body could not be read, whoever has wrapped it since.
    pub fn caused(error: &(dyn Error + 'static)) -> bool {
        let mut causes = std::iter::successors(Some(error), |&error| error.source());
        causes.any(<dyn Error>::is::<Late>)
    }
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let limit = self.limit;
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep(limit)));
        ready!(alarm.as_mut().poll(cx));
        Poll::Ready(Some(Err(Late.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
