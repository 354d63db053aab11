//! What callers show to be known: API keys, sessions and invitations, all spelled alike.

use std::{fmt, marker::PhantomData};

use sha2::{Digest, Sha256};

use crate::{Id, Invitation, Key, Session};

/// A secret as its holder sends it: a prefix, 9 characters of the id of a `T`, 32 of secret, 6 of
/// checksum. What is kept of it is its [`hash`](Credential::hash).
///
/// The checksum lets a typing error or a scanner's find be told without asking the database.
pub struct Credential<T> {
    id: Id<T>,
    text: String,
    of: PhantomData<fn() -> T>,
}

/// What a credential stands for.
pub trait Shown {
    /// How every one begins.
    const PREFIX: &'static str;
}

impl Shown for Key {
    const PREFIX: &'static str = "wp_";
}

impl Shown for Session {
    const PREFIX: &'static str = "ws_";
}

impl Shown for Invitation {
    const PREFIX: &'static str = "wi_";
}

const ID: usize = 9;
const SECRET: usize = 32;
const CHECKSUM: usize = 6;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl<T: Shown> Credential<T> {
    /// A new one; `random` is from the system's generator, one byte below 62 a character.
    pub fn new(id: Id<T>, random: [u8; SECRET]) -> Credential<T> {
        let secret = random.iter().map(|&byte| char::from(ALPHABET[usize::from(byte) % 62]));
        let body: String = id.plain("").chars().skip(1).chain(secret).collect();
        let text = format!("{}{body}{}", T::PREFIX, checksum(&body));
        Credential { id, text, of: PhantomData }
    }

    /// None where the text is none of ours or was mistyped.
    pub fn parse(text: &str) -> Option<Credential<T>> {
        let rest = text.strip_prefix(T::PREFIX)?;
        let plain =
            rest.len() == ID + SECRET + CHECKSUM && rest.bytes().all(|b| b.is_ascii_alphanumeric());
        if !plain {
            return None;
        }
        let (body, sum) = rest.split_at(ID + SECRET);
        let id = Id::parse(&format!("x_{}", &body[..ID]))?;
        let text = text.to_owned();
        (sum == checksum(body)).then_some(Credential { id, text, of: PhantomData })
    }

    pub fn id(&self) -> Id<T> {
        self.id
    }

    /// What is stored and compared, in constant time, instead of the secret: its SHA-256. 190 random
    /// bits need no slow hash.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.text.as_bytes()).into()
    }

    /// The whole secret, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

/// Never the secret: credentials stand in structs that are logged.
impl<T> fmt::Debug for Credential<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({:?})", self.id)
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
    use crate::KeyId;

    #[test]
    fn a_key_reads_back_and_a_mistyped_one_does_not() {
        let key = Credential::<Key>::new(KeyId::new(123_456_789_012).unwrap(), [61; 32]);
        let text = key.reveal().to_owned();
        assert_eq!(text.len(), 50);
        let read = Credential::<Key>::parse(&text).unwrap();
        assert_eq!((read.id(), read.reveal()), (key.id(), key.reveal()));
        assert_eq!(format!("{key:?}"), "Credential(#123456789012)");
        assert!(Credential::<Session>::parse(&text).is_none());
        for i in 0..text.len() {
            let mut wrong = text.clone().into_bytes();
            wrong[i] = if wrong[i] == b'A' { b'B' } else { b'A' };
            let wrong = String::from_utf8(wrong).unwrap();
            assert!(Credential::<Key>::parse(&wrong).is_none(), "{wrong}");
        }
        assert!(Credential::<Key>::parse("").is_none());
        assert!(Credential::<Key>::parse("wp_é").is_none());
    }
}
