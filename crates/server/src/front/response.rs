//! An answer in the form of whoever sends it.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};

use super::ResponseBody;
use crate::redirect::{Answer, Common};

/// An answer as hyper sends it; to HEAD goes everything but the body.
pub(super) fn send(answer: &Answer, is_head: bool) -> Response<ResponseBody> {
    let body = answer.body.as_bytes();
    let sent = if is_head { Bytes::new() } else { Bytes::copy_from_slice(body) };
    let sent = Full::new(sent).map_err(|never| match never {}).boxed_unsync();
    let mut response = Response::new(sent);
    *response.status_mut() = status(answer);
    let headers = response.headers_mut();
    for (name, value) in answer.common().iter() {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in answer.own() {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    if has_length(answer) {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    response
}

/// Writes answers as HTTP/1.1 has them. Most of an answer is like the one before, and is copied.
#[derive(Default)]
pub(super) struct Writer {
    date: String,
    /// The last answer's status and common headers, with the date, and what they look like.
    last: Option<(u16, Common)>,
    head: Vec<u8>,
}

impl Writer {
    /// Takes the value of `Date` for what comes.
    pub(super) fn set_date(&mut self, date: String) {
        self.date = date;
        self.last = None;
    }

    /// Appends an answer; to HEAD goes everything but the body.
    pub(super) fn write(
        &mut self,
        answer: &Answer,
        is_head: bool,
        closes: bool,
        out: &mut Vec<u8>,
    ) {
        let common = answer.common();
        if self.last.is_none_or(|(status, last)| status != answer.status || !last.is(&common)) {
            self.prepare(answer, common);
        }
        out.extend_from_slice(&self.head);
        for (name, value) in answer.own() {
            put(name, value.as_bytes(), out);
        }
        let body = answer.body.as_bytes();
        if body.is_empty() && has_length(answer) {
            put("content-length", b"0", out);
        } else if has_length(answer) {
            put("content-length", body.len().to_string().as_bytes(), out);
        }
        if closes {
            put("connection", b"close", out);
        }
        out.extend_from_slice(b"\r\n\r\n");
        if !is_head {
            out.extend_from_slice(body);
        }
    }

    fn prepare(&mut self, answer: &Answer, common: Common) {
        let status = status(answer);
        let head = &mut self.head;
        head.clear();
        head.extend_from_slice(b"HTTP/1.1 ");
        head.extend_from_slice(status.as_str().as_bytes());
        head.push(b' ');
        head.extend_from_slice(status.canonical_reason().unwrap_or("<none>").as_bytes());
        put("date", self.date.as_bytes(), head);
        for (name, value) in common.iter() {
            put(name, value.as_bytes(), head);
        }
        self.last = Some((answer.status, common));
    }
}

fn put(name: &str, value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
}

fn status(answer: &Answer) -> StatusCode {
    StatusCode::from_u16(answer.status).unwrap_or(StatusCode::FOUND)
}

/// RFC 9110: a 204 has no content, and no header that says how long it is.
fn has_length(answer: &Answer) -> bool {
    answer.status != 204
}
