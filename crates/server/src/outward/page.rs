//! What a web page says of itself: its title and its description.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

/// A page in its own words, as text without control characters.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct About {
    /// At most 100 characters.
    pub title: Option<String>,
    /// At most 200 characters.
    pub description: Option<String>,
    /// The picture that it wants to be shown with, as it is written there.
    pub image: Option<String>,
    /// Its icon, likewise.
    pub icon: Option<String>,
}

const LONGEST_TITLE: usize = 100;
const LONGEST_DESCRIPTION: usize = 200;
/// Where the encoding has to be said, as HTML has it.
const ENCODING_WITHIN: usize = 1_024;

/// Whether a part of a page holds the end of its head: what comes after says nothing of the page.
pub(super) fn is_enough(part: &[u8]) -> bool {
    let found = |mark: &[u8]| part.windows(mark.len()).any(|at| at.eq_ignore_ascii_case(mark));
    found(b"</head>") || found(b"<body")
}

impl About {
    /// Reads a page of a content type; what is no HTML says nothing.
    pub(super) fn read(content_type: Option<&str>, body: &[u8]) -> About {
        let kind = content_type.unwrap_or("text/html");
        let name = kind.split(';').next().unwrap_or_default().trim();
        if !["text/html", "application/xhtml+xml"].iter().any(|it| name.eq_ignore_ascii_case(it)) {
            return About::default();
        }
        let text = decode(kind, body);
        let mut emitter = DefaultEmitter::default();
        // Within a title `<b>` is text, within a script everything is.
        emitter.naively_switch_states(true);
        let mut title: Option<String> = None;
        let mut in_title = false;
        let (mut description, mut described): (Option<String>, Option<String>) = (None, None);
        let (mut image, mut icon): (Option<String>, Option<String>) = (None, None);
        for token in Tokenizer::new_with_emitter(&*text, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) if *tag.name == b"title" && title.is_none() => {
                    in_title = true;
                    title = Some(String::new());
                }
                Token::StartTag(tag) if *tag.name == b"meta" => match named(&tag).as_deref() {
                    Some("description") => {
                        description = description.or_else(|| attribute(&tag, b"content"));
                    }
                    Some("og:description") => {
                        described = described.or_else(|| attribute(&tag, b"content"));
                    }
                    Some("og:image") => image = image.or_else(|| attribute(&tag, b"content")),
                    _ => (),
                },
                Token::StartTag(tag) if *tag.name == b"link" && is_icon(&tag) => {
                    icon = icon.or_else(|| attribute(&tag, b"href"));
                }
                Token::StartTag(tag) if *tag.name == b"body" => break,
                Token::EndTag(tag) if *tag.name == b"title" => in_title = false,
                Token::String(text) if in_title => {
                    if let Some(title) = &mut title {
                        title.push_str(&String::from_utf8_lossy(&text));
                    }
                }
                _ => (),
            }
        }
        About {
            title: title.and_then(|text| plain(&text, LONGEST_TITLE)),
            description: description
                .and_then(|text| plain(&text, LONGEST_DESCRIPTION))
                .or_else(|| described.and_then(|text| plain(&text, LONGEST_DESCRIPTION))),
            image,
            icon,
        }
    }
}

/// The `name` of a meta element, or Open Graph's `property`, in lower case.
fn named(tag: &StartTag<()>) -> Option<String> {
    let name = attribute(tag, b"name").or_else(|| attribute(tag, b"property"))?;
    Some(name.trim().to_ascii_lowercase())
}

/// Whether a link element names an icon.
fn is_icon(tag: &StartTag<()>) -> bool {
    let rel = attribute(tag, b"rel").unwrap_or_default();
    rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("icon"))
}

fn attribute(tag: &StartTag<()>, name: &[u8]) -> Option<String> {
    let (_, value) = tag.attributes.iter().find(|(key, _)| ***key == *name)?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// One line of at most so many characters; none where nothing is left.
fn plain(text: &str, most: usize) -> Option<String> {
    // Space of every kind becomes one blank, which takes line ends and tabs away.
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = words.chars().filter(|c| !c.is_control() && !turns_text(*c));
    let short: String = shown.take(most).collect();
    let short = short.trim();
    (!short.is_empty()).then(|| short.to_owned())
}

/// Marks that are not seen and reverse what stands around them.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The page as text: by its mark, its content type, its own word, and else as UTF-8 where it is that.
fn decode<'b>(content_type: &str, body: &'b [u8]) -> Cow<'b, str> {
    let beginning = &body[..body.len().min(ENCODING_WITHIN)];
    // A page whose word can be read is not written in UTF-16, whatever the word.
    let own = || charset(beginning).map(Encoding::output_encoding);
    let said = || charset(content_type.as_bytes()).or_else(own);
    let encoding = Encoding::for_bom(body).map(|(encoding, _)| encoding).or_else(said);
    let encoding = encoding.unwrap_or_else(|| match std::str::from_utf8(body) {
        Err(error) if error.error_len().is_some() => WINDOWS_1252,
        // A character that the end cuts in two is no other encoding.
        _ => UTF_8,
    });
    encoding.decode(body).0
}

/// The encoding that follows the first `charset=`.
fn charset(text: &[u8]) -> Option<&'static Encoding> {
    const KEY: &[u8] = b"charset=";
    let at = text.windows(KEY.len()).position(|part| part.eq_ignore_ascii_case(KEY))?;
    let rest = text[at + KEY.len()..].trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let ends = |byte: &u8| matches!(byte, b'"' | b'\'' | b';' | b'>' | b'/' | b' ');
    Encoding::for_label(rest.split(ends).next()?)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn no_page_is_too_odd(kind in ".{0,40}", body in vec(any::<u8>(), 0..400)) {
            for kind in [kind.as_str(), "text/html", "text/html;charset=utf-16"] {
                let page = [b"<title>".as_slice(), &body, b"<meta name=description content="].concat();
                let about = About::read(Some(kind), &[&page, body.as_slice()].concat());
                for text in about.title.into_iter().chain(about.description) {
                    prop_assert!((1..=200).contains(&text.chars().count()));
                    prop_assert!(!text.contains(char::is_control), "{:?}", text);
                }
            }
        }
    }

    #[track_caller]
    fn check(kind: &str, body: &[u8], title: Option<&str>, description: Option<&str>) {
        let about = About::read(Some(kind), body);
        assert_eq!((about.title.as_deref(), about.description.as_deref()), (title, description));
    }

    #[track_caller]
    fn check_html(html: &str, title: Option<&str>, description: Option<&str>) {
        check("text/html; charset=utf-8", html.as_bytes(), title, description);
    }

    #[test]
    fn a_page_tells_its_title_and_its_description() {
        check_html(
            "<!doctype html><html><head><title>\n  Caf&eacute; &amp; Bar \n</title>\
             <META NAME=Description CONTENT='Coffee &lt;b&gt;&#x21;'></head>",
            Some("Café & Bar"),
            Some("Coffee <b>!"),
        );
        check_html("<title>a<b>c</title>", Some("a<b>c"), None);
        check_html("<meta property='og:description' content=' x '>", None, Some("x"));
        check_html("<script>'<title>no</title>'</script><title>yes</title>", Some("yes"), None);
        check_html("<!-- <title>no</title> --><title>yes</title>", Some("yes"), None);
        check_html("<body><title>too late</title>", None, None);
        check_html("<title></title><title>second</title>", None, None);
        check_html("", None, None);
    }

    #[test]
    fn what_is_said_is_short_and_shows_nothing_that_is_not_seen() {
        let long =
            format!("<title>{}</title><meta name=description content='{0}'>", "ä".repeat(999));
        let about = About::read(Some("text/html"), long.as_bytes());
        assert_eq!(about.title.unwrap().chars().count(), 100);
        assert_eq!(about.description.unwrap().chars().count(), 200);
        check_html("<title>a\u{7}\0b\u{202e}c\u{1b}[1m</title>", Some("a\u{fffd}bc[1m"), None);
        check_html("<title> \u{7} \u{a0} </title>", None, None);
    }

    #[test]
    fn the_encoding_is_the_pages_own() {
        let latin = b"<title>Caf\xe9</title>";
        check("text/html; charset=ISO-8859-1", latin, Some("Café"), None);
        check("text/html", latin, Some("Café"), None);
        check("text/html", b"<meta charset=windows-1251><title>\xcf\xf0</title>", Some("Пр"), None);
        let cyrillic = b"<meta http-equiv=Content-Type content=\"text/html; charset=KOI8-R\"><title>\xf0</title>";
        check("text/html", cyrillic, Some("П"), None);
        check("text/html", b"\xff\xfe<\0t\0i\0t\0l\0e\0>\0x\0", Some("x"), None);
        check(
            "text/html; charset=shift_jis",
            b"<title>\x93\xfa\x96\x7b</title>",
            Some("日本"),
            None,
        );
        check("text/html", "<meta charset=utf-16><title>ü</title>".as_bytes(), Some("ü"), None);
        check("text/html; charset=none", "<title>ü</title>".as_bytes(), Some("ü"), None);
        check("text/html", b"<title>\xc3\xbc", Some("ü"), None);
    }

    #[test]
    fn what_is_no_page_says_nothing() {
        check("image/png", b"<title>x</title>", None, None);
        check("application/json", b"<title>x</title>", None, None);
        check("TEXT/HTML;charset=utf-8", b"<title>x</title>", Some("x"), None);
    }

    #[test]
    fn a_head_ends_where_its_page_says_so() {
        assert!(is_enough(b"x</HEAD>") && is_enough(b"<body class=a>"));
        assert!(!is_enough(b"<header></heads>"));
    }
}
