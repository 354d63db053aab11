//! The part of a short address after the host, and the one way to compare it.

use std::{borrow::Cow, fmt};

use percent_encoding::percent_decode_str;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::{Error, Result};

/// A slug as its author wrote it: one or several segments, such as `spring` or `shop/Sale`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slug(String);

/// First segments that the management host keeps for itself.
pub const RESERVED: &[&str] = &[
    ".well-known",
    "api",
    "app",
    "dglnk",
    "docs",
    "domains",
    "favicon.ico",
    "healthz",
    "link_country",
    "link_region",
    "links",
    "linquid",
    "metrics",
    "openapi.json",
    "readyz",
    "robots.txt",
    "shortio",
    "statistics",
    "tags",
];

/// First segments that every domain keeps.
const RESERVED_EVERYWHERE: &[&str] = &[".well-known", "favicon.ico", "robots.txt"];

/// Bytes of UTF-8.
const LONGEST: usize = 255;

impl Slug {
    /// Checks a slug for a domain; `manages` where that is the management host too.
    pub fn parse(text: &str, manages: bool) -> Result<Slug> {
        let invalid = |why: String| Err(Error::invalid("slug", why));
        let text: String = text.trim_matches('/').nfc().collect();
        if text.is_empty() {
            return invalid("must not be empty".to_owned());
        }
        if LONGEST < text.len() {
            return invalid(format!("must not be longer than {LONGEST} bytes"));
        }
        if let Some(c) = text.chars().find(|&c| !fits(c)) {
            return invalid(format!("must not hold {c:?}"));
        }
        if text.split('/').any(|segment| matches!(segment, "" | "." | "..")) {
            return invalid("must not hold an empty segment, `.` or `..`".to_owned());
        }
        let first = text.split('/').next().unwrap_or_default().to_lowercase();
        let reserved = if manages { RESERVED } else { RESERVED_EVERYWHERE };
        if reserved.contains(&first.as_str()) {
            return invalid(format!("{first:?} is reserved: choose another first segment"));
        }
        Ok(Slug(text))
    }

    /// The form in which slugs of a domain are compared, stored as an address' key.
    pub fn key(&self, case_sensitive: bool) -> String {
        if case_sensitive { self.0.clone() } else { self.0.to_lowercase() }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A slug's key from the raw path of a request; none where no slug can be meant.
///
/// Borrows where the path is in that form already, as nearly all are.
pub fn fold_path(path: &str, case_sensitive: bool) -> Option<Cow<'_, str>> {
    let path = path.trim_matches('/');
    let plain = |b: u8| b.is_ascii() && b != b'%' && (case_sensitive || !b.is_ascii_uppercase());
    if path.bytes().all(plain) {
        return (!path.is_empty()).then_some(Cow::Borrowed(path));
    }
    let text = percent_decode_str(path).decode_utf8().ok()?;
    let text = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text,
        _ => Cow::Owned(text.nfc().collect()),
    };
    let text = text.trim_matches('/');
    let folded = if case_sensitive { text.to_owned() } else { text.to_lowercase() };
    (!folded.is_empty()).then_some(Cow::Owned(folded))
}

/// `+` is kept for previews; the others would end or change a URL's path.
fn fits(c: char) -> bool {
    !c.is_control() && !c.is_whitespace() && !"?#%\\<>\"{}|^[]`+".contains(c)
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_refused(text: &str, why: &str) {
        let error = Slug::parse(text, true).unwrap_err().to_string();
        assert_eq!(error, format!("slug: {why}"), "{text}");
    }

    #[test]
    fn what_cannot_be_asked_for_is_refused() {
        check_refused("", "must not be empty");
        check_refused("//", "must not be empty");
        check_refused("a b", "must not hold ' '");
        check_refused("a+", "must not hold '+'");
        check_refused("a?b", "must not hold '?'");
        check_refused("a\nb", "must not hold '\\n'");
        check_refused("a//b", "must not hold an empty segment, `.` or `..`");
        check_refused("a/../b", "must not hold an empty segment, `.` or `..`");
        check_refused("API/x", "\"api\" is reserved: choose another first segment");
        check_refused(&"a".repeat(256), "must not be longer than 255 bytes");
    }

    #[test]
    fn other_domains_reserve_less() {
        assert!(Slug::parse("api", false).is_ok());
        assert!(Slug::parse("robots.txt", false).is_err());
    }

    #[test]
    fn reserved_words_are_sorted_and_lower_case() {
        assert!(RESERVED.is_sorted());
        assert!(RESERVED.iter().all(|word| *word == word.to_lowercase()));
    }

    proptest! {
        /// However a slug is written in a request, it is the same slug.
        #[test]
        fn every_encoding_finds_the_slug(text in "[a-zA-Z0-9äÖé~._-]{1,12}(/[a-zA-Z0-9ß-]{1,8})?") {
            let Ok(slug) = Slug::parse(&text, true) else { return Ok(()) };
            let encoded = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
            let decomposed: String = text.nfd().collect();
            let decomposed = utf8_percent_encode(&decomposed, NON_ALPHANUMERIC).to_string();
            for case_sensitive in [true, false] {
                let key = slug.key(case_sensitive);
                for path in [encoded.clone(), format!("/{encoded}"), format!("{encoded}/"), decomposed.clone()] {
                    let found = fold_path(&path, case_sensitive);
                    prop_assert_eq!(found.as_deref(), Some(key.as_str()), "{}", path);
                }
            }
            let upper = utf8_percent_encode(&text.to_uppercase(), NON_ALPHANUMERIC).to_string();
            if text.is_ascii() {
                prop_assert_eq!(fold_path(&upper, false).map(Cow::into_owned), Some(slug.key(false)));
            }
        }

        #[test]
        fn reading_never_panics(path in ".*") {
            let _ = fold_path(&path, false);
            let _ = Slug::parse(&path, true);
        }
    }
}
