//! One connection of a loop.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::SocketAddr,
    time::Instant,
};

use mio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use crate::{Handed, Limits};

/// A connection, between turns.
pub(crate) struct Connection {
    stream: TcpStream,
    pub(crate) peer: SocketAddr,
    place: OwnedSemaphorePermit,
    /// What was read and not answered: most often nothing.
    pub(crate) unread: Vec<u8>,
    /// What was answered and not taken yet by the client.
    unsent: Vec<u8>,
    /// What comes once all is sent.
    then: Then,
    phase: Phase,
    /// Since when the phase lasts.
    since: Instant,
}

/// What becomes of a connection when all that was answered is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    Read,
    Close,
    HandOver,
}

/// What a connection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It owes its first request, or the rest of one.
    Header,
    Idle,
    /// It takes nothing of what it is sent.
    Stalled,
}

/// How a turn's reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Got {
    /// So many bytes, and no more for now.
    Some(usize),
    /// So many bytes, and perhaps more.
    Full(usize),
    /// The client sends no more, after so many bytes.
    End(usize),
}

impl Connection {
    pub(crate) fn new(
        stream: TcpStream,
        peer: SocketAddr,
        place: OwnedSemaphorePermit,
        now: Instant,
    ) -> Connection {
        let (unread, unsent) = (Vec::new(), Vec::new());
        let (then, phase) = (Then::Read, Phase::Header);
        Connection { stream, peer, place, unread, unsent, then, phase, since: now }
    }

    pub(crate) fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// Reads what has come into `buffer`, behind `from` bytes that are there already; where the
    /// client has `ended`, up to the end, of which nobody will tell again.
    pub(crate) fn read(&mut self, buffer: &mut [u8], from: usize, ended: bool) -> io::Result<Got> {
        let mut to = from;
        while to < buffer.len() {
            match self.stream.read(&mut buffer[to..]) {
                Ok(0) => return Ok(Got::End(to)),
                // What comes after a short read is told anew.
                Ok(more) if to + more < buffer.len() && !ended => return Ok(Got::Some(to + more)),
                Ok(more) => to += more,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Got::Some(to)),
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
        Ok(Got::Full(to))
    }

    /// Sends an answer; what the client does not take now is kept for later. Whether all is sent.
    pub(crate) fn send(&mut self, bytes: &[u8], then: Then, now: Instant) -> io::Result<bool> {
        self.then = then;
        if !self.unsent.is_empty() {
            self.unsent.extend_from_slice(bytes);
            return Ok(false);
        }
        let sent = self.write(bytes)?;
        if sent < bytes.len() {
            self.unsent.extend_from_slice(&bytes[sent..]);
            self.enter(Phase::Stalled, now);
        }
        Ok(self.unsent.is_empty())
    }

    /// Sends what is left, if there is something. Whether all is sent.
    pub(crate) fn send_rest(&mut self, now: Instant) -> io::Result<bool> {
        if self.unsent.is_empty() {
            return Ok(true);
        }
        let unsent = std::mem::take(&mut self.unsent);
        let sent = self.write(&unsent)?;
        if 0 < sent {
            self.since = now;
        }
        if sent < unsent.len() {
            self.unsent = unsent;
            self.unsent.drain(..sent);
            return Ok(false);
        }
        self.settle(now, true);
        Ok(true)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut sent = 0;
        while sent < bytes.len() {
            match self.stream.write(&bytes[sent..]) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(more) => sent += more,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
        Ok(sent)
    }

    pub(crate) fn owes_bytes(&self) -> bool {
        !self.unsent.is_empty()
    }

    pub(crate) fn then(&self) -> Then {
        self.then
    }

    /// All is answered and sent: what comes next is a request, of which some is here already or
    /// nothing.
    pub(crate) fn settle(&mut self, now: Instant, answered: bool) {
        let next = if self.unread.is_empty() { Phase::Idle } else { Phase::Header };
        // A header that goes on has been going on since its first byte; a connection that never
        // asked anything owes its first request.
        if answered || (self.phase == Phase::Idle && next == Phase::Header) {
            self.enter(next, now);
        }
    }

    fn enter(&mut self, phase: Phase, now: Instant) {
        self.phase = phase;
        self.since = now;
    }

    /// Whether the client has taken too long for what it is to do next.
    pub(crate) fn is_late(&self, limits: &Limits, now: Instant) -> bool {
        let limit = match self.phase {
            Phase::Header => limits.header,
            Phase::Idle => limits.idle,
            Phase::Stalled => limits.write,
        };
        limit <= now.duration_since(self.since)
    }

    /// Gives the connection away, with what was read of it.
    pub(crate) fn into_handed(self) -> Handed {
        let Connection { stream, peer, place, unread, .. } = self;
        Handed { stream: stream.into(), peer, read: unread, place }
    }
}
