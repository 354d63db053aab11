//! Requests at the door: any bytes are a plain request, the beginning of one, or somebody else's; and
//! what is plain means to the door what it means to the libraries that hyper is made of.

#![no_main]

use door::{Parsed, parse};
use libfuzzer_sys::fuzz_target;

const MOST: usize = 2_048;

fuzz_target!(|bytes: &[u8]| {
    let peer = "192.0.2.1:5".parse().unwrap();
    let parsed = parse(bytes, MOST, peer, |request| {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut other = httparse::Request::new(&mut headers);
        assert!(other.parse(bytes).unwrap().is_complete());
        assert_eq!((other.method, other.version), (Some(if request.is_head { "HEAD" } else { "GET" }), Some(1)));
        let uri: http::Uri = other.path.unwrap().parse().unwrap();
        assert_eq!((request.path, request.query), (uri.path(), uri.query().unwrap_or_default()));

        let mut map = http::HeaderMap::new();
        for header in &*other.headers {
            let name = http::HeaderName::from_bytes(header.name.as_bytes()).unwrap();
            map.append(name, http::HeaderValue::from_bytes(header.value).unwrap());
        }
        assert_eq!(map.get("host").unwrap().to_str().unwrap(), request.host);
        for unfit in ["content-length", "transfer-encoding", "expect", "upgrade"] {
            assert!(!map.contains_key(unfit));
        }
        let absent = ["user-agent", "referer", "x-moz", "dnt", "sec-ch-ua-platform-version"];
        for name in map.keys().map(http::HeaderName::as_str).chain(absent) {
            let first = map.get(name).and_then(|value| value.to_str().ok());
            assert_eq!(request.header(name), first, "{name}");
            let all: Vec<_> = map.get_all(name).iter().filter_map(|it| it.to_str().ok()).collect();
            assert_eq!(request.lines(name).collect::<Vec<_>>(), all, "{name}");
        }
    });
    match parsed {
        Parsed::Plain((), length) => assert!(length <= bytes.len().min(MOST)),
        Parsed::Partial => assert!(bytes.len() < MOST),
        Parsed::Other => {}
    }
});
