//! Tracking pixels: how a workspace hears at its advertising services of the people who pass a link.

use jiff::Timestamp;

use crate::{Destination, Error, PixelId, Result, Schemes, WorkspaceId};

/// A pixel of a workspace; any number of its links may fire it.
#[derive(Clone, Debug, PartialEq)]
pub struct Pixel {
    pub id: PixelId,
    pub workspace: WorkspaceId,
    pub name: String,
    pub tag: Tag,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Whom a pixel tells: a service, and what that calls its customer. Nobody can put HTML or a script
/// into one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    kind: PixelKind,
    code: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelKind {
    Facebook,
    GoogleAnalytics,
    GoogleAds,
    GoogleTagManager,
    LinkedIn,
    Twitter,
    TikTok,
    Pinterest,
    Bing,
    Quora,
    /// An image of anybody's.
    Image,
}

/// One kind, and how its codes look.
#[derive(Debug)]
pub struct PixelRow {
    pub kind: PixelKind,
    pub name: &'static str,
    pub example: &'static str,
    /// What stands before every code.
    prefix: &'static str,
    /// How many characters follow.
    length: (usize, usize),
    holds: fn(&u8) -> bool,
}

/// Every kind. What a row says of an image's code is not used: that is a URL.
pub const PIXELS: &[PixelRow] = &[
    row(PixelKind::Facebook, "facebook", "1234567890123456", "", (5, 20), u8::is_ascii_digit),
    row(PixelKind::GoogleAnalytics, "googleAnalytics", "G-AB12CD34EF", "G-", (4, 20), is_capital),
    row(PixelKind::GoogleAds, "googleAds", "AW-123456789", "AW-", (5, 15), u8::is_ascii_digit),
    row(
        PixelKind::GoogleTagManager,
        "googleTagManager",
        "GTM-AB12CD3",
        "GTM-",
        (4, 12),
        is_capital,
    ),
    row(PixelKind::LinkedIn, "linkedin", "1234567", "", (3, 12), u8::is_ascii_digit),
    row(PixelKind::Twitter, "twitter", "o1a2b", "", (4, 12), is_small),
    row(PixelKind::TikTok, "tiktok", "C4A1B2C3D4E5F6G7H8I9", "", (10, 30), is_capital),
    row(PixelKind::Pinterest, "pinterest", "2612345678901", "", (8, 20), u8::is_ascii_digit),
    row(PixelKind::Bing, "bing", "12345678", "", (4, 12), u8::is_ascii_digit),
    row(PixelKind::Quora, "quora", "0123456789abcdef0123456789abcdef", "", (32, 32), is_small),
    row(PixelKind::Image, "image", "https://example.com/pixel.gif", "https://", (1, 0), is_small),
];

const LONGEST_NAME: usize = 255;
const LONGEST_URL: usize = 2_000;

impl Pixel {
    pub fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() || LONGEST_NAME < self.name.len() {
            return Err(Error::invalid("name", format!("must be 1 to {LONGEST_NAME} bytes long")));
        }
        Ok(())
    }
}

impl Tag {
    /// Reads a code of a kind, as its service shows it to its customers.
    pub fn parse(kind: PixelKind, code: &str) -> Result<Tag> {
        let row = kind.row();
        let code = code.trim();
        if kind == PixelKind::Image {
            return Ok(Tag { kind, code: image(code)? });
        }
        // Some services show their code without what stands before it.
        let bare = code.strip_prefix(row.prefix).unwrap_or(code);
        let (least, most) = row.length;
        if !(least..=most).contains(&bare.len()) || !bare.bytes().all(|byte| (row.holds)(&byte)) {
            let why = format!("{code:?} is no {} code such as {:?}", row.name, row.example);
            return Err(Error::invalid("code", why));
        }
        Ok(Tag { kind, code: format!("{}{bare}", row.prefix) })
    }

    pub fn kind(&self) -> PixelKind {
        self.kind
    }

    /// As its service writes it; an image's URL.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl PixelKind {
    pub fn named(name: &str) -> Option<PixelKind> {
        PIXELS.iter().find(|row| row.name == name).map(|row| row.kind)
    }

    pub fn name(self) -> &'static str {
        self.row().name
    }

    fn row(self) -> &'static PixelRow {
        PIXELS.iter().find(|row| row.kind == self).expect("a test finds every kind in the table")
    }
}

const fn row(
    kind: PixelKind,
    name: &'static str,
    example: &'static str,
    prefix: &'static str,
    length: (usize, usize),
    holds: fn(&u8) -> bool,
) -> PixelRow {
    PixelRow { kind, name, example, prefix, length, holds }
}

fn is_capital(byte: &u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn is_small(byte: &u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// The URL of an image. Its host has to stand in a content security policy, so it holds nothing that
/// could end a word there.
fn image(text: &str) -> Result<String> {
    let no = |why: String| Error::invalid("code", why);
    let read = Destination::parse("code", text, Schemes::WEB)?;
    let url = read.url().filter(|url| url.scheme() == "https" && !read.varies());
    let url = url.ok_or_else(|| no("must be an https address without placeholders".to_owned()))?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let host = url.host_str().filter(|host| host.bytes().all(plain));
    let url =
        String::from(host.map(|_| url.clone()).ok_or_else(|| {
            no("must have a host of letters, digits, dots and hyphens".to_owned())
        })?);
    if LONGEST_URL < url.len() {
        return Err(no(format!("must not be longer than {LONGEST_URL} bytes")));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_takes_its_example_and_gives_it_back() {
        for row in PIXELS {
            assert_eq!(PixelKind::named(row.name), Some(row.kind));
            let tag = Tag::parse(row.kind, &format!(" {} ", row.example)).unwrap();
            assert_eq!((tag.kind(), tag.code()), (row.kind, row.example));
        }
    }

    #[test]
    fn a_code_may_come_without_what_stands_before_every_one() {
        let read = |kind, code| Tag::parse(kind, code).unwrap().code;
        assert_eq!(read(PixelKind::GoogleAds, "123456789"), "AW-123456789");
        assert_eq!(read(PixelKind::GoogleTagManager, "AB12CD3"), "GTM-AB12CD3");
    }

    #[test]
    fn nothing_that_is_no_code_gets_through() {
        for row in PIXELS {
            for code in [
                "",
                "1",
                "'><script>alert(1)</script>",
                "1234567\"onload=x",
                "1234567;script-src *",
                "1234567&x=y",
                "1234567\n8",
                "１２３４５６７",
                "javascript:alert(1)",
                "http://example.com/pixel.gif",
                "https://exa;mple.com/",
                "https://exa,mple.com/",
                "https://*.example.com/",
                "https://'self'/",
                "https://user:secret@example.com/",
                "https://example.com/{country}",
                "https://[2001:db8::1]/",
            ] {
                let error = Tag::parse(row.kind, code).expect_err(code);
                assert!(error.to_string().starts_with("code: "), "{error}");
            }
        }
    }
}
