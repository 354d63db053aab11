//! Challenges for passkeys: they carry what they are for and until when, signed, so that any node can
//! tell its neighbours' from anybody else's, and nobody fills a table by asking for them.

use jiff::{SignedDuration, Timestamp};
use model::MemberId;

use crate::visits::{Visits, same};

/// What a passkey is to sign a challenge for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Purpose {
    SignIn,
    /// To be added to the passkeys of a member.
    Add(MemberId),
}

const GOOD_FOR: SignedDuration = SignedDuration::from_mins(5);
/// The same for browsers, in milliseconds.
pub const TIMEOUT: i64 = 300_000;
/// Hex digits: 128 bits.
const SIGNATURE: usize = 32;

/// A new challenge, as the text that is signed.
pub fn make(visits: &Visits, purpose: Purpose, now: Timestamp, random: [u8; 16]) -> String {
    let until = (now + GOOD_FOR).as_millisecond();
    let body = format!("{until}.{:032x}", u128::from_be_bytes(random));
    let signature = sign(visits, purpose, &body);
    format!("{body}.{signature}")
}

/// Until when a challenge is good; none where it is over, was made for something else or by somebody
/// else.
pub fn until(visits: &Visits, purpose: Purpose, text: &str, now: Timestamp) -> Option<Timestamp> {
    let (body, signature) = text.rsplit_once('.')?;
    if !same(signature, &sign(visits, purpose, body)) {
        return None;
    }
    let until = body.split_once('.')?.0.parse().ok()?;
    let until = Timestamp::from_millisecond(until).ok()?;
    (now < until).then_some(until)
}

fn sign(visits: &Visits, purpose: Purpose, body: &str) -> String {
    let purpose = match purpose {
        Purpose::SignIn => "sign-in".to_owned(),
        Purpose::Add(member) => format!("add:{}", member.number()),
    };
    visits.sign(&format!("passkey:{purpose}:{body}"), SIGNATURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_good_for_five_minutes_and_one_purpose() {
        let visits = Visits::new(b"a key".to_vec());
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        let ann = Purpose::Add(MemberId::new(7).unwrap());
        let made = make(&visits, ann, at(0), [9; 16]);
        assert_eq!(until(&visits, ann, &made, at(299)), Some(at(300)));
        assert_eq!(until(&visits, ann, &made, at(300)), None);
        assert_eq!(until(&visits, Purpose::SignIn, &made, at(0)), None);
        let bob = Purpose::Add(MemberId::new(8).unwrap());
        assert_eq!(until(&visits, bob, &made, at(0)), None);
        let longer = made.replacen("1800000300000", "1900000300000", 1);
        assert_ne!(longer, made);
        assert_eq!(until(&visits, ann, &longer, at(0)), None);
        assert_eq!(until(&Visits::new(b"another".to_vec()), ann, &made, at(0)), None);
    }
}
