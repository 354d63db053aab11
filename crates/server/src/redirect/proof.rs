//! `/.well-known/waypost`: whoever asks at a domain with a number of theirs is shown that it is this
//! installation that answers there.

use std::borrow::Cow;

use super::{Answer, Request, answer::Body, pages};
use crate::{App, visits};

pub const PATH: &str = "/.well-known/waypost";

/// Hex digits of a number that is asked with, and of its signature.
const DIGITS: usize = 32;

/// The signature of the number in the query; without one there is nothing here.
pub(super) fn answer(app: &App, request: &Request<'_>) -> Answer {
    let number = request.query.strip_prefix("nonce=").filter(|number| is_number(number));
    let Some(number) = number else { return pages::not_found() };
    Answer { body: Body::Text(Cow::Owned(signed(app, number))), ..Answer::new(200) }
}

/// Whether an answer is this installation's to a number.
pub fn is_ours(app: &App, number: &str, answer: &[u8]) -> bool {
    str::from_utf8(answer).is_ok_and(|answer| visits::same(answer.trim(), &signed(app, number)))
}

fn signed(app: &App, number: &str) -> String {
    app.visits.sign(&format!("{PATH}:{number}"), DIGITS)
}

fn is_number(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
