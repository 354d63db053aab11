//! An answer in the form of whoever sends it.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};

use super::ResponseBody;
use crate::redirect::Answer;

/// An answer as hyper sends it; to HEAD goes everything but the body.
pub(super) fn send(answer: Answer, is_head: bool) -> Response<ResponseBody> {
    let body = answer.body.as_bytes();
    let sent = if is_head { Bytes::new() } else { Bytes::copy_from_slice(body) };
    let sent = Full::new(sent).map_err(|never| match never {}).boxed_unsync();
    let mut response = Response::new(sent);
    *response.status_mut() = status(&answer);
    let headers = response.headers_mut();
    for (name, value) in answer.headers() {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    if has_length(&answer) {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    response
}

/// Appends an answer as HTTP/1.1 has it; to HEAD goes everything but the body. `date` is the value of
/// `Date`.
pub(super) fn write(answer: &Answer, is_head: bool, closes: bool, date: &str, out: &mut Vec<u8>) {
    let status = status(answer);
    let body = answer.body.as_bytes();
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(status.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(status.canonical_reason().unwrap_or("<none>").as_bytes());
    for (name, value) in answer.headers() {
        put(name, value.as_bytes(), out);
    }
    if has_length(answer) {
        put("content-length", body.len().to_string().as_bytes(), out);
    }
    if closes {
        put("connection", b"close", out);
    }
    put("date", date.as_bytes(), out);
    out.extend_from_slice(b"\r\n\r\n");
    if !is_head {
        out.extend_from_slice(body);
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
