//! Where a visitor is sent: what the author wrote, and the URL that goes out.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use targeting::{Field, FieldRef, Visitor};
use url::{Position, Url};

use crate::{Error, Result};

/// A checked destination.
///
/// The authored text is what every API echoes. The compiled URL is what `Location` carries: the
/// `url` crate serialises it once, here, so that it holds nothing but visible ASCII.
#[derive(Clone, Debug)]
pub struct Destination {
    authored: String,
    /// The URL in pieces; a single literal where no slot is in it.
    pieces: Vec<Piece>,
    has_query: bool,
    /// The decoded keys of the author's own query, which win over a visitor's.
    own_keys: Vec<String>,
    /// `#…`, kept apart so that a forwarded query goes before it.
    fragment: String,
    scheme: Kind,
}

/// Which schemes a destination may have beside http and https.
#[derive(Clone, Copy, Debug)]
pub enum Schemes<'a> {
    /// The app schemes that the link's domain lists, such as `myapp`.
    Listed(&'a [String]),
    /// Whichever were allowed when it was saved; for what comes out of the database.
    AsSaved,
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    /// A visitor's fact, encoded as one path segment or one query value.
    Slot {
        field: FieldRef,
        place: Place,
    },
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
        &self.authored
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
        self.authored.strip_prefix(SEALED)?.split_once('?')
    }

    /// Whether the URL depends on who asks.
    pub fn varies(&self) -> bool {
        self.slots().next().is_some()
    }

    /// The facts that are inserted.
    pub fn slots(&self) -> impl Iterator<Item = &FieldRef> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Slot { field, .. } => Some(field),
            Piece::Literal(_) => None,
        })
    }

    /// The URL without any visitor: slots are left empty. For checks of host and loops.
    pub fn url(&self) -> Option<Url> {
        let literal: String = self
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.as_str(),
                Piece::Slot { .. } => "",
            })
            .collect();
        Url::parse(&literal).ok()
    }

    /// The host and the port as they stand in the URL; none where it has no host.
    pub fn authority(&self) -> Option<&str> {
        let Some(Piece::Literal(start)) = self.pieces.first() else { return None };
        let (_, rest) = start.split_once("://")?;
        rest.split(['/', '?', '#']).next()
    }

    /// The URL for one visitor, with the query that came with the click appended byte for byte.
    ///
    /// The author's own parameters win over the visitor's. Nothing of a request but a slot's fact
    /// changes the URL, and a slot never leaves its path segment or query value.
    pub fn location(&self, visitor: &Visitor<'_>, forwarded: Option<&str>) -> Cow<'_, str> {
        let forwarded = forwarded.filter(|query| !query.is_empty() && self.scheme != Kind::Sealed);
        if let ([Piece::Literal(url)], None, "") =
            (self.pieces.as_slice(), forwarded, self.fragment.as_str())
        {
            return Cow::Borrowed(url);
        }
        let mut url = String::with_capacity(256);
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => url.push_str(text),
                Piece::Slot { field, place } => {
                    insert(&mut url, &field.text(visitor).unwrap_or_default(), *place);
                }
            }
        }
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
            if pair.is_empty() || self.own_keys.iter().any(|own| *own == decode(key)) {
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
        self.authored == other.authored
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
    let pieces = cut(&url, fields, &mark)?;
    let fragment = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
    let own_keys = url.query_pairs().map(|(key, _)| key.into_owned()).collect();
    let authored = text.to_owned();
    Ok(Destination {
        authored,
        pieces,
        has_query: url.query().is_some(),
        own_keys,
        fragment,
        scheme,
    })
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
        authored: text.to_owned(),
        pieces: vec![Piece::Literal(text.to_owned())],
        has_query: true,
        own_keys: Vec::new(),
        fragment: String::new(),
        scheme: Kind::Sealed,
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

/// Cuts the URL, less its fragment, at the marks.
fn cut(url: &Url, fields: Vec<FieldRef>, mark: &str) -> Result<Vec<Piece>, String> {
    let whole = &url[..Position::AfterQuery];
    let path_from = url[..Position::BeforePath].len();
    let query_from = url[..Position::AfterPath].len();
    let (mut pieces, mut from) = (Vec::new(), 0);
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
        pieces.push(Piece::Literal(whole[from..at].to_owned()));
        pieces.push(Piece::Slot { field, place });
        from = at + word.len();
    }
    if from < whole.len() || pieces.is_empty() {
        pieces.push(Piece::Literal(whole[from..].to_owned()));
    }
    Ok(pieces)
}

/// A query's key as it is compared.
fn decode(key: &str) -> String {
    percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests;
