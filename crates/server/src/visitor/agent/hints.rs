//! User-Agent Client Hints: the `Sec-CH-UA-*` headers of browsers that froze their agent.

use std::hash::{Hash, Hasher};

use quick_cache::Equivalent;
use targeting::{Version, names};

/// The headers that say who visits, as sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claims<'r> {
    /// Empty where none was sent.
    pub agent: &'r str,
    pub hints: [Option<&'r str>; HEADERS.len()],
}

/// Each at the place of its constant below.
pub const HEADERS: [&str; 6] = [
    "sec-ch-ua-full-version-list",
    "sec-ch-ua",
    "sec-ch-ua-platform",
    "sec-ch-ua-platform-version",
    "sec-ch-ua-mobile",
    "sec-ch-ua-model",
];
const FULL_VERSIONS: usize = 0;
const BRANDS: usize = 1;
const PLATFORM: usize = 2;
const PLATFORM_VERSION: usize = 3;
const MOBILE: usize = 4;
const MODEL: usize = 5;

/// No browser's agent comes near this; what is longer is cut before anything reads it.
const LONGEST_AGENT: usize = 1_024;
const LONGEST_HINT: usize = 256;

/// [`Claims`] to keep.
#[derive(Debug)]
pub struct OwnedClaims {
    agent: Box<str>,
    hints: [Option<Box<str>>; HEADERS.len()],
}

impl<'r> Claims<'r> {
    /// Takes the headers, each cut to a length that is safe to parse and to keep.
    pub fn of(header: impl Fn(&str) -> Option<&'r str>) -> Claims<'r> {
        let agent = header("user-agent").unwrap_or_default();
        let hints = HEADERS.map(|name| header(name).map(|value| cut(value, LONGEST_HINT)));
        Claims { agent: cut(agent, LONGEST_AGENT).trim(), hints }
    }

    /// The brand list: browser names, of which one is made up by design, with their versions.
    pub fn brands(&self) -> impl Iterator<Item = (&'r str, Option<Version>)> {
        let list = self.hints[FULL_VERSIONS].or(self.hints[BRANDS]).unwrap_or_default();
        members(list).filter_map(|member| {
            let (name, rest) = quoted(member)?;
            let version = rest.split(';').find_map(|pair| pair.trim().strip_prefix("v="));
            let version = version.and_then(|v| Version::parse(v.trim().trim_matches('"')));
            let made_up = name.contains("Not") && name.contains("Brand");
            (!made_up).then_some((name, version))
        })
    }

    /// The system under its canonical name.
    pub fn platform(&self) -> Option<&'r str> {
        let name = text(self.hints[PLATFORM]?);
        (!name.is_empty() && name != "Unknown").then(|| names::os(name))
    }

    pub fn platform_version(&self) -> Option<Version> {
        let version = text(self.hints[PLATFORM_VERSION]?);
        if self.platform() == Some("Windows") {
            return windows(version);
        }
        Version::parse(version)
    }

    pub fn mobile(&self) -> Option<bool> {
        match self.hints[MOBILE]?.trim() {
            "?1" => Some(true),
            "?0" => Some(false),
            _ => None,
        }
    }

    pub fn model(&self) -> Option<&'r str> {
        let model = text(self.hints[MODEL]?);
        (!model.is_empty()).then_some(model)
    }

    pub fn keep(self) -> OwnedClaims {
        OwnedClaims { agent: self.agent.into(), hints: self.hints.map(|hint| hint.map(Box::from)) }
    }
}

/// Windows counts its `UniversalApiContract` there: 13 and up are Windows 11, 0.3 is 8.1.
fn windows(contract: &str) -> Option<Version> {
    let (major, rest) = contract.split_once('.').unwrap_or((contract, ""));
    let name = match major.parse::<u32>().ok()? {
        0 => match rest.split('.').next() {
            Some("1") => "7",
            Some("2") => "8",
            Some("3") => "8.1",
            _ => return None,
        },
        1..13 => "10",
        _ => "11",
    };
    Version::parse(name)
}

fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// A structured header's string without its quotes.
fn text(value: &str) -> &str {
    value.trim().trim_matches('"').trim()
}

/// The members of a structured header's list; commas in quotes part nothing.
fn members(list: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    list.split(move |letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    })
}

/// The quoted text at the start of a member, and what follows it.
fn quoted(member: &str) -> Option<(&str, &str)> {
    member.trim_start().strip_prefix('"')?.split_once('"')
}

// Both forms of a key hash alike, so that a look-up needs no copy.
impl Hash for Claims<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.agent.hash(state);
        self.hints.hash(state);
    }
}

impl Hash for OwnedClaims {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.agent.hash(state);
        self.hints.hash(state);
    }
}

impl Equivalent<OwnedClaims> for Claims<'_> {
    fn equivalent(&self, key: &OwnedClaims) -> bool {
        let same = |(mine, theirs): (&Option<&str>, &Option<Box<str>>)| *mine == theirs.as_deref();
        *self.agent == *key.agent && self.hints.iter().zip(&key.hints).all(same)
    }
}

impl PartialEq for OwnedClaims {
    fn eq(&self, other: &OwnedClaims) -> bool {
        self.agent == other.agent && self.hints == other.hints
    }
}

impl Eq for OwnedClaims {}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims<'r>(headers: &[(&str, &'r str)]) -> Claims<'r> {
        Claims::of(|name| headers.iter().find(|(header, _)| *header == name).map(|(_, v)| *v))
    }

    #[test]
    fn brands_are_read_without_the_made_up_one() {
        let list = r#""Not;A=Brand";v="99", "Chromium";v="142", "Google Chrome";v="142.0.7444.60""#;
        let claims = claims(&[("sec-ch-ua-full-version-list", list)]);
        let brands: Vec<_> = claims.brands().map(|(name, v)| format!("{name} {v:?}")).collect();
        assert_eq!(brands, ["Chromium Some(142)", "Google Chrome Some(142.0.7444.60)"]);
    }

    #[test]
    fn broken_brand_lists_are_no_trouble() {
        for list in ["", ",", "\"", "\"a", "x;v=1", "\"a,b\";v=x", "\"é\";v=\"1\""] {
            let claims = claims(&[("sec-ch-ua", list)]);
            assert!(claims.brands().count() < 2, "{list}");
        }
    }

    #[test]
    fn windows_11_is_known_by_its_contract() {
        let version = |contract| {
            let headers =
                [("sec-ch-ua-platform", "\"Windows\""), ("sec-ch-ua-platform-version", contract)];
            claims(&headers).platform_version().map(|version| version.to_string())
        };
        assert_eq!(version("\"15.0.0\"").as_deref(), Some("11"));
        assert_eq!(version("\"13.0.0\"").as_deref(), Some("11"));
        assert_eq!(version("\"10.0.0\"").as_deref(), Some("10"));
        assert_eq!(version("\"0.3.0\"").as_deref(), Some("8.1"));
        assert_eq!(version("\"\""), None);
    }

    #[test]
    fn long_headers_are_cut() {
        let agent = "é".repeat(2_000);
        let claims = claims(&[("user-agent", &agent), ("sec-ch-ua-model", &agent)]);
        assert_eq!(claims.agent.len(), 1_024);
        assert_eq!(claims.model().map(str::len), Some(256));
    }
}
