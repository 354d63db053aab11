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

/// To a URL of the domain's settings, or the page that stands for it.
pub(super) fn to(url: Option<&str>, page: impl FnOnce() -> Answer) -> Answer {
    match url {
        Some(url) => Answer::redirect(302, url.to_owned()),
        None => page(),
    }
}
