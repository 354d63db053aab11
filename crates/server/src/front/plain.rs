//! What the door asks: the answer to a plain request, from memory.

use std::cell::RefCell;

use door::{Glimpse, Request, Verdict};
use jiff::Timestamp;

use super::{is_of_router, response::Writer};
use crate::{
    App,
    clicks::Turn,
    metrics::Answered,
    redirect::{self, Permit},
};

/// The service of one loop.
pub struct Plain {
    app: App,
    is_secure: bool,
    /// When the turn began, which is when its requests came.
    now: Timestamp,
    /// The second of the `Date` that answers have now.
    second: i64,
    writer: Writer,
    turn: RefCell<Turn>,
    answered: Answered,
    /// What the last request gave as its host, as the next ones will.
    host: String,
}

impl Plain {
    /// `lane` is the spool's lane that is this loop's alone.
    pub fn new(app: App, lane: usize) -> Plain {
        let is_secure = app.config.public_url.scheme() == "https";
        let (now, turn) = (app.now(), RefCell::new(Turn::new(lane)));
        let (second, writer, answered) = (i64::MIN, Writer::default(), Answered::default());
        Plain { app, is_secure, now, second, writer, turn, answered, host: String::new() }
    }
}

impl door::Service for Plain {
    fn begin(&mut self) {
        self.now = self.app.now();
        if self.second != self.now.as_second() {
            self.second = self.now.as_second();
            self.writer.set_date(date(self.now));
        }
    }

    fn foresee<'b>(&mut self, requests: impl Iterator<Item = Glimpse<'b>>) {
        if let Some(hosted) = self.app.routes.hosted(&self.host) {
            hosted.foresee(requests.filter_map(Glimpse::path));
        }
    }

    fn answer(&mut self, request: &Request<'_>, out: &mut Vec<u8>) -> Verdict {
        if self.host != request.host {
            request.host.clone_into(&mut self.host);
        }
        let app = &self.app;
        if is_of_router(app, request.host, request.path) {
            return Verdict::HandOver;
        }
        let proxies = &app.facts.proxies;
        let address = proxies.client(request.peer.ip(), request.lines(proxies.header.name()));
        let asked = redirect::Request {
            is_head: request.is_head,
            host: request.host,
            path: request.path,
            query: request.query,
            header: &|name| request.header(name),
            address,
            is_secure: self.is_secure,
            now: self.now,
            turn: Some(&self.turn),
        };
        // The database must be asked, and a loop waits for nobody.
        let Ok(answer) = redirect::answer(app, &asked, Permit::Unasked) else {
            return Verdict::HandOver;
        };
        self.answered.count(answer.status);
        self.writer.write(&answer, request.is_head, request.closes, out);
        Verdict::Answered
    }

    fn commit(&mut self) {
        self.turn.get_mut().commit(&self.app.clicks);
        // None unless clicks are to outlive the power; then all of a turn wait for the disk together.
        let spool = self.app.clicks.spool();
        if let Some(mark) = spool.unsynced() {
            spool.wait_synced(mark);
        }
        self.app.metrics.answered_many(&mut self.answered);
    }
}

/// `Date` in the form of RFC 9110.
fn date(now: Timestamp) -> String {
    now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_that_of_rfc_9110() {
        let now = "1994-11-06T08:49:37.999Z".parse().unwrap();
        assert_eq!(date(now), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
