//! Where a visitor is sent: what the author wrote, and the URL that goes out.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use targeting::{Field, FieldRef, Visitor};
use url::{Position, Url, form_urlencoded};

use crate::{Error, Result};

/// A checked destination.
///
/// The authored text is what every API echoes. The compiled URL is what `Location` carries: the
/// `url` crate serialises it once, here, so that it holds nothing but visible ASCII.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The URL, less its slots and its fragment: one piece of memory is all that most redirects read.
    url: Box<str>,
    /// In the order in which they stand in the URL.
    slots: Box<[Slot]>,
    /// `#…`, kept apart so that a forwarded query goes before it.
    fragment: Box<str>,
    has_query: bool,
    scheme: Kind,
    /// The decoded keys of the author's own query, which win over a visitor's.
    own_keys: Box<[Box<str>]>,
    /// None where it is the URL.
    authored: Option<Box<str>>,
}

/// Which schemes a destination may have beside http and https.
#[derive(Clone, Copy, Debug)]
pub enum Schemes<'a> {
    /// The app schemes that the link's domain lists, such as `myapp`.
    Listed(&'a [String]),
    /// Whichever were allowed when it was saved; for what comes out of the database.
    AsSaved,
}

/// Where a visitor's fact is inserted, encoded as one path segment or one query value.
#[derive(Clone, Debug)]
struct Slot {
    /// The byte of the URL that it stands before.
    at: usize,
    field: FieldRef,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Path,
    Query,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Web,
    App,
    /// Encrypted; only a visitor's browser has the key.
    Sealed,
}

/// Bytes of the serialised URL.
const LONGEST: usize = 8_192;
/// What one slot may insert, in characters of the fact.
const LONGEST_SLOT: usize = 256;
/// An address that Short.io's clients have encrypted: `shortsecure://<ciphertext>?<iv>` in base64.
const SEALED: &str = "shortsecure://";
/// What a browser would run or read from the visitor's own machine; no domain can allow these.
const NEVER: &[&str] =
    &["about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"];
/// Unreserved characters of RFC 3986 stay, all others are encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Destination {
    /// Checks an address that visitors will be sent to; `at` is the place to name in a problem.
    pub fn parse(at: &str, text: &str, schemes: Schemes<'_>) -> Result<Destination> {
        compile(text.trim_matches(' '), schemes).map_err(|why| Error::invalid(at, why))
    }

    /// The text as its author wrote it.
    pub fn authored(&self) -> &str {
        self.authored.as_deref().unwrap_or(&self.url)
    }

    /// The URL as it is stored: less its slots, which are left empty, and its fragment.
    pub fn base(&self) -> &str {
        &self.url
    }

    /// The URL, where that is all there is to it: an address of the web, sent as its author wrote it.
    pub fn whole(&self) -> Option<&str> {
        let is_whole = self.is_web()
            && self.authored.is_none()
            && self.slots.is_empty()
            && self.fragment.is_empty();
        is_whole.then_some(&self.url)
    }

    /// The destination whose [whole](Self::whole) this is, without parsing it again; none where no
    /// destination can have said so.
    pub fn of_whole(url: &str) -> Option<Destination> {
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
        if !is_web || !is_plain {
            return None;
        }
        let query = url.split_once('?').map(|(_, query)| query);
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Some(Destination {
            url: url.into(),
            slots: Box::default(),
            fragment: Box::default(),
            has_query: query.is_some(),
            scheme: Kind::Web,
            own_keys: pairs.map(|(key, _)| key.into()).collect(),
            authored: None,
        })
    }

    /// Whether anybody can follow it as it is.
    pub fn is_web(&self) -> bool {
        self.scheme == Kind::Web
    }

    /// Whether it leads to an app, which takes a page instead of a `Location` header.
    pub fn is_app(&self) -> bool {
        self.scheme == Kind::App
    }

    /// The ciphertext and the initialisation vector, both in base64, of an address that only the
    /// visitor's browser can read; it takes a page.
    pub fn sealed(&self) -> Option<(&str, &str)> {
        // Most are not, which is told without a look at the text.
        (self.scheme == Kind::Sealed).then(|| self.url.strip_prefix(SEALED)?.split_once('?'))?
    }

    /// Whether the URL depends on who asks.
    pub fn varies(&self) -> bool {
        !self.slots.is_empty()
    }

    /// The facts that are inserted.
    pub fn slots(&self) -> impl Iterator<Item = &FieldRef> {
        self.slots.iter().map(|slot| &slot.field)
    }

    /// The URL without any visitor: slots are left empty. For checks of host and loops.
    pub fn url(&self) -> Option<Url> {
        Url::parse(&self.url).ok()
    }

    /// The host and the port as they stand in the URL; none where it has no host.
    pub fn authority(&self) -> Option<&str> {
        let (_, rest) = self.url.split_once("://")?;
        rest.split(['/', '?', '#']).next()
    }

    /// The URL for one visitor, with the query that came with the click appended byte for byte.
    ///
    /// The author's own parameters win over the visitor's. Nothing of a request but a slot's fact
    /// changes the URL, and a slot never leaves its path segment or query value.
    pub fn location(&self, visitor: &Visitor<'_>, forwarded: Option<&str>) -> Cow<'_, str> {
        let forwarded = forwarded.filter(|query| !query.is_empty() && self.scheme != Kind::Sealed);
        if self.slots.is_empty() && self.fragment.is_empty() && forwarded.is_none() {
            return Cow::Borrowed(&self.url);
        }
        let mut url = String::with_capacity(256);
        let mut from = 0;
        for Slot { at, field, place } in &self.slots {
            url.push_str(&self.url[from..*at]);
            insert(&mut url, &field.text(visitor).unwrap_or_default(), *place);
            from = *at;
        }
        url.push_str(&self.url[from..]);
        if let Some(query) = forwarded {
            self.append(&mut url, query);
        }
        url.push_str(&self.fragment);
        Cow::Owned(url)
    }

    fn append(&self, url: &mut String, query: &str) {
        let mut separator = if self.has_query { '&' } else { '?' };
        for pair in query.split('&') {
            let key = pair.split('=').next().unwrap_or_default();
            if pair.is_empty() || self.own_keys.iter().any(|own| **own == *decode(key)) {
                continue;
            }
            url.push(separator);
            url.push_str(pair);
            separator = '&';
        }
    }
}

impl Schemes<'static> {
    /// http and https alone.
    pub const WEB: Schemes<'static> = Schemes::Listed(&[]);
}

impl Schemes<'_> {
    fn allow(self, scheme: &str) -> bool {
        match self {
            Schemes::Listed(listed) => listed.iter().any(|known| known == scheme),
            Schemes::AsSaved => true,
        }
    }
}

/// Two destinations are alike when their authors wrote the same.
impl PartialEq for Destination {
    fn eq(&self, other: &Destination) -> bool {
        self.authored() == other.authored()
    }
}

/// Inserts a fact; `.` and `..`, which would climb, and nothing at all become `_` in a path.
fn insert(url: &mut String, fact: &str, place: Place) {
    let start = url.len();
    let short: String = fact.chars().take(LONGEST_SLOT).collect();
    url.extend(utf8_percent_encode(&short, ENCODED));
    if place == Place::Path && matches!(&url[start..], "." | "..") {
        url.replace_range(start.., "_");
    }
}

fn compile(text: &str, schemes: Schemes<'_>) -> Result<Destination, String> {
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if let Some(c) = text.chars().find(|c| c.is_control()) {
        return Err(format!("must not hold the control character {c:?}"));
    }
    if let Some(sealed) = text.strip_prefix(SEALED) {
        return seal(text, sealed);
    }
    let (marked, fields, mark) = mark_slots(text)?;
    let url = Url::parse(&marked).map_err(|error| {
        format!("{text:?} is no URL ({error}): write it whole, such as https://example.com/")
    })?;
    let scheme = kind(&url, schemes)?;
    if LONGEST < url.as_str().len() {
        return Err(format!("must not be longer than {LONGEST} bytes"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not hold a user name or password".to_owned());
    }
    let has_host = url.host_str().is_some_and(|host| !host.is_empty());
    if scheme == Kind::Web && !has_host {
        return Err("must name a host".to_owned());
    }
    let fragment = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
    let own_keys = url.query_pairs().map(|(key, _)| key.into()).collect();
    let has_query = url.query().is_some();
    let (url, slots) = cut(&url, fields, &mark)?;
    let authored = (url != text).then(|| text.into());
    let (url, fragment) = (url.into(), fragment.into());
    Ok(Destination { url, slots, fragment, has_query, scheme, own_keys, authored })
}

fn seal(text: &str, sealed: &str) -> Result<Destination, String> {
    let base64 = |part: &str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b"+/=".contains(&b);
        !part.is_empty() && part.bytes().all(inner)
    };
    if !sealed.split_once('?').is_some_and(|(text, iv)| base64(text) && base64(iv)) {
        return Err(format!("must be {SEALED}, a ciphertext, ? and its iv, both in base64"));
    }
    if LONGEST < text.len() {
        return Err(format!("must not be longer than {LONGEST} bytes"));
    }
    Ok(Destination {
        url: text.into(),
        slots: Box::default(),
        fragment: Box::default(),
        has_query: true,
        scheme: Kind::Sealed,
        own_keys: Box::default(),
        authored: None,
    })
}

/// Whether a browser would run it, or read the visitor's own machine.
pub(crate) fn is_dangerous(scheme: &str) -> bool {
    NEVER.contains(&scheme)
}

fn kind(url: &Url, schemes: Schemes<'_>) -> Result<Kind, String> {
    match url.scheme() {
        "http" | "https" => Ok(Kind::Web),
        scheme if !is_dangerous(scheme) && schemes.allow(scheme) => Ok(Kind::App),
        scheme => Err(format!("must start with http:// or https://, not {scheme}:")),
    }
}

/// Replaces each `{field}` by a word that no URL parser touches.
fn mark_slots(text: &str) -> Result<(String, Vec<FieldRef>, String), String> {
    let mut mark = "wpslot".to_owned();
    while text.contains(&mark) {
        mark.push('x');
    }
    let (mut marked, mut fields, mut rest) = (String::new(), Vec::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        marked.push_str(before);
        let name = after.split_once('}').map(|(name, _)| name).filter(|name| is_name(name));
        let Some(name) = name else {
            marked.push('{');
            rest = after;
            continue;
        };
        let Some(field) = Field::parse(name) else {
            return Err(format!(
                "no field {name:?} to insert: write %7B{name}%7D for plain braces"
            ));
        };
        marked.push_str(&format!("{mark}{}z", fields.len()));
        fields.push(field);
        rest = &after[name.len() + 1..];
    }
    marked.push_str(rest);
    Ok((marked, fields, mark))
}

fn is_name(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic()) && text.bytes().all(inner)
}

/// Takes the marks out of the URL, less its fragment: what is left, and where each of them stood.
fn cut(url: &Url, fields: Vec<FieldRef>, mark: &str) -> Result<(String, Box<[Slot]>), String> {
    let whole = &url[..Position::AfterQuery];
    let path_from = url[..Position::BeforePath].len();
    let query_from = url[..Position::AfterPath].len();
    let (mut text, mut slots, mut from) = (String::new(), Vec::new(), 0);
    for (i, field) in fields.into_iter().enumerate() {
        let word = format!("{mark}{i}z");
        let found = whole[from..].find(&word).map(|at| at + from);
        let at = found
            .filter(|&at| path_from <= at)
            .ok_or("a field may be inserted into the path or a query value only")?;
        let place = if at < query_from { Place::Path } else { Place::Query };
        let pair = whole[..at].rsplit(['?', '&']).next().unwrap_or_default();
        if place == Place::Query && !pair.contains('=') {
            return Err("a field may be inserted as a query's value, not as its key".to_owned());
        }
        text.push_str(&whole[from..at]);
        slots.push(Slot { at: text.len(), field, place });
        from = at + word.len();
    }
    text.push_str(&whole[from..]);
    Ok((text, slots.into()))
}

/// A query's key as it is compared.
fn decode(key: &str) -> String {
    percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests;
