//! User-Agent Client Hints: the `Sec-CH-UA-*` headers of browsers that froze their agent.

use std::hash::{Hash, Hasher};

use quick_cache::Equivalent;
use targeting::{Version, names};

/// The headers that say who visits, as sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claims<'r> {
    /// Empty where none was sent.
    pub(super) agent: &'r str,
    /// In the order of [`HEADERS`]; empty where none was sent.
    pub(super) hints: [&'r str; HEADERS.len()],
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
/// What browsers that know hints send with every request. The others come only when asked for.
const ALWAYS_SENT: [usize; 3] = [BRANDS, PLATFORM, MOBILE];
const ASKED_FOR: [usize; 3] = [FULL_VERSIONS, PLATFORM_VERSION, MODEL];

/// No browser's agent comes near this; what is longer is cut before anything reads it.
const LONGEST_AGENT: usize = 1_024;
const LONGEST_HINT: usize = 256;

/// [`Claims`] to keep, in one piece of memory: comparing is most of what a look-up does.
#[derive(Debug, PartialEq, Eq)]
pub struct OwnedClaims {
    /// The agent and the hints, one after the other.
    texts: Box<str>,
    /// [`Claims::lengths`].
    lengths: u128,
}

impl<'r> Claims<'r> {
    /// Takes the headers, each cut to a length that is safe to parse and to keep.
    ///
    /// Looking headers up is most of what known facts cost, and many visitors know no hints: those
    /// that a browser must be asked for are looked for only beside the others.
    pub fn of(header: impl Fn(&str) -> Option<&'r str>) -> Claims<'r> {
        let agent = header("user-agent").unwrap_or_default();
        let hint = |i: usize| cut(header(HEADERS[i]).unwrap_or_default(), LONGEST_HINT);
        let mut hints = [""; HEADERS.len()];
        ALWAYS_SENT.into_iter().for_each(|i| hints[i] = hint(i));
        if hints.iter().any(|hint| !hint.is_empty()) {
            ASKED_FOR.into_iter().for_each(|i| hints[i] = hint(i));
            if !hints[FULL_VERSIONS].is_empty() {
                // The same list with more of each version.
                hints[BRANDS] = "";
            }
        }
        Claims { agent: cut(agent, LONGEST_AGENT).trim(), hints }
    }

    /// The brand list: browser names, of which one is made up by design, with their versions.
    pub fn brands(&self) -> impl Iterator<Item = (&'r str, Option<Version>)> {
        members(self.brand_list()).filter_map(|member| {
            let (name, rest) = quoted(member)?;
            let version = rest.split(';').find_map(|pair| pair.trim().strip_prefix("v="));
            let version = version.and_then(|v| Version::parse(v.trim().trim_matches('"')));
            let made_up = name.contains("Not") && name.contains("Brand");
            (!made_up).then_some((name, version))
        })
    }

    /// The system under its canonical name.
    pub fn platform(&self) -> Option<&'r str> {
        let name = text(self.hints[PLATFORM]);
        (!name.is_empty() && name != "Unknown").then(|| names::os(name))
    }

    pub fn platform_version(&self) -> Option<Version> {
        let version = text(self.hints[PLATFORM_VERSION]);
        if self.platform() == Some("Windows") {
            return windows(version);
        }
        Version::parse(version)
    }

    pub fn mobile(&self) -> Option<bool> {
        match self.hints[MOBILE].trim() {
            "?1" => Some(true),
            "?0" => Some(false),
            _ => None,
        }
    }

    pub fn model(&self) -> Option<&'r str> {
        let model = text(self.hints[MODEL]);
        (!model.is_empty()).then_some(model)
    }

    /// The most telling list of brands that the visitor sent.
    pub(super) fn brand_list(&self) -> &'r str {
        let [full, short] = [FULL_VERSIONS, BRANDS].map(|i| self.hints[i]);
        if full.is_empty() { short } else { full }
    }

    pub fn keep(&self) -> OwnedClaims {
        OwnedClaims { texts: self.texts().collect::<String>().into(), lengths: self.lengths() }
    }

    /// What tells most visitors apart: the rest mostly follows from it.
    #[inline]
    pub(super) fn gist(&self) -> Gist<'r> {
        Gist { agent: self.agent, hints: [self.brand_list(), self.hints[PLATFORM_VERSION]] }
    }

    /// How long each text is, in 16 bits.
    #[inline]
    fn lengths(&self) -> u128 {
        let longer = |lengths, hint: &str| lengths << 16 | hint.len() as u128;
        self.hints.into_iter().fold(self.agent.len() as u128, longer)
    }

    fn texts(&self) -> impl Iterator<Item = &'r str> {
        [self.agent].into_iter().chain(self.hints)
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

/// The part of [`Claims`] that [`Claims::gist`] takes.
pub(super) struct Gist<'r> {
    agent: &'r str,
    hints: [&'r str; 2],
}

impl Hash for Gist<'_> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.agent.as_bytes());
        let [brands, _] = self.hints;
        if !brands.is_empty() {
            self.hints.iter().for_each(|hint| state.write(hint.as_bytes()));
        }
    }
}

// Both forms of a key hash alike, so that a look-up needs no copy. Where one text ends and the next
// begins is not hashed: keys that differ only there are told apart when they are compared.
impl Hash for Claims<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.agent.as_bytes());
        for hint in self.hints {
            if !hint.is_empty() {
                state.write(hint.as_bytes());
            }
        }
    }
}

impl Hash for OwnedClaims {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.lend().hash(state);
    }
}

impl OwnedClaims {
    fn lend(&self) -> Claims<'_> {
        let mut rest = &*self.texts;
        let mut next = |place: usize| {
            let length = self.lengths >> (16 * (HEADERS.len() - place)) & 0xffff;
            let (text, after) = rest.split_at(length as usize);
            rest = after;
            text
        };
        Claims { agent: next(0), hints: std::array::from_fn(|i| next(i + 1)) }
    }
}

impl Equivalent<OwnedClaims> for Claims<'_> {
    #[inline]
    fn equivalent(&self, key: &OwnedClaims) -> bool {
        self.lengths() == key.lengths && {
            let mut rest = key.texts.as_bytes();
            let mut follows =
                |text: &str| rest.strip_prefix(text.as_bytes()).map(|after| rest = after).is_some();
            follows(self.agent) && self.hints.iter().all(|hint| hint.is_empty() || follows(hint))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use super::*;

    fn claims<'r>(headers: &[(&str, &'r str)]) -> Claims<'r> {
        Claims::of(|name| headers.iter().find(|(header, _)| *header == name).map(|(_, v)| *v))
    }

    #[test]
    fn brands_are_read_without_the_made_up_one() {
        let list = r#""Not;A=Brand";v="99", "Chromium";v="142", "Google Chrome";v="142.0.7444.60""#;
        let claims =
            claims(&[("sec-ch-ua", "\"Chromium\""), ("sec-ch-ua-full-version-list", list)]);
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
        let hints = [("user-agent", &*agent), ("sec-ch-ua", &agent), ("sec-ch-ua-model", &agent)];
        let claims = claims(&hints);
        assert_eq!(claims.agent.len(), 1_024);
        assert_eq!(claims.model().map(str::len), Some(256));
        assert!(claims.equivalent(&claims.keep()));
    }

    #[test]
    fn kept_claims_are_found_by_what_they_say_and_where() {
        let hasher = RandomState::new();
        let one = claims(&[("user-agent", "a"), ("sec-ch-ua-platform", "b")]);
        let kept = one.keep();
        assert!(one.equivalent(&kept));
        assert_eq!(hasher.hash_one(one), hasher.hash_one(&kept));
        let others = [
            &[("user-agent", "a"), ("sec-ch-ua", "b")][..],
            &[("user-agent", "ab")],
            &[("user-agent", "a")],
            &[("user-agent", "a"), ("sec-ch-ua-platform", "c")],
        ];
        for other in others {
            assert!(!claims(other).equivalent(&kept), "{other:?}");
        }
    }

    #[test]
    fn an_empty_list_of_versions_hides_no_brand() {
        let hints = [("sec-ch-ua", "\"Brave\";v=\"142\""), ("sec-ch-ua-full-version-list", "")];
        assert_eq!(claims(&hints).brands().map(|(name, _)| name).collect::<Vec<_>>(), ["Brave"]);
    }
}
