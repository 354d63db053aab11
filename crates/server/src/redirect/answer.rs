//! What goes back to a visitor.

use std::borrow::Cow;

use super::pages;

/// An answer as any server can send it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub cookie: Option<String>,
    /// `Cache-Control`.
    pub cache: &'static str,
    /// `Accept-CH`.
    pub accept_ch: Option<&'static str>,
    /// `Referrer-Policy`.
    pub referrer: &'static str,
    /// `Content-Security-Policy`.
    pub policy: Option<Cow<'static, str>>,
    /// `X-Robots-Tag`.
    pub robots: Option<&'static str>,
    /// `Strict-Transport-Security`.
    pub https: Option<&'static str>,
    /// Seconds, for `Retry-After`.
    pub retry_after: Option<u64>,
    pub body: Body,
}

/// Headers whose values are fixed texts.
#[derive(Clone, Copy, Debug)]
pub struct Common([(&'static str, Option<&'static str>); 7]);

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    None,
    Text(Cow<'static, str>),
    Html(String),
    Json(String),
}

/// For whatever can vary or change; RFC 9110 lets caches keep a bare 301, 404 or 410.
pub(super) const NEVER: &str = "private, no-store";
/// Which referrer a destination sees.
pub(super) const REFERRER: &str = "strict-origin-when-cross-origin";
pub(super) const NO_REFERRER: &str = "no-referrer";
/// For the few answers that an owner lets caches keep.
pub(super) const BRIEFLY: &str = "public, max-age=300";

impl Answer {
    /// The headers that most answers have in common, by lower-case names.
    pub fn common(&self) -> Common {
        let Answer { cache, referrer, https, robots, accept_ch, .. } = *self;
        let sniff = self.policy.as_ref().map(|_| "nosniff");
        Common([
            ("content-type", self.body.content_type()),
            ("cache-control", Some(cache)),
            ("referrer-policy", Some(referrer)),
            ("x-content-type-options", sniff),
            ("strict-transport-security", https),
            ("x-robots-tag", robots),
            ("accept-ch", accept_ch),
        ])
    }

    /// The headers that are this answer's own, beside `Content-Length` and `Date`.
    pub fn own(&self) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
        let retry_after = self.retry_after.map(|seconds| Cow::Owned(seconds.to_string()));
        let own = [
            ("location", self.location.as_deref().map(Cow::Borrowed)),
            ("set-cookie", self.cookie.as_deref().map(Cow::Borrowed)),
            ("content-security-policy", self.policy.as_deref().map(Cow::Borrowed)),
            ("retry-after", retry_after),
        ];
        // A destination is visible ASCII since it was saved; what is not, is not sent.
        own.into_iter().filter_map(|(name, value)| Some((name, value.filter(|it| is_sound(it))?)))
    }

    pub fn new(status: u16) -> Answer {
        Answer {
            status,
            location: None,
            cookie: None,
            cache: NEVER,
            accept_ch: None,
            referrer: REFERRER,
            policy: None,
            robots: Some("noindex"),
            https: None,
            retry_after: None,
            body: Body::None,
        }
    }

    pub fn page(status: u16, html: String) -> Answer {
        Answer {
            body: Body::Html(html),
            referrer: NO_REFERRER,
            policy: Some(pages::POLICY.into()),
            ..Answer::new(status)
        }
    }

    pub fn text(text: &'static str) -> Answer {
        Answer { body: Body::Text(text.into()), ..Answer::new(200) }
    }

    /// A file that clients may keep for a while.
    pub fn json(json: String) -> Answer {
        Answer { body: Body::Json(json), cache: BRIEFLY, ..Answer::new(200) }
    }

    pub fn redirect(status: u16, location: String) -> Answer {
        Answer { location: Some(location), ..Answer::new(status) }
    }
}

impl Common {
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.iter().filter_map(|(name, value)| Some((*name, (*value)?)))
    }

    /// Whether the values are the very same texts, which is told without reading them.
    pub fn is(&self, other: &Common) -> bool {
        let place = |value: Option<&'static str>| value.map(|text| (text.as_ptr(), text.len()));
        self.0.iter().zip(&other.0).all(|((_, a), (_, b))| place(*a) == place(*b))
    }
}

impl Body {
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Body::None => b"",
            Body::Text(text) => text.as_bytes(),
            Body::Html(text) | Body::Json(text) => text.as_bytes(),
        }
    }

    fn content_type(&self) -> Option<&'static str> {
        match self {
            Body::None => None,
            Body::Text(_) => Some("text/plain; charset=utf-8"),
            Body::Html(_) => Some("text/html; charset=utf-8"),
            Body::Json(_) => Some("application/json"),
        }
    }
}

/// Whether a text can be the value of a header: RFC 9110, section 5.5.
fn is_sound(value: &str) -> bool {
    // Without an early end, so that many bytes are looked at at a time.
    value
        .bytes()
        .fold(true, |sound, byte| sound & (byte == b'\t' || (0x20 <= byte && byte != 0x7F)))
}

/// To a URL of the domain's settings, or the page that stands for it.
pub(super) fn to(url: Option<&str>, page: impl FnOnce() -> Answer) -> Answer {
    match url {
        Some(url) => Answer::redirect(302, url.to_owned()),
        None => page(),
    }
}
