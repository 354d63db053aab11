//! API keys: how they are spelled, checked and kept.

use std::fmt;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{Id, KeyId, Scope, WorkspaceId};

/// What is kept of a key; the key itself is shown once and never stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub id: KeyId,
    pub workspace: WorkspaceId,
    pub name: String,
    /// SHA-256 of the whole key. 190 random bits need no slow hash.
    pub hash: [u8; 32],
    pub scopes: Vec<Scope>,
    pub expires_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// A key as its holder sends it: `wp_`, 9 characters of id, 32 of secret, 6 of checksum.
///
/// The checksum lets a typing error or a scanner's find be told without asking the database.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    id: KeyId,
    text: String,
}

const PREFIX: &str = "wp_";
const ID: usize = 9;
const SECRET: usize = 32;
const CHECKSUM: usize = 6;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl ApiKey {
    /// A new key; `random` is from the system's generator, one byte below 62 a character.
    pub fn new(id: KeyId, random: [u8; SECRET]) -> ApiKey {
        let secret = random.iter().map(|&byte| char::from(ALPHABET[usize::from(byte) % 62]));
        let body: String = id.plain("").chars().skip(1).chain(secret).collect();
        let text = format!("{PREFIX}{body}{}", checksum(&body));
        ApiKey { id, text }
    }

    /// None where the text is no key of ours or was mistyped.
    pub fn parse(text: &str) -> Option<ApiKey> {
        let rest = text.strip_prefix(PREFIX)?;
        let plain =
            rest.len() == ID + SECRET + CHECKSUM && rest.bytes().all(|b| b.is_ascii_alphanumeric());
        if !plain {
            return None;
        }
        let (body, sum) = rest.split_at(ID + SECRET);
        let id = Id::parse(&format!("key_{}", &body[..ID]))?;
        (sum == checksum(body)).then(|| ApiKey { id, text: text.to_owned() })
    }

    pub fn id(&self) -> KeyId {
        self.id
    }

    /// What is stored and compared, in constant time, instead of the key.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.text.as_bytes()).into()
    }

    /// The whole key, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl Key {
    /// Whether the key may be used at a time.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// Never the secret: keys stand in structs that are logged.
impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({:?})", self.id)
    }
}

fn checksum(body: &str) -> String {
    let mut rest = crc32c::crc32c(body.as_bytes());
    let mut digits = [b'0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().map(|&byte| char::from(byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_a_mistyped_one_does_not() {
        let key = ApiKey::new(KeyId::new(123_456_789_012).unwrap(), [61; 32]);
        let text = key.reveal().to_owned();
        assert_eq!(text.len(), 50);
        assert_eq!(ApiKey::parse(&text), Some(key.clone()));
        assert_eq!(format!("{key:?}"), "ApiKey(#123456789012)");
        for i in 0..text.len() {
            let mut wrong = text.clone().into_bytes();
            wrong[i] = if wrong[i] == b'A' { b'B' } else { b'A' };
            let wrong = String::from_utf8(wrong).unwrap();
            assert_eq!(ApiKey::parse(&wrong), None, "{wrong}");
        }
        assert_eq!(ApiKey::parse(""), None);
        assert_eq!(ApiKey::parse("wp_é"), None);
    }
}
