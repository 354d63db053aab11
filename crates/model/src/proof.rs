//! By what members prove who they are, beside their password: authenticator apps and passkeys.

use jiff::Timestamp;

use crate::{Error, Id, MemberId, Result};

/// What makes the codes of a member's authenticator app. It is never printed, so it has no `Debug`.
#[derive(Clone)]
pub struct Authenticator {
    pub member: MemberId,
    pub secret: [u8; 20],
    /// The half minute, counted from 1970, of the newest code that was taken.
    pub step: Option<i64>,
    pub created_at: Timestamp,
    /// From when on a code is asked for; none until the first one was right.
    pub since: Option<Timestamp>,
}

/// A key pair in a member's device, of which we hold the public half.
#[derive(Clone, Debug, PartialEq)]
pub struct Passkey {
    pub id: PasskeyId,
    pub member: MemberId,
    /// The id that the device gave it.
    pub credential: Vec<u8>,
    /// In COSE's form, as it came.
    pub public_key: Vec<u8>,
    /// How often the device says it has signed; 0 where it does not count.
    pub counter: u32,
    /// For people.
    pub name: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

pub type PasskeyId = Id<Passkey>;

/// Which proofs a member has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proofs {
    /// Whether a code of an authenticator is asked for.
    pub totp: bool,
    pub passkeys: i64,
}

const LONGEST_NAME: usize = 100;

impl Passkey {
    /// A name as it is shown.
    pub fn name(text: &str) -> Result<String> {
        let text = text.trim();
        if text.is_empty() || LONGEST_NAME < text.len() || text.chars().any(char::is_control) {
            let why = format!("must be 1 to {LONGEST_NAME} bytes of text");
            return Err(Error::invalid("name", why));
        }
        Ok(text.to_owned())
    }
}
