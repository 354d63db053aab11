//! What the door asks: the answer to a plain request, from memory.

use std::cell::RefCell;

use door::{Request, Verdict};
use jiff::Timestamp;

use super::{is_of_router, response};
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
    date: Date,
    turn: RefCell<Turn>,
    answered: Answered,
}

/// `Date`, written anew once a second.
#[derive(Default)]
struct Date {
    second: i64,
    text: String,
}

impl Plain {
    /// `lane` is the spool's lane that is this loop's alone.
    pub fn new(app: App, lane: usize) -> Plain {
        let is_secure = app.config.public_url.scheme() == "https";
        let mut date = Date::default();
        let now = app.now();
        date.turn(now);
        let turn = RefCell::new(Turn::new(lane));
        Plain { app, is_secure, now, date, turn, answered: Answered::default() }
    }
}

impl door::Service for Plain {
    fn begin(&mut self) {
        self.now = self.app.now();
        self.date.turn(self.now);
    }

    fn answer(&mut self, request: &Request<'_>, out: &mut Vec<u8>) -> Verdict {
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
        response::write(&answer, request.is_head, request.closes, &self.date.text, out);
        Verdict::Answered
    }

    fn commit(&mut self) {
        self.turn.get_mut().commit(&self.app.clicks);
        self.app.metrics.answered_many(&mut self.answered);
    }
}

impl Date {
    fn turn(&mut self, now: Timestamp) {
        if self.text.is_empty() || self.second != now.as_second() {
            self.second = now.as_second();
            self.text = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_that_of_rfc_9110() {
        let mut date = Date::default();
        date.turn("1994-11-06T08:49:37.999Z".parse().unwrap());
        assert_eq!(date.text, "Sun, 06 Nov 1994 08:49:37 GMT");
        date.turn("1994-11-06T08:49:38Z".parse().unwrap());
        assert_eq!(date.text, "Sun, 06 Nov 1994 08:49:38 GMT");
    }
}
