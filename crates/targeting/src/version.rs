//! Versions of systems and browsers.

use std::{cmp::Ordering, fmt};

/// The whole numbers of a version, such as `17.4.1`.
///
/// Two spellings are equal only where they have the same components; rules compare with
/// [`Version::order`] instead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    parts: [u32; Version::MOST_PARTS],
    len: u8,
}

impl Version {
    /// Chrome's four components are the most that any browser sends.
    const MOST_PARTS: usize = 4;

    /// Reads one to four whole numbers between dots; what follows a fourth is left out.
    pub fn parse(text: &str) -> Option<Version> {
        let mut version = Version { parts: [0; Version::MOST_PARTS], len: 0 };
        for part in text.trim().split('.') {
            // `parse` alone would take a sign.
            if !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let number = part.parse().ok()?;
            if let Some(slot) = version.parts.get_mut(usize::from(version.len)) {
                *slot = number;
                version.len += 1;
            }
        }
        Some(version)
    }

    /// The first and the last word of the versions that are equal to this one of a rule; none where
    /// a component is too great for a word.
    pub(crate) fn words(self) -> Option<(u64, u64)> {
        let fits = self.parts.iter().all(|part| *part < Version::GREATEST);
        let below = u64::MAX.checked_shr(16 * u32::from(self.len)).unwrap_or(0);
        fits.then(|| (self.word(), self.word() | below))
    }

    /// A word that compares with [`words`](Self::words) as [`order`](Self::order) does: there, no
    /// component is as great as the greatest here.
    pub(crate) fn word(self) -> u64 {
        let part = |part: u32| u64::from(part.min(Version::GREATEST));
        let [a, b, c, d] = self.parts;
        part(a) << 48 | part(b) << 32 | part(c) << 16 | part(d)
    }

    /// A component of a word. One less than what fits, so that no version is all ones.
    const GREATEST: u32 = 0xfffe;

    /// Compares component by component to the precision of a rule's value: `17.4` is equal to
    /// `17`, and greater than `17.3`. A component that this version lacks counts as 0.
    pub fn order(self, rule: Version) -> Ordering {
        let len = usize::from(rule.len);
        self.parts[..len].cmp(&rule.parts[..len])
    }

    /// The first and the last version that are equal to this one of a rule, with their components
    /// as the digits of one number.
    pub(crate) fn span(self) -> (u128, u128) {
        let number = |filler: u32| {
            let parts = self.parts.iter().enumerate();
            parts.fold(0, |number: u128, (i, part)| {
                let part = if i < usize::from(self.len) { *part } else { filler };
                number << 32 | u128::from(part)
            })
        };
        (number(0), number(u32::MAX))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.parts.iter().take(usize::from(self.len)).enumerate() {
            let dot = if i == 0 { "" } else { "." };
            write!(f, "{dot}{part}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(visitor: &str, rule: &str, expected: Ordering) {
        let version = |text| Version::parse(text).unwrap();
        assert_eq!(version(visitor).order(version(rule)), expected, "{visitor} and {rule}");
    }

    #[test]
    fn versions_compare_to_the_precision_of_the_rule() {
        check("17.4", "17", Ordering::Equal);
        check("17.4", "17.3", Ordering::Greater);
        check("17.4", "17.4.1", Ordering::Less);
        check("17", "17.0.0", Ordering::Equal);
        check("9.3", "10", Ordering::Less);
        check("127.0.6533.100", "127.0.6533.99", Ordering::Greater);
    }

    #[test]
    fn versions_are_shown_as_they_were_read() {
        for text in ["17", "17.4.1", "127.0.6533.100", "0"] {
            assert_eq!(Version::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Version::parse("1.2.3.4.5").unwrap().to_string(), "1.2.3.4");
    }

    #[test]
    fn only_numbers_are_a_version() {
        for text in ["", "x", "17.", ".4", "17.x", "+1", "-1", "1e3", "99999999999"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
