//! Requests that are plain enough to be answered here.

use std::{mem::MaybeUninit, net::SocketAddr};

use httparse::{Header, Status};

/// More headers than these are handed over.
pub const HEADERS: usize = 64;

/// A bodiless GET or HEAD of HTTP/1.1: its target is a path and perhaps a query, of characters that
/// need no second look; it names one host; and no header of it asks for more than an answer.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    pub is_head: bool,
    /// As sent, from its `/`.
    pub path: &'r str,
    /// As sent, without its `?`; empty where there is none.
    pub query: &'r str,
    pub host: &'r str,
    /// Whether the connection ends with the answer.
    pub closes: bool,
    pub peer: SocketAddr,
    headers: &'r Headers<'r>,
}

/// The headers of a request, where a look-up takes a few instructions.
#[derive(Debug)]
struct Headers<'r> {
    parsed: &'r [Header<'r>],
    gists: [Gist; HEADERS],
    /// One bit for each gist, so that most names that are not there need no search.
    marks: u64,
    /// The whole request, where it is ASCII and its values need no second look.
    text: Option<&'r str>,
}

/// What the beginning of some bytes is.
#[derive(Debug)]
pub enum Parsed<T> {
    /// A plain request of so many bytes, and what was made of it.
    Plain(T, usize),
    /// The beginning of a request.
    Partial,
    /// Anything else.
    Other,
}

impl<'r> Request<'r> {
    /// The value of a header by its lower-case name, the first where it is there twice; none where
    /// it is not printable ASCII.
    pub fn header(&self, name: &str) -> Option<&'r str> {
        let gist = Gist::of(name.as_bytes());
        if self.headers.marks & gist.mark() == 0 {
            return None;
        }
        self.headers.value(self.headers.next(name, gist, 0)?)
    }

    /// The values of all headers of a name.
    pub fn lines(&self, name: &str) -> impl Iterator<Item = &'r str> {
        let (headers, gist, mut from) = (self.headers, Gist::of(name.as_bytes()), 0);
        std::iter::from_fn(move || {
            let at = headers.next(name, gist, from)?;
            from = at + 1;
            Some(headers.value(at))
        })
        .flatten()
    }
}

impl<'r> Headers<'r> {
    fn new(parsed: &'r [Header<'r>], text: Option<&'r str>) -> Headers<'r> {
        let (mut gists, mut marks) = ([Gist::default(); HEADERS], 0);
        for (gist, header) in gists.iter_mut().zip(parsed) {
            *gist = Gist::of(header.name.as_bytes());
            marks |= gist.mark();
        }
        Headers { parsed, gists, marks, text }
    }

    /// Where the next header of a name is, from one on.
    fn next(&self, name: &str, gist: Gist, from: usize) -> Option<usize> {
        let gists = &self.gists[..self.parsed.len()];
        let is = |&i: &usize| {
            let other = self.parsed[i].name;
            gists[i] == gist
                && other.len() == name.len()
                && (gist.tells(name.len()) || other.eq_ignore_ascii_case(name))
        };
        (from..gists.len()).find(is)
    }

    /// What is left of a value after parsing is printable or beyond ASCII.
    fn value(&self, at: usize) -> Option<&'r str> {
        let value = self.parsed[at].value;
        let Some(text) = self.text else { return ascii(value) };
        // Both lie in the same bytes.
        let begin = value.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
        text.get(begin..begin.wrapping_add(value.len()))
    }
}

/// Parses one request at the beginning of `bytes`, of at most `most` bytes, and gives it to `take`.
pub fn parse<T>(
    bytes: &[u8],
    most: usize,
    peer: SocketAddr,
    take: impl FnOnce(&Request<'_>) -> T,
) -> Parsed<T> {
    let mut headers = [const { MaybeUninit::<Header<'_>>::uninit() }; HEADERS];
    let mut parsed = httparse::Request::new(&mut []);
    let length = match parsed.parse_with_uninit_headers(bytes, &mut headers) {
        Ok(Status::Complete(length)) if length <= most => length,
        Ok(Status::Partial) if bytes.len() < most => return Parsed::Partial,
        // What is too long, or no HTTP, is refused by whoever knows how.
        _ => return Parsed::Other,
    };
    let headers = Headers::new(parsed.headers, ascii(&bytes[..length]));
    match plain(&parsed, &headers, peer) {
        Some(request) => Parsed::Plain(take(&request), length),
        None => Parsed::Other,
    }
}

fn plain<'r>(
    parsed: &httparse::Request<'_, 'r>,
    headers: &'r Headers<'r>,
    peer: SocketAddr,
) -> Option<Request<'r>> {
    let is_head = match parsed.method? {
        "GET" => false,
        "HEAD" => true,
        _ => return None,
    };
    let target = parsed.path?;
    if parsed.version? != 1 || !target.starts_with('/') || !target.bytes().all(is_simple) {
        return None;
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (mut host, mut closes) = (None, false);
    for (at, header) in headers.parsed.iter().enumerate() {
        match special(header.name) {
            None => (),
            Some(Special::Host) if host.is_none() => host = Some(headers.value(at)?),
            Some(Special::Connection) if header.value.eq_ignore_ascii_case(b"keep-alive") => (),
            Some(Special::Connection) if header.value.eq_ignore_ascii_case(b"close") => {
                closes = true;
            }
            Some(_) => return None,
        }
    }
    let host = host?;
    Some(Request { is_head, path, query, host, closes, peer, headers })
}

/// A header that says how the request or its answer is to be sent.
enum Special {
    Host,
    Connection,
    /// There is a body, or something else than an answer is wanted.
    More,
}

fn special(name: &str) -> Option<Special> {
    // Few have such a length, and no other has to be compared.
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    match name.len() {
        4 if is("host") => Some(Special::Host),
        10 if is("connection") => Some(Special::Connection),
        6 if is("expect") => Some(Special::More),
        7 if is("upgrade") => Some(Special::More),
        14 if is("content-length") => Some(Special::More),
        17 if is("transfer-encoding") => Some(Special::More),
        _ => None,
    }
}

/// Characters of a target that mean the same to everyone: those that RFC 3986 allows.
fn is_simple(byte: u8) -> bool {
    const SIMPLE: [bool; 256] = {
        let mut simple = [false; 256];
        let others = b"-._~!$&'()*+,;=:@/?%";
        let mut i = 0;
        while i < others.len() {
            simple[others[i] as usize] = true;
            i += 1;
        }
        let mut byte = 0;
        while byte < 128 {
            simple[byte] = simple[byte] || (byte as u8).is_ascii_alphanumeric();
            byte += 1;
        }
        simple
    };
    SIMPLE[usize::from(byte)]
}

/// The first and the last eight letters of a name in whatever case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Gist(u64, u64);

impl Gist {
    fn of(name: &[u8]) -> Gist {
        const LOWER: u64 = 0x2020_2020_2020_2020;
        if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
            return Gist(u64::from_le_bytes(*first) | LOWER, u64::from_le_bytes(*last) | LOWER);
        }
        if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
            let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
            return Gist(u64::from(first) | LOWER, u64::from(last) | LOWER);
        }
        let few = name.iter().fold(0, |few, byte| few << 8 | u64::from(*byte));
        Gist(few | LOWER, 0)
    }

    /// Whether names of this length and gist are the same. In both cases, `^` looks like `~`; all other
    /// characters of names are told apart.
    fn tells(self, length: usize) -> bool {
        const ONES: u64 = 0x0101_0101_0101_0101;
        // Whether some byte is a tilde: then, and only then, it is zero here.
        let tilde = |word: u64| {
            let word = word ^ (0x7E * ONES);
            word.wrapping_sub(ONES) & !word & (0x80 * ONES) != 0
        };
        length <= 16 && !tilde(self.0) && !tilde(self.1)
    }

    /// One bit of 64.
    fn mark(self) -> u64 {
        let spread = (self.0 ^ self.1.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        1 << (spread >> 58)
    }
}

fn ascii(bytes: &[u8]) -> Option<&str> {
    if bytes.is_ascii() { std::str::from_utf8(bytes).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MOST: usize = 1_000;

    fn peer() -> SocketAddr {
        "192.0.2.1:5".parse().unwrap()
    }

    /// What is made of some bytes, in words.
    fn told(bytes: &[u8]) -> String {
        let told = parse(bytes, MOST, peer(), |request| {
            let Request { is_head, path, query, host, closes, .. } = request;
            let agent = request.header("user-agent");
            format!("{is_head} {path} {query} {host} {closes} {agent:?}")
        });
        match told {
            Parsed::Plain(told, length) => format!("{told} {length}"),
            Parsed::Partial => "partial".to_owned(),
            Parsed::Other => "other".to_owned(),
        }
    }

    #[track_caller]
    fn check(bytes: &str, expected: &str) {
        assert_eq!(told(bytes.as_bytes()), expected, "{bytes:?}");
    }

    #[test]
    fn plain_requests_are_read() {
        check("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "false /  x false None 27");
        check(
            "HEAD /a/b?c=%20&d HTTP/1.1\r\nhOST:x:80\r\n\r\n",
            "true /a/b c=%20&d x:80 false None 41",
        );
        check("GET /?? HTTP/1.1\r\nHost: x\r\nUser-Agent: é\r\n\r\n", "false / ? x false None 45");
        check(
            "GET /a HTTP/1.1\r\nUser-agent: b\r\nHost: x\r\nConnection: Close\r\nUSER-AGENT: c\r\n\r\nGET",
            "false /a  x true Some(\"b\") 77",
        );
        check("\r\nGET / HTTP/1.1\nHost: x\n\n", "false /  x false None 26");
    }

    #[test]
    fn names_are_told_apart() {
        let lines = "a^b: 1\r\nlong-name-of-17-^s: 2\r\nlong-name-of-17-as: 3\r\nsec-ch-ua: 4";
        let bytes = format!("GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n");
        for (name, expected) in [
            ("a^b", Some("1")),
            ("a~b", None),
            ("long-name-of-17-^s", Some("2")),
            ("long-name-of-17-~s", None),
            ("long-nameXof-17-as", None),
            ("long-name-of-17-as", Some("3")),
            ("sec-ch-ua", Some("4")),
            ("sec-ch-u", None),
        ] {
            let found = parse(bytes.as_bytes(), MOST, peer(), |request| {
                request.header(name).map(str::to_owned)
            });
            let Parsed::Plain(found, _) = found else { panic!("{found:?}") };
            assert_eq!(found.as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_others() {
        for line in [
            "POST / HTTP/1.1",
            "GET / HTTP/1.0",
            "GET http://x/ HTTP/1.1",
            "GET * HTTP/1.1",
            "GET /é HTTP/1.1",
            "GET /<a> HTTP/1.1",
            "GET /a#b HTTP/1.1",
            "GET / HTTP/2.0",
            "get / HTTP/1.1",
        ] {
            check(&format!("{line}\r\nHost: x\r\n\r\n"), "other");
        }
        for header in [
            "Content-Length: 0",
            "Transfer-Encoding: chunked",
            "Expect: 100-continue",
            "UPGRADE: h2c",
            "Connection: keep-alive, Upgrade",
            "Host: y",
            "Bad Name: x",
            ": x",
        ] {
            check(&format!("GET / HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n"), "other");
        }
        check("GET / HTTP/1.1\r\n\r\n", "other");
        check("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "other");
        check("\u{16}\u{3}\u{1}", "other");
        let many = "a: b\r\n".repeat(HEADERS);
        check(&format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n"), "other");
        let long = "b".repeat(MOST);
        check(&format!("GET / HTTP/1.1\r\nHost: x\r\na: {long}\r\n\r\n"), "other");
        check(&format!("GET / HTTP/1.1\r\nHost: x\r\na: {long}"), "other");
    }

    #[test]
    fn the_beginning_of_a_request_is_waited_for() {
        let whole = "GET /a?b HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n";
        for end in 0..whole.len() {
            check(&whole[..end], "partial");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            told(&bytes);
        }

        #[test]
        fn absent_names_are_absent_and_present_ones_are_found(
            names in proptest::collection::vec("[a-zA-Z-]{1,20}", 0..20),
            asked in "[a-z-]{1,20}",
        ) {
            let lines: String = names.iter().map(|name| format!("X{name}: {name}\r\n")).collect();
            let bytes = format!("GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n");
            let found = parse(bytes.as_bytes(), usize::MAX, peer(), |request| {
                let all = names.iter().all(|name| {
                    let lower = format!("x{}", name.to_ascii_lowercase());
                    let first = names.iter().find(|other| other.eq_ignore_ascii_case(name));
                    request.header(&lower) == first.map(String::as_str)
                });
                (all, request.header(&format!("y{asked}")).is_some())
            });
            prop_assert!(matches!(found, Parsed::Plain((true, false), _)));
        }
    }
}
