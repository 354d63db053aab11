//! Reading what a browser sends: the query, cookies, languages, the referrer's host.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The languages of an `Accept-Language` header, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Languages<'v>(pub(crate) &'v str);

impl<'v> Languages<'v> {
    /// The tags, such as `en-US`; `*` is no language.
    pub fn iter(self) -> impl Iterator<Item = &'v str> {
        let tags = self.0.split(',').map(|range| match range.split_once(';') {
            Some((tag, _)) => tag.trim(),
            None => range.trim(),
        });
        tags.filter(|tag| !tag.is_empty() && *tag != "*")
    }
}

/// The decoded value of the first parameter of this name; empty for `?flag`.
pub(crate) fn parameter<'v>(query: &'v str, name: &str) -> Option<Cow<'v, str>> {
    let mut rest = (!query.is_empty()).then_some(query);
    while let Some(pairs) = rest {
        let (pair, later) = cut(pairs, b'&');
        let (key, value) = cut(pair, b'=');
        if key == name || is_encoded(key) && decode(key) == name {
            return Some(decode(value.unwrap_or_default()));
        }
        rest = later;
    }
    None
}

/// The value of the first cookie of this name, as sent.
pub(crate) fn cookie<'v>(header: &'v str, name: &str) -> Option<&'v str> {
    header.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key.trim_end() == name).then(|| value.trim().trim_matches('"'))
    })
}

/// The host of an address, without port and `www.`; the address may lack its scheme.
pub(crate) fn host(address: &str) -> &str {
    // By bytes throughout, since none of those that are looked for is a part of another character.
    let rest = match address.get(place(address, |byte| byte == b':')..) {
        // The first colon is nearly always the scheme's.
        Some(rest) if rest.starts_with("://") => &rest[3..],
        _ => address.split_once("://").map_or(address, |(_, rest)| rest),
    };
    let rest = &rest[..place(rest, |byte| matches!(byte, b'/' | b'?' | b'#' | b'\\'))];
    let host = match rest.bytes().rposition(|byte| byte == b'@') {
        Some(at) => &rest[at + 1..],
        None => rest,
    };
    let host = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((literal, _)) => literal,
        None => &host[..place(host, |byte| byte == b':')],
    };
    let is_bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let is_trimmed = is_bare(host.as_bytes().first()) && is_bare(host.as_bytes().last());
    let host = if is_trimmed { host } else { host.trim().trim_end_matches('.') };
    match host.as_bytes().get(..4) {
        Some(head) if head.eq_ignore_ascii_case(b"www.") => &host[4..],
        _ => host,
    }
}

/// What is before the first such byte and behind it; none where there is no such byte. For queries, whose
/// parts are short, this is quicker than a search for a character.
fn cut(text: &str, at: u8) -> (&str, Option<&str>) {
    match text.bytes().position(|byte| byte == at) {
        Some(place) => (&text[..place], Some(&text[place + 1..])),
        None => (text, None),
    }
}

/// Where the first such byte is, or the end.
fn place(text: &str, is: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(is).unwrap_or(text.len())
}

fn is_encoded(text: &str) -> bool {
    text.bytes().any(|byte| byte == b'%' || byte == b'+')
}

fn decode(text: &str) -> Cow<'_, str> {
    if !is_encoded(text) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_the_first_wins() {
        let query = "a=1&a=2&flag&utm%5Fsource=x&c=spring+sale%21&bad=%ff%&=empty&d=a=b";
        let read = |name| parameter(query, name).map(Cow::into_owned);
        assert_eq!(read("a").as_deref(), Some("1"));
        assert_eq!(read("flag").as_deref(), Some(""));
        assert_eq!(read("utm_source").as_deref(), Some("x"));
        assert_eq!(read("c").as_deref(), Some("spring sale!"));
        assert_eq!(read("bad").as_deref(), Some("\u{fffd}%"));
        assert_eq!(read("d").as_deref(), Some("a=b"));
        assert_eq!(read("A"), None);
        assert!(matches!(parameter(query, "a"), Some(Cow::Borrowed("1"))));
    }

    #[test]
    fn cookies_are_found_by_name() {
        let header = "sid=abc; theme=\"dark\";x=1=2; broken";
        assert_eq!(cookie(header, "sid"), Some("abc"));
        assert_eq!(cookie(header, "theme"), Some("dark"));
        assert_eq!(cookie(header, "x"), Some("1=2"));
        assert_eq!(cookie(header, "broken"), None);
        assert_eq!(cookie(header, "SID"), None);
    }

    #[test]
    fn languages_keep_their_order() {
        let tags: Vec<_> = Languages("fr-CH, fr;q=0.9,en;q=0.8, ,*;q=0.5").iter().collect();
        assert_eq!(tags, ["fr-CH", "fr", "en"]);
        assert_eq!(Languages("").iter().next(), None);
    }

    #[test]
    fn the_host_is_what_lies_between_scheme_and_path() {
        for (address, expected) in [
            ("https://www.Google.com/search?q=x", "Google.com"),
            ("http://user:pass@news.example.org:8080", "news.example.org"),
            ("android-app://com.google.android.gm/", "com.google.android.gm"),
            ("https://[2001:db8::1]:443/x", "2001:db8::1"),
            ("https://example.com./", "example.com"),
            ("google.com/maps", "google.com"),
            ("https://wwwé.example/", "wwwé.example"),
            ("", ""),
            ("https://", ""),
        ] {
            assert_eq!(host(address), expected, "{address}");
        }
    }
}
