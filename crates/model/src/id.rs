//! Ids: one integer of 53 bits, spelled differently in each dialect.
//!
//! 41 bits of milliseconds since 2025 (until 2094), 5 bits of the node that made it, 7 bits of a
//! sequence. 53 bits, so that a JavaScript number holds it too. Ids sort by the time of making.

use std::{fmt, hash::Hash, marker::PhantomData};

use jiff::Timestamp;

use crate::{
    Domain, Invitation, Key, Link, LinkTest, Member, Permission, Pixel, Rule, Session, Workspace,
};

/// The id of a `T`.
pub struct Id<T>(i64, PhantomData<fn() -> T>);

pub type LinkId = Id<Link>;
pub type RuleId = Id<Rule>;
pub type DomainId = Id<Domain>;
pub type KeyId = Id<Key>;
pub type MemberId = Id<Member>;
pub type InvitationId = Id<Invitation>;
pub type SessionId = Id<Session>;
pub type PermissionId = Id<Permission>;
pub type PixelId = Id<Pixel>;
pub type TestId = Id<LinkTest>;
pub type WorkspaceId = Id<Workspace>;

/// The time and the ids that one edit may use, so that editing stays pure.
#[derive(Clone, Copy)]
pub struct Stamp<'a> {
    pub now: Timestamp,
    pub next_id: &'a (dyn Fn() -> i64 + Sync),
}

/// 2025-01-01T00:00:00Z in milliseconds since 1970.
const EPOCH: i64 = 1_735_689_600_000;
const NODE_BITS: u32 = 5;
const SEQUENCE_BITS: u32 = 7;
/// Base-62 digits that hold 53 bits.
const DIGITS: usize = 9;
/// How many of the digits stand before the `_` of `lnk_<a>_<b>`.
const FIRST_DIGITS: usize = 4;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const MAX: i64 = (1 << 53) - 1;

impl<T> Id<T> {
    /// None where the number is no id.
    pub fn new(number: i64) -> Option<Id<T>> {
        (0..=MAX).contains(&number).then_some(Id(number, PhantomData))
    }

    /// The next id of an edit.
    pub fn next(stamp: &Stamp<'_>) -> Id<T> {
        Id((stamp.next_id)() & MAX, PhantomData)
    }

    pub fn number(self) -> i64 {
        self.0
    }

    /// When it was made, whatever its bearer says.
    pub fn made_at(self) -> Timestamp {
        let milliseconds = EPOCH + (self.0 >> (NODE_BITS + SEQUENCE_BITS));
        Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Reads every spelling of every dialect: `lnk_<a>_<b>`, `link_<x>`, `rule_<x>`, `12345`.
    pub fn parse(text: &str) -> Option<Id<T>> {
        let Some((prefix, digits)) = text.split_once('_') else {
            let plain =
                !text.is_empty() && text.len() <= 16 && text.bytes().all(|b| b.is_ascii_digit());
            return plain.then(|| text.parse().ok()).flatten().and_then(Id::new);
        };
        let known = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_lowercase());
        let digits: String = match digits.split_once('_') {
            Some((a, b)) if a.len() == FIRST_DIGITS => format!("{a}{b}"),
            Some(_) => return None,
            None => digits.to_owned(),
        };
        if !known || digits.len() != DIGITS {
            return None;
        }
        digits
            .bytes()
            .try_fold(0_i64, |number, byte| Some(number * 62 + digit(byte)?))
            .and_then(Id::new)
    }

    /// `lnk_<a>_<b>`, as Short.io and our own API spell links.
    pub fn split(self, prefix: &str) -> String {
        let digits = self.digits();
        format!("{prefix}_{}_{}", &digits[..FIRST_DIGITS], &digits[FIRST_DIGITS..])
    }

    /// `rule_<x>`, as Linquid spells ids.
    pub fn plain(self, prefix: &str) -> String {
        format!("{prefix}_{}", self.digits())
    }

    fn digits(self) -> String {
        let mut digits = [0; DIGITS];
        let mut rest = self.0;
        for place in digits.iter_mut().rev() {
            *place = ALPHABET[(rest % 62) as usize];
            rest /= 62;
        }
        digits.iter().map(|&byte| char::from(byte)).collect()
    }
}

/// Puts an id together; `sequence` counts within one millisecond of one node and wraps at 128.
pub fn compose(now: Timestamp, node: u8, sequence: u64) -> i64 {
    let milliseconds = (now.as_millisecond() - EPOCH).max(0);
    let sequence = (sequence & ((1 << SEQUENCE_BITS) - 1)) as i64;
    let node = i64::from(node) & ((1 << NODE_BITS) - 1);
    ((milliseconds << (NODE_BITS + SEQUENCE_BITS)) | (node << SEQUENCE_BITS) | sequence) & MAX
}

fn digit(byte: u8) -> Option<i64> {
    Some(i64::from(match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'Z' => byte - b'A' + 10,
        b'a'..=b'z' => byte - b'a' + 36,
        _ => return None,
    }))
}

// Derives would ask the same of `T`, which is never held.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Id<T> {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Id<T>) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Id<T>) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Id<T>) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// The plain number, as dgLnk spells ids and logs show them.
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_spelling_reads_back(number in 0..=MAX) {
            let id = LinkId::new(number).unwrap();
            for text in [id.split("lnk"), id.plain("link"), id.plain("rule"), id.to_string()] {
                prop_assert_eq!(LinkId::parse(&text), Some(id), "{}", text);
            }
        }

        #[test]
        fn reading_never_panics(text in ".*") {
            let _ = LinkId::parse(&text);
        }
    }

    #[test]
    fn what_is_no_id_is_none() {
        for text in [
            "",
            "_",
            "lnk_",
            "lnk_1",
            "LNK_000000001",
            "lnk_0000_zzzzz_",
            "-1",
            "+1",
            "9007199254740992",
            "99999999999999999999",
            "lnk_zzzz_zzzzz",
            "lnk_00_0000001",
        ] {
            assert_eq!(LinkId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ids_sort_by_time_then_node_then_sequence() {
        let at = |text: &str| text.parse().unwrap();
        let first = compose(at("2026-01-01T00:00:00Z"), 31, 127);
        let second = compose(at("2026-01-01T00:00:00.001Z"), 0, 0);
        assert!(first < second);
        assert!(compose(at("2026-01-01T00:00:00Z"), 0, 127) < first);
        assert!(compose(at("2094-01-01T00:00:00Z"), 31, 127) <= MAX);
    }
}
