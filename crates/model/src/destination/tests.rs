use proptest::prelude::*;
use targeting::{Agent, Country, Network, Place};

use super::*;

fn parse(text: &str) -> Result<Destination> {
    Destination::parse("destination", text, Schemes::WEB)
}

/// The location for a visitor from France, with a query of theirs.
fn location(text: &str, query: &str) -> String {
    let zone = jiff::tz::TimeZone::UTC;
    let visitor = Visitor {
        now: jiff::Timestamp::UNIX_EPOCH,
        zone: &zone,
        address: None,
        header: &|_| None,
        query,
        place: Place {
            country: Country::parse("FR"),
            city: Some("../Saint é/x"),
            ..Place::default()
        },
        network: Network::default(),
        agent: Agent::default(),
        returning: None,
        seed: None,
        described: None,
    };
    parse(text).unwrap().location(&visitor, Some(query)).into_owned()
}

#[track_caller]
fn check(text: &str, query: &str, expected: &str) {
    assert_eq!(location(text, query), expected, "{text} ? {query}");
}

#[track_caller]
fn check_refused(text: &str, why: &str) {
    assert_eq!(parse(text).unwrap_err().to_string(), format!("destination: {why}"), "{text}");
}

#[test]
fn it_goes_out_as_the_url_crate_writes_it() {
    check("https://Example.com", "", "https://example.com/");
    check("https://bücher.example/ä b", "", "https://xn--bcher-kva.example/%C3%A4%20b");
    check("https://example.com/a#top", "", "https://example.com/a#top");
    assert_eq!(parse(" https://Example.com ").unwrap().authored(), "https://Example.com");
}

#[test]
fn a_sealed_address_is_kept_as_it_is() {
    let sealed = parse("shortsecure://ab+/cd==?aXY=").unwrap();
    assert_eq!(sealed.sealed(), Some(("ab+/cd==", "aXY=")));
    assert!(!sealed.is_web() && !sealed.is_app() && !sealed.varies());
    check("shortsecure://ab?iv", "x=1", "shortsecure://ab?iv");
    assert_eq!(parse("https://e.com/?a").unwrap().sealed(), None);
    for text in ["shortsecure://", "shortsecure://ab", "shortsecure://a\"?iv", "shortsecure://ab?"]
    {
        check_refused(text, "must be shortsecure://, a ciphertext, ? and its iv, both in base64");
    }
}

#[test]
fn its_host_and_port_are_those_of_its_url() {
    let check = |text: &str, expected: Option<&str>| {
        let destination = parse(text).unwrap();
        assert_eq!(destination.authority(), expected, "{text}");
        let url = destination.url().filter(Url::has_host);
        assert_eq!(url.as_ref().map(Url::authority), expected, "{text}");
    };
    check("https://EXAMPLE.com", Some("example.com"));
    check("http://example.com:8080?q=1", Some("example.com:8080"));
    check("https://b\u{fc}cher.example/{country}#top", Some("xn--bcher-kva.example"));
    check("http://[::1]:80/x", Some("[::1]"));
}

#[test]
fn a_query_is_appended_byte_for_byte_and_ours_wins() {
    check("https://e.com/a", "x=1&y=a%20b+c", "https://e.com/a?x=1&y=a%20b+c");
    check("https://e.com/a?x=0", "x=1&y=2", "https://e.com/a?x=0&y=2");
    check("https://e.com/a?x=0#f", "%78=1&flag", "https://e.com/a?x=0&flag#f");
    check("https://e.com/a?x=0", "x=1", "https://e.com/a?x=0");
    check("https://e.com/a", "&&", "https://e.com/a");
    check("https://e.com/a?", "q", "https://e.com/a?&q");
}

#[test]
fn a_slot_is_one_encoded_segment_or_value() {
    check("https://e.com/{country}/x", "", "https://e.com/FR/x");
    check("https://e.com/in-{country}?c={country}&d", "", "https://e.com/in-FR?c=FR&d");
    check("https://e.com/{city}", "", "https://e.com/..%2FSaint%20%C3%A9%2Fx");
    check("https://e.com/{query.to}", "to=..", "https://e.com/_?to=..");
    check(
        "https://e.com/{query.to}/y",
        "to=//evil.com",
        "https://e.com/%2F%2Fevil.com/y?to=//evil.com",
    );
    check("https://e.com/?u={query.a}", "a=1%262", "https://e.com/?u=1%262&a=1%262");
    check("https://e.com/{region}/x", "", "https://e.com//x");
    check("https://e.com/?q={\"a\":1}", "", "https://e.com/?q={%22a%22:1}");
}

#[test]
fn a_slot_stands_in_path_or_value_alone() {
    check_refused(
        "https://{country}.e.com/",
        "a field may be inserted into the path or a query value only",
    );
    check_refused(
        "https://e.com/?{country}=1",
        "a field may be inserted as a query's value, not as its key",
    );
    check_refused(
        "https://e.com/#{country}",
        "a field may be inserted into the path or a query value only",
    );
    check_refused(
        "https://e.com/{mood}",
        "no field \"mood\" to insert: write %7Bmood%7D for plain braces",
    );
    assert!(parse("{country}://e.com/").is_err());
}

#[test]
fn what_could_harm_is_refused() {
    for scheme in
        ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "myapp://x"]
    {
        let name = scheme.split(':').next().unwrap();
        check_refused(scheme, &format!("must start with http:// or https://, not {name}:"));
    }
    check_refused("java\nscript:alert(1)", "must not hold the control character '\\n'");
    check_refused("https://a:b@e.com/", "must not hold a user name or password");
    check_refused("", "must not be empty");
    check_refused(
        "example.com",
        "\"example.com\" is no URL (relative URL without a base): write it whole, such as https://example.com/",
    );
    check_refused(
        &format!("https://e.com/{}", "a".repeat(8_192)),
        "must not be longer than 8192 bytes",
    );
}

#[test]
fn a_domain_may_list_app_schemes_but_no_dangerous_one() {
    let listed = ["myapp".to_owned(), "javascript".to_owned()];
    let parse = |text| Destination::parse("d", text, Schemes::Listed(&listed));
    assert!(parse("myapp://open/1").unwrap().is_app());
    assert!(parse("javascript:alert(1)").is_err());
    assert!(!parse("https://e.com").unwrap().is_app());
}

proptest! {
    /// Nothing of a request changes scheme, host or port, and what goes out is visible ASCII.
    #[test]
    fn a_request_never_changes_the_origin(
        to in "[ -~]{0,40}", query in "[!-~]{0,60}", path in "(/[a-z{}.%]{0,8}){0,3}",
    ) {
        let text = format!("https://e.com:8443{path}/{{query.to}}?k={{query.to}}");
        prop_assume!(parse(&text).is_ok());
        let query = format!("to={}&{query}", utf8_percent_encode(&to, NON_ALPHANUMERIC)).replace('#', "");
        let out = location(&text, &query);
        prop_assert!(out.bytes().all(|b| (0x21..=0x7E).contains(&b)), "{}", out);
        let url = Url::parse(&out).unwrap();
        prop_assert_eq!(url.origin().ascii_serialization(), "https://e.com:8443");
        prop_assert!(url.path_segments().unwrap().count() <= path.matches('/').count() + 1);
    }

    #[test]
    fn parsing_never_panics_and_reads_back(text in "\\PC{0,80}") {
        if let Ok(destination) = parse(&text) {
            prop_assert_eq!(&parse(destination.authored()).unwrap(), &destination);
            if let Some(again) = destination.whole().map(Destination::of_whole) {
                prop_assert_eq!(format!("{:?}", again.unwrap()), format!("{:?}", destination));
            }
        }
    }

    /// Every pair that ours does not name comes through byte for byte and in order.
    #[test]
    fn forwarded_pairs_are_not_touched(pairs in prop::collection::vec("[a-z%+0-9]{1,6}=[!-%'-~]{0,6}", 0..6)) {
        let query = pairs.join("&").replace(['#', '&'], "");
        let out = location("https://e.com/a?own=1", &query);
        let expected = if query.is_empty() { String::new() } else { format!("&{query}") };
        prop_assert_eq!(out, format!("https://e.com/a?own=1{expected}"));
    }
}

#[test]
fn what_is_whole_need_not_be_parsed_again() {
    let whole = [
        "https://example.com/",
        "http://e.com:8443/a/b?x=1&y&x=2&%C3%A9=%20+",
        "https://xn--mnchen-3ya.de/a%7Bb%7D?",
    ];
    for text in whole {
        let destination = parse(text).unwrap();
        let again = Destination::of_whole(destination.whole().unwrap());
        assert_eq!(format!("{:?}", again.unwrap()), format!("{destination:?}"));
    }
    let others = [
        "https://e.com",
        "https://e.com/#a",
        "https://e.com/{country}",
        "HTTPS://e.com/",
        "https://e.com/é",
    ];
    for text in others {
        assert_eq!(parse(text).unwrap().whole(), None, "{text}");
    }
    for text in [
        "",
        "ftp://e.com/",
        "https://e.com/ ",
        "https://e.com/\r\nx: y",
        "https://e.com/#a",
        "https://é/",
    ] {
        assert!(Destination::of_whole(text).is_none(), "{text:?}");
    }
}
