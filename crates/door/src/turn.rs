//! A loop, turn by turn.

use std::{
    collections::BTreeSet,
    io::{self, ErrorKind},
    net::TcpListener,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use mio::{Events, Interest, Poll, Token, Waker};
use slab::Slab;
use tokio::sync::Semaphore;
use tracing::{info, warn};

use crate::{
    Glimpse, Handed, Limits, Parsed, Service, Verdict,
    connection::{Connection, Got, Then},
    parse,
};

const LISTENER: Token = Token(usize::MAX);
const WAKER: Token = Token(usize::MAX - 1);

/// How often those are looked for who take too long; what is due may be that much later.
const SWEEP: Duration = Duration::from_millis(250);
/// What is read of one connection in a turn.
const READ_BYTES: usize = 64 << 10;
/// What is read of several, before they are answered.
const BUFFER_BYTES: usize = 4 * READ_BYTES;
/// What one connection is answered in a turn, before others have theirs.
const ANSWER_BYTES: usize = 64 << 10;
/// Connections taken in a turn.
const ACCEPTED: usize = 64;

/// One loop with all that is its own.
pub(crate) struct Turns<S, H> {
    poll: Poll,
    listener: mio::net::TcpListener,
    limits: Limits,
    places: Arc<Semaphore>,
    service: S,
    hand_over: H,
    closing: Arc<AtomicBool>,
    connections: Slab<Connection>,
    /// What was read of several connections, one behind the other.
    buffer: Vec<u8>,
    read: Vec<Read>,
    /// All answers of a turn, one behind the other.
    out: Vec<u8>,
    answers: Vec<Answers>,
    /// Connections that had more to ask than a turn answers.
    again: BTreeSet<usize>,
    now: Instant,
    waiting: Waiting,
    failing: bool,
}

/// Connections in the kernel's queue of which it will not tell again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waiting {
    None,
    /// There may be some, for which there was no time.
    Some,
    /// There may be some, for which there was no place, file or memory.
    Held,
}

/// What one connection asks in a turn.
struct Read {
    key: usize,
    /// Where it stands in the buffer.
    bytes: Range<usize>,
    got: Got,
}

/// What one connection gets in a turn.
struct Answers {
    key: usize,
    bytes: Range<usize>,
    then: Then,
}

impl<S: Service, H: Fn(Handed)> Turns<S, H> {
    pub(crate) fn new(
        listener: TcpListener,
        limits: Limits,
        places: Arc<Semaphore>,
        service: S,
        hand_over: H,
        closing: Arc<AtomicBool>,
    ) -> io::Result<(Turns<S, H>, Waker)> {
        let poll = Poll::new()?;
        let mut listener = mio::net::TcpListener::from_std(listener);
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let waker = Waker::new(poll.registry(), WAKER)?;
        let turns = Turns {
            poll,
            listener,
            limits,
            places,
            service,
            hand_over,
            closing,
            connections: Slab::new(),
            buffer: vec![0; BUFFER_BYTES],
            read: Vec::new(),
            out: Vec::new(),
            answers: Vec::new(),
            again: BTreeSet::new(),
            now: Instant::now(),
            waiting: Waiting::None,
            failing: false,
        };
        Ok((turns, waker))
    }

    pub(crate) fn run(mut self) {
        let mut events = Events::with_capacity(1_024);
        let mut swept = self.now;
        while !self.closing.load(Ordering::Acquire) {
            self.turn(&mut events);
            if SWEEP <= self.now.duration_since(swept) {
                swept = self.now;
                self.sweep();
            }
        }
        self.close(&mut events);
    }

    fn turn(&mut self, events: &mut Events) {
        self.wait(events);
        self.service.begin();
        let mut accepts = self.waiting != Waiting::None;
        let again = std::mem::take(&mut self.again);
        if !again.is_empty() {
            again.into_iter().for_each(|key| self.look(key, true));
            self.answer_all();
            // One of them may be told of as well, and then it matters what became of it.
            self.send();
        }
        // All are read first, and answered then: the kernel's code and ours take turns in the nearest
        // cache once a turn, and not once a request.
        for event in &*events {
            match event.token() {
                LISTENER => accepts = true,
                WAKER => (),
                Token(key) => self.look(key, event.is_read_closed()),
            }
        }
        self.answer_all();
        self.send();
        // Last, so that no new connection has a key that an event of this turn means for another.
        if accepts {
            self.accept();
        }
    }

    fn wait(&mut self, events: &mut Events) {
        let patience = match self.waiting {
            _ if !self.again.is_empty() => Some(Duration::ZERO),
            Waiting::Some => Some(Duration::ZERO),
            Waiting::None if self.connections.is_empty() => None,
            Waiting::None | Waiting::Held => Some(SWEEP),
        };
        let waited = self.poll.poll(events, patience);
        if let Err(error) = waited
            && error.kind() != ErrorKind::Interrupted
        {
            warn!(%error, "could not wait for connections");
            std::thread::sleep(SWEEP);
        }
        self.now = Instant::now();
    }

    /// Reads what a connection asks, if it takes answers. `ended` where its client may have sent all that
    /// it ever will.
    fn look(&mut self, key: usize, ended: bool) {
        let Some(connection) = self.connections.get_mut(key) else { return };
        match connection.send_rest(self.now) {
            Ok(true) => (),
            Ok(false) => return,
            Err(_) => return self.drop(key),
        }
        match connection.then() {
            Then::Read => (),
            Then::Close => return self.drop(key),
            Then::HandOver => return self.give_away(key),
        }
        let mut begin = self.read.last().map_or(0, |read| read.bytes.end);
        if self.buffer.len() < begin + READ_BYTES {
            self.answer_all();
            begin = 0;
        }
        let Some(connection) = self.connections.get_mut(key) else { return };
        let had = connection.unread.len();
        let buffer = &mut self.buffer[begin..begin + READ_BYTES];
        buffer[..had].copy_from_slice(&connection.unread);
        let Ok(got) = connection.read(buffer, had, ended) else { return self.drop(key) };
        let (Got::Some(to) | Got::Full(to) | Got::End(to)) = got;
        self.read.push(Read { key, bytes: begin..begin + to, got });
    }

    /// Answers what was read.
    fn answer_all(&mut self) {
        let mut read = std::mem::take(&mut self.read);
        if 1 < read.len() {
            let bytes = read.iter().map(|read| &self.buffer[read.bytes.clone()]);
            self.service.foresee(bytes.map(Glimpse::of));
        }
        for Read { key, bytes, got } in read.drain(..) {
            self.answer_one(key, bytes, got);
        }
        self.read = read;
    }

    fn answer_one(&mut self, key: usize, asked: Range<usize>, got: Got) {
        let begin = self.out.len();
        let (done, then) = self.answer(key, asked.clone());
        let Some(connection) = self.connections.get_mut(key) else { return };
        connection.unread.clear();
        connection.unread.extend_from_slice(&self.buffer[asked.start + done..asked.end]);
        let then = match (then, got) {
            (Some(then), _) => then,
            // Whoever sends no more has nobody who would take an answer to half a request.
            (None, Got::End(_)) => Then::Close,
            (None, Got::Full(_)) => {
                self.again.insert(key);
                Then::Read
            }
            (None, Got::Some(_)) => Then::Read,
        };
        let bytes = begin..self.out.len();
        if !bytes.is_empty() || then != Then::Read {
            self.answers.push(Answers { key, bytes, then });
        } else {
            connection.settle(self.now, false);
        }
    }

    /// Answers the requests in a part of the buffer: how many bytes these are, and what is to come, where
    /// that is something else than more of them.
    fn answer(&mut self, key: usize, asked: Range<usize>) -> (usize, Option<Then>) {
        let peer = self.connections[key].peer;
        let (begin, mut done) = (self.out.len(), 0);
        while done < asked.len() {
            if ANSWER_BYTES < self.out.len() - begin {
                self.again.insert(key);
                return (done, Some(Then::Read));
            }
            let (service, out) = (&mut self.service, &mut self.out);
            let length = out.len();
            let parsed = parse(
                &self.buffer[asked.start + done..asked.end],
                self.limits.header_bytes,
                peer,
                |request| {
                    // A mistake of ours costs this connection, and no other.
                    let answer = AssertUnwindSafe(|| service.answer(request, out));
                    (catch_unwind(answer), request.closes)
                },
            );
            match parsed {
                Parsed::Plain((Ok(Verdict::Answered), closes), bytes) => {
                    done += bytes;
                    if closes {
                        return (done, Some(Then::Close));
                    }
                }
                Parsed::Plain((Ok(Verdict::HandOver), _), _) | Parsed::Other => {
                    return (done, Some(Then::HandOver));
                }
                Parsed::Plain((Err(_), _), _) => {
                    self.out.truncate(length);
                    return (done, Some(Then::Close));
                }
                Parsed::Partial => break,
            }
        }
        (done, None)
    }

    /// Makes durable what was answered, and sends it.
    fn send(&mut self) {
        if self.answers.is_empty() {
            return;
        }
        self.service.commit();
        let mut answers = std::mem::take(&mut self.answers);
        for Answers { key, bytes, then } in answers.drain(..) {
            let Some(connection) = self.connections.get_mut(key) else { continue };
            match connection.send(&self.out[bytes], then, self.now) {
                Err(_) => self.drop(key),
                Ok(false) => (),
                Ok(true) => match then {
                    Then::Read => connection.settle(self.now, true),
                    Then::Close => self.drop(key),
                    Then::HandOver => self.give_away(key),
                },
            }
        }
        self.answers = answers;
        self.out.clear();
        // One great answer is no reason to hold its memory for ever.
        self.out.shrink_to(16 * ANSWER_BYTES);
    }

    fn accept(&mut self) {
        for _ in 0..ACCEPTED {
            let Ok(place) = self.places.clone().try_acquire_owned() else {
                return self.waiting = Waiting::Held;
            };
            match self.listener.accept() {
                Ok((mut stream, peer)) => {
                    if std::mem::take(&mut self.failing) {
                        info!("connections are accepted again");
                    }
                    // Answers are short and written at once; waiting for more would only delay
                    // them. It fails where the connection is gone, which is found out soon enough.
                    let _ = stream.set_nodelay(true);
                    let entry = self.connections.vacant_entry();
                    let both = Interest::READABLE | Interest::WRITABLE;
                    let token = Token(entry.key());
                    if self.poll.registry().register(&mut stream, token, both).is_ok() {
                        entry.insert(Connection::new(stream, peer, place, self.now));
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return self.waiting = Waiting::None;
                }
                Err(error) if is_of_one_connection(&error) => (),
                // Out of files or memory: it is tried again when some time has passed.
                Err(error) => {
                    if !std::mem::replace(&mut self.failing, true) {
                        warn!(%error, "could not accept a connection: trying again and again");
                    }
                    return self.waiting = Waiting::Held;
                }
            }
        }
        self.waiting = Waiting::Some;
    }

    fn sweep(&mut self) {
        let late = |(key, connection): (usize, &Connection)| {
            connection.is_late(&self.limits, self.now).then_some(key)
        };
        let late: Vec<usize> = self.connections.iter().filter_map(late).collect();
        late.into_iter().for_each(|key| self.drop(key));
    }

    fn drop(&mut self, key: usize) {
        // Closing it is what takes it out of the poll.
        self.connections.try_remove(key);
    }

    fn give_away(&mut self, key: usize) {
        let Some(mut connection) = self.connections.try_remove(key) else { return };
        if self.poll.registry().deregister(connection.stream()).is_ok() {
            (self.hand_over)(connection.into_handed());
        }
    }

    /// Takes no more, and sends what was answered.
    fn close(mut self, events: &mut Events) {
        // Also of those who wait in the kernel's queue, nobody is left.
        let _ = self.poll.registry().deregister(&mut self.listener);
        let until = self.now + self.limits.grace;
        loop {
            self.connections.retain(|_, connection| connection.owes_bytes());
            if self.connections.is_empty() || until <= self.now {
                return;
            }
            self.wait(events);
            for event in &*events {
                let Token(key) = event.token();
                if let Some(connection) = self.connections.get_mut(key)
                    && connection.send_rest(self.now).is_err()
                {
                    self.drop(key);
                }
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
