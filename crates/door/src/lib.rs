//! The front door: one loop per core that answers plain requests from memory, and hands every
//! connection that wants anything else over to whoever knows more, with the bytes that were read.
//!
//! A loop takes turns. In a turn it reads what is ready, asks its [`Service`] for an answer to each
//! whole request, has the service [commit](Service::commit) what it did, and only then sends. So
//! what must be durable before an answer leaves costs one write a turn, not one a request.
//!
//! What is plain is said by [`Request`]: a bodiless GET or HEAD of HTTP/1.1 of the form that nearly
//! all have. Everything else, however odd or broken, is [`Handed`] over: there is one place where
//! HTTP is understood whole, and it is not here.
//!
//! **Invariant:** a loop waits for nothing but its sockets, and shares nothing that it writes with
//! another loop.

mod connection;
mod glimpse;
mod listener;
mod request;
mod turn;

use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use mio::Waker;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use glimpse::Glimpse;
pub use listener::listen;
pub use request::{Parsed, Request, parse};

use turn::Turns;

/// What a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a client may take from the first byte of a request's header, or from the opening of
    /// the connection, to the header's last byte.
    pub header: Duration,
    /// How long a connection may stay without a request.
    pub idle: Duration,
    /// How long a client may take no byte of what it is sent.
    pub write: Duration,
    /// How long what is not sent yet may take when the door closes.
    pub grace: Duration,
    /// How many bytes a request's line and headers may have; longer ones are handed over.
    pub header_bytes: usize,
}

/// What answers. Each loop has one of its own.
pub trait Service {
    /// A turn begins: what may be as old as a turn is made new.
    fn begin(&mut self);

    /// Is shown what came of several connections before the first of them is answered, so that whoever
    /// would wait for memory at each can ask for all of it now. Nothing may come of it.
    fn foresee<'b>(&mut self, requests: impl Iterator<Item = Glimpse<'b>>) {
        let _ = requests;
    }

    /// Appends the answer to a request to `out`, whole, with its status line and its headers.
    fn answer(&mut self, request: &Request<'_>, out: &mut Vec<u8>) -> Verdict;

    /// Makes durable what the answers since the last call rest on: they leave after it returns.
    fn commit(&mut self);
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Answered,
    /// Nothing was done, and nothing appended: somebody else is to answer.
    HandOver,
}

/// A connection that wants something else than a plain answer.
#[derive(Debug)]
pub struct Handed {
    /// Does not block.
    pub stream: TcpStream,
    pub peer: SocketAddr,
    /// What was read of it and not answered; the stream goes on behind it.
    pub read: Vec<u8>,
    /// Its place among the connections that there may be.
    pub place: OwnedSemaphorePermit,
}

/// The loops.
pub struct Door {
    closing: Arc<AtomicBool>,
    wakers: Vec<Waker>,
    loops: Vec<JoinHandle<()>>,
}

impl Door {
    /// Starts a loop for each listener, with a service that `service` makes for its number.
    ///
    /// A connection has one of the `places` from its acceptance to its end; above them it waits in
    /// the kernel's queue. Fails where the system gives no poll or no thread.
    pub fn open<S: Service + Send + 'static>(
        listeners: Vec<TcpListener>,
        limits: Limits,
        places: &Arc<Semaphore>,
        service: impl Fn(usize) -> S,
        hand_over: impl Fn(Handed) + Clone + Send + 'static,
    ) -> io::Result<Door> {
        let closing = Arc::new(AtomicBool::new(false));
        let mut door = Door { closing: closing.clone(), wakers: Vec::new(), loops: Vec::new() };
        for (number, listener) in listeners.into_iter().enumerate() {
            let (places, closing) = (places.clone(), closing.clone());
            let (turns, waker) =
                Turns::new(listener, limits, places, service(number), hand_over.clone(), closing)?;
            let name = format!("door-{number}");
            door.loops.push(std::thread::Builder::new().name(name).spawn(move || turns.run())?);
            door.wakers.push(waker);
        }
        Ok(door)
    }

    /// Accepts no more, sends what was answered, and ends every connection; returns when that is
    /// done or its grace is over.
    pub fn close(mut self) {
        self.shut();
        for ended in self.loops.drain(..) {
            // A loop that panicked has said so.
            let _ = ended.join();
        }
    }

    fn shut(&self) {
        self.closing.store(true, Ordering::Release);
        for waker in &self.wakers {
            // A loop that cannot be woken looks at the flag at its next turn.
            let _ = waker.wake();
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.shut();
    }
}
